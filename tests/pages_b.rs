//! Both sample handbooks, drawn in memory and read back with a browser's parser: every page is sound HTML, every link leads somewhere,
//! every field is shown and every reference is seen from both ends.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Change, Corpus, Handbook, History, Ix, Scope, Target};
use journeybook::model::{FieldLink, Kind, Record, Reflect, Type};
use journeybook::site::{Page, RouteKind, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Disk, Memory, Tree};
use journeybook::words::Lexicon;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A handbook with its pages as they are read back.
struct Drawn {
    handbook: Arc<Handbook>,
    words: Lexicon,
    texts: BTreeMap<String, String>,
    pages: BTreeMap<String, Read>,
    kinds: BTreeMap<String, RouteKind>,
}

/// What a page holds.
#[derive(Default)]
struct Read {
    ids: Vec<String>,
    headings: Vec<u8>,
    /// Links that a reader follows, and the addresses a browser loads by itself.
    links: Vec<String>,
    loads: Vec<String>,
    text: String,
    faults: Vec<String>,
    unscoped: usize,
}

fn drawn(tree: &dyn Tree, history: History) -> Drawn {
    let corpus = Corpus::read(tree).unwrap();
    let handbook = Arc::new(Handbook::link(&corpus, Scope::default(), Arc::new(history)));
    let words = lexicon(&handbook);
    let (theme, wrong) = Theme::load(tree, None, words.clone());
    assert!(wrong.is_empty(), "{wrong:?}");
    let today = Date::parse("2026-11-25").unwrap();
    let site = Site::new(handbook.clone(), theme, handbook.diagnostics.clone(), today);
    let mut out = Drawn { handbook, words, texts: BTreeMap::new(), pages: BTreeMap::new(), kinds: BTreeMap::new() };
    for route in site.routes() {
        let path = route.path.to_string();
        match site.render(route) {
            Ok(Page::Bytes(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if path.ends_with(".html") {
                    out.pages.insert(path.clone(), read(&text));
                }
                out.texts.insert(path.clone(), text);
            }
            Ok(Page::CopyOf(_)) => {}
            Err(error) => panic!("{path}: {}", error.finding.message),
        }
        out.kinds.insert(path, route.kind.clone());
    }
    out
}

fn sample(root: &str) -> Drawn {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    drawn(&Disk::new(&root).unwrap(), History::default())
}

static ENGLISH: LazyLock<Arc<Drawn>> = LazyLock::new(|| Arc::new(sample(".")));
static DUTCH: LazyLock<Arc<Drawn>> = LazyLock::new(|| Arc::new(sample("tests/handbooks/de-linde")));

// The handbook's linked form is shared between tests; nothing in it changes.
fn both() -> [(&'static str, &'static Drawn); 2] {
    [("English", &ENGLISH), ("Dutch", &DUTCH)]
}

fn read(html: &str) -> Read {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut page = Read::default();
    page.faults.extend(dom.errors.borrow().iter().map(|error| format!("not HTML: {error}")));
    walk(&dom.document, &mut page, Inside::Text);
    page.text = page.text.split_whitespace().collect::<Vec<_>>().join(" ");
    page
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Text,
    Other,
}

fn walk(node: &Handle, page: &mut Read, inside: Inside) {
    let mut inside = inside;
    match &node.data {
        NodeData::Text { contents } if inside == Inside::Text => page.text.push_str(&contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            let tag = &*name.local;
            let attributes: BTreeMap<String, String> =
                attrs.borrow().iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string())).collect();
            element(tag, &attributes, page);
            if matches!(tag, "script" | "style" | "title") {
                inside = Inside::Other;
            }
            if matches!(tag, "p" | "div" | "li" | "td" | "th" | "dt" | "dd" | "tr" | "section" | "text" | "option" | "br" | "button") {
                page.text.push(' ');
            }
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, page, inside);
    }
}

