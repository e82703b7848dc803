//! `init` and `new`: what they write is right at once.
use std::fs;

use journeybook::model::{Field, Kind, RecordKind, Type, common_record, record_of};

use crate::support::{command, files, finished, json, run, write};

fn begun(language: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), &["init", ".", "--language", language]);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    folder
}

#[test]
fn a_new_handbook_has_nothing_to_mend() {
    for language in ["en", "nl"] {
        let folder = begun(language);
        let done = run(folder.path(), &["check", "--strict", "--format", "json"]);
        let report = json(&done.out);
        assert_eq!((done.code, &report["errors"], &report["warnings"]), (0, &0.into(), &0.into()), "{}", done.out);
        let rules: Vec<&str> = report["diagnostics"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(rules, ["all-assumed", "all-assumed"], "only research is missing");
        assert_eq!(run(folder.path(), &["build", "--strict"]).code, 0);
        assert!(folder.path().join("public/index.html").is_file());
        let frameworks = fs::read_dir(folder.path().join("content/frameworks")).unwrap().count();
        assert_eq!(frameworks, 5, "the five lenses");
        for file in [".gitignore", ".github/workflows/handbook.yml", ".gitlab-ci.yml"] {
            assert!(folder.path().join(file).is_file(), "{file}");
        }
    }
}

#[test]
fn init_overwrites_nothing() {
    let folder = begun("en");
    let before = files(folder.path());
    let done = run(folder.path(), &["init", ".", "--language", "nl"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("book.toml is there already"), "{}", done.err);
    assert_eq!(files(folder.path()), before);

    let other = tempfile::tempdir().unwrap();
    write(other.path(), "content/index.md", "mine");
    let done = run(other.path(), &["init", "."]);
    assert!(done.code == 2 && done.err.contains("content/index.md is there already"), "{}", done.err);
    assert_eq!(files(other.path()).len(), 1, "nothing is written where anything is in the way");

    write(other.path(), "file", "no folder");
    let done = run(other.path(), &["init", "file"]);
    assert!(done.code == 2 && done.err.contains("file is no folder"), "{}", done.err);
}

#[test]
fn init_takes_a_repository_that_is_still_empty() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "new place/.git/HEAD", "ref: refs/heads/main\n");
    // What it says to run next can be run as it stands.
    for (place, next) in [
        ("new place", "`cd 'new place' && journeybook serve --open`"),
        ("a/b/c", "`journeybook serve --open --root a/b/c`"),
        (".", "`journeybook serve --open`"),
    ] {
        let done = run(folder.path(), &["init", place]);
        assert_eq!(done.code, 0);
        assert!(done.err.contains(next), "{}", done.err);
    }
    assert!(folder.path().join("a/b/c/book.toml").is_file());
}

#[test]
fn new_writes_every_field_and_only_what_is_required_is_missing() {
    for language in ["en", "nl"] {
        let folder = begun(language);
        fs::remove_file(folder.path().join("content/index.md")).unwrap();
        for kind in Type::ALL.iter().filter(|kind| kind.is_public()) {
            let done = run(folder.path(), &["new", kind.name(), &format!("Een {} erbij", kind.name())]);
            assert_eq!(done.code, 0, "{}: {}", kind.name(), done.err);
            let path = done.out.trim_end();
            let text = fs::read_to_string(folder.path().join(path)).unwrap();
            for record in [record_of(*kind), common_record()] {
                every_field(record, &text);
            }
            if language == "nl" {
                assert!(!text.contains("What it is called"), "prompts are Dutch");
            }
            assert_eq!(findings(folder.path(), path), required_and_unknown(*kind), "{text}");
        }
    }
}

/// Each field of a record stands in the text, and those of the records inside it.
fn every_field(record: &RecordKind, text: &str) {
    for field in record.fields {
        let stands = text.lines().any(|line| line.trim_start_matches([' ', '-', '#']).starts_with(&format!("{}:", field.name)));
        assert!(stands, "{}.{} is not in\n{text}", record.name, field.name);
        if let Some(inner) = field.kind.record().filter(|inner| inner.name != "a claim" && !matches!(field.kind, Kind::Map(..))) {
            every_field(inner, text);
        }
    }
}

