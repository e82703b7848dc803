//! CSV as rows of cells that know their place, and what is wrong with its form.
use std::collections::BTreeMap;

use crate::base::{Diagnostic, Rule, Source, Span, nearest};

/// A cell with its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub text: String,
    pub span: Span,
}

/// A row by column name; cells that are not written are left out.
pub(super) type Row = BTreeMap<&'static str, Cell>;

/// The rows of a CSV file.
pub(super) struct Table {
    pub rows: Vec<Row>,
    /// How many columns the first line names.
    pub width: usize,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a CSV file whose columns have names; the `needed` ones have to be there.
pub(super) fn read(source: &Source, columns: &'static [&'static str], needed: &'static [&'static str]) -> Table {
    let mut records = Records::of(source);
    let mut reader = Reader {
        source,
        separator: records.separator,
        columns,
        needed,
        names: Vec::new(),
        nameless: Vec::new(),
        is_strange: false,
        diagnostics: Vec::new(),
    };
    let complete = match records.find(|record| !is_blank(record)) {
        Some(Ok(head)) => reader.head(head),
        Some(Err(quote)) => reader.stray(quote),
        None => false,
    };
    // Where a column is missing that was said once, and not again for each row.
    let rows = reader.rows(records.filter(|record| complete && !is_blank(record)).collect());
    let width = reader.names.iter().flatten().count();
    Table { rows, width, diagnostics: reader.diagnostics }
}

/// A line's cells, or the quote that is not closed in it.
type Record = Result<Vec<Cell>, Span>;

fn is_blank(record: &Record) -> bool {
    record.as_ref().is_ok_and(|cells| cells_written(cells) == 0)
}

/// How many cells a row has, empty ones at its end apart.
fn cells_written(cells: &[Cell]) -> usize {
    cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1)
}

/// What may stand between cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

