//! Tables: mystery visits and the values of metrics as CSV.
use std::collections::{BTreeMap, HashMap};

use crate::base::{Date, Diagnostic, Rule, Source, Span, nearest};
use crate::document::Document;
use crate::markup;
use crate::model::{Entry, Key, Node, Shape, Style};

/// A cell with its place.
#[derive(Debug, Clone, Default)]
struct Cell {
    text: String,
    span: Span,
}

/// The rows of a CSV file by column name.
struct Table {
    rows: Vec<BTreeMap<&'static str, Cell>>,
    /// Whether all the columns that are needed are there.
    complete: bool,
    diagnostics: Vec<Diagnostic>,
}

/// Reads a CSV file whose columns have names; the `needed` ones have to be there.
fn read(source: &Source, columns: &'static [&'static str], needed: &[&str]) -> Table {
    let mut table = Table { rows: Vec::new(), complete: true, diagnostics: Vec::new() };
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let base = source.text.len() - text.len();
    let separator = if text.lines().next().is_some_and(|line| line.contains(';') && !line.contains(',')) { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut names: Option<Vec<Option<&'static str>>> = None;
    let mut record = csv::StringRecord::new();
    loop {
        let start = reader.position().byte() as usize;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let message = format!("this line cannot be read as CSV: {error}");
                table.diagnostics.push(Diagnostic::new(
                    Rule::FrontMatterSyntax,
                    &source.path,
                    Span::new(start + base, start + base),
                    message,
                ));
                break;
            }
        }
        let spans = spans(text, start, separator);
        let cells = record.iter().enumerate().map(|(at, text)| {
            let span = spans.get(at).copied().unwrap_or_default().shifted(base);
            Cell { text: text.trim().to_owned(), span }
        });
        match &names {
            None => {
                let found = header(source, cells.collect(), columns, needed, &mut table.diagnostics);
                table.complete = columns.iter().filter(|name| needed.contains(name)).all(|name| found.contains(&Some(*name)));
                names = Some(found);
            }
            Some(names) => table.rows.push(names.iter().zip(cells).filter_map(|(name, cell)| name.map(|name| (name, cell))).collect()),
        }
    }
    // Where a column is missing that was said once, and not again for each row.
    if !table.complete {
        table.rows.clear();
    }
    table
}

fn header(
    source: &Source,
    cells: Vec<Cell>,
    columns: &'static [&'static str],
    needed: &[&str],
    out: &mut Vec<Diagnostic>,
) -> Vec<Option<&'static str>> {
    let names: Vec<Option<&'static str>> = cells
        .iter()
        .map(|cell| {
            let known = columns.iter().copied().find(|name| *name == cell.text);
            if known.is_none() && !cell.text.is_empty() {
                let near = nearest(&cell.text, columns.iter().copied());
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                out.push(
                    Diagnostic::new(Rule::UnknownField, &source.path, cell.span, format!("no column `{}`{hint}", cell.text)).suggest(near),
                );
            }
            known
        })
        .collect();
    let span = cells.first().map_or_else(Span::default, |cell| cell.span);
    for missing in needed.iter().filter(|name| !names.contains(&Some(name))) {
        out.push(
            Diagnostic::new(Rule::MissingField, &source.path, span, format!("there is no column `{missing}`"))
                .help(format!("The first line names the columns: `{}`.", columns.join(","))),
        );
    }
    names
}

/// Where the cells of the record that starts at `start` stand, quotes apart.
fn spans(text: &str, start: usize, separator: u8) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() && matches!(bytes[at], b'\r' | b'\n') {
        at += 1;
    }
    let mut spans = Vec::new();
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        let from = at + usize::from(quoted);
        at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'"' if quoted && bytes.get(at + 1) == Some(&b'"') => at += 1,
                b'"' if quoted => break,
                b'\r' | b'\n' if !quoted => break,
                byte if byte == separator && !quoted => break,
                _ => {}
            }
            at += 1;
        }
        spans.push(Span::new(from, at));
        at += usize::from(quoted && at < bytes.len());
        if bytes.get(at) != Some(&separator) {
            return spans;
        }
        at += 1;
    }
}

const VISIT_COLUMNS: &[&str] = &["date", "method", "location", "touchpoint", "score", "behaviour", "result"];

/// A table of mystery visits as a document with one entity a visit: the rows are put into the form that front matter has, and read
/// like it.
pub(super) fn visits(source: Source, options: markup::Options) -> Document {
    let mut table = read(&source, VISIT_COLUMNS, &["date", "method", "touchpoint"]);
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
    fn add(&mut self, row: &BTreeMap<&'static str, Cell>, source: &Source, out: &mut Vec<Diagnostic>) {
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
        if let Some(score) = cell("score") {
            match self.scored.get(&touchpoint.text).map(|at| &self.scores[*at]) {
                Some((_, earlier)) if earlier.text != score.text => out.push(
                    Diagnostic::new(
                        Rule::DuplicateKey,
                        &source.path,
                        score.span,
                        format!("`{}` has two scores in one visit", touchpoint.text),
                    )
                    .help("Give the score once, or give the second visit another location.")
                    .label(&source.path, earlier.span, "the first is here"),
                ),
                Some(_) => {}
                None => {
                    self.scored.insert(touchpoint.text.clone(), self.scores.len());
                    self.scores.push((touchpoint.clone(), score.clone()));
                }
            }
        }
        if let (Some(alone), None, other) | (None, Some(alone), other) = match (cell("behaviour"), cell("result")) {
            (Some(behaviour), None) => (Some(behaviour), None, "result"),
            (None, Some(result)) => (None, Some(result), "behaviour"),
            _ => (None, None, ""),
        } {
            let found = Diagnostic::new(Rule::MissingField, &source.path, alone.span, format!("this row has no `{other}`"));
            out.push(found.help("`behaviour` and `result` belong together."));
        }
        if let (Some(behaviour), Some(result)) = (cell("behaviour"), cell("result")) {
            let at = *self.seen.entry(touchpoint.text.clone()).or_insert(self.behaviours.len());
            if at == self.behaviours.len() {
                self.behaviours.push((touchpoint.clone(), Vec::new()));
            }
            self.behaviours[at].1.push((behaviour.clone(), result.clone()));
        }
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
    let mut table = read(source, &["date", "value", "n"], &["date", "value"]);
    let mut values = Vec::new();
    for row in table.rows.iter().filter(|row| row.values().any(|cell| !cell.text.is_empty())) {
        values.extend(point(row, source, &mut table.diagnostics));
    }
    (values, table.diagnostics)
}

/// The value that a row gives, and everything that is wrong with the row.
fn point(row: &BTreeMap<&'static str, Cell>, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Value> {
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
