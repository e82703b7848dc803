//! The home page, the improvements, the roadmaps and the review, drawn from real folders and read again as HTML. What they should say
//! is worked out from the files by other means than the program's own.
#![allow(clippy::disallowed_methods)] // The samples are read as any program would read them, to compare.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use html5ever::tendril::TendrilSink;
use journeybook::base::{Date, Duration, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::site::{Page, RouteKind, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Disk, Memory, Tree};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

const TODAY: &str = "2026-11-25";

fn site(tree: &dyn Tree) -> Site {
    let corpus = Corpus::read(tree).unwrap();
    let handbook = Arc::new(Handbook::link(&corpus, Scope::default(), Arc::new(History::default())));
    let today = Date::parse(TODAY).unwrap();
    let findings = journeybook::rules::findings(&handbook, today);
    let (theme, wrong) = Theme::load(tree, None, lexicon(&handbook));
    assert!(wrong.is_empty(), "{wrong:?}");
    Site::new(handbook, theme, findings, today)
}

fn draw(site: &Site, path: &str) -> String {
    let route = site.find(&RelPath::new(path).unwrap()).unwrap_or_else(|| panic!("there is no {path}"));
    match site.render(route).unwrap_or_else(|error| panic!("{path}: {}", error.finding.message)) {
        Page::Bytes(bytes) => String::from_utf8(bytes.into_owned()).unwrap(),
        Page::CopyOf(_) => panic!("{path} is no page"),
    }
}

/// An element of a parsed page, and the page: a parent that is let go takes its children with it.
#[derive(Clone)]
struct Element(Handle, Handle);

impl Element {
    fn page(site: &Site, path: &str) -> Element {
        let page = html5ever::parse_document(RcDom::default(), Default::default()).one(draw(site, path)).document;
        Element(page.clone(), page)
    }

    fn name(&self) -> String {
        match &self.0.data {
            NodeData::Element { name, .. } => name.local.to_string(),
            _ => String::new(),
        }
    }

    fn get(&self, name: &str) -> Option<String> {
        match &self.0.data {
            NodeData::Element { attrs, .. } => {
                attrs.borrow().iter().find(|attr| *attr.name.local == *name).map(|attr| attr.value.to_string())
            }
            _ => None,
        }
    }

    fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    }

    fn all(&self) -> Vec<Element> {
        let mut out = Vec::new();
        let mut open = vec![self.0.clone()];
        while let Some(node) = open.pop() {
            open.extend(node.children.borrow().iter().rev().cloned());
            out.push(Element(node, self.1.clone()));
        }
        out
    }

    fn find(&self, wanted: impl Fn(&Element) -> bool) -> Vec<Element> {
        self.all().into_iter().filter(|element| wanted(element)).collect()
    }

    fn id(&self, id: &str) -> Element {
        self.find(|element| element.get("id").as_deref() == Some(id)).pop().unwrap_or_else(|| panic!("nothing has the id {id}"))
    }

    /// The section that a heading of that id names.
    fn section(&self, id: &str) -> Element {
        let named = |element: &Element| element.name() == "section" && element.get("aria-labelledby").as_deref() == Some(id);
        self.find(named).pop().unwrap_or_else(|| panic!("no section is named by {id}"))
    }

    fn links(&self) -> Vec<String> {
        self.find(|element| element.name() == "a").iter().filter_map(|link| link.get("href")).collect()
    }

    fn text(&self) -> String {
        let texts = self.all().into_iter().filter_map(|element| match &element.0.data {
            NodeData::Text { contents } => Some(contents.borrow().to_string()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A sample handbook with what its files say, read line by line.
struct Sample {
    root: PathBuf,
    site: Site,
    files: Vec<File>,
}

/// A Markdown file's place and its front matter.
struct File {
    folder: String,
    stem: String,
    front: String,
}

impl File {
    /// The value of a key at the margin.
    fn get(&self, key: &str) -> Option<&str> {
        value(&self.front, key, "")
    }

    fn id(&self) -> &str {
        self.get("id").unwrap_or(&self.stem)
    }

    fn hidden(&self) -> bool {
        self.front.contains("\naudience:") || self.get("draft") == Some("true")
    }

    fn kind(&self) -> &str {
        let kinds = [
            ("principles", "principle"),
            ("segments", "segment"),
            ("personas", "persona"),
            ("journeys", "journey"),
            ("frameworks", "framework"),
            ("touchpoints", "touchpoint"),
            ("channels", "channel"),
            ("departments", "department"),
            ("evidence", "evidence"),
            ("visits", "visit"),
            ("metrics", "metric"),
            ("improvements", "improvement"),
            ("roadmaps", "roadmap"),
        ];
        self.get("type").unwrap_or(kinds.iter().find(|(folder, _)| *folder == self.folder).map_or("page", |(_, kind)| kind))
    }

    /// The pieces of front matter that are an improvement each, with the indentation of their keys and their id.
    fn improvements(&self) -> Vec<Piece<'_>> {
        match self.get("type") {
            Some("backlog") => {
                let items = self.front.split("\n  - id: ").skip(1);
                items.map(|text| Piece { id: text.lines().next().unwrap().trim(), text, indent: "    " }).collect()
            }
            _ => vec![Piece { id: self.id(), text: &self.front, indent: "" }],
        }
    }
}

struct Piece<'f> {
    id: &'f str,
    text: &'f str,
    indent: &'static str,
}

impl Piece<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        value(self.text, key, self.indent)
    }

    fn status(&self) -> &str {
        self.get("status").unwrap_or("idea")
    }

    fn money(&self, key: &str) -> i64 {
        self.get(key).map_or(0, |sum| sum.trim_end_matches(" EUR").parse().unwrap())
    }
}

fn value<'f>(text: &'f str, key: &str, indent: &str) -> Option<&'f str> {
    let line = text.lines().find_map(|line| line.strip_prefix(indent)?.strip_prefix(key)?.strip_prefix(": "))?;
    Some(line.split(" #").next().unwrap_or(line).trim().trim_matches(['"', '\'']))
}