struct Reader<'s> {
    source: &'s Source,
    separator: char,
    columns: &'static [&'static str],
    needed: &'static [&'static str],
    /// The columns that the first line names, in its order.
    names: Vec<Option<&'static str>>,
    /// Which of its cells are empty.
    nameless: Vec<bool>,
    /// Whether a needed name in it is misspelt, which is an error.
    is_strange: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, rule: Rule, span: Span, message: String, help: String) -> &mut Diagnostic {
        let at = self.diagnostics.len();
        self.diagnostics.push(Diagnostic::new(rule, &self.source.path, span, message).help(help));
        &mut self.diagnostics[at]
    }

    /// A quote that swallows what follows it. Only its own line is lost.
    fn stray(&mut self, quote: Span) -> bool {
        let help = "Close it where the cell's text ends, or take it out; inside quotes write `\"\"` for one.";
        self.report(Rule::FrontMatterSyntax, quote, "a quote is opened here and not closed where its cell ends".into(), help.into());
        false
    }

    // ---- the first line ----

    /// Takes the columns' names from the first line, and says whether all that are needed are there. A name that is misspelt counts as
    /// the one that was meant.
    fn head(&mut self, cells: Vec<Cell>) -> bool {
        let exact: Vec<Option<&'static str>> = cells.iter().map(|cell| self.column(&cell.text)).collect();
        let absent = |name: &&&'static str| !exact.contains(&Some(**name));
        let near: Vec<Option<&'static str>> =
            cells.iter().map(|cell| nearest(&cell.text, self.columns.iter().filter(absent).copied())).collect();
        if exact.iter().chain(&near).all(Option::is_none) {
            return self.no_head(&cells);
        }
        for (at, cell) in cells.iter().enumerate() {
            let name = exact[at].or(near[at]);
            match name.and_then(|name| self.names.iter().position(|earlier| *earlier == Some(name))) {
                Some(earlier) => self.twice(cell, &cells[earlier]),
                None if exact[at].is_none() && !cell.text.is_empty() => self.unknown(cell, name),
                None => {}
            }
            let first = !self.names.contains(&name);
            self.names.push(name.filter(|_| first));
        }
        self.nameless = cells.iter().map(|cell| cell.text.is_empty()).collect();
        self.missing(&cells, &exact);
        self.is_strange = self.diagnostics.iter().any(|found| found.rule == Rule::MissingField);
        self.needed.iter().all(|name| self.names.contains(&Some(*name)))
    }

    fn column(&self, text: &str) -> Option<&'static str> {
        self.columns.iter().copied().find(|name| *name == text)
    }

    /// The first line names nothing, so it is most likely a row.
    fn no_head(&mut self, cells: &[Cell]) -> bool {
        let span = whole(cells);
        let help = format!("Write a line above it that does: `{}`.", self.columns.join(","));
        self.report(Rule::MissingField, span, "the first line does not name the columns".into(), help);
        false
    }

    fn twice(&mut self, cell: &Cell, first: &Cell) {
        let (file, message) = (self.source.path.clone(), format!("the column `{}` stands here twice", cell.text));
        let help = "Keep one of the two: the first is used, this one is not.";
        let found = self.report(Rule::DuplicateKey, cell.span, message, help.into());
        *found = found.clone().label(&file, first.span, "first named here");
    }

    fn unknown(&mut self, cell: &Cell, near: Option<&str>) {
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let help = format!("The first line names the columns: `{}`.", self.columns.join(","));
        self.report(Rule::UnknownField, cell.span, format!("no column `{}`{hint}", cell.text), help).suggestion = near.map(Into::into);
    }

    /// Says which columns are missing; of one that is misspelt (or is the only unknown one) with its place, so that it is told once.
    fn missing(&mut self, cells: &[Cell], exact: &[Option<&'static str>]) {
        let strange: Vec<usize> = (0..cells.len()).filter(|at| self.names[*at].is_none() && !cells[*at].text.is_empty()).collect();
        let missing: Vec<&str> = self.needed.iter().copied().filter(|name| !exact.contains(&Some(name))).collect();
        let lost: Vec<&str> = missing.iter().copied().filter(|name| !self.names.contains(&Some(name))).collect();
        let start = cells.first().map_or_else(Span::default, |cell| cell.span);
        let file = self.source.path.clone();
        for name in missing {
            let help = format!("The first line names the columns: `{}`.", self.columns.join(","));
            let meant = self.names.iter().position(|known| *known == Some(name));
            let meant = meant.or(strange.first().copied().filter(|_| strange.len() == 1 && lost == [name]));
            let found = self.report(Rule::MissingField, start, format!("there is no column `{name}`"), help);
            if let Some(at) = meant {
                *found = found.clone().label(&file, cells[at].span, "this may be meant for it");
            }
        }
    }

    // ---- the rows ----

    fn rows(&mut self, records: Vec<Record>) -> Vec<Row> {
        if self.all_are_too_long(&records) {
            return Vec::new();
        }
        let mut rows = Vec::new();
        let mut parted_otherwise = false;
        for record in records {
            let cells = match record {
                Ok(cells) => cells,
                Err(quote) => {
                    self.stray(quote);
                    continue;
                }
            };
            let other = self.other_separator(&cells);
            // Rows that were pasted together are one mistake.
            match other.filter(|_| !parted_otherwise) {
                Some(other) => self.parted_by(other, &cells),
                None if other.is_none() => rows.extend(self.row(cells)),
                None => {}
            }
            parted_otherwise = other.is_some();
        }
        rows
    }

    /// The cells by the names of their columns; of a row that has too many none, since it cannot be known which is which.
    fn row(&mut self, cells: Vec<Cell>) -> Option<Row> {
        let (count, columns) = (cells_written(&cells), self.names.len());
        if count > columns {
            // A comma that is lost in the first line makes a strange name of two: that was said.
            if count != columns + 1 || !self.is_strange {
                self.too_long(&cells[columns], count, "");
            }
            return None;
        }
        let stray = cells.iter().zip(&self.nameless).position(|(cell, nameless)| *nameless && !cell.text.is_empty());
        if let Some(at) = stray {
            // Said of the first cell of the column, and not of each.
            self.nameless[at] = false;
            let help = format!("Name it in the first line, or take it out; the columns are `{}`.", self.columns.join(","));
            self.report(Rule::UnknownField, cells[at].span, "the first line has no name for this column".into(), help);
        }
        let named = self.names.iter().zip(cells);
        Some(named.filter_map(|(name, cell)| name.map(|name| (name, cell))).collect())
    }

    /// Whether every row has more cells than there are columns: that is one mistake, most likely the first line's, and is said once.
    fn all_are_too_long(&mut self, records: &[Record]) -> bool {
        let columns = self.names.len();
        let is_too_long = |record: &Record| record.as_ref().is_ok_and(|cells| cells_written(cells) > columns);
        if records.len() < 3 || !records.iter().all(is_too_long) {
            return false;
        }
        if let (false, Some(Ok(first))) = (self.is_strange, records.first()) {
            self.too_long(&first[columns], cells_written(first), " If all rows have this cell, name its column in the first line.");
        }
        true
    }

    fn too_long(&mut self, first: &Cell, count: usize, more: &str) {
        let separator = self.separator;
        let message = format!("this row has {count} cells; the first line names {} columns", self.names.len());
        let decimals = if separator == ',' { ", and a decimal with a point: `66.5`" } else { "" };
        let help = format!("Write a text that holds `{separator}` in quotes: `\"Here{separator} there\"`{decimals}.{more}");
        self.report(Rule::WrongKind, first.span, message, help);
    }

    /// What stands between the cells of a row, if it is something else than in the first line.
    fn other_separator(&self, cells: &[Cell]) -> Option<char> {
        let parted = |other: &char| cells.iter().map(|cell| cell.text.matches(*other).count()).sum::<usize>() + 1 > cells.len();
        let others = SEPARATORS.into_iter().filter(|other| *other != self.separator);
        let short = cells.len() < self.names.len();
        others.filter(|_| short).find(|other| cells[0].text.contains(*other) && parted(other))
    }

    fn parted_by(&mut self, other: char, cells: &[Cell]) {
        let (other, own) = (named(other), named(self.separator));
        let message = format!("between the cells of this row stands {other}, in the first line {own}");
        self.report(Rule::WrongKind, whole(cells), message, format!("Write {own} between the cells, here and in rows like it below."));
    }
}

