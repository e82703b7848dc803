//! Reading front matter by its declarations: never fails, says everything that is wrong, and each thing once.
use std::borrow::Cow;
use std::collections::HashMap;

use super::kind::{Field, Kind, Need, RecordKind, quoted};
use super::node::{Entry, Key, Node, Shape, Style, entry_of};
use super::reference::{Accepts, PartKind};
use super::value::FieldValue;
use crate::base::{Diagnostic, Label, RelPath, Rule, Source, Span, curly_quotes, is_curly, nearest, unseen};
use crate::markup::{self, Context, Link, LinkKind};

/// A reference or link as it is written, before anybody knows where it leads.
#[derive(Debug, Clone)]
pub struct RawLink {
    /// The id or address.
    pub written: Box<str>,
    /// Where it stands in the file.
    pub span: Span,
    /// The field that holds it; `body` for the body.
    pub relation: &'static str,
    /// The phase, step or task it stands in: index into the entity's parts.
    pub part: Option<u32>,
    /// How it is to be resolved.
    pub how: FieldLink,
    /// The sentence around it, of links in texts.
    pub context: Context,
}

/// How a [`RawLink`] is to be resolved.
#[derive(Debug, Clone, Copy)]
pub enum FieldLink {
    /// By id, among what a field accepts.
    Field(&'static Accepts),
    /// By id, among everything.
    Wiki,
    /// As text that may be half a wikilink.
    Half,
    /// As an address in a text.
    Address,
    /// As an image in a text.
    Image,
    /// As the path of a file that must be there.
    File,
    /// As a web address that must be allowed.
    Web,
}

/// A declared part of an entity.
#[derive(Debug, Clone)]
pub struct PartDecl {
    /// Its id: given, or made from its title.
    pub id: Box<str>,
    /// Its title without markup; the id where there is none.
    pub title: Box<str>,
    /// Its title or id in the file.
    pub span: Span,
    /// Its id in the file, where one is given.
    pub id_span: Option<Span>,
    /// Whether its id is a guess at what was meant by one that is none.
    pub guessed: bool,
    /// What it is.
    pub kind: PartKind,
    /// The phase that a step stands in: index into the same list.
    pub parent: Option<u32>,
}

/// What was written for a field, for those fields whose value does not say: dates, which keep no place, and what could not be read as
/// it stands, so that nothing is concluded from its absence.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// The phase, step or task it stands in: index into the entity's parts.
    pub part: Option<u32>,
    /// The field that was written, or that was nearly.
    pub field: &'static str,
    /// Where its value stands; its key where that is what is wrong.
    pub span: Span,
    /// Whether all of it could be read.
    pub read: bool,
}

/// What reading one file's front matter gathers besides the values.
pub struct Decoder<'s> {
    /// The file.
    pub source: &'s Source,
    /// How texts are read.
    pub options: markup::Options,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// References and links, in the order of the file.
    pub links: Vec<RawLink>,
    /// Parts of the entity being read.
    pub parts: Vec<PartDecl>,
    /// Fields of which more is to be known than their value.
    pub written: Vec<Written>,
    /// Whether names of parts could not be read as they were meant.
    pub names_lost: bool,
    /// Whether items of a list could not be told from others, or could not be read at all.
    pub items_lost: bool,
    /// Complaints that are to be heard although their page is hidden: it may be hidden because of them.
    pub guards: Vec<Diagnostic>,
    pub(super) part: Option<u32>,
    field: &'static str,
    /// Where a complaint about an absent field goes when it is not inside an item: the opening line.
    pub opening: Option<Span>,
    /// A field that need not be there in this file.
    pub waive: Option<&'static str>,
    /// What fields are called in this file that have another name in it, such as columns of a table.
    pub called: &'static [(&'static str, &'static str)],
}

/// The fields whose values are parts that can be referred to.
const HOLD_PARTS: [&str; 3] = ["phases", "steps", "core_tasks"];

/// The fields of an entity whose values bear names that are no parts of it.
const HOLD_NAMES: [&str; 2] = ["behaviours", "items"];

/// How `id` is misspelt, which is too short for likeness to tell.
const SLIPS_OF_ID: [&str; 4] = ["di", "idd", "iid", "ID"];

