//! A theme that is broken: each template by itself, loops without end, and memory without bound.
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use journeybook::base::{Date, Diagnostic, RelPath, Severity};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::review::Comparison;
use journeybook::site::{Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Disk, Memory, Tree};

use crate::support::{TODAY, files, repository, run, sample, write};

struct Room {
    handbook: Arc<Handbook>,
}

impl Room {
    fn new() -> Room {
        let corpus = Corpus::read(&Disk::new(&repository()).unwrap()).unwrap();
        Room { handbook: Arc::new(Handbook::link(&corpus, Scope::default(), Arc::new(History::default()))) }
    }

    /// What is said of a theme with this template, until one page cannot be drawn.
    fn broken(&self, template: &str, text: &str) -> Option<Diagnostic> {
        let path = RelPath::new(&format!("mine/templates/{template}")).unwrap();
        let tree = Memory::new([(path, text.as_bytes().to_vec())]);
        let (theme, wrong) = Theme::load(&tree, Some(&RelPath::new("mine").unwrap()), lexicon(&self.handbook));
        if let Some(error) = wrong.into_iter().next() {
            return Some(*error.finding);
        }
        let site = Site::new(self.handbook.clone(), theme, Vec::new(), Date::parse(TODAY).unwrap()).comparing(Comparison::default());
        site.routes().iter().find_map(|route| site.render(route).err()).map(|error| *error.finding)
    }
}

fn templates() -> Vec<String> {
    let folder = RelPath::new("themes/default/templates").unwrap();
    let listed = Disk::new(&repository()).unwrap().list(&folder).files;
    listed.iter().map(|path| path.below(&folder).unwrap().to_owned()).collect()
}

#[test]
fn each_broken_template_is_told_at_its_own_line() {
    let room = Room::new();
    for template in templates() {
        for (text, at) in [("fine\n{% if %}\n", 5), ("fine\nfine\n{{ nothing.there }}\n", 13), ("fine\n{{ 1 | no_such_filter }}", 5)] {
            let finding = room.broken(&template, text).unwrap_or_else(|| panic!("{template} {text:?} is not noticed"));
            assert_eq!(finding.file.as_str(), format!("mine/templates/{template}"), "{text:?}: {}", finding.message);
            assert!(finding.span.start >= at && finding.severity == Severity::Error, "{template} {text:?} at {}", finding.span.start);
            let names_page = [".html, ", ".html"].iter().any(|end| finding.message.ends_with(end));
            assert!(text.contains("{% if %}") || names_page, "{template}: {}", finding.message);
        }
    }
}

#[test]
fn a_loop_without_end_ends() {
    let room = Room::new();
    let (begin, end) = ("{% for a in range(99999) %}".repeat(3), "{% endfor %}".repeat(3));
    let doubled = "{% set n = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}";
    let long = "x".repeat(4000);
    for text in [
        format!("{begin}{end}"),
        format!("{begin}{long}{end}"),
        doubled.to_owned(),
        "{% include 'search.html' %}".to_owned(),
        "{% extends 'search.html' %}".to_owned(),
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}".to_owned(),
        "{{ 'x' * 99999999999 }}".to_owned(),
    ] {
        let start = Instant::now();
        let finding = room.broken("search.html", &text).unwrap_or_else(|| panic!("{text:.80} is drawn"));
        assert!(start.elapsed() < Duration::from_secs(30), "{text:.80} took {:?}", start.elapsed());
        assert_eq!(finding.file.as_str(), "mine/templates/search.html", "{}", finding.message);
    }
}

/// The sample with a theme of its own.
fn with_theme(folder: &Path) {
    let book = std::fs::read_to_string(folder.join("book.toml")).unwrap();
    let book: String = book.split_inclusive('\n').filter(|line| !line.starts_with("theme")).collect();
    write(folder, "book.toml", format!("theme = \"mine\"\n{book}"));
}

#[test]
fn a_broken_theme_writes_nothing() {
    let folder = sample("de-linde");
    assert_eq!(run(folder.path(), &["build", "--today", TODAY]).code, 0);
    let before = files(&folder.path().join("public"));
    with_theme(folder.path());
    for text in ["{{ nothing }}", "{% if %}", "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}"] {
        write(folder.path(), "mine/templates/tag.html", text);
        let done = run(folder.path(), &["build", "--today", TODAY]);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{}", done.err);
        assert!(done.err.contains("mine/templates/tag.html:1:") && !done.err.contains("panicked"), "{}", done.err);
        assert!(files(&folder.path().join("public")) == before, "the last site stays as it was");
    }
}

#[test]
fn a_theme_that_cannot_be_read_is_told_of() {
    let folder = sample("de-linde");
    with_theme(folder.path());
    let failed = |what: &str| {
        let done = run(folder.path(), &["build", "--today", TODAY]);
        assert!(done.code == 1 && done.err.contains("mine"), "{what}: {}", done.err);
        assert!(!folder.path().join("public").exists(), "{what}");
    };
    failed("no folder");
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "tag.html", "{{ nothing }}");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("mine")).unwrap();
    failed("a link that leads out");
    std::fs::remove_file(folder.path().join("mine")).unwrap();
    std::fs::create_dir_all(folder.path().join("mine/templates")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("tag.html"), folder.path().join("mine/templates/tag.html")).unwrap();
    failed("a file behind a link that leads out");
    std::fs::remove_file(folder.path().join("mine/templates/tag.html")).unwrap();
    assert_eq!(run(folder.path(), &["build", "--today", TODAY]).code, 0);
}
