//! The overview of a type: its introduction, then everything there is.
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::entity::{EntityPage, FreshView, Told, entity_page, fresh_view};
use super::groups::{PersonaCard, persona_card};
use super::journey::{CurveView, card_curve};
use super::list::by_title;
use super::pieces::{self, RICH, ScoreView};
use super::shell::of_section;
use super::{Cx, LinkView, Shell};
use crate::base::Date;
use crate::handbook::Ix;
use crate::insight;
use crate::markup::escape;
use crate::model::{Data, State, Type};

/// The overview of a type.
#[derive(Debug, Serialize)]
pub struct ListingPage {
    /// The frame.
    pub shell: Shell,
    /// The heading.
    pub title_html: String,
    /// The introduction, where there is one.
    pub page: Option<EntityPage>,
    /// How many there are.
    pub count: String,
    /// Personas as cards, the first of many.
    pub cards: Vec<PersonaCard>,
    /// Labels of the columns between title and owner.
    pub columns: Vec<String>,
    /// Whether any row says where it stands.
    pub with_status: bool,
    /// Whether any row has a curve.
    pub with_curve: bool,
    /// How many columns there are.
    pub width: usize,
    /// The rows; one group without a title where they are not grouped.
    pub groups: Vec<Group>,
}

/// Rows under one heading.
#[derive(Debug, Default, Serialize)]
pub struct Group {
    /// What they have in common; empty where they are not grouped.
    pub title: LinkView,
    /// The rows.
    pub rows: Vec<Row>,
}

/// An entity.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The entity.
    pub link: LinkView,
    /// One line.
    pub summary_html: String,
    /// Lies under the row above.
    pub child: bool,
    /// What its type shows.
    pub cells: Vec<ListCell>,
    /// Its curve, for the first of many journeys.
    pub curve: Option<CurveView>,
    /// Who answers for it.
    pub owner: Option<LinkView>,
    /// Where it stands.
    pub status: String,
    /// How fresh it is, in brief.
    pub fresh: FreshView,
}

/// What stands in a column.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum ListCell {
    /// Text with markup.
    Text {
        /// HTML.
        html: String,
    },
    /// Links.
    Links {
        /// The links.
        links: Vec<LinkView>,
    },
    /// A score against its target.
    Score {
        /// The score.
        score: Option<ScoreView>,
        /// The target.
        target: String,
    },
}

/// The overview of a type.
pub fn listing_page(cx: &Cx<'_>, kind: Type) -> ListingPage {
    let section = cx.handbook.section(kind);
    let page = section.map(|ix| entity_page(cx, ix, &[]));
    let title = cx.section_title(kind);
    let class = format!("p-list p-list-{}", kind.name());
    let shell = of_section(cx, section, &title, &class);
    let found = sorted(cx, kind);
    let groups = groups(cx, kind, &found);
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let (with_status, with_curve) = (rows().any(|row| !row.status.is_empty()), rows().any(|row| row.curve.is_some()));
    let titled = section.is_some_and(|ix| cx.node(ix).entity.common.title.is_some());
    ListingPage {
        title_html: page.as_ref().filter(|_| titled).map_or_else(|| escape(&title), |page| page.title_html.clone()),
        count: cx.words.entities(kind, found.len()),
        cards: match kind {
            Type::Persona => found.iter().take(RICH).filter_map(|ix| persona_card(cx, *ix)).collect(),
            _ => Vec::new(),
        },
        columns: columns(kind).iter().map(|(record, field)| cx.words.field(record, field)).collect(),
        width: 3 + columns(kind).len() + usize::from(with_status) + usize::from(with_curve),
        with_status,
        with_curve,
        groups,
        shell,
        page,
    }
}

/// Everything of a type: what happened on a day newest first, all else by title.
fn sorted(cx: &Cx<'_>, kind: Type) -> Vec<Ix> {
    let mut found: Vec<Ix> = cx.handbook.of_type(kind).collect();
    by_title(cx, &mut found);
    if matches!(kind, Type::Evidence | Type::Visit) {
        found.sort_by_key(|ix| std::cmp::Reverse(date(cx, *ix)));
    }
    found
}

