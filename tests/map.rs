//! The journey page's map, drawn from small handbooks: what stands in which row, how a long journey is parted, where ways lead.
use std::sync::Arc;

use html5ever::tendril::TendrilSink;
use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::Memory;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

const ANN: &str = "---\ntitle: Ann\n---\n";

/// The page of a handbook's only journey.
fn page(journey: &str, others: &[(&str, &str)]) -> String {
    let files = [("book.toml", "title = \"Small\"\n"), ("content/personas/ann.md", ANN), ("content/journeys/trip.md", journey)];
    let tree = Memory::new(files.iter().chain(others).map(|(path, text)| (RelPath::new(path).unwrap(), (*text).to_owned())));
    let handbook = Arc::new(Handbook::link(&Corpus::read(&tree).unwrap(), Scope::default(), Arc::new(History::default())));
    let today = Date::parse("2026-11-25").unwrap();
    let findings = journeybook::rules::findings(&handbook, today);
    let (theme, wrong) = Theme::load(&tree, None, lexicon(&handbook));
    assert!(wrong.is_empty());
    let site = Site::new(handbook, theme, findings, today);
    match site.render(site.find(&RelPath::new("journeys/trip.html").unwrap()).unwrap()).unwrap() {
        Page::Bytes(bytes) => String::from_utf8(bytes.into_owned()).unwrap(),
        Page::CopyOf(_) => panic!("no page"),
    }
}

/// A journey of these phases, each a list of steps in YAML's flow style.
fn journey(phases: &[&[String]]) -> String {
    let phase = |(at, steps): (usize, &&[String])| {
        let steps: String = steps.iter().map(|step| format!("      - {{{step}}}\n")).collect();
        format!("  - id: phase-{at}\n    title: Phase {at}\n    steps:\n{steps}")
    };
    let phases: String = phases.iter().enumerate().map(phase).collect();
    format!("---\ntitle: The trip\npersonas: [ann]\nphases:\n{phases}---\n\n## Two {{#s2}}\n\nThe long text of the second.\n")
}

fn steps(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|at| format!("id: s{at}, title: Step {at}, does: Something, emotion: 0.5")).collect()
}

/// The rows of the map's tables: class of the body or head, class of the row, texts of the cells, each with the columns that it spans.
fn rows(html: &str) -> Vec<Vec<Row>> {
    let document = html5ever::parse_document(RcDom::default(), Default::default()).one(html).document;
    let map = all(&document).into_iter().find(|node| attribute(node, "id").as_deref() == Some("_map")).expect("a map");
    let tables = all(&map).into_iter().filter(|node| name(node) == "table");
    let found = tables.map(|table| all(&table).into_iter().filter(|node| name(node) == "tr").map(|row| Row::of(&row)).collect());
    found.collect()
}

struct Row {
    class: String,
    cells: Vec<(usize, String)>,
}

impl Row {
    fn of(row: &Handle) -> Row {
        let cells = row.children.borrow().iter().filter(|node| matches!(&*name(node), "td" | "th")).cloned().collect::<Vec<_>>();
        let span = |cell: &Handle| attribute(cell, "colspan").map_or(1, |span| span.parse().unwrap());
        Row { class: attribute(row, "class").unwrap_or_default(), cells: cells.iter().map(|cell| (span(cell), text(cell))).collect() }
    }

    fn width(&self) -> usize {
        self.cells.iter().map(|(span, _)| span).sum()
    }
}

fn all(node: &Handle) -> Vec<Handle> {
    let mut out = vec![node.clone()];
    node.children.borrow().iter().for_each(|child| out.extend(all(child)));
    out
}

fn name(node: &Handle) -> String {
    if let NodeData::Element { name, .. } = &node.data { name.local.to_string() } else { String::new() }
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attribute| *attribute.name.local == *wanted).map(|attribute| attribute.value.to_string())
}

