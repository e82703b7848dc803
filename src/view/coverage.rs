//! What is covered, and where the blanks are.
use std::collections::BTreeMap;

use serde::Serialize;

use super::department::duty_name;
use super::list::by_title;
use super::pieces::{self, CELLS, RICH, is_led};
use super::{Cx, LinkView, Shell};
use crate::handbook::Ix;
use crate::insight::{self, Coverage, Duty, Score};
use crate::model::{Step, Type};

/// The coverage page.
#[derive(Debug, Serialize)]
pub struct CoveragePage {
    /// The frame.
    pub shell: Shell,
    /// Where the largest blanks are, in a sentence or more.
    pub finding: String,
    /// Journeys by personas.
    pub personas: Option<Matrix>,
    /// Journeys by what their steps say.
    pub lanes: Option<Matrix>,
    /// Steps by departments, journey by journey.
    pub departments: Vec<Matrix>,
    /// Further journeys, without their matrix.
    pub more: Vec<MatrixRow>,
    /// Touchpoints by months.
    pub months: Option<Matrix>,
    /// Steps of frameworks by journeys.
    pub frameworks: Vec<Matrix>,
}

/// A matrix, or the same row by row where it would be too big.
#[derive(Debug, Serialize)]
pub struct Matrix {
    /// What it is about.
    pub title: LinkView,
    /// How many blanks there are, in words.
    pub blanks: String,
    /// The label of the rows.
    pub corner: String,
    /// The columns.
    pub heads: Vec<LinkView>,
    /// The rows.
    pub rows: Vec<MatrixRow>,
    /// Rows hold links instead of cells.
    pub listed: bool,
}

/// A row.
#[derive(Debug, Serialize)]
pub struct MatrixRow {
    /// What it is about.
    pub head: LinkView,
    /// A cell for each column, where the matrix is drawn.
    pub cells: Vec<MatrixCell>,
    /// What is filled, where it is not.
    pub links: Vec<LinkView>,
    /// What is said of the row: its blanks.
    pub note: String,
}

/// A cell.
#[derive(Debug, Default, Serialize)]
pub struct MatrixCell {
    /// Where it leads, if elsewhere than its row: the whole row is a link to what it is about, blanks included.
    pub url: String,
    /// What stands in it: a number, or the word that its mark stands for.
    pub text: String,
    /// How it is marked: `L`, `S`, `I` (leads, supports, is informed), `on`, `few`, `ok`, `below`, or empty.
    pub class: &'static str,
    /// More about it, for a cell that is a link.
    pub label: String,
}

/// The coverage page.
pub fn coverage_page(cx: &Cx<'_>) -> CoveragePage {
    let title = cx.words.get("ui.coverage.title");
    let coverage = Coverage::of(cx.handbook);
    let (departments, more) = departments(cx, &coverage);
    CoveragePage {
        shell: Shell::new(cx, &title, &cx.words.get("ui.coverage.lede"), "p-coverage").crumb(&title, String::new()),
        finding: finding(cx, &coverage),
        personas: personas(cx, &coverage),
        lanes: lanes(cx),
        departments,
        more,
        months: months(cx, &coverage),
        frameworks: frameworks(cx),
    }
}

/// A matrix of rows and columns whose cells are looked up; drawn only where it is not too big.
fn matrix(cx: &Cx<'_>, title: LinkView, corner: &str, heads: Vec<LinkView>, rows: Vec<(LinkView, BTreeMap<usize, MatrixCell>)>) -> Matrix {
    let listed = heads.len() * rows.len() > CELLS;
    let filled: usize = rows.iter().map(|(_, cells)| cells.len()).sum();
    let columns = heads.len();
    let blanks = cx.words.count("ui.coverage.blank", heads.len() * rows.len() - filled);
    let row = |(head, mut cells): (LinkView, BTreeMap<usize, MatrixCell>)| {
        let note = cx.words.count("ui.coverage.blank", columns - cells.len());
        if !listed {
            let cells = (0..columns).map(|at| cells.remove(&at).unwrap_or_default()).collect();
            return MatrixRow { head, cells, links: Vec::new(), note };
        }
        let link = |(at, cell): (usize, MatrixCell)| {
            let title = if cell.text.is_empty() { heads[at].title.clone() } else { format!("{}: {}", heads[at].title, cell.text) };
            let url = if cell.url.is_empty() { heads[at].url.clone() } else { cell.url };
            LinkView { title, url, kind: "" }
        };
        MatrixRow { head, cells: Vec::new(), links: cells.into_iter().map(link).collect(), note }
    };
    let rows = rows.into_iter().map(row).collect();
    Matrix {
        title,
        blanks,
        corner: cx.words.get(&format!("type.{corner}.heading")),
        rows,
        listed,
        heads: if listed { Vec::new() } else { heads },
    }
}

fn heading(title: String) -> LinkView {
    LinkView { title, ..LinkView::default() }
}