fn date(cx: &Cx<'_>, ix: Ix) -> Option<Date> {
    match &cx.node(ix).entity.data {
        Data::Evidence(data) => data.date,
        Data::Visit(data) => data.date,
        _ => None,
    }
}

/// The columns of a type between title and owner: record and field, for the label.
fn columns(kind: Type) -> &'static [(&'static str, &'static str)] {
    match kind {
        Type::Persona => &[("persona", "segment"), ("persona", "archetype")],
        Type::Journey => &[("journey", "personas")],
        Type::Touchpoint => &[("touchpoint", "department"), ("visit", "scores")],
        Type::Segment => &[("segment", "size")],
        Type::Channel => &[("channel", "medium")],
        Type::Department => &[("department", "lead"), ("department", "customer_contact")],
        Type::Evidence => &[("evidence", "method"), ("evidence", "date"), ("evidence", "confidence")],
        Type::Visit => &[("visit", "date"), ("visit", "method"), ("visit", "location")],
        Type::Metric => &[("metric", "unit"), ("metric", "series"), ("metric", "target")],
        Type::Framework => &[("every type", "lens")],
        Type::Principle => &[("principle", "statement")],
        _ => &[],
    }
}

fn text(html: String) -> ListCell {
    ListCell::Text { html }
}

/// Words; those of a handbook hold its own word for its customers.
fn plain(words: Option<String>) -> ListCell {
    text(words.map(|words| escape(&words)).unwrap_or_default())
}

fn link(link: Option<LinkView>) -> ListCell {
    ListCell::Links { links: link.into_iter().collect() }
}

/// What stands in the columns of a type.
fn cells(cx: &Cx<'_>, ix: Ix) -> Vec<ListCell> {
    let words = &cx.words;
    let word = |record: &str, field: &str, word: Option<&str>| plain(word.map(|word| words.choice(record, field, word)));
    let day = |date: Option<Date>| plain(date.map(|date| words.date(date)));
    match &cx.node(ix).entity.data {
        Data::Persona(data) => vec![
            link(data.segment.and_then(|segment| cx.follow(ix, segment))),
            word("persona", "archetype", data.archetype.map(|archetype| archetype.word())),
        ],
        Data::Journey(data) => vec![ListCell::Links { links: cx.follow_all(ix, &data.personas) }],
        Data::Touchpoint(data) => {
            let target = data.target.map(|target| target.0);
            let latest = insight::scores(cx.handbook, ix).last().map(|score| pieces::score_view(cx, score, target));
            vec![
                link(data.department.and_then(|department| cx.follow(ix, department))),
                ListCell::Score { score: latest, target: target.map(|target| words.number(target)).unwrap_or_default() },
            ]
        }
        Data::Segment(data) => {
            vec![plain(data.size.map(|size| if size.percent { words.percent(size.value) } else { words.number(size.value) }))]
        }
        Data::Channel(data) => vec![word("channel", "medium", data.medium.map(|medium| medium.word()))],
        Data::Department(data) => {
            let contact = data.customer_contact.map(|yes| words.get(if yes { "format.yes" } else { "format.no" }));
            vec![text(cx.html_or(ix, &data.lead)), plain(contact)]
        }
        Data::Evidence(data) => vec![
            word("evidence", "method", data.method.map(|method| method.word())),
            day(data.date),
            word("evidence", "confidence", data.confidence.map(|confidence| confidence.word())),
        ],
        Data::Visit(data) => {
            vec![day(data.date), word("visit", "method", data.method.map(|method| method.word())), text(cx.html_or(ix, &data.location))]
        }
        Data::Metric(data) => {
            let latest = super::metric::values(cx, ix).last().map(|value| words.number(value.value));
            let target = data.target.map(|target| words.number(target.0));
            vec![text(cx.html_or(ix, &data.unit)), plain(latest), plain(target)]
        }
        Data::Framework(data) => vec![word("framework", "lens", data.lens.map(|lens| lens.word()))],
        Data::Principle(data) => vec![text(cx.html_or(ix, &data.statement))],
        _ => Vec::new(),
    }
}

