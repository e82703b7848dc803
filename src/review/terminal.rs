//! A comparison for a terminal: short, and coloured where that is seen.
use std::fmt::Write;

use super::entities::EntityChange;
use super::findings::Finding;
use super::parts::PartChange;
use super::prose::ProseChange;
use super::rows::{Row, Tone, What};
use super::say::{Say, clipped};
use super::wording::{Fate, Piece};
use super::{Comparison, Value};
use crate::base::plain;

const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const END: &str = "\x1b[0m";

/// The most rows of one entity or part, and entries of a list at the end.
const ROWS: usize = 12;
const LISTED: usize = 10;

/// The comparison as text with escapes for colour.
pub fn terminal(comparison: &Comparison, say: &Say<'_>) -> String {
    let mut out = Out { text: String::new(), say };
    let (base, head) = (plain(&say.revision(&comparison.base)), plain(&say.revision(&comparison.head)));
    if comparison.is_empty() {
        let _ = writeln!(out.text, "{base} → {head}: {}", say.word("none"));
        out.reformatted(comparison);
        return out.text;
    }
    let same = say.count("n_same", comparison.same);
    let _ = writeln!(out.text, "{BOLD}{base} → {head}{END}: {}; {same}", say.tally(comparison));
    comparison.entities.iter().for_each(|change| out.entity(change));
    out.rest(comparison);
    out.text
}

struct Out<'o> {
    text: String,
    say: &'o Say<'o>,
}

fn sign(fate: Fate) -> String {
    match fate {
        Fate::Added => format!("{GREEN}+{END}"),
        Fate::Removed => format!("{RED}-{END}"),
        Fate::Same => format!("{YELLOW}~{END}"),
    }
}

