//! The rules a handbook is held against, and the last word on what is said: silences, severities, order.
//!
//! What is wrong with single files and references was found when they were read and linked. The advice, the craft of journey mapping,
//! is here: one table of rules, each a function over the whole handbook.
mod advice;
mod backlog;
mod context;
pub mod explain;
mod facts;
mod journeys;
mod pages;
mod silences;
mod steps;
mod touchpoints;

use rayon::prelude::*;

use crate::base::{Diagnostic, Today};
use crate::handbook::Handbook;

pub use advice::ADVICE;
pub use context::Context;

/// Everything that is wrong with a handbook or not yet good: silences heeded, as severe as the handbook wants it, sorted by file and
/// place.
pub fn findings(handbook: &Handbook, today: Today) -> Vec<Diagnostic> {
    let mut found = handbook.diagnostics.clone();
    found.extend(advise(handbook, today));
    let mut found = silences::heed(handbook, today, found);
    found.retain_mut(|finding| match handbook.settings.severity(finding.rule) {
        Some(severity) => {
            finding.severity = severity;
            true
        }
        None => false,
    });
    found.par_sort_by(|a, b| a.order().cmp(&b.order()));
    found
}

/// What the rules of the craft say, in the order of their table; silences and severities are not yet heeded.
fn advise(handbook: &Handbook, today: Today) -> Vec<Diagnostic> {
    let context = Context::new(handbook, today);
    let by_rule: Vec<Vec<Diagnostic>> = ADVICE
        .par_iter()
        .map(|(_, rule)| {
            let mut out = Vec::new();
            rule(&context, &mut out);
            out
        })
        .collect();
    by_rule.into_iter().flatten().collect()
}