fn element(tag: &str, attributes: &BTreeMap<String, String>, page: &mut Read) {
    let get = |name: &str| attributes.get(name).cloned();
    page.ids.extend(get("id"));
    if let [b'h', level @ b'1'..=b'6'] = tag.as_bytes() {
        page.headings.push(level - b'0');
    }
    for name in attributes.keys().filter(|name| *name == "style" || name.starts_with("on")) {
        page.faults.push(format!("<{tag}> has `{name}`"));
    }
    match tag {
        "a" => page.links.extend(get("href")),
        "form" => page.loads.extend(get("action")),
        "link" if get("rel").as_deref() == Some("canonical") => {}
        "link" | "use" | "image" => page.loads.extend(get("href").or(get("xlink:href"))),
        "img" | "script" | "iframe" | "source" | "video" | "audio" | "object" | "embed" => {
            page.loads.extend(get("src").or(get("srcset")).or(get("data")))
        }
        _ => {}
    }
    if tag == "img" {
        let missing = ["alt", "width", "height"].into_iter().filter(|name| get(name).is_none());
        page.faults.extend(missing.map(|name| format!("an image without `{name}`: {attributes:?}")));
        page.text.push_str(&format!(" {} ", get("alt").unwrap_or_default()));
    }
    if tag == "style" || tag == "script" && get("src").is_none() {
        page.faults.push(format!("inline <{tag}>"));
    }
    if tag == "th" && get("scope").is_none() {
        page.unscoped += 1;
    }
}

/// The path and anchor that an address leads to from a page; none for another host.
fn resolve(page: &str, address: &str) -> Option<(String, String)> {
    let scheme = address.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if scheme || address.starts_with("//") {
        return None;
    }
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
    let path = path.split('?').next().unwrap_or_default();
    let mut parts: Vec<String> = page.split('/').map(str::to_owned).collect();
    if !path.is_empty() {
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." => assert!(parts.pop().is_some(), "{page}: {address} leads out of the site"),
                part => parts.push(decode(part)),
            }
        }
    }
    Some((parts.join("/"), decode(anchor)))
}

fn report(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_page_is_sound() {
    let mut faults = Vec::new();
    for (name, drawn) in both() {
        assert!(drawn.pages.len() > 80);
        for (path, page) in &drawn.pages {
            faults.extend(page.faults.iter().map(|fault| format!("{name} {path}: {fault}")));
            if page.headings.iter().filter(|level| **level == 1).count() != 1 || page.headings.first() != Some(&1) {
                faults.push(format!("{name} {path}: not one h1 at the top: {:?}", page.headings));
            }
            if let Some(skip) = page.headings.windows(2).find(|pair| pair[1] > pair[0] + 1) {
                faults.push(format!("{name} {path}: from h{} to h{}", skip[0], skip[1]));
            }
            if page.unscoped > 0 && matches!(drawn.kinds[path], RouteKind::Listing(_) | RouteKind::Coverage) {
                faults.push(format!("{name} {path}: {} headings of tables without scope", page.unscoped));
            }
            let mut ids = BTreeSet::new();
            faults.extend(page.ids.iter().filter(|id| !ids.insert(*id)).map(|id| format!("{name} {path}: twice id `{id}`")));
            faults.extend(
                page.text
                    .match_indices("ui.")
                    .map(|(at, _)| format!("{name} {path}: words without text: {}", &page.text[at..].chars().take(30).collect::<String>())),
            );
        }
    }
    report(faults);
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for (name, drawn) in both() {
        for (path, page) in &drawn.pages {
            let addresses = page.links.iter().map(|link| (link, true)).chain(page.loads.iter().map(|load| (load, false)));
            for (address, may_leave) in addresses {
                match resolve(path, address) {
                    None if may_leave && ["http:", "https:", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme)) => {}
                    None => faults.push(format!("{name} {path}: {address} leads to another host")),
                    Some((to, _)) if !drawn.kinds.contains_key(&to) => faults.push(format!("{name} {path}: no page {to} ({address})")),
                    Some((to, anchor)) => {
                        let known = drawn.pages.get(&to).is_none_or(|target| anchor.is_empty() || target.ids.contains(&anchor));
                        if !known && anchor.strip_prefix("i-").is_none() {
                            faults.push(format!("{name} {path}: no #{anchor} in {to}"));
                        }
                        if !known && anchor.starts_with("i-") {
                            faults.push(format!("{name} {path}: no icon {anchor}"));
                        }
                    }
                }
            }
        }
    }
    report(faults);
}

