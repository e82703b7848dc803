//! `check`: its formats, its exit codes, and what it may depend on.
use journeybook::base::Rule;
use serde_json::Value;

use crate::support::{TODAY, command, finished, handbook, json, run, sample, write};

fn broken(format: &str) -> String {
    let folder = sample("broken");
    let done = run(folder.path(), &["check", "--today", TODAY, "--format", format]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.lines().count() == 1 && done.err.contains("Look first at content/"), "{}", done.err);
    done.out
}

#[test]
fn human() {
    insta::assert_snapshot!(broken("human"));
}

#[test]
fn short() {
    insta::assert_snapshot!(broken("short"));
}

#[test]
fn github() {
    let out = broken("github");
    assert!(out.contains("file=content/pages/a b%25%2Cc.md,"), "properties are escaped");
    insta::assert_snapshot!(out);
}

#[test]
fn json_as_in_the_contract() {
    let report = json(&broken("json"));
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<String>>();
    assert_eq!(keys(&report), ["diagnostics", "files", "errors", "warnings", "advice"]);
    for finding in report["diagnostics"].as_array().unwrap() {
        let wanted = ["rule", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "suggestion"];
        assert_eq!(keys(finding), wanted);
    }
    let count = |severity: &str| report["diagnostics"].as_array().unwrap().iter().filter(|finding| finding["severity"] == severity).count();
    assert_eq!(report["errors"], count("error"));
    assert_eq!(report["warnings"], count("warning"));
    assert_eq!(report["advice"], count("advice"));
    insta::assert_snapshot!(format!("{report:#}"));
}

#[test]
fn sarif_as_code_scanning_wants_it() {
    let log = json(&broken("sarif"));
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Rule::ALL.len());
    assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().is_some_and(|text| text.len() > 100)));
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let place = |name: &str| region[name].as_u64().unwrap();
        assert!(place("startLine") >= 1 && place("startColumn") >= 1);
        assert!((place("startLine"), place("startColumn")) <= (place("endLine"), place("endColumn")));
    }
    let text = run["results"].to_string();
    assert!(text.contains("content/pages/a%20b%25%2Cc.md") || text.contains("content/pages/a%20b%25,c.md"), "addresses are encoded");
    insta::assert_snapshot!(format!("{:#}", run["results"]));
}

#[test]
fn warnings_fail_only_when_strict() {
    let folder = handbook(&[("content/pages/a.md", "---\ntitle: A\nnonsense: 1\n---\n")]);
    assert_eq!(run(folder.path(), &["check"]).code, 0);
    assert_eq!(run(folder.path(), &["check", "--strict"]).code, 1);
    write(folder.path(), "content/pages/a.md", "---\ntitle: A\n---\n");
    assert_eq!(run(folder.path(), &["check", "--strict"]).code, 0);
}

#[test]
fn advice_never_fails() {
    let folder = handbook(&[("content/segments/a.md", "---\ntitle: Nobody's\n---\n")]);
    let done = run(folder.path(), &["check", "--strict", "--format", "short"]);
    assert_eq!((done.code, done.out.as_str()), (0, "content/segments/a.md:2:8: advice[orphan] no persona stands for “Nobody’s”\n"));
}

#[test]
fn what_cannot_run_is_exit_code_2() {
    let folder = handbook(&[]);
    let empty = tempfile::tempdir().unwrap();
    let says = |folder: &std::path::Path, args: &[&str], wanted: &str| {
        let done = run(folder, args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}: {}", done.err);
        assert!(done.err.contains(wanted), "{args:?}: {}", done.err);
    };
    says(empty.path(), &["check"], "no book.toml");
    says(empty.path(), &["check", "--root", "nowhere"], "nowhere");
    says(folder.path(), &["check", "--audience", "staf"], "Did you mean `staff`?");
    says(folder.path(), &["check", "--today", "25-11-2026"], "--today 25-11-2026");
    says(folder.path(), &["check", "--format", "xml"], "xml");
    says(folder.path(), &["chekc"], "check");
    says(folder.path(), &["build", "--jobs", "0"], "0");
    says(folder.path(), &["build", "--base-url", "javascript:alert(1)"], "--base-url");
    write(folder.path(), "book.toml", "title = \"T\"\nlanguage = en\n");
    says(folder.path(), &["check"], "book.toml:2:");
    write(folder.path(), "book.toml", "title = \"T\"\ncontent = \"elsewhere\"\n");
    says(folder.path(), &["check"], "elsewhere");
}

