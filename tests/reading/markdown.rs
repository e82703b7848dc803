//! Markdown as it is shown: every feature once, as HTML.
use std::fmt::Write as _;

use journeybook::base::{RelPath, Source};
use journeybook::document::{Document, Entity};
use journeybook::markup::{self, Address, Destinations, Language, Link, LinkKind, Options, RawHtml, Target};

/// Sends every link where it says, so that the HTML shows what became of it.
struct To<'l>(&'l [Link]);

impl Destinations for To<'_> {
    fn target(&self, link: u32) -> Target {
        let link = &self.0[link as usize];
        match (markup::parse_address(&link.dest), link.kind) {
            (_, LinkKind::Wiki) => Target::Inside(format!("{}.html", link.dest)),
            (Ok(Address::Outside(url)), _) => Target::Outside(url),
            (Ok(Address::Path { path, .. }), LinkKind::Image) => Target::Image { url: path, size: Some((40, 30)) },
            (Ok(Address::Path { path, .. }), _) => Target::Inside(path),
            _ => Target::Nowhere,
        }
    }

    fn label(&self, link: u32) -> String {
        format!("<title of {}>", self.0[link as usize].dest)
    }
}

fn html(text: &str, options: Options) -> String {
    let body = markup::block(text, options, true);
    let mut out = body.rich.fill(&To(&body.rich.links), 0);
    for heading in &body.headings {
        let _ = writeln!(out, "= {} #{} {:?}", heading.level, heading.id, heading.text);
    }
    out
}

#[test]
fn every_feature() {
    let mut out = String::new();
    for case in include_str!("markdown.txt").split("%%%% ").skip(1) {
        let (name, text) = case.split_once('\n').unwrap();
        let _ = writeln!(out, "#### {name}\n{}", html(text, Options::default()));
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(out) });
}

#[test]
fn the_words_of_markdown_itself_are_in_the_handbooks_language() {
    let text = "> [!NOTE]\n> x\n\n- [x] y[^1]\n\n[^1]: z\n";
    let dutch = html(text, Options { language: Language::Nl, ..Options::default() });
    for word in ["Let op", "Gedaan:", "Voetnoten", "Terug naar de tekst"] {
        assert!(dutch.contains(word), "{word} in {dutch}");
    }
}

#[test]
fn raw_html_is_kept_where_the_book_says_so() {
    let kept = html("<div>\n\n<b>x</b>\n\n</div>\n", Options { html: RawHtml::Kept, ..Options::default() });
    assert_eq!(kept, "<div>\n<p><b>x</b></p>\n</div>\n");
}

/// A head without words is the head of nothing: a reader who hears the table is not told of it.
#[test]
fn an_empty_head_of_a_table_is_an_ordinary_cell() {
    let shown = html("| | Nora |\n|:-:|---|\n| Now | 2 |\n", Options::default());
    assert!(shown.contains("<tr><td></td><th scope=\"col\">Nora</th>"), "{shown}");
    assert_eq!(shown.matches("<th").count() - shown.matches("<thead").count(), 1, "{shown}");
}

fn entity(body: &str) -> std::sync::Arc<Entity> {
    let front = "title: T\npersonas: x\nphases: [{title: Go, steps: [{title: Pack}, {title: Ride}, {title: Rest}]}]";
    let source = Source::new(RelPath::new("content/journeys/t.md").unwrap(), format!("---\n{front}\n---\n{body}"));
    Document::parse(source, &RelPath::new("content").unwrap(), Options::default()).entities[0].clone()
}

fn long_text(entity: &Entity, part: u32) -> Option<String> {
    entity.part_text(part).map(|range| entity.body.rich.fill_range(range, &To(&entity.body.rich.links), 1))
}

