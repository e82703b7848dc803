//! Where a field of front matter stands, for who sets it without touching anything else.
use super::front::Front;
use crate::base::{Source, Span};
use crate::markup;
use crate::model::{Decoder, Entry, Node, Shape};

/// Where a field stands in a file, or where a line for it would go.
#[derive(Debug, Clone, Copy)]
pub enum FieldPlace {
    /// Its value stands here, quotes apart.
    Value(Span),
    /// Its name is written, with nothing after it; this is behind its colon.
    Empty(usize),
    /// It is not written; a line for it goes here, so many spaces in, and with this between name and value.
    Absent(usize, usize, &'static str),
}

/// Where a field of a file stands, or of an item of a backlog: those are only looked for, not given a place. Nothing where there is no
/// front matter that can be read.
pub fn field_place(source: &Source, name: &str, item: Option<usize>) -> Option<FieldPlace> {
    let mut cx = Decoder::new(source, markup::Options::default());
    let front = Front::split(source, &mut cx);
    if !front.present || front.broken {
        return None;
    }
    let entries = front.node.as_ref().and_then(Node::entries).unwrap_or_default();
    let found = match item {
        None => entries.iter().find(|entry| &*entry.key.text == name),
        Some(at) => item_of(entries, at).and_then(|entries| entries.iter().find(|entry| &*entry.key.text == name)),
    };
    match found {
        Some(entry) if entry.value.is_null() => {
            let after = entry.key.span.end as usize;
            Some(FieldPlace::Empty(after + source.text.get(after..)?.find(':')? + 1))
        }
        Some(entry) => Some(FieldPlace::Value(entry.value.inner_span())),
        None if item.is_some() => None,
        None => Some(absent(source, &front, entries)),
    }
}

fn item_of<'n>(entries: &'n [Entry<'n>], at: usize) -> Option<&'n [Entry<'n>]> {
    let items = entries.iter().find(|entry| &*entry.key.text == "items")?;
    if let Shape::List(items) = &items.value.shape { items.get(at)?.entries() } else { None }
}

/// In YAML a new line goes last; in TOML first, since what follows a heading belongs to that.
fn absent(source: &Source, front: &Front<'_>, entries: &[Entry<'_>]) -> FieldPlace {
    let begin = front.opening.end as usize;
    let first = source.text[begin..].find('\n').map_or(source.text.len(), |end| begin + end + 1);
    if source.slice(front.opening).starts_with('+') {
        return FieldPlace::Absent(first, 0, " = ");
    }
    let indent = entries.first().map_or(0, |entry| source.position(entry.key.span.start).column - 1);
    FieldPlace::Absent(first + front.raw.len(), indent, ": ")
}
