//! What a journey says in numbers.
use crate::handbook::{Handbook, Ix};
use crate::model::{Emotion, Journey, Known, Part, Phase, RolePart, Step};

use super::evidence::step_known;
use super::links::counts;

/// A journey in numbers.
#[derive(Debug, Default)]
pub struct JourneyInsight {
    /// The steps, in order.
    pub steps: Vec<StepInsight>,
    /// The curves: one for all, or one for each persona whose feelings are told apart.
    pub lines: Vec<Line>,
    /// Steps that are backed.
    pub known: usize,
    /// Steps that are guessed.
    pub assumed: usize,
    /// Steps of which nobody knows.
    pub unknown: usize,
    /// Phases in which the customer cares and we are known to be there or not.
    pub gaps: Vec<Gap>,
    /// The step that feels worst: index and value.
    pub lowest: Option<(usize, f64)>,
    /// The step that feels best: index and value.
    pub highest: Option<(usize, f64)>,
}

/// A step in numbers.
#[derive(Debug)]
pub struct StepInsight {
    /// Its number among the journey's parts.
    pub part: u32,
    /// The lowest persona's feeling.
    pub lowest: Option<f64>,
    /// The highest persona's feeling.
    pub highest: Option<f64>,
    /// Known, assumed or unknown: as said, else by whether evidence backs it.
    pub known: Known,
    /// No touchpoint: the customer is alone.
    pub alone: bool,
    /// No department leads or has a role.
    pub unowned: bool,
}

/// A curve.
#[derive(Debug)]
pub struct Line {
    /// Whose, where feelings are told apart.
    pub persona: Option<Ix>,
    /// A value for each step; none is a gap.
    pub values: Vec<Option<f64>>,
}

/// How much a phase matters to the customer against how much we are there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The number of the phase among the journey's parts.
    pub phase: u32,
    /// 0–100.
    pub relevance: f64,
    /// 0–100.
    pub presence: f64,
}

/// A step that feels so bad asks for something to be done.
pub const LOW: f64 = -1.0;

/// A step that feels so good is one that customers tell of.
pub const PEAK: f64 = 1.0;

/// From here on the customer cares so much more than we are there that it is a chance.
pub const WIDE_GAP: f64 = 30.0;

impl Gap {
    /// The gap of a phase, where both numbers were given.
    pub fn of(phase: &Part<Phase>) -> Option<Gap> {
        Some(Gap { phase: phase.index, relevance: phase.relevance?.0, presence: phase.presence?.0 })
    }

    /// Relevance less presence. Decimals such as 60.3 − 30.3 must not fall short by what floating point loses.
    pub fn size(&self) -> f64 {
        ((self.relevance - self.presence) * 1e6).round() / 1e6
    }
}

impl JourneyInsight {
    /// Steps without touchpoint.
    pub fn alone(&self) -> usize {
        self.steps.iter().filter(|step| step.alone).count()
    }

    /// Steps that nobody leads or has a role in.
    pub fn unowned(&self) -> usize {
        self.steps.iter().filter(|step| step.unowned).count()
    }

    /// The same as one persona feels it: where feelings are told apart, its own line and its own best and worst step.
    pub fn felt_by(mut self, persona: Ix) -> JourneyInsight {
        if self.lines.iter().all(|line| line.persona.is_none()) {
            return self;
        }
        self.lines.retain(|line| line.persona == Some(persona));
        let values = self.lines.first().map(|line| line.values.as_slice()).unwrap_or_default();
        for (at, step) in self.steps.iter_mut().enumerate() {
            (step.lowest, step.highest) = (values.get(at).copied().flatten(), values.get(at).copied().flatten());
        }
        (self.lowest, self.highest) = extremes(&self.steps);
        self
    }

    /// Steps that are backed, in per cent of all; none where there are no steps.
    pub fn known_share(&self) -> Option<f64> {
        (!self.steps.is_empty()).then(|| self.known as f64 * 100.0 / self.steps.len() as f64)
    }
}

/// The numbers of a journey; empty for what is no journey.
pub fn journey(handbook: &Handbook, ix: Ix) -> JourneyInsight {
    let Some(journey) = handbook.node(ix).entity.data.journey() else { return JourneyInsight::default() };
    let steps: Vec<StepInsight> = journey.steps().map(|(_, step)| step_insight(handbook, ix, step)).collect();
    let count = |known: Known| steps.iter().filter(|step| step.known == known).count();
    let mut out = JourneyInsight {
        known: count(Known::Known),
        assumed: count(Known::Assumed),
        unknown: count(Known::Unknown),
        lines: lines(handbook, ix, journey),
        gaps: journey.phases.iter().filter_map(Gap::of).collect(),
        steps,
        ..JourneyInsight::default()
    };
    (out.lowest, out.highest) = extremes(&out.steps);
    out
}

