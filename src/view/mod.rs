//! For each kind of page, plain data that a template may see: the theme's contract. Everything is decided here; templates only lay it
//! out. Texts whose names end in `html` are HTML already; everything else is text.
mod backlinks;
mod backlog;
mod changes;
mod coverage;
mod department;
mod entity;
mod fields;
mod framework;
mod groups;
mod home;
mod improvement;
mod journey;
mod lazy;
mod list;
mod listing;
mod metric;
mod persona;
mod pieces;
mod research;
mod review;
mod roadmap;
mod shell;
mod touchpoint;
mod trend;

use serde::Serialize;

pub use backlinks::{BackGroup, BackItem};
pub use backlog::{BacklogPage, backlog_page};
pub use changes::{ChangeMark, ChangesPage, changes_page};
pub use coverage::{CoveragePage, coverage_page};
pub use department::{DepartmentPage, department_page};
pub use entity::{Advice, EntityPage, HistoryLine, entity_page};
pub use fields::{FieldView, MapEntry, Val, field_views};
pub use framework::{FrameworkPage, framework_page};
pub use groups::{ChannelPage, PrinciplePage, SegmentPage, channel_page, principle_page, segment_page};
pub use home::{HomePage, home_page};
pub use improvement::{ImprovementPage, improvement_page};
pub use journey::{
    Band, Cell, Column, CompareView, CurveView, DifferenceRow, Flow, Item, JourneyPage, Lane, LensView, LineView, MapView, PointView,
    Sheet, journey_page,
};
pub use lazy::{Lazy, LazyData};
pub use list::{SearchPage, TagPage, Tagged, search_page, tag_page, tags};
pub use listing::{ListingPage, listing_page};
pub use metric::{MetricPage, metric_page};
pub use persona::{PersonaPage, persona_page};
pub use pieces::Feel;
pub use research::{EvidencePage, VisitPage, evidence_page, visit_page};
pub use review::{ReviewPage, review_page};
pub use roadmap::{RoadmapPage, RoadmapsPage, roadmap_page, roadmaps_page};
pub use shell::{Crumb, NavItem, Shell, TocItem};
pub use touchpoint::{TouchpointPage, touchpoint_page};

use crate::base::{Diagnostic, RelPath, Today};
use crate::handbook::{Handbook, Ix, Node, Target};
use crate::markup::{self, Destinations, encode_path, encoded};
use crate::model::{FieldLink, Owner, RawLink, Ref, Text, Type};
use crate::review::Comparison;
use crate::words::Lexicon;

/// What a view is made from: the handbook, the day, the words, and where the page lies.
#[derive(Clone, Copy)]
pub struct Cx<'h> {
    /// The handbook.
    pub handbook: &'h Handbook,
    /// What is said of it.
    pub findings: &'h Findings,
    /// The day that "stale" and "overdue" are measured against.
    pub today: Today,
    /// The words of the handbook's language.
    pub words: &'h Lexicon,
    /// Where styles and scripts lie.
    pub assets: &'h AssetPaths,
    /// What changed since an earlier revision, where the site is compared with one.
    pub changes: Option<&'h Comparison>,
    /// The page being made, relative to the site's root.
    pub page: &'h RelPath,
}

/// Where the theme's files lie, relative to the site's root. The first three are named by every page.
#[derive(Debug, Clone, Default)]
pub struct AssetPaths {
    /// The style.
    pub css: String,
    /// The script.
    pub js: String,
    /// The icon.
    pub icon: String,
    /// All of them, by their name below the theme's `assets/`.
    pub all: std::collections::BTreeMap<String, String>,
}

/// What is said of the handbook, by entity.
#[derive(Debug, Default)]
pub struct Findings {
    /// All of them, sorted by file and place.
    pub all: Vec<Diagnostic>,
    /// For each finding the entity it speaks of, if it is one.
    pub of: Vec<Option<Ix>>,
    by: Vec<Vec<u32>>,
}

impl Findings {
    /// Sorts findings, which are in order of file, to the entities they speak of.
    pub fn new(handbook: &Handbook, all: Vec<Diagnostic>) -> Findings {
        let of = handbook.entities_at(&all, |finding| (&finding.file, finding.span.start));
        let mut by = vec![Vec::new(); handbook.entities.len()];
        for (at, ix) in of.iter().enumerate() {
            if let Some(ix) = ix {
                by[ix.0 as usize].push(at as u32);
            }
        }
        Findings { all, of, by }
    }

    /// What is said of an entity.
    pub fn by_entity(&self, ix: Ix) -> impl Iterator<Item = &Diagnostic> {
        self.by.get(ix.0 as usize).into_iter().flatten().filter_map(|at| self.all.get(*at as usize))
    }
}

/// A link to a page of the handbook, or just a name.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq)]
pub struct LinkView {
    /// What it is called.
    pub title: String,
    /// Relative address; empty where there is no page.
    pub url: String,
    /// The type's name, for an icon.
    pub kind: &'static str,
}

impl<'h> Cx<'h> {
    /// The same for another page.
    pub fn at(self, page: &'h RelPath) -> Cx<'h> {
        Cx { page, ..self }
    }

    /// An entity.
    pub fn node(&self, ix: Ix) -> &'h Node {
        self.handbook.node(ix)
    }

    /// The relative address of a page or file of the site.
    pub fn url(&self, to: &RelPath) -> String {
        self.url_to(to.as_str())
    }

    /// The relative address of a page whose path is given as text, normalised.
    pub fn url_to(&self, path: &str) -> String {
        encoded(self.page.way_to(path))
    }

