//! Values as they are compared: without places, with references named by what they lead to, equal where they mean the same.
use crate::base::{Date, Duration, HashMap, Money};
use crate::document::Document;
use crate::handbook::{Handbook, Ix, Node, Target};
use crate::markup::Rich;
use crate::model::{Claim, FieldLink, Kind, Known, RawLink, Record, Reflect, Text, Type};

/// A value of one side.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text with inline Markdown.
    Text {
        /// As it is written.
        shown: String,
        /// What it says: white space apart, links by what they lead to.
        meaning: String,
    },
    /// Text as it is.
    Plain(String),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64, Form),
    /// A day.
    Date(Date),
    /// A span of time.
    Duration(Duration),
    /// A sum, with its currency.
    Money(Money),
    /// One of a few words, of a field of a record.
    Choice(&'static str, &'static str, &'static str),
    /// What a reference leads to.
    End(End),
    /// Many; their order does not count.
    List(Vec<Value>),
    /// Names and values.
    Map(Vec<(Value, Value)>),
    /// Fields of a record of that name.
    Record(&'static str, Vec<(&'static str, Value)>),
    /// A statement: its text, whether it is known, what backs it.
    Claim(Box<Value>, Option<Known>, Vec<Value>),
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// In per cent.
    Percent,
    /// With its sign.
    Signed,
}

impl Form {
    /// A number that was computed, as exact as anybody reads it.
    pub(super) fn rounded(self, number: f64) -> f64 {
        let parts = if self == Form::Percent { 10.0 } else { 100.0 };
        (number * parts).round() / parts
    }
}

/// What a reference leads to.
#[derive(Debug, Clone)]
pub struct End {
    /// Its type; none of what is just a name.
    pub kind: Option<Type>,
    /// How the outside names it: `type:id`, `type:id/part`; the text as written where it leads nowhere.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it is on either side alike.
    key: String,
    /// The entity and part of the newer side, where it is there.
    pub head: Option<(Ix, Option<u32>)>,
    /// Whether it should lead somewhere and does not.
    pub lost: bool,
}