/// A step by its number, and how it feels.
type Felt = (usize, f64);

/// The first of the steps that feel worst, and of those that feel best.
fn extremes(steps: &[StepInsight]) -> (Option<Felt>, Option<Felt>) {
    let felt =
        |pick: fn(&StepInsight) -> Option<f64>| steps.iter().enumerate().filter_map(move |(at, step)| pick(step).map(|value| (at, value)));
    let lowest = felt(|step| step.lowest).reduce(|best, next| if next.1 < best.1 { next } else { best });
    let highest = felt(|step| step.highest).reduce(|best, next| if next.1 > best.1 { next } else { best });
    (lowest, highest)
}

fn step_insight(handbook: &Handbook, ix: Ix, step: &Part<Step>) -> StepInsight {
    let felt = feelings(handbook, ix, step);
    let led = step.lead.is_some_and(|lead| counts(handbook, ix, lead)) || step.roles.iter().any(|(who, _)| counts(handbook, ix, *who));
    StepInsight {
        part: step.index,
        lowest: felt.iter().copied().reduce(f64::min),
        highest: felt.iter().copied().reduce(f64::max),
        known: step_known(handbook, ix, step),
        alone: !step.touchpoints.iter().any(|touchpoint| counts(handbook, ix, *touchpoint)),
        unowned: !led,
    }
}

/// How a step feels to whom it feels worst.
pub fn lowest_feeling(handbook: &Handbook, ix: Ix, step: &Step) -> Option<f64> {
    feelings(handbook, ix, step).into_iter().reduce(f64::min)
}

/// How a step feels to whom it feels best.
pub fn highest_feeling(handbook: &Handbook, ix: Ix, step: &Step) -> Option<f64> {
    feelings(handbook, ix, step).into_iter().reduce(f64::max)
}

/// All feelings that are told of a step, those of hidden personas apart.
fn feelings(handbook: &Handbook, ix: Ix, step: &Step) -> Vec<f64> {
    match &step.emotion {
        None => Vec::new(),
        Some(Emotion::All(all)) => vec![all.0],
        Some(Emotion::Each(each)) => each.iter().filter(|(who, _)| counts(handbook, ix, *who)).map(|(_, feeling)| feeling.0).collect(),
    }
}

/// One line where all personas feel alike, else one for each.
fn lines(handbook: &Handbook, ix: Ix, journey: &Journey) -> Vec<Line> {
    let apart = journey.steps().any(|(_, step)| matches!(step.emotion, Some(Emotion::Each(..))));
    let personas: Vec<Option<Ix>> = match apart {
        true => journey.personas.iter().filter_map(|persona| handbook.follow(ix, *persona)).map(Some).collect(),
        false => vec![None],
    };
    let line =
        |persona: Option<Ix>| Line { persona, values: journey.steps().map(|(_, step)| feeling_of(handbook, ix, step, persona)).collect() };
    personas.into_iter().map(line).collect()
}

/// How a step feels to one persona; to all of them where they feel alike.
pub fn feeling_of(handbook: &Handbook, ix: Ix, step: &Step, persona: Option<Ix>) -> Option<f64> {
    match step.emotion.as_ref()? {
        Emotion::All(all) => Some(all.0),
        Emotion::Each(each) => each.iter().find(|(who, _)| handbook.follow(ix, *who) == persona).map(|(_, feeling)| feeling.0),
    }
}

/// What a department does in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It leads.
    Leads,
    /// It supports.
    Supports,
    /// It is told.
    Informed,
}

/// What each department does in a step: who leads first, then roles in the order of the file.
pub fn duties(handbook: &Handbook, ix: Ix, step: &Step) -> Vec<(Ix, Duty)> {
    let lead = step.lead.and_then(|lead| handbook.follow(ix, lead)).map(|lead| (lead, Duty::Leads));
    let roles = step.roles.iter().filter_map(|(department, role)| {
        let duty = if role.part == Some(RolePart::Informed) { Duty::Informed } else { Duty::Supports };
        handbook.follow(ix, *department).map(|department| (department, duty))
    });
    let leader = lead.map(|(lead, _)| lead);
    lead.into_iter().chain(roles.filter(|(department, _)| Some(*department) != leader)).collect()
}
