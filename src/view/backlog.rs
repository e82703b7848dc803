//! The overview of all improvements: what to do next, the board, impact against effort, and a table.
mod filter;
mod intro;
mod matrix;

use std::collections::BTreeMap;

use serde::Serialize;

use super::entity::body_html;
use super::improvement::{Item, Other, Word, is_misfiled, item, left_words, other, status};
use super::pieces::{RICH, more};
use super::{Cx, LinkView, Shell};
use crate::base::Money;
use crate::handbook::Ix;
use crate::insight::{self, Totals};
use crate::model::{ImprovementStatus, Type};
pub use filter::Filter;
pub use intro::Intro;
pub use matrix::Matrix;

/// The overview of all improvements.
#[derive(Debug, Serialize)]
pub struct BacklogPage {
    /// The frame.
    pub shell: Shell,
    /// Its heading.
    pub title: String,
    /// The introduction's summary.
    pub summary_html: String,
    /// The introduction.
    pub intro_html: String,
    /// What files that hold many improvements say of themselves.
    pub intros: Vec<Intro>,
    /// How it stands, in a sentence or more.
    pub finding: String,
    /// Sums.
    pub totals: TotalsView,
    /// Choices to narrow everything down by.
    pub filters: Vec<Filter>,
    /// What to do next, best first.
    pub next: Vec<Next>,
    /// Columns of the board.
    pub columns: Vec<BoardColumn>,
    /// What was dropped.
    pub dropped: Option<BoardColumn>,
    /// Impact against effort.
    pub matrix: Matrix,
    /// Called quick wins that are none.
    pub misfiled: Vec<LinkView>,
    /// Rows of the table.
    pub rows: Vec<Row>,
    /// What does not fit into the table.
    pub rest: Vec<Other>,
}

/// Sums over the backlog.
#[derive(Debug, Serialize)]
pub struct TotalsView {
    /// Still to be done, of all.
    pub open: String,
    /// Done.
    pub done: String,
    /// Sums with the length of their bars, if any is not nothing.
    pub bars: Vec<Bar>,
    /// What is left of the budget.
    pub left: String,
    /// More is spent than was set aside.
    pub over: bool,
    /// After how long the budget has come back.
    pub pays_back: String,
}

/// A sum and the length of its bar.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// What it is called.
    pub label: String,
    /// The sum.
    pub amount: String,
    /// Its name, for colours.
    pub key: &'static str,
    /// Per cent of the longest.
    pub share: String,
}

/// Something to do next.
#[derive(Debug, Serialize)]
pub struct Next {
    /// Its number in the table.
    pub n: usize,
    /// It.
    pub item: Item,
    /// Why it stands here.
    pub score: String,
}

/// A column of the board.
#[derive(Debug, Serialize)]
pub struct BoardColumn {
    /// Its status.
    pub status: Word,
    /// How many stand in it.
    pub n: usize,
    /// Those that are shown.
    pub cards: Vec<BoardCard>,
    /// How many more there are, in words.
    pub more: String,
}

/// A card of the board.
#[derive(Debug, Serialize)]
pub struct BoardCard {
    /// Its number in the table.
    pub n: usize,
    /// It.
    pub item: Item,
    /// How much more it solves than is shown, in words.
    pub more: String,
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its number, as on the matrix.
    pub n: usize,
    /// It.
    pub item: Item,
    /// What it is found by, as the choices name it.
    pub keys: String,
}

/// How many are shown in each form.
const NEXT: usize = 10;
const SOLVES: usize = 3;
const ROWS: usize = 1500;

/// The columns of the board, from the left.
const COLUMNS: [ImprovementStatus; 5] = [
    ImprovementStatus::Idea,
    ImprovementStatus::Proposed,
    ImprovementStatus::Committed,
    ImprovementStatus::InProgress,
    ImprovementStatus::Done,
];

/// The overview of all improvements.
pub fn backlog_page(cx: &Cx<'_>) -> BacklogPage {
    let section = cx.handbook.section(Type::Improvement);
    let title = cx.section_title(Type::Improvement);
    let all: Vec<Ix> = cx.handbook.of_type(Type::Improvement).collect();
    let numbers: BTreeMap<Ix, usize> = all.iter().enumerate().map(|(at, ix)| (*ix, at + 1)).collect();
    let misfiled = |ix: &&Ix| cx.node(**ix).entity.data.improvement().is_some_and(|item| item.is_open() && is_misfiled(item));
    let rows: Vec<Row> = all.iter().take(ROWS).enumerate().filter_map(|(at, ix)| row(cx, *ix, at + 1)).collect();
    let ranked = insight::do_next(cx.handbook);
    let rank: BTreeMap<Ix, usize> = ranked.iter().enumerate().map(|(at, (ix, _))| (*ix, at)).collect();
    let sums = insight::totals(cx.handbook, all.iter().copied());
    BacklogPage {
        shell: super::shell::of_section(cx, section, &title, "p-backlog"),
        title,
        summary_html: section.map(|ix| cx.html_or(ix, &cx.node(ix).entity.common.summary)).unwrap_or_default(),
        intro_html: section.map(|ix| body_html(cx, ix)).unwrap_or_default(),
        intros: intro::intros(cx),
        finding: finding(cx, &all, &sums),
        totals: totals_view(cx, &sums),
        filters: filter::filters(cx, &rows),
        next: ranked.iter().take(NEXT).filter_map(|(ix, rice)| next(cx, *ix, numbers.get(ix).copied()?, *rice)).collect(),
        columns: COLUMNS.iter().map(|status| column(cx, &rank, &numbers, *status)).collect(),
        dropped: Some(column(cx, &rank, &numbers, ImprovementStatus::Dropped)).filter(|column| column.n > 0),
        matrix: matrix::matrix(cx, &all),
        misfiled: all.iter().filter(misfiled).take(NEXT).map(|ix| cx.link(*ix)).collect(),
        rest: all.iter().skip(ROWS).filter_map(|ix| other(cx, *ix)).collect(),
        rows,
    }
}