/// Where an entity is shown.
fn shown_at(drawn: &Drawn, ix: Ix) -> String {
    drawn.handbook.node(ix).url.to_string()
}

#[test]
fn every_field_is_on_its_page() {
    let mut faults = Vec::new();
    for (name, drawn) in both() {
        for ix in drawn.handbook.all() {
            let entity = &drawn.handbook.node(ix).entity;
            let path = shown_at(drawn, ix);
            let page = &drawn.pages[&path];
            let text = page.text.to_lowercase();
            for record in [&entity.common as &dyn Record, entity.data.record()] {
                let mut seen = Vec::new();
                values(drawn, ix, record, &mut seen);
                for (field, value) in seen {
                    if !text.contains(&value.to_lowercase()) && !page.links.contains(&value) {
                        faults.push(format!("{name} {path}: `{field}` is missing: {value}"));
                    }
                }
            }
        }
    }
    report(faults);
}

fn values(drawn: &Drawn, ix: Ix, record: &dyn Record, out: &mut Vec<(String, String)>) {
    for (field, value) in record.present() {
        // Drafts and audiences are the build's business; ids are anchors.
        if !matches!(field.name, "draft" | "audience" | "id") {
            value_of(drawn, ix, record.kind().name, field.name, &field.kind, &value, out);
        }
    }
}

fn value_of(drawn: &Drawn, ix: Ix, record: &str, field: &str, kind: &Kind, value: &Reflect<'_>, out: &mut Vec<(String, String)>) {
    let words = &drawn.words;
    let node = drawn.handbook.node(ix);
    let mut say = |text: String| out.push((format!("{record}.{field}"), text.split_whitespace().collect::<Vec<_>>().join(" ")));
    match value {
        Reflect::Text(text) if text.rich.as_ref().is_none_or(|rich| rich.links.is_empty()) => say(text.plain().to_owned()),
        Reflect::Claim(claim) if claim.text.rich.as_ref().is_none_or(|rich| rich.links.is_empty()) => say(claim.text.plain().to_owned()),
        // A portrait is a picture; its name is not read out.
        Reflect::Plain(_) if matches!(kind, Kind::File | Kind::WebOrFile | Kind::Web) => {}
        Reflect::Plain(text) => say((*text).to_owned()),
        Reflect::Number(number) => say(words.number(number.abs())),
        Reflect::Percent(number) => say(words.percent(*number)),
        Reflect::Date(date) => say(words.date(*date)),
        Reflect::Duration(duration) => say(words.duration(*duration)),
        Reflect::Money(money) => say(words.money(*money, &drawn.handbook.settings.currency)),
        // The state of a step is a mark; the page of a metric says which way is better in its own words.
        Reflect::Choice(word) if !matches!(field, "direction" | "moment" | "part") => say(words.choice(record, field, word)),
        Reflect::Ref(link) => match node.target(*link) {
            Target::Entity(to) | Target::Anchor(to, _) => say(drawn.handbook.node(*to).entity.title.to_string()),
            Target::Part(to, part) => say(drawn.handbook.node(*to).entity.parts[*part as usize].title.to_string()),
            _ => {}
        },
        Reflect::List(items) => items.iter().for_each(|item| value_of(drawn, ix, record, field, kind, item, out)),
        Reflect::Map(entries) => {
            for (key, value) in entries {
                // A behaviour that a visit looked for stands there in full, not by its id.
                if !(record == "visit" && matches!(value, Reflect::Choice(_))) {
                    value_of(drawn, ix, record, field, kind, key, out);
                }
                value_of(drawn, ix, record, field, kind, value, out);
            }
        }
        Reflect::Record(record) => values(drawn, ix, *record, out),
        _ => {}
    }
}

