//! What no file may do: crash, hang, eat memory. Sizes are those at which anything quadratic takes minutes.
use std::time::{Duration, Instant};

use journeybook::base::{RelPath, Source};
use journeybook::document::Document;
use journeybook::handbook::Handbook;
use journeybook::markup::Options;

use crate::harness::{everything, link};

/// Far above what is needed in a build without optimisation on a busy machine; far below what a quadratic reader would take.
const PATIENCE: Duration = Duration::from_secs(60);

fn within_reason<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = run();
    println!("{what}: {:?}", start.elapsed());
    assert!(start.elapsed() < PATIENCE, "{what} took {:?}", start.elapsed());
    value
}

fn linked(what: &str, text: String) -> Handbook {
    let files = [("book.toml", "title = \"T\"\n".to_owned()), ("content/journeys/x.md", text)];
    let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.into_bytes()));
    let handbook = within_reason(what, || link(&files, everything()).unwrap());
    for finding in &handbook.diagnostics {
        let text = &handbook.documents.iter().find(|document| document.source.path == finding.file).unwrap().source.text;
        assert!(text.get(finding.span.range()).is_some(), "{what}: {finding:?}");
    }
    handbook
}

/// The findings of one text: rule and message.
fn said(what: &str, text: String) -> Vec<String> {
    linked(what, text).diagnostics.iter().map(|finding| format!("{}: {}", finding.rule.name(), finding.message)).collect()
}

fn front(fields: &str) -> String {
    format!("---\ntitle: A\n{fields}\n---\nText\n")
}

#[test]
fn front_matter_has_a_size() {
    let fits = format!("type: page\nsummary: {}", "x".repeat(256 * 1024 - 40));
    assert_eq!(said("as large as may be", front(&fits)), [""; 0]);
    let large = said("too large", front(&format!("summary: {}", "x".repeat(256 * 1024))));
    assert_eq!(large, ["file-too-large: front matter has 256 KiB; at most 256 KiB are read"]);
}

#[test]
fn front_matter_has_a_depth() {
    let deep = |text: String| said("deep", text);
    let refused = |found: Vec<String>| {
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("nested more than 32 levels deep"), "{found:?}");
    };
    refused(deep(front(&format!("x: {}1{}", "[".repeat(40), "]".repeat(40)))));
    refused(deep(front(&format!("x: {}1{}", "[".repeat(100_000), "]".repeat(100_000)))));
    refused(deep(front(&format!("x: {}1{}", "{a: ".repeat(40), "}".repeat(40)))));
    refused(deep(front(&(0..40).map(|at| format!("{}a:\n", " ".repeat(at))).collect::<String>())));
    refused(deep(front(&format!("x:\n  {}1", "- ".repeat(40)))));
    refused(deep(front(&format!("x:\n  {}1", "- ".repeat(100_000)))));
    refused(deep(format!("+++\nx = {}1{}\n+++\n", "[".repeat(40), "]".repeat(40))));
    refused(deep(format!("+++\nx = {}1{}\n+++\n", "[".repeat(100_000), "]".repeat(100_000))));
    refused(deep(format!("+++\nx = {}1{}\n+++\n", "{a=".repeat(40), "}".repeat(40))));
    refused(deep(format!("+++\na{} = 1\n+++\n", ".a".repeat(40))));
    refused(deep(format!("+++\na{} = 1\n+++\n", ".a".repeat(100_000))));
    refused(deep(format!("+++\n[a{}]\nx = 1\n+++\n", ".a".repeat(100_000))));
}

#[test]
fn thirty_levels_are_fine() {
    let found = said("thirty", front(&format!("type: page\nx: {}1{}", "[".repeat(29), "]".repeat(29))));
    assert_eq!(found, ["unknown-field: no field `x` in page"]);
}

#[test]
fn a_file_has_a_size() {
    let files = |size: usize| {
        let text = format!("---\ntitle: A\n---\n{}", "x ".repeat(size / 2));
        [("book.toml", b"title = \"T\"\n".to_vec()), ("content/pages/x.md", text.into_bytes())].map(|(p, t)| (RelPath::new(p).unwrap(), t))
    };
    let handbook = within_reason("8 MiB", || link(&files(8 * 1024 * 1024 - 20), everything()).unwrap());
    assert!(handbook.diagnostics.is_empty(), "{:?}", handbook.diagnostics);
    let handbook = link(&files(8 * 1024 * 1024 + 20), everything()).unwrap();
    assert_eq!(handbook.diagnostics[0].message, "the file has 8 MiB; at most 8 MiB are read");
    assert_eq!(&*handbook.entities[0].entity.title, "X");
}

