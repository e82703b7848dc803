//! Front matter as a tree in which everything knows its place. YAML and TOML both end here. Texts that stand in the file as they are
//! meant are not copied.
use std::borrow::Cow;

use crate::base::Span;

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node<'t> {
    /// Where it stands: of a quoted text the quotes too, of a list or mapping its first character only if it is a block.
    pub span: Span,
    /// What it is.
    pub shape: Shape<'t>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum Shape<'t> {
    /// Nothing was written.
    Null,
    /// A text, number, date or boolean, as it is written.
    Scalar(Cow<'t, str>, Style),
    /// A list.
    List(Vec<Node<'t>>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry<'t>>),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: may be a number, a boolean, a date.
    Plain,
    /// In quotes.
    Quoted,
    /// A block after `|` or `>`.
    Block,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry<'t> {
    /// The key.
    pub key: Key<'t>,
    /// The value.
    pub value: Node<'t>,
}

/// A key with its place.
#[derive(Debug, Clone)]
pub struct Key<'t> {
    /// The key's text.
    pub text: Cow<'t, str>,
    /// Where it stands.
    pub span: Span,
}

impl<'t> Node<'t> {
    /// True where nothing was written.
    pub fn is_null(&self) -> bool {
        matches!(self.shape, Shape::Null)
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[Entry<'t>]> {
        match &self.shape {
            Shape::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Where the text itself stands: inside the quotes.
    pub fn inner_span(&self) -> Span {
        match &self.shape {
            Shape::Scalar(_, Style::Quoted) if self.span.end >= self.span.start + 2 => {
                Span { start: self.span.start + 1, end: self.span.end - 1 }
            }
            _ => self.span,
        }
    }

    /// What it is, in an author's words.
    pub fn describe(&self) -> &'static str {
        match &self.shape {
            Shape::Null => "nothing",
            Shape::Scalar(text, Style::Plain) if text.parse::<f64>().is_ok() => "a number",
            Shape::Scalar(..) => "a text",
            Shape::List(_) => "a list",
            Shape::Map(_) => "fields (`name: value`)",
        }
    }

    /// The value of a key of a mapping; of one that stands there several times, the first that is not empty.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        entry_of(self.entries()?, key).map(|entry| &entry.value)
    }
}

/// The entry with a key: the first that is not empty, or else the first.
pub fn entry_of<'n, 't>(entries: &'n [Entry<'t>], key: &str) -> Option<&'n Entry<'t>> {
    let mut all = entries.iter().filter(|entry| &*entry.key.text == key);
    let first = all.next()?;
    Some(if first.value.is_null() { all.find(|entry| !entry.value.is_null()).unwrap_or(first) } else { first })
}
