//! The site: the list of its routes, and `render(route) -> bytes`. `build` calls it for every route, `serve` for the one that is asked
//! for; both get the same bytes because there is one function.
mod machine;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use crate::base::{Diagnostic, RelPath, Today};
use crate::exchange;
use crate::handbook::{Handbook, Ix};
use crate::model::Type;
use crate::review::Comparison;
use crate::search::{self, Index};
use crate::theme::{RenderError, Theme};
use crate::view::{self, Cx, Findings};
use crate::words::Lexicon;

/// A site ready to be drawn, page by page.
pub struct Site {
    handbook: Arc<Handbook>,
    theme: Arc<Theme>,
    findings: Findings,
    today: Today,
    tags: BTreeMap<String, view::Tagged>,
    changes: Option<Comparison>,
    routes: Vec<Route>,
    index: OnceLock<Index>,
}

/// An address of the site.
#[derive(Debug, Clone)]
pub struct Route {
    /// Relative to the site's root.
    pub path: RelPath,
    /// What is there.
    pub kind: RouteKind,
}

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteKind {
    /// The home page.
    Home,
    /// An entity's page.
    Entity(Ix),
    /// The overview of a type.
    Listing(Type),
    /// What has to be looked at, by whom.
    Review,
    /// What changed since an earlier revision.
    Changes,
    /// What is covered and what is blank.
    Coverage,
    /// Everything with a tag.
    Tag(String),
    /// The search page.
    Search,
    /// What is shown where there is no page.
    Missing,
    /// A file of the search index, by name.
    Index(String),
    /// The handbook as data.
    Json,
    /// The list of pages for search engines.
    Sitemap,
    /// The latest changes as Atom.
    Feed,
    /// The handbook for language models.
    Llms,
    /// A former address: its number among the redirects.
    Redirect(usize),
    /// A file of the theme, by name.
    Asset(String),
    /// A file of the content folder, to be copied.
    File(RelPath),
}

