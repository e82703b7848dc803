//! `build`: what it says and when it stops. What it writes is tested where that is made.
use crate::support::{files, handbook, run, sample, write};

#[test]
fn content_with_errors_leaves_the_last_site_as_it_was() {
    let folder = handbook(&[("content/pages/a.md", "---\ntitle: First\n---\n")]);
    assert_eq!(run(folder.path(), &["build"]).code, 0);
    let before = files(&folder.path().join("public"));
    write(folder.path(), "content/pages/a.md", "---\ntitle: Second\nreviewed: soon\n---\n[[nobody]]\n");
    let done = run(folder.path(), &["build"]);
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    assert!(done.err.contains("error[invalid-date]") && done.err.contains("error[broken-reference]"), "{}", done.err);
    assert!(done.err.trim_end().lines().last().unwrap().starts_with("Nothing was written."), "{}", done.err);
    assert_eq!(files(&folder.path().join("public")), before);
}

#[test]
fn strict_stops_at_warnings_and_says_them_anyway() {
    let folder = handbook(&[("content/pages/a.md", "---\ntitle: A\nnonsense: 1\n---\n")]);
    let done = run(folder.path(), &["build", "--strict"]);
    assert_eq!(done.code, 1);
    assert!(!folder.path().join("public").exists());
    let done = run(folder.path(), &["build"]);
    assert_eq!(done.code, 0);
    assert!(done.err.contains("warning[unknown-field]"), "{}", done.err);
    let last = done.err.trim_end().lines().last().unwrap().to_owned();
    assert!(last.starts_with("Built ") && last.contains("1 warning") && last.contains("index.html"), "{last}");
}

#[test]
fn the_site_goes_where_it_is_told() {
    let folder = sample("de-linde");
    let done = run(folder.path(), &["build", "--out", "elsewhere/site", "--jobs", "1", "--audience", "team", "--today", "2026-11-25"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(folder.path().join("elsewhere/site/index.html").is_file());
    assert!(!folder.path().join("public").exists());
    let json = std::fs::read_to_string(folder.path().join("elsewhere/site/handbook.json")).unwrap();
    assert!(json.starts_with("{\"format\":1,\"title\":\"De Linde"), "{}", &json[..80]);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let folder = handbook(&[]);
    write(folder.path(), "public/mine.txt", "mine");
    let done = run(folder.path(), &["build"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("mine.txt"), "{}", done.err);
    assert_eq!(files(&folder.path().join("public")).len(), 1);
}

#[test]
fn a_broken_template_is_an_error_at_its_own_line() {
    let folder = handbook(&[]);
    write(folder.path(), "book.toml", "title = \"T\"\ntheme = \"themes/ours\"\n");
    write(folder.path(), "themes/ours/templates/home.html", "<p>\n{% if %}\n");
    for command in ["check", "build"] {
        let done = run(folder.path(), &[command]);
        let said = format!("{}{}", done.out, done.err);
        assert_eq!(done.code, 1, "{said}");
        assert!(said.contains("themes/ours/templates/home.html:2"), "{said}");
    }
}

#[test]
fn the_address_may_be_given() {
    let folder = handbook(&[]);
    let done = run(folder.path(), &["build", "--base-url", "https://example.org/a"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let home = std::fs::read_to_string(folder.path().join("public/index.html")).unwrap();
    assert!(home.contains("rel=\"canonical\"") && home.contains("example.org"), "{home}");
}
