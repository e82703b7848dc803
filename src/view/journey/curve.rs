//! The curve of a journey: its lines, their points, and where each is drawn.
use serde::Serialize;

use super::super::Cx;
use super::super::pieces::feeling_key;
use super::map::{Col, columns};
use crate::handbook::Ix;
use crate::insight::{self, CurvePath, Extreme, JourneyInsight};
use crate::model::Known;

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
    /// Its column, from 0.
    pub column: usize,
    /// Per cent of the width.
    pub x: String,
    /// Per cent of the height, from the top.
    pub y: String,
    /// The same as a number, for who lays something beside it.
    #[serde(skip)]
    pub height: f64,
    /// The value as it is shown.
    pub value: String,
    /// The face for it: `m2` to `p2`.
    pub face: &'static str,
    /// The step's anchor, on a journey's own curve.
    pub id: String,
    /// `high`, `low` or empty.
    pub extreme: &'static str,
    /// Guessed.
    pub assumed: bool,
}

/// A feeling, and whether it is a guess.
pub(super) type Felt = Option<(f64, bool)>;

/// The curve of a journey for a row of columns; `pad` is the margin above and below in per cent.
pub(super) fn curve(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>], insight: &JourneyInsight, pad: f64) -> CurveView {
    let guessed = |at: usize| insight.steps[at].known != Known::Known;
    let id_of = |col: &Col<'_>| col.step.map(|step| cx.node(ix).entity.parts[step.index as usize].id.to_string()).unwrap_or_default();
    let mut lines = Vec::new();
    for line in insight.lines.iter().filter(|line| line.values.iter().any(Option::is_some)) {
        let felt = |col: &Col<'_>| col.step.and_then(|_| Some((line.values[col.at]?, guessed(col.at))));
        let values: Vec<Felt> = cols.iter().map(felt).collect();
        let name = line.persona.map(|persona| cx.node(persona).entity.title.to_string()).unwrap_or_default();
        let mut view = line_view(cx, name, &values, pad);
        view.points.iter_mut().for_each(|point| point.id = id_of(&cols[point.column]));
        lines.push(view);
    }
    let borders = cols.iter().enumerate().skip(1).filter(|(_, col)| col.edge);
    let borders = borders.map(|(at, _)| format!("{:.3}", at as f64 * 100.0 / cols.len() as f64)).collect();
    part_names(&mut lines);
    CurveView { label: curve_label(cx, ix, insight), lines, borders }
}

/// Named lines over the same columns.
pub(super) fn plain_curve(cx: &Cx<'_>, named: Vec<(String, Vec<Felt>)>) -> CurveView {
    let mut lines: Vec<LineView> = named.into_iter().map(|(name, values)| line_view(cx, name, &values, PAD)).collect();
    part_names(&mut lines);
    CurveView { lines, ..CurveView::default() }
}

/// Lays the journey's other state as a second line over the curve, where both have the step and all personas are told of as one.
pub(super) fn with_counterpart(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>], curve: &mut CurveView) {
    let Some(other) = insight::counterpart(cx.handbook, ix).filter(|_| curve.lines.len() == 1) else { return };
    let numbers = insight::journey(cx.handbook, other);
    let (mine, theirs) = (&cx.node(ix).entity.parts, &cx.node(other).entity.parts);
    let felt = |col: &Col<'_>| {
        let id = &mine[col.step?.index as usize].id;
        let step = numbers.steps.iter().find(|step| theirs[step.part as usize].id == *id)?;
        Some((step.lowest?, step.known != Known::Known))
    };
    let values: Vec<Felt> = cols.iter().map(felt).collect();
    if values.iter().any(Option::is_some) {
        curve.lines[0].name = super::versions::state_word(cx, ix);
        curve.lines.push(line_view(cx, super::versions::state_word(cx, other), &values, PAD));
        part_names(&mut curve.lines);
    }
}

/// The margin of the map's curve in per cent.
pub(super) const PAD: f64 = 11.0;

/// Names stand on the ends of their lines; where another line or name is close above, below them.
fn part_names(lines: &mut [LineView]) {
    const APART: f64 = 11.0;
    const BELOW: f64 = 8.0;
    let mut ends: Vec<(f64, usize)> = lines.iter().enumerate().filter_map(|(at, line)| Some((line.end.parse().ok()?, at))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut free, mut above) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (end, at) in ends {
        let place = if end < free || end - above < APART { free.max(end + BELOW) } else { end };
        lines[at].end = format!("{place:.1}");
        (free, above) = (place + APART, end);
    }
}

fn line_view(cx: &Cx<'_>, name: String, values: &[Felt], pad: f64) -> LineView {
    let apart: Vec<(Option<f64>, bool)> =
        values.iter().map(|felt| felt.map_or((None, false), |(value, guess)| (Some(value), guess))).collect();
    let CurvePath { solid, dashed, area } = insight::path(&apart, pad);
    let extremes = insight::extremes(&apart.iter().map(|(value, _)| *value).collect::<Vec<_>>());
    let point = |at: usize| {
        let (value, assumed) = values[at]?;
        let height = insight::height(value, pad);
        Some(PointView {
            column: at,
            x: format!("{:.3}", (at as f64 + 0.5) * 100.0 / values.len() as f64),
            y: format!("{height:.2}"),
            height,
            value: cx.words.signed(value),
            face: feeling_key(value),
            id: String::new(),
            extreme: match extremes[at] {
                Some(Extreme::Peak) => "high",
                Some(Extreme::Low) => "low",
                None => "",
            },
            assumed,
        })
    };
    let points: Vec<PointView> = (0..values.len()).filter_map(point).collect();
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
