//! Findings that a change brings and those that it does away with: not the old ones.
use std::collections::HashMap;

use super::Side;
use super::pair::Pairing;
use crate::base::{Diagnostic, Position, RelPath, Rule, Severity};
use crate::handbook::{Handbook, Ix};

/// A finding of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// How serious it is.
    pub severity: Severity,
    /// What is wrong, in English.
    pub message: String,
    /// The file it stands in.
    pub file: RelPath,
    /// Where.
    pub at: Position,
    /// The entity it speaks of, by its number on its side.
    pub of: Option<Ix>,
}

/// What a finding is about, the same on either side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum About {
    /// An entity and a part of it, by the newer side's numbers.
    Head(u32, Part),
    /// An entity that is not there any more.
    Gone(u32),
    /// A file that is no entity's.
    File(RelPath),
}

/// The part of an entity that a finding stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// None, or it does not matter which.
    None,
    /// By the newer side's number.
    Head(u32),
    /// One that is not there any more, by the older side's number.
    Gone(u32),
}

/// The findings of the newer side alone, and those of the older side alone.
pub(super) fn compare(base: Side<'_>, head: Side<'_>, pairing: &Pairing) -> (Vec<Finding>, Vec<Finding>) {
    let (old, new) = (Placed::of(base, Some(pairing)), Placed::of(head, None));
    let mut open: Vec<bool> = vec![true; old.all.len()];
    let mut brought: Vec<usize> = (0..new.all.len()).collect();
    let exact = |placed: &Placed<'_>, at: usize| Some((placed.all[at].rule, whole(&placed.about[at]), placed.all[at].message.clone()));
    cancel(&mut open, &mut brought, |at| exact(&old, at), |at| exact(&new, at));
    // Advice may say the same in other numbers, and a disk and git have other words for what cannot be read; all else is what it says.
    let told = |placed: &Placed<'_>, at: usize| {
        let vague = placed.all[at].severity == Severity::Advice || placed.all[at].rule == Rule::UnreadableFile;
        vague.then(|| (placed.all[at].rule, placed.about[at].clone()))
    };
    cancel(&mut open, &mut brought, |at| told(&old, at), |at| told(&new, at));
    let cured = (0..old.all.len()).filter(|at| open[*at]).map(|at| old.finding(at)).collect();
    (worst_first(brought.into_iter().map(|at| new.finding(at)).collect()), worst_first(cured))
}

/// Long lists are cut: what is cut is the least serious.
fn worst_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn whole(about: &About) -> About {
    match about {
        About::Head(ix, _) => About::Head(*ix, Part::None),
        other => other.clone(),
    }
}

/// Takes out what is on both sides, each as often as it is on both; what has no key is never the same.
fn cancel<K: std::hash::Hash + Eq>(
    open: &mut [bool],
    brought: &mut Vec<usize>,
    old: impl Fn(usize) -> Option<K>,
    new: impl Fn(usize) -> Option<K>,
) {
    let mut waiting: HashMap<K, Vec<usize>> = HashMap::new();
    for at in (0..open.len()).rev().filter(|at| open[*at]) {
        if let Some(key) = old(at) {
            waiting.entry(key).or_default().push(at);
        }
    }
    brought.retain(|at| match new(*at).and_then(|key| waiting.get_mut(&key)).and_then(Vec::pop) {
        Some(same) => {
            open[same] = false;
            false
        }
        None => true,
    });
}

struct Placed<'h> {
    handbook: &'h Handbook,
    all: Vec<&'h Diagnostic>,
    of: Vec<Option<Ix>>,
    about: Vec<About>,
}

impl<'h> Placed<'h> {
    fn of(side: Side<'h>, pairing: Option<&Pairing>) -> Placed<'h> {
        let handbook = side.handbook;
        let all: Vec<&Diagnostic> = side.findings.iter().filter(|finding| is_comparable(finding)).collect();
        let of: Vec<Option<Ix>> = all.iter().map(|finding| handbook.entity_at(&finding.file, finding.span.start)).collect();
        let about = all.iter().zip(&of).map(|(finding, of)| about(handbook, finding, *of, pairing)).collect();
        Placed { handbook, all, of, about }
    }

    fn finding(&self, at: usize) -> Finding {
        let finding = self.all[at];
        let source = self.of[at].map(|ix| &self.handbook.node(ix).document.source);
        let settings = &self.handbook.settings.source;
        let source = source.or(Some(settings).filter(|source| source.path == finding.file));
        Finding {
            rule: finding.rule,
            severity: finding.severity,
            message: finding.message.clone(),
            file: finding.file.clone(),
            at: source.map_or(Position { line: 1, column: 1 }, |source| source.position(finding.span.start)),
            of: self.of[at],
        }
    }
}

/// An earlier revision has no history of its own, so that what rests on it cannot be compared.
fn is_comparable(finding: &Diagnostic) -> bool {
    let of_history = finding.rule == Rule::UnusedSilence && finding.message.contains("`suspect`");
    finding.rule != Rule::Suspect && !of_history
}

fn about(handbook: &Handbook, finding: &Diagnostic, of: Option<Ix>, pairing: Option<&Pairing>) -> About {
    let Some(ix) = of else { return About::File(finding.file.clone()) };
    let parts = handbook.node(ix).entity.parts.iter().enumerate();
    let part =
        parts.filter(|(_, part)| part.span.start <= finding.span.start).max_by_key(|(_, part)| part.span.start).map(|(at, _)| at as u32);
    let head = |part: Option<u32>| part.map_or(Part::None, Part::Head);
    let Some(pairing) = pairing else { return About::Head(ix.0, head(part)) };
    let Some((to, _)) = pairing.pairs.get(&ix) else { return About::Gone(ix.0) };
    let found = part.and_then(|part| pairing.matches.parts.get(&(ix, part)).copied());
    About::Head(to.0, part.filter(|_| found.is_none()).map_or(head(found), Part::Gone))
}