/// The entries of a mapping while its fields are taken out.
pub struct Entries<'n> {
    entries: &'n [Entry<'n>],
    used: Vec<bool>,
    at: Span,
    missing_at: Span,
    /// Fields that are needed and not there, unless another key was meant for one.
    missing: Vec<&'static Field>,
}

impl<'s> Decoder<'s> {
    /// A reader for one file.
    pub fn new(source: &'s Source, options: markup::Options) -> Decoder<'s> {
        Decoder {
            source,
            options,
            diagnostics: Vec::new(),
            links: Vec::new(),
            parts: Vec::new(),
            written: Vec::new(),
            names_lost: false,
            items_lost: false,
            guards: Vec::new(),
            part: None,
            field: "",
            opening: None,
            waive: None,
            called: &[],
        }
    }

    /// The key that may be meant for the title of a part.
    pub(super) fn misspelt_title(&self, part: u32) -> Option<Label> {
        let is_it = |written: &&Written| written.part == Some(part) && !written.read && written.field == "title";
        self.written.iter().rev().find(is_it).map(|written| misspelt(&self.source.path, written.span))
    }

    /// Says that something is wrong.
    pub fn report(&mut self, rule: Rule, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let at = self.diagnostics.len();
        self.diagnostics.push(Diagnostic::new(rule, &self.source.path, span, message));
        &mut self.diagnostics[at]
    }

    /// The field being read, as its author calls it.
    pub fn field(&self) -> &'static str {
        self.called.iter().find(|(field, _)| *field == self.field).map_or(self.field, |(_, name)| name)
    }

    /// Says that a value is of the wrong kind.
    pub(super) fn wrong_kind(&mut self, node: &Node, kind: &Kind) {
        let message = match &node.shape {
            Shape::Scalar(text, _) => format!("`{}` takes {}, not `{}`", self.field(), kind.describe(), shortened(text)),
            _ => format!("`{}` takes {}, not {}", self.field(), kind.describe(), node.describe()),
        };
        let span = self.visible(node);
        let unquoted = matches!(node.shape, Shape::List(_) | Shape::Map(_)) && self.source.slice(span).starts_with(['[', '{']);
        let found = self.report(Rule::WrongKind, span, message);
        if unquoted && matches!(kind, Kind::Text | Kind::Plain | Kind::Either(Kind::Text, _)) {
            found.help = Some("Put a text that begins with `[` or `{` in quotes.".into());
        } else if let (true, Some(words)) = (unquoted, bare_words(node)) {
            found.help = Some(format!("A list stands in other brackets: `[{words}]`."));
        }
        let minus = || node.scalar().filter(|text| text.starts_with(['−', '–']) && text.ends_with(|c: char| c.is_ascii_digit()));
        found.help = found.help.take().or(node.scalar().and_then(curly_quotes).map(Into::into));
        found.help = found.help.take().or(minus().map(|_| "Write the minus as `-`.".into()));
    }

    /// A span that can be seen: an empty list or mapping start is widened to its first line.
    pub(super) fn visible(&self, node: &Node) -> Span {
        if !node.span.is_empty() {
            return node.span;
        }
        let at = node.span.start as usize;
        let line = self.source.text[at..].lines().next().unwrap_or("").trim_end().len();
        Span::new(at, at + line)
    }

    /// An empty item's dash.
    pub(super) fn dash(&self, item: &Node) -> Span {
        let before = self.source.text.get(..item.span.start as usize).unwrap_or("").trim_end();
        if before.ends_with('-') { Span::new(before.len() - 1, before.len()) } else { item.span }
    }

    /// Where a value can be seen in the file.
    pub fn visible_span(&self, node: &Node) -> Span {
        self.visible(node)
    }

    /// The text of a scalar, or a complaint.
    pub(super) fn plain<'n>(&mut self, node: &'n Node<'_>, kind: &Kind) -> Option<&'n str> {
        let text = node.scalar();
        if text.is_none() {
            self.wrong_kind(node, kind);
        }
        text
    }

    /// Takes up a reference and returns its number.
    pub(super) fn refer(&mut self, written: &str, span: Span, accepts: &'static Accepts) -> u32 {
        self.add_link(written, span, FieldLink::Field(accepts), Context::default())
    }

    pub(super) fn add_link(&mut self, written: &str, span: Span, how: FieldLink, context: Context) -> u32 {
        let index = self.links.len() as u32;
        self.links.push(RawLink { written: written.into(), span, relation: self.field, part: self.part, how, context });
        index
    }

