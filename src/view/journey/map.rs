//! The map of a journey: its heads and its curve; what stands under them are the lanes.
use serde::Serialize;

use super::super::lazy::LazyData;
use super::super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, CurvePath, Extreme, JourneyInsight};
use crate::model::{Known, Moment, Part, Phase, Step};

/// The map: a table of lanes by steps.
#[derive(Debug, Default, Serialize)]
pub struct MapView {
    /// How many columns.
    pub columns: usize,
    /// Bands of phases that lie before, during or after.
    pub moments: Vec<Band>,
    /// The phases.
    pub phases: Vec<Band>,
    /// The steps; a phase without steps has one empty column.
    pub steps: Vec<Column>,
    /// The curve.
    pub curve: CurveView,
    /// The lanes, empty ones left out.
    pub lanes: Vec<super::Lane>,
}

/// A heading over several columns.
#[derive(Debug, Serialize)]
pub struct Band {
    /// Anchor, if it has one.
    pub id: String,
    /// What it says.
    pub title: String,
    /// How many columns it spans.
    pub span: usize,
    /// How many steps it holds.
    pub steps: usize,
    /// `before`, `during`, `after`, or empty.
    pub moment: &'static str,
}

/// A column's head.
#[derive(Debug, Default, Serialize)]
pub struct Column {
    /// Anchor; empty for a phase without steps.
    pub id: String,
    /// Its number, from 1.
    pub number: usize,
    /// The step's title.
    pub title_html: String,
    /// The step's title without markup.
    pub title: String,
    /// No touchpoint.
    pub alone: bool,
    /// A star touchpoint.
    pub star: bool,
    /// A moment of truth.
    pub truth: bool,
    /// Nobody leads or has a role.
    pub unowned: bool,
    /// First of its phase.
    pub edge: bool,
    /// `high`, `low` or empty.
    pub extreme: &'static str,
    /// A journey that details it.
    pub journey: Option<LinkView>,
}

/// The curve over all columns.
#[derive(Debug, Default, Serialize)]
pub struct CurveView {
    /// The lines, the first one shaded.
    pub lines: Vec<LineView>,
    /// What it says, for those who cannot see it.
    pub label: String,
    /// Where phases part, in per cent of the width.
    pub borders: Vec<String>,
}

/// A line of the curve.
#[derive(Debug, Serialize)]
pub struct LineView {
    /// Whose, where feelings are told apart.
    pub name: String,
    /// Path data in a box of 1000 by 100.
    pub path: CurvePathView,
    /// Its points.
    pub points: Vec<PointView>,
    /// Height of its end in per cent.
    pub end: String,
}

/// Path data.
#[derive(Debug, Serialize)]
pub struct CurvePathView {
    /// Known pieces.
    pub solid: Vec<String>,
    /// Pieces that are guessed.
    pub dashed: Vec<String>,
    /// Closed to the zero line.
    pub area: Vec<String>,
}

/// A point of the curve.
#[derive(Debug, Serialize)]
pub struct PointView {
    /// Per cent of the width.
    pub x: String,
    /// Per cent of the height.
    pub y: String,
    /// The value as it is shown.
    pub value: String,
    /// The word for it.
    pub word: String,
    /// The step's number.
    pub number: usize,
    /// The step's title.
    pub title: String,
    /// The step's anchor.
    pub id: String,
    /// `high`, `low` or empty.
    pub extreme: &'static str,
    /// Guessed.
    pub assumed: bool,
}

/// A column of the map: a step, or a phase that has none.
#[derive(Clone, Copy)]
pub(super) struct Col<'h> {
    pub phase: &'h Part<Phase>,
    pub step: Option<&'h Part<Step>>,
    /// The step's number among the journey's steps.
    pub at: usize,
    pub edge: bool,
}

fn columns(phases: &[Part<Phase>]) -> Vec<Col<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for phase in phases {
        if phase.steps.is_empty() {
            out.push(Col { phase, step: None, at, edge: true });
        }
        for (place, step) in phase.steps.iter().enumerate() {
            out.push(Col { phase, step: Some(step), at, edge: place == 0 });
            at += 1;
        }
    }
    out
}

/// The map of a journey.
pub(super) fn map(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> MapView {
    let Some(journey) = cx.node(ix).entity.data.journey() else { return MapView::default() };
    let cols = columns(&journey.phases);
    let lanes = super::lanes::lanes(cx, ix, &cols, insight);
    let curve = curve(cx, ix, &cols, insight, 11.0);
    MapView {
        columns: cols.len(),
        moments: moments(cx, &journey.phases),
        phases: journey.phases.iter().map(|phase| band(cx, ix, phase)).collect(),
        steps: cols.iter().map(|col| column(cx, ix, col, insight)).collect(),
        curve,
        lanes,
    }
}

impl LazyData for MapView {
    fn is_empty(&self) -> bool {
        self.columns == 0
    }
}

fn moment_word(moment: Option<Moment>) -> &'static str {
    moment.map_or("", Moment::word)
}

fn band(cx: &Cx<'_>, ix: Ix, phase: &Part<Phase>) -> Band {
    let part = &cx.node(ix).entity.parts[phase.index as usize];
    Band {
        id: part.id.to_string(),
        title: part.title.to_string(),
        span: phase.steps.len().max(1),
        steps: phase.steps.len(),
        moment: moment_word(phase.moment),
    }
}