#[test]
fn every_reference_is_seen_from_both_ends() {
    let mut faults = Vec::new();
    for (name, drawn) in both() {
        let leads: BTreeMap<&String, BTreeSet<String>> = drawn
            .pages
            .iter()
            .map(|(path, page)| (path, page.links.iter().filter_map(|link| Some(resolve(path, link)?.0)).collect()))
            .collect();
        for from in drawn.handbook.all() {
            let node = drawn.handbook.node(from);
            for (number, target) in node.targets.iter().enumerate() {
                let Some(to) = target.entity().filter(|to| *to != from) else { continue };
                let (here, there) = (shown_at(drawn, from), shown_at(drawn, to));
                let link = node.link(number as u32);
                if !leads[&here].contains(&there) {
                    faults.push(format!("{name} {here}: no link to {there} (`{}`)", link.relation));
                }
                if !leads[&there].contains(&here) {
                    let how = if matches!(link.how, FieldLink::Field(_)) { "field" } else { "text" };
                    faults.push(format!("{name} {there}: no link back to {here} ({how} `{}`)", link.relation));
                }
            }
        }
    }
    report(faults);
}

/// A list of small jobs whose file names who answers for it.
const JOBS: &str = "---\ntitle: Jobs\ntype: backlog\nowner: desk\nitems:\n\
    - {id: one, title: One, problem: P, solves: trip, owner: kitchen}\n\
    - {id: two, title: Two, problem: P, solves: trip}\n\
    - {id: three, title: Three, problem: P, solves: trip, owner: Els}\n---\nSee [[two]] and [the trip](../journeys/trip.md#away).\n";