impl Sample {
    fn read(root: &str) -> Sample {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let tree = Disk::new(root.as_ref()).unwrap();
        let files = tree.list(&RelPath::new("content").unwrap()).files;
        let files = files.iter().filter(|path| path.as_str().ends_with(".md")).map(|path| {
            let text = std::fs::read_to_string(root.join(path.as_str())).unwrap();
            let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---")).map_or("", |(front, _)| front);
            let parts: Vec<&str> = path.as_str().split('/').collect();
            File {
                folder: if parts.len() > 2 { parts[1].to_owned() } else { String::new() },
                stem: path.stem().to_owned(),
                front: format!("\n{front}"),
            }
        });
        Sample { site: site(&tree), files: files.filter(|file| !file.hidden()).collect(), root }
    }

    fn both() -> [Sample; 2] {
        [Sample::read("."), Sample::read("tests/handbooks/de-linde")]
    }

    fn of(&self, folder: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.folder == folder && file.stem != "index")
    }

    fn improvements(&self) -> Vec<Piece<'_>> {
        self.of("improvements").flat_map(File::improvements).collect()
    }

    fn money(&self, sum: i64) -> String {
        let dutch = self.root.ends_with("de-linde");
        let digits = sum.to_string();
        let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
        if dutch { format!("€ {}", grouped.join(".")) } else { format!("€{}", grouped.join(",")) }
    }

    /// After how long a page of a type is stale: from the table in `book.toml`.
    fn review_every(&self, kind: &str) -> Duration {
        let book = std::fs::read_to_string(self.root.join("book.toml")).unwrap();
        let table = book.split("[review_every]").nth(1).unwrap().split("\n[").next().unwrap().to_owned();
        let find = |key: &str| table.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix("= \"")?.strip_suffix('"'));
        Duration::parse(find(kind).or(find("default")).unwrap()).unwrap()
    }
}