/// Phases of one moment that follow each other make one band.
fn moments(cx: &Cx<'_>, phases: &[Part<Phase>]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for phase in phases {
        let moment = moment_word(phase.moment);
        let (span, steps) = (phase.steps.len().max(1), phase.steps.len());
        match bands.last_mut().filter(|band| band.moment == moment) {
            Some(band) => {
                band.span += span;
                band.steps += steps;
            }
            None => {
                let title = if moment.is_empty() { String::new() } else { cx.words.get(&format!("ui.moment.{moment}")) };
                bands.push(Band { id: String::new(), title, span, steps, moment });
            }
        }
    }
    if bands.iter().all(|band| band.moment.is_empty()) { Vec::new() } else { bands }
}

fn column(cx: &Cx<'_>, ix: Ix, col: &Col<'_>, insight: &JourneyInsight) -> Column {
    let Some(step) = col.step else { return Column { edge: true, ..Column::default() } };
    let node = cx.node(ix);
    let part = &node.entity.parts[step.index as usize];
    let numbers = &insight.steps[col.at];
    let is_star = |to: Ix| cx.node(to).entity.data.touchpoint().is_some_and(|touchpoint| touchpoint.star == Some(true));
    let extreme = match (insight.highest, insight.lowest) {
        (Some((best, _)), _) if best == col.at => "high",
        (_, Some((worst, _))) if worst == col.at => "low",
        _ => "",
    };
    Column {
        id: part.id.to_string(),
        number: col.at + 1,
        title_html: step.title.as_ref().map_or_else(|| super::super::shell::plain_html(&part.title), |title| cx.html(ix, title)),
        title: part.title.to_string(),
        alone: numbers.alone,
        star: step.touchpoints.iter().filter_map(|to| cx.handbook.follow(ix, *to)).any(is_star),
        truth: step.moment_of_truth == Some(true),
        unowned: numbers.unowned,
        edge: col.edge,
        extreme,
        journey: step.journey.and_then(|journey| cx.follow(ix, journey)),
    }
}

/// The curve of a journey for a row of columns; `pad` is the margin above and below in per cent.
fn curve(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>], insight: &JourneyInsight, pad: f64) -> CurveView {
    let known = |at: usize| insight.steps[at].known != Known::Known;
    let mut lines = Vec::new();
    for line in insight.lines.iter().filter(|line| line.values.iter().any(Option::is_some)) {
        let values: Vec<(Option<f64>, bool)> =
            cols.iter().map(|col| col.step.map_or((None, false), |_| (line.values[col.at], known(col.at)))).collect();
        let name = line.persona.map(|persona| cx.node(persona).entity.title.to_string()).unwrap_or_default();
        lines.push(line_view(cx, ix, name, cols, &values, pad));
    }
    let borders = cols
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, col)| col.edge)
        .map(|(at, _)| format!("{:.3}", at as f64 * 100.0 / cols.len() as f64))
        .collect();
    part_names(&mut lines);
    CurveView { label: curve_label(cx, ix, insight), lines, borders }
}

/// Moves the names at the ends of lines apart, so that they can be read.
fn part_names(lines: &mut [LineView]) {
    const APART: f64 = 11.0;
    let mut ends: Vec<(f64, usize)> = lines.iter().enumerate().filter_map(|(at, line)| Some((line.end.parse().ok()?, at))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut free = f64::NEG_INFINITY;
    for (end, at) in ends {
        if end < free {
            lines[at].end = format!("{free:.1}");
        }
        free = end.max(free) + APART;
    }
}

fn line_view(cx: &Cx<'_>, ix: Ix, name: String, cols: &[Col<'_>], values: &[(Option<f64>, bool)], pad: f64) -> LineView {
    let CurvePath { solid, dashed, area } = insight::path(values, pad);
    let extremes = insight::extremes(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>());
    let point = |at: usize| {
        let (value, assumed) = values[at];
        let (value, step) = (value?, cols[at].step?);
        let part = &cx.node(ix).entity.parts[step.index as usize];
        Some(PointView {
            x: format!("{:.3}", (at as f64 + 0.5) * 100.0 / cols.len() as f64),
            y: format!("{:.2}", insight::height(value, pad)),
            value: cx.words.signed(value),
            word: cx.words.feeling(value),
            number: cols[at].at + 1,
            title: part.title.to_string(),
            id: part.id.to_string(),
            extreme: match extremes[at] {
                Some(Extreme::Peak) => "high",
                Some(Extreme::Low) => "low",
                None => "",
            },
            assumed,
        })
    };
    let points: Vec<PointView> = (0..cols.len()).filter_map(point).collect();
    let end = points.last().map(|point| point.y.clone()).unwrap_or_default();
    LineView { name, path: CurvePathView { solid, dashed, area }, points, end }
}

/// The curve in one sentence.
fn curve_label(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> String {
    let parts = &cx.node(ix).entity.parts;
    let title = |at: usize| parts.get(insight.steps[at].part as usize).map_or("", |part| &*part.title);
    let (Some((best, high)), Some((worst, low))) = (insight.highest, insight.lowest) else { return String::new() };
    let highest = cx.words.fmt("ui.journey.highest", &[("step", title(best)), ("score", &cx.words.signed(high))]);
    let lowest = cx.words.fmt("ui.journey.lowest", &[("step", title(worst)), ("score", &cx.words.signed(low))]);
    format!("{}: {highest} {lowest}", cx.words.count("ui.count.steps", insight.steps.len()))
}

/// A journey's curve for a card, with its best and worst step.
pub(in super::super) fn card_curve(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> CurveView {
    let Some(journey) = cx.node(ix).entity.data.journey() else { return CurveView::default() };
    curve(cx, ix, &columns(&journey.phases), insight, 14.0)
}

/// What lies before, during and after, phase by phase where no phase says when it is.
pub(in super::super) fn card_bands(cx: &Cx<'_>, ix: Ix) -> Vec<Band> {
    cx.node(ix).entity.data.journey().map(|journey| moments(cx, &journey.phases)).unwrap_or_default()
}