/// What an address answers with.
#[derive(Debug)]
pub enum Page<'s> {
    /// These bytes.
    Bytes(Cow<'s, [u8]>),
    /// The bytes of a file of the content folder.
    CopyOf(&'s RelPath),
}

/// The words of a handbook: its language's, with its own word for its customers.
pub fn lexicon(handbook: &Handbook) -> Lexicon {
    Lexicon::new(handbook.settings.language, handbook.customer_term())
}

impl Site {
    /// The site of a handbook as of a day, in a theme, with what is said of it.
    pub fn new(handbook: Arc<Handbook>, theme: impl Into<Arc<Theme>>, findings: Vec<Diagnostic>, today: Today) -> Site {
        let theme = theme.into();
        let addresses = || {
            let tags = view::tags(&handbook);
            (routes(&handbook, &theme, &tags), tags)
        };
        let (findings, (routes, tags)) = rayon::join(|| Findings::new(&handbook, findings), addresses);
        Site { handbook, theme, findings, today, tags, changes: None, routes, index: OnceLock::new() }
    }

    /// The same site with a page of what changed since an earlier revision, and marks on the pages that did.
    pub fn comparing(mut self, changes: Comparison) -> Site {
        if let Ok(path) = RelPath::new("changes.html")
            && let Err(at) = self.routes.binary_search_by(|route| route.path.cmp(&path))
        {
            self.routes.insert(at, Route { path, kind: RouteKind::Changes });
        }
        self.changes = Some(changes);
        self
    }

    /// Every address, sorted.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The address at a path.
    pub fn find(&self, path: &RelPath) -> Option<&Route> {
        self.routes.binary_search_by(|route| route.path.cmp(path)).ok().map(|at| &self.routes[at])
    }

    /// The handbook that is shown.
    pub fn handbook(&self) -> &Handbook {
        &self.handbook
    }

    /// What is said of it, by entity.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The words of its pages.
    pub fn words(&self) -> &Lexicon {
        &self.theme.words
    }

    /// The page for an address where there is none, with links that lead on from there.
    pub fn missing(&self, at: &RelPath) -> Result<String, RenderError> {
        self.page(&self.cx(at), &RouteKind::Missing)
    }

    /// What an address answers with.
    pub fn render<'s>(&'s self, route: &'s Route) -> Result<Page<'s>, RenderError> {
        let cx = self.cx(&route.path);
        let text = match &route.kind {
            RouteKind::File(path) => return Ok(Page::CopyOf(path)),
            RouteKind::Asset(name) => {
                return Ok(Page::Bytes(
                    self.theme.assets.files.get(name).map_or(Cow::Borrowed(&[][..]), |asset| Cow::Borrowed(&asset.bytes)),
                ));
            }
            RouteKind::Index(name) => return Ok(Page::Bytes(Cow::Borrowed(self.index().file(name).as_bytes()))),
            RouteKind::Json => exchange::handbook_text(&self.handbook, self.today),
            RouteKind::Entity(ix) => self.entity(&cx, *ix)?,
            kind => self.page(&cx, kind)?,
        };
        Ok(Page::Bytes(Cow::Owned(text.into_bytes())))
    }

    /// Writes what is too large to be held in memory, piece by piece: `handbook.json`. None for all else, which is rendered.
    pub fn poured(&self, route: &Route) -> Option<impl Fn(&mut dyn Write) -> io::Result<()> + Send + Sync + use<'_>> {
        (route.kind == RouteKind::Json).then_some(|out: &mut dyn Write| exchange::write_handbook(&self.handbook, self.today, out))
    }

    /// The search index, made when the first of its files is asked for.
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.handbook, &|kind| self.theme.words.get(&format!("type.{kind}.heading"))))
    }

    fn cx<'s>(&'s self, page: &'s RelPath) -> Cx<'s> {
        Cx {
            handbook: &self.handbook,
            findings: &self.findings,
            today: self.today,
            words: &self.theme.words,
            assets: &self.theme.assets.paths,
            changes: self.changes.as_ref(),
            page,
        }
    }

    fn entity(&self, cx: &Cx<'_>, ix: Ix) -> Result<String, RenderError> {
        match self.handbook.node(ix).entity.kind {
            Type::Journey => self.own(cx, ix, "journey.html", view::journey_page(cx, ix)),
            Type::Persona => self.own(cx, ix, "persona.html", view::persona_page(cx, ix)),
            Type::Touchpoint => self.own(cx, ix, "touchpoint.html", view::touchpoint_page(cx, ix)),
            Type::Department => self.own(cx, ix, "department.html", view::department_page(cx, ix)),
            Type::Channel => self.own(cx, ix, "channel.html", view::channel_page(cx, ix)),
            Type::Segment => self.own(cx, ix, "segment.html", view::segment_page(cx, ix)),
            Type::Principle => self.own(cx, ix, "principle.html", view::principle_page(cx, ix)),
            Type::Evidence => self.own(cx, ix, "evidence.html", view::evidence_page(cx, ix)),
            Type::Visit => self.own(cx, ix, "visit.html", view::visit_page(cx, ix)),
            Type::Metric => self.own(cx, ix, "metric.html", view::metric_page(cx, ix)),
            Type::Framework => self.own(cx, ix, "framework.html", view::framework_page(cx, ix)),
            Type::Improvement => self.own(cx, ix, "improvement.html", view::improvement_page(cx, ix)),
            Type::Roadmap => self.own(cx, ix, "roadmap.html", Some(view::roadmap_page(cx, ix))),
            _ => self.plain(cx, ix),
        }
    }

    /// The page that a type has of its own; where an entity could not be read as its type, what every entity has.
    fn own(&self, cx: &Cx<'_>, ix: Ix, template: &str, page: Option<impl serde::Serialize>) -> Result<String, RenderError> {
        page.map_or_else(|| self.plain(cx, ix), |page| self.theme.render(template, &page, cx.page))
    }

    fn plain(&self, cx: &Cx<'_>, ix: Ix) -> Result<String, RenderError> {
        self.theme.render("entity.html", &PlainEntity { page: view::entity_page(cx, ix, &[]) }, cx.page)
    }

    fn page(&self, cx: &Cx<'_>, kind: &RouteKind) -> Result<String, RenderError> {
        let title = |key: &str| cx.words.get(key);
        let frame = |title: &str| Framed { shell: view::Shell::new(cx, title, "", "p-plain") };
        match kind {
            RouteKind::Redirect(at) => {
                let to = self.handbook.redirects.get(*at).map(|redirect| redirect.to);
                let mut shell = frame("").shell;
                if let Some(ix) = to {
                    shell.canonical = view::Shell::new(&cx.at(&self.handbook.node(ix).url), "", "", "").canonical;
                }
                self.theme.render("redirect.html", &Redirected { shell, target: to.map(|ix| cx.link(ix)) }, cx.page)
            }
            RouteKind::Home => self.theme.render("home.html", &view::home_page(cx), cx.page),
            RouteKind::Review => self.theme.render("review.html", &view::review_page(cx), cx.page),
            RouteKind::Listing(Type::Improvement) => self.theme.render("improvements.html", &view::backlog_page(cx), cx.page),
            RouteKind::Listing(Type::Roadmap) => self.theme.render("roadmaps.html", &view::roadmaps_page(cx), cx.page),
            RouteKind::Listing(kind) => self.theme.render("listing.html", &view::listing_page(cx, *kind), cx.page),
            RouteKind::Changes => {
                let nothing = Comparison::default();
                self.theme.render("changes.html", &view::changes_page(cx, self.changes.as_ref().unwrap_or(&nothing)), cx.page)
            }
            RouteKind::Coverage => self.theme.render("coverage.html", &view::coverage_page(cx), cx.page),
            RouteKind::Tag(tag) => {
                let empty = view::Tagged::default();
                self.theme.render("tag.html", &view::tag_page(cx, self.tags.get(tag).unwrap_or(&empty)), cx.page)
            }
            RouteKind::Search => self.theme.render("search.html", &view::search_page(cx, self.index().version()), cx.page),
            RouteKind::Sitemap => Ok(machine::sitemap(cx, &self.routes)),
            RouteKind::Feed => Ok(machine::feed(cx)),
            RouteKind::Llms => Ok(machine::llms(cx)),
            _ => self.theme.render("404.html", &frame(&title("ui.missing.title")), cx.page),
        }
    }
}