#[test]
fn every_journey_is_on_the_atlas_with_its_curve() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "index.html");
        let atlas = page.section("_atlas");
        let cards = atlas.find(|element| element.name() == "article");
        let mut seen = BTreeSet::new();
        for card in &cards {
            let url = card.links().remove(0);
            assert!(seen.insert(url.clone()), "{url} stands twice");
            let id = url.strip_prefix("journeys/").unwrap().strip_suffix(".html").unwrap();
            let file = sample.of("journeys").find(|file| file.id() == id).unwrap();
            let drawn = card.find(|element| element.has_class("curve__line") && element.get("d").is_some_and(|d| d.len() > 8));
            assert_eq!(!drawn.is_empty(), file.front.contains(" emotion:"), "the curve of {id}");
            let label = card.find(|element| element.has_class("curve"))[0].get("aria-label").unwrap();
            for end in card.find(|element| element.name() == "dl")[0].links() {
                assert!(end.starts_with(&url), "best and worst of {id} are its own steps: {end}");
            }
            assert!(drawn.is_empty() || !label.is_empty(), "{id} says nothing to those who cannot see it");
            for persona in file.get("personas").unwrap().trim_matches(['[', ']']).split(", ") {
                assert!(card.links().contains(&format!("personas/{persona}.html")), "{id} is {persona}'s");
            }
        }
        let expected: BTreeSet<String> = sample.of("journeys").map(|file| format!("journeys/{}.html", file.id())).collect();
        assert_eq!(seen, expected);
    }
}

#[test]
fn what_details_a_journey_stands_under_it_and_its_other_state_beside_it() {
    let sample = Sample::read(".");
    let page = Element::page(&sample.site, "index.html");
    let group = |url: &str| {
        let holds = |element: &Element| element.has_class("jgroup") && element.links().iter().any(|link| link == url);
        page.find(holds).remove(0)
    };
    let stay = group("journeys/business-stay.html");
    let heads = stay.find(|element| element.name() == "h3").iter().flat_map(Element::links).collect::<Vec<_>>();
    assert_eq!(heads, ["journeys/business-stay.html", "journeys/business-stay-to-be.html"], "as it is comes first");
    let below = stay.find(|element| element.name() == "h4").iter().flat_map(Element::links).collect::<Vec<_>>();
    assert_eq!(below, ["journeys/business-check-in.html"]);
}

/// What a row is found by.
fn words(row: &Element) -> Vec<String> {
    row.get("data-k").unwrap_or_default().split(' ').map(str::to_owned).collect()
}

/// Whatever has a number on the improvements' page has that of a row of the table, so that a choice narrows everything down together;
/// and each choice finds some rows, not all.
#[test]
fn choices_narrow_everything_down_together() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "improvements/index.html");
        let rows = page.section("_table").find(|element| element.get("data-k").is_some());
        let numbers: BTreeMap<String, String> = rows.iter().map(|row| (row.get("data-n").unwrap(), row.links().remove(0))).collect();
        let pieces = page.find(|element| element.get("data-n").is_some() && element.get("data-k").is_none());
        for piece in &pieces {
            let row = &numbers[&piece.get("data-n").unwrap()];
            assert!(piece.get("href").as_ref() == Some(row) || piece.links().contains(row), "{row}");
        }
        for kind in ["kcard", "pt"] {
            assert!(pieces.iter().filter(|piece| piece.has_class(kind)).count() > 10, "{kind}");
        }
        let form = page.find(|element| element.name() == "form").remove(0);
        let names: Vec<String> = form.find(|e| e.name() == "select").iter().filter_map(|select| select.get("name")).collect();
        assert_eq!(names, ["horizon", "status", "journey", "department", "owner", "channel"]);
        for option in form.find(|element| element.name() == "option").iter().filter_map(|option| option.get("value")) {
            let found = rows.iter().filter(|row| words(row).contains(&option)).count();
            assert!(option.is_empty() || (found > 0 && found < rows.len()), "{option} finds {found} of {}", rows.len());
        }
    }
}