impl End {
    /// What it is on either side alike.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// What becomes of the older side's entities and parts on the newer side.
#[derive(Debug, Default)]
pub struct Matches {
    /// Entities by the older side's number.
    pub entities: HashMap<Ix, Ix>,
    /// Parts by the older side's entity and number; of entities that have any.
    pub parts: HashMap<(Ix, u32), u32>,
}

/// Reads the values of one entity of one side.
#[derive(Clone, Copy)]
pub struct Reader<'h> {
    handbook: &'h Handbook,
    /// The entity; none where what is read is no entity's: its references are told as they are written then.
    of: Option<(Ix, &'h Node)>,
    /// The document whose links are meant, and the number of the first of them.
    document: Option<(&'h Document, u32)>,
    /// What becomes of this side's entities; none on the newer side.
    matches: Option<&'h Matches>,
}

impl<'h> Reader<'h> {
    /// A reader of an entity. The older side's needs to know what becomes of its entities.
    pub fn new(handbook: &'h Handbook, ix: Ix, matches: Option<&'h Matches>) -> Reader<'h> {
        let node = handbook.node(ix);
        Reader { handbook, of: Some((ix, node)), document: Some((&node.document, node.first_link)), matches }
    }

    /// A reader of what belongs to no entity: the settings, or a backlog's own file.
    pub fn of_file(handbook: &'h Handbook, document: Option<(&'h Document, u32)>) -> Reader<'h> {
        Reader { handbook, of: None, document, matches: None }
    }

    /// Where a link leads.
    fn target(&self, link: u32) -> &'h Target {
        self.of.map_or(&Target::Nowhere, |(_, node)| node.target(link))
    }

    /// A link as it is in the file.
    fn raw(&self, link: u32) -> Option<&'h RawLink> {
        self.document.and_then(|(document, first)| document.links.get((first + link) as usize))
    }

    /// Whether a link leads nowhere, and is not just a name where one may stand.
    fn is_lost(&self, link: u32) -> bool {
        let may_be_name = |link: &RawLink| matches!(link.how, FieldLink::Field(accepts) if accepts.soft);
        self.of.is_some() && *self.target(link) == Target::Nowhere && !self.raw(link).is_some_and(may_be_name)
    }

    /// What an entity is called.
    pub fn title(&self, node: &Node) -> Value {
        let plain = || Value::Text { shown: node.entity.title.to_string(), meaning: spaced(&node.entity.title) };
        node.entity.common.title.as_ref().map_or_else(plain, |title| self.text(title))
    }

    /// The value of a field; none where nothing of it may be shown.
    pub fn value(&self, record: &'static str, name: &'static str, kind: &Kind, value: &Reflect<'_>) -> Option<Value> {
        Some(match value {
            Reflect::Absent => return None,
            Reflect::Text(text) => self.text(text),
            Reflect::Plain(text) => Value::Plain((*text).to_owned()),
            Reflect::Bool(yes) => Value::Bool(*yes),
            Reflect::Number(number) => Value::Number(*number, form(name, kind)),
            Reflect::Percent(number) => Value::Number(*number, Form::Percent),
            Reflect::Date(date) => Value::Date(*date),
            Reflect::Duration(duration) => Value::Duration(*duration),
            Reflect::Money(money) => Value::Money(self.in_full(*money)),
            Reflect::Choice(word) => Value::Choice(record, name, word),
            Reflect::Ref(link) => Value::End(self.end(*link)?),
            Reflect::List(items) => {
                let items: Vec<Value> = items.iter().filter_map(|item| self.value(record, name, kind, item)).collect();
                (!items.is_empty()).then_some(Value::List(items))?
            }
            Reflect::Map(entries) => {
                let of = |value: &Reflect<'_>| self.value(record, name, kind, value);
                let entries: Vec<(Value, Value)> = entries.iter().filter_map(|(key, value)| Some((of(key)?, of(value)?))).collect();
                (!entries.is_empty()).then_some(Value::Map(entries))?
            }
            Reflect::Record(record) => Value::Record(record.kind().name, self.fields(*record, &[])),
            Reflect::Claim(claim) => self.claim(claim),
        })
    }

    /// The fields of a record that are there, some left out.
    pub fn fields(&self, record: &dyn Record, without: &[&str]) -> Vec<(&'static str, Value)> {
        let name = record.kind().name;
        let present = record.present().filter(|(field, _)| !without.contains(&field.name));
        present.filter_map(|(field, value)| Some((field.name, self.value(name, field.name, &field.kind, &value)?))).collect()
    }

    fn in_full(&self, money: Money) -> Money {
        let code = money.currency_or(&self.handbook.settings.currency).as_bytes().try_into().ok();
        Money { currency: code.or(money.currency), ..money }
    }

    fn claim(&self, claim: &Claim) -> Value {
        let evidence = claim.evidence.iter().filter_map(|evidence| self.end(evidence.link)).map(Value::End).collect();
        Value::Claim(Box::new(self.text(&claim.text)), claim.known, evidence)
    }

    fn text(&self, text: &Text) -> Value {
        let meaning = match &text.rich {
            None => spaced(&text.source),
            Some(rich) => self.meaning(&text.source, rich, text.first_link, 0..text.source.len()),
        };
        Value::Text { shown: text.source.to_string(), meaning }
    }

    /// What a range of a text with links says: its words, each link's address replaced by what it leads to.
    fn meaning(&self, source: &str, rich: &Rich, first_link: u32, range: std::ops::Range<usize>) -> String {
        let mut out = source.get(range.clone()).unwrap_or("").to_owned();
        let inside = rich.links.iter().enumerate().rev().filter(|(_, link)| range.contains(&link.span.start) && link.span.end <= range.end);
        let mut before = usize::MAX;
        for (number, link) in inside {
            let Some(key) = self.key_of(self.target(first_link + number as u32)).filter(|_| link.span.end <= before) else { continue };
            let (from, to) = (link.span.start - range.start, link.span.end - range.start);
            if out.is_char_boundary(from) && out.is_char_boundary(to) {
                out.replace_range(from..to, &key);
                before = link.span.start;
            }
        }
        spaced(&out)
    }

    /// What a link leads to, the same on either side; none where that is nowhere.
    pub fn link_key(&self, link: u32) -> Option<String> {
        self.key_of(self.target(link))
    }

    /// What a reference leads to; none where this build does not show it.
    pub fn end(&self, link: u32) -> Option<End> {
        let (target, written) = (self.target(link), self.raw(link).map_or("", |link| &link.written));
        match target.entity() {
            Some(ix) => Some(self.end_of(ix, if let Target::Part(_, part) = target { Some(*part) } else { None })),
            None if *target == Target::Hidden => None,
            None => {
                let (name, title, key) = (written.to_owned(), written.to_owned(), format!("?{written}"));
                Some(End { kind: None, name, title, key, head: None, lost: self.is_lost(link) })
            }
        }
    }

    /// An entity or a part of one, as the end of a reference.
    pub fn end_of(&self, ix: Ix, part: Option<u32>) -> End {
        let target = part.map_or(Target::Entity(ix), |part| Target::Part(ix, part));
        let name = self.handbook.name(&target).unwrap_or_default();
        let entity = &self.handbook.node(ix).entity;
        let title = match self.handbook.part(&target) {
            Some(part) => format!("{} › {}", entity.title, part.title),
            None => entity.title.to_string(),
        };
        let head = self.head(ix, part);
        let key = self.key_of(&target).unwrap_or_else(|| format!("?{name}"));
        End { kind: Some(entity.kind), name, title, key, head, lost: false }
    }

    /// The same thing on the newer side; none where it is not there.
    pub(super) fn head(&self, ix: Ix, part: Option<u32>) -> Option<(Ix, Option<u32>)> {
        let Some(matches) = self.matches else { return Some((ix, part)) };
        let to = *matches.entities.get(&ix)?;
        match part {
            Some(part) => matches.parts.get(&(ix, part)).map(|part| (to, Some(*part))),
            None => Some((to, None)),
        }
    }

    /// What a link's end is on either side alike.
    fn key_of(&self, target: &Target) -> Option<String> {
        let ix = match target {
            Target::File(path) => return Some(format!("file:{}", path.below(&self.handbook.settings.content).unwrap_or(path.as_str()))),
            Target::Listing(kind) => return Some(format!("list:{}", kind.name())),
            target => target.entity()?,
        };
        let part = if let Target::Part(_, part) = target { Some(*part) } else { None };
        let anchor = if let Target::Anchor(_, anchor) = target { &**anchor } else { "" };
        Some(match self.head(ix, part) {
            Some((ix, part)) => format!("={}/{}#{anchor}", ix.0, part.map(|part| part.to_string()).unwrap_or_default()),
            None => format!("-{}#{anchor}", self.handbook.name(target).unwrap_or_default()),
        })
    }
}

