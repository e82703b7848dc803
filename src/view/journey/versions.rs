//! The same journey read otherwise: through a framework, and against its other state.
use std::collections::BTreeSet;

use serde::Serialize;

use super::super::pieces::tone;
use super::super::{Cx, LinkView};
use super::curve::{CurveView, plain_curve};
use crate::handbook::Ix;
use crate::insight::{self, Change, JourneyInsight, StepDifference};
use crate::model::{Known, State};

/// The journey regrouped by a framework.
#[derive(Debug, Serialize)]
pub struct LensView {
    /// The framework.
    pub framework: LinkView,
    /// The one that this journey is held against.
    pub own: bool,
    /// How many of its steps are covered, in words.
    pub covered: String,
    /// Its phases.
    pub phases: Vec<LensPhase>,
}

/// A phase of a framework.
#[derive(Debug, Serialize)]
pub struct LensPhase {
    /// Its title.
    pub title: String,
    /// Its steps; the phase itself, with an empty title, where that is what is covered.
    pub steps: Vec<LensStep>,
}

/// A step of a framework and what covers it.
#[derive(Debug, Serialize)]
pub struct LensStep {
    /// Its title.
    pub title: String,
    /// What to ask oneself, where nothing covers it.
    pub prompt_html: String,
    /// The journey's steps that cover it; none is a hole.
    pub by: Vec<LensCover>,
}

/// A step of the journey that covers a framework's.
#[derive(Debug, Serialize)]
pub struct LensCover {
    /// Its number.
    pub number: usize,
    /// The step.
    pub link: LinkView,
    /// How it feels at worst.
    pub value: String,
    /// `high`, `low` or empty.
    pub tone: &'static str,
}

/// This journey beside its other state.
#[derive(Debug, Default, Serialize)]
pub struct CompareView {
    /// Both curves, the one as it is first.
    pub curve: CurveView,
    /// The steps of both.
    pub rows: Vec<DifferenceRow>,
    /// What changes, in words.
    pub summary: String,
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
    /// Its number as it is; 0 where it is not.
    pub before_number: usize,
    /// Its number as it is to be; 0 where it is not.
    pub after_number: usize,
    /// The feeling as it is.
    pub before_value: String,
    /// The feeling as it is to be.
    pub after_value: String,
    /// The difference between them.
    pub delta: String,
    /// `high` where it becomes better, `low` where it becomes worse, or empty.
    pub tone: &'static str,
    /// Improvements that carry it.
    pub carried_by: Vec<LinkView>,
}