/// How much is to be done, and how much of it is late.
fn finding(cx: &Cx<'_>, all: &[Ix], totals: &Totals) -> String {
    let is_late = |ix: &&Ix| {
        let item = cx.node(**ix).entity.data.improvement().filter(|item| item.is_open());
        item.and_then(|item| item.due).is_some_and(|due| due < cx.today)
    };
    if totals.open + totals.done == 0 {
        return String::new();
    }
    let number = |n: usize| cx.words.number(n as f64);
    let (open, total) = (number(totals.open), number(totals.open + totals.done));
    let said = cx.words.fmt("ui.improvements.finding", &[("open", &open), ("total", &total)]);
    match all.iter().filter(is_late).count() {
        0 => said,
        late => format!("{said} {}", cx.words.count("ui.improvements.late", late)),
    }
}

fn row(cx: &Cx<'_>, ix: Ix, n: usize) -> Option<Row> {
    Some(Row { n, item: item(cx, ix)?, keys: filter::keys(cx, ix) })
}

fn next(cx: &Cx<'_>, ix: Ix, n: usize, rice: Option<f64>) -> Option<Next> {
    let item = item(cx, ix)?;
    let score = match rice {
        Some(_) => item.rice.shown.clone(),
        None => cx.words.fmt("ui.improvements.ratio", &[("impact", &item.impact), ("effort", &item.effort)]),
    };
    Some(Next { n, item, score })
}

/// A column of the board: what is due first stands first, then what is worth most.
fn column(cx: &Cx<'_>, rank: &BTreeMap<Ix, usize>, numbers: &BTreeMap<Ix, usize>, wanted: ImprovementStatus) -> BoardColumn {
    let due =
        |ix: Ix| cx.node(ix).entity.data.improvement().filter(|item| item.status() == wanted).map(|item| (item.due.is_none(), item.due));
    let mut found: Vec<(_, usize, usize, Ix)> =
        numbers.iter().filter_map(|(ix, n)| Some((due(*ix)?, rank.get(ix).copied().unwrap_or(usize::MAX), *n, *ix))).collect();
    found.sort();
    let any = crate::model::Improvement { status: Some(wanted), ..Default::default() };
    BoardColumn {
        status: status(cx, &any),
        n: found.len(),
        cards: found.iter().take(RICH).filter_map(|(_, _, n, ix)| card(cx, *ix, *n)).collect(),
        more: more(cx, found.len(), RICH),
    }
}

fn card(cx: &Cx<'_>, ix: Ix, n: usize) -> Option<BoardCard> {
    let mut item = item(cx, ix)?;
    let more = more(cx, item.solves.len(), SOLVES);
    item.solves.truncate(SOLVES);
    Some(BoardCard { n, item, more })
}

fn totals_view(cx: &Cx<'_>, totals: &Totals) -> TotalsView {
    let sum = |cents: i64| cx.words.money(Money { cents, currency: None }, &cx.handbook.settings.currency);
    let longest = totals.budget.max(totals.spent).max(totals.benefit).max(1);
    let sums = [("budget", totals.budget), ("spent", totals.spent), ("benefit", totals.benefit)];
    let any = sums.iter().any(|(_, cents)| *cents != 0);
    let bar = |(key, cents): (&'static str, i64)| Bar {
        label: cx.words.get(&format!("ui.improvements.{key}")),
        amount: sum(cents),
        key,
        share: format!("{:.1}", (cents.max(0) as f64 * 100.0 / longest as f64).clamp(0.0, 100.0)),
    };
    let number = |n: usize| cx.words.number(n as f64);
    let left = Money { cents: totals.budget.saturating_sub(totals.spent), currency: None };
    TotalsView {
        open: cx.words.fmt("format.of", &[("n", &number(totals.open)), ("total", &number(totals.open + totals.done))]),
        done: number(totals.done),
        bars: if any { sums.map(bar).into() } else { Vec::new() },
        left: left_words(cx, left),
        over: left.cents < 0,
        pays_back: pays_back(cx, totals),
    }
}

/// How many months of benefit the whole budget is.
fn pays_back(cx: &Cx<'_>, totals: &Totals) -> String {
    if totals.benefit <= 0 || totals.budget <= 0 {
        return String::new();
    }
    let months = (totals.budget as f64 * 12.0 / totals.benefit as f64).ceil().min(f64::from(u32::MAX));
    cx.words.count("ui.improvements.pays_back", months as usize)
}
