//! The rules a handbook is held against, and the last word on what is said: silences, severities, order.
//!
//! What is wrong with single files and references was found when they were read and linked. The advice, the craft of journey mapping,
//! is here: one table of rules, each a function about one entity.
mod advice;
mod again;
mod backlog;
mod context;
pub mod explain;
mod facts;
mod journeys;
mod lens;
mod pages;
mod silences;
mod steps;
mod touchpoints;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{Diagnostic, RelPath, Rule, Severity, Today};
use crate::handbook::{Handbook, Ix};

use context::{Context, Facts};

/// Everything that is wrong with a handbook or not yet good: silences heeded, as severe as the handbook wants it, sorted by file and
/// place.
pub fn findings(handbook: &Handbook, today: Today) -> Vec<Diagnostic> {
    Advice::of(handbook, today).findings(handbook)
}

/// What the rules of the craft say of each entity; silences and severities are not yet heeded.
#[derive(Debug)]
pub struct Advice {
    today: Today,
    facts: Facts,
    /// By the entities' numbers.
    said: Vec<Option<Arc<[Diagnostic]>>>,
}

impl Advice {
    /// Holds a handbook against the rules, on a day.
    pub fn of(handbook: &Handbook, today: Today) -> Advice {
        let facts = Facts::of(handbook);
        let context = Context::new(handbook, today, &facts);
        let all = (0..handbook.entities.len() as u32).into_par_iter().map(Ix);
        let said = all.map(|ix| said_of(&context, ix)).collect();
        Advice { today, facts, said }
    }

    /// Everything that is to be said of the handbook that the advice is for; see [`findings`].
    pub fn findings(&self, handbook: &Handbook) -> Vec<Diagnostic> {
        let mut found = handbook.diagnostics.clone();
        found.par_extend(self.said.par_iter().flatten().flat_map_iter(|said| said.iter().cloned()));
        let doubting = OnceCell::new();
        let doubting = || doubting.get_or_init(|| Context::doubting(handbook, self.today, &self.facts));
        let said = |ix: Ix| self.said[ix.0 as usize].as_deref().unwrap_or_default();
        let might_say_more = |rule, ix| might_say_more(rule, doubting(), ix, said(ix));
        let mut found = silences::heed(handbook, self.today, found, might_say_more);
        found.retain_mut(|finding| match handbook.settings.severity(finding.rule) {
            Some(severity) => {
                finding.severity = severity;
                true
            }
            None => false,
        });
        tell_once(&mut found);
        found.par_sort_by(|a, b| a.order().cmp(&b.order()));
        found
    }
}

/// Whether a rule might have more to say of an entity, if all could be read that it looks at.
fn might_say_more(rule: Rule, doubting: &Context<'_>, ix: Ix, said: &[Diagnostic]) -> bool {
    let of_links = [Rule::BrokenReference, Rule::WrongReferenceType, Rule::AmbiguousLink, Rule::BrokenLink, Rule::BrokenAnchor];
    advice::might_say_more(rule, doubting, ix, said) || (of_links.contains(&rule) && doubting.has_unsure_link(ix))
}

/// What the rules say of an entity; most have nothing against them.
fn said_of(context: &Context<'_>, ix: Ix) -> Option<Arc<[Diagnostic]>> {
    let said = advice::advise(context, ix);
    (!said.is_empty()).then(|| said.into())
}

/// A needed field that is misspelt is told of once: at its key, as severely as one that is not there. Where nothing is to be said of
/// misspelt keys, it is missing.
fn tell_once(found: &mut Vec<Diagnostic>) {
    let key = |finding: &Diagnostic| (finding.rule == Rule::UnknownField).then(|| (finding.file.clone(), finding.span.start));
    let misspelt: HashSet<(RelPath, u32)> = found.iter().filter_map(key).collect();
    if misspelt.is_empty() {
        return;
    }
    let mut needed: HashMap<(RelPath, u32), Severity> = HashMap::new();
    found.retain(|finding| {
        let meant = finding.labels.first().filter(|_| finding.rule == Rule::MissingField);
        let twin = meant.map(|label| (label.file.clone(), label.span.start)).filter(|key| misspelt.contains(key));
        twin.map(|twin| needed.insert(twin, finding.severity)).is_none()
    });
    for finding in found {
        if let Some(severity) = key(finding).and_then(|key| needed.get(&key)) {
            finding.severity = finding.severity.min(*severity);
        }
    }
}
