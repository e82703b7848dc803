//! Small pieces that several pages show: feelings, steps, touchpoints with their scores, improvements.
use serde::Serialize;

use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, Duty, Score};
use crate::model::{Emotion, Horizon, Part, Phase, Step, Touchpoint, TouchpointStatus, Type};

/// How many items are shown in their rich form; the rest follow as plain rows.
pub(super) const RICH: usize = 60;

/// How many cells a matrix may have; beyond that its rows are lists.
pub(super) const CELLS: usize = 4000;

/// How many more there are than are shown, in words; empty where all are.
pub(super) fn more(cx: &Cx<'_>, all: usize, shown: usize) -> String {
    if all > shown { cx.words.count("ui.count.more", all - shown) } else { String::new() }
}

/// Whether a department that this build shows leads a step.
pub(super) fn is_led(cx: &Cx<'_>, journey: Ix, step: &Step) -> bool {
    step.lead.is_some_and(|lead| cx.handbook.follow(journey, lead).is_some())
}

/// A month with the last two digits of its year.
pub(super) fn short_month(cx: &Cx<'_>, year: i16, month: i8) -> String {
    format!("{} ’{:02}", cx.words.get(&format!("month.short.{month}")), year.rem_euclid(100))
}

/// A label with what it says.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// HTML.
    pub html: String,
}

/// A feeling.
#[derive(Debug, Clone, Serialize)]
pub struct Feel {
    /// The face: `m2` to `p2`.
    pub face: &'static str,
    /// The word for it.
    pub word: String,
    /// The value with its sign.
    pub value: String,
    /// Whose, where feelings are told apart.
    pub who: String,
    /// `high`, `low` or empty.
    pub tone: &'static str,
}

/// How a step feels, for everybody or one by one.
pub(super) fn feels(cx: &Cx<'_>, journey: Ix, step: &Step) -> Vec<Feel> {
    match &step.emotion {
        None => Vec::new(),
        Some(Emotion::All(all)) => vec![feel(cx, all.0, String::new())],
        Some(Emotion::Each(each)) => {
            each.iter().filter_map(|(who, value)| Some(feel(cx, value.0, cx.follow(journey, *who)?.title))).collect()
        }
    }
}

/// How a step feels, as a piece.
pub(super) fn feel(cx: &Cx<'_>, value: f64, who: String) -> Feel {
    Feel { face: feeling_key(value), word: cx.words.feeling(value), value: cx.words.signed(value), who, tone: tone(value) }
}

/// The feeling as a key, `m2` to `p2`, with the same bounds as its word.
pub(super) fn feeling_key(value: f64) -> &'static str {
    match value {
        value if value < -1.5 => "m2",
        value if value < -0.5 => "m1",
        value if value <= 0.5 => "0",
        value if value <= 1.5 => "p1",
        _ => "p2",
    }
}

/// Whether a feeling is a good or a bad one: `high`, `low` or empty, as its face says.
pub(super) fn tone(value: f64) -> &'static str {
    match feeling_key(value) {
        "m2" | "m1" => "low",
        "p1" | "p2" => "high",
        _ => "",
    }
}

/// A step of a journey, seen from another page.
#[derive(Debug, Serialize)]
pub struct StepRow {
    /// The journey.
    pub journey: LinkView,
    /// The step.
    pub step: LinkView,
    /// Its number in the journey, from 1.
    pub number: usize,
    /// The phase it lies in.
    pub phase: String,
    /// How it feels.
    pub feels: Vec<Feel>,
    /// Who leads.
    pub lead: Option<LinkView>,
    /// Who supports or is informed.
    pub supports: Vec<LinkView>,
}

/// The step with that number among a journey's parts: its number among the steps, its phase and itself.
pub(super) fn step_of<'h>(cx: &Cx<'h>, journey: Ix, part: u32) -> Option<(usize, &'h Part<Phase>, &'h Part<Step>)> {
    let steps = cx.node(journey).entity.data.journey()?.steps();
    steps.enumerate().find(|(_, (_, step))| step.index == part).map(|(at, (phase, step))| (at + 1, phase, step))
}

/// A step of a journey as a row.
pub(super) fn step_row(cx: &Cx<'_>, journey: Ix, part: u32) -> Option<StepRow> {
    let (number, phase, step) = step_of(cx, journey, part)?;
    let (leads, supports): (Vec<_>, Vec<_>) =
        insight::duties(cx.handbook, journey, step).into_iter().partition(|(_, duty)| *duty == Duty::Leads);
    Some(StepRow {
        journey: cx.link(journey),
        step: cx.part_link(journey, part),
        number,
        phase: part_title(cx, journey, phase.index),
        feels: feels(cx, journey, step),
        lead: leads.first().map(|(department, _)| cx.link(*department)),
        supports: supports.into_iter().map(|(department, _)| cx.link(department)).collect(),
    })
}

/// What a part is called.
pub(super) fn part_title(cx: &Cx<'_>, ix: Ix, part: u32) -> String {
    cx.node(ix).entity.parts.get(part as usize).map(|part| part.title.to_string()).unwrap_or_default()
}

