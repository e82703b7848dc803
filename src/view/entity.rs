//! The page of an entity: what all of them have.
use serde::Serialize;

use super::backlinks::back_groups;
use super::fields::{claim_val, field_views};
use super::{BackGroup, Cx, FieldView, Lazy, LinkView, Shell, Val};
use crate::base::Severity;
use crate::handbook::{Change, Ix};
use crate::insight::{self, Freshness};
use crate::markup::escape;
use crate::model::Type;

/// A page of one entity.
#[derive(Debug, Serialize)]
pub struct EntityPage {
    /// The frame.
    pub shell: Shell,
    /// The type's name.
    pub kind: &'static str,
    /// The word for the type.
    pub kind_word: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title_html: String,
    /// Its summary.
    pub summary_html: String,
    /// Who answers for it.
    pub owner: Option<LinkView>,
    /// How fresh it is.
    pub fresh: FreshView,
    /// Short facts for the head of the page.
    pub facts: Lazy<Vec<FieldView>>,
    /// Its fields that nothing else on the page shows.
    pub fields: Lazy<Vec<FieldView>>,
    /// Its Markdown.
    pub body_html: String,
    /// Who refers to it.
    pub backlinks: Lazy<Vec<BackGroup>>,
    /// What could be better about it.
    pub advice: Lazy<Vec<Advice>>,
    /// The last changes of its file, newest first.
    pub history: Lazy<Vec<HistoryLine>>,
    /// Where its file lies.
    pub source: String,
}

/// A change of a page's file.
#[derive(Debug, Serialize)]
pub struct HistoryLine {
    /// The day, in words.
    pub date: String,
    /// The day for machines.
    pub iso: String,
    /// Why, in the words of who did.
    pub subject: String,
    /// Who, where `book.toml` asks for it; empty otherwise.
    pub author: String,
}

/// How fresh a page is.
#[derive(Debug, Serialize)]
pub struct FreshView {
    /// `ok`, `stale`, `draft` or `never`.
    pub state: &'static str,
    /// In words.
    pub words: String,
}

/// A finding about a page.
#[derive(Debug, Serialize)]
pub struct Advice {
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// The finding, in the handbook's language.
    pub message_html: String,
    /// What to do.
    pub help_html: String,
}

impl EntityPage {
    /// Takes out the groups of back-references that a page shows in its own way.
    pub(super) fn take_backlinks(&mut self, shown: impl Fn(&str) -> bool) -> Vec<BackGroup> {
        let all = std::mem::replace(&mut self.backlinks, Lazy::new(Vec::new())).into_data().unwrap_or_default();
        let (taken, rest) = all.into_iter().partition(|group| shown(&group.relation));
        self.backlinks = Lazy::new(rest);
        taken
    }
}

/// Common fields that the head of the page or its foot shows.
const ABOUT: [&str; 6] = ["title", "summary", "owner", "audience", "draft", "status"];

/// The page of an entity, apart from what its type shows in its own way.
pub fn entity_page(cx: &Cx<'_>, ix: Ix, shown_elsewhere: &[&str]) -> EntityPage {
    let node = cx.node(ix);
    let entity = &node.entity;
    let kind = entity.kind;
    let word_key = if kind == Type::Section { Type::Page } else { kind };
    let title_html = entity.common.title.as_ref().map(|text| cx.html(ix, text));
    EntityPage {
        shell: Shell::of_entity(cx, ix, &format!("p-entity p-{}", kind.name())),
        kind: kind.name(),
        kind_word: cx.words.one(word_key).to_owned(),
        id: entity.id.to_string(),
        title_html: title_html.unwrap_or_else(|| escape(&entity.title)),
        summary_html: cx.html_or(ix, &entity.common.summary),
        owner: cx.owner(ix),
        fresh: fresh_view(cx, ix, Told::Whole),
        facts: Lazy::new(facts(cx, ix)),
        fields: Lazy::new(field_views(cx, ix, entity.data.record(), shown_elsewhere)),
        body_html: body_html(cx, ix),
        backlinks: Lazy::new(back_groups(cx, ix)),
        advice: Lazy::new(advice(cx, ix)),
        history: Lazy::new(history(cx, ix)),
        source: node.document.source.path.to_string(),
    }
}

fn history(cx: &Cx<'_>, ix: Ix) -> Vec<HistoryLine> {
    let log = cx.handbook.history.logs.get(&cx.node(ix).document.source.path);
    let line = |change: &Change| HistoryLine {
        date: cx.words.date(change.date),
        iso: change.date.to_string(),
        subject: change.subject.clone(),
        author: change.author.clone().unwrap_or_default(),
    };
    log.into_iter().flatten().map(line).collect()
}