#[test]
fn every_improvement_has_its_status_on_the_board_and_in_the_table() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "improvements/index.html");
        let rows = page.section("_table").find(|element| element.name() == "tr" && element.get("data-k").is_some());
        let in_table: BTreeMap<String, &Element> = rows.iter().map(|row| (row.links().remove(0), row)).collect();
        let items = sample.improvements();
        assert!(items.len() > 10);
        assert_eq!(rows.len(), items.len());
        for item in &items {
            let url = format!("{}.html", item.id);
            let row = in_table[&url];
            assert!(words(row).contains(&item.status().to_owned()), "{} in the table", item.id);
            let cards = page.find(|element| element.has_class("kcard") && element.links().contains(&url));
            let card: Vec<&Element> = cards.iter().filter(|card| card.find(|e| e.name() == "h4")[0].links() == [url.clone()]).collect();
            assert_eq!(card.len(), 1, "{} has one card", item.id);
            assert_eq!(card[0].get("data-n"), row.get("data-n"), "{} is narrowed down with its row", item.id);
            if item.status() != "dropped" {
                let column = page.section(&format!("_k-{}", item.status()));
                assert!(column.links().contains(&url), "{} stands in the column of its status", item.id);
            }
        }
    }
}

#[test]
fn the_totals_are_the_sums_of_the_files() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "improvements/index.html");
        let totals = page.section("_totals").text().replace('\u{a0}', " ");
        let kept: Vec<Piece<'_>> = sample.improvements().into_iter().filter(|item| item.status() != "dropped").collect();
        for key in ["budget", "spent", "benefit"] {
            let sum = sample.money(kept.iter().map(|item| item.money(key)).sum());
            assert!(totals.contains(&sum), "{key} is {sum}: {totals}");
        }
        let done = kept.iter().filter(|item| item.status() == "done").count();
        let facts = page.find(|element| element.has_class("facts"))[0].text();
        assert!(facts.contains(&format!(" {} ", kept.len() - done)) && facts.ends_with(&format!(" {done}")), "{facts}");
    }
}

#[test]
fn the_matrix_holds_every_scored_one_once_and_the_tray_the_rest() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "improvements/index.html");
        let matrix = page.find(|element| element.has_class("matrix")).remove(0);
        let (mut points, mut tray) = (matrix.links(), page.find(|element| element.has_class("tray")));
        points.sort();
        let scored = |item: &Piece<'_>| item.get("impact").is_some() && item.get("effort").is_some();
        let open = sample.improvements().into_iter().filter(|item| item.status() != "dropped");
        let (with, without): (Vec<_>, Vec<_>) = open.partition(scored);
        let urls = |items: &[Piece<'_>]| {
            let mut urls: Vec<String> = items.iter().map(|item| format!("{}.html", item.id)).collect();
            urls.sort();
            urls
        };
        assert_eq!(points, urls(&with));
        let mut in_tray = tray.pop().map(|tray| tray.links()).unwrap_or_default();
        in_tray.sort();
        assert_eq!(in_tray, urls(&without));
        let places: BTreeSet<(String, String)> =
            matrix.find(|e| e.name() == "svg" && e.get("x").is_some()).iter().map(|e| (e.get("x").unwrap(), e.get("y").unwrap())).collect();
        assert_eq!(places.len(), with.len(), "no two points lie on each other");
    }
}

#[test]
fn do_next_has_no_finished_item_and_is_sorted() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "improvements/index.html");
        let next = page.section("_next").find(|element| element.name() == "li" && element.get("data-n").is_some());
        let status =
            |url: &String| sample.improvements().iter().find(|item| format!("{}.html", item.id) == *url).unwrap().status().to_owned();
        assert!(!next.is_empty() && next.len() <= 10);
        assert!(next.iter().all(|item| !matches!(&*status(&item.links()[0]), "done" | "dropped")));
        let number = |id: &str, key: &str| {
            sample
                .improvements()
                .iter()
                .find(|item| item.id == id)
                .and_then(|item| item.get(key)?.trim_end_matches('%').trim().parse::<f64>().ok())
        };
        let rice = |item: &Element| {
            let id = item.links()[0].trim_end_matches(".html").to_owned();
            Some(number(&id, "reach")? * number(&id, "impact")? * number(&id, "confidence")? / 100.0 / number(&id, "effort")?)
        };
        let scores: Vec<f64> = next.iter().map(|item| rice(item).unwrap_or(-1.0)).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    }
}

