//! `handbook.json`: the model as data, without anything that this build hides.
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::insights::insights;
use crate::base::{Today, slug};
use crate::handbook::{Handbook, Ix, Node, Target};
use crate::markup::LinkKind;
use crate::model::{Accepts, Claim, FieldLink, Record, Reflect, Text, Type};

/// How many entities are made into text at a time, in parallel; the rest of the handbook waits, so that memory stays flat.
const AT_A_TIME: usize = 1024;

/// The bytes of `handbook.json`: one line, ended.
pub fn handbook_text(handbook: &Handbook, today: Today) -> String {
    let public: Vec<Ix> = handbook.all().filter(|ix| handbook.node(*ix).entity.kind.is_public()).collect();
    let (title, language) = (Value::from(handbook.settings.title.as_str()), handbook.settings.language.code());
    let mut out = format!("{{\"format\":1,\"title\":{title},\"language\":\"{language}\",\"entities\":[");
    for (at, some) in public.chunks(AT_A_TIME).enumerate() {
        let texts: Vec<String> = some.par_iter().map(|ix| entity_json(handbook, *ix).to_string()).collect();
        out.push_str(if at > 0 { "," } else { "" });
        out.push_str(&texts.join(","));
    }
    out.push_str("],\"links\":[");
    for (at, (from, relation, to)) in links(handbook, &public).iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        // Ids and names of relations hold nothing that JSON would have to escape.
        out.push_str(&format!("{{\"from\":\"{from}\",\"relation\":\"{relation}\",\"to\":\"{to}\"}}"));
    }
    out.push_str(&format!("],\"insights\":{}}}\n", insights(handbook, today)));
    out
}

/// One entity, as `handbook.json` has it.
pub fn entity_json(handbook: &Handbook, ix: Ix) -> Value {
    let node = handbook.node(ix);
    json!({
        "type": node.entity.kind.name(),
        "id": node.entity.id,
        "title": node.entity.title,
        "url": node.url.as_str(),
        "source": node.document.source.path.as_str(),
        "fields": fields(handbook, ix),
    })
}

/// The fields that are written, in the order of the declarations.
pub(super) fn fields(handbook: &Handbook, ix: Ix) -> Map<String, Value> {
    let node = handbook.node(ix);
    let reader = Reader { handbook, ix, node };
    let mut fields = reader.record(&node.entity.common);
    fields.extend(reader.record(node.entity.data.record()));
    fields
}

fn links(handbook: &Handbook, public: &[Ix]) -> Vec<(String, &'static str, String)> {
    let mut links: Vec<(String, &'static str, String)> = public.par_iter().flat_map_iter(|ix| links_of(handbook, *ix)).collect();
    links.par_sort_unstable();
    links.dedup();
    links
}

fn links_of(handbook: &Handbook, ix: Ix) -> Vec<(String, &'static str, String)> {
    let node = handbook.node(ix);
    let named = |target: &Target| handbook.part(target).is_none_or(|part| !part.id.is_empty());
    let name = |target: Target, whole: Ix| handbook.name(&if named(&target) { target } else { Target::Entity(whole) });
    let links = node.targets.iter().enumerate().filter_map(|(number, target)| {
        let to = target.entity().filter(|to| handbook.node(*to).entity.kind.is_public())?;
        let link = node.link(number as u32);
        let from = link.part.map_or(Target::Entity(ix), |part| Target::Part(ix, part));
        Some((name(from, ix)?, link.relation, name(target.clone(), to)?))
    });
    links.collect()
}

struct Reader<'h> {
    handbook: &'h Handbook,
    ix: Ix,
    node: &'h Node,
}

