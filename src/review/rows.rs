//! What changed in the fields of a record, told as rows.
use std::collections::BTreeMap;

use super::value::{Form, Reader, Value};
use super::wording::{Fate, Piece, Words, compare, likely};
use crate::model::Record;

/// A change of one field, or of one entry in it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it is: the field, then entries and fields in it.
    pub names: Vec<Name>,
    /// What changed.
    pub what: What,
    /// Whether it got better.
    pub tone: Tone,
}

/// A step on the way to what changed.
#[derive(Debug, Clone)]
pub enum Name {
    /// A field of a record.
    Field(&'static str, &'static str),
    /// An entry of a mapping or list.
    Entry(Value),
    /// A word of ours, by its key.
    Word(&'static str),
}

/// What changed.
#[derive(Debug, Clone)]
pub enum What {
    /// One value for another.
    Value(Option<Value>, Option<Value>),
    /// Some of many: those that went, and those that came.
    Set(Vec<Value>, Vec<Value>),
    /// Some words of a text.
    Words(Vec<Piece>),
}

/// Whether a change is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It is.
    Better,
    /// For the worse.
    Worse,
    /// Nobody can tell.
    Neutral,
}

impl Tone {
    /// The tone of a number that should rise.
    pub fn rising(before: f64, after: f64) -> Tone {
        match after.total_cmp(&before) {
            std::cmp::Ordering::Greater => Tone::Better,
            std::cmp::Ordering::Less => Tone::Worse,
            std::cmp::Ordering::Equal => Tone::Neutral,
        }
    }
}

/// A record of one side with who reads it.
#[derive(Clone, Copy)]
pub struct Read<'r> {
    /// The reader.
    pub reader: Reader<'r>,
    /// The record.
    pub record: &'r dyn Record,
}

/// How much two entries of a list have to have in common to be taken for one.
const LIKE: f64 = 0.6;
/// Names by which an entry of a list is the same one.
const IDENTITY: [&str; 9] = ["id", "channel", "date", "name", "asks", "to", "rule", "title", "text"];

/// The rows of what changed from one record to another, or of all that is in the one that there is.
pub fn rows(before: Option<Read<'_>>, after: Option<Read<'_>>, without: &[&str]) -> Vec<Row> {
    let read = |side: Option<Read<'_>>| side.map(|side| (side.record.kind().name, side.reader.fields(side.record, without)));
    let (before, after) = (read(before), read(after));
    let mut out = Vec::new();
    let name = after.as_ref().or(before.as_ref()).map_or("", |(name, _)| name);
    let fields = |side: Option<(&'static str, Vec<(&'static str, Value)>)>| side.map(|(_, fields)| fields).unwrap_or_default();
    records(&[], name, &fields(before), &fields(after), &mut out);
    out
}

