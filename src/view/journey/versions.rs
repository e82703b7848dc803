//! The same journey read otherwise: through a framework, and against its other state.
use serde::Serialize;

use super::super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, Change};
use crate::model::State;

/// A step of the framework and what covers it.
#[derive(Debug, Serialize)]
pub struct FrameworkRow {
    /// The framework's phase.
    pub phase: String,
    /// The framework's step; empty for the phase itself.
    pub step: String,
    /// What to ask oneself.
    pub prompt_html: String,
    /// The journey's steps that cover it; none is a hole.
    pub by: Vec<LinkView>,
}

/// A step on both sides.
#[derive(Debug, Serialize)]
pub struct DifferenceRow {
    /// `kept`, `moved`, `added`, `removed`.
    pub change: &'static str,
    /// The word for it.
    pub word: String,
    /// The step as it is.
    pub before: Option<LinkView>,
    /// The step as it is to be.
    pub after: Option<LinkView>,
    /// The feeling as it is.
    pub before_value: String,
    /// The feeling as it is to be.
    pub after_value: String,
    /// The difference between them.
    pub delta: String,
    /// Improvements that carry it.
    pub carried_by: Vec<LinkView>,
}

pub(super) fn framework_rows(cx: &Cx<'_>, ix: Ix) -> Vec<FrameworkRow> {
    let framework =
        cx.node(ix).entity.data.journey().and_then(|journey| journey.framework).and_then(|framework| cx.handbook.follow(ix, framework));
    let Some(framework) = framework else { return Vec::new() };
    let node = cx.node(framework);
    let title = |part: u32| node.entity.parts.get(part as usize).map(|part| part.title.to_string()).unwrap_or_default();
    let prompts: Vec<(u32, String)> = node.entity.data.framework().map_or_else(Vec::new, |data| {
        data.phases.iter().flat_map(|phase| phase.steps.iter().map(|step| (step.index, cx.html_or(framework, &step.prompt)))).collect()
    });
    let prompt = |part: u32| prompts.iter().find(|(at, _)| *at == part).map(|(_, prompt)| prompt.clone()).unwrap_or_default();
    insight::framework_cover(cx.handbook, ix, framework)
        .into_iter()
        .map(|row| FrameworkRow {
            phase: title(row.phase),
            step: row.step.map(title).unwrap_or_default(),
            prompt_html: row.step.map(prompt).unwrap_or_default(),
            by: row.by.iter().map(|part| cx.part_link(ix, *part)).collect(),
        })
        .collect()
}

pub(super) fn difference_rows(cx: &Cx<'_>, ix: Ix) -> Vec<DifferenceRow> {
    let Some(other) = insight::counterpart(cx.handbook, ix) else { return Vec::new() };
    let is_later = |ix: Ix| cx.node(ix).entity.data.journey().is_some_and(|journey| lies_ahead(journey.state()));
    let (as_is, to_be) = if is_later(ix) && !is_later(other) { (other, ix) } else { (ix, other) };
    let (old, new) = (insight::journey(cx.handbook, as_is), insight::journey(cx.handbook, to_be));
    insight::differences(cx.handbook, as_is, to_be)
        .into_iter()
        .map(|row| {
            let before = row.before.map(|at| &old.steps[at]);
            let after = row.after.map(|at| &new.steps[at]);
            let (was, is) = (before.and_then(|step| step.lowest), after.and_then(|step| step.lowest));
            let show = |value: Option<f64>| value.map(|value| cx.words.signed(value)).unwrap_or_default();
            let change = word_of(row.change);
            DifferenceRow {
                change,
                word: cx.words.get(match row.change {
                    Change::Kept => "ui.journey.same",
                    Change::Moved => "ui.journey.moved",
                    Change::Added => "ui.journey.added",
                    Change::Removed => "ui.journey.removed",
                }),
                before: before.map(|step| cx.part_link(as_is, step.part)),
                after: after.map(|step| cx.part_link(to_be, step.part)),
                before_value: show(was),
                after_value: show(is),
                delta: was
                    .zip(is)
                    .map(|(was, is)| is - was)
                    .filter(|delta| *delta != 0.0)
                    .map(|delta| cx.words.signed(delta))
                    .unwrap_or_default(),
                carried_by: row.carried_by.iter().map(|ix| cx.link(*ix)).collect(),
            }
        })
        .collect()
}

fn word_of(change: Change) -> &'static str {
    match change {
        Change::Kept => "kept",
        Change::Moved => "moved",
        Change::Added => "added",
        Change::Removed => "removed",
    }
}

/// Whether a state lies ahead.
fn lies_ahead(state: State) -> bool {
    matches!(state, State::ToBe | State::Ideal)
}