#[test]
fn an_improvements_page_shows_all_it_has() {
    let sample = Sample::read(".");
    let page = Element::page(&sample.site, "improvements/desk-lamp.html");
    let text = page.text();
    for shown in [
        "Guests carry the bedside lamp to the desk.",
        "New lamps for 62 desks",
        "Stronger bulbs in the old ones",
        "Three loose lamps at the desk, on request",
        "Quick win",
        "In progress",
        "4 of 5",
        "2 of 5",
        "5,600",
        "90%",
        "10,080",
        "€1,450",
        "€980",
        "€470 left",
        "15 June 2026",
        "31 October 2026",
        "25 days late",
        "38",
        "41",
        "Quick wins",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    let links = page.links();
    for url in [
        "../journeys/business-stay.html#work",
        "../touchpoints/desk-in-room.html",
        "../roadmaps/guest-experience.html#improvement",
        "../departments/maintenance.html",
        "../departments/housekeeping.html",
        "../metrics/nps.html",
        "../evidence/interviews-business-2026.html",
        "../principles/quiet-first.html",
        "https://tracker.example.org/zd/desk-lamp",
    ] {
        assert!(links.iter().any(|link| link == url), "{url}");
    }
    let front = std::fs::read_to_string(sample.root.join("content/journeys/business-stay.md")).unwrap();
    let emotion = front.split("id: work\n").nth(1).and_then(|step| step.split("emotion: ").nth(1)).unwrap().lines().next().unwrap();
    assert!(page.section("_solves").text().contains(&format!("+{emotion}")), "how the step feels");
}

#[test]
fn every_problem_and_result_is_told() {
    for sample in Sample::both() {
        for item in sample.improvements() {
            let text = Element::page(&sample.site, &format!("improvements/{}.html", item.id)).text();
            for key in ["problem", "result", "goal", "baseline"] {
                let Some(told) = item.get(key).filter(|told| !told.starts_with(['>', '|'])) else { continue };
                let start: String = told.chars().take_while(|c| !"[]*'\"`_()…-\\".contains(*c)).take(40).collect();
                assert!(text.contains(start.trim().trim_end_matches('\\')), "{key} of {}: {start}", item.id);
            }
        }
    }
}

#[test]
fn a_roadmap_lists_what_is_planned_in_each_phase_and_what_it_costs() {
    for sample in Sample::both() {
        for road in sample.of("roadmaps") {
            let page = Element::page(&sample.site, &format!("roadmaps/{}.html", road.id()));
            let phases: Vec<&str> = road.front.split("\n  - id: ").skip(1).collect();
            assert_eq!(page.find(|element| element.has_class("qbar")).len(), phases.iter().filter(|phase| phase.contains("from:")).count());
            assert_eq!(page.find(|element| element.has_class("qnow")).len(), 1, "today is on the scale");
            for phase in phases {
                let id = phase.lines().next().unwrap().trim();
                let section = page.section(id);
                let wanted = |item: &&Piece<'_>| item.get("phase").is_some_and(|phase| phase.rsplit('/').next() == Some(id));
                let all = sample.improvements();
                let planned: Vec<&Piece<'_>> = all.iter().filter(wanted).collect();
                let links: BTreeSet<String> =
                    section.links().into_iter().filter_map(|link| Some(link.strip_prefix("../improvements/")?.to_owned())).collect();
                assert_eq!(links, planned.iter().map(|item| format!("{}.html", item.id)).collect(), "phase {id}");
                let kept = || planned.iter().filter(|item| item.status() != "dropped");
                let text = section.text().replace('\u{a0}', " ");
                for key in ["budget", "spent"] {
                    let sum: i64 = kept().map(|item| item.money(key)).sum();
                    assert!(sum == 0 || text.contains(&sample.money(sum)), "{key} of {id} is {sum}: {text}");
                }
            }
        }
    }
}

#[test]
fn review_lists_exactly_what_is_stale() {
    for sample in Sample::both() {
        let page = Element::page(&sample.site, "review.html");
        let today = Date::parse(TODAY).unwrap();
        let mut expected = BTreeSet::new();
        for file in &sample.files {
            let Some(reviewed) = file.get("reviewed").and_then(Date::parse) else { continue };
            let items = if file.folder == "improvements" && file.stem != "index" { file.improvements() } else { Vec::new() };
            let every = file.get("review_every").map(|every| Duration::parse(every).unwrap());
            if reviewed.plus(every.unwrap_or_else(|| sample.review_every(file.kind()))) >= today {
                continue;
            }
            match (file.stem.as_str(), items.is_empty()) {
                ("index", _) => drop(expected.insert(format!("{}/index.html", file.folder).trim_start_matches('/').to_owned())),
                (_, true) if file.kind() == "page" => drop(expected.insert(format!("pages/{}.html", file.id()))),
                (_, true) => drop(expected.insert(format!("{}/{}.html", file.folder, file.id()))),
                _ => expected.extend(items.iter().map(|item| format!("improvements/{}.html", item.id))),
            }
        }
        assert!(expected.len() > 3, "the sample has stale pages");
        let list = page.section("_stale").find(|element| element.has_class("reviewlist")).remove(0);
        let first = list.find(|element| element.name() == "li").iter().map(|line| line.links().remove(0)).collect::<BTreeSet<_>>();
        assert_eq!(first, expected);
    }
}

#[test]
fn what_is_stale_stands_with_its_owner_too() {
    let sample = Sample::read(".");
    let page = Element::page(&sample.site, "review.html");
    let by_kind = page.section("_stale").find(|element| element.name() == "li");
    for line in by_kind {
        let links = line.links();
        let owner = links.iter().find(|link| link.starts_with("departments/")).unwrap();
        let section =
            page.find(|e| e.name() == "section" && e.find(|e| e.name() == "h3").first().is_some_and(|h| h.links() == [owner.clone()]));
        assert!(section[0].links().contains(&links[0]), "{} is {owner}'s", links[0]);
    }
}

/// A small handbook in memory.
fn small(files: &[(&str, String)]) -> Site {
    let book = ("book.toml".to_owned(), "title = \"Small\"\n".to_owned());
    let files = files.iter().map(|(path, text)| (format!("content/{path}"), text.clone()));
    let tree = Memory::new(std::iter::once(book).chain(files).map(|(path, text)| (RelPath::new(&path).unwrap(), text)));
    site(&tree)
}

fn journey(title: &str, more: &str) -> String {
    format!(
        "---\ntitle: {title}\npersonas: [ann]\n{more}phases:\n  - title: One\n    steps:\n      - {{title: Go, emotion: 1}}\n      - {{title: Stay, emotion: -1}}\n---\n"
    )
}

fn ann() -> (&'static str, String) {
    ("personas/ann.md", "---\ntitle: Ann\n---\n".to_owned())
}

#[test]
fn journeys_that_detail_each_other_in_a_circle_are_not_lost() {
    let a = ("journeys/a.md", journey("A", "parent: b\n"));
    let b = ("journeys/b.md", journey("B", "parent: a\n"));
    let c = ("journeys/c.md", journey("C", "parent: c\n"));
    let site = small(&[ann(), a, b, c]);
    let cards = Element::page(&site, "index.html")
        .section("_atlas")
        .find(|element| element.name() == "article")
        .iter()
        .map(|card| card.links().remove(0))
        .collect::<BTreeSet<_>>();
    assert_eq!(cards, ["a", "b", "c"].map(|id| format!("journeys/{id}.html")).into());
    let listed = Element::page(&site, "journeys/index.html").links();
    for id in ["a", "b", "c"] {
        assert_eq!(listed.iter().filter(|url| **url == format!("{id}.html")).count(), 1, "{id} in {listed:?}");
    }
}

#[test]
fn beyond_sixty_journeys_are_plain_rows() {
    let names: Vec<String> = (0..75).map(|n| format!("journeys/j{n:02}.md")).collect();
    let mut files: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), journey("Trip", ""))).collect();
    files.push(ann());
    let atlas = Element::page(&small(&files), "index.html").section("_atlas");
    assert_eq!(atlas.find(|element| element.name() == "article").len(), 60);
    let rows = atlas.find(|element| element.has_class("rows")).remove(0);
    assert_eq!(rows.links().len(), 15);
}

