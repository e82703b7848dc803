//! What programs read: the sitemap, the feed of changes, and the handbook for language models.
use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Route, RouteKind};
use crate::base::Date;
use crate::handbook::Ix;
use crate::insight::latest_change;
use crate::markup::encode_path;
use crate::model::Type;
use crate::view::Cx;

/// How many changes the feed holds.
const FEED_ENTRIES: usize = 30;

/// The list of pages for search engines: all but redirects, the search page and the page for what is missing.
pub(super) fn sitemap(cx: &Cx<'_>, routes: &[Route]) -> String {
    let latest = latest_by_type(cx);
    let newest = latest.values().copied().max();
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for route in routes {
        let changed = match &route.kind {
            RouteKind::Entity(ix) => latest_change(cx.handbook, *ix),
            RouteKind::Listing(kind) => latest.get(kind).copied(),
            RouteKind::Home | RouteKind::Review | RouteKind::Coverage | RouteKind::Tag(_) => newest,
            _ => continue,
        };
        let _ = write!(out, "<url><loc>{}</loc>", xml(&address(cx, route.path.as_str())));
        if let Some(changed) = changed {
            let _ = write!(out, "<lastmod>{changed}</lastmod>");
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

/// When anything of a type was last changed.
fn latest_by_type(cx: &Cx<'_>) -> BTreeMap<Type, Date> {
    let mut latest = BTreeMap::new();
    for ix in cx.handbook.all() {
        if let Some(date) = latest_change(cx.handbook, ix) {
            let known = latest.entry(cx.node(ix).entity.kind).or_insert(date);
            *known = date.max(*known);
        }
    }
    latest
}

/// Where a page lies: in full, if `book.toml` says where the site is; else from the site's root.
fn address(cx: &Cx<'_>, path: &str) -> String {
    cx.full_url(path).unwrap_or_else(|| encode_path(path))
}

/// The latest changes as Atom: the pages that changed last, from the history of the files.
pub(super) fn feed(cx: &Cx<'_>) -> String {
    let changes = changes(cx);
    let updated = changes.first().map_or(cx.today, |(date, _)| *date);
    let title = &cx.handbook.settings.title;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n\
         <id>{}</id>\n<updated>{}</updated>\n<author><name>{}</name></author>\n<link rel=\"self\" href=\"{}\"/>\n\
         <link rel=\"alternate\" href=\"{}\"/>\n",
        cx.handbook.settings.language.code(),
        xml(title),
        xml(&feed_id(cx, "")),
        moment(updated),
        xml(title),
        xml(&address(cx, "feed.xml")),
        xml(&home(cx)),
    );
    for (date, ix) in changes {
        entry(cx, &mut out, date, ix);
    }
    out.push_str("</feed>\n");
    out
}

fn home(cx: &Cx<'_>) -> String {
    cx.handbook.settings.base_url.clone().unwrap_or_else(|| "index.html".to_owned())
}

fn entry(cx: &Cx<'_>, out: &mut String, date: Date, ix: Ix) {
    let node = cx.node(ix);
    let path = node.url.as_str();
    let change = cx.handbook.history.changed.get(&node.document.source.path);
    let subject = change.map(|change| change.subject.as_str());
    let author = change.and_then(|change| change.author.as_deref());
    let author = author.map(|name| format!("<author><name>{}</name></author>\n", xml(name))).unwrap_or_default();
    let summary = node.entity.common.summary.as_ref().map(|text| text.plain());
    let said: Vec<&str> = subject.into_iter().chain(summary).filter(|text| !text.is_empty()).collect();
    let _ = write!(
        out,
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<updated>{}</updated>\n<link href=\"{}\"/>\n{author}<summary>{}</summary>\n</entry>\n",
        xml(&node.entity.title),
        xml(&feed_id(cx, path)),
        moment(date),
        xml(&address(cx, path)),
        xml(&said.join(" – ")),
    );
}

/// The pages that changed last, newest first. Many items of one file are one change: the first of them stands for all.
fn changes(cx: &Cx<'_>) -> Vec<(Date, Ix)> {
    let mut files: BTreeMap<&str, (Date, Ix)> = BTreeMap::new();
    for ix in cx.handbook.all() {
        if let Some(date) = latest_change(cx.handbook, ix) {
            files.entry(cx.node(ix).document.source.path.as_str()).or_insert((date, ix));
        }
    }
    let mut changes: Vec<(Date, Ix)> = files.into_values().collect();
    changes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    changes.truncate(FEED_ENTRIES);
    changes
}

/// A name that stays: the page's address, or where nobody knows that, a number that follows from the handbook's title and the path.
fn feed_id(cx: &Cx<'_>, path: &str) -> String {
    if let Some(base) = &cx.handbook.settings.base_url {
        return format!("{base}{}", encode_path(path));
    }
    let hash = blake3::hash(format!("{}\n{path}", cx.handbook.settings.title).as_bytes()).to_hex();
    // The form of a UUID of version 8, which leaves the other digits to whoever makes it.
    format!("urn:uuid:{}-{}-8{}-a{}-{}", &hash[..8], &hash[8..12], &hash[12..15], &hash[15..18], &hash[18..30])
}

/// A day as Atom wants it.
fn moment(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

/// Text for XML; characters that XML has no place for are left out.
fn xml(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    crate::markup::escape(&text.chars().filter(allowed).collect::<String>())
}

/// The handbook for language models, in the form of llmstxt.org. Drafts are not in it, even where the site shows them.
pub(super) fn llms(cx: &Cx<'_>) -> String {
    let mut out = format!("# {}\n", line(&cx.handbook.settings.title));
    let about = cx.handbook.organisation().map(|ix| &cx.node(ix).entity);
    let summary = about.and_then(|about| about.common.summary.as_ref()).map(|text| line(text.plain()));
    if let Some(summary) = summary.filter(|summary| !summary.is_empty()) {
        let _ = write!(out, "\n> {summary}\n");
    }
    for kind in Type::ALL.iter().copied().filter(|kind| !kind.folder().is_empty()) {
        let rows: Vec<String> = cx.handbook.of_type(kind).filter_map(|ix| llms_row(cx, ix)).collect();
        if !rows.is_empty() {
            let _ = write!(out, "\n## {}\n\n{}", line(&cx.section_title(kind)), rows.concat());
        }
    }
    out
}

fn llms_row(cx: &Cx<'_>, ix: Ix) -> Option<String> {
    let node = cx.node(ix);
    let common = &node.entity.common;
    let draft = common.draft == Some(true) || common.status == Some(crate::model::PageStatus::Draft);
    let title = line(&node.entity.title);
    let url = address(cx, node.url.as_str());
    let summary = common.summary.as_ref().map(|text| format!(": {}", line(text.plain()))).unwrap_or_default();
    (!draft).then(|| format!("- [{title}]({url}){summary}\n"))
}

/// A text on one line, in which nothing begins a link or an element.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut out = String::with_capacity(text.len());
    for c in words.collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '[' | ']' | '<') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
