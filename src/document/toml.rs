//! TOML to the same nodes as YAML.
use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::DEPTH_LIMIT;
use super::yaml::Broken;
use crate::base::{Rule, Span};
use crate::model::{Decoder, Entry, Key, Node, Shape, Style};

/// Why a text is no TOML: what, and where in it.
#[derive(Debug, Clone)]
pub struct TomlError {
    /// In the words of somebody who writes it, one line.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
    /// Where.
    pub span: Span,
    rule: Rule,
}

/// Parses a text into a mapping.
pub fn parse(text: &str) -> Result<Node<'static>, TomlError> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let (rule, message, help) = in_plain_words(error.message(), text.get(span.clone()).unwrap_or(""));
        TomlError { message, help, span: Span::new(span.start, span.end), rule }
    })?;
    let span = table.span();
    Ok(Node { span: Span::new(span.start, span.end), shape: map(text, table.get_ref(), 0) })
}

/// Parses front matter that stands `at` bytes into the file.
pub(super) fn front(text: &str, at: usize, cx: &mut Decoder<'_>) -> Result<Option<Node<'static>>, Broken> {
    match parse(text) {
        Ok(mut node) => {
            shift(&mut node, at);
            if depth(&node) > DEPTH_LIMIT {
                let (rule, message, help) = in_plain_words("recursion", "");
                let start = Span::new(node.span.start as usize, node.span.start as usize);
                cx.report(rule, start, message).help = Some(help.into());
                return Err(Broken);
            }
            Ok(Some(node))
        }
        Err(error) => {
            cx.report(error.rule, error.span.shifted(at), error.message).help = Some(error.help.into());
            Err(Broken)
        }
    }
}

/// The parser's complaint in the words of somebody who edits Markdown.
fn in_plain_words(message: &str, written: &str) -> (Rule, String, &'static str) {
    if message.starts_with("duplicate key") {
        (Rule::DuplicateKey, format!("`{written}` stands here twice"), "Keep one of the two.")
    } else if message.starts_with("invalid date") {
        (Rule::InvalidDate, format!("`{written}` is no date"), "Write a day that exists as year-month-day: `2026-05-01`.")
    } else if message.contains("recurs") {
        let message = format!("front matter is nested more than {DEPTH_LIMIT} levels deep");
        (Rule::FrontMatterSyntax, message, "Take some of the nesting out.")
    } else if message.starts_with("string values must be quoted") && written.trim().is_empty() {
        (Rule::FrontMatterSyntax, "nothing stands behind the `=`".to_owned(), "Write a value, or take the line out.")
    } else {
        let (what, help) = SLIPS.iter().find(|(told, ..)| told.iter().any(|told| message.starts_with(told))).map_or(UNKNOWN, |slip| slip.1);
        (Rule::FrontMatterSyntax, what.to_owned(), help)
    }
}

/// What is wrong, and what to do.
type Words = (&'static str, &'static str);

const UNKNOWN: Words = ("this line cannot be read", "Write `name = \"value\"`.");

/// How the parser's complaints begin, and what to say instead.
const SLIPS: &[(&[&str], Words)] = &[
    (&["string values must be quoted", "missing opening quote"], ("a text stands here without quotes", "Write `name = \"value\"`.")),
    (&["missing assignment", "key with no value"], ("a `=` is missing between a name and its value", "Write `name = \"value\"`.")),
    (&["missing value"], ("nothing stands behind the `=`", "Write a value, or take the line out.")),
    (&["extra `=`", "extra assignment", "unexpected `=`"], ("there is a `=` too many", "Write one field a line; put a text in quotes.")),
    (
        &["invalid basic string", "invalid multi-line", "invalid literal string"],
        ("a quote is opened and not closed", "Close it with the same quote."),
    ),
    (
        &["missing escaped value", "too few unicode", "invalid escape", "invalid unicode"],
        ("a backslash begins an escape that does not exist", "Write `\\\\` for a backslash, or use single quotes."),
    ),
    (&["unclosed array table", "unclosed table"], ("the `[` of a heading is not closed", "Write it as `[name]`.")),
    (&["unclosed array", "missing array opening"], ("`[` is opened and not closed", "Write `[\"one\", \"two\"]`.")),
    (&["unclosed inline table", "newlines are unsupported"], ("`{` is opened and not closed on its line", "Write `{one = 1, two = 2}`.")),
    (&["missing comma"], ("a comma is missing", "Write `[\"one\", \"two\"]`.")),
    (&["extra comma", "trailing commas"], ("there is a comma too many", "Take it out.")),
    (
        &["invalid unquoted key", "unquoted keys cannot be empty", "missing key"],
        ("a name is made of letters, digits, `-` and `_`", "Put another name in quotes."),
    ),
    (&["cannot extend value"], ("this was given a value above and cannot hold fields too", "Keep one of the two.")),
    (
        &[
            "unexpected leading zero",
            "redundant",
            "radix",
            "integers with",
            "`_` may only",
            "unexpected sign",
            "invalid integer",
            "invalid float",
        ],
        ("this is no number as numbers are written here", "Put it in quotes if it is a text."),
    ),
];

fn map(text: &str, table: &DeTable<'_>, depth: usize) -> Shape<'static> {
    let mut entries: Vec<Entry<'static>> =
        table.iter().map(|(key, value)| Entry { key: self::key(text, key), value: node(text, value, depth + 1) }).collect();
    entries.sort_by_key(|entry| entry.key.span.start);
    Shape::Map(entries)
}

fn key(text: &str, key: &Spanned<Cow<'_, str>>) -> Key<'static> {
    let span = key.span();
    let quoted = text.get(span.clone()).is_some_and(|raw| raw.starts_with(['"', '\'']) && raw.len() >= 2);
    let span = if quoted { Span::new(span.start + 1, span.end - 1) } else { Span::new(span.start, span.end) };
    Key { text: owned(key.get_ref()), span }
}

fn node(text: &str, value: &Spanned<DeValue<'_>>, depth: usize) -> Node<'static> {
    let span = value.span();
    let raw = text.get(span.clone()).unwrap_or("").trim();
    let shape = match value.get_ref() {
        DeValue::String(value) if raw.starts_with("\"\"\"") || raw.starts_with("'''") => Shape::Scalar(owned(value), Style::Block),
        DeValue::String(value) => Shape::Scalar(owned(value), Style::Quoted),
        DeValue::Array(items) => Shape::List(items.iter().map(|item| node(text, item, depth + 1)).collect()),
        DeValue::Table(table) => map(text, table, depth),
        // Numbers, dates and booleans are read from what is written, like YAML's.
        _ => Shape::Scalar(owned(raw), Style::Plain),
    };
    Node { span: Span::new(span.start, span.end), shape }
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn shift(node: &mut Node<'_>, by: usize) {
    node.span = node.span.shifted(by);
    match &mut node.shape {
        Shape::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Shape::Map(entries) => {
            for entry in entries {
                entry.key.span = entry.key.span.shifted(by);
                shift(&mut entry.value, by);
            }
        }
        _ => {}
    }
}

fn depth(node: &Node<'_>) -> usize {
    match &node.shape {
        Shape::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Shape::Map(entries) => 1 + entries.iter().map(|entry| depth(&entry.value)).max().unwrap_or(0),
        _ => 0,
    }
}
