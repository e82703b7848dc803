//! The page of a metric.
use serde::Serialize;

use super::Cx;
use super::entity::{EntityPage, entity_page};
use super::pieces::{self, ImprovementRow};
use super::trend::{Trend, trend};
use crate::handbook::{Ix, Value};
use crate::model::{Direction, Metric};

/// The page of a metric.
#[derive(Debug, Serialize)]
pub struct MetricPage {
    /// What every entity has.
    pub page: EntityPage,
    /// What it is counted in.
    pub unit_html: String,
    /// Which way is better, in words.
    pub direction: String,
    /// The newest value.
    pub latest: Option<ValueRow>,
    /// What it should reach.
    pub target: String,
    /// Whether it does, in words.
    pub verdict: String,
    /// Whether it falls short.
    pub short: bool,
    /// The values over time.
    pub trend: Option<Trend>,
    /// The same as rows, newest first.
    pub values: Vec<ValueRow>,
    /// Whether any value says from how many answers it is.
    pub counted: bool,
    /// What is to move it.
    pub improvements: Vec<ImprovementRow>,
}

/// A value.
#[derive(Debug, Serialize)]
pub struct ValueRow {
    /// When.
    pub date: String,
    /// How much.
    pub value: String,
    /// From how many answers.
    pub n: String,
}

/// The page of a metric.
pub fn metric_page(cx: &Cx<'_>, ix: Ix) -> Option<MetricPage> {
    let data = cx.node(ix).entity.data.metric()?;
    let mut page = entity_page(cx, ix, &["unit", "direction", "target", "series"]);
    page.shell.class = "p-entity p-metric".into();
    page.take_backlinks(|relation| relation == "improvement-metric");
    let series = values(cx, ix);
    let target = data.target.map(|target| target.0);
    let points: Vec<_> = series.iter().map(|value| (value.date, value.value)).collect();
    let (verdict, short) = verdict(cx, data, series.last());
    Some(MetricPage {
        unit_html: cx.html_or(ix, &data.unit),
        direction: data.direction.map(|direction| direction_words(cx, direction)).unwrap_or_default(),
        latest: series.last().map(|value| value_row(cx, value)),
        target: target.map(|target| cx.words.number(target)).unwrap_or_default(),
        verdict,
        short,
        trend: trend(cx, &cx.node(ix).entity.title, &points, target),
        values: series.iter().rev().map(|value| value_row(cx, value)).collect(),
        counted: series.iter().any(|value| value.n.is_some()),
        improvements: pieces::improvement_rows(cx, ix, &["metric"]),
        page,
    })
}

/// A metric's values in order of date.
pub(super) fn values<'h>(cx: &Cx<'h>, ix: Ix) -> &'h [Value] {
    cx.handbook.series.get(&ix).map_or(&[], Vec::as_slice)
}

fn direction_words(cx: &Cx<'_>, direction: Direction) -> String {
    cx.words.get(match direction {
        Direction::Up => "ui.metric.better_up",
        Direction::Down => "ui.metric.better_down",
    })
}

fn value_row(cx: &Cx<'_>, value: &Value) -> ValueRow {
    ValueRow {
        date: cx.words.date(value.date),
        value: cx.words.number(value.value),
        n: value.n.map(|n| cx.words.number(n)).unwrap_or_default(),
    }
}

/// Whether the newest value reaches the target, in words.
fn verdict(cx: &Cx<'_>, data: &Metric, latest: Option<&Value>) -> (String, bool) {
    let (Some(latest), Some(target)) = (latest, data.target) else { return (String::new(), false) };
    let missing = match data.direction {
        Some(Direction::Down) => latest.value - target.0,
        _ => target.0 - latest.value,
    };
    if missing > 0.0 {
        (cx.words.fmt("ui.metric.short_of", &[("n", &cx.words.number(missing))]), true)
    } else {
        (cx.words.get("ui.metric.reached"), false)
    }
}
