//! What holds for any input: places, paths, ids, and that no text becomes anything but text, links and images of the site.
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use journeybook::base::{RelPath, Source, is_id};
use journeybook::document::Document;
use journeybook::markup::{self, Destinations, Link, LinkKind, Options, Target};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

fn parse(text: &str) -> Document {
    let path = RelPath::new("content/personas/x.md").unwrap();
    Document::parse(Source::new(path, text), &RelPath::new("content").unwrap(), Options::default())
}

/// A text as each style of YAML and TOML writes it, with words between ids that are easily told apart.
fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zé👩 '\"\\\\:#&!%@{}\t]{0,12}", 1..5)
}

fn with_links(words: &[String]) -> String {
    let text = words.iter().enumerate().map(|(at, word)| format!("{word}[[id-{at}]]")).collect::<Vec<_>>().join(" ");
    format!("a{text}")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t").replace('é', "\\u00e9").replace('👩', "\\U0001F469")
}

/// Every wikilink that was read is marked where its id is written.
fn check_places(text: &str) -> Result<(), TestCaseError> {
    let document = parse(text);
    for link in document.links.iter().filter(|link| link.written.starts_with("id-")) {
        prop_assert_eq!(document.source.slice(link.span), &*link.written, "in {}", text);
    }
    Ok(())
}

proptest! {
    #[test]
    fn links_stand_where_they_are_written(words in words(), fold in any::<bool>()) {
        let text = with_links(&words);
        let wrapped = |indent: &str| if fold { text.replace("]] ", &format!("]]\n{indent}")) } else { text.clone() };
        check_places(&format!("---\ntitle: \"{}\"\n---\n", escaped(&text)))?;
        check_places(&format!("---\ntitle: \"{}\"\n---\n", escaped(&wrapped("    "))))?;
        check_places(&format!("---\ntitle: '{}'\n---\n", wrapped("  ").replace('\'', "''")))?;
        check_places(&format!("---\ntitle: |\n  {}\n---\n", wrapped("  ")))?;
        check_places(&format!("---\r\ntitle: >-\r\n    {}\r\n---\r\n", wrapped("    ").replace('\n', "\r\n")))?;
        check_places(&format!("\u{feff}---\ngoals:\n  - {{text: \"{}\"}}\n---\n", escaped(&text)))?;
        check_places(&format!("+++\ntitle = \"{}\"\n+++\n", escaped(&text)))?;
        check_places(&format!("+++\ntitle = \"\"\"\n{}\"\"\"\n+++\n", escaped(&wrapped("  "))))?;
        check_places(&format!("+++\ntitle = '''{}'''\n+++\n", wrapped("").replace('\'', "")))?;
        check_places(&format!("---\ntitle: A\n---\n{}\n", wrapped("")))?;
    }

    #[test]
    fn a_path_never_leaves_its_root(path in "[a-c./\\\\ :%é]{0,24}") {
        if let Ok(path) = RelPath::new("x/y").unwrap().join(&path) {
            prop_assert!(path.parts().all(|part| part != ".." && part != "."));
            prop_assert!(!path.as_str().starts_with('/'));
            prop_assert_eq!(RelPath::new(path.as_str()).unwrap(), path);
        }
    }

    #[test]
    fn every_entity_has_an_id_and_a_title(stem in "[^/\0\\\\]{1,20}", text in "\\PC{0,60}") {
        let Ok(path) = RelPath::new(&format!("content/personas/{stem}.md")) else { return Ok(()) };
        let document = Document::parse(Source::new(path, text), &RelPath::new("content").unwrap(), Options::default());
        for entity in &document.entities {
            prop_assert!(is_id(&entity.id), "{:?}", entity.id);
        }
    }

    #[test]
    fn no_text_becomes_anything_but_text(pieces in prop::collection::vec(prop::sample::select(HOSTILE), 1..24)) {
        let text = pieces.concat();
        let body = markup::block(&text, Options::default(), true);
        check_html(&body.rich.fill(&To(&body.rich.links), 1))?;
        let field = text.replace('\r', "");
        if let Some((rich, _)) = markup::inline(&field, Options::default()) {
            check_html(&rich.fill(&To(&rich.links), 0))?;
        }
        for heading in &body.headings {
            // A section of the page alone is cut at marks and characters that are there.
            let _ = body.rich.fill_range(heading.html.clone(), &To(&body.rich.links), 2);
        }
    }
}

