//! The craft as rules, tried on small handbooks that are kept as fenced text: `cases/RULE.md` is a list of handbooks, each under a
//! heading that says what it shows, and its snapshot holds what the rule says of each. The sample handbooks follow at the end.
mod cases;
mod samples;

use std::sync::Arc;

use journeybook::base::{Date, Diagnostic, RelPath};
use journeybook::handbook::{Change, Corpus, Handbook, History, Scope};
use journeybook::rules;
use journeybook::tree::Tree;

/// The day that all tests take place on.
fn today() -> Date {
    Date::parse("2026-11-25").unwrap()
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn linked(tree: &dyn Tree, scope: Scope, changes: &[(String, String)]) -> Handbook {
    let change = |date: &str| Change { date: Date::parse(date).unwrap(), subject: "A change".into(), commit: String::new(), author: None };
    let changed = changes.iter().map(|(file, date)| (path(file), change(date))).collect();
    let history = History { changed, ..History::default() };
    Handbook::link(&Corpus::read(tree).unwrap(), scope, Arc::new(history))
}

fn findings(handbook: &Handbook) -> Vec<Diagnostic> {
    rules::findings(handbook, today())
}
