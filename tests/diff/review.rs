//! `review` sets a day and changes no other byte.
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::repository::{Repository, Run, TODAY, run};

fn review(repository: &Repository, ids: &[&str]) -> Run {
    run(repository.top(), &[&["review", "--today", TODAY], ids].concat(), &[])
}

/// What a page becomes.
fn set(before: &str) -> Result<String, String> {
    let repository = Repository::ferry();
    repository.write("content/pages/new.md", before);
    match review(&repository, &["page:new"]) {
        Run { code: 0, .. } => Ok(repository.read("content/pages/new.md")),
        Run { err, .. } => {
            assert_eq!(repository.read("content/pages/new.md"), before, "nothing is written");
            Err(err)
        }
    }
}

#[test]
fn the_day_is_set_however_it_is_written() {
    let cases = [
        (
            "---\ntitle: New\nreviewed: 2026-01-02 # by Ann\ntags: [x]\n---\nBody\n",
            "---\ntitle: New\nreviewed: 2026-11-25 # by Ann\ntags: [x]\n---\nBody\n",
        ),
        ("---\nreviewed:   '2026-01-02'\ntitle: New\n---\n", "---\nreviewed:   '2026-11-25'\ntitle: New\n---\n"),
        ("---\n\"reviewed\" : \"2026-01-02\"\ntitle: New\n---\n", "---\n\"reviewed\" : \"2026-11-25\"\ntitle: New\n---\n"),
        ("---\ntitle: New\nreviewed:\n---\n", "---\ntitle: New\nreviewed: 2026-11-25\n---\n"),
        ("---\ntitle: New\nreviewed: # when?\ntags: [x]\n---\n", "---\ntitle: New\nreviewed: 2026-11-25 # when?\ntags: [x]\n---\n"),
        ("---\ntitle: New\n---\nreviewed: never\n", "---\ntitle: New\nreviewed: 2026-11-25\n---\nreviewed: never\n"),
        ("---\r\ntitle: New\r\n---\r\nBody\r\n", "---\r\ntitle: New\r\nreviewed: 2026-11-25\r\n---\r\nBody\r\n"),
        ("\u{feff}---\ntitle: New\nsummary: |\n  a\n\n---\n", "\u{feff}---\ntitle: New\nsummary: |\n  a\n\nreviewed: 2026-11-25\n---\n"),
        ("---\n  title: New\n  tags: [x]\n---\n", "---\n  title: New\n  tags: [x]\n  reviewed: 2026-11-25\n---\n"),
        ("---\n---\nNew.\n", "---\nreviewed: 2026-11-25\n---\nNew.\n"),
        ("---\n{title: New, reviewed: 2026-01-02}\n---\n", "---\n{title: New, reviewed: 2026-11-25}\n---\n"),
        ("---\ntitle: New\nreviewed: 2026-13-45\n---\n", "---\ntitle: New\nreviewed: 2026-11-25\n---\n"),
        ("+++\ntitle = \"New\"\nreviewed = 2026-01-02\n+++\n", "+++\ntitle = \"New\"\nreviewed = 2026-11-25\n+++\n"),
        (
            "+++\r\ntitle = \"New\"\r\n[[allow]]\r\nrule = \"stale\"\r\nbecause = \"x\"\r\n+++\r\n",
            "+++\r\nreviewed = 2026-11-25\r\ntitle = \"New\"\r\n[[allow]]\r\nrule = \"stale\"\r\nbecause = \"x\"\r\n+++\r\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(set(before).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn where_no_line_can_be_set_nothing_is_written() {
    for before in ["No front matter.\n", "---\n{title: New}\n---\n", "---\ntitle: New\n", "---\ntitle: [New\n---\n"] {
        let said = set(before).unwrap_err();
        assert!(said.starts_with("error: content/pages/new.md: ") && said.contains("Set `reviewed: 2026-11-25` there by hand."), "{said}");
    }
}

#[test]
fn a_file_in_another_encoding_stays_as_it_is() {
    let repository = Repository::ferry();
    let latin = b"---\ntitle: Caf\xe9\nreviewed: 2026-01-02\n---\n";
    fs::write(repository.path("content/pages/new.md"), latin).unwrap();
    let told = review(&repository, &["page:new"]);
    assert!(told.code == 2 && told.err.contains("it is not UTF-8") && told.err.contains("by hand"), "{}", told.err);
    assert_eq!(fs::read(repository.path("content/pages/new.md")).unwrap(), latin);
}

#[test]
fn items_of_a_backlog_take_their_own_day_or_the_files() {
    let repository = Repository::ferry();
    let list = "content/improvements/list.md";
    let before = repository.read(list);
    assert_eq!(review(&repository, &["clock", "shelter"]).err, "content/improvements/list.md: reviewed on 2026-11-25\n");
    assert_eq!(repository.read(list), before.replace("---\nWhat we", "reviewed: 2026-11-25\n---\nWhat we"));
    repository.write(list, &before.replace("    due: 2027-05-01\n", "    due: 2027-05-01\n    reviewed: 2026-02-02\n"));
    assert_eq!(review(&repository, &["shelter"]).code, 0);
    assert!(repository.read(list).contains("    reviewed: 2026-11-25\n") && !repository.read(list).contains("\nreviewed:"));
}

#[test]
fn several_pages_and_what_is_none() {
    let repository = Repository::ferry();
    let told = review(&repository, &["anna", "touchpoint:quay", "anna"]);
    assert_eq!((told.code, told.out.as_str()), (0, ""));
    assert_eq!(told.err, "content/personas/anna.md: reviewed on 2026-11-25\ncontent/touchpoints/quay.md: reviewed on 2026-11-25\n");
    assert_eq!(review(&repository, &["anna"]).err, "content/personas/anna.md: was reviewed on 2026-11-25 already\n");
    let bar = repository.read("content/touchpoints/bar.md");
    let told = review(&repository, &["bar", "annna"]);
    assert_eq!((told.code, told.err.as_str()), (2, "error: there is nothing with the id `annna`\nDid you mean `anna`?\n"));
    assert_eq!(repository.read("content/touchpoints/bar.md"), bar, "all or nothing");
    assert_eq!(run(repository.top(), &["review"], &[]).code, 2);
}

#[test]
fn the_file_keeps_its_permissions_and_a_link_stays_one() {
    let repository = Repository::ferry();
    let desk = repository.path("content/touchpoints/quay.md");
    fs::set_permissions(&desk, fs::Permissions::from_mode(0o640)).unwrap();
    fs::rename(&desk, repository.path("content/real.md.kept")).unwrap();
    std::os::unix::fs::symlink("../real.md.kept", &desk).unwrap();
    assert_eq!(review(&repository, &["quay"]).code, 0);
    assert!(fs::symlink_metadata(&desk).unwrap().is_symlink());
    assert_eq!(fs::metadata(&desk).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(repository.read("content/touchpoints/quay.md").contains("reviewed: 2026-11-25\n"));
    assert_eq!(fs::read_dir(repository.path("content/touchpoints")).unwrap().count(), 3, "nothing is left behind");
}
