//! As it is against as it is to be, step by step.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::backlog::improvements_by_part;
use crate::handbook::{Handbook, Ix};

/// What becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In both, in the same order.
    Kept,
    /// In both, but elsewhere among the steps that both have.
    Moved,
    /// Only in the journey that is to be.
    Added,
    /// Only in the journey as it is.
    Removed,
}

/// A step on both sides.
#[derive(Debug)]
pub struct StepDifference {
    /// What becomes of it.
    pub change: Change,
    /// The step as it is, by number among its journey's steps.
    pub before: Option<usize>,
    /// The step as it is to be, by number among its journey's steps.
    pub after: Option<usize>,
    /// Improvements that carry the difference.
    pub carried_by: Vec<Ix>,
}

/// The steps of two journeys side by side, in the order of the one that is to be, removed ones where they were. Steps match by id.
pub fn differences(handbook: &Handbook, as_is: Ix, to_be: Ix) -> Vec<StepDifference> {
    let (before, after) = (Steps::of(handbook, as_is), Steps::of(handbook, to_be));
    let at: BTreeMap<&str, usize> = before.all.iter().enumerate().rev().map(|(at, (_, id))| (*id, at)).collect();
    let from: Vec<Option<usize>> = after.all.iter().map(|(_, id)| at.get(id).copied()).collect();
    let matched: Vec<usize> = from.iter().copied().flatten().collect();
    let stays: BTreeSet<usize> = longest_rise(&matched).into_iter().map(|at| matched[at]).collect();
    let gone: BTreeSet<usize> = (0..before.all.len()).filter(|at| !matched.contains(at)).collect();
    let removed = |range: Range<usize>| gone.range(range).map(|at| removed(&before, *at)).collect::<Vec<_>>();
    let (mut rows, mut told) = (Vec::new(), 0);
    for (at, from) in from.iter().enumerate() {
        let stays = from.filter(|from| stays.contains(from));
        if let Some(from) = stays {
            rows.extend(removed(told..from));
            told = from;
        }
        let change = match (from, stays) {
            (_, Some(_)) => Change::Kept,
            (Some(_), None) => Change::Moved,
            (None, None) => Change::Added,
        };
        let carried: BTreeSet<Ix> = from.iter().flat_map(|from| before.carriers(*from)).chain(after.carriers(at)).copied().collect();
        rows.push(StepDifference { change, before: *from, after: Some(at), carried_by: carried.into_iter().collect() });
    }
    rows.extend(removed(told..before.all.len()));
    rows
}

fn removed(before: &Steps<'_>, at: usize) -> StepDifference {
    StepDifference { change: Change::Removed, before: Some(at), after: None, carried_by: before.carriers(at).to_vec() }
}

/// The steps of a journey: the number among its parts and the id of each.
struct Steps<'h> {
    all: Vec<(u32, &'h str)>,
    improvements: BTreeMap<u32, Vec<Ix>>,
}

impl<'h> Steps<'h> {
    fn of(handbook: &'h Handbook, ix: Ix) -> Steps<'h> {
        let entity = &handbook.node(ix).entity;
        let all =
            handbook.steps(ix).map(|(_, step)| (step.index, entity.parts.get(step.index as usize).map_or("", |part| &*part.id))).collect();
        Steps { all, improvements: improvements_by_part(handbook, ix) }
    }

    /// The improvements that are to better a step.
    fn carriers(&self, at: usize) -> &[Ix] {
        self.improvements.get(&self.all[at].0).map_or(&[], Vec::as_slice)
    }
}

/// The indexes of a longest rising run of different values: what is in it stayed in order, the rest moved.
pub fn longest_rise(values: &[usize]) -> Vec<usize> {
    // For each length of a run the index of the smallest value that such a run may end with; for each index the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut run: Vec<usize> = std::iter::successors(ends.last().copied(), |at| before[*at]).collect();
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::longest_rise;

    #[test]
    fn what_stays_is_the_longest_rise() {
        assert_eq!(longest_rise(&[0, 3, 1, 2]), [0, 2, 3]);
        assert_eq!(longest_rise(&[]), Vec::<usize>::new());
    }
}
