//! What `docs/theme.md` promises to those who replace a template.
use std::sync::Arc;

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::Memory;

const TEMPLATE: &str = "{{ page.title_html|safe }}{% for field in page.fields %}
{{ field.label }}: {{ field.value|val }}; {{ field.value.is }}{% if field.value.is == 'list' %}, {{ field.value['items']|length }}, {{ field.value['items'][0]|val }}{% endif %}
{% endfor %}{{ t('ui.frame.home') }}";

const JOURNEY: &str = "---
title: Quiet *first*
personas: a
purpose: No <b>noise
open_questions: [One & two, Three]
phases: [{title: All}]
---
";

fn drawn(files: &[(&str, &str)], page: &str) -> String {
    let tree = Memory::new(files.iter().map(|(name, text)| (RelPath::new(name).unwrap(), *text)));
    let handbook = Arc::new(Handbook::link(&Corpus::read(&tree).unwrap(), Scope::default(), Arc::new(History::default())));
    let (theme, wrong) = Theme::load(&tree, handbook.settings.theme.as_ref(), lexicon(&handbook));
    assert!(wrong.is_empty(), "{wrong:?}");
    let site = Site::new(handbook, theme, Vec::new(), Date::parse("2026-11-25").unwrap());
    let Page::Bytes(bytes) = site.render(site.find(&RelPath::new(page).unwrap()).unwrap()).unwrap() else { panic!("{page} is a file") };
    String::from_utf8(bytes.into_owned()).unwrap()
}

#[test]
fn a_template_of_ones_own_walks_through_the_same_data() {
    let files = [
        ("book.toml", "title = \"B\"\ntheme = \"themes/mine\"\n"),
        ("content/personas/a.md", "---\ntitle: A\n---\n"),
        ("content/journeys/p.md", JOURNEY),
        ("themes/mine/templates/journey.html", TEMPLATE),
    ];
    let page = drawn(&files, "journeys/p.html");
    assert!(page.starts_with("Quiet <em>first</em>"), "{page}");
    assert!(page.contains("<li>One &amp; two</li><li>Three</li></ul>; list, 2, One &amp; two"), "{page}");
    assert!(page.contains("Overview") && !page.contains("<b>"), "{page}");
}

#[test]
fn a_file_of_ones_own_gets_a_name_that_changes_with_its_content() {
    let files = |style: &'static str| {
        [
            ("book.toml", "title = \"B\"\ntheme = \"mine\"\n"),
            ("content/pages/p.md", "---\ntitle: P\n---\n"),
            ("mine/assets/journeybook.css", style),
        ]
    };
    let style = |page: &str| page.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let (one, two) = (style(&drawn(&files("a{}"), "pages/p.html")), style(&drawn(&files("b{}"), "pages/p.html")));
    assert!(one != two && one.starts_with("../assets/journeybook.") && one.ends_with(".css"), "{one} {two}");
}
