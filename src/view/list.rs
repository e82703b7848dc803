//! What many pages list: everything with a tag, everything there is.
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Cx, LinkView, Shell};
use crate::base::slug;
use crate::handbook::{Handbook, Ix};
use crate::model::Type;

/// What has a tag.
#[derive(Debug, Default)]
pub struct Tagged {
    /// The tag as it was first written.
    pub name: String,
    /// What has it, in order.
    pub entities: Vec<Ix>,
}

/// The tags of a handbook as they stand in addresses, sorted, with what has them.
pub fn tags(handbook: &Handbook) -> BTreeMap<String, Tagged> {
    let mut found: BTreeMap<String, Tagged> = BTreeMap::new();
    for ix in handbook.all() {
        for tag in handbook.node(ix).entity.common.tags.iter() {
            let slug = slug(&tag.text);
            if slug.is_empty() {
                continue;
            }
            let tagged = found.entry(slug).or_insert_with(|| Tagged { name: tag.text.to_string(), entities: Vec::new() });
            if tagged.entities.last() != Some(&ix) {
                tagged.entities.push(ix);
            }
        }
    }
    found
}

/// The page of a tag.
#[derive(Debug, Serialize)]
pub struct TagPage {
    /// The frame.
    pub shell: Shell,
    /// The heading.
    pub title: String,
    /// How many pages have it.
    pub count: String,
    /// What has it, type by type.
    pub groups: Vec<TypeGroup>,
}

/// Entities of one type.
#[derive(Debug, Serialize)]
pub struct TypeGroup {
    /// The type's overview.
    pub heading: LinkView,
    /// The type's name, for an anchor.
    pub kind: &'static str,
    /// How many there are, in words, where they are not listed.
    pub count: String,
    /// The entities in order of their titles.
    pub items: Vec<ListItem>,
}

/// An entity in a list.
#[derive(Debug, Serialize)]
pub struct ListItem {
    /// The entity.
    pub link: LinkView,
    /// One line.
    pub summary_html: String,
}

/// The page of a tag.
pub fn tag_page(cx: &Cx<'_>, tagged: &Tagged) -> TagPage {
    let title = cx.words.fmt("ui.list.tagged", &[("tag", &tagged.name)]);
    let count = cx.words.count("ui.count.pages", tagged.entities.len());
    TagPage {
        shell: Shell::new(cx, &title, &count, "p-tag").crumb(&title, String::new()),
        groups: groups(cx, tagged.entities.iter().copied()),
        title,
        count,
    }
}

/// The search page, with everything there is.
#[derive(Debug, Serialize)]
pub struct SearchPage {
    /// The frame.
    pub shell: Shell,
    /// Where the table of contents of the search index lies.
    pub index: String,
    /// Everything, type by type; where that is too much for one page, the types alone.
    pub groups: Vec<TypeGroup>,
}

/// How many pages the search page lists.
const LISTED: usize = 400;

/// The search page; `version` is the search index's.
pub fn search_page(cx: &Cx<'_>, version: &str) -> SearchPage {
    let title = cx.words.get("ui.search.title");
    let shell = Shell::new(cx, &title, "", "p-search").crumb(&title, String::new()).style(cx, "search.css").script(cx, "search.js");
    let listed = cx.handbook.all().filter(|ix| !matches!(cx.node(*ix).entity.kind, Type::Section | Type::Organisation));
    let index = format!("{}?v={version}", cx.url_to("assets/search/index.js"));
    let all = cx.handbook.entities.len() <= LISTED;
    SearchPage { shell, index, groups: if all { groups(cx, listed) } else { types(cx) } }
}

/// The types, with how many pages each has; those that have an overview to lead to.
fn types(cx: &Cx<'_>) -> Vec<TypeGroup> {
    let group = |kind: Type| {
        let heading = heading(cx, kind);
        let count = cx.handbook.of_type(kind).count();
        TypeGroup { heading, kind: kind.name(), count: cx.words.count("ui.count.pages", count), items: Vec::new() }
    };
    let full = |kind: &Type| !kind.folder().is_empty() && cx.handbook.of_type(*kind).next().is_some();
    Type::ALL.iter().copied().filter(full).map(group).collect()
}

/// Entities by type, each in order of its title; those of a type without an overview are left out of headings' links.
fn groups(cx: &Cx<'_>, entities: impl Iterator<Item = Ix>) -> Vec<TypeGroup> {
    let mut by_type: BTreeMap<Type, Vec<Ix>> = BTreeMap::new();
    for ix in entities {
        by_type.entry(cx.node(ix).entity.kind).or_default().push(ix);
    }
    let item = |ix: Ix| ListItem { link: cx.link(ix), summary_html: cx.html_or(ix, &cx.node(ix).entity.common.summary) };
    let group = |(kind, mut found): (Type, Vec<Ix>)| {
        by_title(cx, &mut found);
        TypeGroup { heading: heading(cx, kind), kind: kind.name(), count: String::new(), items: found.into_iter().map(item).collect() }
    };
    by_type.into_iter().map(group).collect()
}

/// A type's heading; a link where it has an overview.
fn heading(cx: &Cx<'_>, kind: Type) -> LinkView {
    if kind.folder().is_empty() {
        let title = cx.words.heading(kind).to_owned();
        return LinkView { title, url: String::new(), kind: kind.name() };
    }
    cx.listing_link(kind)
}

/// Sorts entities by their titles, accents and case apart.
pub(super) fn by_title(cx: &Cx<'_>, entities: &mut [Ix]) {
    entities.sort_by_cached_key(|ix| (slug(&cx.node(*ix).entity.title), *ix));
}