/// A page of which the template needs the frame alone.
#[derive(serde::Serialize)]
struct Framed {
    shell: view::Shell,
}

#[derive(serde::Serialize)]
struct Redirected {
    shell: view::Shell,
    target: Option<view::LinkView>,
}

#[derive(serde::Serialize)]
struct PlainEntity {
    page: view::EntityPage,
}

fn routes(handbook: &Handbook, theme: &Theme, tags: &BTreeMap<String, view::Tagged>) -> Vec<Route> {
    let mut out: Vec<Route> = Vec::new();
    let mut add = |path: &str, kind: RouteKind| out.extend(RelPath::new(path).map(|path| Route { path, kind }));
    for (path, kind) in [
        ("index.html", RouteKind::Home),
        ("review.html", RouteKind::Review),
        ("coverage.html", RouteKind::Coverage),
        ("search.html", RouteKind::Search),
        ("404.html", RouteKind::Missing),
        ("handbook.json", RouteKind::Json),
        ("sitemap.xml", RouteKind::Sitemap),
        ("feed.xml", RouteKind::Feed),
        ("llms.txt", RouteKind::Llms),
    ] {
        add(path, kind);
    }
    for kind in listings(handbook) {
        add(&format!("{}/index.html", kind.folder()), RouteKind::Listing(kind));
    }
    for tag in tags.keys() {
        add(&format!("tags/{tag}.html"), RouteKind::Tag(tag.clone()));
    }
    let entities = handbook.all().filter(|ix| !matches!(handbook.kind(*ix), Type::Organisation | Type::Section));
    out.extend(entities.map(|ix| Route { path: handbook.node(ix).url.clone(), kind: RouteKind::Entity(ix) }));
    let former = handbook.redirects.iter().enumerate();
    out.extend(former.map(|(at, redirect)| Route { path: redirect.from.clone(), kind: RouteKind::Redirect(at) }));
    let mut add = |path: &str, kind: RouteKind| out.extend(RelPath::new(path).map(|path| Route { path, kind }));
    for name in search::names(handbook) {
        add(&format!("assets/search/{name}.js"), RouteKind::Index(name));
    }
    for (name, asset) in &theme.assets.files {
        add(&asset.path, RouteKind::Asset(name.clone()));
    }
    for path in &handbook.files {
        add(path.below(&handbook.settings.content).unwrap_or(path.as_str()), RouteKind::File(path.clone()));
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out.dedup_by(|a, b| a.path == b.path);
    out
}

/// The types that have an overview: those with entities or with an introduction.
fn listings(handbook: &Handbook) -> impl Iterator<Item = Type> + '_ {
    let listed = |kind: &Type| !kind.folder().is_empty() && (handbook.of_type(*kind).next().is_some() || handbook.section(*kind).is_some());
    Type::ALL.iter().copied().filter(listed)
}
