//! The page of a journey: the map, and what else a journey has.
mod lanes;
mod versions;

use serde::Serialize;

use super::entity::{EntityPage, entity_page, part_html};
use super::lazy::{Lazy, LazyData};
use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, CurvePath, Extreme, JourneyInsight};
use crate::model::{Known, Lens, Moment, Part, Phase, Step, Type};
pub use lanes::{Cell, Item, Lane};
pub use versions::{DifferenceRow, FrameworkRow};

/// The page of a journey.
#[derive(Debug, Serialize)]
pub struct JourneyPage {
    /// What every entity has.
    pub page: EntityPage,
    /// Whose journey it is.
    pub personas: Vec<LinkView>,
    /// As it is, as it is to be …
    pub state: String,
    /// Through whose eyes, in words; and whether those look from inside the company.
    pub lens: String,
    /// True where the lens looks from inside.
    pub inside_out: bool,
    /// The conclusion in sentences.
    pub findings: Vec<String>,
    /// Known and assumed steps, in words.
    pub evidence_words: String,
    /// The map.
    pub map: Lazy<MapView>,
    /// Groups of lanes that can be switched on and off.
    pub groups: Vec<LaneGroup>,
    /// The curve in one sentence.
    pub curve_label: String,
    /// Long texts of phases and steps, in order.
    pub texts: Vec<PartText>,
    /// The journey through its framework.
    pub framework: Option<LinkView>,
    /// Its rows.
    pub framework_rows: Vec<FrameworkRow>,
    /// The other state of this journey.
    pub counterpart: Option<LinkView>,
    /// The differences, step by step.
    pub differences: Vec<DifferenceRow>,
    /// Journeys that detail this one or a step of it.
    pub children: Vec<LinkView>,
    /// Preparation: what is there and what is not.
    pub readiness: Vec<Ready>,
}

/// A point of preparation.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// The field's label.
    pub label: String,
    /// Whether it is there.
    pub done: bool,
}

/// The long text of a phase or step.
#[derive(Debug, Serialize)]
pub struct PartText {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The text.
    pub html: String,
}

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
    pub lanes: Vec<Lane>,
}

/// A group of lanes with one switch.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct LaneGroup {
    /// Its key.
    pub key: &'static str,
    /// Its label.
    pub label: String,
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

/// Fields of a journey that the page shows in its own way.
const SHOWN: [&str; 7] = ["phases", "personas", "state", "lens", "framework", "counterpart", "parent"];

/// The page of a journey.
pub fn journey_page(cx: &Cx<'_>, ix: Ix) -> Option<JourneyPage> {
    let node = cx.node(ix);
    let journey = node.entity.data.journey()?;
    let insight = insight::journey(cx.handbook, ix);
    let mut page = entity_page(cx, ix, &SHOWN[..6]);
    page.shell.class = "p-entity p-map".into();
    let map = map(cx, ix, &insight);
    let lens = journey.lens.map(|lens| cx.words.choice("journey", "lens", lens.word())).unwrap_or_default();
    Some(JourneyPage {
        personas: cx.follow_all(ix, &journey.personas),
        state: cx.words.choice("journey", "state", journey.state().word()),
        lens,
        inside_out: matches!(journey.lens, Some(Lens::Functional | Lens::Target | Lens::Engagement)),
        findings: findings(cx, ix, &insight),
        evidence_words: evidence_words(cx, &insight),
        groups: groups(cx, &map),
        curve_label: map.curve.label.clone(),
        map: Lazy::new(map),
        texts: texts(cx, ix),
        framework: journey.framework.and_then(|framework| cx.follow(ix, framework)),
        framework_rows: versions::framework_rows(cx, ix),
        counterpart: insight::counterpart(cx.handbook, ix).map(|other| cx.link(other)),
        differences: versions::difference_rows(cx, ix),
        children: children(cx, ix),
        readiness: readiness(cx, ix),
        page,
    })
}

fn evidence_words(cx: &Cx<'_>, insight: &JourneyInsight) -> String {
    let counts = [insight.known, insight.assumed, insight.unknown].map(|n| n.to_string());
    cx.words.fmt("ui.journey.known_count", &[("known", &counts[0]), ("assumed", &counts[1]), ("unknown", &counts[2])])
}