#[test]
fn large_mappings_and_lists_are_read_in_time() {
    let many = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    linked("20,000 keys", front(&many(20_000, |at| format!("k{at}: 1\n"))));
    linked("20,000 equal keys", front(&many(20_000, |_| "same: 1\n".into())));
    linked("20,000 facts", format!("---\ntype: persona\ntitle: A\nfacts:\n{}---\n", many(20_000, |at| format!("  k{at}: 1\n"))));
    linked("20,000 tags", front(&format!("tags: [{}]", many(20_000, |at| format!("t{at}, ")))));
    linked("20,000 references", front(&format!("personas: [{}]", many(20_000, |at| format!("p{at}, ")))));
    let steps = many(12_000, |at| format!("   - {{id: s{at}}}\n"));
    linked("12,000 steps", front(&format!("personas: x\nphases:\n - id: p\n   steps:\n{steps}")));
    let steps = many(8_000, |at| format!("   - {{id: s{at}, next: s{}}}\n", at / 2 * 7 % 9000));
    linked("8,000 steps with a next", front(&format!("personas: x\nphases:\n - id: p\n   steps:\n{steps}")));
    let body = many(50_000, |at| format!("## H {{#s{}}}\n[[s{at}]]\n", at % 10_000));
    let steps = many(10_000, |at| format!("   - {{id: s{at}}}\n"));
    linked("10,000 steps with long texts", format!("---\ntitle: A\npersonas: x\nphases:\n - id: p\n   steps:\n{steps}---\n{body}"));
    linked("a long line", front(&format!("summary: \"{}\"", "[[a]] é\\u00e9 ".repeat(15_000))));
    linked("a long block", front(&format!("summary: |\n{}", "  [[a]] é\n".repeat(20_000))));
    linked("many quotes", front(&format!("summary: '{}'", "''".repeat(100_000))));
    linked("many comments", front(&"# x\n".repeat(50_000)));
    linked("many question marks", front(&"? ".repeat(100_000)));
    linked("many colons", front(&": ".repeat(100_000)));
    linked("many spaces", front(&" ".repeat(250_000)));
    linked("many ampersands", front(&"x: &".repeat(50_000)));
    linked("many tags", front(&"!x ".repeat(50_000)));
}

#[test]
fn markdown_is_read_in_time() {
    for (what, piece, count) in [
        ("quotes", ">", 100_000),
        ("quotes with spaces", "> ", 100_000),
        ("brackets", "[", 100_000),
        ("double brackets", "[[", 50_000),
        ("wikilinks", "[[a]] ", 100_000),
        ("wikilinks in wikilinks", "[[a|", 50_000),
        ("links", "[a](b.md) ", 100_000),
        ("half links", "[a](", 100_000),
        ("links in links", "[a](<b", 50_000),
        ("images", "![", 100_000),
        ("images in images", "![a](", 50_000),
        ("stars", "*", 100_000),
        ("stars and letters", "*a ", 100_000),
        ("underscores", "_a*", 100_000),
        ("tildes", "~a~~", 50_000),
        ("ticks", "`", 100_000),
        ("growing ticks", "`a``b```", 30_000),
        ("lists", "- ", 50_000),
        ("numbers", "1. ", 50_000),
        ("angles", "<", 100_000),
        ("tags", "<a ", 100_000),
        ("comments", "<!--", 50_000),
        ("comments and declarations", "<!A ", 50_000),
        ("instructions", "<?", 50_000),
        ("cdata", "<![CDATA[", 30_000),
        ("entities", "&a", 100_000),
        ("backslashes", "\\", 100_000),
        ("headings", "# a\n", 100_000),
        ("tables", "|a|b|\n|-|-|\n", 30_000),
        ("a wide table", "|", 100_000),
        ("footnotes", "[^1]", 100_000),
        ("notes", "[^1]: a\n\n", 50_000),
        ("definitions", "[a]: b\n", 100_000),
        ("definition lists", "a\n: b\n\n", 50_000),
        ("addresses", "https://a.example/ ", 100_000),
        ("addresses in one", "https://a", 100_000),
        ("www", "www.", 200_000),
        ("www and brackets", "www.a.b))))(((( ", 50_000),
        ("h and w", "hw", 500_000),
        ("apostrophes", "'s ", 100_000),
        ("dashes", "--", 100_000),
        ("lines", "a\n", 200_000),
        ("NUL", "\0", 100_000),
        ("spaces", " ", 500_000),
        ("tabs", "\t", 100_000),
        ("carriage returns", "\r", 100_000),
        ("emoji", "👩‍💻", 50_000),
    ] {
        let body = piece.repeat(count);
        linked(what, format!("---\ntype: page\ntitle: A\n---\n{body}"));
        linked(what, format!("{body}\n\n# x"));
        let text: String = body.chars().take(60_000).collect();
        linked(&format!("{what} in a text"), format!("---\ntype: page\ntitle: |\n  {}\n---\n", text.replace('\n', "\n  ")));
    }
}

