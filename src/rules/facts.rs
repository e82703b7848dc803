//! What several rules turn on, and how they name things.
use crate::handbook::{Handbook, Ix, Node};
use crate::insight;

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