#[test]
fn a_steps_long_text_ends_where_another_text_begins() {
    let body = "Intro [[a]]\n\n## Pack\n\nBag[^1] [[b]]\n\n### More\n\n[[c]]\n\n## Ride\n[[d]]\n\n## Other\n\n> ## Rest\n> quoted\n\n[^1]: Note [[e]]\n";
    let entity = entity(body);
    let part = |id: &str| long_text(&entity, entity.part_named(id).unwrap());
    let note = "<sup><a class=\"fnref\" href=\"#_fn-1\" id=\"_fnref-1\">1</a></sup>";
    let pack = format!(
        "<p>Bag{note} <a href=\"b.html\">&lt;title of b&gt;</a></p>\n<h4 id=\"more\">More</h4>\n\n<p><a href=\"c.html\">&lt;title of c&gt;</a></p>\n"
    );
    let trim = |text: Option<String>| text.map(|text| text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"));
    assert_eq!(trim(part("pack")), trim(Some(pack)));
    assert_eq!(trim(part("ride")).as_deref(), Some("<p><a href=\"d.html\">&lt;title of d&gt;</a></p>"));
    // A heading in a quote begins no section.
    assert_eq!(part("rest"), None);
}

#[test]
fn the_last_steps_long_text_holds_no_footnotes() {
    let entity = entity("## Pack\n\nBag[^1]\n\n[^1]: Note\n");
    let text = long_text(&entity, entity.part_named("pack").unwrap()).unwrap();
    assert!(!text.contains("footnotes"), "{text}");
    assert!(entity.body.rich.html[entity.body.notes_at..].starts_with("<section class=\"footnotes\""));
}

#[test]
fn links_belong_to_the_step_in_whose_text_they_stand() {
    let source = "---\ntitle: T\npersonas: x\nphases: [{title: Go, steps: [{title: Pack}]}]\n---\n[[a]]\n\n## Pack\n[[b]] [c][r]\n\n## Other\n[[d]]\n\n[r]: c.md\n";
    let document = Document::parse(
        Source::new(RelPath::new("content/journeys/t.md").unwrap(), source),
        &RelPath::new("content").unwrap(),
        Options::default(),
    );
    let found: Vec<(&str, Option<u32>)> = document.links.iter().filter(|l| l.relation == "body").map(|l| (&*l.written, l.part)).collect();
    assert_eq!(found, [("a", None), ("b", Some(1)), ("c.md", Some(1)), ("d", None)]);
}

#[test]
fn the_sentence_around_a_link_is_its_context() {
    let document = |text: &str| {
        Document::parse(Source::new(RelPath::new("content/a.md").unwrap(), text), &RelPath::new("content").unwrap(), Options::default())
    };
    let context = |text: &str| document(text).links[0].context.text.to_string();
    assert_eq!(context("First. We saw [[anna]] é at 10.30 h! Then more."), "We saw anna é at 10.30 h!");
    let long = format!("{} [[anna]] {}", "é".repeat(4000), "👩‍💻".repeat(4000));
    let found = context(&long);
    assert!(found.chars().count() <= 203 && found.contains("anna"), "{found}");
    let named = |text: &str| document(text).links[0].context.naming("web", "The Web");
    assert_eq!(named("The website of [[web]], *the* web."), "The website of The Web, the web.");
    assert_eq!(named("See [[web|our web page]] for web guests."), "See our web page for web guests.");
    assert_eq!(named("See [[web]], then [[desk]], then [[web]] é."), "See The Web, then desk, then The Web é.");
    let long = named(&format!("{} web [[web]] {} [[web]]", "é".repeat(180), "web ".repeat(90)));
    assert!(long.starts_with('…') && long.contains(" web The Web web ") && long.ends_with(" web …"), "{long}");
}

#[test]
fn texts_of_fields_are_inline() {
    let show = |text: &str| match markup::inline(text, Options::default()) {
        Some((rich, _)) => rich.fill(&To(&rich.links), 0),
        None => format!("plain: {text}"),
    };
    assert_eq!(show("nothing special"), "plain: nothing special");
    assert_eq!(show("# no *heading*"), "# no <em>heading</em>");
    assert_eq!(show("- no\n- list"), "- no\n- list");
    assert_eq!(show("a\n\nb"), "a<br>\nb");
    assert_eq!(show("a | b\n--|--\n1 | 2"), "a | b\n–|–\n1 | 2");
    assert_eq!(show("[x]: javascript:y"), "[x]: javascript:y");
    assert_eq!(show("`a\n- b`"), "<code>a - b</code>");
    assert_eq!(show("'s avonds"), "’s avonds");
    assert_eq!(show("<b>x</b> & y"), "x &amp; y");
}
