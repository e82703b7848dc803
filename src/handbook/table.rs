//! Tables: mystery visits and the values of metrics as CSV.
use std::collections::{BTreeMap, HashMap};

use super::cells::{self, Cell, Row};
use crate::base::{Date, Diagnostic, Rule, Source, Span, is_id};
use crate::document::Document;
use crate::markup;
use crate::model::{Entry, Key, Node, Shape, Style};

const VISIT_COLUMNS: &[&str] = &["date", "method", "location", "touchpoint", "score", "behaviour", "result"];

/// A table of mystery visits as a document with one entity a visit: the rows are put into the form that front matter has, and read
/// like it.
pub(super) fn visits(source: Source, options: markup::Options) -> Document {
    let mut table = cells::read(&source, VISIT_COLUMNS, &["date", "method", "touchpoint"]);
    let mut visits: Vec<(String, VisitRows)> = Vec::new();
    let mut places: BTreeMap<[String; 3], usize> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &table.rows {
        if row.values().all(|cell| cell.text.is_empty()) {
            continue;
        }
        let text = |name: &str| row.get(name).map_or(String::new(), |cell| cell.text.clone());
        let place = *places.entry([text("date"), text("method"), text("location")]).or_insert_with(|| {
            let stem = format!("{}-{}", text("date"), if text("method").is_empty() { "visit".into() } else { text("method") });
            let count = counts.entry(stem.clone()).or_default();
            *count += 1;
            visits.push((format!("{stem}-{count}"), VisitRows::default()));
            visits.len() - 1
        });
        visits[place].1.add(row, &source, &mut table.diagnostics);
    }
    let nodes = visits.iter().map(|(id, visit)| (id.as_str(), visit.node())).collect();
    Document::of_visits(source, nodes, table.diagnostics, options)
}

/// What stands in a visit a second time, where it stands the first time, and what to say of it.
type Twice = (Span, Span, String);

/// The rows of one visit.
#[derive(Default)]
struct VisitRows {
    head: Vec<(&'static str, Cell)>,
    scores: Vec<(Cell, Cell)>,
    behaviours: Vec<(Cell, Vec<(Cell, Cell)>)>,
    /// Where a touchpoint stands in `scores` and in `behaviours`.
    scored: HashMap<String, usize>,
    seen: HashMap<String, usize>,
    span: Span,
}

impl VisitRows {
    fn add(&mut self, row: &Row, source: &Source, out: &mut Vec<Diagnostic>) {
        let cell = |name: &str| row.get(name).filter(|cell| !cell.text.is_empty());
        if self.head.is_empty() {
            self.head = ["date", "method", "location"].into_iter().filter_map(|name| Some((name, cell(name)?.clone()))).collect();
            self.span = row.get("date").map_or_else(Span::default, |cell| cell.span);
        }
        let Some(touchpoint) = cell("touchpoint") else {
            let span = row.values().map(|cell| cell.span).min_by_key(|span| span.start).unwrap_or_default();
            let found = Diagnostic::new(Rule::MissingField, &source.path, span, "this row names no touchpoint");
            out.push(found.help("Write the touchpoint's id, or take the row out."));
            return;
        };
        if let Some((span, written)) = torn(row, source) {
            let found =
                Diagnostic::new(Rule::WrongKind, &source.path, span, format!("`score` takes a number from 0 to 100, not `{written}`"));
            out.push(found.help("Write a decimal with a point: `66.5`, and a text that holds `,` in quotes: `\"Here, there\"`."));
            return;
        }
        let twice = self.score(touchpoint, cell("score")).or_else(|| self.behaviour(touchpoint, cell("behaviour"), cell("result")));
        if let Some((second, first, message)) = twice {
            let found = Diagnostic::new(Rule::DuplicateKey, &source.path, second, message);
            let help = "Keep one of the two, or give the second visit another location: the first is used, this one is not.";
            out.push(found.help(help).label(&source.path, first, "the first is here"));
        }
        if let (Some(alone), None, other) | (None, Some(alone), other) = match (cell("behaviour"), cell("result")) {
            (Some(behaviour), None) => (Some(behaviour), None, "result"),
            (None, Some(result)) => (None, Some(result), "behaviour"),
            _ => (None, None, ""),
        } {
            let found = Diagnostic::new(Rule::MissingField, &source.path, alone.span, format!("this row has no `{other}`"));
            out.push(found.help("`behaviour` and `result` belong together."));
        }
    }

    /// Takes up a touchpoint's score, unless the visit has another one of it already.
    fn score(&mut self, touchpoint: &Cell, score: Option<&Cell>) -> Option<Twice> {
        let score = score?;
        let at = *self.scored.entry(touchpoint.text.clone()).or_insert(self.scores.len());
        match self.scores.get(at) {
            Some((_, first)) if first.text != score.text => {
                Some((score.span, first.span, format!("`{}` has two scores in one visit", touchpoint.text)))
            }
            Some(_) => None,
            None => {
                self.scores.push((touchpoint.clone(), score.clone()));
                None
            }
        }
    }

