//! Small facts that several rules turn on. Pure functions over the handbook; references to what is hidden do not count in any of them.
use super::context::Context;
use crate::handbook::{Handbook, Ix, Node};
use crate::insight;
use crate::model::{Emotion, Step, Type};

/// Everything that is told of how a step feels, hidden personas apart.
fn feelings<'s>(cx: &'s Context<'_>, journey: Ix, step: &'s Step) -> impl Iterator<Item = f64> + 's {
    let (all, each) = match &step.emotion {
        None => (None, &[][..]),
        Some(Emotion::All(all, _)) => (Some(all.0), &[][..]),
        Some(Emotion::Each(each, _)) => (None, &each[..]),
    };
    let each = each.iter().filter(move |(persona, _)| cx.counts(journey, *persona)).map(|(_, feeling)| feeling.0);
    all.into_iter().chain(each)
}

/// How a step feels to the persona who feels worst.
pub(super) fn lowest_emotion(cx: &Context<'_>, journey: Ix, step: &Step) -> Option<f64> {
    feelings(cx, journey, step).reduce(f64::min)
}

/// How a step feels to the persona who feels best.
pub(super) fn highest_emotion(cx: &Context<'_>, journey: Ix, step: &Step) -> Option<f64> {
    feelings(cx, journey, step).reduce(f64::max)
}

/// Whether an entity names any evidence, in itself or in any of its parts.
pub(super) fn is_backed(handbook: &Handbook, ix: Ix) -> bool {
    let node = handbook.node(ix);
    fields(node, "evidence").any(|link| !handbook.hides(ix, link))
}

/// The numbers of an entity's links that stand in a field of that name.
fn fields<'n>(node: &'n Node, relation: &'n str) -> impl Iterator<Item = u32> + 'n {
    (0..node.targets.len() as u32).filter(move |link| node.link(*link).relation == relation)
}

/// Whether an entity of some type refers to this one in a field of that name.
pub(super) fn is_named_by(handbook: &Handbook, ix: Ix, kind: Type, relation: &str) -> bool {
    handbook.node(ix).backlinks.iter().any(|link| {
        let from = handbook.node(link.from);
        from.entity.kind == kind && from.link(link.link).relation == relation
    })
}

/// Whether a touchpoint is in any step of any journey.
pub(super) fn is_in_a_step(handbook: &Handbook, touchpoint: Ix) -> bool {
    is_named_by(handbook, touchpoint, Type::Journey, "touchpoints")
}

/// What improvements, dropped ones apart, solve of a journey.
#[derive(Debug)]
pub(super) struct Solved {
    /// Some improvement is for the journey as a whole.
    whole: bool,
    /// The phases and steps that have an improvement of their own.
    parts: Vec<u32>,
}

impl Solved {
    /// What improvements solve of a journey.
    pub(super) fn of(handbook: &Handbook, journey: Ix) -> Solved {
        let places = insight::improvements_for(handbook, journey);
        let whole = places.iter().any(|(part, _)| part.is_none());
        Solved { whole, parts: places.into_iter().filter_map(|(part, _)| part).collect() }
    }

    /// Whether anything at all is solved.
    pub(super) fn anything(&self) -> bool {
        self.whole || !self.parts.is_empty()
    }

    /// Whether a phase or step is solved, by itself or with the whole journey.
    pub(super) fn has(&self, part: u32) -> bool {
        self.whole || self.parts.contains(&part)
    }
}

/// The title of an entity in quotation marks.
pub(super) fn title(node: &Node) -> String {
    format!("“{}”", node.entity.title)
}

/// The title of a phase or step in quotation marks.
pub(super) fn part_title(node: &Node, part: u32) -> String {
    node.entity.parts.get(part as usize).map_or_else(String::new, |part| format!("“{}”", part.title))
}

/// A number with a proper sign.
pub(super) fn signed(number: f64) -> String {
    match number {
        n if n < 0.0 => format!("−{}", -n),
        n if n > 0.0 => format!("+{n}"),
        _ => "0".to_owned(),
    }
}

/// `1 day`, `3 days`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
