//! What every page has around its own content.
use serde::Serialize;

use super::changes::change_mark;
use super::{ChangeMark, Cx, Lazy, LinkView};
use crate::handbook::Ix;
use crate::model::Type;

/// The frame of a page.
#[derive(Debug, Default, Serialize)]
pub struct Shell {
    /// Language code.
    pub lang: &'static str,
    /// The handbook's title.
    pub site: String,
    /// The page's own title.
    pub title: String,
    /// One line about it.
    pub description: String,
    /// The page's class.
    pub class: String,
    /// Full address, where `book.toml` says where the site lies.
    pub canonical: String,
    /// Relative address of the home page.
    pub home: String,
    /// Relative addresses of the style, the script and the icon.
    pub css: String,
    /// The script.
    pub js: String,
    /// The icon.
    pub icon: String,
    /// Styles that this kind of page needs besides.
    pub styles: Vec<String>,
    /// Scripts that this kind of page needs besides.
    pub scripts: Vec<String>,
    /// The feed.
    pub feed: String,
    /// The search page.
    pub search: String,
    /// The header's links.
    pub nav: Lazy<Vec<NavItem>>,
    /// The way from home to here, this page last.
    pub crumbs: Vec<Crumb>,
    /// The page's own headings.
    pub toc: Lazy<Vec<TocItem>>,
    /// The page before this one.
    pub previous: Option<LinkView>,
    /// The page after this one.
    pub next: Option<LinkView>,
    /// Where the page's file can be edited.
    pub edit: String,
    /// When it was last changed, in words.
    pub changed: String,
    /// The same for machines.
    pub changed_iso: String,
    /// What changed in this page, where the site is compared with an earlier revision.
    pub mark: Option<ChangeMark>,
    /// A line on every page, where it shows what not everybody may see.
    pub notice: String,
    /// What the page was made with, as the footer says.
    pub footer: String,
}

/// A link of the header.
#[derive(Debug, Serialize)]
pub struct NavItem {
    /// What it is called.
    pub title: String,
    /// Relative address.
    pub url: String,
    /// Whether this page is it, or lies below it.
    pub current: bool,
    /// Whether this page is exactly it.
    pub here: bool,
}

/// A step of the way from home to here.
#[derive(Debug, Serialize)]
pub struct Crumb {
    /// What it is called.
    pub title: String,
    /// Relative address; empty for this page.
    pub url: String,
}

/// A heading of the page.
#[derive(Debug, Serialize)]
pub struct TocItem {
    /// Its text.
    pub title: String,
    /// Its anchor.
    pub id: String,
    /// 2 or deeper.
    pub level: u8,
}

/// The types that the header leads to; all others are reached from the home page and from each other.
const IN_HEADER: [Type; 7] =
    [Type::Journey, Type::Persona, Type::Touchpoint, Type::Improvement, Type::Department, Type::Evidence, Type::Page];

impl Shell {
    /// The frame of a page with this title.
    pub fn new(cx: &Cx<'_>, title: &str, description: &str, class: &str) -> Shell {
        let settings = &cx.handbook.settings;
        Shell {
            lang: settings.language.code(),
            site: settings.title.clone(),
            title: title.to_owned(),
            description: description.to_owned(),
            class: class.to_owned(),
            canonical: cx.full_url(cx.page.as_str()).unwrap_or_default(),
            home: cx.url_to("index.html"),
            css: cx.url_to(&cx.assets.css),
            js: cx.url_to(&cx.assets.js),
            icon: cx.url_to(&cx.assets.icon),
            feed: cx.url_to("feed.xml"),
            search: cx.url_to("search.html"),
            nav: Lazy::new(nav(cx)),
            crumbs: vec![Crumb { title: cx.words.get("ui.frame.home"), url: cx.url_to("index.html") }],
            notice: notice(cx),
            footer: cx.words.fmt("ui.frame.made_with", &[("name", "journeybook")]),
            ..Shell::default()
        }
    }

    /// With one more step on the way from home to here.
    pub fn crumb(mut self, title: &str, url: String) -> Shell {
        self.crumbs.push(Crumb { title: title.to_owned(), url });
        self
    }

    /// With a style of the theme besides the one that every page has.
    pub fn style(mut self, cx: &Cx<'_>, name: &str) -> Shell {
        self.styles.extend(cx.assets.all.get(name).map(|path| cx.url_to(path)));
        self
    }