/// A score against its target.
#[derive(Debug, Serialize)]
pub struct ScoreView {
    /// The score.
    pub value: String,
    /// When.
    pub date: String,
    /// The visit.
    pub visit: LinkView,
    /// The target; empty where there is none.
    pub target: String,
    /// Under the target.
    pub below: bool,
}

/// A score as it is shown.
pub(super) fn score_view(cx: &Cx<'_>, score: &Score, target: Option<f64>) -> ScoreView {
    ScoreView {
        value: cx.words.number(score.score),
        date: cx.words.date(score.date),
        visit: cx.link(score.visit),
        target: target.map(|target| cx.words.number(target)).unwrap_or_default(),
        below: target.is_some_and(|target| score.score < target),
    }
}

/// A touchpoint in a table.
#[derive(Debug, Serialize)]
pub struct TouchpointRow {
    /// The touchpoint.
    pub link: LinkView,
    /// Its channel.
    pub channel: Option<LinkView>,
    /// Who runs it.
    pub department: Option<LinkView>,
    /// A distinctive strength.
    pub star: bool,
    /// Planned or retired, in words; empty for a live one.
    pub status: String,
    /// The newest score.
    pub latest: Option<ScoreView>,
}

/// A touchpoint as a row.
pub(super) fn touchpoint_row(cx: &Cx<'_>, ix: Ix) -> Option<TouchpointRow> {
    let data = cx.node(ix).entity.data.touchpoint()?;
    let scores = insight::scores(cx.handbook, ix);
    Some(TouchpointRow {
        link: cx.link(ix),
        channel: data.channel.and_then(|channel| cx.follow(ix, channel)),
        department: data.department.and_then(|department| cx.follow(ix, department)),
        star: data.star == Some(true),
        status: unusual_status(cx, data),
        latest: scores.last().map(|score| score_view(cx, score, data.target.map(|target| target.0))),
    })
}

/// The word for a touchpoint that is not live.
pub(super) fn unusual_status(cx: &Cx<'_>, data: &Touchpoint) -> String {
    let status = data.status();
    if status == TouchpointStatus::Live { String::new() } else { cx.words.choice("touchpoint", "status", status.word()) }
}

/// An improvement in a list.
#[derive(Debug, Serialize)]
pub struct ImprovementRow {
    /// The improvement.
    pub link: LinkView,
    /// `quick`, `long`, `pers` or empty.
    pub horizon: &'static str,
    /// The word for it.
    pub horizon_word: String,
    /// Where it stands.
    pub status: String,
    /// The figure before, the one it is to reach, and what it did.
    pub moved: Vec<String>,
}

/// The improvements that refer to an entity by any of these fields, in order.
pub(super) fn improvement_rows(cx: &Cx<'_>, ix: Ix, relations: &[&str]) -> Vec<ImprovementRow> {
    improvements(cx, refer(cx, ix, Type::Improvement, relations))
}

/// Improvements as rows.
pub(super) fn improvements(cx: &Cx<'_>, found: Vec<Ix>) -> Vec<ImprovementRow> {
    found.into_iter().filter_map(|from| improvement_row(cx, from)).collect()
}

fn improvement_row(cx: &Cx<'_>, ix: Ix) -> Option<ImprovementRow> {
    let item = cx.node(ix).entity.data.improvement()?;
    let horizon = match item.horizon {
        Some(Horizon::QuickWin) => "quick",
        Some(Horizon::LongTerm) => "long",
        Some(Horizon::Personalisation) => "pers",
        None => "",
    };
    Some(ImprovementRow {
        link: cx.link(ix),
        horizon,
        horizon_word: item.horizon.map(|word| cx.words.choice("improvement", "horizon", word.word())).unwrap_or_default(),
        status: cx.words.choice("improvement", "status", item.status().word()),
        moved: [&item.baseline, &item.goal, &item.result].into_iter().map(|text| cx.html_or(ix, text)).collect(),
    })
}

/// Entities of a type that refer to another by any of these fields, each once, in order.
pub(super) fn refer(cx: &Cx<'_>, ix: Ix, kind: Type, relations: &[&str]) -> Vec<Ix> {
    insight::referring(cx.handbook, ix, kind, relations).into_iter().collect()
}

/// A rank from 1 to 5 as boxes.
#[derive(Debug, Serialize)]
pub struct Rank {
    /// In words.
    pub words: String,
    /// For each box whether it is filled, with its place.
    pub boxes: Vec<RankBox>,
}

/// A box of a rank.
#[derive(Debug, Serialize)]
pub struct RankBox {
    /// Where it stands.
    pub x: u32,
    /// Filled.
    pub on: bool,
}

/// A rank from 1 to 5.
pub(super) fn rank(cx: &Cx<'_>, value: f64) -> Rank {
    let boxes = (0..5u32).map(|at| RankBox { x: at * 12, on: f64::from(at) + 0.5 < value }).collect();
    Rank { words: cx.words.fmt("format.of", &[("n", &cx.words.number(value)), ("total", "5")]), boxes }
}