type Fields = [(&'static str, Value)];

pub(super) fn records(names: &[Name], record: &'static str, before: &Fields, after: &Fields, out: &mut Vec<Row>) {
    let of = |fields: &Fields, name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
    let gone = before.iter().filter(|(name, _)| !after.iter().any(|(other, _)| other == name));
    for (name, _) in after.iter().chain(gone) {
        let mut names = names.to_vec();
        names.push(Name::Field(record, name));
        differ(names, of(before, name), of(after, name), out);
    }
}

/// The rows of what changed from one value to another.
pub fn differ(names: Vec<Name>, before: Option<Value>, after: Option<Value>, out: &mut Vec<Row>) {
    match (before, after) {
        (None, None) => {}
        (Some(before), Some(after)) if before.same(&after) => {}
        (Some(Value::Map(before)), Some(Value::Map(after))) => maps(&names, before, after, out),
        (Some(Value::List(before)), Some(Value::List(after))) => lists(&names, before, after, out),
        (Some(Value::List(before)), None) => lists(&names, before, Vec::new(), out),
        (None, Some(Value::List(after))) => lists(&names, Vec::new(), after, out),
        (Some(Value::Record(_, before)), Some(Value::Record(name, after))) => records(&names, name, &before, &after, out),
        (Some(before), Some(after)) if is_worded(&before) && is_worded(&after) => worded(names, before, after, out),
        (before, after) => {
            let tone = tone(before.as_ref(), after.as_ref());
            out.push(Row { names, what: What::Value(before, after), tone });
        }
    }
}

/// Texts are compared word by word.
fn is_worded(value: &Value) -> bool {
    matches!(value, Value::Text { .. } | Value::Claim(..))
}

fn worded(names: Vec<Name>, before: Value, after: Value, out: &mut Vec<Row>) {
    let apart = |value: Value| match value {
        Value::Claim(text, known, evidence) => (*text, known, evidence),
        text => (text, None, Vec::new()),
    };
    let ((old, was, backed), (new, is, backing)) = (apart(before), apart(after));
    let same = old.same(&new);
    if !same {
        let pieces = compare(old.as_text().unwrap_or(""), new.as_text().unwrap_or(""));
        let other = pieces.iter().all(|piece| piece.fate != Fate::Same);
        let what = if other { What::Value(Some(old.clone()), Some(new.clone())) } else { What::Words(pieces) };
        out.push(Row { names: names.clone(), what, tone: Tone::Neutral });
    }
    let under = |field: &'static str| {
        let mut names = names.clone();
        if same && !matches!(names.last(), Some(Name::Entry(_))) {
            names.push(Name::Entry(new.clone()));
        }
        names.push(Name::Field("a claim", field));
        names
    };
    let known = |known: Option<crate::model::Known>| known.map(|known| Value::Choice("a claim", "known", known.word()));
    differ(under("known"), known(was), known(is), out);
    let list = |items: Vec<Value>| (!items.is_empty()).then_some(Value::List(items));
    differ(under("evidence"), list(backed), list(backing), out);
}

fn maps(names: &[Name], before: Vec<(Value, Value)>, after: Vec<(Value, Value)>, out: &mut Vec<Row>) {
    let mut old: BTreeMap<String, (Value, Value)> = before.into_iter().map(|entry| (entry.0.key(), entry)).collect();
    let mut add = |key: Value, before: Option<Value>, after: Option<Value>| {
        let mut names = names.to_vec();
        names.push(Name::Entry(key));
        differ(names, before, after, out);
    };
    for (key, value) in after {
        let was = old.remove(&key.key()).map(|(_, value)| value);
        add(key, was, Some(value));
    }
    for (key, value) in old.into_values() {
        add(key, Some(value), None);
    }
}

/// Lists are sets: entries find each other by what they are called, then by likeness.
fn lists(names: &[Name], before: Vec<Value>, after: Vec<Value>, out: &mut Vec<Row>) {
    let mut old: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for value in before {
        old.entry(identity(&value).key()).or_default().push(value);
    }
    let (mut new, mut pairs) = (Vec::new(), Vec::new());
    for value in after {
        match old.get_mut(&identity(&value).key()).and_then(|same| (!same.is_empty()).then(|| same.remove(0))) {
            Some(was) => pairs.push((was, value)),
            None => new.push(value),
        }
    }
    let mut gone: Vec<Value> = old.into_values().flatten().collect();
    for (was, is) in pairs {
        let mut names = names.to_vec();
        names.push(Name::Entry(identity(&is)));
        let (was, is) = alike(was, is);
        differ(names, Some(was), Some(is), out);
    }
    for (was, is) in take_likely(&mut gone, &mut new) {
        differ(names.to_vec(), Some(was), Some(is), out);
    }
    if !gone.is_empty() || !new.is_empty() {
        out.push(Row { names: names.to_vec(), what: What::Set(gone, new), tone: Tone::Neutral });
    }
}

/// Takes out the pairs of texts that are like each other.
fn take_likely(old: &mut Vec<Value>, new: &mut Vec<Value>) -> Vec<(Value, Value)> {
    let text =
        |value: &Value| Some(identity(value)).filter(is_worded).and_then(|named| named.as_text().map(str::to_owned)).unwrap_or_default();
    let words = |values: &[Value]| values.iter().map(|value| Words::of(&text(value))).collect::<Vec<_>>();
    let pairs = likely(&words(old), &words(new), LIKE);
    let found = pairs.iter().map(|(a, b)| (old[*a].clone(), new[*b].clone())).collect();
    let keep = |values: &mut Vec<Value>, taken: Vec<usize>| {
        let mut at = 0;
        values.retain(|_| {
            at += 1;
            !taken.contains(&(at - 1))
        });
    };
    keep(old, pairs.iter().map(|(a, _)| *a).collect());
    keep(new, pairs.iter().map(|(_, b)| *b).collect());
    found
}

/// What makes an entry of a list the same one: the text of a statement, the id or name of a record.
fn identity(value: &Value) -> Value {
    match value {
        Value::Claim(text, ..) => (**text).clone(),
        Value::Record(_, fields) => {
            let named = IDENTITY.iter().find_map(|name| fields.iter().find(|(field, _)| field == name));
            named.map_or_else(|| value.clone(), |(_, value)| value.clone())
        }
        value => value.clone(),
    }
}

/// The short form of an entry and its full form, both as full ones.
fn alike(before: Value, after: Value) -> (Value, Value) {
    let full = |short: &Value, name: &'static str, fields: &[(&'static str, Value)]| {
        let field = fields.iter().find(|(_, value)| value.same(short)).map(|(field, _)| *field);
        field.map(|field| Value::Record(name, vec![(field, short.clone())]))
    };
    match (&before, &after) {
        (Value::Record(..), Value::Record(..)) => (before, after),
        (short, Value::Record(name, fields)) => (full(short, name, fields).unwrap_or(before), after),
        (Value::Record(name, fields), short) => {
            let after = full(short, name, fields).unwrap_or(after.clone());
            (before, after)
        }
        _ => (before, after),
    }
}

/// Whether one value is better than another: feelings rise, guesses become knowledge.
fn tone(before: Option<&Value>, after: Option<&Value>) -> Tone {
    let rank = |word: &str| ["unknown", "assumed", "known"].iter().position(|known| *known == word).map(|rank| rank as f64);
    match (before, after) {
        (Some(Value::Number(before, Form::Signed)), Some(Value::Number(after, Form::Signed))) => Tone::rising(*before, *after),
        (Some(Value::Choice(_, "known", before)), Some(Value::Choice(_, "known", after))) => match (rank(before), rank(after)) {
            (Some(before), Some(after)) => Tone::rising(before, after),
            _ => Tone::Neutral,
        },
        _ => Tone::Neutral,
    }
}