/// Journeys by personas.
fn personas(cx: &Cx<'_>, coverage: &Coverage) -> Option<Matrix> {
    let mut journeys: Vec<Ix> = cx.handbook.of_type(Type::Journey).collect();
    if journeys.is_empty() || coverage.personas.is_empty() {
        return None;
    }
    by_title(cx, &mut journeys);
    let mut by_journey: BTreeMap<Ix, BTreeMap<usize, MatrixCell>> = BTreeMap::new();
    for (at, (_, journeys)) in coverage.personas.iter().enumerate() {
        for journey in journeys {
            by_journey.entry(*journey).or_default().insert(at, mark(cx.words.get("ui.coverage.covered"), "on"));
        }
    }
    let heads = coverage.personas.iter().map(|(persona, _)| cx.link(*persona)).collect();
    let rows = journeys.into_iter().map(|journey| (cx.link(journey), by_journey.remove(&journey).unwrap_or_default())).collect();
    Some(matrix(cx, heading(cx.words.get("ui.coverage.persona_journey")), "journey", heads, rows))
}

/// Steps by departments for the first of many journeys; of the others, how many steps nobody leads.
fn departments(cx: &Cx<'_>, coverage: &Coverage) -> (Vec<Matrix>, Vec<MatrixRow>) {
    let (mut drawn, mut more) = (Vec::new(), Vec::new());
    let mut cells = 0;
    for (journey, duties) in &coverage.departments {
        let steps = cx.node(*journey).entity.data.journey().map_or(0, |data| data.steps().count());
        cells += steps * duties.len();
        if !duties.is_empty() && drawn.len() < RICH && cells <= CELLS {
            drawn.push(duty_matrix(cx, *journey, duties));
        } else {
            more.push(MatrixRow { head: cx.link(*journey), cells: Vec::new(), links: Vec::new(), note: unled(cx, *journey) });
        }
    }
    (drawn, more)
}

fn unled(cx: &Cx<'_>, journey: Ix) -> String {
    match cx.handbook.steps(journey).filter(|(_, step)| !is_led(cx, journey, step)).count() {
        0 => String::new(),
        count => cx.words.count("ui.journey.nobody_count", count),
    }
}

fn duty_matrix(cx: &Cx<'_>, journey: Ix, duties: &BTreeMap<Ix, BTreeMap<u32, Duty>>) -> Matrix {
    let heads: Vec<LinkView> = duties.keys().map(|department| cx.link(*department)).collect();
    let rows = cx.handbook.steps(journey).map(|(_, step)| {
        let link = cx.part_link(journey, step.index);
        let cell = |duty: &Duty| mark(cx.words.get(&format!("ui.lane.{}", duty_name(*duty))), duty_class(*duty));
        let cells = duties.values().enumerate().filter_map(|(at, does)| Some((at, cell(does.get(&step.index)?)))).collect();
        (link, cells)
    });
    let rows = rows.collect();
    let mut out = matrix(cx, cx.link(journey), "step", heads, rows);
    out.blanks = unled(cx, journey);
    for (row, (_, step)) in out.rows.iter_mut().zip(cx.handbook.steps(journey)) {
        row.note = if is_led(cx, journey, step) { String::new() } else { cx.words.get("ui.journey.nobody_leads") };
    }
    out
}

/// A cell that is a mark with a word.
fn mark(text: String, class: &'static str) -> MatrixCell {
    MatrixCell { text, class, ..MatrixCell::default() }
}

fn duty_class(duty: Duty) -> &'static str {
    match duty {
        Duty::Leads => "L",
        Duty::Supports => "S",
        Duty::Informed => "I",
    }
}

