//! Changes in words, for whatever shows them.
use super::effects::{Measure, MeasureKey};
use super::entities::EntityChange;
use super::owners::Reviewer;
use super::pair::How;
use super::parts::{Moved, PartChange};
use super::prose::ProseChange;
use super::rows::{Name, Row, Tone};
use super::value::{Form, Value};
use super::{Comparison, Fate, Revision};
use crate::base::Money;
use crate::model::{PartKind, Type};
use crate::words::Lexicon;

/// Says changes in the words of a language.
pub struct Say<'w> {
    words: &'w Lexicon,
    currency: &'w str,
}

/// The most characters of a value that is named or listed.
const CLIPPED: usize = 160;

impl<'w> Say<'w> {
    /// In these words, with the handbook's currency.
    pub fn new(words: &'w Lexicon, currency: &'w str) -> Say<'w> {
        Say { words, currency }
    }

    /// The words of a key below `ui.changes`.
    pub fn word(&self, key: &str) -> String {
        self.words.get(&format!("ui.changes.{key}"))
    }

    /// The same with a place filled.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.words.fmt(&format!("ui.changes.{key}"), &[(name, value)])
    }

    /// The same for a number of things.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.words.count(&format!("ui.changes.{key}"), n)
    }

    /// How many more there are than are told.
    pub fn more(&self, n: usize) -> String {
        self.words.count("ui.count.more", n)
    }

    /// Where a change is.
    pub fn label(&self, row: &Row) -> String {
        let name = |name: &Name| match name {
            Name::Field(record, field) => self.words.field(record, field),
            Name::Entry(value) => clipped(&self.value(value)),
            Name::Word(key) => self.words.get(key),
        };
        row.names.iter().map(name).collect::<Vec<_>>().join(" › ")
    }

    /// A value.
    pub fn value(&self, value: &Value) -> String {
        let many = |items: &[Value], between: &str| items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(between);
        match value {
            Value::Text { shown, .. } => super::value::spaced(shown),
            Value::Plain(text) => text.clone(),
            Value::Bool(yes) => self.words.get(if *yes { "format.yes" } else { "format.no" }),
            Value::Number(number, form) => self.number(*number, *form),
            Value::Date(date) => self.words.date(*date),
            Value::Duration(duration) => self.words.duration(*duration),
            Value::Money(money) => self.words.money(*money, self.currency),
            Value::Choice(record, field, word) => self.words.choice(record, field, word),
            Value::End(end) if end.lost => self.with("leads_nowhere", "what", &end.title),
            Value::End(end) => end.title.clone(),
            Value::List(items) => many(items, ", "),
            Value::Map(entries) => {
                entries.iter().map(|(key, value)| format!("{}: {}", self.value(key), self.value(value))).collect::<Vec<_>>().join("; ")
            }
            Value::Record(record, fields) => match fields.as_slice() {
                [(_, only)] => self.value(only),
                fields => {
                    let field =
                        |(name, value): &(&'static str, Value)| format!("{}: {}", self.words.field(record, name), self.value(value));
                    fields.iter().map(field).collect::<Vec<_>>().join("; ")
                }
            },
            Value::Claim(text, known, evidence) => {
                let known = known.map(|known| self.words.choice("a claim", "known", known.word()));
                let notes: Vec<String> = known.into_iter().chain(evidence.iter().map(|item| self.value(item))).collect();
                let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
                format!("{}{notes}", self.value(text))
            }
        }
    }

    /// A value, or that there is none.
    pub fn or_none(&self, value: Option<&Value>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| clipped(&self.value(value)))
    }

    fn number(&self, number: f64, form: Form) -> String {
        match form {
            Form::Plain => self.words.number(number),
            Form::Percent => self.words.percent(number),
            Form::Signed => self.words.signed(number),
        }
    }

    /// Whether something got better, in a word; empty where nobody can tell.
    pub fn tone(&self, tone: Tone) -> String {
        match tone {
            Tone::Better => self.word("better"),
            Tone::Worse => self.word("worse"),
            Tone::Neutral => String::new(),
        }
    }

    /// The same behind what it speaks of.
    pub fn in_brackets(&self, tone: Tone) -> String {
        match self.tone(tone) {
            word if word.is_empty() => word,
            word => format!(" ({word})"),
        }
    }

    /// The word for a type.
    pub fn kind(&self, kind: Type) -> String {
        self.words.get(&format!("type.{}.one", kind.name()))
    }

    /// The heading of a type.
    pub fn heading(&self, kind: Type) -> String {
        self.words.get(&format!("type.{}.heading", kind.name()))
    }

    /// The word for a sort of part.
    pub fn part_kind(&self, kind: PartKind) -> String {
        let key = match kind {
            PartKind::Task => "task",
            kind => kind.name(),
        };
        self.words.get(&format!("type.{key}.one"))
    }

    /// What becomes of something.
    pub fn fate(&self, fate: Fate) -> String {
        self.word(match fate {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Same => "changed",
        })
    }

    /// What a side is called.
    pub fn revision(&self, revision: &Revision) -> String {
        let short = revision.commit.get(..8).unwrap_or("");
        match (revision.name.as_str(), short) {
            ("", "") => self.word("now"),
            (name, "") => name.to_owned(),
            (name, short) if name.is_empty() || revision.commit.starts_with(name) => short.to_owned(),
            (name, short) => format!("{name} ({short})"),
        }
    }

    /// What changed about an entity besides its fields: its id, its type, its place.
    pub fn notes(&self, change: &EntityChange) -> Vec<String> {
        let Some((before, after)) = change.both() else { return Vec::new() };
        let mut out = Vec::new();
        if change.retyped() {
            let (was, is) = (self.kind(before.kind), self.kind(after.kind));
            out.push(self.words.fmt("ui.changes.retyped", &[("was", &was), ("is", &is)]));
        }
        if change.renamed() {
            let key = if change.how == How::Likely { "ui.changes.probably_renamed" } else { "ui.changes.renamed" };
            out.push(self.words.fmt(key, &[("was", &before.id), ("is", &after.id)]));
        }
        if change.moved() {
            out.push(self.words.fmt("ui.changes.moved_file", &[("was", before.path.as_str()), ("is", after.path.as_str())]));
        }
        out
    }

    /// The same about a part.
    pub fn part_notes(&self, part: &PartChange) -> Vec<String> {
        let Some((before, after)) = part.before.as_ref().zip(part.after.as_ref()) else { return Vec::new() };
        let mut out = Vec::new();
        if part.likely && before.id != after.id {
            out.push(self.words.fmt("ui.changes.probably_renamed", &[("was", &before.id), ("is", &after.id)]));
        }
        match part.moved {
            Some(Moved::Across) => out.push(self.words.fmt("ui.changes.moved_across", &[("was", &before.within), ("is", &after.within)])),
            Some(Moved::Along) => {
                let (was, is) = (before.place.to_string(), after.place.to_string());
                out.push(self.words.fmt("ui.changes.moved_along", &[("was", &was), ("is", &is)]));
            }
            None => {}
        }
        out
    }

    /// What a section is called.
    pub fn section(&self, prose: &ProseChange) -> String {
        if prose.heading.is_empty() { self.word("text") } else { prose.heading.clone() }
    }

    /// What changed about a section besides its words.
    pub fn section_notes(&self, prose: &ProseChange) -> Vec<String> {
        let was = prose.was.iter().map(|was| self.with("heading_was", "was", was));
        was.chain(prose.moved.then(|| self.word("section_moved"))).collect()
    }

    /// Why somebody should look.
    pub fn reasons(&self, reviewer: &Reviewer) -> Vec<String> {
        let told = [("n_own", reviewer.own.len()), ("n_refer", reviewer.refers.len())];
        told.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| self.count(key, n)).collect()
    }

    /// What a number of the whole handbook is called.
    pub fn measure(&self, key: MeasureKey) -> String {
        self.word(&format!("measure.{}", key.name()))
    }

    /// Its value.
    pub fn measured(&self, key: MeasureKey, value: Option<f64>) -> String {
        match value {
            None => "–".to_owned(),
            Some(cents) if key.is_money() => self.words.money(Money { cents: cents as i64, currency: None }, self.currency),
            Some(value) => self.number(value, key.form()),
        }
    }

    /// A number of the whole handbook before and after.
    pub fn measure_line(&self, measure: &Measure) -> String {
        let (before, after) = (self.measured(measure.key, measure.before), self.measured(measure.key, measure.after));
        format!("{}: {before} → {after}{}", self.measure(measure.key), self.in_brackets(measure.tone))
    }

    /// `3 added, 7 changed, 1 removed`.
    pub fn tally(&self, comparison: &Comparison) -> String {
        let [added, changed, removed] = comparison.counts();
        let told = [("n_added", added), ("n_changed", changed), ("n_removed", removed)];
        let told: Vec<String> = told.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| self.count(key, n)).collect();
        if told.is_empty() { self.word("no_entities") } else { told.join(", ") }
    }
}

/// A text that is not too long, cut between words.
pub(super) fn clipped(text: &str) -> String {
    if text.chars().count() <= CLIPPED {
        return text.to_owned();
    }
    let cut: String = text.chars().take(CLIPPED - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}
