//! The Rust types that fields have, and how each is read.
use std::ops::Deref;

use super::decode::{Decoder, FieldLink, number, shortened};
use super::kind::{Kind, NumberKind, RecordKind, quoted};
use super::node::{Node, Shape, Style};
use super::places::Places;
use super::record::{Record, RecordExt, Reflect};
use super::reference::{Accept, Ref};
use crate::base::{Date, Duration, Money, Rule, Span, curly_quotes, is_id, nearest, slug};
use crate::markup::{self, Context, Destinations, Rich, SlipKind};

/// A type that a field may have.
pub trait FieldValue: Sized {
    /// What it takes.
    const KIND: Kind;
    /// Reads it; none where it cannot be read and that was said.
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;
    /// The value for whatever treats all fields alike.
    fn reflect(&self) -> Reflect<'_>;
    /// True where a field that has to be there holds nothing.
    fn is_empty(&self) -> bool {
        false
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    const KIND: Kind = T::KIND;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, cx).map(Some)
    }

    fn reflect(&self) -> Reflect<'_> {
        self.as_ref().map_or(Reflect::Absent, FieldValue::reflect)
    }

    fn is_empty(&self) -> bool {
        self.as_ref().is_some_and(FieldValue::is_empty)
    }
}

/// Text with inline Markdown.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// As it is written, escapes and folds undone.
    pub source: Box<str>,
    /// Where it stands in the file.
    pub span: Span,
    /// The document's number of this text's first link.
    pub first_link: u32,
    /// Its HTML, where it has any markup.
    pub rich: Option<Box<Rich>>,
}

impl Text {
    /// The text without markup.
    pub fn plain(&self) -> &str {
        self.rich.as_ref().map_or(&self.source, |rich| &rich.plain)
    }

    /// The text as HTML on a page that knows where its links lead.
    pub fn html(&self, to: &dyn Destinations) -> String {
        match &self.rich {
            None => markup::escape(&self.source),
            Some(rich) => rich.fill(&Shifted { by: self.first_link, to }, 0),
        }
    }
}

/// The destinations of a text whose links do not begin at the document's first.
pub struct Shifted<'d> {
    /// The number of the text's first link.
    pub by: u32,
    /// The document's destinations.
    pub to: &'d dyn Destinations,
}

impl Destinations for Shifted<'_> {
    fn target(&self, link: u32) -> markup::Target {
        self.to.target(link + self.by)
    }

    fn label(&self, link: u32) -> String {
        self.to.label(link + self.by)
    }
}

impl FieldValue for Text {
    const KIND: Kind = Kind::Text;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?.trim();
        let mut out = Text { source: text.into(), span: node.span, first_link: 0, rich: None };
        if let Some((mut rich, asides)) = markup::inline(text, cx.options) {
            if !rich.links.is_empty() || !asides.removed.is_empty() || !asides.slips.is_empty() {
                let places = Places::of(node, cx.source, text);
                for (range, element) in &asides.removed {
                    raw_html(cx, places.span(range), element);
                }
                for slip in &asides.slips {
                    half_markdown(cx, places.span(&slip.span), &text[slip.span.clone()], &slip.kind);
                }
                out.first_link = cx.add_text_links(&mut rich.links, |range| places.span(range));
            }
            out.rich = Some(Box::new(rich));
        }
        Some(out)
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Text(self)
    }

    fn is_empty(&self) -> bool {
        self.source.is_empty()
    }
}

/// Says that an element of raw HTML is left out.
pub(crate) fn raw_html(cx: &mut Decoder<'_>, span: Span, element: &str) {
    if element == markup::COMMENT {
        cx.report(Rule::RawHtml, span, "this comment is never closed, so that all behind it is left out").help =
            Some("Close it with `-->`.".into());
        return;
    }
    cx.report(Rule::RawHtml, span, format!("the HTML element `<{element}>` is left out")).help =
        Some("Write it in Markdown, or set `allow_html = true` in book.toml.".into());
}