#[test]
fn who_answers_for_a_backlog_answers_for_its_items() {
    let files = [
        ("book.toml", "title = \"Jobs\"\nlanguage = \"en\"\n"),
        ("content/departments/desk.md", "---\ntitle: The desk\n---\n"),
        ("content/departments/kitchen.md", "---\ntitle: The kitchen\n---\n"),
        ("content/journeys/trip.md", "---\ntitle: Trip\nphases: [{title: Away, steps: [{title: Go}]}]\n---\n"),
        ("content/improvements/jobs.md", JOBS),
    ];
    let drawn = drawn(&memory(&files.map(|(path, text)| (path.to_owned(), text.to_owned()))), History::default());
    let named_by = |id: &str| {
        let desk = drawn.handbook.find(Type::Department, id).unwrap();
        let from = |link: &journeybook::handbook::Backlink| drawn.handbook.node(link.from).entity.id.to_string();
        drawn.handbook.node(desk).backlinks.iter().map(from).collect::<Vec<_>>()
    };
    assert_eq!((named_by("desk"), named_by("kitchen")), (vec!["two".to_owned()], vec!["one".to_owned()]));
    let links = |page: &str| drawn.pages[page].links.clone();
    assert!(links("departments/desk.html").contains(&"../improvements/two.html".to_owned()));
    assert!(links("improvements/two.html").contains(&"../departments/desk.html".to_owned()));
    assert!(!links("improvements/three.html").contains(&"../departments/desk.html".to_owned()));
    let export = &drawn.texts["handbook.json"];
    assert!(export.contains(r#"{"from":"improvement:two","relation":"owner","to":"department:desk"}"#), "{export}");
    // What the file itself says leads somewhere too, on the overview.
    let overview = links("improvements/index.html");
    assert!(overview.contains(&"two.html".to_owned()) && overview.contains(&"../journeys/trip.html#away".to_owned()), "{overview:?}");
}

#[test]
fn the_sitemap_lists_exactly_the_pages() {
    for (name, drawn) in both() {
        let text = &drawn.texts["sitemap.xml"];
        let xml = roxmltree::Document::parse(text).unwrap();
        let base = drawn.handbook.settings.base_url.clone().unwrap_or_default();
        let listed: Vec<String> = xml
            .descendants()
            .filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", "loc")))
            .map(|node| node.text().unwrap().strip_prefix(&base).unwrap().to_owned())
            .map(|path| if base.is_empty() || !(path.is_empty() || path.ends_with('/')) { path } else { format!("{path}index.html") })
            .collect();
        let no_page = |kind: &RouteKind| matches!(kind, RouteKind::Missing | RouteKind::Search | RouteKind::Redirect(_));
        let expected: Vec<String> = drawn.pages.keys().filter(|path| !no_page(&drawn.kinds[*path])).cloned().collect();
        let sorted: BTreeSet<&String> = listed.iter().collect();
        assert_eq!(sorted, expected.iter().collect(), "{name}");
        assert_eq!(listed.len(), sorted.len(), "{name}: nothing twice");
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn feed(book: &str, changes: usize) -> String {
    let mut files = vec![("book.toml".to_owned(), format!("title = \"A & <B>\"\nlanguage = \"en\"\n{book}"))];
    let mut history = History::default();
    for at in 0..changes {
        let path = format!("content/pages/p{at:02}.md");
        files.push((path.clone(), format!("---\ntitle: Page {at} & more\nsummary: About {at}\n---\nText.\n")));
        let date = Date::parse(&format!("2026-0{}-1{}", 1 + at / 10, at % 10)).unwrap();
        history.changed.insert(
            RelPath::new(&path).unwrap(),
            Change { date, subject: format!("Change <{at}>\u{1}"), commit: String::new(), author: None },
        );
    }
    let drawn = drawn(&memory(&files), history);
    drawn.texts["feed.xml"].clone()
}

fn memory(files: &[(String, String)]) -> Memory {
    Memory::new(files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes())))
}

#[test]
fn the_feed_holds_the_latest_changes() {
    for (book, id) in [("", "urn:uuid:"), ("base_url = \"https://h.example/x/\"", "https://h.example/x/")] {
        let text = feed(book, 40);
        let xml = roxmltree::Document::parse(&text).unwrap();
        let child = |node: roxmltree::Node<'_, '_>, name: &'static str| {
            node.children().find(|child| child.has_tag_name((ATOM, name))).and_then(|node| node.text().map(str::to_owned)).unwrap()
        };
        let root = xml.root_element();
        assert_eq!(child(root, "title"), "A & <B>");
        assert_eq!(child(root, "updated"), "2026-04-19T00:00:00Z");
        let entries: Vec<_> = root.children().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
        assert_eq!(entries.len(), 30);
        assert_eq!(child(entries[0], "title"), "Page 39 & more");
        assert_eq!(child(entries[0], "summary"), "Change <39> – About 39");
        assert_eq!(child(entries[29], "updated"), "2026-02-10T00:00:00Z");
        let ids: BTreeSet<String> = entries.iter().map(|entry| child(*entry, "id")).chain([child(root, "id")]).collect();
        assert_eq!(ids.len(), 31);
        assert!(ids.iter().all(|one| one.starts_with(id)), "{ids:?}");
        let again = feed(book, 41);
        assert_eq!(ids.iter().filter(|id| again.contains(&format!("<id>{id}</id>"))).count(), 30, "ids stay; the oldest drops out");
    }
}

#[test]
fn what_was_changed_together_stands_together() {
    let mut history = History::default();
    let date = Date::parse("2026-03-01").unwrap();
    for (path, commit) in [("a", "1"), ("b", "2"), ("c", "1")] {
        let change = Change { date, subject: "Fix".into(), commit: commit.into(), author: None };
        history.changed.insert(RelPath::new(&format!("content/pages/{path}.md")).unwrap(), change);
    }
    let page = |name: &str| (format!("content/pages/{name}.md"), format!("---\ntitle: {name}\n---\n"));
    let files = [("book.toml".into(), "title = \"B\"\n".into()), page("a"), page("b"), page("c")];
    let home = drawn(&memory(&files), history).texts["index.html"].clone();
    assert_eq!(home.matches("datetime=\"2026-03-01\"").count(), 2, "two commits of one subject and day");
}

#[test]
fn a_feed_without_history_is_as_of_today() {
    let text = feed("", 0);
    let xml = roxmltree::Document::parse(&text).unwrap();
    assert!(text.contains("<updated>2026-11-25T00:00:00Z</updated>"));
    assert!(!xml.descendants().any(|node| node.has_tag_name((ATOM, "entry"))));
}

#[test]
fn llms_txt_names_every_entity_but_drafts() {
    for (name, drawn) in both() {
        let text = &drawn.texts["llms.txt"];
        assert!(text.starts_with(&format!("# {}\n\n> ", drawn.handbook.settings.title)), "{name}");
        for ix in drawn.handbook.all() {
            let entity = &drawn.handbook.node(ix).entity;
            if matches!(entity.kind, Type::Organisation | Type::Section) {
                continue;
            }
            let draft = entity.common.status.is_some_and(|status| status.word() == "draft");
            let url = journeybook::markup::encode_path(drawn.handbook.node(ix).url.as_str());
            assert_eq!(text.contains(&format!("{url})")), !draft, "{name}: {url}");
        }
    }
}

#[test]
fn no_title_is_a_link_in_llms_txt() {
    let page = "---\ntitle: '\\[x\\](http://evil.example) [y](http://evil.example)'\nsummary: A\n---\n";
    let drawn =
        drawn(&memory(&[("book.toml".into(), "title = \"B\"\n".into()), ("content/pages/p.md".into(), page.into())]), History::default());
    let text = &drawn.texts["llms.txt"];
    let links: Vec<String> =
        journeybook::markup::block(text, Default::default(), true).rich.links.iter().map(|link| link.dest.to_string()).collect();
    assert!(!links.is_empty() && links.iter().all(|link| !link.contains("evil")), "{links:?} in {text}");
}

#[test]
fn the_search_page_names_everything_without_a_script() {
    for (name, drawn) in both() {
        let page = &drawn.pages["search.html"];
        for ix in drawn.handbook.all().filter(|ix| !matches!(drawn.handbook.node(*ix).entity.kind, Type::Organisation | Type::Section)) {
            assert!(page.links.contains(&journeybook::markup::encode_path(&shown_at(drawn, ix))), "{name}: {}", shown_at(drawn, ix));
        }
    }
}

/// A handbook of many personas and journeys.
fn crowd(personas: usize, journeys: usize) -> Drawn {
    let mut files = vec![("book.toml".to_owned(), "title = \"Crowd\"\nlanguage = \"en\"\n".to_owned())];
    for at in 0..personas {
        files.push((format!("content/personas/p{at}.md"), format!("---\ntitle: Person {at}\n---\n")));
    }
    for at in 0..journeys {
        let mut text = format!("---\ntitle: Journey {at}\npersonas: [p{}]\nphases:\n", at % personas);
        let _ = write!(
            text,
            "  - title: Only\n    steps:\n      - title: Go\n        emotion: 1\n      - title: Come\n        emotion: -1\n---\n"
        );
        files.push((format!("content/journeys/j{at}.md"), text));
    }
    drawn(&memory(&files), History::default())
}

#[test]
fn what_could_explode_is_a_list() {
    let small = crowd(3, 5);
    let personas = |drawn: &Drawn| {
        let text = &drawn.texts["coverage.html"];
        text.split("id=\"_personas\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap().to_owned()
    };
    assert_eq!(personas(&small).matches("mxt").count(), 1);
    let rows = personas(&small).matches("<th scope=\"row\"><a href=").count();
    assert_eq!(rows, 5, "a row leads to what it is about, its blanks with it");
    assert!(small.pages["coverage.html"].text.contains("10 blanks"));
    let big = crowd(65, 70);
    assert!(!personas(&big).contains("mxt"), "a matrix of 4,550 cells is not drawn");
    for at in 0..70 {
        assert!(big.pages["coverage.html"].links.contains(&format!("journeys/j{at}.html")), "journey {at} is listed");
        assert!(big.pages["journeys/index.html"].links.contains(&format!("j{at}.html")), "nothing is left out of the overview");
    }
    let curves = big.texts["journeys/index.html"].matches("curve--row").count();
    assert_eq!(curves, 60, "the first 60 journeys have a curve");
}

#[test]
fn the_same_handbook_gives_the_same_bytes() {
    let again = sample("tests/handbooks/de-linde");
    assert!(again.texts == DUTCH.texts);
}

/// A rule that says something new is told in English to readers of a Dutch handbook, until `src/words/told.toml` knows it.
#[test]
fn findings_are_told_in_the_handbooks_language() {
    let findings = journeybook::rules::findings(&DUTCH.handbook, Date::parse("2026-11-25").unwrap());
    assert!(findings.len() > 20);
    let words = &DUTCH.words;
    let texts = findings.iter().flat_map(|finding| [Some(&finding.message), finding.help.as_ref()]).flatten();
    report(texts.filter(|text| words.told(text) == **text).cloned().collect());
}

/// The words of a text, in small letters.
fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).collect()
}

