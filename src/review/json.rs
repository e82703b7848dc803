//! A comparison as data: the same bytes for the same two handbooks.
use serde_json::{Map, Value as Json, json as object};

use super::effects::{Measure, Ripple};
use super::entities::{EntityChange, Thing};
use super::findings::Finding;
use super::pair::How;
use super::parts::{Moved, PartChange, PartThing};
use super::prose::ProseChange;
use super::rows::{Name, Row, Tone, What};
use super::wording::{Fate, Piece};
use super::{Comparison, Revision, Value};
use crate::handbook::Handbook;
use crate::model::{Known, Type};

/// The comparison as one JSON object. `head` is the newer side.
pub fn json(comparison: &Comparison, head: &Handbook) -> Json {
    let [added, changed, removed] = comparison.counts();
    object!({
        "format": 1,
        "base": revision(&comparison.base),
        "head": revision(&comparison.head),
        "summary": {"added": added, "changed": changed, "removed": removed, "same": comparison.same},
        "entities": comparison.entities.iter().map(entity).collect::<Vec<_>>(),
        "settings": comparison.settings.iter().map(row).collect::<Vec<_>>(),
        "backlogs": comparison.backlogs.iter().map(|backlog| object!({
            "file": backlog.path.as_str(),
            "fields": backlog.rows.iter().map(row).collect::<Vec<_>>(),
            "prose": backlog.prose.iter().map(prose).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "files": comparison.files.iter().map(|file| object!({"file": file.path.as_str(), "change": fate(file.fate)})).collect::<Vec<_>>(),
        "no_change_in_meaning": comparison.reformatted.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        "effects": comparison.effects.measures.iter().map(measure).collect::<Vec<_>>(),
        "pages": comparison.effects.pages.iter().map(|page| ripple(page, head)).collect::<Vec<_>>(),
        "findings": {
            "introduced": comparison.introduced.iter().map(finding).collect::<Vec<_>>(),
            "cured": comparison.cured.iter().map(finding).collect::<Vec<_>>(),
        },
        "reviewers": comparison.reviewers.iter().map(|reviewer| object!({
            "name": reviewer.name, "changed": reviewer.own, "refers": reviewer.refers,
        })).collect::<Vec<_>>(),
    })
}

fn revision(revision: &Revision) -> Json {
    let or_null = |text: &str| if text.is_empty() { Json::Null } else { Json::from(text) };
    object!({"name": or_null(&revision.name), "commit": or_null(&revision.commit), "date": or_null(&revision.date)})
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "added",
        Fate::Removed => "removed",
        Fate::Same => "changed",
    }
}

pub(super) fn entity(change: &EntityChange) -> Json {
    let found = match change.how {
        How::Same => "id",
        How::Was => "was",
        How::File => "file",
        How::Git => "git",
        How::Likely => "likeness",
    };
    object!({
        "change": fate(change.fate),
        "before": change.before.as_ref().map(thing),
        "after": change.after.as_ref().map(thing),
        "found_by": change.both().map(|_| found),
        "fields": change.rows.iter().map(row).collect::<Vec<_>>(),
        "parts": change.parts.iter().map(part).collect::<Vec<_>>(),
        "prose": change.prose.iter().map(prose).collect::<Vec<_>>(),
    })
}

fn thing(thing: &Thing) -> Json {
    let owner = if thing.owner.is_empty() { Json::Null } else { Json::from(thing.owner.as_str()) };
    object!({"type": thing.kind.name(), "id": thing.id, "title": thing.title, "source": thing.path.as_str(), "owner": owner})
}

fn part(change: &PartChange) -> Json {
    let moved = change.moved.map(|moved| match moved {
        Moved::Along => "place",
        Moved::Across => "phase",
    });
    object!({
        "change": fate(change.fate),
        "before": change.before.as_ref().map(part_thing),
        "after": change.after.as_ref().map(part_thing),
        "probably": change.likely,
        "moved": moved,
        "fields": change.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn part_thing(part: &PartThing) -> Json {
    let within = if part.within.is_empty() { Json::Null } else { Json::from(part.within.as_str()) };
    object!({"kind": part.kind.name(), "id": part.id, "title": part.title, "phase": within, "place": part.place})
}

fn prose(change: &ProseChange) -> Json {
    object!({
        "change": fate(change.fate),
        "heading": change.heading,
        "heading_before": change.was,
        "moved": change.moved,
        "words": words(&change.pieces),
    })
}

fn words(pieces: &[Piece]) -> Json {
    let is = |fate| match fate {
        Fate::Same => "same",
        Fate::Removed => "removed",
        Fate::Added => "added",
    };
    pieces.iter().map(|piece| object!({"is": is(piece.fate), "text": piece.text})).collect()
}

fn row(row: &Row) -> Json {
    let path: Vec<String> = row
        .names
        .iter()
        .map(|name| match name {
            Name::Field(_, field) => (*field).to_owned(),
            Name::Entry(value) => text(&self::value(value)),
            Name::Word(key) => key.rsplit('.').next().unwrap_or(key).to_owned(),
        })
        .collect();
    let mut out = object!({"path": path});
    let values = |values: &[Value]| values.iter().map(value).collect::<Json>();
    match &row.what {
        What::Value(before, after) => {
            out["before"] = before.as_ref().map_or(Json::Null, value);
            out["after"] = after.as_ref().map_or(Json::Null, value);
        }
        What::Set(removed, added) => {
            out["removed"] = values(removed);
            out["added"] = values(added);
        }
        What::Words(pieces) => out["words"] = words(pieces),
    }
    out["better"] = better(row.tone);
    out
}

fn better(tone: Tone) -> Json {
    match tone {
        Tone::Better => Json::Bool(true),
        Tone::Worse => Json::Bool(false),
        Tone::Neutral => Json::Null,
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value in the form of `handbook.json`.
fn value(value: &Value) -> Json {
    match value {
        Value::Text { shown, .. } => Json::from(shown.as_str()),
        Value::Plain(text) => Json::from(text.as_str()),
        Value::Bool(yes) => Json::Bool(*yes),
        Value::Number(number, _) => crate::exchange::number(*number),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Duration(duration) => Json::from(duration.to_string()),
        Value::Money(money) => Json::from(money.in_full("")),
        Value::Choice(_, _, word) => Json::from(*word),
        Value::End(end) => Json::from(end.name.as_str()),
        Value::List(items) => items.iter().map(self::value).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, entry)| (text(&self::value(key)), self::value(entry))).collect::<Map<String, Json>>())
        }
        Value::Record(_, fields) => Json::Object(fields.iter().map(|(name, field)| ((*name).to_owned(), self::value(field))).collect()),
        Value::Claim(claim, None, evidence) if evidence.is_empty() => self::value(claim),
        Value::Claim(claim, known, evidence) => object!({
            "text": self::value(claim),
            "known": known.map(Known::word),
            "evidence": evidence.iter().map(self::value).collect::<Vec<_>>(),
        }),
    }
}

fn measure(measure: &Measure) -> Json {
    let number = |value: Option<f64>| match value {
        Some(cents) if measure.key.is_money() => crate::exchange::number(cents / 100.0),
        Some(value) => crate::exchange::number(value),
        None => Json::Null,
    };
    object!({"name": measure.key.name(), "before": number(measure.before), "after": number(measure.after), "better": better(measure.tone)})
}

fn ripple(ripple: &Ripple, head: &Handbook) -> Json {
    let entity = &head.node(ripple.ix).entity;
    let kind: Type = entity.kind;
    object!({"type": kind.name(), "id": entity.id, "title": entity.title, "because": ripple.because})
}

fn finding(finding: &Finding) -> Json {
    object!({
        "rule": finding.rule.name(), "severity": finding.severity.name(), "message": finding.message,
        "file": finding.file.as_str(), "line": finding.at.line, "column": finding.at.column,
    })
}