#[test]
fn a_column_beyond_sixty_cards_points_to_the_table() {
    let items: String = (0..64).map(|n| format!("  - {{id: i{n:02}, title: Item {n}, solves: [trip], problem: None}}\n")).collect();
    let backlog = (
        "improvements/list.md",
        format!("---\ntitle: List\ntype: backlog\nitems:\n{items}---\nAll of it, see [[trip]] and [[nowhere]].\n"),
    );
    let site = small(&[ann(), ("journeys/trip.md", journey("The trip", "")), backlog]);
    let page = Element::page(&site, "improvements/index.html");
    let column = page.section("_k-idea");
    assert_eq!(column.find(|element| element.has_class("kcard")).len(), 60);
    assert!(column.text().ends_with("and 4 more") && column.links().last().unwrap() == "#_table");
    assert_eq!(page.section("_table").find(|element| element.get("data-k").is_some()).len(), 64);
    assert!(page.section("_intro1").links().contains(&"../journeys/trip.html".to_owned()), "links of a backlog's own text work");
    assert!(page.section("_intro1").text().contains("nowhere"));
}

#[test]
fn a_phase_without_dates_is_in_the_tray_and_an_improvement_without_phase_is_not_planned() {
    let road = ("roadmaps/road.md", "---\ntitle: Road\nphases:\n  - {id: soon, title: Soon, from: 2026-01-01, to: 2026-12-31, budget: 1000}\n  - {id: late, title: Some day}\n---\n".to_owned());
    let item = |status: &str, more: &str| format!("---\ntitle: {status}\nsolves: [trip]\nproblem: No\nstatus: {status}\n{more}---\n");
    let site = small(&[
        ann(),
        ("journeys/trip.md", journey("The trip", "")),
        road,
        ("improvements/in.md", item("committed", "phase: soon\nbudget: 1500\nspent: 250\n")),
        ("improvements/out.md", item("proposed", "")),
        ("improvements/gone.md", item("dropped", "")),
    ]);
    let page = Element::page(&site, "roadmaps/road.html");
    assert_eq!(page.find(|element| element.has_class("qbar")).len(), 1);
    assert_eq!(page.find(|element| element.has_class("tray"))[0].links(), ["road.html#late"]);
    assert!(page.section("_plan").text().contains("€500 over budget"), "{}", page.section("_plan").text());
    let spent = page.find(|element| element.has_class("qbar__s"))[0].get("width").unwrap();
    assert_eq!(spent, "25.000%");
    let all = Element::page(&site, "roadmaps/index.html");
    assert_eq!(all.section("_unplanned").links(), ["../improvements/out.html"]);
}