/// Says what is meant as Markdown and is none. Of what may be half a link it has to be found out first whether it is one.
pub(crate) fn half_markdown(cx: &mut Decoder<'_>, span: Span, written: &str, kind: &SlipKind) {
    match kind {
        SlipKind::HalfLink => drop(cx.add_link(written, span, FieldLink::Half, Context::default())),
        SlipKind::Link(mend) => {
            let message = format!("`{}` is shown as it stands and leads nowhere", shortened(written));
            cx.report(Rule::BrokenLink, span, message).help = Some(format!("Write `{mend}`."));
        }
        SlipKind::Callout(near) => {
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let found = cx.report(Rule::UnknownValue, span, format!("no box is called `{written}`{hint}"));
            found.suggestion = near.map(Into::into);
            found.help = Some(format!("Boxes begin with {}.", quoted(&markup::CALLOUTS.map(|name| format!("[!{name}]")))));
        }
        SlipKind::Note => {
            let found = cx.report(Rule::BrokenAnchor, span, format!("there is no note `{written}`"));
            found.help = Some(format!("Write it on a line of its own in the body: `{written}: …`."));
        }
    }
}

/// A text, or a text that is marked as known or assumed.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// The claim.
    pub text: Text,
    /// Whether it is backed or guessed, where that was said.
    pub known: Option<super::Known>,
    /// What backs it.
    pub evidence: List<Ref<super::reference::to::Evidence>>,
    /// Whether the full form was written.
    full: Option<Box<super::FullClaim>>,
}

impl FieldValue for Claim {
    const KIND: Kind = Kind::Either(&Kind::Text, &Kind::Record(&super::FullClaim::RECORD));

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        if node.entries().is_none() {
            if node.scalar().is_none() {
                cx.wrong_kind(node, &Self::KIND);
                return None;
            }
            return Text::decode(node, cx).map(|text| Claim { text, ..Claim::default() });
        }
        if cx.is_cut_by_colon(node, &super::FullClaim::RECORD) {
            return None;
        }
        let full = super::FullClaim::decode_record(node, cx)?;
        Some(Claim {
            text: full.text.clone().unwrap_or_default(),
            known: full.known,
            evidence: full.evidence.clone(),
            full: Some(Box::new(full)),
        })
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Claim(self)
    }
}

impl Claim {
    /// The full form, where it was written.
    pub fn full(&self) -> Option<&dyn Record> {
        self.full.as_deref().map(|full| full as &dyn Record)
    }
}

/// Text as it is: a tag, a name.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    /// The text.
    pub text: Box<str>,
    /// Where it stands, quotes apart.
    pub span: Span,
}

impl FieldValue for Plain {
    const KIND: Kind = Kind::Plain;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?;
        Some(Plain { text: text.trim().into(), span: node.inner_span() })
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Plain(&self.text)
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// An id that an item is given.
#[derive(Debug, Clone, Default)]
pub struct Id {
    /// The id.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

impl FieldValue for Id {
    const KIND: Kind = Kind::Id;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?;
        if is_id(text) {
            return Some(Id { text: text.into(), span: node.inner_span() });
        }
        let made = slug(text);
        let found = cx.report(Rule::InvalidId, node.inner_span(), format!("`{}` is no id", shortened(text)));
        found.help = Some("An id is words of a–z and 0–9 joined by `-`.".into());
        found.suggestion = (!made.is_empty()).then_some(made);
        None
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Plain(&self.text)
    }
}

impl FieldValue for bool {
    const KIND: Kind = Kind::Bool;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match (node.scalar(), &node.shape) {
            (Some("true" | "True" | "TRUE"), _) => Some(true),
            (Some("false" | "False" | "FALSE"), _) => Some(false),
            (text, _) => {
                let meant = text.and_then(|text| match text.to_lowercase().as_str() {
                    "yes" | "on" | "ja" | "y" => Some("true"),
                    "no" | "off" | "nee" | "n" => Some("false"),
                    _ => None,
                });
                cx.wrong_kind(node, &Self::KIND);
                if let (Some(meant), Some(found)) = (meant, cx.diagnostics.last_mut()) {
                    found.suggestion = Some(meant.into());
                }
                None
            }
        }
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Bool(*self)
    }
}