    /// Takes up the links of a text of this field, and the sentences around them; `place` finds a range of the text in the file.
    pub fn add_text_links(&mut self, links: &mut [Link], place: impl Fn(&std::ops::Range<usize>) -> Span) -> u32 {
        let first = self.links.len() as u32;
        for link in links {
            let how = match link.kind {
                LinkKind::Wiki => FieldLink::Wiki,
                LinkKind::Address => FieldLink::Address,
                LinkKind::Image => FieldLink::Image,
            };
            self.add_link(&link.dest, place(&link.span), how, std::mem::take(&mut link.context));
        }
        first
    }

    /// Reads within another field's name: for links of bodies and of tables outside front matter.
    pub fn within<T>(&mut self, field: &'static str, part: Option<u32>, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = (std::mem::replace(&mut self.field, field), std::mem::replace(&mut self.part, part));
        let value = read(self);
        (self.field, self.part) = before;
        value
    }

    /// The entries of a mapping, doubled keys told; or a complaint.
    pub fn entries<'n>(&mut self, node: &'n Node<'n>, record: &'static RecordKind) -> Option<Entries<'n>> {
        let Some(entries) = node.entries() else {
            let names: Vec<_> = record.fields.iter().map(|field| field.name).take(6).collect();
            let message = format!("`{}` takes fields such as {}, not {}", self.field(), quoted(&names), node.describe());
            let span = self.visible(node);
            self.report(Rule::WrongKind, span, message);
            return None;
        };
        Some(self.open(entries, node.span))
    }

    pub(super) fn open<'n>(&mut self, entries: &'n [Entry<'n>], span: Span) -> Entries<'n> {
        let mut used = vec![false; entries.len()];
        let mut seen = Seen::new(entries);
        let doubled: Vec<(usize, usize)> = (0..entries.len()).filter_map(|at| Some((at, seen.earlier(at)?))).collect();
        if let Some((_, first)) = doubled.first() {
            // Where a list's next item lacks its `-`, or its first line, all that it holds seems to stand there twice: that is one mistake.
            let in_item = self.begins_item(entries[0].key.span) && (*first == 0 || doubled.len() > 1);
            self.names_lost |= in_item && self.part.is_some();
            self.items_lost |= in_item;
            let mut told = if in_item { 1 } else { doubled.len() };
            for (at, first) in &doubled {
                // An empty one was marked as used by the one that is not.
                let kept = if used[*first] { entry_of(entries, &entries[*first].key.text) } else { Some(&entries[*first]) };
                let kept = kept.unwrap_or(&entries[*first]);
                used[if is_filled_later(kept, &entries[*at]) { *first } else { *at }] = true;
                if told > 0 {
                    self.doubled(&entries[*at], kept, if in_item { Among::Items } else { Among::Fields });
                    told -= 1;
                }
            }
        }
        let at = entries.first().map_or(span, |entry| entry.key.span);
        let missing_at = self.opening.take().unwrap_or(at);
        Entries { entries, used, at, missing_at, missing: Vec::new() }
    }

    /// Says that a key stands twice.
    fn doubled(&mut self, entry: &Entry, first: &Entry, among: Among) {
        let is_filled = is_filled_later(first, entry);
        if !is_filled && !entry.value.is_null() {
            self.dropped(&entry.key);
        }
        let help = match among {
            _ if is_filled => "Keep one of the two: the first is empty, this one is used.",
            Among::Items => {
                "If the next item begins here, put `- ` before it; else keep one of the two: the first is used, this one is not."
            }
            Among::Fields => "Keep one of the two: the first is used, this one is not.",
        };
        let file = self.source.path.clone();
        let found = self.report(Rule::DuplicateKey, entry.key.span, format!("`{}` stands here twice", entry.key.text));
        found.help = Some(help.into());
        found.labels.push(Label { file, span: first.key.span, text: "first written here".into() });
    }

    /// Whether a name in braces has no colon: a comma cuts the text before it in two. That is said.
    pub(super) fn is_rest_of_text(&mut self, entries: &[Entry<'_>], entry: &Entry<'_>) -> bool {
        if !entry.value.is_null() {
            return false;
        }
        let is_bare = |entry: &Entry<'_>| {
            let behind = self.source.text.get(entry.key.span.end as usize..).unwrap_or("");
            entry.value.is_null() && behind.trim_start_matches(['"', '\'']).trim_start().starts_with([',', '}'])
        };
        let end = entry.key.span.end as usize;
        let at = entries.partition_point(|before| before.key.span.start < entry.key.span.start);
        let before = at.checked_sub(1).map(|at| &entries[at]).filter(|_| is_bare(entry));
        let Some(before) = before else { return false };
        // A text with several commas is told of at the first.
        if is_bare(before) {
            return true;
        }
        let from = before.value.span.start as usize;
        let text = self.source.text.get(from..end).unwrap_or("").trim_matches(is_curly);
        let message =
            format!("a comma ends the value of `{}` here; `{}` is no field", shortened(&before.key.text), shortened(&entry.key.text));
        let is_number = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'-' | b'+'));
        let help = match is_number {
            true => format!("Write a decimal with a point: `{}`.", text.replace(',', ".")),
            false if is_long(text) || text.contains(['"', '\\']) => "Put the text in quotes, comma and all.".to_owned(),
            false => format!("Put the text in quotes: `{}: \"{text}\"`.", before.key.text),
        };
        self.report(Rule::WrongKind, entry.key.span, message).help = Some(help);
        true
    }

    /// Whether a text that holds `: ` was taken for a field: one line that is no field of the full form. That is said.
    pub(super) fn is_cut_by_colon(&mut self, node: &Node, record: &'static RecordKind) -> bool {
        let Some([entry]) = node.entries() else { return false };
        let name = &*entry.key.text;
        let in_braces = self.source.text.get(node.span.start as usize..).is_some_and(|text| text.starts_with('{'));
        let is_field =
            record.fields.iter().any(|field| field.name == name) || nearest(name, record.fields.iter().map(|field| field.name)).is_some();
        if in_braces || is_field || entry.value.scalar().is_none() {
            return false;
        }
        let span = Span { start: entry.key.span.start, end: entry.value.span.end };
        let message = format!("the `: ` in this text makes a field `{}` of it", shortened(name));
        let text = self.source.slice(span);
        let help = Some(match is_long(text) || text.contains(['"', '\\']) {
            true => "Put the text in quotes.".into(),
            false => format!("Put the text in quotes: `\"{text}\"`."),
        });
        self.report(Rule::WrongKind, span, message).help = help;
        true
    }

    /// What a field declares that is not read because it stands twice may be referred to.
    fn dropped(&mut self, key: &Key) {
        self.names_lost |= HOLD_PARTS.contains(&&*key.text);
        let held = HOLD_NAMES.iter().find(|field| ***field == *key.text);
        self.written.extend(held.map(|field| Written { part: self.part, field, span: key.span, read: false }));
    }

    /// The items of a list, each by itself: where one lost its `-`, all that it holds seems to belong to the item before.
    pub fn items<'n, 't>(&mut self, nodes: &'n [Node<'t>]) -> Cow<'n, [Node<'t>]> {
        let again = |at: usize| nodes.get(at + 1).is_some_and(|next| is_only_id_of(&nodes[at], next));
        if nodes.iter().enumerate().all(|(at, node)| self.next_items(node).is_empty() && !again(at)) {
            return Cow::Borrowed(nodes);
        }
        let mut items = Vec::with_capacity(nodes.len() + 1);
        for (at, node) in nodes.iter().enumerate() {
            if again(at) {
                self.doubled_line(node, &nodes[at + 1]);
                continue;
            }
            let (starts, entries) = (self.next_items(node), node.entries().unwrap_or(&[]));
            if starts.is_empty() {
                items.push(node.clone());
                continue;
            }
            let ends = starts.iter().copied().chain([entries.len()]);
            for (from, to) in [0].into_iter().chain(starts.iter().copied()).zip(ends) {
                let own = &entries[from..to];
                let start = if from == 0 { node.span.start } else { own[0].key.span.start };
                if from > 0 {
                    self.lost_dash(&own[0].key, entries[0].key.span);
                }
                let end = entries.get(to).map_or(node.span.end, |next| next.key.span.start).max(start);
                items.push(Node { span: Span { start, end }, shape: Shape::Map(own.to_vec()) });
            }
        }
        Cow::Owned(items)
    }

    fn doubled_line(&mut self, first: &Node, second: &Node) {
        let spans = [first, second].map(|item| item.get("id").map_or(item.span, Node::inner_span));
        let file = self.source.path.clone();
        let id = first.get("id").and_then(Node::scalar).unwrap_or("").to_owned();
        let found = self.report(Rule::DuplicateId, spans[1], format!("two items with the id `{id}` stand here"));
        found.help = Some("Delete one of the two lines, or give one of the items an `id:` of its own.".into());
        found.labels.push(Label { file, span: spans[0], text: "the first is here".into() });
    }

    fn lost_dash(&mut self, key: &Key, first: Span) {
        let file = self.source.path.clone();
        let found = self.report(Rule::DuplicateKey, key.span, format!("`{}` stands here twice", key.text));
        found.help = Some("If the next item begins here, put `- ` before it; else keep one of the two.".into());
        found.labels.push(Label { file, span: first, text: "first written here".into() });
    }

    /// Where in an item of a list the next ones begin, without their `-`: the first key stands there again with another value, and not
    /// alone.
    fn next_items(&self, node: &Node) -> Vec<usize> {
        let entries = node.entries().unwrap_or(&[]);
        let Some(first) = entries.first().filter(|first| self.begins_item(first.key.span)) else { return Vec::new() };
        let is_first = |entry: &Entry| entry.key.text == first.key.text;
        let mut starts = Vec::new();
        let mut from = 0;
        for at in (1..entries.len()).filter(|at| is_first(&entries[*at])) {
            let is_there = |entry: &Entry| entries[from..at].iter().any(|before| before.key.text == entry.key.text);
            let goes_on = entries[at + 1..].iter().take_while(|entry| !is_first(entry)).any(is_there);
            // With the same value it is a line that was copied.
            let value = |at: usize| entries[at].value.scalar();
            if goes_on && (value(from).is_none() || value(from) != value(at)) {
                starts.push(at);
                from = at;
            }
        }
        starts
    }

    /// Forgets what was gathered for an entity that there is not.
    pub fn forget(&mut self) {
        self.links.clear();
        self.parts.clear();
        self.written.clear();
        (self.names_lost, self.items_lost) = (false, false);
    }

    /// A field that is unknown here and missing in an item above has lost its indentation: it is told once, here.
    fn find_home(&mut self, name: &str, key: Span) {
        let file = self.source.path.clone();
        let missed = format!("`{name}` ");
        let is_it =
            |found: &&mut Diagnostic| found.rule == Rule::MissingField && found.labels.is_empty() && found.message.starts_with(&missed);
        if let Some(found) = self.diagnostics.iter_mut().rev().take(100).find(is_it) {
            found.labels.push(misspelt(&file, key));
        }
        self.names_lost |= HOLD_PARTS.contains(&name);
    }

    /// Whether a key stands behind the `-` of a list's item.
    fn begins_item(&self, key: Span) -> bool {
        self.source
            .text
            .get(..key.start as usize)
            .is_some_and(|before| before.trim_end_matches(' ').ends_with('-') && before.ends_with(' '))
    }

    /// Complains of keys that no declaration knows, and of needed fields that are not there; of one that is misspelt, with its key as a
    /// label, so that it can be told once.
    pub fn leftovers(&mut self, entries: &Entries<'_>, records: &[&'static RecordKind]) {
        let file = self.source.path.clone();
        let mut meant: Vec<(&str, Span)> = Vec::new();
        for entry in entries.unused() {
            let name = &*entry.key.text;
            let cut = lacks_colon(entry, records);
            if cut.is_none() && self.is_rest_of_text(entries.entries, entry) {
                continue;
            }
            let known = records.iter().flat_map(|record| record.fields).map(|field| field.name).chain(unlisted(records).iter().copied());
            let begins = |field: &&str| name.strip_prefix(field).is_some_and(|rest| rest.starts_with([' ', '\t']));
            let needed = || entries.missing.iter().map(|field| field.name).find(begins);
            let near = cut.or_else(|| nearest(name, known)).or_else(needed).or_else(|| SLIPS_OF_ID.contains(&name).then_some("id"));
            if let Some(field) = near {
                self.written.push(Written { part: self.part, field, span: entry.key.span, read: false });
                self.names_lost |= HOLD_PARTS.contains(&field) || (matches!(field, "id" | "title") && self.part.is_some());
                meant.push((field, entry.key.span));
            }
            // Only the file of a backlog has no fields but those that all have.
            let place = if is_backlog(records) { "at the top of a backlog".to_owned() } else { format!("in {}", records[0].name) };
            let hint = match near {
                Some(near) if cut.is_some() => format!("; a `: ` is missing behind `{near}`"),
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            let message = format!("no field `{}` {place}{hint}", shortened(name));
            let help = unseen(name).map(retype).or_else(|| near.is_none().then(|| elsewhere(name, records)).flatten());
            let found = self.report(Rule::UnknownField, entry.key.span, message);
            found.suggestion = near.filter(|_| cut.is_none()).map(Into::into);
            found.help = cut.map(|field| format!("Write `{field}: …`.")).or(help);
            if near.is_none() {
                self.find_home(name, entry.key.span);
            }
        }
        for field in &entries.missing {
            let key = meant.iter().find(|(name, _)| *name == field.name).map(|(_, key)| *key);
            let found = missing(field, entries.missing_at, self);
            found.labels.extend(key.map(|key| misspelt(&file, key)));
        }
    }
}

