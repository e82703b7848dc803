//! The backlog in numbers.
use std::collections::BTreeMap;

use crate::handbook::{Handbook, Ix, Target};
use crate::model::{Improvement, ImprovementStatus, Type};

/// The RICE score (reach × impact × confidence ÷ effort; Intercom, 2016), where all four were given.
pub fn rice(improvement: &Improvement) -> Option<f64> {
    let (reach, impact) = (improvement.reach?.0, improvement.impact?.0);
    let (confidence, effort) = (improvement.confidence?.0, improvement.effort?.0);
    Some(reach * impact * (confidence / 100.0) / effort)
}

/// Sums over the backlog, dropped items apart, in the handbook's own currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Items still to be done.
    pub open: usize,
    /// Items done.
    pub done: usize,
    /// Hundredths.
    pub budget: i64,
    /// Hundredths.
    pub spent: i64,
    /// Hundredths a year.
    pub benefit: i64,
}

/// The sums of some improvements.
pub fn totals(handbook: &Handbook, items: impl Iterator<Item = Ix>) -> Totals {
    let mut totals = Totals::default();
    for ix in items {
        let Some(item) = handbook.node(ix).entity.data.improvement().filter(|item| item.status() != ImprovementStatus::Dropped) else {
            continue;
        };
        let own = |money: Option<crate::base::Money>| {
            let money = money.filter(|money| money.currency_or(&handbook.settings.currency) == handbook.settings.currency);
            money.map_or(0, |money| money.cents)
        };
        totals.open += usize::from(item.is_open());
        totals.done += usize::from(!item.is_open());
        totals.budget = totals.budget.saturating_add(own(item.budget));
        totals.spent = totals.spent.saturating_add(own(item.spent));
        totals.benefit = totals.benefit.saturating_add(own(item.benefit));
    }
    totals
}

/// Where an improvement lies on the matrix: effort and impact from 1 to 5, where both were given.
pub fn place(improvement: &Improvement) -> Option<(f64, f64)> {
    Some((improvement.effort?.0, improvement.impact?.0))
}

/// The improvements (dropped ones apart) that solve an entity, each with the part it solves.
pub fn improvements_for(handbook: &Handbook, ix: Ix) -> Vec<(Option<u32>, Ix)> {
    let mut found: Vec<(Option<u32>, Ix)> = Vec::new();
    for link in handbook.node(ix).backlinks.iter().filter(|link| link.relation == "solves") {
        let item = handbook.node(link.from).entity.data.improvement();
        let counts = item.is_some_and(|item| item.status() != ImprovementStatus::Dropped);
        // Backlinks come in the order of those who refer, so that a double stands near.
        let mut same = found.iter().rev().take_while(|(_, ix)| *ix == link.from);
        if counts && !same.any(|(part, _)| *part == link.to_part) {
            found.push((link.to_part, link.from));
        }
    }
    found
}

/// The same by the part that is solved.
pub fn improvements_by_part(handbook: &Handbook, ix: Ix) -> BTreeMap<u32, Vec<Ix>> {
    let mut parts: BTreeMap<u32, Vec<Ix>> = BTreeMap::new();
    for (part, item) in improvements_for(handbook, ix) {
        if let Some(part) = part {
            parts.entry(part).or_default().push(item);
        }
    }
    parts
}

/// Improvements in order of what to do next: open ones with a RICE score, best first, then by impact over effort.
pub fn do_next(handbook: &Handbook) -> Vec<(Ix, Option<f64>)> {
    let mut open: Vec<(Ix, Option<f64>, f64)> = handbook
        .of_type(Type::Improvement)
        .filter_map(|ix| {
            let item = handbook.node(ix).entity.data.improvement().filter(|item| item.is_open())?;
            let (effort, impact) = place(item)?;
            Some((ix, rice(item), impact / effort))
        })
        .collect();
    open.sort_by(|a, b| b.1.unwrap_or(-1.0).total_cmp(&a.1.unwrap_or(-1.0)).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    open.into_iter().map(|(ix, rice, _)| (ix, rice)).collect()
}

/// The journeys that an improvement is for.
pub fn journeys_of(handbook: &Handbook, ix: Ix) -> Vec<Ix> {
    let node = handbook.node(ix);
    let Some(item) = node.entity.data.improvement() else { return Vec::new() };
    let mut found: Vec<Ix> = item
        .solves
        .iter()
        .filter_map(|place| match node.of(*place) {
            Target::Entity(to) | Target::Part(to, _) if handbook.node(*to).entity.kind == Type::Journey => Some(*to),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