/// A separator as one can see it.
fn named(separator: char) -> String {
    if separator == '\t' { "a tab".into() } else { format!("`{separator}`") }
}

/// From the first to the last cell.
fn whole(cells: &[Cell]) -> Span {
    let (first, last) = (cells.first().map(|cell| cell.span), cells.last().map(|cell| cell.span));
    first.zip(last).map_or_else(Span::default, |(first, last)| Span { start: first.start, end: last.end })
}

/// The lines of a table, each taken apart; of one with a quote that is not closed, the quote.
struct Records<'s> {
    text: &'s str,
    at: usize,
    separator: char,
}

impl<'s> Records<'s> {
    fn of(source: &'s Source) -> Records<'s> {
        let text = &*source.text;
        let at = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let head = text[at..].trim_start().lines().next().unwrap_or("");
        let separator = SEPARATORS.into_iter().find(|separator| head.contains(*separator)).unwrap_or(',');
        Records { text, at, separator }
    }

    fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(skipped).len();
    }

    /// The cell that begins here.
    fn cell(&mut self) -> Result<Cell, Span> {
        let separator = self.separator;
        self.skip(|c| c == ' ' || (c == '\t' && c != separator));
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        let rest = self.rest();
        let text = &rest[..rest.find(['\r', '\n', separator]).unwrap_or(rest.len())];
        let start = self.at;
        self.at += text.len();
        let text = text.trim();
        Ok(Cell { text: text.to_owned(), span: Span::new(start, start + text.len()) })
    }

    fn quoted(&mut self) -> Result<Cell, Span> {
        let (separator, open) = (self.separator, self.at);
        let inner = &self.rest()[1..];
        let mut quotes = inner.match_indices('"').map(|(at, _)| at).peekable();
        while let Some(at) = quotes.next() {
            if quotes.next_if_eq(&(at + 1)).is_some() {
                continue;
            }
            self.at = open + 1 + at + 1;
            self.skip(|c| c == ' ' || (c == '\t' && c != separator));
            if self.rest().is_empty() || self.rest().starts_with(['\r', '\n', separator]) {
                let text = inner[..at].replace("\"\"", "\"").trim().to_owned();
                return Ok(Cell { text, span: Span::new(open + 1, open + 1 + at) });
            }
            break;
        }
        self.at = open + self.text[open..].find(['\r', '\n']).unwrap_or(self.text.len() - open);
        Err(Span::new(open, open + 1))
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<Cell>, Span>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|c| matches!(c, '\r' | '\n'));
        if self.rest().is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(quote) => return Some(Err(quote)),
            }
            if !self.rest().starts_with(self.separator) {
                return Some(Ok(cells));
            }
            self.at += self.separator.len_utf8();
        }
    }
}
