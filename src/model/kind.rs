//! What a field takes, as data: schema, prompts, complaints and reference pages are made from it.
use super::reference::Accepts;

/// A declared field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its key in front matter.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it has to be there.
    pub need: Need,
    /// What it means, in one line; also the prompt in a new file.
    pub help: &'static str,
}

/// Whether a field has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It has to, and a list must hold something.
    Required,
    /// It may be left out.
    Optional,
}

/// The fields of a mapping.
#[derive(Debug)]
pub struct RecordKind {
    /// What it is called in messages and in the schema.
    pub name: &'static str,
    /// Its fields, in the order of the content model.
    pub fields: &'static [Field],
}

/// A number's limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberKind {
    /// Smallest allowed.
    pub min: f64,
    /// Largest allowed.
    pub max: f64,
    /// Only whole numbers.
    pub whole: bool,
    /// A `%` may follow.
    pub percent: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text with inline Markdown.
    Text,
    /// Text as it is: a tag, a name, an address.
    Plain,
    /// An id of its own.
    Id,
    /// `true` or `false`.
    Bool,
    /// `YYYY-MM-DD`.
    Date,
    /// `90 days`.
    Duration,
    /// `12000 EUR`.
    Money,
    /// A number.
    Number(NumberKind),
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// The name of a rule.
    Rule,
    /// The id of something else.
    Reference(&'static Accepts),
    /// The id of a department, or any text.
    Owner,
    /// A file beside the Markdown.
    File,
    /// A web address.
    Web,
    /// A web address or a file beside the Markdown.
    WebOrFile,
    /// Many; a single one stands for a list of one.
    List(&'static Kind),
    /// Keys of one kind to values of another.
    Map(&'static Kind, &'static Kind),
    /// A mapping with named fields.
    Record(&'static RecordKind),
    /// The simple form, or the full one.
    Either(&'static Kind, &'static Kind),
}

impl Kind {
    /// What is expected, in an author's words.
    pub fn describe(&self) -> String {
        match self {
            Kind::Text | Kind::Plain | Kind::Rule => "a text".into(),
            Kind::Id => "an id".into(),
            Kind::Bool => "`true` or `false`".into(),
            Kind::Date => "a date such as `2026-05-01`".into(),
            Kind::Duration => "a duration such as `90 days`, `6 months` or `45 min`".into(),
            Kind::Money => "a sum such as `12000 EUR` or `12000`".into(),
            Kind::Number(number) => number.describe(),
            Kind::Choice(words) => format!("one of {}", quoted(words)),
            Kind::Reference(accepts) => format!("the id of {}", accepts.what),
            Kind::Owner => "a department's id, or a name".into(),
            Kind::File => "the path of a file".into(),
            Kind::Web => "a web address".into(),
            Kind::WebOrFile => "a web address or the path of a file".into(),
            Kind::List(Kind::Record(record)) => format!("a list, each item with the fields {}", field_names(record)),
            Kind::List(item) => format!("a list, each item {}", item.describe()),
            Kind::Map(Kind::Plain, value) => format!("lines `name: value`, each value {}", value.describe()),
            Kind::Map(key, value) => format!("lines `name: value`, each name {}, each value {}", key.describe(), value.describe()),
            Kind::Record(record) => format!("the fields {}", field_names(record)),
            Kind::Either(short, full) => format!("{}, or {}", short.describe(), full.describe()),
        }
    }

    /// The record inside, if it holds one.
    pub fn record(&self) -> Option<&'static RecordKind> {
        match self {
            Kind::Record(record) => Some(record),
            Kind::List(inner) | Kind::Map(_, inner) | Kind::Either(_, inner) => inner.record(),
            _ => None,
        }
    }
}

impl NumberKind {
    fn describe(&self) -> String {
        let whole = if self.whole { "a whole number" } else { "a number" };
        match (self.min == f64::MIN, self.max == f64::MAX) {
            (true, true) => whole.into(),
            (false, true) => format!("{whole} of at least {}", self.min),
            (true, false) => format!("{whole} of at most {}", self.max),
            (false, false) => format!("{whole} from {} to {}", self.min, self.max),
        }
    }
}

/// `a`, `b` or `c`.
pub(crate) fn quoted(words: &[impl std::fmt::Display]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn field_names(record: &RecordKind) -> String {
    record.fields.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ")
}