/// The field whose name a bare word in braces begins with, without a colon and a space behind it.
fn lacks_colon(entry: &Entry<'_>, records: &[&'static RecordKind]) -> Option<&'static str> {
    let known = records.iter().flat_map(|record| record.fields).map(|field| field.name).filter(|_| entry.value.is_null());
    let goes_on =
        |name: &&str| entry.key.text.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '=', '"']) || rest.starts_with(" \""));
    known.filter(goes_on).max_by_key(|name| name.len())
}

/// Fields that stand at the top of a file and in no record.
fn unlisted(records: &[&'static RecordKind]) -> &'static [&'static str] {
    let of_file = records.iter().any(|record| record.name == super::common_record().name);
    match of_file {
        true if is_backlog(records) => &["id", "items", "type"],
        true => &["id", "type"],
        false => &[],
    }
}

fn is_backlog(records: &[&'static RecordKind]) -> bool {
    records[0].name == super::common_record().name
}

/// Finds keys that were written before: one by one in mappings as people write them, by a table in large ones.
struct Seen<'n> {
    entries: &'n [Entry<'n>],
    table: Option<HashMap<&'n str, usize>>,
}

impl<'n> Seen<'n> {
    fn new(entries: &'n [Entry<'n>]) -> Seen<'n> {
        Seen { entries, table: (entries.len() > 32).then(HashMap::new) }
    }

    /// The number of the entry that has the same key, if one stands before.
    fn earlier(&mut self, at: usize) -> Option<usize> {
        let entry = &self.entries[at];
        match &mut self.table {
            None => self.entries[..at].iter().position(|earlier| earlier.key.text == entry.key.text),
            Some(table) => {
                let first = *table.entry(&entry.key.text).or_insert(at);
                (first != at).then_some(first)
            }
        }
    }
}