fn facts(cx: &Cx<'_>, ix: Ix) -> Vec<FieldView> {
    let common = &cx.node(ix).entity.common;
    let mut facts = Vec::new();
    if let Some(status) = common.status {
        let value = Val::Text { html: escape(&cx.words.choice("", "status", status.word())) };
        facts.push(FieldView { name: "status", label: cx.words.field("every type", "status"), value });
    }
    facts.extend(field_views(cx, ix, common, &ABOUT));
    if let Some(tags) = facts.iter_mut().find(|fact| fact.name == "tags") {
        let link = |tag: &crate::model::Plain| Val::Link { link: tag_link(cx, &tag.text) };
        tags.value = Val::List { items: common.tags.iter().map(link).collect() };
    }
    facts
}

/// A link to a tag's page.
pub(super) fn tag_link(cx: &Cx<'_>, tag: &str) -> LinkView {
    let slug = crate::base::slug(tag);
    let url = if slug.is_empty() { String::new() } else { cx.url_to(&format!("tags/{slug}.html")) };
    LinkView { title: tag.to_owned(), url, kind: "tag" }
}

/// How much is told of a page's freshness.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Whole,
    InBrief,
}

/// How fresh an entity's page is, in words.
pub(super) fn fresh_view(cx: &Cx<'_>, ix: Ix, told: Told) -> FreshView {
    let common = &cx.node(ix).entity.common;
    let day = |date| if told == Told::Whole { cx.words.date(date) } else { cx.words.date_short(date) };
    let reviewed_words = |date| cx.words.fmt("ui.review.reviewed", &[("date", &day(date))]);
    if common.draft == Some(true) || common.status == Some(crate::model::PageStatus::Draft) {
        let reviewed = insight::reviewed(cx.handbook, ix).map(reviewed_words);
        let words = [Some(cx.words.choice("", "status", "draft")), reviewed].into_iter().flatten().collect::<Vec<_>>();
        return FreshView { state: "draft", words: words.join(", ") };
    }
    match insight::freshness(cx.handbook, ix, cx.today) {
        Freshness::NeverReviewed => FreshView { state: "never", words: cx.words.get("ui.review.never") },
        Freshness::Fresh(reviewed, _) => FreshView { state: "ok", words: reviewed_words(reviewed) },
        Freshness::Stale(reviewed, until) => {
            let due = cx.words.fmt("ui.review.stale_since", &[("date", &day(until))]);
            let why = if told == Told::Whole { format!("{}, {due}", reviewed_words(reviewed)) } else { due };
            FreshView { state: "stale", words: format!("{}: {why}", cx.words.get("ui.review.stale")) }
        }
    }
}

/// An entity's Markdown; long texts of steps are left to the journey's own page.
pub(super) fn body_html(cx: &Cx<'_>, ix: Ix) -> String {
    let entity = &cx.node(ix).entity;
    let places = BodyPlaces { inner: cx.destinations(ix), first: entity.body_link };
    let html_len = entity.body.rich.html.len();
    let mut out = String::with_capacity(html_len + 256);
    let mut from = 0;
    for part in 0..entity.parts.len() as u32 {
        let Some(text) = entity.part_text(part) else { continue };
        let heading = entity.body.headings.iter().find(|heading| heading.html.end == text.start);
        let start = heading.map_or(text.start, |heading| heading.html.start);
        if start >= from {
            out.push_str(&entity.body.rich.fill_range(from..start, &places, 0));
            from = text.end.max(from);
        }
    }
    out.push_str(&entity.body.rich.fill_range(from..html_len, &places, 0));
    out
}

/// The long text of a part, its headings `deeper` levels down.
pub(super) fn part_html(cx: &Cx<'_>, ix: Ix, part: u32, deeper: u8) -> String {
    let entity = &cx.node(ix).entity;
    let places = BodyPlaces { inner: cx.destinations(ix), first: entity.body_link };
    entity.part_text(part).map(|range| entity.body.rich.fill_range(range, &places, deeper)).unwrap_or_default()
}

/// The destinations of a body, whose links come after those of the front matter.
struct BodyPlaces<'h> {
    inner: super::Places<'h>,
    first: u32,
}

impl crate::markup::Destinations for BodyPlaces<'_> {
    fn target(&self, link: u32) -> crate::markup::Target {
        self.inner.target(link + self.first)
    }

    fn label(&self, link: u32) -> String {
        self.inner.label(link + self.first)
    }
}

fn advice(cx: &Cx<'_>, ix: Ix) -> Vec<Advice> {
    let of = cx.findings.by_entity(ix);
    of.map(|finding| Advice {
        severity: finding.severity.name(),
        message_html: cx.words.told_html(&finding.message),
        help_html: finding.help.as_deref().map(|help| cx.words.told_html(help)).unwrap_or_default(),
    })
    .filter(|advice| advice.severity != Severity::Error.name())
    .collect()
}

/// Statements ready to be laid out.
pub(super) fn claim_vals(cx: &Cx<'_>, ix: Ix, claims: &[crate::model::Claim]) -> Vec<Val> {
    claims.iter().map(|claim| claim_val(cx, ix, claim)).collect()
}