#[test]
fn the_day_comes_from_the_flag_then_the_epoch() {
    let page = "---\ntitle: A\nreviewed: 2020-01-01\nreview_every: 1 year\n---\n";
    let folder = handbook(&[("content/pages/a.md", page)]);
    let stale = |args: &[&str], epoch: &str| {
        let done = finished(command(folder.path(), args).env("SOURCE_DATE_EPOCH", epoch).output().unwrap());
        (done.code, done.out.contains("[stale]"))
    };
    let short = ["check", "--format", "short"];
    assert_eq!(stale(&short, "1577836800"), (0, false), "the epoch says 2020-01-01");
    assert_eq!(stale(&short, "1640995200"), (0, true), "the epoch says 2022-01-01");
    assert_eq!(stale(&["check", "--format", "short", "--today", "2020-02-01"], "1640995200"), (0, false), "the flag comes first");
    assert_eq!(stale(&short, "yesterday").0, 2);
    assert_eq!(stale(&short, "99999999999999999999").0, 2);
}

#[test]
fn everything_is_looked_at_unless_an_audience_is_named() {
    let hidden = "---\ntitle: For us\naudience: staff\nnonsense: 1\n---\n";
    let folder = handbook(&[("content/pages/a.md", hidden), ("content/pages/b.md", "---\ntitle: Draft\ndraft: true\nbogus: 1\n---\n")]);
    let found = |args: &[&str]| {
        let args: Vec<&str> = ["check", "--format", "short"].iter().chain(args).copied().collect();
        let out = run(folder.path(), &args).out;
        (out.contains("`nonsense`"), out.contains("`bogus`"))
    };
    assert_eq!(found(&[]), (true, false));
    assert_eq!(found(&["--drafts"]), (true, true));
    assert_eq!(found(&["--audience", "staff"]), (true, false));
    assert_eq!(found(&["--audience", "all"]), (true, false));
    write(folder.path(), "book.toml", "title = \"T\"\n[audiences]\nstaff = \"Us\"\nboard = \"Them\"\n");
    assert_eq!(found(&["--audience", "board"]), (false, false));
}

#[test]
fn the_same_anywhere() {
    let (here, there) = (sample("broken"), sample("broken"));
    let one = finished(command(here.path(), &["check", "--today", TODAY, "--format", "json"]).output().unwrap());
    let root = there.path().to_str().unwrap();
    let elsewhere = std::env::temp_dir();
    let mut other = command(&elsewhere, &["--root", root, "check", "--today", TODAY, "--format", "json"]);
    other.env("LC_ALL", "nl_NL.UTF-8").env("LANG", "tr_TR.UTF-8").env("TZ", "Asia/Tokyo").env("RAYON_NUM_THREADS", "1");
    assert_eq!(finished(other.output().unwrap()), one);
    let below = there.path().join("content/pages");
    assert_eq!(run(&below, &["check", "--today", TODAY, "--format", "json"]), one, "book.toml is found above");
}

#[test]
fn a_theme_folder_that_is_none_is_told_where_it_is_named() {
    for (written, rule) in [("../ours", "path-outside-root"), ("themes/ours", "unreadable-file")] {
        let folder = handbook(&[]);
        write(folder.path(), "book.toml", format!("title = \"T\"\ntheme = \"{written}\"\n"));
        let done = run(folder.path(), &["check", "--today", TODAY, "--format", "json"]);
        let report = json(&done.out);
        let found: Vec<&Value> = report["diagnostics"].as_array().unwrap().iter().filter(|found| found["severity"] == "error").collect();
        let place = |found: &Value| (found["rule"].clone(), found["file"].clone(), found["line"].clone(), found["column"].clone());
        assert_eq!(found.iter().map(|found| place(found)).collect::<Vec<_>>(), [(rule.into(), "book.toml".into(), 2.into(), 10.into())]);
    }
}
