//! Phases, steps and tasks: which came, went, moved, and what changed in them.
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Fate;
use super::rows::{Name, Read, Row, Tone, What, rows};
use super::value::{Form, Matches, Reader, Value};
use super::wording::{Words, likely};
use crate::document::Entity;
use crate::handbook::{Handbook, Ix};
use crate::insight::longest_rise;
use crate::model::{PartKind, Record, Reflect};

/// A change of a part.
#[derive(Debug, Clone)]
pub struct PartChange {
    /// What becomes of it.
    pub fate: Fate,
    /// The part as it was.
    pub before: Option<PartThing>,
    /// The part as it is.
    pub after: Option<PartThing>,
    /// Whether the two have different ids and found each other by likeness.
    pub likely: bool,
    /// Where it went.
    pub moved: Option<Moved>,
    /// What changed in it.
    pub rows: Vec<Row>,
}

/// A part of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartThing {
    /// Its number among its entity's parts.
    pub part: u32,
    /// What it is.
    pub kind: PartKind,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What the phase is called that it stands in; empty for a phase.
    pub within: String,
    /// Its place among the parts beside it, from 1.
    pub place: usize,
}

/// Where a part went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// To another place beside the same parts.
    Along,
    /// To another phase.
    Across,
}

/// Names of records that are parts.
const PARTS: [&str; 6] = ["phase", "step", "framework's phase", "framework's step", "roadmap's phase", "core task"];
/// The fields of a part that are told otherwise.
const TOLD_OTHERWISE: [&str; 2] = ["id", "steps"];
/// How much the words of two parts have to have in common to be taken for one.
const LIKE: f64 = 0.5;

/// A part with its record.
struct Part<'h> {
    record: &'h dyn Record,
    thing: PartThing,
    parent: Option<u32>,
}

/// The parts of an entity, in the order of the file.
fn parts<'e>(entity: &'e Entity) -> Vec<Part<'e>> {
    let mut records = Vec::new();
    gather(entity.data.record(), &mut records);
    let mut places: HashMap<Option<u32>, usize> = HashMap::new();
    let title =
        |part: Option<u32>| part.and_then(|part| entity.parts.get(part as usize)).map_or(String::new(), |part| part.title.to_string());
    let of = |(at, record): (usize, &'e dyn Record)| {
        let decl = entity.parts.get(at)?;
        let place = places.entry(decl.parent).or_default();
        *place += 1;
        let (id, within) = (decl.id.to_string(), title(decl.parent));
        let thing = PartThing { part: at as u32, kind: decl.kind, id, title: decl.title.to_string(), within, place: *place };
        Some(Part { record, thing, parent: decl.parent })
    };
    records.into_iter().enumerate().filter_map(of).collect()
}

/// Parts get their numbers in the order in which they are read: a phase before its steps.
fn gather<'h>(record: &'h dyn Record, out: &mut Vec<&'h dyn Record>) {
    for (_, value) in record.present() {
        let Reflect::List(items) = value else { continue };
        for item in items {
            if let Reflect::Record(part) = item
                && PARTS.contains(&part.kind().name)
            {
                out.push(part);
                gather(part, out);
            }
        }
    }
}

/// Which part of the older side is which of the newer, and whether only likeness says so.
type Pairs = BTreeMap<u32, (u32, bool)>;