impl FieldValue for Date {
    const KIND: Kind = Kind::Date;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?.trim();
        let date = Date::parse(text);
        if date.is_none() {
            let found = cx.report(Rule::InvalidDate, node.span, format!("`{}` is no date", shortened(text)));
            found.help = Some(curly_quotes(text).unwrap_or("Write a day that exists as year-month-day: `2026-05-01`.").into());
            found.suggestion = turned_date(text);
        }
        date
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Date(*self)
    }
}

/// A day written the other way round, or without its zeros.
fn turned_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (year, month, day) = if a.len() == 4 {
        (a, b, c)
    } else if c.len() == 4 {
        (c, b, a)
    } else {
        return None;
    };
    let written = format!("{year}-{month:0>2}-{day:0>2}");
    Date::parse(&written).map(|date| date.to_string())
}

impl FieldValue for Duration {
    const KIND: Kind = Kind::Duration;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let duration = Duration::parse(cx.plain(node, &Self::KIND)?);
        if duration.is_none() {
            cx.wrong_kind(node, &Self::KIND);
        }
        duration
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Duration(*self)
    }
}

impl FieldValue for Money {
    const KIND: Kind = Kind::Money;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let money = Money::parse(cx.plain(node, &Self::KIND)?);
        if money.is_none() {
            cx.wrong_kind(node, &Self::KIND);
        }
        money
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Money(*self)
    }
}

/// A number that is written with a comma, as it is to be written. Before three digits it may be one of thousands.
fn with_point(text: &str) -> Option<String> {
    let (whole, rest) = text.trim().split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (digits(whole.trim_start_matches(['-', '+'])) && digits(rest) && rest.len() != 3).then(|| format!("{whole}.{rest}"))
}

/// Reads a number within limits.
fn limited(node: &Node, kind: &'static Kind, cx: &mut Decoder<'_>) -> Option<(f64, bool)> {
    let Kind::Number(limits) = kind else { return None };
    let stripped = node.scalar().and_then(|text| text.trim().strip_suffix('%')).filter(|_| limits.percent);
    let value = match stripped {
        Some(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        None => number(node),
    };
    let Some(value) = value.filter(|value| !limits.whole || value.fract() == 0.0) else {
        cx.wrong_kind(node, kind);
        let found = cx.diagnostics.last_mut().filter(|_| !limits.whole);
        if let Some((found, meant)) = found.zip(node.scalar().and_then(with_point)) {
            found.help = Some(format!("Write a decimal with a point: `{meant}`."));
            found.suggestion = Some(meant);
        }
        return None;
    };
    if value < limits.min || value > limits.max {
        let message = format!("`{}` takes {}, not {value}", cx.field(), kind.describe());
        cx.report(Rule::OutOfRange, node.span, message);
        return None;
    }
    Some((value, stripped.is_some()))
}

macro_rules! numbers {
    ($( $(#[$doc:meta])* $name:ident: $min:expr, $max:expr, $whole:literal, $percent:literal; )+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(pub f64);

        impl FieldValue for $name {
            const KIND: Kind = Kind::Number(NumberKind { min: $min, max: $max, whole: $whole, percent: $percent });

            fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
                limited(node, &Self::KIND, cx).map(|(value, _)| $name(value))
            }

            fn reflect(&self) -> Reflect<'_> {
                Reflect::Number(self.0)
            }
        }
    )+ };
}

numbers! {
    /// Any number.
    Number: f64::MIN, f64::MAX, false, false;
    /// A count, 0 or more.
    Count: 0.0, f64::MAX, true, false;
    /// From 0 to 100.
    Percent: 0.0, 100.0, false, true;
    /// A rank from 1 to 5.
    Rank: 1.0, 5.0, false, false;
    /// A feeling from −2 to +2, decimals allowed.
    Feeling: -2.0, 2.0, false, false;
}

/// A number, or a share in per cent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// The number.
    pub value: f64,
    /// Whether a `%` was written.
    pub percent: bool,
}

impl FieldValue for Size {
    const KIND: Kind = Kind::Number(NumberKind { min: 0.0, max: f64::MAX, whole: false, percent: true });

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        limited(node, &Self::KIND, cx).map(|(value, percent)| Size { value, percent })
    }

    fn reflect(&self) -> Reflect<'_> {
        if self.percent { Reflect::Percent(self.value) } else { Reflect::Number(self.value) }
    }
}

