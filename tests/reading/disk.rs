//! A folder on disk: links, odd names, files that cannot be read.
#![cfg(unix)]
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Arc;

use journeybook::handbook::{Corpus, Handbook, History};
use journeybook::tree::Disk;

use crate::harness::{describe, everything};

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn handbook() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "book.toml", "title = \"T\"\n");
    put(folder.path(), "content/pages/a.md", "# A\n");
    folder
}

fn read(root: &Path) -> Handbook {
    Handbook::link(&Corpus::read(&Disk::new(root).unwrap()).unwrap(), everything(), Arc::new(History::default()))
}

fn findings(root: &Path) -> String {
    describe(&read(root), &Disk::new(root).unwrap())
}

fn ids(root: &Path) -> Vec<String> {
    read(root).entities.iter().map(|node| node.entity.id.to_string()).collect()
}

#[test]
fn links_inside_are_followed_and_links_outside_are_refused_by_name() {
    let folder = handbook();
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "secret.md", "# Secret\n");
    let root = folder.path();
    put(root, "shared/b.md", "# B\n");
    symlink(root.join("shared"), root.join("content/shared")).unwrap();
    symlink(outside.path(), root.join("content/outside")).unwrap();
    symlink(outside.path().join("secret.md"), root.join("content/pages/secret.md")).unwrap();
    symlink("../../../../../../etc/passwd", root.join("content/pages/passwd.txt")).unwrap();
    symlink("nothing.md", root.join("content/pages/dangling.md")).unwrap();
    assert_eq!(ids(root), ["a", "b"]);
    insta::assert_snapshot!(findings(root));
}

#[test]
fn a_link_to_a_folder_above_is_told_and_not_followed_for_ever() {
    let folder = handbook();
    symlink(folder.path().join("content"), folder.path().join("content/pages/again")).unwrap();
    symlink(folder.path().join("content/pages/self"), folder.path().join("content/pages/self")).unwrap();
    assert_eq!(ids(folder.path()), ["a"]);
    insta::assert_snapshot!(findings(folder.path()).replace(folder.path().canonicalize().unwrap().to_str().unwrap(), "ROOT"));
}

#[test]
fn a_folder_may_be_called_like_a_page() {
    let folder = handbook();
    put(folder.path(), "content/pages/x.md/b.md", "# B\n");
    put(folder.path(), "content/pages/c.md", "# C\n\n[x](x.md) [b](x.md/b.md)\n");
    assert_eq!(ids(folder.path()), ["a", "b", "c"]);
    insta::assert_snapshot!(findings(folder.path()));
}

#[test]
fn names_that_no_address_can_carry_are_told() {
    let folder = handbook();
    let pages = folder.path().join("content/pages");
    fs::write(pages.join(OsStr::from_bytes(b"caf\xe9.md")), "# X\n").unwrap();
    fs::write(pages.join("line\nbreak.md"), "# X\n").unwrap();
    fs::write(pages.join("back\\slash.md"), "# X\n").unwrap();
    assert_eq!(ids(folder.path()), ["a"]);
    insta::assert_snapshot!(findings(folder.path()));
}

#[test]
fn names_that_are_merely_hard_to_write_are_read() {
    let folder = handbook();
    for name in ["a b.pdf", "100%.pdf", "a#b.pdf", "it's \"so\".pdf", "😀.pdf", "a&b?.pdf", "a:b.pdf", "C:x.pdf"] {
        put(folder.path(), &format!("content/pages/{name}"), "x");
    }
    put(
        folder.path(),
        "content/pages/a.md",
        "# A\n\n[1](a%20b.pdf) [2](100%25.pdf) [3](a%23b.pdf) [4](<it's \"so\".pdf>) [5](😀.pdf) [6](a&b%3F.pdf) [7](./a:b.pdf) [8](./C:x.pdf)\n",
    );
    assert_eq!(findings(folder.path()), "nothing\n");
}