/// What to do about a name that holds a character that cannot be seen.
fn retype(hidden: char) -> String {
    format!("The name holds a character that cannot be seen (U+{:04X}): type it again.", hidden as u32)
}

/// Whether an item says nothing but an id, and the next one says it again: its first line stands there twice.
fn is_only_id_of(item: &Node, next: &Node) -> bool {
    let id = |node: &Node| node.get("id").and_then(Node::scalar).map(str::to_owned);
    item.entries().is_some_and(|entries| entries.len() == 1) && id(item).is_some_and(|first| id(next) == Some(first))
}

/// What a doubled key most likely is.
#[derive(Clone, Copy)]
enum Among {
    /// A field of the next item of a list.
    Items,
    /// A field that is written once more.
    Fields,
}

/// Of two entries with one key of which the first is empty the other is meant.
fn is_filled_later(first: &Entry, later: &Entry) -> bool {
    first.value.is_null() && !later.value.is_null()
}

/// Where a field is at home that is unknown here.
fn elsewhere(name: &str, records: &[&'static RecordKind]) -> Option<String> {
    let homes: Vec<&str> = super::types::all_records()
        .filter(|record| !records.iter().any(|here| here.name == record.name) && record.fields.iter().any(|field| field.name == name))
        .map(|record| record.name)
        .take(3)
        .collect();
    (!homes.is_empty()).then(|| format!("`{name}` belongs to {}; check the indentation and the file's type.", homes.join(", ")))
}

/// The words of a mapping in braces that has no values.
fn bare_words(node: &Node) -> Option<String> {
    let entries = node.entries().filter(|entries| !entries.is_empty() && entries.iter().all(|entry| entry.value.is_null()))?;
    Some(entries.iter().map(|entry| &*entry.key.text).collect::<Vec<_>>().join(", "))
}

/// Whether a text is too long to be said again.
fn is_long(text: &str) -> bool {
    shortened(text).len() != text.len()
}

pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

impl<'n> Entries<'n> {
    /// Where the mapping stands: its first key.
    pub fn at(&self) -> Span {
        self.at
    }

    /// The values of a name, however often it is written.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Node<'n>> {
        self.entries.iter().filter(move |entry| &*entry.key.text == name).map(|entry| &entry.value)
    }

    /// The entries that nobody has taken.
    pub(super) fn unused(&self) -> impl Iterator<Item = &Entry<'n>> {
        self.entries.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(entry, _)| entry)
    }

    /// Where a complaint about an absent field goes.
    pub fn missing_at(&self) -> Span {
        self.missing_at
    }

    /// The key and value of a name, without taking it.
    pub fn peek(&self, name: &str) -> Option<&Entry<'n>> {
        entry_of(self.entries, name)
    }

    /// What stands under a slip of the pen for `id`.
    pub fn misspelt_id(&self) -> Option<&Entry<'n>> {
        self.entries.iter().find(|entry| SLIPS_OF_ID.contains(&&*entry.key.text))
    }

    /// Marks a key as read.
    pub fn mark(&mut self, name: &str) {
        for (at, entry) in self.entries.iter().enumerate() {
            self.used[at] |= &*entry.key.text == name;
        }
    }

    /// Takes a field out.
    pub fn take<T: FieldValue + Default>(&mut self, field: &'static Field, cx: &mut Decoder<'_>) -> T {
        let found = self.entries.iter().enumerate().find(|(at, entry)| !self.used[*at] && &*entry.key.text == field.name);
        let Some((at, entry)) = found.filter(|(at, entry)| {
            let null = entry.value.is_null();
            self.used[*at] |= null;
            !null
        }) else {
            let needed = field.need == Need::Required && cx.waive != Some(field.name);
            match found.filter(|_| needed) {
                Some((_, entry)) => drop(missing(field, entry.key.span, cx)),
                None => self.missing.extend(needed.then_some(field)),
            }
            return T::default();
        };
        self.used[at] = true;
        let complaints = cx.diagnostics.len();
        let value = cx.within(field.name, cx.part, |cx| T::decode(&entry.value, cx));
        let read = cx.diagnostics.len() == complaints;
        cx.names_lost |= value.is_none() && cx.part.is_some() && matches!(field.name, "id" | "title");
        if !read || matches!(field.kind, Kind::Date) {
            cx.written.push(Written { part: cx.part, field: field.name, span: entry.value.span, read });
        }
        if field.need == Need::Required && value.as_ref().is_some_and(|value| value.is_empty()) {
            missing(field, entry.value.span, cx);
        }
        value.unwrap_or_default()
    }
}

/// Where a needed field may stand under another name.
pub fn misspelt(file: &RelPath, key: Span) -> Label {
    Label { file: file.clone(), span: key, text: "this may be meant for it".into() }
}

fn missing<'d>(field: &'static Field, span: Span, cx: &'d mut Decoder<'_>) -> &'d mut Diagnostic {
    let many = if matches!(field.kind, Kind::List(_)) { "needs at least one" } else { "is missing" };
    let found = cx.report(Rule::MissingField, span, format!("`{}` {many}", field.name));
    found.help = Some(format!("`{}:` {} It takes {}.", field.name, field.help.trim(), field.kind.describe()));
    found
}

/// A scalar's text as a number, if it is one: as YAML 1.2 writes numbers, quotes or not.
pub(super) fn number(node: &Node) -> Option<f64> {
    let Shape::Scalar(text, style) = &node.shape else { return None };
    let text = text.trim();
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E' | b'_'))
        && text.bytes().any(|b| b.is_ascii_digit());
    (shaped && *style != Style::Block).then(|| text.replace('_', "").parse().ok()).flatten().filter(|n: &f64| n.is_finite())
}
