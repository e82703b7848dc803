//! `check`: everything that `build` would say, without writing.
use std::mem::ManuallyDrop;
use std::path::Path;

use super::load::{Found, Shown, today};
use super::report::{Format, Verdict};
use super::speak::{print, tell};
use super::{Outcome, Ran};
use crate::handbook::Scope;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Let warnings count as errors
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    shown: Shown,
    /// The day that staleness is measured against
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let today = today(args.today.as_deref())?;
    let found = Found::at(root)?;
    let history = found.ask_history();
    // The process ends here: what was read need not be taken apart.
    let book = ManuallyDrop::new(found.read()?);
    let scope = match book.scope(&args.shown)? {
        scope if args.shown.audiences.is_empty() => Scope { everyone: true, ..scope },
        scope => scope,
    };
    let looked = ManuallyDrop::new(book.look(scope, today, history));
    let report = looked.report();
    print(&report.render(args.format))?;
    tell(&report.summary());
    Ok(match report.verdict() {
        Verdict::Errors => Outcome::Faulty,
        Verdict::Warnings if args.strict => Outcome::Faulty,
        _ => Outcome::Clean,
    })
}