fn row(cx: &Cx<'_>, ix: Ix, curve: Option<CurveView>, child: bool) -> Row {
    let entity = &cx.node(ix).entity;
    let status = match &entity.data {
        Data::Touchpoint(data) => pieces::unusual_status(cx, data),
        _ => entity.common.status.map(|status| cx.words.choice("", "status", status.word())).unwrap_or_default(),
    };
    Row {
        link: cx.link(ix),
        summary_html: cx.html_or(ix, &entity.common.summary),
        child,
        cells: cells(cx, ix),
        curve,
        owner: cx.owner(ix),
        status,
        fresh: fresh_view(cx, ix, Told::InBrief),
    }
}

fn groups(cx: &Cx<'_>, kind: Type, found: &[Ix]) -> Vec<Group> {
    match kind {
        Type::Journey => by_state(cx, found),
        Type::Touchpoint => by_channel(cx, found),
        _ => vec![Group { title: LinkView::default(), rows: found.iter().map(|ix| row(cx, *ix, None, false)).collect() }],
    }
}

/// Touchpoints by channel, those without one last.
fn by_channel(cx: &Cx<'_>, found: &[Ix]) -> Vec<Group> {
    let mut groups: BTreeMap<(bool, String), Group> = BTreeMap::new();
    for ix in found {
        let channel = cx.node(*ix).entity.data.touchpoint().and_then(|data| data.channel).and_then(|channel| cx.follow(*ix, channel));
        let title = channel.clone().unwrap_or_else(|| LinkView { title: cx.words.get("ui.list.ungrouped"), ..LinkView::default() });
        let group = groups.entry((channel.is_none(), title.title.to_lowercase())).or_insert_with(|| Group { title, rows: Vec::new() });
        group.rows.push(row(cx, *ix, None, false));
    }
    groups.into_values().collect()
}

/// Journeys by state, those that detail another under it; of those that detail each other in a circle the first stands for them all.
fn by_state(cx: &Cx<'_>, found: &[Ix]) -> Vec<Group> {
    let mut children: BTreeMap<Ix, Vec<Ix>> = BTreeMap::new();
    let state = |ix: Ix| cx.node(ix).entity.data.journey().map(|data| data.state());
    let parent = |ix: Ix| {
        let parent = cx.node(ix).entity.data.journey()?.parent?;
        cx.handbook.follow(ix, parent).filter(|parent| state(*parent) == state(ix) && *parent != ix)
    };
    for ix in found {
        if let Some(parent) = parent(*ix) {
            children.entry(parent).or_default().push(*ix);
        }
    }
    let mut order: Vec<(Ix, bool)> = Vec::new();
    let mut placed: BTreeSet<Ix> = BTreeSet::new();
    let (tops, others): (Vec<Ix>, Vec<Ix>) = found.iter().partition(|ix| parent(**ix).is_none());
    for top in tops.iter().chain(&others) {
        let mut waiting = vec![*top];
        while let Some(ix) = waiting.pop() {
            if placed.insert(ix) {
                order.push((ix, ix != *top));
                waiting.extend(children.get(&ix).into_iter().flatten().rev());
            }
        }
    }
    let mut shown = 0;
    let group = |wanted: &State| Group {
        title: LinkView { title: cx.words.choice("journey", "state", wanted.word()), ..LinkView::default() },
        rows: order
            .iter()
            .filter(|(ix, _)| state(*ix) == Some(*wanted))
            .map(|(ix, child)| {
                shown += 1;
                row(cx, *ix, curve(cx, *ix, shown), *child)
            })
            .collect(),
    };
    State::ALL.iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

fn curve(cx: &Cx<'_>, ix: Ix, shown: usize) -> Option<CurveView> {
    let curve = (shown <= RICH).then(|| card_curve(cx, ix, &insight::journey(cx.handbook, ix)))?;
    Some(curve).filter(|curve| !curve.lines.is_empty())
}