/// The rule that a silence names.
#[derive(Debug, Clone, Default)]
pub struct RuleName {
    /// The rule, where the name is one.
    pub rule: Option<Rule>,
    /// The rule that it is meant for, where the name is none.
    pub meant: Option<Rule>,
    /// Where it stands.
    pub span: Span,
}

impl FieldValue for RuleName {
    const KIND: Kind = Kind::Rule;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?;
        let rule = Rule::named(text);
        let mut meant = None;
        if rule.is_none() {
            let near = nearest(text, Rule::ALL.iter().map(|rule| rule.name()));
            let message =
                format!("no rule `{}`{}", shortened(text), near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default());
            cx.report(Rule::UnknownValue, node.inner_span(), message).suggestion = near.map(Into::into);
            meant = near.and_then(Rule::named);
        }
        Some(RuleName { rule, meant, span: node.inner_span() })
    }

    fn reflect(&self) -> Reflect<'_> {
        self.rule.map_or(Reflect::Absent, |rule| Reflect::Plain(rule.name()))
    }
}

macro_rules! links {
    ($( $(#[$doc:meta])* $name:ident: $kind:expr, $how:expr; )+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            /// As it is written.
            pub written: Box<str>,
            /// Index into the document's links.
            pub link: u32,
        }

        impl FieldValue for $name {
            const KIND: Kind = $kind;

            fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
                let text = cx.plain(node, &Self::KIND)?.trim();
                let how: fn(&str) -> FieldLink = $how;
                let link = cx.add_link(text, node.inner_span(), how(text), Context::default());
                Some($name { written: text.into(), link })
            }

            fn reflect(&self) -> Reflect<'_> {
                Reflect::Plain(&self.written)
            }
        }
    )+ };
}

links! {
    /// A file beside the Markdown.
    FilePath: Kind::File, |_| FieldLink::File;
    /// A web address.
    Web: Kind::Web, |_| FieldLink::Web;
    /// A web address or a file beside the Markdown.
    WebOrFile: Kind::WebOrFile, |text| if text.contains(':') { FieldLink::Web } else { FieldLink::File };
}

/// Many of something; a single one stands for a list of one.
#[derive(Debug, Clone)]
pub struct List<T> {
    items: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List { items: Vec::new() }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> List<T> {
        List { items }
    }
}

impl<T: FieldValue> FieldValue for List<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Shape::List(nodes) = &node.shape else {
            if let (Kind::Plain, Some(words)) = (T::KIND, bare_list(node, ListPlace::Whole, cx)) {
                not_a_list(node, &words, cx);
                return None;
            }
            if let Some((sign, at)) = false_bullet(node, cx) {
                let message = format!("`{}` takes a list here, and `{sign}` begins no item of one", cx.field());
                cx.report(Rule::WrongKind, at, message).help = Some("Begin each item of a list with `- `, on a line of its own.".into());
                return None;
            }
            return T::decode(node, cx).map(|item| List { items: vec![item] });
        };
        let mut items = Vec::with_capacity(nodes.len());
        let written = cx.items(nodes);
        for item in written.iter() {
            if item.is_null() {
                let message = format!("`{}` has an empty item", cx.field());
                let span = cx.dash(item);
                cx.report(Rule::WrongKind, span, message).help = Some("Fill it in, or take the line out.".into());
            } else if matches!(item.shape, Shape::List(_)) {
                cx.wrong_kind(item, &T::KIND);
            } else if let (Kind::Plain, Some(words)) = (T::KIND, bare_list(item, ListPlace::Item, cx)) {
                not_a_list(item, &words, cx);
            } else {
                items.extend(T::decode(item, cx));
            }
        }
        // Where every item was wrong, that was said: the list counts as given.
        if items.is_empty() && !nodes.is_empty() {
            return None;
        }
        Some(List { items })
    }

    fn reflect(&self) -> Reflect<'_> {
        if self.items.is_empty() { Reflect::Absent } else { Reflect::List(self.items.iter().map(FieldValue::reflect).collect()) }
    }

    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// The fields that hold words and ids, which have no commas in them.
