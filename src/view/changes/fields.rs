//! Fields and texts before and after.
use serde::Serialize;

use super::{Badge, Changes};
use crate::markup::escape;
use crate::review::{BacklogChange, Fate, Measure, Piece, ProseChange, Row, Tone, Value, What};

/// A field before and after.
#[derive(Debug, Serialize)]
pub struct RowView {
    /// What it is called.
    pub label: String,
    /// Before; empty where there was nothing.
    pub before_html: String,
    /// After; empty where there is nothing.
    pub after_html: String,
    /// `high`, `low` or empty.
    pub tone: &'static str,
    /// `better`, `worse` or nothing, in words.
    pub word: String,
}

/// A section of text that changed.
#[derive(Debug, Serialize)]
pub struct ProseView {
    /// What becomes of it.
    pub badge: Badge,
    /// Its heading.
    pub heading: String,
    /// What else there is to say of it.
    pub notes: Vec<String>,
    /// Its words, with those that came and went marked.
    pub html: String,
}

/// A backlog's file.
#[derive(Debug, Serialize)]
pub struct BacklogView {
    /// Where it lies.
    pub path: String,
    /// Its fields.
    pub rows: Vec<RowView>,
    /// Its text.
    pub prose: Vec<ProseView>,
}

/// Rows of one entity that are shown.
pub(super) const ROWS: usize = 60;

impl Changes<'_> {
    pub(super) fn rows(&self, rows: &[Row]) -> Vec<RowView> {
        rows.iter().take(ROWS).map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &Row) -> RowView {
        let (before_html, after_html) = match &row.what {
            What::Value(before, after) => (self.marked("del", before.as_ref()), self.marked("ins", after.as_ref())),
            What::Set(removed, added) => (self.all("del", removed), self.all("ins", added)),
            What::Words(pieces) => (side(pieces, Fate::Removed), side(pieces, Fate::Added)),
        };
        RowView { label: self.say.label(row), before_html, after_html, tone: tone(row.tone), word: self.say.tone(row.tone) }
    }

    fn marked(&self, tag: &str, value: Option<&Value>) -> String {
        value.map(|value| format!("<{tag}>{}</{tag}>", self.value(value))).unwrap_or_default()
    }

    fn all(&self, tag: &str, values: &[Value]) -> String {
        values.iter().map(|value| self.marked(tag, Some(value))).collect::<Vec<_>>().join(", ")
    }

    /// A value as HTML; what is still there is a link.
    fn value(&self, value: &Value) -> String {
        match value {
            Value::End(end) => match end.head {
                Some((ix, part)) => {
                    let link = part.map_or_else(|| self.cx.link(ix), |part| self.cx.part_link(ix, part));
                    format!("<a href=\"{}\">{}</a>", escape(&link.url), escape(&end.title))
                }
                None => escape(&self.say.value(value)),
            },
            Value::List(items) => items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(", "),
            value => escape(&self.say.value(value)),
        }
    }

    pub(super) fn prose(&self, prose: &ProseChange) -> ProseView {
        ProseView {
            badge: self.badge(prose.fate),
            heading: self.say.section(prose),
            notes: self.say.section_notes(prose),
            html: words(&prose.pieces),
        }
    }

    pub(super) fn backlog(&self, backlog: &BacklogChange) -> BacklogView {
        let prose = backlog.prose.iter().map(|prose| self.prose(prose)).collect();
        BacklogView { path: backlog.path.to_string(), rows: self.rows(&backlog.rows), prose }
    }

    pub(super) fn measure(&self, measure: &Measure) -> RowView {
        RowView {
            label: self.say.measure(measure.key),
            before_html: escape(&self.say.measured(measure.key, measure.before)),
            after_html: escape(&self.say.measured(measure.key, measure.after)),
            tone: tone(measure.tone),
            word: self.say.tone(measure.tone),
        }
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Better => "high",
        Tone::Worse => "low",
        Tone::Neutral => "",
    }
}

/// The words of one side, those that the other has not marked.
fn side(pieces: &[Piece], own: Fate) -> String {
    let shown: Vec<&Piece> = pieces.iter().filter(|piece| piece.fate == Fate::Same || piece.fate == own).collect();
    shown.into_iter().map(marked).collect::<Vec<_>>().join(" ")
}

fn words(pieces: &[Piece]) -> String {
    pieces.iter().map(marked).collect::<Vec<_>>().join(" ")
}

fn marked(piece: &Piece) -> String {
    let text = escape(&piece.text);
    match piece.fate {
        Fate::Same => text,
        Fate::Removed => format!("<del>{text}</del>"),
        Fate::Added => format!("<ins>{text}</ins>"),
    }
}