#[test]
fn sums_in_the_handbooks_currency_compare_however_they_are_written() {
    let money = |sums: &str| {
        let item = format!("---\ntitle: In\nsolves: [trip]\nproblem: No\n{sums}---\n");
        let site = small(&[ann(), ("journeys/trip.md", journey("The trip", "")), ("improvements/in.md", item)]);
        Element::page(&site, "improvements/in.html").section("_money")
    };
    let shares =
        |section: &Element| section.find(|element| element.has_class("meter__v")).iter().filter_map(|bar| bar.get("width")).collect();
    let within = money("budget: 12000\nspent: 9000 EUR\n");
    assert_eq!((shares(&within), within.text().contains("€3,000 left")), (vec!["75.0%".to_owned()], true), "{}", within.text());
    let over = money("budget: 9000 EUR\nspent: 12000\n");
    assert!(over.text().contains("€3,000 over budget") && !over.find(|element| element.has_class("meter--low")).is_empty());
    let other = money("budget: 12000\nspent: 9000 USD\n");
    assert_eq!((shares(&other), other.text().contains("left")), (Vec::new(), false), "{}", other.text());
}

#[test]
fn a_touchpoint_without_a_target_makes_no_score_low() {
    let meter = |first: &str, second: &str| {
        let touchpoint = |more: &str| format!("---\ntitle: Desk\n{more}---\n");
        let visit = |at: &str, score: u32| format!("---\ntitle: Visit\ndate: 2026-01-01\nscores: {{{at}: {score}}}\n---\n");
        let site = small(&[
            ("touchpoints/a.md", touchpoint(first)),
            ("touchpoints/b.md", touchpoint(second)),
            ("visits/a.md", visit("a", 90)),
            ("visits/b.md", visit("b", 50)),
        ]);
        let low = Element::page(&site, "index.html").find(|element| element.has_class("meter--low")).len();
        (draw(&site, "index.html").contains("average of 2 touchpoints"), low)
    };
    assert_eq!(meter("target: 80\n", ""), (true, 0));
    assert_eq!(meter("target: 80\n", "target: 70\n"), (true, 1));
}

