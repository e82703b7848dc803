//! What a build hides: it is the build of a handbook without those files.
use std::fmt::Write as _;

use journeybook::base::RelPath;
use journeybook::handbook::{Handbook, Ix, Scope, Target};
use journeybook::markup::{self, Destinations};
use proptest::prelude::*;

use crate::harness::{BASE, link};

/// Everything of a handbook that a page may be made of, as text: places in files apart, which are nobody's to see.
fn everything_shown(handbook: &Handbook) -> String {
    let mut out = String::new();
    for (at, node) in handbook.entities.iter().enumerate() {
        let shown = Shown { handbook, ix: Ix(at as u32) };
        let entity = &node.entity;
        let _ = writeln!(out, "{} {} {} {} {}", entity.kind.name(), entity.id, entity.title, node.url, node.document.source.path);
        let _ = writeln!(out, "  body: {}", entity.body.rich.fill(&Body { shown: &shown, first: entity.body_link }, 0));
        let targets: Vec<String> = node.targets.iter().map(|target| shown.named(target)).filter(|name| name != "-").collect();
        let _ = writeln!(out, "  to: {targets:?}");
        let from: Vec<_> = node.backlinks.iter().map(|back| (handbook.node(back.from).url.to_string(), back.to_part)).collect();
        let _ = writeln!(out, "  from: {from:?}");
    }
    let redirects: Vec<_> = handbook.redirects.iter().map(|redirect| (redirect.from.to_string(), redirect.to)).collect();
    let _ = writeln!(out, "files: {:?}\nredirects: {redirects:?}", handbook.files);
    out
}

struct Shown<'h> {
    handbook: &'h Handbook,
    ix: Ix,
}

impl Shown<'_> {
    /// Where a target leads, by name; nothing that is hidden and nothing that is nowhere can be told apart.
    fn named(&self, target: &Target) -> String {
        match target {
            Target::Nowhere | Target::Hidden => "-".into(),
            Target::Anchor(ix, anchor) => format!("{}#{anchor}", self.handbook.node(*ix).url),
            Target::Listing(kind) => kind.folder().into(),
            Target::File(path) => path.to_string(),
            Target::Outside => "outside".into(),
            target => self.handbook.name(target).unwrap_or_default(),
        }
    }
}

struct Body<'s, 'h> {
    shown: &'s Shown<'h>,
    first: u32,
}

impl Destinations for Body<'_, '_> {
    fn target(&self, link: u32) -> markup::Target {
        match self.shown.named(self.shown.handbook.node(self.shown.ix).target(link + self.first)).as_str() {
            "-" => markup::Target::Nowhere,
            name => markup::Target::Inside(name.to_owned()),
        }
    }

    fn label(&self, link: u32) -> String {
        let node = self.shown.handbook.node(self.shown.ix);
        let to = node.target(link + self.first).entity();
        to.map_or_else(|| node.link(link + self.first).written.to_string(), |to| self.shown.handbook.node(to).entity.title.to_string())
    }
}

fn files(texts: &[(String, String)]) -> Vec<(RelPath, Vec<u8>)> {
    let book = ("book.toml".to_owned(), "title = \"T\"\n[audiences]\nstaff = \"Staff\"\n".to_owned());
    let base = BASE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let all = base.chain([book]).chain(texts.iter().cloned());
    all.map(|(path, text)| (RelPath::new(&path).unwrap(), text.into_bytes())).collect()
}

const HIDDEN: [&str; 4] = ["audience: staff", "audience: [staff]", "draft: true", "audience: [staff]\ndraft: true"];

