//! What is covered and what is left blank.
use std::collections::{BTreeMap, BTreeSet};

use super::journey::{Duty, duties};
use super::links::referring;
use super::touchpoint::scores;
use crate::handbook::{Handbook, Ix, Target};
use crate::model::{TouchpointStatus, Type};

/// A score for each month (year, month).
pub type Months = BTreeMap<(i16, i8), f64>;

/// For each department what it does in which step.
pub type Duties = BTreeMap<Ix, BTreeMap<u32, Duty>>;

/// The handbook's matrices, by row; blanks are what a row does not hold.
#[derive(Debug, Default)]
pub struct Coverage {
    /// Personas and the journeys they travel.
    pub personas: Vec<(Ix, Vec<Ix>)>,
    /// Live touchpoints and their scores by month (year, month), the last of a month counting.
    pub months: Vec<(Ix, Months)>,
    /// For each journey its departments and what each does in which step.
    pub departments: Vec<(Ix, Duties)>,
}

impl Coverage {
    /// Looks at the whole handbook.
    pub fn of(handbook: &Handbook) -> Coverage {
        Coverage { personas: personas(handbook), months: months(handbook), departments: departments(handbook) }
    }

    /// The months that any touchpoint was scored in, and those between, at most the last 24.
    pub fn month_range(&self) -> Vec<(i16, i8)> {
        let all: BTreeSet<(i16, i8)> = self.months.iter().flat_map(|(_, months)| months.keys().copied()).collect();
        let (Some(first), Some(last)) = (all.first().copied(), all.last().copied()) else { return Vec::new() };
        let mut range = vec![last];
        while range.len() < 24 && range[0] > first {
            let (year, month) = range[0];
            range.insert(0, if month == 1 { (year - 1, 12) } else { (year, month - 1) });
        }
        range
    }
}

fn personas(handbook: &Handbook) -> Vec<(Ix, Vec<Ix>)> {
    let journeys = |persona: Ix| referring(handbook, persona, Type::Journey, &["personas"]).into_iter().collect();
    handbook.of_type(Type::Persona).map(|persona| (persona, journeys(persona))).collect()
}

fn months(handbook: &Handbook) -> Vec<(Ix, Months)> {
    let live =
        |ix: &Ix| handbook.node(*ix).entity.data.touchpoint().is_some_and(|touchpoint| touchpoint.status() == TouchpointStatus::Live);
    let by_month = |ix: Ix| scores(handbook, ix).into_iter().map(|score| ((score.date.ymd().0, score.date.ymd().1), score.score)).collect();
    handbook.of_type(Type::Touchpoint).filter(live).map(|ix| (ix, by_month(ix))).collect()
}

fn departments(handbook: &Handbook) -> Vec<(Ix, Duties)> {
    let matrix = |ix: Ix| {
        let mut rows: BTreeMap<Ix, BTreeMap<u32, Duty>> = BTreeMap::new();
        for (_, step) in handbook.steps(ix) {
            for (department, duty) in duties(handbook, ix, step) {
                rows.entry(department).or_default().insert(step.index, duty);
            }
        }
        rows
    };
    handbook.of_type(Type::Journey).map(|ix| (ix, matrix(ix))).collect()
}

/// A framework's step and the steps of a journey that cover it.
#[derive(Debug)]
pub struct FrameworkCover {
    /// The number of the framework's phase among its parts.
    pub phase: u32,
    /// The number of the framework's step among its parts; none for a phase without steps.
    pub step: Option<u32>,
    /// The journey's steps that cover it, by number among its parts.
    pub by: Vec<u32>,
}

/// A journey read through a framework: its steps regrouped by what they cover, holes included.
pub fn framework_cover(handbook: &Handbook, journey: Ix, framework: Ix) -> Vec<FrameworkCover> {
    let node = handbook.node(journey);
    let mut covered: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (_, step) in handbook.steps(journey) {
        for target in step.covers.iter().map(|covers| node.of(*covers)) {
            if let Target::Part(to, part) = target
                && *to == framework
            {
                covered.entry(*part).or_default().push(step.index);
            }
        }
    }
    let by = |part: u32| covered.get(&part).cloned().unwrap_or_default();
    let phases = handbook.node(framework).entity.data.framework().map_or(&[][..], |framework| &framework.phases);
    let rows = phases.iter().flat_map(|phase| {
        let own = FrameworkCover { phase: phase.index, step: None, by: by(phase.index) };
        let steps = phase.steps.iter().map(|step| FrameworkCover { phase: phase.index, step: Some(step.index), by: by(step.index) });
        Some(own).filter(|own| phase.steps.is_empty() || !own.by.is_empty()).into_iter().chain(steps).collect::<Vec<_>>()
    });
    rows.collect()
}
