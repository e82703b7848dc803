//! The map of a journey: its heads and its curve; what stands under them are the lanes.
use serde::Serialize;

use super::super::entity::part_html;
use super::super::lazy::LazyData;
use super::super::{Cx, LinkView};
use super::curve::{CurveView, PAD, curve, with_counterpart};
use crate::handbook::Ix;
use crate::handbook::Target;
use crate::insight::JourneyInsight;
use crate::markup::escape;
use crate::model::{Moment, Part, Phase, Step};

/// The map: a table of lanes by steps.
#[derive(Debug, Default, Serialize)]
pub struct MapView {
    /// What the table is, in words.
    pub caption: String,
    /// How many columns.
    pub columns: usize,
    /// The runs of columns that are printed on a sheet each; one where all fit on one.
    pub sheets: Vec<Sheet>,
    /// Bands of phases that lie before, during or after.
    pub moments: Vec<Band>,
    /// The phases.
    pub phases: Vec<Band>,
    /// The steps; a phase without steps has one empty column.
    pub steps: Vec<Column>,
    /// Ways on that do not lead to the next step.
    pub flows: Vec<Flow>,
    /// The curve.
    pub curve: CurveView,
    /// The ends of its scale in words.
    pub scale: (String, String),
    /// What backs the map, numbered from 1 in this order.
    pub evidence: Vec<LinkView>,
    /// The lanes, empty ones left out.
    pub lanes: Vec<super::Lane>,
}

/// Columns that stand on one sheet of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// The first.
    pub from: usize,
    /// The one after the last.
    pub to: usize,
}

/// A way on that does not lead to the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The column that it leaves.
    pub from: usize,
    /// The column that it comes to.
    pub to: usize,
    /// How far below the heads it runs, so that ways do not lie on each other.
    pub track: usize,
}

/// A heading over several columns.
#[derive(Debug, Serialize)]
pub struct Band {
    /// Anchor, if it has one.
    pub id: String,
    /// What it says.
    pub title: String,
    /// Its long text.
    pub text_html: String,
    /// The first column that it spans.
    pub from: usize,
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
    /// The step's long text.
    pub text_html: String,
    /// A journey that details it.
    pub journey: Option<LinkView>,
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

pub(super) fn columns(phases: &[Part<Phase>]) -> Vec<Col<'_>> {
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
    let mut curve = curve(cx, ix, &cols, insight, PAD);
    with_counterpart(cx, ix, &cols, &mut curve);
    let sheets = sheets(&cols);
    MapView {
        caption: caption(cx, ix, sheets.len()),
        columns: cols.len(),
        sheets,
        moments: moments(cx, &journey.phases),
        phases: phases(cx, ix, &journey.phases),
        steps: cols.iter().map(|col| column(cx, ix, col, insight)).collect(),
        flows: flows(cx, ix, &cols),
        curve,
        scale: (cx.words.feeling(2.0), cx.words.feeling(-2.0)),
        evidence: super::lanes::evidence(&lanes),
        lanes,
    }
}

/// What the table is; where there are several, each says its steps beside the title.
fn caption(cx: &Cx<'_>, ix: Ix, sheets: usize) -> String {
    let title = &cx.node(ix).entity.title;
    if sheets == 1 { cx.words.fmt("ui.journey.map_caption", &[("title", title)]) } else { title.to_string() }
}

/// How many columns are still legible on a sheet of A3.
const SHEET: usize = 14;