prop_compose! {
    /// A page, hidden or not, that speaks of what is shown and of what is hidden by others.
    fn page(at: usize)(hidden in prop::option::of(0usize..4), kind in 0usize..4, links in prop::collection::vec(0usize..12, 0..6)) -> (bool, String, String) {
        let (folder, fields) = [
            ("pages", ""),
            ("personas", "segment: guests\nevidence: survey\n"),
            ("journeys", "personas: anna\nphases:\n  - title: Begin\n    steps: [{title: Go, touchpoints: front-desk, evidence: survey}]\n"),
            ("improvements", "solves: trip/pack\nproblem: x [[anna]]\n"),
        ][kind];
        let mut body = String::new();
        for link in links {
            let _ = write!(body, "See [[anna]] or [this](../personas/bob.md), [[trip/pack]] and ![x](pic{}.png). ", link % 3);
            let _ = writeln!(body, "[[x{link}|Label]] [text](../pages/x{link}.md) [[x{link}]]\n");
        }
        let hidden = hidden.map(|at| HIDDEN[at]);
        let text = format!("---\ntitle: Page {at}\nwas: old-{at}\n{}\n{fields}---\n{body}", hidden.unwrap_or(""));
        (hidden.is_some(), format!("content/{folder}/x{at}.md"), text)
    }
}