/// Whether a step of a journey says something that this build shows.
type Says = fn(&Cx<'_>, Ix, &Step) -> bool;

/// What a step may say, by the lane that shows it.
const LANES: [(&str, Says); 8] = [
    ("does", |_, _, step| step.does.is_some()),
    ("thinks", |_, _, step| step.thinks.is_some() || !step.questions.is_empty()),
    ("feelings", |cx, ix, step| insight::lowest_feeling(cx.handbook, ix, step).is_some()),
    ("expects", |_, _, step| step.expects.is_some()),
    ("pains", |_, _, step| !step.pains.is_empty()),
    ("touchpoints", |cx, ix, step| step.touchpoints.iter().any(|touchpoint| cx.handbook.follow(ix, *touchpoint).is_some())),
    ("lead", is_led),
    ("evidence", |cx, ix, step| step.evidence.iter().any(|evidence| cx.handbook.follow(ix, *evidence).is_some())),
];

/// Journeys by what their steps say: in how many of them something stands.
fn lanes(cx: &Cx<'_>) -> Option<Matrix> {
    let mut journeys: Vec<Ix> = cx.handbook.of_type(Type::Journey).collect();
    by_title(cx, &mut journeys);
    let row = |ix: Ix| {
        let steps: Vec<&Step> = cx.handbook.steps(ix).map(|(_, step)| &**step).collect();
        let filled = LANES.iter().enumerate().map(|(at, (_, says))| (at, steps.iter().filter(|step| says(cx, ix, step)).count()));
        let cells = filled.filter(|(_, n)| *n > 0).map(|(at, n)| {
            (at, mark(cx.words.percent((n as f64 * 100.0 / steps.len() as f64).round()), if n * 2 < steps.len() { "few" } else { "" }))
        });
        (cx.link(ix), cells.collect())
    };
    let rows: Vec<_> = journeys.into_iter().map(row).collect();
    let heads = LANES.iter().map(|(lane, _)| heading(cx.words.get(&format!("ui.lane.{lane}")))).collect();
    (!rows.is_empty()).then(|| matrix(cx, heading(cx.words.get("ui.coverage.journey_lane")), "journey", heads, rows))
}

fn of(cx: &Cx<'_>, n: usize, total: usize) -> String {
    cx.words.fmt("format.of", &[("n", &n.to_string()), ("total", &total.to_string())])
}

/// How many steps nobody leads, and how many touchpoints nobody ever scored.
fn finding(cx: &Cx<'_>, coverage: &Coverage) -> String {
    let steps: Vec<bool> =
        cx.handbook.of_type(Type::Journey).flat_map(|ix| cx.handbook.steps(ix).map(move |(_, step)| !is_led(cx, ix, step))).collect();
    let unled = steps.iter().filter(|unled| **unled).count();
    let unscored = coverage.months.iter().filter(|(_, months)| months.is_empty()).count();
    let say = |key: &str, n: usize, total: usize| cx.words.fmt(&format!("ui.coverage.{key}"), &[("of", &of(cx, n, total))]);
    let mut said = Vec::new();
    if !steps.is_empty() {
        said.push(say("unled", unled, steps.len()));
    }
    if !coverage.months.is_empty() {
        said.push(say("unscored", unscored, coverage.months.len()));
    }
    said.join(" ")
}

/// Touchpoints by months: the last score of each month.
fn months(cx: &Cx<'_>, coverage: &Coverage) -> Option<Matrix> {
    let range = coverage.month_range();
    let first = *range.first()?;
    let place = |month: (i16, i8)| (i32::from(month.0 - first.0) * 12 + i32::from(month.1 - first.1)).try_into().ok();
    let heads = range.iter().map(|(year, month)| heading(pieces::short_month(cx, *year, *month))).collect();
    let mut live: Vec<Ix> = coverage.months.iter().map(|(ix, _)| *ix).collect();
    by_title(cx, &mut live);
    let row = |ix: Ix| {
        let target = cx.node(ix).entity.data.touchpoint().and_then(|data| data.target).map(|target| target.0);
        let cell = |score: &Score| MatrixCell {
            url: cx.link(score.visit).url,
            text: cx.words.number(score.score),
            class: if target.is_some_and(|target| score.score < target) { "below" } else { "ok" },
            label: target.filter(|target| score.score < *target).map(|_| cx.words.get("ui.touchpoint.under")).unwrap_or_default(),
        };
        let cells = insight::scores(cx.handbook, ix);
        let cells = cells.iter().filter_map(|score| {
            let (year, month, _) = score.date.ymd();
            Some((place((year, month)).filter(|at: &usize| *at < range.len())?, cell(score)))
        });
        (cx.link(ix), cells.collect())
    };
    let rows = live.into_iter().map(row).collect();
    Some(matrix(cx, heading(cx.words.get("ui.coverage.touchpoint_month")), "touchpoint", heads, rows))
}

/// For each framework that journeys are held against, its steps by journeys.
fn frameworks(cx: &Cx<'_>) -> Vec<Matrix> {
    let with_journeys = cx.handbook.of_type(Type::Framework).filter_map(|framework| {
        let held = pieces::refer(cx, framework, Type::Journey, &["framework"]);
        (!held.is_empty()).then(|| framework_matrix(cx, framework, &held))
    });
    with_journeys.collect()
}

fn framework_matrix(cx: &Cx<'_>, framework: Ix, held: &[Ix]) -> Matrix {
    let mut rows: BTreeMap<u32, BTreeMap<usize, MatrixCell>> = BTreeMap::new();
    for phase in cx.node(framework).entity.data.framework().map_or(&[][..], |data| &data.phases) {
        let own = Some(phase.index).filter(|_| phase.steps.is_empty());
        rows.extend(phase.steps.iter().map(|step| step.index).chain(own).map(|part| (part, BTreeMap::new())));
    }
    for (at, journey) in held.iter().enumerate() {
        for cover in insight::framework_cover(cx.handbook, *journey, framework) {
            let Some(first) = cover.by.first() else { continue };
            let Some(row) = rows.get_mut(&cover.step.unwrap_or(cover.phase)) else { continue };
            let titles: Vec<String> = cover.by.iter().map(|step| pieces::part_title(cx, *journey, *step)).collect();
            row.insert(
                at,
                MatrixCell { url: cx.part_link(*journey, *first).url, text: titles.join(", "), class: "on", label: String::new() },
            );
        }
    }
    let rows = rows.into_iter().map(|(part, cells)| (cx.part_link(framework, part), cells)).collect();
    let heads = held.iter().map(|journey| cx.link(*journey)).collect();
    let mut out = matrix(cx, cx.link(framework), "step", heads, rows);
    out.title.title = cx.words.fmt("ui.coverage.framework", &[("framework", &out.title.title)]);
    out
}
