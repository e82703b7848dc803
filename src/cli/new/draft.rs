//! The text of a new file. Fields stand as keys without a value, which counts as not written; examples of what would be wrong
//! unless it is filled in stand as comments.
use std::fmt::Write;

use super::What;
use super::words::Words;
use crate::handbook::Handbook;
use crate::model::{Field, Kind, Need, RecordKind, Type, common_record, record_of};

pub(super) struct Draft<'h> {
    handbook: &'h Handbook,
    title: &'h str,
    id: &'h str,
    words: Words,
    out: String,
}

/// How far in a line stands, and whether it is a comment.
#[derive(Clone, Copy)]
struct Margin<'m> {
    /// Before the first line of an item and before the others.
    first: &'m str,
    rest: &'m str,
}

impl<'h> Draft<'h> {
    pub fn new(handbook: &'h Handbook, title: &'h str, id: &'h str) -> Draft<'h> {
        Draft { handbook, title, id, words: Words::of(handbook.settings.language), out: String::new() }
    }

    pub fn write(mut self, what: What) -> String {
        self.out.push_str("---\n");
        match what {
            What::Entity(kind) => self.entity(kind),
            What::Backlog => self.backlog(),
        }
        self.out.push_str("---\n");
        self.out
    }

    fn entity(&mut self, kind: Type) {
        // The folder says the type, unless it is a folder of another name.
        let fields = all_fields(kind);
        let margin = Margin { first: "", rest: "" };
        let title = quoted(self.title);
        self.fields(&fields, margin, &[("title", &title)]);
    }

    /// A list of improvements with one item to begin with.
    fn backlog(&mut self) {
        let common: Vec<Declared> = common_record().fields.iter().map(|field| (common_record(), field)).collect();
        let title = quoted(self.title);
        self.out.push_str("type: backlog\n");
        self.fields(&common, Margin { first: "", rest: "" }, &[("title", &title)]);
        let id = self.free_id();
        let _ = writeln!(self.out, "items:\n  - id: {id}");
        let fields = all_fields(Type::Improvement);
        self.fields(&fields, Margin { first: "    ", rest: "    " }, &[("title", &title)]);
    }

    /// An id for the first item that no improvement has.
    fn free_id(&self) -> String {
        let ids = (1..).map(|number: u32| format!("{}-{number}", self.id));
        ids.into_iter().find(|id| self.handbook.find(Type::Improvement, id).is_none()).unwrap_or_default()
    }

    /// Fields one under another: required ones first, values given or found in the handbook filled in.
    fn fields(&mut self, fields: &[Declared], margin: Margin<'_>, given: &[(&str, &str)]) {
        let width = fields.iter().map(|(_, field)| field.name.len()).max().unwrap_or(0) + 1;
        let (required, optional): (Vec<Declared>, Vec<Declared>) = fields.iter().partition(|(_, field)| field.need == Need::Required);
        let title_first = |fields: Vec<Declared>| {
            let (title, rest): (Vec<Declared>, Vec<Declared>) = fields.into_iter().partition(|(_, field)| field.name == "title");
            title.into_iter().chain(rest)
        };
        let ordered = title_first(required).chain(optional);
        for (at, declared) in ordered.enumerate() {
            let indent = if at == 0 { margin.first } else { margin.rest };
            let value = given.iter().find(|(name, _)| *name == declared.1.name).map(|(_, value)| (*value).to_owned());
            self.field(declared, indent, margin.rest, value.or_else(|| self.found(declared.1)), width);
        }
    }

    fn field(&mut self, (record, field): Declared, indent: &str, deeper: &str, value: Option<String>, width: usize) {
        let required = if field.need == Need::Required { format!("{} ", self.words.required()) } else { String::new() };
        let prompt = self.words.prompt(record, field);
        let takes = self.words.takes(&field.kind).map(|takes| format!(" [{takes}]")).unwrap_or_default();
        let comment = format!("# {required}{prompt}{takes}");
        let key = format!("{}:", field.name);
        let _ = match &value {
            Some(value) => writeln!(self.out, "{indent}{key} {value}  {comment}"),
            None => writeln!(self.out, "{indent}{key:width$}  {comment}"),
        };
        if value.is_none() {
            self.example(&field.kind, deeper);
        }
    }

    /// One item of what a field holds: a phase or step as it is, since nothing in it has to be filled in; anything else as a comment.
    fn example(&mut self, kind: &Kind, indent: &str) {
        let commented = indent.contains('#');
        match kind {
            Kind::List(Kind::Record(record)) if is_part(record) && !commented => {
                let title = self.words.first(record);
                let fields = declared(record);
                let (first, rest) = (format!("{indent}  - "), format!("{indent}    "));
                self.fields(&fields, Margin { first: &first, rest: &rest }, &[("title", title)]);
            }
            Kind::List(Kind::Record(record) | Kind::Either(_, Kind::Record(record))) if record.name != CLAIM => {
                let mark = if commented { "" } else { "# " };
                let (first, rest) = (format!("{indent}  {mark}- "), format!("{indent}  {mark}  "));
                self.fields(&declared(record), Margin { first: &first, rest: &rest }, &[]);
            }
            Kind::Record(record) => {
                let mark = if commented { "" } else { "# " };
                let rest = format!("{indent}  {mark}");
                self.fields(&declared(record), Margin { first: &rest, rest: &rest }, &[]);
            }
            _ => {}
        }
    }

    /// A value that a required field may begin with: the first of what it refers to.
    fn found(&self, field: &Field) -> Option<String> {
        if field.need == Need::Optional {
            return None;
        }
        match field.kind {
            Kind::Reference(accepts) => self.first_id(accepts.types),
            Kind::List(Kind::Reference(accepts)) => self.first_id(accepts.types).map(|id| format!("[{id}]")),
            _ => None,
        }
    }

    fn first_id(&self, kinds: &[Type]) -> Option<String> {
        let (kind, ix) = kinds.iter().find_map(|kind| Some((kind, self.handbook.of_type(*kind).next()?)))?;
        let id = &self.handbook.node(ix).entity.id;
        let alike = kinds.iter().filter(|kind| self.handbook.find(**kind, id).is_some()).count();
        Some(if alike > 1 { format!("{}:{id}", kind.name()) } else { id.to_string() })
    }
}

/// A field and the record that declares it.
type Declared = (&'static RecordKind, &'static Field);

/// The name of the full form of a text, which every text may have and none needs.
const CLAIM: &str = "a claim";

fn declared(record: &'static RecordKind) -> Vec<Declared> {
    record.fields.iter().map(|field| (record, field)).collect()
}

/// A type's own fields, then those that every type has.
fn all_fields(kind: Type) -> Vec<Declared> {
    let own = record_of(kind);
    let common = common_record();
    let rest = common.fields.iter().filter(|field| !own.fields.iter().any(|known| known.name == field.name));
    own.fields.iter().map(|field| (own, field)).chain(rest.map(|field| (common, field))).collect()
}

/// Whether it is a phase or a step.
fn is_part(record: &RecordKind) -> bool {
    record.fields.iter().any(|field| field.name == "title")
}

/// A text as YAML: bare where it can be, else in quotes.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | '(' | ')' | '/' | '?' | '!'));
    let starts = text.starts_with(char::is_alphabetic);
    let word = matches!(text.to_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off");
    if plain && starts && !word { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn titles_stay_titles() {
        assert_eq!(quoted("The guest's room"), "The guest's room");
        assert_eq!(quoted("Null"), "\"Null\"");
        assert_eq!(quoted("a: b # \"c\""), "\"a: b # \\\"c\\\"\"");
        assert_eq!(quoted("2026"), "\"2026\"");
    }
}