impl Reader<'_> {
    fn record(&self, record: &dyn Record) -> Map<String, Value> {
        let mut fields: Map<String, Value> = Map::new();
        if let Some(id) = derived_id(record) {
            fields.insert("id".into(), id.into());
        }
        for (field, value) in record.present() {
            if let Some(value) = self.value(&value) {
                fields.insert(field.name.to_owned(), value);
            }
        }
        fields
    }

    /// The value; none where nothing is left of it once what is hidden was taken out.
    fn value(&self, value: &Reflect<'_>) -> Option<Value> {
        Some(match value {
            Reflect::Absent => return None,
            Reflect::Text(text) => self.text(text).into(),
            Reflect::Plain(text) => (*text).into(),
            Reflect::Bool(value) => (*value).into(),
            Reflect::Number(number) => self::number(*number),
            Reflect::Percent(number) => format!("{}%", self::number(*number)).into(),
            Reflect::Date(date) => date.to_string().into(),
            Reflect::Duration(duration) => duration.to_string().into(),
            Reflect::Money(money) => money.in_full(&self.handbook.settings.currency).into(),
            Reflect::Choice(word) => (*word).into(),
            Reflect::Ref(link) => self.reference(*link)?.into(),
            Reflect::List(items) => {
                let items: Vec<Value> = items.iter().filter_map(|item| self.value(item)).collect();
                return (!items.is_empty()).then(|| items.into());
            }
            Reflect::Map(entries) => {
                let entries: Map<String, Value> = entries.iter().filter_map(|(key, value)| self.entry(key, value)).collect();
                return (!entries.is_empty()).then(|| entries.into());
            }
            Reflect::Record(record) => self.record(*record).into(),
            Reflect::Claim(claim) => self.claim(claim),
        })
    }

    fn entry(&self, key: &Reflect<'_>, value: &Reflect<'_>) -> Option<(String, Value)> {
        let key = match self.value(key)? {
            Value::String(key) => key,
            other => other.to_string(),
        };
        Some((key, self.value(value)?))
    }

    fn claim(&self, claim: &Claim) -> Value {
        match claim.full() {
            Some(full) => self.record(full).into(),
            None => self.text(&claim.text).into(),
        }
    }

    /// The current name of what a reference leads to, as short as an author may write it.
    fn reference(&self, link: u32) -> Option<String> {
        let (node, raw) = (self.node, self.node.link(link));
        let FieldLink::Field(accepts) = raw.how else { return Some(raw.written.to_string()) };
        let target = node.target(link);
        match target {
            Target::Entity(ix) | Target::Anchor(ix, _) => Some(self.entity_name(*ix, accepts)),
            Target::Part(ix, _) => {
                let part = self.handbook.part(target)?;
                Some(if accepts.own_parts { part.id.to_string() } else { format!("{}/{}", self.entity_name(*ix, accepts), part.id) })
            }
            _ if accepts.soft && !self.handbook.hides(self.ix, link) => Some(raw.written.to_string()),
            _ => None,
        }
    }

    /// The id, with its type where another entity that the field takes has the same id.
    fn entity_name(&self, ix: Ix, accepts: &Accepts) -> String {
        let entity = &self.handbook.node(ix).entity;
        let alike = accepts.types.iter().filter(|kind| self.handbook.find(**kind, &entity.id).is_some()).count();
        match alike > 1 {
            true => format!("{}:{}", entity.kind.name(), entity.id),
            false => entity.id.to_string(),
        }
    }

    /// The text as it is written; a link that leads nowhere in this build is only its label.
    fn text(&self, text: &Text) -> String {
        let Some(rich) = &text.rich else { return text.source.to_string() };
        let mut out = text.source.to_string();
        for (number, link) in rich.links.iter().enumerate().rev() {
            if !matches!(self.node.target(text.first_link + number as u32), Target::Nowhere | Target::Hidden) {
                continue;
            }
            match unlinked(&out, link.kind, link.span.clone()) {
                Some((range, label)) => out.replace_range(range, &label),
                None => return rich.plain.to_string(),
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
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { Value::from(number as i64) } else { Value::from(number) }
}

/// The kinds of entities that the outside knows.
pub(super) fn public_types() -> impl Iterator<Item = Type> {
    Type::ALL.iter().copied().filter(|kind| kind.is_public())
}
