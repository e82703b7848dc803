//! Fields as they are declared, for pages that show them plainly.
use minijinja::Value;
use minijinja::value::Serde;
use serde::{Serialize, Serializer};

use super::{Cx, Lazy, LazyData, LinkView};
use crate::handbook::{Ix, Target};
use crate::markup::escape;
use crate::model::{Claim, Field, Kind, Record, Reflect};

/// A field with its label and value.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView {
    /// Its key in front matter.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// Its value.
    pub value: Val,
}

/// A value ready to be laid out.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", rename_all = "lowercase", remote = "Self")]
pub enum Val {
    /// Text with markup.
    Text {
        /// HTML.
        html: String,
    },
    /// A statement that is known or guessed.
    Claim {
        /// HTML.
        html: String,
        /// `known`, `assumed`, `unknown`, or empty where nothing is said.
        known: &'static str,
        /// The word for it.
        word: String,
        /// What backs it.
        evidence: Vec<LinkView>,
    },
    /// A link.
    Link {
        /// The link.
        link: LinkView,
    },
    /// Many.
    List {
        /// The items.
        items: Vec<Val>,
    },
    /// Names and values.
    Map {
        /// The entries.
        entries: Vec<MapEntry>,
    },
    /// Declared fields.
    Record {
        /// What it is called, where it has a title.
        title: String,
        /// The fields.
        fields: Vec<FieldView>,
    },
}

/// A name and a value.
#[derive(Debug, Clone, Serialize)]
pub struct MapEntry {
    /// The name.
    pub key: Val,
    /// The value.
    pub value: Val,
}

/// A template gets a value whole, so that the theme draws it in one way wherever it stands; it may walk through it all the same.
impl Serialize for Val {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Lazy::new(self.clone()).serialize(serializer)
    }
}

/// A value taken apart by a template that walks through it.
struct Apart<'v>(&'v Val);

impl Serialize for Apart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Val::serialize(self.0, serializer)
    }
}

impl LazyData for Val {
    fn is_empty(&self) -> bool {
        false
    }

    fn apart(&self) -> Value {
        Value::from(Serde(Apart(self)))
    }
}

/// The fields of a record that are present, apart from those that the page shows elsewhere.
pub fn field_views(cx: &Cx<'_>, ix: Ix, record: &dyn Record, shown_elsewhere: &[&str]) -> Vec<FieldView> {
    let name = record.kind().name;
    record
        .present()
        .filter(|(field, _)| !shown_elsewhere.contains(&field.name))
        .filter_map(|(field, value)| {
            let value = val(cx, ix, name, field, &value)?;
            Some(FieldView { name: field.name, label: cx.words.field(name, field.name), value })
        })
        .collect()
}

/// A value ready to be laid out; none where nothing of it may be shown.
fn val(cx: &Cx<'_>, ix: Ix, record: &str, field: &Field, value: &Reflect<'_>) -> Option<Val> {
    let plain = |text: String| Some(Val::Text { html: escape(&text) });
    match value {
        Reflect::Absent => None,
        Reflect::Text(text) => Some(Val::Text { html: cx.html(ix, text) }),
        Reflect::Plain(text) => plain_val(cx, ix, field, text),
        Reflect::Bool(yes) => plain(cx.words.get(if *yes { "format.yes" } else { "format.no" })),
        Reflect::Number(number) if percent(&field.kind) => plain(cx.words.percent(*number)),
        Reflect::Number(number) => plain(cx.words.number(*number)),
        Reflect::Percent(number) => plain(cx.words.percent(*number)),
        Reflect::Date(date) => plain(cx.words.date(*date)),
        Reflect::Duration(duration) => plain(cx.words.duration(*duration)),
        Reflect::Money(money) => plain(cx.words.money(*money, &cx.handbook.settings.currency)),
        Reflect::Choice(word) => plain(cx.words.choice(record, field.name, word)),
        Reflect::Ref(link) => reference(cx, ix, *link, &field.kind),
        Reflect::List(items) => {
            let items: Vec<Val> = items.iter().filter_map(|item| val(cx, ix, record, field, item)).collect();
            (!items.is_empty()).then_some(Val::List { items })
        }
        Reflect::Map(entries) => {
            let entries: Vec<MapEntry> = entries
                .iter()
                .filter_map(|(key, value)| {
                    Some(MapEntry { key: val(cx, ix, record, field, key)?, value: val(cx, ix, record, field, value)? })
                })
                .collect();
            (!entries.is_empty()).then_some(Val::Map { entries })
        }
        Reflect::Record(record) => record_val(cx, ix, *record),
        Reflect::Claim(claim) => Some(claim_val(cx, ix, claim)),
    }
}

fn percent(kind: &Kind) -> bool {
    match kind {
        Kind::Number(number) => number.percent && number.max == 100.0,
        Kind::List(inner) | Kind::Map(_, inner) => percent(inner),
        _ => false,
    }
}

/// A web address or a file is a link; any other plain text is just that.
fn plain_val(cx: &Cx<'_>, ix: Ix, field: &Field, text: &str) -> Option<Val> {
    if matches!(field.kind, Kind::Web | Kind::File | Kind::WebOrFile) {
        let node = cx.node(ix);
        let at = node.targets.iter().enumerate().find(|(at, _)| {
            let link = node.link(*at as u32);
            link.relation == field.name && &*link.written == text
        });
        let link = match at.map(|(_, target)| target) {
            Some(Target::Outside) => Some(LinkView { title: text.to_owned(), url: text.to_owned(), kind: "outside" }),
            Some(target) => cx.target_link(target),
            None => None,
        };
        return Some(link.map_or_else(|| Val::Text { html: escape(text) }, |link| Val::Link { link }));
    }
    Some(Val::Text { html: escape(text) })
}

/// A reference as a link; a department that is just a name as text; none where it leads to what may not be shown.
fn reference(cx: &Cx<'_>, ix: Ix, link: u32, kind: &Kind) -> Option<Val> {
    let node = cx.node(ix);
    match cx.target_link(node.target(link)) {
        Some(link) => Some(Val::Link { link }),
        None if matches!(kind, Kind::Owner) && *node.target(link) != Target::Hidden => {
            Some(Val::Text { html: escape(&node.link(link).written) })
        }
        None => None,
    }
}

fn record_val(cx: &Cx<'_>, ix: Ix, record: &dyn Record) -> Option<Val> {
    let title = record.present().find(|(field, _)| field.name == "title").map(|(_, value)| match value {
        Reflect::Text(text) => text.plain().to_owned(),
        _ => String::new(),
    });
    let fields = field_views(cx, ix, record, &["id", "title"]);
    (title.is_some() || !fields.is_empty()).then(|| Val::Record { title: title.unwrap_or_default(), fields })
}

/// A statement with what backs it.
pub(super) fn claim_val(cx: &Cx<'_>, ix: Ix, claim: &Claim) -> Val {
    let known = crate::insight::claim_known(cx.handbook, ix, claim).map(|known| known.word());
    Val::Claim {
        html: cx.html(ix, &claim.text),
        known: known.unwrap_or(""),
        word: known.map(|known| cx.words.choice("", "known", known)).unwrap_or_default(),
        evidence: cx.follow_all(ix, &claim.evidence),
    }
}
