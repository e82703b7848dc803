//! `handbook.json`: the model as data, without anything that this build hides.
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use rayon::prelude::*;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::insights::insights;
use crate::base::{Today, slug};
use crate::handbook::{Handbook, Ix, Node, Target};
use crate::markup::LinkKind;
use crate::model::{Accepts, Claim, FieldLink, Record, Reflect, Text, Type};

/// How many entities are made into text at a time, in parallel; the rest of the handbook waits, so that memory stays flat.
const AT_A_TIME: usize = 256;

/// The bytes of `handbook.json`: one line, ended.
pub fn handbook_text(handbook: &Handbook, today: Today) -> String {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_handbook(handbook, today, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the bytes of `handbook.json` piece by piece, so that they are never in memory as a whole.
///
/// # Errors
/// Those of `out`.
pub fn write_handbook(handbook: &Handbook, today: Today, out: &mut dyn Write) -> io::Result<()> {
    let public: Vec<Ix> = handbook.all().filter(|ix| handbook.node(*ix).entity.kind.is_public()).collect();
    let (title, language) = (text_of(&handbook.settings.title), handbook.settings.language.code());
    write!(out, "{{\"format\":1,\"title\":{title},\"language\":\"{language}\",\"entities\":[")?;
    let mut between = "";
    for some in public.chunks(AT_A_TIME) {
        let texts: Vec<String> = some.par_iter().map(|ix| text_of(&Whole(Reader::new(handbook, *ix)))).collect();
        for text in texts {
            out.write_all(between.as_bytes())?;
            out.write_all(text.as_bytes())?;
            between = ",";
        }
    }
    out.write_all(b"],\"links\":[")?;
    Links::of(handbook, &public).write(out)?;
    out.write_all(b"],\"insights\":")?;
    out.write_all(text_of(&insights(handbook, today)).as_bytes())?;
    out.write_all(b"}\n")
}

/// A value as JSON. Writing into memory cannot fail, and no key is anything but a text.
fn text_of(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// One entity, as `handbook.json` has it.
pub fn entity_json(handbook: &Handbook, ix: Ix) -> Value {
    serde_json::to_value(Whole(Reader::new(handbook, ix))).unwrap_or_default()
}

/// The fields that are written, in the order of the declarations.
pub(super) fn fields(handbook: &Handbook, ix: Ix) -> Map<String, Value> {
    match serde_json::to_value(Fields(Reader::new(handbook, ix))) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// All links between public entities, each once.
struct Links {
    /// What the ends of links are called, sorted.
    names: Vec<String>,
    /// From where, by which relation, to where, sorted; names by their place.
    links: Vec<(u32, &'static str, u32)>,
}

impl Links {
    fn of(handbook: &Handbook, public: &[Ix]) -> Links {
        let ends = Ends::of(handbook);
        let mut links: Vec<(u32, &'static str, u32)> = public.par_iter().flat_map_iter(|ix| links_of(handbook, *ix, &ends)).collect();
        links.par_sort_unstable();
        links.dedup();
        Links { names: ends.names, links }
    }

    /// Ids and names of relations hold nothing that JSON would have to escape.
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = |at: u32| self.names[at as usize].as_str();
        for (at, (from, relation, to)) in self.links.iter().enumerate() {
            out.write_all(if at > 0 { b",{\"from\":\"" } else { b"{\"from\":\"" })?;
            for piece in [name(*from), "\",\"relation\":\"", relation, "\",\"to\":\"", name(*to), "\"}"] {
                out.write_all(piece.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Everything that a link may begin or end at, and the place of its name among all of them.
struct Ends {
    names: Vec<String>,
    /// For each entity, where it begins in `places`; its parts follow it.
    first: Vec<u32>,
    places: Vec<u32>,
}

impl Ends {
    fn of(handbook: &Handbook) -> Ends {
        let mut first = Vec::with_capacity(handbook.entities.len());
        let mut named: Vec<(String, u32)> = Vec::new();
        let mut add = |target: Target| {
            let at = named.len() as u32;
            named.push((handbook.name(&target).unwrap_or_default(), at));
            at
        };
        for ix in handbook.all() {
            first.push(add(Target::Entity(ix)));
            for part in 0..handbook.node(ix).entity.parts.len() as u32 {
                add(Target::Part(ix, part));
            }
        }
        named.par_sort_unstable();
        let mut places = vec![0; named.len()];
        for (place, (_, at)) in named.iter().enumerate() {
            places[*at as usize] = place as u32;
        }
        Ends { names: named.into_iter().map(|(name, _)| name).collect(), first, places }
    }

    /// A part that has no id is called like what it is a part of.
    fn place(&self, handbook: &Handbook, ix: Ix, part: Option<u32>) -> u32 {
        let named = |part: &u32| handbook.node(ix).entity.parts.get(*part as usize).is_some_and(|part| !part.id.is_empty());
        self.places[self.first[ix.0 as usize] as usize + part.filter(named).map_or(0, |part| part as usize + 1)]
    }
}

fn links_of(handbook: &Handbook, ix: Ix, ends: &Ends) -> impl Iterator<Item = (u32, &'static str, u32)> {
    let node = handbook.node(ix);
    node.targets.iter().enumerate().filter_map(move |(number, target)| {
        let to = target.entity().filter(|to| handbook.node(*to).entity.kind.is_public())?;
        let link = node.link(number as u32);
        let to_part = if let Target::Part(_, part) = target { Some(*part) } else { None };
        Some((ends.place(handbook, ix, link.part), link.relation, ends.place(handbook, to, to_part)))
    })
}

/// Reads the fields of one entity for whoever may see this build.
#[derive(Clone, Copy)]
struct Reader<'h> {
    handbook: &'h Handbook,
    node: &'h Node,
}

/// An entity with all that is told of it.
struct Whole<'h>(Reader<'h>);

/// The fields of an entity, in the order of the declarations.
struct Fields<'h>(Reader<'h>);

/// A mapping with declared fields.
struct Written<'r, 'h>(&'r Reader<'h>, &'r dyn Record);

/// A value of which something is left once what is hidden was taken out.
struct Shown<'r, 'h>(&'r Reader<'h>, &'r Reflect<'r>);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let node = self.0.node;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("type", node.entity.kind.name())?;
        map.serialize_entry("id", &node.entity.id)?;
        map.serialize_entry("title", &node.entity.title)?;
        map.serialize_entry("url", node.url.as_str())?;
        map.serialize_entry("source", node.document.source.path.as_str())?;
        map.serialize_entry("fields", &Fields(self.0))?;
        map.end()
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        self.0.record(&self.0.node.entity.common, &mut map)?;
        self.0.record(self.0.node.entity.data.record(), &mut map)?;
        map.end()
    }
}

impl Serialize for Written<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        self.0.record(self.1, &mut map)?;
        map.end()
    }
}

impl Serialize for Shown<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Shown(reader, value) = self;
        match value {
            Reflect::Absent => to.serialize_unit(),
            Reflect::Text(text) => to.serialize_str(&reader.text(text)),
            Reflect::Plain(text) => to.serialize_str(text),
            Reflect::Bool(value) => to.serialize_bool(*value),
            Reflect::Number(number) => self::number(*number).serialize(to),
            Reflect::Percent(number) => to.collect_str(&format_args!("{}%", self::number(*number))),
            Reflect::Date(date) => to.collect_str(date),
            Reflect::Duration(duration) => to.collect_str(duration),
            Reflect::Money(money) => to.serialize_str(&money.in_full(&reader.handbook.settings.currency)),
            Reflect::Choice(word) => to.serialize_str(word),
            Reflect::Ref(link) => to.serialize_str(&reader.reference(*link).unwrap_or_default()),
            Reflect::List(items) => to.collect_seq(items.iter().filter(|item| reader.shows(item)).map(|item| Shown(reader, item))),
            Reflect::Map(entries) => to.collect_map(reader.entries(entries).into_iter().map(|(key, value)| (key, Shown(reader, value)))),
            Reflect::Record(record) => Written(reader, *record).serialize(to),
            Reflect::Claim(claim) => reader.claim(claim, to),
        }
    }
}

impl<'h> Reader<'h> {
    fn new(handbook: &'h Handbook, ix: Ix) -> Reader<'h> {
        Reader { handbook, node: handbook.node(ix) }
    }

    fn record<M: SerializeMap>(&self, record: &dyn Record, map: &mut M) -> Result<(), M::Error> {
        if let Some(id) = derived_id(record) {
            map.serialize_entry("id", &id)?;
        }
        for (field, value) in record.present().filter(|(_, value)| self.shows(value)) {
            map.serialize_entry(field.name, &Shown(self, &value))?;
        }
        Ok(())
    }

    /// Whether anything is left of a value once what is hidden was taken out.
    fn shows(&self, value: &Reflect<'_>) -> bool {
        match value {
            Reflect::Absent => false,
            Reflect::Ref(link) => self.refers(*link),
            Reflect::List(items) => items.iter().any(|item| self.shows(item)),
            Reflect::Map(entries) => entries.iter().any(|(key, value)| self.shows(key) && self.shows(value)),
            _ => true,
        }
    }

    /// The entries of a mapping that are shown. Of two keys that lead to one thing the later value counts.
    fn entries<'v>(&self, entries: &'v [(Reflect<'v>, Reflect<'v>)]) -> Vec<(String, &'v Reflect<'v>)> {
        let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
        let mut shown: Vec<(String, &Reflect<'_>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries.iter().filter(|(key, value)| self.shows(key) && self.shows(value)) {
            let key = self.key(key);
            match places.get(&key) {
                Some(earlier) => shown[*earlier].1 = value,
                None => {
                    places.insert(key.clone(), shown.len());
                    shown.push((key, value));
                }
            }
        }
        shown
    }

    fn key(&self, key: &Reflect<'_>) -> String {
        match serde_json::to_value(Shown(self, key)) {
            Ok(Value::String(key)) => key,
            Ok(other) => other.to_string(),
            Err(_) => String::new(),
        }
    }

    fn claim<S: Serializer>(&self, claim: &Claim, to: S) -> Result<S::Ok, S::Error> {
        match claim.full() {
            Some(full) => Written(self, full).serialize(to),
            None => to.serialize_str(&self.text(&claim.text)),
        }
    }

    /// Whether a reference names something that is shown.
    fn refers(&self, link: u32) -> bool {
        let FieldLink::Field(accepts) = self.node.link(link).how else { return true };
        match self.node.target(link) {
            Target::Entity(_) | Target::Anchor(..) => true,
            Target::Part(ix, part) => self.handbook.part_label(*ix, *part).is_some(),
            target => accepts.soft && *target != Target::Hidden,
        }
    }

    /// The current name of what a reference leads to, as short as an author may write it.
    fn reference(&self, link: u32) -> Option<Cow<'h, str>> {
        let raw = self.node.link(link);
        let FieldLink::Field(accepts) = raw.how else { return Some(Cow::Borrowed(&raw.written)) };
        match self.node.target(link) {
            Target::Entity(ix) | Target::Anchor(ix, _) => Some(self.entity_name(*ix, accepts)),
            Target::Part(ix, part) => {
                let part = self.handbook.part_label(*ix, *part)?.address;
                Some(if accepts.own_parts { part.into() } else { format!("{}/{part}", self.entity_name(*ix, accepts)).into() })
            }
            _ => self.refers(link).then_some(Cow::Borrowed(&raw.written)),
        }
    }

    /// The id, with its type where another entity that the field takes has the same id.
    fn entity_name(&self, ix: Ix, accepts: &Accepts) -> Cow<'h, str> {
        let entity = &self.handbook.node(ix).entity;
        match accepts.types.len() > 1 && self.handbook.bearers(accepts.types, &entity.id) > 1 {
            true => Cow::Owned(format!("{}:{}", entity.kind.name(), entity.id)),
            false => Cow::Borrowed(&entity.id),
        }
    }

    /// The text as it is written; a link that leads nowhere in this build is only its label.
    fn text<'v>(&self, text: &'v Text) -> Cow<'v, str> {
        let mut out = Cow::Borrowed(&*text.source);
        let Some(rich) = &text.rich else { return out };
        for (number, link) in rich.links.iter().enumerate().rev() {
            if !matches!(self.node.target(text.first_link + number as u32), Target::Nowhere | Target::Hidden) {
                continue;
            }
            match unlinked(&out, link.kind, link.span.clone()) {
                Some((range, label)) => out.to_mut().replace_range(range, &label),
                None => return Cow::Borrowed(&rich.plain),
            }
        }
        out
    }
}