/// The conclusion: lows that nothing is done about, steps that belong to nobody, the widest gap.
fn findings(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> Vec<String> {
    let parts = &cx.node(ix).entity.parts;
    let title = |part: u32| parts.get(part as usize).map_or("", |part| &*part.title);
    let mut out = Vec::new();
    if let Some((at, value)) = insight.lowest.filter(|(_, value)| *value < 0.0) {
        out.push(cx.words.fmt("ui.journey.lowest", &[("step", title(insight.steps[at].part)), ("score", &cx.words.signed(value))]));
    }
    let unowned: Vec<&str> = insight.steps.iter().filter(|step| step.unowned).map(|step| title(step.part)).collect();
    if !unowned.is_empty() {
        out.push(format!("{} ({})", cx.words.count("ui.journey.nobody_count", unowned.len()).trim_end_matches('.'), unowned.join(", ")));
    }
    if let Some(gap) = insight.gaps.iter().max_by(|a, b| a.size().total_cmp(&b.size())).filter(|gap| gap.size() >= insight::WIDE_GAP) {
        let numbers = (cx.words.number(gap.relevance), cx.words.number(gap.presence));
        out.push(
            cx.words.fmt("ui.journey.widest_gap", &[("phase", title(gap.phase)), ("relevance", &numbers.0), ("presence", &numbers.1)]),
        );
    }
    out
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

fn map(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> MapView {
    let Some(journey) = cx.node(ix).entity.data.journey() else { return MapView::default() };
    let cols = columns(&journey.phases);
    let lanes = lanes::lanes(cx, ix, &cols, insight);
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

/// The groups of a map's lanes, in order.
fn groups(cx: &Cx<'_>, map: &MapView) -> Vec<LaneGroup> {
    let mut groups: Vec<LaneGroup> = Vec::new();
    for lane in &map.lanes {
        if !groups.iter().any(|group| group.key == lane.group) {
            groups.push(LaneGroup { key: lane.group, label: cx.words.get(lanes::group_words(lane.group)) });
        }
    }
    groups
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
        title_html: step.title.as_ref().map_or_else(|| super::shell::plain_html(&part.title), |title| cx.html(ix, title)),
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
    CurveView { label: curve_label(cx, ix, insight), lines, borders }
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
pub(super) fn card_curve(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> CurveView {
    let Some(journey) = cx.node(ix).entity.data.journey() else { return CurveView::default() };
    curve(cx, ix, &columns(&journey.phases), insight, 14.0)
}

/// What lies before, during and after, phase by phase where no phase says when it is.
pub(super) fn card_bands(cx: &Cx<'_>, ix: Ix) -> Vec<Band> {
    cx.node(ix).entity.data.journey().map(|journey| moments(cx, &journey.phases)).unwrap_or_default()
}

fn texts(cx: &Cx<'_>, ix: Ix) -> Vec<PartText> {
    let parts = &cx.node(ix).entity.parts;
    let text =
        |at: usize| PartText { id: parts[at].id.to_string(), title: parts[at].title.to_string(), html: part_html(cx, ix, at as u32, 1) };
    (0..parts.len()).map(text).filter(|text| !text.html.trim().is_empty()).collect()
}

fn children(cx: &Cx<'_>, ix: Ix) -> Vec<LinkView> {
    insight::referring(cx.handbook, ix, Type::Journey, &["parent"]).into_iter().map(|child| cx.link(child)).collect()
}

/// What a journey should have before anybody maps it.
fn readiness(cx: &Cx<'_>, ix: Ix) -> Vec<Ready> {
    let node = cx.node(ix);
    let Some(journey) = node.entity.data.journey() else { return Vec::new() };
    let contact = journey.participants.iter().any(|participant| participant.customer_contact == Some(true));
    let points = [
        ("purpose", journey.purpose.is_some()),
        ("owner", cx.owner(ix).is_some()),
        ("sponsor", journey.sponsor.is_some()),
        ("challenger", journey.challenger.is_some()),
        ("participants", !journey.participants.is_empty()),
        ("customer_contact", contact),
        ("follow_up", journey.follow_up.is_some()),
    ];
    let record = |name: &str| {
        if name == "owner" {
            "every type"
        } else if name == "customer_contact" {
            "participant"
        } else {
            "journey"
        }
    };
    points.into_iter().map(|(name, done)| Ready { label: cx.words.field(record(name), name), done }).collect()
}