/// The errors and warnings of a file: rule and the field that the message names.
fn findings(folder: &std::path::Path, path: &str) -> Vec<String> {
    let report = json(&run(folder, &["check", "--format", "json"]).out);
    let all = report["diagnostics"].as_array().unwrap().iter();
    let wrong = all.filter(|finding| finding["file"] == path && finding["severity"] != "advice");
    wrong.map(|finding| format!("{}: {}", finding["rule"], finding["message"]).replace('"', "")).collect()
}

/// The required fields for which a handbook holds nothing sensible to begin with.
fn required_and_unknown(kind: Type) -> Vec<String> {
    let required = |field: &&Field| field.need == journeybook::model::Need::Required;
    let known = |field: &Field| ["personas", "phases", "channel", "solves"].contains(&field.name);
    let missing = record_of(kind).fields.iter().filter(required).filter(|field| !known(field));
    missing.map(|field| format!("missing-field: `{}` is missing", field.name)).collect()
}

#[test]
fn a_new_backlog_has_an_item() {
    let folder = begun("en");
    for _ in 0..2 {
        run(folder.path(), &["new", "backlog", "From the workshop"]);
    }
    let path = "content/improvements/from-the-workshop.md";
    assert_eq!(findings(folder.path(), path), ["missing-field: `problem` is missing"]);
    assert!(fs::read_to_string(folder.path().join(path)).unwrap().contains("id: from-the-workshop-1"));
}

#[test]
fn titles_survive() {
    let folder = begun("en");
    let titles = [
        "Null",
        "2026",
        "true",
        "a: b # c",
        "\"Quotes\" and 'apostrophes'",
        "- dash",
        "@handle",
        "Ünïcode 日本",
        "tab\tand\nline",
        "50 % off",
    ];
    for (at, title) in titles.iter().enumerate() {
        let done = run(folder.path(), &["new", "page", "--", title]);
        assert_eq!(done.code, 0, "{title}: {}", done.err);
        let id = done.out.trim().trim_start_matches("content/pages/").trim_end_matches(".md").to_owned();
        assert_eq!(findings(folder.path(), done.out.trim()), Vec::<String>::new(), "{at}");
        let page = json(&run(folder.path(), &["export", "json", &format!("page:{id}")]).out);
        let wanted = title.replace(['\t', '\n'], " ");
        assert_eq!(page["fields"]["title"], wanted);
    }
}

#[test]
fn new_refuses() {
    let folder = begun("en");
    let says = |args: &[&str], wanted: &str| {
        let done = run(folder.path(), args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}");
        assert!(done.err.contains(wanted), "{args:?}: {}", done.err);
    };
    says(&["new", "persona", "Sam"], "content/personas/sam.md is there already");
    says(&["new", "organisation", "Again"], "content/index.md is there already");
    says(&["new", "personna", "Robin"], "Did you mean `persona`?");
    says(&["new", "page", "…"], "letters or digits");
    says(&["new", "page", "Index"], "another title");
    write(folder.path(), "content/elsewhere/kim.md", "---\ntype: persona\ntitle: Kim\n---\n");
    says(&["new", "persona", "Kim"], "content/elsewhere/kim.md is there already");
}

#[test]
fn the_path_is_one_that_opens_from_here() {
    let folder = begun("en");
    let up = folder.path().parent().unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    let done = finished(command(up, &["new", "page", "Ours", "--root", name]).output().unwrap());
    assert!(up.join(done.out.trim()).is_file(), "{}", done.out);
    let below = folder.path().join("content/pages");
    let done = run(&below, &["new", "page", "Theirs"]);
    assert!(below.join(done.out.trim()).is_file(), "{}", done.out);
}