fn text(node: &Handle) -> String {
    let texts = all(node).into_iter().filter_map(|node| match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_row_is_as_wide_as_the_map() {
    for (one, two) in [(1, 2), (3, 12), (5, 40), (41, 41)] {
        let all = steps(1, two);
        for table in rows(&page(&journey(&[&all[..one], &all[one..]]), &[])) {
            let wide = table[0].width();
            assert!(table.iter().all(|row| row.width() == wide), "{one} and {two}");
        }
    }
}

#[test]
fn a_long_journey_is_parted_between_phases_where_it_can_be() {
    let all = steps(1, 30);
    let wide = |phases: &[&[String]]| rows(&page(&journey(phases), &[])).iter().map(|table| table[0].width() - 1).collect::<Vec<_>>();
    assert_eq!(wide(&[&all[..14]]), [14]);
    assert_eq!(wide(&[&all[..8], &all[8..15]]), [8, 7], "at the phase");
    assert_eq!(wide(&[&all[..11], &all[11..20], &all[20..30]]), [11, 9, 10], "at the phases, not evenly");
    assert_eq!(wide(&[&all[..15]]), [8, 7], "through a phase");
    assert_eq!(wide(&[&all[..1], &all[1..30]]), [10, 10, 10], "not too unevenly");
    assert!(wide(&[&steps(1, 200)]).iter().all(|columns| *columns <= 14));
}

#[test]
fn heads_and_lanes_stand_on_every_sheet_but_an_id_only_once() {
    let all = steps(1, 30);
    let html = page(&journey(&[&all]), &[]);
    let tables = rows(&html);
    for table in &tables {
        let lanes: Vec<&str> = table.iter().map(|row| &*row.cells[0].1).filter(|lane| !lane.is_empty()).collect();
        assert_eq!(lanes, ["Lanes", "Feelings +2 delighted 0 −2 awful", "Does", "Evidence"]);
        assert!(table.iter().any(|row| row.class == "p" && row.cells[1].1 == "Phase 0"));
    }
    for id in ["phase-0", "s2", "s30", "_c"] {
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    assert_eq!(html.matches("<use href=\"#_c\"/>").count(), 2, "the curve is drawn once and seen through windows");
}

#[test]
fn a_step_has_an_address_and_its_long_text_opens_there() {
    let html = page(&journey(&[&steps(1, 3)]), &[]);
    let document = html5ever::parse_document(RcDom::default(), Default::default()).one(&*html).document;
    let at = |id: &str| all(&document).into_iter().find(|node| attribute(node, "id").as_deref() == Some(id)).expect("an address");
    assert_eq!(text(&at("s2")), "2 Step 2 The long text of the second. ← 1 3 → Close");
    assert_eq!(text(&at("s1")), "", "what has no text repeats nothing");
    assert_eq!(html.matches("The long text of the second").count(), 1);
}

#[test]
fn ways_that_leave_the_line_are_drawn_and_told() {
    let ways = [
        "id: s1, title: One, next: [{to: s2}]",
        "id: s2, title: Two, next: [{to: s4, when: in a hurry}, {to: s2, when: again}]",
        "id: s3, title: Three",
        "id: s4, title: Four, next: [{to: s1, when: not this time}]",
    ]
    .map(str::to_owned);
    let html = page(&journey(&[&ways]), &[]);
    let start = html.find("<svg class=\"flow\"").expect("ways");
    let drawn = &html[start..html[start..].find("</svg></svg>").unwrap() + start];
    assert_eq!(drawn.matches(" d=\"M0 0 4 6H-4Z\"").count(), 3, "the step that comes next needs no line");
    assert_eq!(drawn.matches("class=\"b\"").count(), 2, "what leads back is dashed");
    let table = &rows(&html)[0];
    let told = table.iter().find(|row| row.cells[0].1 == "Goes on to").expect("the lane that tells them");
    assert_eq!(told.cells[2].1, "→ 4 Four : in a hurry → 2 Two : again");
}

#[test]
fn lanes_without_content_are_left_out_and_who_leads_is_said() {
    let bare = rows(&page(&journey(&[&["id: s1, title: One".to_owned()]]), &[]));
    assert!(bare[0].iter().all(|row| !["Feelings", "Does", "Pains"].contains(&&*row.cells[0].1)));
    let desk = "---\ntitle: Desk\ncustomer_contact: true\n---\n";
    let back = "---\ntitle: Kitchen\n---\n";
    let led =
        ["id: s1, title: One, lead: desk", "id: s2, title: Two, lead: kitchen, backstage: Soup", "id: s3, title: Three"].map(str::to_owned);
    let others = [("content/departments/desk.md", desk), ("content/departments/kitchen.md", back)];
    let table = &rows(&page(&journey(&[&led]), &others))[0];
    let lanes: Vec<&str> = table.iter().map(|row| &*row.cells[0].1).collect();
    let at = |lane: &str| lanes.iter().position(|name| *name == lane).unwrap_or_else(|| panic!("no {lane} in {lanes:?}"));
    assert!(at("Line of interaction") < at("Desk") && at("Desk") < at("Line of visibility"));
    assert!(at("Line of visibility") < at("Back stage") && at("Back stage") < at("Kitchen") && at("Kitchen") < at("Who leads"));
    let leads: Vec<&str> = table[at("Who leads")].cells[1..].iter().map(|(_, text)| &**text).collect();
    assert_eq!(leads, ["Desk", "Kitchen handed over", "Nobody leads"]);
}

#[test]
fn the_last_cell_of_a_row_is_as_empty_as_any_other() {
    let steps = ["id: s1, title: One, does: Something, duration: 5 min", "id: s2, title: Two"].map(str::to_owned);
    let document = html5ever::parse_document(RcDom::default(), Default::default()).one(page(&journey(&[&steps]), &[])).document;
    let map = all(&document).into_iter().find(|node| attribute(node, "id").as_deref() == Some("_map")).expect("a map");
    let bodies = all(&map).into_iter().filter(|node| name(node) == "tbody");
    let blank: Vec<Handle> = bodies.flat_map(|body| all(&body)).filter(|node| name(node) == "td" && text(node).is_empty()).collect();
    assert!(blank.len() >= 2, "nothing is said of the second step");
    assert!(blank.iter().all(|cell| cell.children.borrow().is_empty()), "a dash is drawn only where there is nothing, not even a space");
}