#[test]
fn link_definitions_do_not_multiply() {
    let body = format!("[a]: {}\n\n{}", "x".repeat(100_000), "[a] ".repeat(10_000));
    linked("one long definition, many uses", format!("---\ntype: page\ntitle: A\n---\n{body}"));
}

#[test]
fn tables_of_visits_and_values_are_read_in_time() {
    let rows: String = (0..100_000).map(|at| format!("2026-01-0{},visit,Here {at},desk,{},,\n", at % 9 + 1, at % 100)).collect();
    let files = [
        ("book.toml", "title = \"T\"\n[data]\nvisits = \"v.csv\"\n".to_owned()),
        ("v.csv", format!("date,method,location,touchpoint,score,behaviour,result\n{rows}")),
    ];
    let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.into_bytes()));
    let handbook = within_reason("100,000 visits", || link(&files, everything()).unwrap());
    assert_eq!(handbook.entities.len(), 100_000);
    let one: String = (0..60_000).map(|at| format!("2026-01-01,visit,Here,desk{at},5,b{at},met\n")).collect();
    let files = [
        ("book.toml", "title = \"T\"\n[data]\nvisits = \"v.csv\"\n".to_owned()),
        ("v.csv", format!("date,method,location,touchpoint,score,behaviour,result\n{one}")),
    ];
    let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.into_bytes()));
    within_reason("one visit of 60,000 rows", || link(&files, everything()).unwrap());
    for odd in [
        "\"",
        "\"\"\"",
        "a,\"b\nc",
        ",,,,,,,,\n\n\n",
        "\u{feff}\u{feff}",
        "date\r2026",
        "é\"é\"é,é\n\"é\"é,",
        "date,method,touchpoint\n\"2026",
    ] {
        let files = [("book.toml", "title = \"T\"\n[data]\nvisits = \"v.csv\"\n"), ("v.csv", odd)];
        let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let handbook = link(&files, everything()).unwrap();
        for finding in handbook.diagnostics.iter().filter(|finding| finding.file.as_str() == "v.csv") {
            assert!(odd.get(finding.span.range()).is_some(), "{odd:?}: {finding:?}");
        }
    }
}

#[test]
fn a_chain_of_ten_thousand_parents_is_no_recursion() {
    let mut files = vec![(RelPath::new("book.toml").unwrap(), b"title = \"T\"\n".to_vec())];
    for at in 0..10_000 {
        let next = (at + 1) % 10_000;
        let text = format!("---\ntitle: A\npersonas: x\nparent: j{next}\nphases: [{{title: B}}]\n---\n");
        files.push((RelPath::new(&format!("content/journeys/j{at}.md")).unwrap(), text.into_bytes()));
    }
    let handbook = within_reason("10,000 parents in a circle", || link(&files, everything()).unwrap());
    let cycles = handbook.diagnostics.iter().filter(|finding| finding.rule.name() == "cycle");
    assert_eq!(cycles.count(), 1);
}

#[test]
fn thousands_of_broken_references_are_told_in_time() {
    let mut files = vec![(RelPath::new("book.toml").unwrap(), b"title = \"T\"\n".to_vec())];
    for at in 0..1_500 {
        let text = format!(
            "---\ntitle: A\npersonas: [perso-{at}, somebody-else-{at}]\nphases: [{{title: B}}]\n---\n[[persona-{at}x]] [x](../personas/p{at}.md)\n"
        );
        files.push((RelPath::new(&format!("content/journeys/journey-{at}.md")).unwrap(), text.into_bytes()));
        let text = "---\ntitle: A\n---\n".to_owned();
        files.push((RelPath::new(&format!("content/personas/persona-{at}.md")).unwrap(), text.into_bytes()));
    }
    within_reason("6,000 broken references among 3,000 files", || link(&files, everything()).unwrap());
}

#[test]
fn any_bytes_make_a_document() {
    for text in [
        "---",
        "---\n",
        "---\n---",
        "+++\n+++",
        "\u{feff}",
        "\u{feff}---\n---\n",
        "---\r\n---\r\n",
        "---\r---\r",
        "\r",
        "#",
        "---\n\u{feff}title: x\n---\n",
    ] {
        let document = Document::parse(
            Source::new(RelPath::new("content/a.md").unwrap(), text),
            &RelPath::new("content").unwrap(),
            Options::default(),
        );
        assert_eq!(document.entities.len(), 1, "{text:?}");
    }
}