#[test]
fn dot_files_and_backups_are_no_part_of_a_handbook() {
    let folder = handbook();
    for name in [".hidden.md", "x.md~", "#x.md#", ".x.swp", ".git/x.md", ".#x.md", "4913~"] {
        put(folder.path(), &format!("content/pages/{name}"), "---\nbroken: [\n---\n");
    }
    assert_eq!(findings(folder.path()), "nothing\n");
}

#[test]
fn files_that_cannot_be_read_are_told_and_have_a_page() {
    let folder = handbook();
    put(folder.path(), "content/pages/locked.md", "# L\n");
    put(folder.path(), "content/shut/b.md", "# B\n");
    let lock = |path: &str, mode: u32| fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    lock("content/pages/locked.md", 0);
    lock("content/shut", 0);
    if fs::read(folder.path().join("content/pages/locked.md")).is_ok() {
        lock("content/shut", 0o755);
        eprintln!("skipped: this user may read everything, as root does");
        return;
    }
    let (found, ids) = (findings(folder.path()), ids(folder.path()));
    lock("content/shut", 0o755);
    assert_eq!(ids, ["a", "locked"]);
    let said = |path: &str| format!("{path}:1:1-1:1 error[unreadable-file] `{path}`: it cannot be read: Permission denied");
    assert!(found.contains(&said("content/pages/locked.md")) && found.contains(&said("content/shut")), "{found}");
}

#[test]
fn a_pipe_is_not_waited_for() {
    let folder = handbook();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("content/pages/pipe.md")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(ids(folder.path()), ["a"]);
    }
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("content/pages/pipe.csv")).status();
    if made.is_ok_and(|status| status.success()) {
        put(folder.path(), "book.toml", "title = \"T\"\n[data]\nvisits = \"content/pages/pipe.csv\"\n");
        assert!(findings(folder.path()).contains("pipe.csv"), "{}", findings(folder.path()));
    }
}

#[test]
fn tables_and_books_behind_links_that_lead_out_are_refused() {
    let folder = handbook();
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "visits.csv", "secret,table\n");
    symlink(outside.path().join("visits.csv"), folder.path().join("visits.csv")).unwrap();
    put(folder.path(), "book.toml", "title = \"T\"\n[data]\nvisits = \"visits.csv\"\n");
    insta::assert_snapshot!(findings(folder.path()));
}

#[test]
fn a_content_folder_that_is_not_there_is_told() {
    let folder = handbook();
    put(folder.path(), "book.toml", "title = \"T\"\ncontent = \"contents\"\n");
    insta::assert_snapshot!(findings(folder.path()).replace(folder.path().canonicalize().unwrap().to_str().unwrap(), "ROOT"));
}

#[test]
fn the_sample_handbooks_have_no_errors_and_no_warnings() {
    for root in ["", "tests/handbooks/de-linde"] {
        assert_eq!(findings(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root)), "nothing\n");
    }
}

#[test]
fn a_table_that_is_no_text_is_told_at_the_table() {
    let folder = handbook();
    put(folder.path(), "book.toml", "title = \"T\"\n[data]\nvisits = \"visits.csv\"\n");
    fs::write(folder.path().join("visits.csv"), b"date,touchpoint\n2026-01-01,caf\xe9\n").unwrap();
    put(folder.path(), "content/metrics/nps.md", "---\ntitle: NPS\ndata: nps.csv\n---\n");
    fs::write(folder.path().join("content/metrics/nps.csv"), b"date,value\n2026-01-01,\xff\n").unwrap();
    insta::assert_snapshot!(findings(folder.path()));
}

#[test]
fn the_handbooks_own_folder_is_no_theme() {
    let folder = handbook();
    put(folder.path(), "book.toml", "title = \"T\"\ntheme = \"\"\n");
    assert!(read(folder.path()).settings.theme.is_none());
    assert_eq!(findings(folder.path()), "nothing\n");
    put(folder.path(), "book.toml", "title = \"T\"\ntheme = \"theme/..\"\n");
    assert!(read(folder.path()).settings.theme.is_none());
    insta::assert_snapshot!(findings(folder.path()));
}