/// What a reader sees or hears of a page: its text, and the attributes that are read out or shown.
fn said(drawn: &Drawn, path: &str) -> BTreeSet<String> {
    let attributes = ["aria-label=\"", "title=\"", "alt=\"", "data-text=\"", "placeholder=\""];
    let spoken = attributes.iter().flat_map(|name| drawn.texts[path].split(*name).skip(1)).filter_map(|rest| rest.split('"').next());
    spoken.fold(words_of(&drawn.pages[path].text), |mut all, text| {
        all.extend(words_of(text));
        all
    })
}

/// Whatever a Dutch page says comes from its authors or from the Dutch words: no word that only the English ones have.
#[test]
fn no_english_word_stays_on_a_dutch_page() {
    let all = |drawn: &Drawn| drawn.words.all().flat_map(|(_, text)| words_of(text)).collect::<BTreeSet<String>>();
    let mut ours = all(&DUTCH);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handbooks/de-linde");
    for entry in walkdir::WalkDir::new(root).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        ours.extend(words_of(&entry.path().to_string_lossy()));
        ours.extend(words_of(&String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap())));
    }
    let english: BTreeSet<String> = all(&ENGLISH).difference(&ours).cloned().collect();
    assert!(english.len() > 300 && said(&ENGLISH, "index.html").intersection(&english).count() > 20, "English words are known as such");
    let slips = DUTCH.pages.keys().flat_map(|path| {
        let slips: Vec<String> = said(&DUTCH, path).intersection(&english).cloned().collect();
        slips.into_iter().map(move |word| format!("{path}: {word}"))
    });
    report(slips.collect());
}

