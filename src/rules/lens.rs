//! Which journeys go with one that looks through the goal lens.
use crate::handbook::{Handbook, Ix};
use crate::model::{Journey, Lens, Type};

/// What the goal-lens journeys of the handbook have that others may share with them; each list sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct GoalLens {
    personas: Vec<Ix>,
    /// Their parents, and they themselves, as the parents of others.
    parents: Vec<Ix>,
    /// Their counterparts, and they themselves, as the counterparts of others.
    counterparts: Vec<Ix>,
}

impl GoalLens {
    /// What the journeys that could be read have of which `counts` says, by the lens too, that they count.
    pub(super) fn of(handbook: &Handbook, counts: impl Fn(Ix, Option<Lens>) -> bool) -> GoalLens {
        let mut goal = GoalLens::default();
        for ix in handbook.of_type(Type::Journey) {
            let entity = &handbook.node(ix).entity;
            let Some(journey) = entity.data.journey().filter(|journey| !entity.broken && counts(ix, journey.lens)) else {
                continue;
            };
            goal.personas.extend(personas(handbook, ix, journey));
            goal.parents.extend(parent(handbook, ix, journey).into_iter().chain([ix]));
            goal.counterparts.extend(counterpart(handbook, ix, journey).into_iter().chain([ix]));
        }
        for list in [&mut goal.personas, &mut goal.parents, &mut goal.counterparts] {
            list.sort_unstable();
            list.dedup();
        }
        goal
    }

    /// Whether a goal-lens journey has the persona, the parent or the counterpart of a journey, or is one of these.
    pub(super) fn shares(&self, handbook: &Handbook, ix: Ix, journey: &Journey) -> bool {
        let holds = |list: &[Ix], ix: Ix| list.binary_search(&ix).is_ok();
        personas(handbook, ix, journey).any(|persona| holds(&self.personas, persona))
            || parent(handbook, ix, journey).is_some_and(|parent| holds(&self.parents, parent))
            // A counterpart may be written at either end.
            || holds(&self.counterparts, ix)
            || counterpart(handbook, ix, journey).is_some_and(|counterpart| holds(&self.counterparts, counterpart))
    }
}

/// The personas of a journey.
pub(super) fn personas(handbook: &Handbook, ix: Ix, journey: &Journey) -> impl Iterator<Item = Ix> {
    journey.personas.iter().filter_map(move |persona| handbook.follow(ix, *persona))
}

/// The journey of which it is a part.
pub(super) fn parent(handbook: &Handbook, ix: Ix, journey: &Journey) -> Option<Ix> {
    journey.parent.and_then(|parent| handbook.follow(ix, parent))
}

/// The counterpart that it names itself.
pub(super) fn counterpart(handbook: &Handbook, ix: Ix, journey: &Journey) -> Option<Ix> {
    journey.counterpart.and_then(|counterpart| handbook.follow(ix, counterpart))
}