const WORDS: [&str; 3] = ["tags", "audience", "was"];

fn not_a_list(node: &Node, words: &str, cx: &mut Decoder<'_>) {
    let message = format!("`{}` takes a list of words, not one text that holds several", cx.field());
    cx.report(Rule::WrongKind, node.span, message).help = Some(format!("Write `[{words}]`."));
}

/// Where a text stands that may be several words.
#[derive(Clone, Copy, PartialEq)]
enum ListPlace {
    /// In a list's place.
    Whole,
    /// Among a list's items.
    Item,
}

/// Several words that are written without brackets, or with `;` between them, as they stand in them.
fn bare_list(node: &Node, place: ListPlace, cx: &Decoder<'_>) -> Option<String> {
    let Shape::Scalar(text, Style::Plain) = &node.shape else { return None };
    let is_list = WORDS.contains(&cx.field()) && (text.contains("; ") || (text.contains(',') && place == ListPlace::Whole));
    is_list.then(|| shortened(&text.replace("; ", ", ")).trim_matches(['[', ']', '(', ')']).to_owned())
}

/// What begins a text below its field's name as the items of a list begin elsewhere. All of them would be one text.
fn false_bullet<'s>(node: &Node, cx: &Decoder<'s>) -> Option<(&'s str, Span)> {
    let Shape::Scalar(_, Style::Plain) = &node.shape else { return None };
    let start = node.span.start as usize;
    let (before, text) = cx.source.text.split_at_checked(start)?;
    let is_below = before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
    let sign = text.chars().next().filter(|_| is_below)?;
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (length, behind) = match sign {
        '0'..='9' if digits < 4 && text[digits..].starts_with(['.', ')']) => (digits + 1, text[digits + 1..].chars().next()),
        _ => (sign.len_utf8(), text[sign.len_utf8()..].chars().next()),
    };
    let is_bullet = match sign {
        '-' => behind.is_some_and(|c| c.is_alphabetic() || (c.is_whitespace() && c != ' ')),
        '•' | '–' | '—' | '−' | '·' | '‣' | '▪' | '●' | '◦' | '+' => behind.is_some_and(char::is_whitespace),
        '0'..='9' => length > digits && behind == Some(' '),
        _ => false,
    };
    is_bullet.then(|| (&text[..length], Span::new(start, start + length)))
}

/// A mapping with free keys, or with ids as keys.
#[derive(Debug, Clone)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map { entries: Vec::new() }
    }
}

impl<K, V> Deref for Map<K, V> {
    type Target = [(K, V)];

    fn deref(&self) -> &[(K, V)] {
        &self.entries
    }
}

/// A type that keys of a [`Map`] may have.
pub trait MapKey: Sized {
    /// What it takes.
    const KEY: Kind;
    /// Reads it.
    fn decode(text: &str, span: Span, cx: &mut Decoder<'_>) -> Self;
    /// The key for whatever treats all fields alike.
    fn reflect(&self) -> Reflect<'_>;
}

impl MapKey for Plain {
    const KEY: Kind = Kind::Plain;

    fn decode(text: &str, span: Span, _cx: &mut Decoder<'_>) -> Self {
        Plain { text: text.into(), span }
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Plain(&self.text)
    }
}

impl<A: Accept + 'static> MapKey for Ref<A> {
    const KEY: Kind = Kind::Reference(&A::ACCEPTS);

    fn decode(text: &str, span: Span, cx: &mut Decoder<'_>) -> Self {
        Ref::written(text.trim(), span, cx)
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Ref(self.link)
    }
}

