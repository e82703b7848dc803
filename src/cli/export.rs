//! `export`: the model on stdout, as far as everybody may see it.
use std::path::Path;

use super::load::{Found, today};
use super::report::Verdict;
use super::speak::{print, tell};
use super::{Failure, Outcome, Ran};
use crate::exchange::{self, FindError};
use crate::handbook::{Handbook, Ix, Scope};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to write
    #[arg(value_enum)]
    format: Format,
    /// One entity: its id, or type:id
    id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Everything, as in the site's handbook.json
    Json,
    /// A table for each type, or of a journey's steps
    Csv,
    /// A diagram of a journey, or of how journeys hang together
    Mermaid,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let today = today(None)?;
    let found = Found::at(root)?;
    let history = found.ask_history();
    let book = found.read()?;
    let looked = book.look(Scope::default(), today, history);
    let handbook = &*looked.handbook;
    let ix = args.id.as_deref().map(|id| find(handbook, id)).transpose()?;
    let text = match (args.format, ix) {
        (Format::Json, None) => exchange::handbook_text(handbook, today),
        (Format::Json, Some(ix)) => format!("{}\n", exchange::entity_json(handbook, ix)),
        (Format::Csv, ix) => exchange::csv(handbook, ix),
        (Format::Mermaid, ix) => exchange::mermaid(handbook, ix)
            .ok_or_else(|| Failure::new("a diagram is drawn of a journey").help("Name a journey, or leave the id out for an overview."))?,
    };
    print(&text)?;
    let report = looked.report();
    if report.verdict() != Verdict::Errors {
        return Ok(Outcome::Clean);
    }
    tell(&format!("The content has errors, so this may not be all of it. {}", report.summary()));
    Ok(Outcome::Faulty)
}

pub(super) fn find(handbook: &Handbook, id: &str) -> Result<Ix, Failure> {
    exchange::find(handbook, id).map_err(|error| match error {
        FindError::Unknown(known) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            match crate::base::nearest(id, known.iter().copied()) {
                Some(near) => Failure::new(format!("there is nothing with the id `{id}`")).help(format!("Did you mean `{near}`?")),
                None => Failure::new(format!("there is nothing with the id `{id}`")).help("`journeybook export csv` lists what there is."),
            }
        }
        FindError::Ambiguous(names) => {
            Failure::new(format!("`{id}` is the id of several things")).help(format!("Write one of {}.", names.join(", ")))
        }
    })
}