/// The journey through every framework that it covers something of, its own one first.
pub(super) fn lenses(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> Vec<LensView> {
    let Some(journey) = cx.node(ix).entity.data.journey() else { return Vec::new() };
    let own = journey.framework.and_then(|framework| cx.handbook.follow(ix, framework));
    let touched: BTreeSet<Ix> =
        journey.steps().flat_map(|(_, step)| step.covers.iter()).filter_map(|to| cx.handbook.follow(ix, *to)).collect();
    let others = touched.into_iter().filter(|framework| Some(*framework) != own);
    own.into_iter().chain(others).map(|framework| lens(cx, ix, framework, insight, Some(framework) == own)).collect()
}

fn lens(cx: &Cx<'_>, ix: Ix, framework: Ix, insight: &JourneyInsight, own: bool) -> LensView {
    let cover = insight::framework_cover(cx.handbook, ix, framework);
    let node = cx.node(framework);
    let title = |part: u32| node.entity.parts.get(part as usize).map(|part| part.title.to_string()).unwrap_or_default();
    let mut phases: Vec<LensPhase> = Vec::new();
    let mut last = None;
    for row in &cover {
        if last != Some(row.phase) {
            phases.push(LensPhase { title: title(row.phase), steps: Vec::new() });
            last = Some(row.phase);
        }
        let prompt = row.step.filter(|_| row.by.is_empty()).map(|step| prompt(cx, framework, step)).unwrap_or_default();
        let by = row.by.iter().filter_map(|part| lens_cover(cx, ix, *part, insight)).collect();
        let step = LensStep { title: row.step.map(title).unwrap_or_default(), prompt_html: prompt, by };
        if let Some(phase) = phases.last_mut() {
            phase.steps.push(step);
        }
    }
    let met = cover.iter().filter(|row| !row.by.is_empty()).count();
    let numbers = [met, cover.len()].map(|n| n.to_string());
    let covered = cx.words.fmt("ui.journey.covered", &[("n", &numbers[0]), ("total", &numbers[1])]);
    LensView { framework: cx.link(framework), own, covered, phases }
}

fn prompt(cx: &Cx<'_>, framework: Ix, step: u32) -> String {
    let steps =
        cx.node(framework).entity.data.framework().into_iter().flat_map(|data| data.phases.iter().flat_map(|phase| phase.steps.iter()));
    steps.filter(|found| found.index == step).map(|found| cx.html_or(framework, &found.prompt)).next().unwrap_or_default()
}

fn lens_cover(cx: &Cx<'_>, ix: Ix, part: u32, insight: &JourneyInsight) -> Option<LensCover> {
    let at = insight.steps.iter().position(|step| step.part == part)?;
    let lowest = insight.steps[at].lowest;
    Some(LensCover {
        number: at + 1,
        link: cx.part_link(ix, part),
        value: lowest.map(|value| cx.words.signed(value)).unwrap_or_default(),
        tone: lowest.map_or("", tone),
    })
}

/// This journey beside its other state, which has to be named by one of the two.
pub(super) fn compare(cx: &Cx<'_>, ix: Ix) -> CompareView {
    let Some(other) = insight::counterpart(cx.handbook, ix) else { return CompareView::default() };
    let is_later = |ix: Ix| cx.node(ix).entity.data.journey().is_some_and(|journey| lies_ahead(journey.state()));
    let (as_is, to_be) = if is_later(ix) && !is_later(other) { (other, ix) } else { (ix, other) };
    let (old, new) = (insight::journey(cx.handbook, as_is), insight::journey(cx.handbook, to_be));
    let found = insight::differences(cx.handbook, as_is, to_be);
    let sides = [(as_is, &old), (to_be, &new)];
    let rows: Vec<DifferenceRow> = found.iter().map(|row| difference(cx, row, sides)).collect();
    let before = found.iter().map(|row| row.before.and_then(|at| felt(&old, at))).collect();
    let after = found.iter().map(|row| row.after.and_then(|at| felt(&new, at))).collect();
    CompareView {
        curve: plain_curve(cx, vec![(state_word(cx, as_is), before), (state_word(cx, to_be), after)]),
        summary: summary(cx, &rows),
        rows,
    }
}

fn felt(insight: &JourneyInsight, at: usize) -> Option<(f64, bool)> {
    insight.steps[at].lowest.map(|value| (value, insight.steps[at].known != Known::Known))
}

/// The word for a journey's state.
pub(super) fn state_word(cx: &Cx<'_>, ix: Ix) -> String {
    let state = cx.node(ix).entity.data.journey().map(|journey| journey.state());
    state.map(|state| cx.words.choice("journey", "state", state.word())).unwrap_or_default()
}

fn difference(cx: &Cx<'_>, row: &StepDifference, [(as_is, old), (to_be, new)]: [(Ix, &JourneyInsight); 2]) -> DifferenceRow {
    let before = row.before.map(|at| &old.steps[at]);
    let after = row.after.map(|at| &new.steps[at]);
    let (was, is) = (before.and_then(|step| step.lowest), after.and_then(|step| step.lowest));
    let show = |value: Option<f64>| value.map(|value| cx.words.signed(value)).unwrap_or_default();
    let delta = was.zip(is).map(|(was, is)| is - was).filter(|delta| delta.abs() > 1e-9);
    DifferenceRow {
        change: word_of(row.change),
        word: cx.words.get(&format!("ui.journey.{}", if row.change == Change::Kept { "same" } else { word_of(row.change) })),
        before: before.map(|step| cx.part_link(as_is, step.part)),
        after: after.map(|step| cx.part_link(to_be, step.part)),
        before_number: row.before.map_or(0, |at| at + 1),
        after_number: row.after.map_or(0, |at| at + 1),
        before_value: show(was),
        after_value: show(is),
        delta: delta.map(|delta| cx.words.signed(delta)).unwrap_or_default(),
        tone: delta.map_or("", |delta| if delta > 0.0 { "high" } else { "low" }),
        carried_by: row.carried_by.iter().map(|ix| cx.link(*ix)).collect(),
    }
}

/// How many steps change in which way, and how many changes nobody works at.
fn summary(cx: &Cx<'_>, rows: &[DifferenceRow]) -> String {
    let of = |change: &str| rows.iter().filter(|row| row.change == change).count();
    let counts = ["added", "removed", "moved"].map(|change| (change, of(change)));
    let mut said: Vec<String> =
        counts.iter().filter(|(_, n)| *n > 0).map(|(change, n)| cx.words.count(&format!("ui.journey.n_{change}"), *n)).collect();
    let better = rows.iter().filter(|row| row.tone == "high").count();
    said.extend((better > 0).then(|| cx.words.count("ui.journey.n_better", better)));
    let bare = rows.iter().filter(|row| row.is_bare()).count();
    said.extend((bare > 0).then(|| cx.words.count("ui.journey.n_bare", bare)));
    said.join(" ")
}

impl DifferenceRow {
    /// A change that no improvement carries.
    fn is_bare(&self) -> bool {
        self.carried_by.is_empty() && (self.change != "kept" || !self.delta.is_empty())
    }
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