impl<K: MapKey, V: FieldValue> FieldValue for Map<K, V> {
    const KIND: Kind = Kind::Map(&K::KEY, &V::KIND);

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Some(written) = node.entries() else {
            cx.wrong_kind(node, &Self::KIND);
            return None;
        };
        let open = cx.open(written, node.span);
        let mut entries: Vec<(K, V)> = Vec::with_capacity(written.len());
        for entry in open.unused() {
            if cx.is_rest_of_text(written, entry) {
                continue;
            }
            if entry.value.is_null() {
                let message = format!("`{}` has nothing after it", shortened(&entry.key.text));
                cx.report(Rule::WrongKind, entry.key.span, message).help = Some(format!("It takes {}.", V::KIND.describe()));
            } else {
                let key = K::decode(&entry.key.text, entry.key.span, cx);
                entries.extend(V::decode(&entry.value, cx).map(|value| (key, value)));
            }
        }
        Some(Map { entries })
    }

    fn reflect(&self) -> Reflect<'_> {
        if self.entries.is_empty() {
            return Reflect::Absent;
        }
        Reflect::Map(self.entries.iter().map(|(key, value)| (key.reflect(), value.reflect())).collect())
    }
}

impl<T: RecordExt> FieldValue for Box<T> {
    const KIND: Kind = Kind::Record(&T::RECORD);

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        T::decode_record(node, cx).map(Box::new)
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Record(&**self)
    }
}

/// A mapping with declared fields that also has a short form: a single value stands for its first field of note.
pub trait Short: RecordExt {
    /// What the short form takes.
    const SHORT: Kind;
    /// Reads the short form.
    fn short(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;
    /// True where only the short form's field is set.
    fn is_short(&self) -> Option<Reflect<'_>>;
}

/// A field that takes a short form or the full one.
#[derive(Debug, Clone, Default)]
pub struct Either<T>(pub T);

impl<T> Deref for Either<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Short> FieldValue for Either<T> {
    const KIND: Kind = Kind::Either(&T::SHORT, &Kind::Record(&T::RECORD));

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.shape {
            Shape::Map(_) if matches!(T::SHORT, Kind::Text) && cx.is_cut_by_colon(node, &T::RECORD) => None,
            Shape::Map(_) => T::decode_record(node, cx).map(Either),
            Shape::Scalar(..) => T::short(node, cx).map(Either),
            _ => {
                cx.wrong_kind(node, &Self::KIND);
                None
            }
        }
    }

    fn reflect(&self) -> Reflect<'_> {
        self.0.is_short().unwrap_or(Reflect::Record(&self.0))
    }
}

/// Declares words that a field may take as a Rust enum.
macro_rules! choice {
    ($( $(#[$doc:meta])* $name:ident { $first:ident = $first_word:literal $(, $variant:ident = $word:literal)* } )+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum $name {
            #[doc = concat!("`", $first_word, "`")] #[default] $first,
            $( #[doc = concat!("`", $word, "`")] $variant, )*
        }

        impl $name {
            /// Every word, in the order of the content model.
            pub const ALL: &'static [$name] = &[$name::$first $(, $name::$variant)*];

            /// The word as it is written.
            pub fn word(self) -> &'static str {
                match self { $name::$first => $first_word, $( $name::$variant => $word, )* }
            }
        }

        impl $crate::model::FieldValue for $name {
            const KIND: $crate::model::Kind = $crate::model::Kind::Choice(&[$first_word $(, $word)*]);

            fn decode(node: &$crate::model::Node, cx: &mut $crate::model::Decoder<'_>) -> Option<Self> {
                let at = $crate::model::value::choose(node, &[$first_word $(, $word)*], &Self::KIND, cx)?;
                Self::ALL.get(at).copied()
            }

            fn reflect(&self) -> $crate::model::Reflect<'_> {
                $crate::model::Reflect::Choice(self.word())
            }
        }
    )+ };
}
pub(super) use choice;

/// The index of the word that was written, or a complaint.
pub(super) fn choose(node: &Node, words: &[&str], kind: &Kind, cx: &mut Decoder<'_>) -> Option<usize> {
    let text = cx.plain(node, kind)?.trim();
    let found = words.iter().position(|word| *word == text);
    if found.is_none() {
        let near = nearest(text, words.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("`{}` takes {}, not `{}`{hint}", cx.field(), super::kind::quoted(words), shortened(text));
        let found = cx.report(Rule::UnknownValue, node.span, message);
        found.suggestion = near.map(Into::into);
        found.help = curly_quotes(text).map(Into::into);
    }
    found
}

/// A record's declaration, for those who hold no value of it.
pub(super) fn declared<T: RecordExt>() -> &'static RecordKind {
    &T::RECORD
}