/// Parts a long journey into sheets of about the same width, between phases where that is possible.
fn sheets(cols: &[Col<'_>]) -> Vec<Sheet> {
    let mut out = Vec::new();
    let mut from = 0;
    for left in (1..=cols.len().div_ceil(SHEET)).rev() {
        let fair = (cols.len() - from).div_ceil(left);
        let most = SHEET.min(cols.len() - from);
        // What is left has to fit on the sheets that are left.
        let least = (cols.len() - from).saturating_sub((left - 1) * SHEET).max(1);
        let at_phase = (least..=most).filter(|wide| cols.get(from + wide).is_none_or(|col| col.edge));
        let wide = at_phase.min_by_key(|wide| wide.abs_diff(fair)).filter(|wide| wide.abs_diff(fair) <= 3).unwrap_or(fair);
        out.push(Sheet { from, to: from + wide });
        from += wide;
    }
    out
}

/// Ways on that jump ahead or lead back. Each runs as near to the heads as those that it would cross allow.
fn flows(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>]) -> Vec<Flow> {
    let column_of = |part: u32| cols.iter().position(|col| col.step.is_some_and(|step| step.index == part));
    let ways = cols.iter().enumerate().flat_map(|(from, col)| {
        let nexts = col.step.map_or(&[][..], |step| &step.next);
        nexts.iter().filter_map(move |next| match cx.node(ix).of(next.to?) {
            Target::Part(_, part) => Some((from, column_of(*part)?)),
            _ => None,
        })
    });
    let mut ways: Vec<(usize, usize)> = ways.filter(|(from, to)| *to != from + 1).collect();
    ways.sort_by_key(|(from, to)| (from.abs_diff(*to), *from));
    ways.dedup();
    let mut flows: Vec<Flow> = Vec::new();
    for (from, to) in ways {
        let meets = |flow: &&Flow| flow.from.min(flow.to) <= from.max(to) && from.min(to) <= flow.from.max(flow.to);
        let track = flows.iter().filter(meets).map(|flow| flow.track + 1).max().unwrap_or(0);
        flows.push(Flow { from, to, track });
    }
    flows
}

impl LazyData for MapView {
    fn is_empty(&self) -> bool {
        self.columns == 0
    }
}

fn moment_word(moment: Option<Moment>) -> &'static str {
    moment.map_or("", Moment::word)
}

fn phases(cx: &Cx<'_>, ix: Ix, phases: &[Part<Phase>]) -> Vec<Band> {
    let mut from = 0;
    let band = |phase: &Part<Phase>| {
        let part = &cx.node(ix).entity.parts[phase.index as usize];
        let span = phase.steps.len().max(1);
        from += span;
        Band {
            id: part.id.to_string(),
            title: part.title.to_string(),
            text_html: part_html(cx, ix, phase.index, 1),
            from: from - span,
            span,
            steps: phase.steps.len(),
            moment: moment_word(phase.moment),
        }
    };
    phases.iter().map(band).collect()
}

/// Phases of one moment that follow each other make one band.
fn moments(cx: &Cx<'_>, phases: &[Part<Phase>]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut from = 0;
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
                bands.push(Band { id: String::new(), title, text_html: String::new(), from, span, steps, moment });
            }
        }
        from += span;
    }
    if bands.iter().all(|band| band.moment.is_empty()) { Vec::new() } else { bands }
}

fn column(cx: &Cx<'_>, ix: Ix, col: &Col<'_>, insight: &JourneyInsight) -> Column {
    let Some(step) = col.step else { return Column { edge: true, ..Column::default() } };
    let node = cx.node(ix);
    let part = &node.entity.parts[step.index as usize];
    let numbers = &insight.steps[col.at];
    let is_star = |to: Ix| cx.node(to).entity.data.touchpoint().is_some_and(|touchpoint| touchpoint.star == Some(true));
    Column {
        id: part.id.to_string(),
        number: col.at + 1,
        title_html: step.title.as_ref().map_or_else(|| escape(&part.title), |title| cx.html(ix, title)),
        title: part.title.to_string(),
        alone: numbers.alone,
        star: step.touchpoints.iter().filter_map(|to| cx.handbook.follow(ix, *to)).any(is_star),
        truth: step.moment_of_truth == Some(true),
        unowned: numbers.unowned,
        edge: col.edge,
        text_html: part_html(cx, ix, step.index, 1),
        journey: step.journey.and_then(|journey| cx.follow(ix, journey)),
    }
}

/// What lies before, during and after, phase by phase where no phase says when it is.
pub(in super::super) fn card_bands(cx: &Cx<'_>, ix: Ix) -> Vec<Band> {
    cx.node(ix).entity.data.journey().map(|journey| moments(cx, &journey.phases)).unwrap_or_default()
}