/// The range of a written link, and its label. None where it is written in a way that is not plain to see.
fn unlinked(text: &str, kind: LinkKind, span: std::ops::Range<usize>) -> Option<(std::ops::Range<usize>, String)> {
    let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
    if kind == LinkKind::Wiki {
        let start = before.trim_end().strip_suffix("[[")?.len();
        let close = after.find("]]")?;
        let label = after[..close].rsplit_once('|').map_or(text.get(span.clone())?, |(_, label)| label).trim();
        return Some((start..span.end + close + 2, label.to_owned()));
    }
    let label_end = before.strip_suffix("](").or_else(|| before.strip_suffix("](<"))?.len();
    let start = opening_bracket(&before[..label_end])?;
    let close = after.find(')')?;
    let from = if kind == LinkKind::Image { start.checked_sub(1)? } else { start };
    Some((from..span.end + close + 1, before[start + 1..label_end].to_owned()))
}

/// The `[` that a `]` behind the text would close.
fn opening_bracket(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b']' => depth += 1,
            b'[' if depth == 0 => return Some(at),
            b'[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The id by which others refer to a part that was given none: made from its title, or a behaviour's from its text.
fn derived_id(record: &dyn Record) -> Option<String> {
    let fields = record.kind().fields;
    let at = |name: &str| fields.iter().position(|field| field.name == name);
    let id = at("id")?;
    if !matches!(record.value(id), Reflect::Absent) {
        return None;
    }
    let named = at("title").or_else(|| at("text"))?;
    match record.value(named) {
        Reflect::Text(text) => Some(slug(text.plain())).filter(|id| !id.is_empty()),
        _ => None,
    }
}

/// A number without a needless `.0`.
pub fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { Value::from(number as i64) } else { Value::from(number) }
}

/// The kinds of entities that the outside knows.
pub(super) fn public_types() -> impl Iterator<Item = Type> {
    Type::ALL.iter().copied().filter(|kind| kind.is_public())
}
