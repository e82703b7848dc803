//! As it is against as it is to be, step by step.
use super::backlog::improvements_for;
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
    let (old, new) = (step_ids(handbook, as_is), step_ids(handbook, to_be));
    let matched: Vec<(usize, usize)> =
        new.iter().enumerate().filter_map(|(at, (_, id))| old.iter().position(|(_, other)| other == id).map(|from| (from, at))).collect();
    let stays = longest_rise(&matched.iter().map(|(from, _)| *from).collect::<Vec<_>>());
    let mut rows: Vec<StepDifference> = Vec::new();
    let mut told = 0;
    for (at, (part, _)) in new.iter().enumerate() {
        let from = matched.iter().position(|(_, to)| *to == at);
        let before = from.map(|from| matched[from].0);
        if let Some(before) = before.filter(|_| from.is_some_and(|from| stays.contains(&from))) {
            removed_until(&mut rows, &mut told, before, &old, &matched, handbook, as_is);
        }
        let change = match from {
            Some(from) if stays.contains(&from) => Change::Kept,
            Some(_) => Change::Moved,
            None => Change::Added,
        };
        let mut carried_by = carriers(handbook, to_be, *part);
        carried_by.extend(before.into_iter().flat_map(|before| carriers(handbook, as_is, old[before].0)));
        carried_by.sort_unstable();
        carried_by.dedup();
        rows.push(StepDifference { change, before, after: Some(at), carried_by });
    }
    removed_until(&mut rows, &mut told, old.len(), &old, &matched, handbook, as_is);
    rows
}

fn removed_until(
    rows: &mut Vec<StepDifference>,
    told: &mut usize,
    until: usize,
    old: &[(u32, &str)],
    matched: &[(usize, usize)],
    handbook: &Handbook,
    as_is: Ix,
) {
    while *told < until {
        if !matched.iter().any(|(from, _)| from == told) {
            rows.push(StepDifference {
                change: Change::Removed,
                before: Some(*told),
                after: None,
                carried_by: carriers(handbook, as_is, old[*told].0),
            });
        }
        *told += 1;
    }
}

fn step_ids(handbook: &Handbook, ix: Ix) -> Vec<(u32, &str)> {
    let entity = &handbook.node(ix).entity;
    let steps = entity.data.journey().into_iter().flat_map(|journey| journey.steps());
    steps.map(|(_, step)| (step.index, entity.parts.get(step.index as usize).map_or("", |part| &*part.id))).collect()
}

fn carriers(handbook: &Handbook, journey: Ix, part: u32) -> Vec<Ix> {
    improvements_for(handbook, journey).into_iter().filter(|(solved, _)| *solved == Some(part)).map(|(_, ix)| ix).collect()
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