    /// The full address of a page or file whose path is given as text, where `book.toml` says where the site is.
    pub fn full_url(&self, path: &str) -> Option<String> {
        let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
        self.handbook.settings.base_url.as_ref().map(|base| format!("{base}{}", encode_path(folder.unwrap_or(path))))
    }

    /// A link to an entity.
    pub fn link(&self, ix: Ix) -> LinkView {
        let label = self.handbook.label(ix);
        LinkView { title: label.title.to_owned(), url: self.url_to(label.address), kind: label.kind }
    }

    /// A link to a part of an entity.
    pub fn part_link(&self, ix: Ix, part: u32) -> LinkView {
        let Some(label) = self.handbook.part_label(ix, part) else { return self.link(ix) };
        let url = [&*self.url_to(self.handbook.label(ix).address), "#", label.address].concat();
        LinkView { title: label.title.to_owned(), url, kind: label.kind }
    }

    /// A link to wherever a reference leads; none where it leads nowhere.
    pub fn target_link(&self, target: &Target) -> Option<LinkView> {
        match target {
            Target::Entity(ix) | Target::Anchor(ix, _) => Some(self.link(*ix)),
            Target::Part(ix, part) => Some(self.part_link(*ix, *part)),
            Target::Listing(kind) => Some(self.listing_link(*kind)),
            Target::File(path) => Some(LinkView { title: path.name().to_owned(), url: self.url(&self.file_path(path)), kind: "file" }),
            Target::Nowhere | Target::Hidden | Target::Outside => None,
        }
    }

    /// A link to a type's overview.
    pub fn listing_link(&self, kind: Type) -> LinkView {
        let url = self.url_to(&format!("{}/index.html", kind.folder()));
        LinkView { title: self.section_title(kind), url, kind: kind.name() }
    }

    /// What the overview of a type is called: as its introduction says, else by the type.
    pub fn section_title(&self, kind: Type) -> String {
        let section = self
            .handbook
            .section(kind)
            .map(|ix| self.node(ix))
            .filter(|node| node.entity.common.title.is_some() || node.entity.body.title.is_some());
        section.map_or_else(|| self.words.heading(kind).to_owned(), |node| node.entity.title.to_string())
    }

    /// A link to where a reference of an entity leads.
    pub fn follow<A>(&self, from: Ix, reference: Ref<A>) -> Option<LinkView> {
        self.target_link(self.node(from).of(reference))
    }

    /// Links to where references of an entity lead; those that lead nowhere are left out.
    pub fn follow_all<A: Copy + 'h>(&self, from: Ix, references: &[Ref<A>]) -> Vec<LinkView> {
        references.iter().filter_map(|reference| self.follow(from, *reference)).collect()
    }

    /// A text of an entity as HTML on this page.
    pub fn html(&self, from: Ix, text: &Text) -> String {
        text.html(&self.destinations(from))
    }

    /// The same of a text that may be absent; empty then.
    pub fn html_or(&self, from: Ix, text: &Option<Text>) -> String {
        text.as_ref().map(|text| self.html(from, text)).unwrap_or_default()
    }

    /// Where the links of an entity's texts lead from this page.
    pub fn destinations(&self, from: Ix) -> Places<'h> {
        Places { cx: *self, from }
    }

    /// Where a link in a text leads from this page.
    fn destination(&self, link: &RawLink, target: &Target) -> markup::Target {
        match target {
            Target::Nowhere | Target::Hidden => markup::Target::Nowhere,
            Target::Outside => markup::Target::Outside(link.written.trim().to_owned()),
            Target::File(path) => {
                let url = self.url(&self.file_path(path));
                match link.how {
                    FieldLink::Image => markup::Target::Image { url, size: self.handbook.images.get(path).copied() },
                    _ => markup::Target::Inside(url),
                }
            }
            Target::Anchor(ix, anchor) => markup::Target::Inside(format!("{}#{}", self.url(&self.node(*ix).url), encode_path(anchor))),
            target => self.target_link(target).map_or(markup::Target::Nowhere, |link| markup::Target::Inside(link.url)),
        }
    }

    /// What a link in a text is called where it has no words of its own.
    fn label(&self, link: &RawLink, target: &Target) -> String {
        self.target_link(target).map_or_else(|| link.written.to_string(), |link| link.title)
    }

    /// Where a file of the content folder lies in the site.
    pub fn file_path(&self, path: &RelPath) -> RelPath {
        let below = path.below(&self.handbook.settings.content).unwrap_or(path.as_str());
        RelPath::new(below).unwrap_or_else(|_| path.clone())
    }

    /// Who answers for an entity: a department as a link, or just a name.
    pub fn owner(&self, ix: Ix) -> Option<LinkView> {
        self.owner_link(ix, self.node(ix).entity.common.owner.as_ref()?)
    }

    /// An owner field as a link, or just a name.
    pub fn owner_link(&self, from: Ix, owner: &Owner) -> Option<LinkView> {
        if self.handbook.hides(from, owner.department.link) {
            return None;
        }
        let name = || LinkView { title: owner.written.to_string(), url: String::new(), kind: "" };
        Some(self.follow(from, owner.department).unwrap_or_else(name)).filter(|link| !link.title.is_empty())
    }
}

/// Where the links of one entity's texts lead from one page.
pub struct Places<'h> {
    cx: Cx<'h>,
    from: Ix,
}

impl Destinations for Places<'_> {
    fn target(&self, link: u32) -> markup::Target {
        let node = self.cx.node(self.from);
        self.cx.destination(node.link(link), node.target(link))
    }

    fn label(&self, link: u32) -> String {
        let node = self.cx.node(self.from);
        self.cx.label(node.link(link), node.target(link))
    }
}