    /// Takes up what was seen of a behaviour, unless that was said before.
    fn behaviour(&mut self, touchpoint: &Cell, behaviour: Option<&Cell>, result: Option<&Cell>) -> Option<Twice> {
        let (behaviour, result) = behaviour.zip(result)?;
        let at = *self.seen.entry(touchpoint.text.clone()).or_insert(self.behaviours.len());
        if at == self.behaviours.len() {
            self.behaviours.push((touchpoint.clone(), Vec::new()));
        }
        let seen = &mut self.behaviours[at].1;
        if let Some((first, _)) = seen.iter().find(|(first, _)| first.text == behaviour.text) {
            return Some((behaviour.span, first.span, format!("`{}` stands twice in one visit", behaviour.text)));
        }
        seen.push((behaviour.clone(), result.clone()));
        None
    }

    fn node(&self) -> Node<'_> {
        let span = self.span;
        let key = |name: &'static str| Key { text: name.into(), span };
        let mut entries: Vec<Entry> = self.head.iter().map(|(name, cell)| Entry { key: key(name), value: scalar(cell) }).collect();
        let scores = self.scores.iter().map(|(touchpoint, score)| keyed(touchpoint, scalar(score))).collect();
        entries.push(Entry { key: key("scores"), value: Node { span, shape: Shape::Map(scores) } });
        let behaviours = self.behaviours.iter().map(|(touchpoint, seen)| {
            let seen = seen.iter().map(|(behaviour, result)| keyed(behaviour, scalar(result))).collect();
            keyed(touchpoint, Node { span, shape: Shape::Map(seen) })
        });
        let behaviours = behaviours.collect();
        entries.push(Entry { key: key("behaviours"), value: Node { span, shape: Shape::Map(behaviours) } });
        Node { span, shape: Shape::Map(entries) }
    }
}

/// The score of a row that a comma tears apart although it has no more cells than there are columns: a decimal comma, or a text that
/// goes on in the next cell, so that a touchpoint stands where the score should.
fn torn(row: &Row, source: &Source) -> Option<(Span, String)> {
    let (touchpoint, score) = (row.get("touchpoint")?, row.get("score")?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let result = row.get("result").filter(|cell| !cell.text.is_empty());
    let next = row.get("behaviour").filter(|next| result.is_none() && digits(&next.text) && next.span.start == score.span.end + 1);
    if let Some(next) = next.filter(|_| digits(&score.text)) {
        let whole = Span { start: score.span.start, end: next.span.end };
        return Some((whole, source.slice(whole).to_owned()));
    }
    let goes_on = !is_id(&touchpoint.text) || source.text[..touchpoint.span.start as usize].ends_with(' ');
    (goes_on && is_id(&score.text) && !digits(&score.text)).then(|| (score.span, score.text.clone()))
}

fn scalar(cell: &Cell) -> Node<'_> {
    Node { span: cell.span, shape: Shape::Scalar(cell.text.as_str().into(), Style::Plain) }
}

fn keyed<'c>(cell: &'c Cell, value: Node<'c>) -> Entry<'c> {
    Entry { key: Key { text: cell.text.as_str().into(), span: cell.span }, value }
}

/// One value of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// When.
    pub date: Date,
    /// How much.
    pub value: f64,
    /// From how many answers.
    pub n: Option<f64>,
}

/// A table of a metric's values.
pub(super) fn series(source: &Source) -> (Vec<Value>, Vec<Diagnostic>) {
    let mut table = cells::read(source, &["date", "value", "n"], &["date", "value"]);
    let mut values = Vec::new();
    for row in table.rows.iter().filter(|row| row.values().any(|cell| !cell.text.is_empty())) {
        values.extend(point(row, source, &mut table.diagnostics));
    }
    (values, table.diagnostics)
}

/// The value that a row gives, and everything that is wrong with the row.
fn point(row: &Row, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Value> {
    let place = row.values().map(|cell| cell.span).min_by_key(|span| span.start).unwrap_or_default();
    let cell = |name: &str| row.get(name).cloned().unwrap_or(Cell { text: String::new(), span: place });
    let mut wrong = |rule, cell: &Cell, message: String, help: &str| {
        out.push(Diagnostic::new(rule, &source.path, cell.span, message).help(help));
    };
    let (day, value, n) = (cell("date"), cell("value"), cell("n"));
    let date = Date::parse(&day.text);
    if date.is_none() {
        wrong(Rule::InvalidDate, &day, format!("`{}` is no date", day.text), "Write it as year-month-day: `2026-05-01`.");
    }
    let worth = number(&value.text);
    if value.text.is_empty() {
        wrong(Rule::MissingField, &value, "this row has no `value`".into(), "Write it, or take the row out.");
    } else if worth.is_none() {
        wrong(Rule::WrongKind, &value, format!("`value` takes a number, not `{}`", value.text), "Write the value of that day.");
    }
    let count = number(&n.text);
    if !n.text.is_empty() && count.is_none() {
        let message = format!("`n` takes a number, not `{}`", n.text);
        wrong(Rule::WrongKind, &n, message, "Write how many answers the value comes from, or nothing.");
    }
    Some(Value { date: date?, value: worth?, n: count })
}

fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite())
}