const HOSTILE: &[&str] = &[
    "<script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:x\">",
    "<!--",
    "-->",
    "\"",
    "'",
    "<",
    ">",
    "&",
    "&lt;",
    "&#106;",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT&colon;x)",
    "[x](java\\script:x)",
    "![x](javascript:x)",
    "![\"><script>](a.png)",
    "[a](b.md \"\\\" onclick=x\")",
    "[[x\" onclick=\"y]]",
    "[[a|<b>]]",
    "![a](https://evil.example/x.png)",
    "[![a](https://evil.example/x.png)](b.md)",
    "[a [[b]] c](d.md)",
    "<javascript:x>",
    "https://a.example/\"onclick=x",
    "www.a.example'<",
    "# x {#a\"onclick=x}",
    "## y {#b onclick=x .c}\n",
    "```js\" onclick=\"\nx\n```\n",
    "`<b>`",
    "\n\n",
    "\n",
    "> ",
    "- ",
    "- [ ] ",
    "1. ",
    "| a | b |\n|---|:-:|\n| [[c\\|d]] | `|` |\n",
    "[^1]",
    "\n[^1]: note [[x]] <i>\n\n",
    "term\n: meaning\n\n",
    "> [!NOTE]\n> x\n\n",
    "**",
    "*",
    "~~",
    "_",
    "\\",
    "[r]",
    "[r]: javascript:x\n",
    "[s]: <c d> 'e\"f'\n",
    "text ",
    "\0",
    "é",
    "\u{202e}",
    "\t",
    "    ",
    "<style>",
    "<iframe srcdoc=x>",
    "<svg onload=x>",
    "]]",
    "](",
    "{{ x }}",
    "{% x %}",
];

/// Sends every link where the handbook would: what is not allowed leads nowhere, other hosts are links, the rest is of the site.
struct To<'l>(&'l [Link]);

impl Destinations for To<'_> {
    fn target(&self, link: u32) -> Target {
        let link = &self.0[link as usize];
        match (markup::parse_address(&link.dest), link.kind) {
            (_, LinkKind::Wiki) => Target::Inside(markup::encode_path(&link.dest)),
            (Ok(markup::Address::Outside(url)), _) => Target::Outside(url),
            (Ok(markup::Address::Path { path, .. }), LinkKind::Image) => {
                Target::Image { url: markup::encode_path(&path), size: Some((1, 2)) }
            }
            (Ok(markup::Address::Path { path, .. }), _) => Target::Inside(markup::encode_path(&path)),
            (Ok(markup::Address::Here(anchor)), _) => Target::Inside(format!("#{}", markup::encode_path(&anchor))),
            (Err(_), _) => Target::Nowhere,
        }
    }

    fn label(&self, link: u32) -> String {
        format!("<label {link}>")
    }
}

const ELEMENTS: &[&str] = &[
    "html",
    "head",
    "body",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "aside",
    "pre",
    "code",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "em",
    "strong",
    "del",
    "sup",
    "sub",
    "a",
    "img",
    "br",
    "hr",
    "span",
    "section",
];
const ATTRIBUTES: &[&str] =
    &["href", "src", "alt", "title", "class", "id", "rel", "width", "height", "loading", "start", "value", "scope", "aria-label"];

fn check_html(html: &str) -> Result<(), TestCaseError> {
    let page = format!("<!doctype html><html><head></head><body>{html}</body></html>");
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    let errors: Vec<String> = dom.errors.borrow().iter().map(|error| error.to_string()).collect();
    prop_assert!(errors.is_empty(), "{:?} in {}", errors, html);
    check_node(&dom.document, html, false)
}

fn check_node(node: &Handle, html: &str, in_link: bool) -> Result<(), TestCaseError> {
    let mut inside = in_link;
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let name = &*name.local;
        prop_assert!(ELEMENTS.contains(&name), "<{}> in {}", name, html);
        prop_assert!(!(in_link && name == "a"), "a link in a link in {}", html);
        inside |= name == "a";
        for attribute in attrs.borrow().iter() {
            let key = &*attribute.name.local;
            prop_assert!(ATTRIBUTES.contains(&key), "{}= in {}", key, html);
            if key == "href" || key == "src" {
                check_address(&attribute.value, key == "src", html)?;
            }
        }
    }
    for child in node.children.borrow().iter() {
        check_node(child, html, inside)?;
    }
    Ok(())
}

fn check_address(value: &str, image: bool, html: &str) -> Result<(), TestCaseError> {
    let bare: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
    let scheme = bare.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#', '%']));
    prop_assert!(scheme.is_none_or(|scheme| ["http", "https", "mailto", "tel"].contains(&scheme)), "{} in {}", value, html);
    prop_assert!(!bare.starts_with("//"), "{} in {}", value, html);
    prop_assert!(!(image && scheme.is_some()), "an image from elsewhere in {}", html);
    Ok(())
}