/// Finds the parts of two entities in each other: by id, then by likeness.
pub(super) fn pair(old: &Arc<Entity>, new: &Arc<Entity>) -> Pairs {
    if Arc::ptr_eq(old, new) {
        return (0..new.parts.len() as u32).map(|part| (part, (part, false))).collect();
    }
    let (old, new) = (parts(old), parts(new));
    let by_id: HashMap<(PartKind, &str), u32> =
        new.iter().filter(|part| !part.thing.id.is_empty()).map(|part| ((part.thing.kind, &*part.thing.id), part.thing.part)).collect();
    let mut pairs: Pairs = BTreeMap::new();
    let mut taken = vec![false; new.len()];
    for part in &old {
        // Two parts may have one id, which is told: the first of them is the one.
        if let Some(to) = by_id.get(&(part.thing.kind, &*part.thing.id)).filter(|to| !taken[**to as usize]) {
            taken[*to as usize] = true;
            pairs.insert(part.thing.part, (*to, false));
        }
    }
    for kind in [PartKind::Phase, PartKind::Step, PartKind::FrameworkPhase, PartKind::FrameworkStep, PartKind::RoadmapPhase, PartKind::Task]
    {
        let gone: Vec<&Part<'_>> = old.iter().filter(|part| part.thing.kind == kind && !pairs.contains_key(&part.thing.part)).collect();
        let come: Vec<&Part<'_>> = new.iter().filter(|part| part.thing.kind == kind && !taken[part.thing.part as usize]).collect();
        let words = |parts: &[&Part<'_>]| parts.iter().map(|part| Words::of(&said(part.record))).collect::<Vec<_>>();
        for (a, b) in likely(&words(&gone), &words(&come), LIKE) {
            pairs.insert(gone[a].thing.part, (come[b].thing.part, true));
        }
    }
    pairs
}

/// Everything that a part says, as one text.
fn said(record: &dyn Record) -> String {
    let mut out = String::new();
    for (field, value) in record.present() {
        say(field.name, &value, &mut out);
    }
    out
}

fn say(name: &str, value: &Reflect<'_>, out: &mut String) {
    use std::fmt::Write;
    let _ = match value {
        Reflect::Text(text) => write!(out, "{} ", text.plain()),
        Reflect::Plain(text) if name != "id" => write!(out, "{text} "),
        Reflect::Claim(claim) => write!(out, "{} ", claim.text.plain()),
        Reflect::Number(number) => write!(out, "{name}{number} "),
        Reflect::Date(date) => write!(out, "{date} "),
        Reflect::List(items) => items.iter().try_for_each(|item| {
            say(name, item, out);
            Ok(())
        }),
        Reflect::Record(record) => {
            out.push_str(&said(*record));
            Ok(())
        }
        _ => Ok(()),
    };
}

/// What changed in the parts of an entity, in the order in which they are now; removed ones where they were.
pub(super) fn changes(base: (&Handbook, Ix), head: (&Handbook, Ix), pairs: &Pairs, matches: &Matches) -> Vec<PartChange> {
    let (old, new) = (parts(&base.0.node(base.1).entity), parts(&head.0.node(head.1).entity));
    let readers = (Reader::new(base.0, base.1, Some(matches)), Reader::new(head.0, head.1, None));
    let moved = moved(&old, &new, pairs);
    let from: HashMap<u32, (u32, bool)> = pairs.iter().map(|(old, (new, likely))| (*new, (*old, *likely))).collect();
    let mut out: Vec<PartChange> = Vec::new();
    let mut told = 0;
    for part in &new {
        let was = from.get(&part.thing.part).map(|(was, likely)| (&old[*was as usize], *likely));
        if let Some((was, _)) = was.filter(|_| !moved.contains_key(&part.thing.part)) {
            removed(&old, &mut told, was.thing.part, pairs, &mut out);
        }
        out.extend(match was {
            Some((was, likely)) => changed(was, part, likely, moved.get(&part.thing.part).copied(), readers),
            None => Some(added(part, readers.1)),
        });
    }
    removed(&old, &mut told, old.len() as u32, pairs, &mut out);
    out
}

fn removed(old: &[Part<'_>], told: &mut u32, until: u32, pairs: &Pairs, out: &mut Vec<PartChange>) {
    while *told < until {
        let part = &old[*told as usize];
        if !pairs.contains_key(told) {
            let before = Some(part.thing.clone());
            out.push(PartChange { fate: Fate::Removed, before, after: None, likely: false, moved: None, rows: Vec::new() });
        }
        *told += 1;
    }
}

fn added(part: &Part<'_>, reader: Reader<'_>) -> PartChange {
    let mut without = TOLD_OTHERWISE.to_vec();
    without.push("title");
    let rows = rows(None, Some(Read { reader, record: part.record }), &without);
    PartChange { fate: Fate::Added, before: None, after: Some(part.thing.clone()), likely: false, moved: None, rows }
}

fn changed(was: &Part<'_>, is: &Part<'_>, likely: bool, moved: Option<Moved>, readers: (Reader<'_>, Reader<'_>)) -> Option<PartChange> {
    let before = Read { reader: readers.0, record: was.record };
    let after = Read { reader: readers.1, record: is.record };
    let mut rows = rows(Some(before), Some(after), &TOLD_OTHERWISE);
    rows.extend(gap(was.record, is.record));
    let any = likely || moved.is_some() || !rows.is_empty();
    let (before, after) = (Some(was.thing.clone()), Some(is.thing.clone()));
    any.then_some(PartChange { fate: Fate::Same, before, after, likely, moved, rows })
}

/// What relevance less presence was and is.
fn gap(before: &dyn Record, after: &dyn Record) -> Option<Row> {
    let number = |record: &dyn Record, name: &str| {
        record
            .present()
            .find(|(field, _)| field.name == name)
            .and_then(|(_, value)| if let Reflect::Number(n) = value { Some(n) } else { None })
    };
    let size = |record: &dyn Record| Some(((number(record, "relevance")? - number(record, "presence")?) * 1e6).round() / 1e6);
    let (was, is) = (size(before), size(after));
    let value = |size: f64| Value::Number(size, Form::Plain);
    let tone = was.zip(is).map_or(Tone::Neutral, |(was, is)| Tone::rising(is, was));
    (was != is).then(|| Row { names: vec![Name::Word("ui.changes.gap")], what: What::Value(was.map(value), is.map(value)), tone })
}

/// The parts that moved, by their number on the newer side. Of parts that changed places as few as can be are said to have moved.
fn moved(old: &[Part<'_>], new: &[Part<'_>], pairs: &Pairs) -> BTreeMap<u32, Moved> {
    let mut out = BTreeMap::new();
    let mut beside: BTreeMap<Option<u32>, Vec<(u32, u32)>> = BTreeMap::new();
    for (was, (is, _)) in pairs {
        let (was, is) = (&old[*was as usize], &new[*is as usize]);
        let stays = was.parent.map(|parent| pairs.get(&parent).map(|(to, _)| *to)) == is.parent.map(Some);
        match stays {
            true => beside.entry(is.parent).or_default().push((is.thing.part, was.thing.part)),
            false => drop(out.insert(is.thing.part, Moved::Across)),
        }
    }
    for mut siblings in beside.into_values() {
        siblings.sort_unstable();
        let order: Vec<usize> = siblings.iter().map(|(_, was)| *was as usize).collect();
        let mut stay = vec![false; siblings.len()];
        longest_rise(&order).into_iter().for_each(|at| stay[at] = true);
        out.extend(siblings.iter().zip(stay).filter(|(_, stays)| !stays).map(|((is, _), _)| (*is, Moved::Along)));
    }
    out
}
