//! What changed since an earlier revision, live.
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Preview, TODAY};

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_save_is_compared_at_once_and_as_build_compares_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("book.toml", "title = \"x\"\n");
    write(".gitignore", "/public/\n");
    write("content/personas/anna.md", "---\ntitle: Anna\nrole: Teacher\n---\n");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "before"]);
    let preview = Preview::of(folder.path(), &["--compare", "main"]);
    assert!(preview.get("/changes.html").has("Nothing changed."));
    write("content/personas/anna.md", "---\ntitle: Anna\nrole: Headmaster\n---\n");
    let changes = preview.until("/changes.html", |answer| answer.has("<ins>Headmaster</ins>"));
    assert!(changes.has("<del>Teacher</del>"));
    assert!(preview.get("/personas/anna.html").has("Changed since main"));
    let mut build = Command::new(env!("CARGO_BIN_EXE_journeybook"));
    let built = build.current_dir(folder.path()).args(["build", "--compare", "main", "--today", TODAY]).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    assert!(changes.plain() == fs::read(folder.path().join("public/changes.html")).unwrap(), "the same bytes as build writes");
}

#[test]
fn a_revision_that_is_none_is_refused_before_anything_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("book.toml"), "title = \"x\"\n").unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "before"]);
    let mut serve = Command::new(env!("CARGO_BIN_EXE_journeybook"));
    let run = serve.current_dir(folder.path()).args(["serve", "--port", "0", "--compare", "mian"]).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&run.stderr), "error: there is no revision `mian`\nDid you mean `main`?\n");
}