/// A handbook of these files, drawn.
fn small(files: &[(&str, &str)]) -> Drawn {
    let book = ("book.toml".to_owned(), "title = \"B\"\n".to_owned());
    let files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).chain([book]).collect();
    drawn(&memory(&files), History::default())
}

#[test]
fn a_personas_page_tells_that_personas_feelings() {
    let drawn = small(&[
        ("content/personas/anna.md", "---\ntitle: Anna\n---\n"),
        ("content/personas/bob.md", "---\ntitle: Bob\n---\n"),
        (
            "content/journeys/a.md",
            "---\ntitle: A\npersonas: [anna, bob]\nphases:\n  - title: All\n    steps:\n      - {title: One, emotion: {anna: -2, bob: 2}}\n      - {title: Two, emotion: {anna: 1, bob: -1}}\n      - {title: Three, emotion: {anna: 0.5, bob: 1}}\n---\n",
        ),
    ]);
    let text = &drawn.pages["personas/bob.html"].text;
    assert!(text.contains("The high point is One (+2). The low point is Two (−1)."), "{text}");
    assert!(!text.contains("−2"), "{text}");
    let text = &drawn.pages["personas/anna.html"].text;
    assert!(text.contains("The high point is Two (+1). The low point is One (−2)."), "{text}");
}

#[test]
fn the_handbooks_own_word_for_its_customers_is_text() {
    let drawn = small(&[
        ("content/index.md", "---\ntitle: O\nwhy: x\ncustomer_term: {singular: '<i>one', plural: '<script src=x></script>'}\n---\n"),
        ("content/frameworks/a.md", "---\ntitle: A\nlens: active\nphases: [{title: P, steps: [{title: S}]}]\n---\n"),
        ("content/frameworks/b.md", "---\ntitle: B\nlens: goal\nphases: [{title: P, steps: [{title: S}]}]\n---\n"),
        ("content/personas/anna.md", "---\ntitle: Anna\n---\n"),
        ("content/journeys/a.md", "---\ntitle: A\npersonas: [anna]\nphases: [{title: P, steps: [{title: S, think: [Hm]}]}]\n---\n"),
        ("content/touchpoints/t.md", "---\ntitle: T\n---\n"),
        ("content/improvements/i.md", "---\ntitle: I\nsolves: [a]\n---\n"),
    ]);
    assert!(drawn.texts["frameworks/index.html"].contains("&lt;script src=x&gt;"));
    for (path, text) in drawn.texts.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!text.contains("<script src=x>") && !text.contains("<i>one"), "{path}");
    }
}