impl Out<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn entity(&mut self, change: &EntityChange) {
        let Some(thing) = change.thing() else { return };
        let (kind, title, path) = (self.say.kind(thing.kind), plain(&thing.title), plain(thing.path.as_str()));
        self.line(0, &format!("{} {kind} {BOLD}{title}{END}  {DIM}{path}{END}", sign(change.fate)));
        for note in self.say.notes(change) {
            self.line(4, &plain(&note));
        }
        if change.fate == Fate::Same {
            self.rows(4, &change.rows);
            change.parts.iter().for_each(|part| self.part(part));
            change.prose.iter().for_each(|prose| self.prose(prose));
        }
    }

    fn rows(&mut self, indent: usize, rows: &[Row]) {
        for row in rows.iter().take(ROWS) {
            let line = self.row(row);
            self.line(indent, &line);
        }
        self.more(indent, rows.len(), ROWS);
    }

    fn more(&mut self, indent: usize, all: usize, shown: usize) {
        if all > shown {
            let more = self.say.more(all - shown);
            self.line(indent, &format!("{DIM}{more}{END}"));
        }
    }

    fn row(&self, row: &Row) -> String {
        let tone = match row.tone {
            Tone::Neutral => String::new(),
            Tone::Better => format!(" {GREEN}{}{END}", self.say.tone(row.tone)),
            Tone::Worse => format!(" {RED}{}{END}", self.say.tone(row.tone)),
        };
        let what = match &row.what {
            What::Value(before, after) => {
                format!("{} → {}", plain(&self.say.or_none(before.as_ref())), plain(&self.say.or_none(after.as_ref())))
            }
            What::Set(removed, added) => self.set(removed, added),
            What::Words(pieces) => words(pieces),
        };
        format!("{}: {what}{tone}", plain(&self.say.label(row)))
    }

    fn set(&self, removed: &[Value], added: &[Value]) -> String {
        let told = |values: &[Value], colour: &str, sign: &str| {
            values.iter().map(|value| format!("{colour}{sign}{}{END}", plain(&clipped(&self.say.value(value))))).collect::<Vec<_>>()
        };
        let mut all = told(removed, RED, "−");
        all.extend(told(added, GREEN, "+"));
        // Titles may hold commas.
        all.join("; ")
    }

    fn part(&mut self, part: &PartChange) {
        let Some(thing) = part.after.as_ref().or(part.before.as_ref()) else { return };
        let within = if thing.within.is_empty() { String::new() } else { format!("  {DIM}{}{END}", plain(&thing.within)) };
        let (kind, title) = (self.say.part_kind(thing.kind), plain(&thing.title));
        self.line(4, &format!("{} {kind} {BOLD}{title}{END}{within}", sign(part.fate)));
        for note in self.say.part_notes(part) {
            self.line(8, &plain(&note));
        }
        if part.fate == Fate::Same {
            self.rows(8, &part.rows);
        }
    }

    fn prose(&mut self, prose: &ProseChange) {
        let heading = if prose.heading.is_empty() { self.say.section(prose) } else { format!("“{}”", prose.heading) };
        let notes = self.say.section_notes(prose);
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", plain(&notes.join(", "))) };
        let words = if prose.pieces.is_empty() { String::new() } else { format!(": {}", words(&prose.pieces)) };
        self.line(4, &format!("{} {}{notes}{words}", sign(prose.fate), plain(&heading)));
    }

    fn rest(&mut self, comparison: &Comparison) {
        for backlog in &comparison.backlogs {
            self.line(0, &format!("{} {}", sign(Fate::Same), plain(backlog.path.as_str())));
            self.rows(4, &backlog.rows);
            backlog.prose.iter().for_each(|prose| self.prose(prose));
        }
        if !comparison.settings.is_empty() {
            self.line(0, &format!("{} book.toml", sign(Fate::Same)));
            self.rows(4, &comparison.settings);
        }
        for file in comparison.files.iter().take(LISTED) {
            self.line(0, &format!("{} {}", sign(file.fate), plain(file.path.as_str())));
        }
        self.more(0, comparison.files.len(), LISTED);
        self.reformatted(comparison);
        self.effects(comparison);
        self.findings("introduced", &comparison.introduced);
        self.findings("cured", &comparison.cured);
        self.reviewers(comparison);
    }

    fn reformatted(&mut self, comparison: &Comparison) {
        if !comparison.reformatted.is_empty() {
            let line = self.say.count("reformatted", comparison.reformatted.len());
            self.line(0, &format!("{DIM}{line}{END}"));
        }
    }

    fn heading(&mut self, key: &str) {
        let heading = self.say.word(key);
        self.line(0, &format!("{BOLD}{heading}{END}"));
    }

    fn effects(&mut self, comparison: &Comparison) {
        let effects = &comparison.effects;
        if effects.measures.is_empty() && effects.pages.is_empty() {
            return;
        }
        self.heading("effects");
        for measure in &effects.measures {
            let line = self.say.measure_line(measure);
            self.line(2, &line);
        }
        if !effects.pages.is_empty() {
            let line = self.say.count("ripples", effects.pages.len());
            self.line(2, &line);
        }
    }

    fn findings(&mut self, key: &str, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        self.heading(key);
        for finding in findings.iter().take(LISTED) {
            let place = format!("{}:{}:{}", finding.file, finding.at.line, finding.at.column);
            let rule = finding.rule.name();
            self.line(2, &plain(&format!("{}[{rule}] {place}: {}", finding.severity, finding.message)));
        }
        self.more(2, findings.len(), LISTED);
    }

    fn reviewers(&mut self, comparison: &Comparison) {
        if comparison.reviewers.is_empty() {
            return;
        }
        self.heading("reviewers");
        for reviewer in comparison.reviewers.iter().take(LISTED) {
            let why = self.say.reasons(reviewer).join(", ");
            self.line(2, &format!("{}: {why}", plain(&reviewer.name)));
        }
        self.more(2, comparison.reviewers.len(), LISTED);
    }
}

fn words(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece.fate {
        Fate::Same => plain(&piece.text),
        Fate::Removed => format!("{RED}[-{}-]{END}", plain(&piece.text)),
        Fate::Added => format!("{GREEN}[+{}+]{END}", plain(&piece.text)),
    };
    pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
}