    /// With a script of the theme besides the one that every page has.
    pub fn script(mut self, cx: &Cx<'_>, name: &str) -> Shell {
        self.scripts.extend(cx.assets.all.get(name).map(|path| cx.url_to(path)));
        self
    }

    /// The frame of an entity's own page.
    pub fn of_entity(cx: &Cx<'_>, ix: Ix, class: &str) -> Shell {
        let node = cx.node(ix);
        let entity = &node.entity;
        let summary = entity.common.summary.as_ref().map(|text| text.plain().to_owned());
        let description = summary.unwrap_or_else(|| clipped(&entity.body.excerpt));
        let mut shell = Shell::new(cx, &entity.title, &description, class);
        if !entity.kind.folder().is_empty() {
            let listing = cx.listing_link(entity.kind);
            shell = shell.crumb(&listing.title, listing.url);
        }
        shell = shell.crumb(&entity.title, String::new());
        shell.edit = cx.handbook.settings.edit_url(&node.document.source.path).unwrap_or_default();
        if let Some(date) = crate::insight::latest_change(cx.handbook, ix) {
            shell.changed = cx.words.date(date);
            shell.changed_iso = date.to_string();
        }
        (shell.previous, shell.next) = neighbours(cx, ix);
        shell.toc = Lazy::new(toc(&entity.body.headings));
        shell.mark = change_mark(cx, ix);
        shell
    }
}

fn toc(headings: &[crate::markup::Heading]) -> Vec<TocItem> {
    let item =
        |heading: &crate::markup::Heading| TocItem { title: heading.text.to_string(), id: heading.id.to_string(), level: heading.level };
    headings.iter().filter(|heading| heading.level <= 3).map(item).collect()
}

fn neighbours(cx: &Cx<'_>, ix: Ix) -> (Option<LinkView>, Option<LinkView>) {
    let kind = cx.node(ix).entity.kind;
    let same = |ix: Ix| cx.handbook.entities.get(ix.0 as usize).is_some_and(|node| node.entity.kind == kind);
    let before = ix.0.checked_sub(1).map(Ix).filter(|ix| same(*ix));
    let after = Some(Ix(ix.0 + 1)).filter(|ix| same(*ix));
    (before.map(|ix| cx.link(ix)), after.map(|ix| cx.link(ix)))
}

fn nav(cx: &Cx<'_>) -> Vec<NavItem> {
    let item = |title: String, path: String| {
        let folder = path.strip_suffix("index.html").filter(|folder| !folder.is_empty());
        let here = cx.page.as_str() == path;
        NavItem { title, url: cx.url_to(&path), current: here || folder.is_some_and(|folder| cx.page.as_str().starts_with(folder)), here }
    };
    let mut items = vec![item(cx.words.get("ui.frame.home"), "index.html".into())];
    let listed = |kind: &&Type| cx.handbook.of_type(**kind).next().is_some();
    items.extend(IN_HEADER.iter().filter(listed).map(|kind| {
        let title = cx.words.heading(*kind).to_owned();
        item(title, format!("{}/index.html", kind.folder()))
    }));
    items.push(item(cx.words.get("ui.coverage.title"), "coverage.html".into()));
    items.push(item(cx.words.get("ui.review.title"), "review.html".into()));
    items.extend(cx.changes.map(|_| item(cx.words.get("ui.changes.title"), "changes.html".into())));
    items
}

fn notice(cx: &Cx<'_>) -> String {
    let scope = &cx.handbook.scope;
    let audiences: Vec<&str> = scope.audiences.iter().map(String::as_str).collect();
    let mut parts = Vec::new();
    if scope.everyone {
        parts.push(cx.words.get("ui.notice.everyone"));
    } else if !audiences.is_empty() {
        parts.push(cx.words.fmt("ui.notice.audience", &[("audiences", &audiences.join(", "))]));
    }
    if scope.drafts {
        parts.push(cx.words.get("ui.notice.drafts"));
    }
    parts.join(" ")
}

/// A text of at most about 160 characters, cut between words.
pub(super) fn clipped(text: &str) -> String {
    if text.chars().count() <= 160 {
        return text.to_owned();
    }
    let cut: String = text.chars().take(157).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{cut}…")
}

/// The frame of a type's overview, with what its introduction says of itself.
pub(super) fn of_section(cx: &Cx<'_>, section: Option<Ix>, title: &str, class: &str) -> Shell {
    match section {
        Some(ix) => Shell { title: title.to_owned(), previous: None, next: None, ..Shell::of_entity(cx, ix, class) },
        None => Shell::new(cx, title, "", class).crumb(title, String::new()),
    }
}