fn form(name: &str, kind: &Kind) -> Form {
    match kind {
        _ if name == "emotion" => Form::Signed,
        Kind::Number(number) if number.percent && number.max == 100.0 => Form::Percent,
        Kind::List(inner) | Kind::Map(_, inner) => form(name, inner),
        _ => Form::Plain,
    }
}

/// A text with one space wherever it has white space.
pub fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

impl Value {
    /// Two values with the same key mean the same.
    pub fn key(&self) -> String {
        let mut out = String::new();
        self.add_key(&mut out);
        out
    }

    fn add_key(&self, out: &mut String) {
        let plain = match self {
            Value::Text { meaning, .. } => format!("t{meaning}"),
            Value::Plain(text) => format!("t{}", spaced(text)),
            Value::Bool(yes) => format!("b{yes}"),
            Value::Number(number, form) => format!("n{number}{form:?}"),
            Value::Date(date) => format!("d{date}"),
            Value::Duration(duration) => format!("u{duration}"),
            Value::Money(money) => format!("m{}{:?}", money.cents, money.currency),
            Value::Choice(_, _, word) => format!("w{word}"),
            Value::End(end) => format!("e{}", end.key),
            Value::List(items) => return joined(out, "[", items.iter().map(Value::key)),
            Value::Map(entries) => {
                return joined(out, "{", entries.iter().map(|(key, value)| format!("{}\u{1}{}", key.key(), value.key())));
            }
            Value::Record(_, fields) => return joined(out, "(", fields.iter().map(|(name, value)| format!("{name}\u{1}{}", value.key()))),
            Value::Claim(text, known, evidence) => {
                out.push_str(&format!("{}\u{2}{}", text.key(), known.map_or("", Known::word)));
                return joined(out, "[", evidence.iter().map(Value::key));
            }
        };
        out.push_str(&plain);
    }

    /// Whether two values mean the same.
    pub fn same(&self, other: &Value) -> bool {
        self.key() == other.key()
    }

    /// The text that a value is, as it is written.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text { shown, .. } => Some(shown),
            Value::Plain(text) => Some(text),
            Value::Claim(text, ..) => text.as_text(),
            _ => None,
        }
    }
}

/// Keys whose order does not count.
fn joined(out: &mut String, open: &str, keys: impl Iterator<Item = String>) {
    let mut keys: Vec<String> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    out.push_str(open);
    for key in keys {
        out.push_str(&key);
        out.push('\u{3}');
    }
}