#[test]
fn an_empty_handbook_has_these_pages_too() {
    let site = small(&[]);
    for path in ["index.html", "review.html"] {
        assert_eq!(Element::page(&site, path).find(|element| element.name() == "h1").len(), 1, "{path}");
    }
}

#[test]
fn what_a_file_silences_is_not_asked_to_be_reviewed() {
    let page =
        |id: &'static str, more: &str| (id, format!("---\ntitle: Old\nowner: Me\nreviewed: 2020-01-01\nreview_every: 1 year\n{more}---\n"));
    let silent = "allow: [{rule: stale, because: It never changes}]\n";
    let over = "allow: [{rule: stale, because: It never changes, until: 2021-01-01}]\n";
    let site = small(&[page("pages/a.md", ""), page("pages/b.md", silent), page("pages/c.md", over)]);
    let list = Element::page(&site, "review.html").section("_stale").find(|element| element.has_class("reviewlist")).remove(0);
    assert_eq!(list.links(), ["pages/a.html", "pages/c.html"]);
}

/// The pages of this test with all that lies on them.
fn pages(sample: &Sample) -> Vec<String> {
    let mine =
        |path: &&str| ["index.html", "review.html"].contains(path) || path.starts_with("improvements/") || path.starts_with("roadmaps/");
    let drawn = sample.site.routes().iter().filter(|route| !matches!(route.kind, RouteKind::Redirect(_)));
    drawn.map(|route| route.path.as_str()).filter(|path| path.ends_with(".html")).filter(mine).map(str::to_owned).collect()
}

#[test]
fn pages_are_sound() {
    for sample in Sample::both() {
        for path in pages(&sample) {
            let page = Element::page(&sample.site, &path);
            let all = page.all();
            let ids: Vec<String> = all.iter().filter_map(|element| element.get("id")).collect();
            let unique: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(ids.len(), unique.len(), "{path}: an id stands twice in {ids:?}");
            assert!(all.iter().all(|element| element.get("style").is_none() && !element.name().starts_with("style")), "{path}: a style");
            let main = page.id("_main");
            let levels: Vec<u32> = main.all().iter().filter_map(|e| e.name().strip_prefix('h')?.parse().ok()).collect();
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{path}");
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
            for link in main.links().iter().filter_map(|link| link.strip_prefix('#').map(str::to_owned)) {
                assert!(unique.contains(&link), "{path}: nothing has the id {link}");
            }
            for named in all.iter().filter_map(|element| element.get("aria-labelledby")) {
                assert!(unique.contains(&named), "{path}: nothing has the id {named}");
            }
            let words = main.text();
            for slip in ["ui.", "field.", "choice.", "relation.", "{n}", "{customer"] {
                assert!(!words.contains(slip), "{path}: `{slip}` on the page");
            }
        }
    }
}
