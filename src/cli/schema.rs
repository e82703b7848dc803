//! `schema`: the front matter as JSON Schema, for editors.
use super::speak::print;
use super::{Failure, Outcome, Ran};
use crate::exchange;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The type; without one a schema for all files
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
}

pub(super) fn run(args: &Args) -> Ran {
    let schema = match &args.kind {
        None => exchange::schema(),
        Some(name) => {
            let known: Vec<&str> = exchange::schema_types().collect();
            exchange::schema_of(name).ok_or_else(|| Failure::unknown("type", name, &known))?
        }
    };
    print(&format!("{schema:#}\n"))?;
    Ok(Outcome::Clean)
}