fn pages() -> impl Strategy<Value = Vec<(bool, String, String)>> {
    (page(0), page(1), page(2), page(3), page(4), page(5)).prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

/// The text of a page with its links to these ids made plain text, as a handbook without the files would have it.
fn without_links(text: &str, ids: &[String]) -> String {
    ids.iter().fold(text.to_owned(), |text, id| {
        let text = text.replace(&format!("[[{id}|Label]]"), "Label").replace(&format!("[[{id}]]"), id);
        text.replace(&format!("[text](../pages/{id}.md)"), "text")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_build_is_that_of_a_handbook_without_the_hidden_files(pages in pages()) {
        let all: Vec<(String, String)> = pages.iter().map(|(_, path, text)| (path.clone(), text.clone())).collect();
        let hidden: Vec<String> = pages.iter().enumerate().filter(|(_, (hidden, ..))| *hidden).map(|(at, _)| format!("x{at}")).collect();
        let kept = pages.iter().filter(|(hidden, ..)| !hidden);
        let rest: Vec<(String, String)> = kept.map(|(_, path, text)| (path.clone(), without_links(text, &hidden))).collect();
        let public = link(&files(&all), Scope::default()).unwrap();
        let without = link(&files(&rest), Scope::default()).unwrap();
        let (public, without) = (everything_shown(&public), everything_shown(&without));
        prop_assert_eq!(public, without);
    }
}

fn linked(texts: &[(&str, &str)], scope: Scope) -> Handbook {
    let texts: Vec<(String, String)> = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    link(&files(&texts), scope).unwrap()
}

#[test]
fn hidden_pages_are_no_errors_wherever_they_are_named() {
    let texts = [
        ("content/personas/secret.md", "---\ntitle: Secret\naudience: staff\ncore_tasks: [Hide away]\nwas: former\n---\n"),
        ("content/journeys/hush.md", "---\ntitle: Hush\ndraft: true\npersonas: secret\nphases: [{title: Quiet}]\n---\n"),
        (
            "content/journeys/open.md",
            "---\ntitle: Open\nowner: secret-team\npersonas: [anna, secret, former]\nparent: hush/quiet\nphases:\n  - title: B\n    steps:\n      - {title: C, emotion: {secret: -1, anna: 1}, core_tasks: [hide-away, secret/hide-away]}\n---\n[[secret]] [[secret|her]] [[hush/quiet|then]] [x](../personas/secret.md#y) [[persona:secret]] ![x](../personas/secret.md)\n",
        ),
        ("content/departments/secret-team.md", "---\ntitle: Team\naudience: staff\n---\n"),
    ];
    let public = linked(&texts, Scope::default());
    assert!(public.diagnostics.is_empty(), "{:?}", public.diagnostics);
    let open = public.find(journeybook::model::Type::Journey, "open").unwrap();
    let shown = Shown { handbook: &public, ix: open };
    let node = public.node(open);
    let html = node.entity.body.rich.fill(&Body { shown: &shown, first: node.entity.body_link }, 0);
    assert_eq!(html, "<p>secret her then x persona:secret x</p>\n");
    let hidden = node.targets.iter().filter(|target| **target == Target::Hidden).count();
    assert_eq!(hidden, node.targets.len() - 2, "{:?}", node.targets);
    assert!(!everything_shown(&public).contains("Secret"));
    let staff = Scope { audiences: ["staff".to_owned()].into(), ..Scope::default() };
    let staff = linked(&texts, staff);
    assert!(staff.find(journeybook::model::Type::Persona, "secret").is_some());
    assert!(staff.find(journeybook::model::Type::Journey, "hush").is_none());
}

#[test]
fn a_slip_of_the_pen_shows_nobody_a_page_that_is_not_theirs() {
    for front in [
        "---\ntitle: \"Secret\naudience: staff\n---\n",
        "---\ntitle: \"Secret\naudience:\n  - staff\n---\n",
        "---\ntitle: \"Secret\ndraft: true\n---\n",
        "---\naudience: [staff\ntitle: Secret\n",
        "---\ntitle: Secret\naudience: staff\ntype: persoon\n---\n",
        "\n---\ntitle: Secret\naudience: staff\n---\n",
        "+++\ntitle = Secret\naudience = \"staff\"\n+++\n",
        "---\ntitle: Secret\naudience: {staff: x}\n---\n",
        "---\ntitle: Secret\naudience: [[staff]]\n---\n",
        "---\ntitle: Secret\ndraft: ja\n---\n",
        "---\ntitle: Secret\ndraft: yes\n---\n",
        "---\ntitle: Secret\naudience: []\naudience: staff\n---\n",
    ] {
        let public = linked(&[("content/personas/secret.md", front)], Scope::default());
        assert!(public.find(journeybook::model::Type::Persona, "secret").is_none(), "{front}");
    }
}

#[test]
fn items_of_a_backlog_are_hidden_with_it_and_one_by_one() {
    let list = |audience: &str| {
        format!(
            "---\ntype: backlog\ntitle: List\n{audience}items:\n  - {{id: one, title: One, solves: trip, problem: x}}\n  - {{id: two, title: Two, solves: trip, problem: x, audience: staff}}\n---\n[[two]]\n"
        )
    };
    let ids = |text: String| {
        let handbook = linked(&[("content/improvements/list.md", &text)], Scope::default());
        assert!(handbook.diagnostics.is_empty(), "{:?}", handbook.diagnostics);
        handbook.of_type(journeybook::model::Type::Improvement).map(|ix| handbook.node(ix).entity.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(list("")), ["faster", "one"]);
    assert_eq!(ids(list("audience: staff\n")), ["faster"]);
    assert_eq!(ids(list("draft: true\n")), ["faster"]);
}

/// What is found in a handbook as everybody sees it.
fn said(texts: &[(&str, &str)]) -> Vec<String> {
    let public = linked(texts, Scope::default());
    public.diagnostics.iter().map(|found| format!("{} {} {}", found.file, found.rule.name(), found.message)).collect()
}

#[test]
fn a_draft_that_is_none_is_told_once_though_it_is_hidden() {
    let items = "items: [{id: one, title: One, solves: trip, problem: x}]";
    let list = format!("---\ntype: backlog\ntitle: List\ndraft: soon\n{items}\n---\n");
    let item = "---\ntype: backlog\ntitle: List\nitems: [{id: two, title: Two, solves: trip, problem: x, draft: later}]\n---\n";
    let found = said(&[
        ("content/pages/a.md", "---\ntitle: A\ndraft: maybe\nnope: 1\n---\n"),
        ("content/improvements/list.md", &list),
        ("content/improvements/other.md", item),
        ("content/pages/b.md", "---\ntitle: B\ndraft: true\nnope: 1\n---\n"),
    ]);
    let wrong = |file: &str, written: &str| format!("content/{file} wrong-kind `draft` takes `true` or `false`, not `{written}`");
    assert_eq!(found, [wrong("improvements/list.md", "soon"), wrong("improvements/other.md", "later"), wrong("pages/a.md", "maybe")]);
}

#[test]
fn files_that_nobody_refers_to_are_told_beside_hidden_pages_too() {
    let page = "---\ntitle: A\naudience: staff\n---\n![x](hidden.png)\n";
    let found = said(&[("content/pages/a.md", page), ("content/pages/hidden.png", "x"), ("content/pages/unused.png", "x")]);
    assert_eq!(found, ["content/pages/unused.png unused-file no page refers to `content/pages/unused.png`"]);
}
