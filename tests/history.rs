//! When files were last changed, asked of real repositories.
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use journeybook::base::RelPath;
use journeybook::document::is_review;
use journeybook::tree::{self, Authors, Change, History, HistoryFound};
use tempfile::TempDir;

/// A repository; its handbook lies in the folder `book` of it.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Repository {
        let repository = Repository { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(repository.path("book/content")).unwrap();
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn git(&self, arguments: &[&str]) {
        self.git_at("2026-01-01T12:00:00Z", arguments);
    }

    fn git_at(&self, date: &str, arguments: &[&str]) {
        let identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"];
        let mut git = Command::new("git");
        git.current_dir(self.folder.path()).args(identity).args(arguments);
        git.env("GIT_COMMITTER_DATE", date).env("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z");
        let output = git.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path("book").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits everything, at noon of a day.
    fn commit(&self, day: &str, subject: &str) {
        self.git(&["add", "-A"]);
        self.git_at(&format!("{day}T12:00:00Z"), &["commit", "-q", "--allow-empty", "-m", subject]);
    }

    fn found(&self) -> HistoryFound {
        history(&self.path("book"), &path("content"), Authors::Unnamed)
    }

    /// The history of a repository that has no limits.
    fn history(&self) -> History {
        let found = self.found();
        assert_eq!(found.notes, [""; 0]);
        found.history
    }
}

fn history(root: &Path, content: &RelPath, authors: Authors) -> HistoryFound {
    tree::history(root, content, authors, is_review)
}

fn path(path: &str) -> RelPath {
    RelPath::new(path).unwrap()
}

fn told(change: &Change) -> String {
    format!("{} {}", change.date, change.subject)
}

fn last(history: &History, of: &str) -> String {
    history.changed.get(&path(of)).map_or("nothing".into(), told)
}

fn log(history: &History, of: &str) -> Vec<String> {
    history.logs[&path(of)].iter().map(told).collect()
}

fn two_pages() -> Repository {
    let repository = Repository::new();
    repository.write("content/personas/anna.md", "Anna\n");
    repository.write("content/desk.md", "The desk\n");
    repository.write("book.toml", "title = 'x'");
    repository.commit("2026-01-01", "Begin");
    repository.write("content/desk.md", "The front desk\n");
    repository.commit("2026-02-02", "Name the desk");
    repository
}

#[test]
fn each_file_has_its_last_change() {
    let repository = two_pages();
    let history = repository.history();
    assert_eq!(last(&history, "content/personas/anna.md"), "2026-01-01 Begin");
    assert_eq!(last(&history, "content/desk.md"), "2026-02-02 Name the desk");
    assert_eq!(log(&history, "content/desk.md"), ["2026-02-02 Name the desk", "2026-01-01 Begin"]);
    assert_eq!(history.changed.len(), 2, "nothing from outside the content");
    let id = &history.changed[&path("content/desk.md")].commit;
    repository.git(&["cat-file", "-e", &format!("{id}^{{commit}}")]);
}

#[test]
fn a_review_is_no_revision() {
    let revised = |repository: &Repository, of: &str| repository.history().revised(&path(of)).map(|date| date.to_string()).unwrap();
    let repository = Repository::new();
    let page = |reviewed: &str, title: &str| format!("---\ntitle: {title}\n{reviewed}---\n\nreviewed: by hand\n");
    let backlog = |day: &str| format!("---\ntype: backlog\nitems:\n  - id: lamp\n    reviewed: {day}\n---\n");
    repository.write("content/desk.md", &page("", "Desk"));
    repository.write("content/improvements/list.md", &backlog("2026-01-01"));
    repository.commit("2026-01-01", "Begin");
    repository.write("content/desk.md", &page("", "Front desk"));
    repository.commit("2026-02-02", "Name the desk");
    for (day, reviewed) in [("2026-03-03", "reviewed: 2026-03-03\n"), ("2026-04-04", "reviewed: 2026-04-04\n"), ("2026-05-05", "")] {
        repository.write("content/desk.md", &page(reviewed, "Front desk"));
        repository.write("content/improvements/list.md", &backlog(day));
        repository.commit(day, "Look at it");
    }
    assert_eq!(last(&repository.history(), "content/desk.md"), "2026-05-05 Look at it");
    assert_eq!(revised(&repository, "content/desk.md"), "2026-02-02");
    assert_eq!(revised(&repository, "content/improvements/list.md"), "2026-01-01");
    repository.git(&["mv", "book/content/desk.md", "book/content/hall.md"]);
    repository.commit("2026-05-06", "Another name");
    assert_eq!(revised(&repository, "content/hall.md"), "2026-02-02");
    repository.write("content/hall.md", &page("", "Front desk").replace("by hand", "by mail"));
    repository.commit("2026-06-06", "What stands in the body is no review");
    assert_eq!(revised(&repository, "content/hall.md"), "2026-06-06");
    for day in 1..=9 {
        repository.write("content/hall.md", &page(&format!("reviewed: 2026-07-0{day}\n"), "Front desk").replace("by hand", "by mail"));
        repository.commit(&format!("2026-07-0{day}"), "Look at it");
    }
    assert_eq!(revised(&repository, "content/hall.md"), "2026-07-05", "of what is remembered, the oldest may be more than a review");
}

#[test]
fn a_handbook_may_be_the_whole_repository() {
    let repository = two_pages();
    let found = history(repository.folder.path(), &path("book/content"), Authors::Unnamed);
    assert_eq!(last(&found.history, "book/content/desk.md"), "2026-02-02 Name the desk");
    let found = history(&repository.path("book/content"), &RelPath::root(), Authors::Unnamed);
    assert_eq!(last(&found.history, "desk.md"), "2026-02-02 Name the desk");
}

#[test]
fn what_is_not_committed_has_no_entry() {
    let repository = two_pages();
    repository.write("content/new.md", "new");
    repository.git(&["rm", "-q", "book/content/desk.md"]);
    repository.commit("2026-03-03", "Close the desk");
    repository.write("content/desk.md", "again, not committed");
    let history = repository.history();
    assert_eq!(last(&history, "content/desk.md"), "nothing");
    repository.write("content/newer.md", "newer");
    assert_eq!(last(&repository.history(), "content/newer.md"), "nothing");
    assert_eq!(last(&history, "content/new.md"), "2026-03-03 Close the desk");
}

#[test]
fn days_are_in_utc() {
    let repository = Repository::new();
    repository.write("content/a.md", "a");
    repository.git(&["add", "-A"]);
    repository.git_at("2026-05-01T01:30:00+0200", &["commit", "-q", "-m", "Late"]);
    assert_eq!(last(&repository.history(), "content/a.md"), "2026-04-30 Late");
}

#[test]
fn another_name_is_no_change() {
    let repository = two_pages();
    repository.git(&["mv", "book/content/desk.md", "book/content/front-desk.md"]);
    repository.commit("2026-03-03", "Rename");
    repository.write("content/desk.md", "another desk\n");
    repository.commit("2026-04-04", "A second desk");
    let history = repository.history();
    assert_eq!(log(&history, "content/front-desk.md"), ["2026-02-02 Name the desk", "2026-01-01 Begin"]);
    assert_eq!(log(&history, "content/desk.md"), ["2026-04-04 A second desk"]);
}

#[test]
fn a_change_on_one_branch_meets_a_new_name_on_another() {
    let repository = two_pages();
    repository.git(&["checkout", "-q", "-b", "names"]);
    repository.git(&["mv", "book/content/desk.md", "book/content/front-desk.md"]);
    repository.commit("2026-03-03", "Rename");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("content/desk.md", "The front desk, mended\n");
    repository.commit("2026-04-04", "Mend");
    repository.git_at("2026-05-05T12:00:00Z", &["merge", "-q", "--no-edit", "names"]);
    assert_eq!(last(&repository.history(), "content/front-desk.md"), "2026-04-04 Mend");
}

#[test]
fn a_merge_changes_nothing_by_itself() {
    let repository = two_pages();
    repository.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    repository.write("content/personas/anna.md", "Anna, from the side\n");
    repository.commit("2026-03-03", "Aside");
    repository.git(&["checkout", "-q", "main"]);
    repository.git_at("2026-04-04T12:00:00Z", &["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
    let history = repository.history();
    assert_eq!(last(&history, "content/personas/anna.md"), "2026-03-03 Aside");
    assert_eq!(last(&history, "content/desk.md"), "2026-02-02 Name the desk");
}

#[test]
fn what_a_merge_did_not_take_over_is_no_change() {
    let repository = two_pages();
    repository.git(&["checkout", "-q", "-b", "dropped"]);
    repository.write("content/desk.md", "The back desk\n");
    repository.commit("2026-03-03", "Move the desk");
    repository.git(&["checkout", "-q", "main"]);
    repository.git_at("2026-04-04T12:00:00Z", &["merge", "-q", "-s", "ours", "-m", "No", "dropped"]);
    let history = repository.history();
    assert_eq!(log(&history, "content/desk.md"), ["2026-02-02 Name the desk", "2026-01-01 Begin"]);
}

#[test]
fn the_folder_may_have_been_away_or_something_else() {
    let repository = two_pages();
    repository.git(&["mv", "book/content", "book/pages"]);
    repository.commit("2026-03-03", "Away");
    fs::write(repository.path("book/content"), "a file").unwrap();
    repository.commit("2026-04-04", "A file");
    fs::remove_file(repository.path("book/content")).unwrap();
    repository.git(&["mv", "book/pages", "book/content"]);
    repository.commit("2026-05-05", "Back");
    let history = repository.history();
    assert_eq!(log(&history, "content/desk.md"), ["2026-02-02 Name the desk", "2026-01-01 Begin"]);
}

#[test]
fn another_name_of_the_folder_is_no_change() {
    let repository = two_pages();
    ["ben", "cas"].iter().for_each(|name| repository.write(&format!("content/personas/{name}.md"), name));
    repository.commit("2026-02-03", "More people");
    fs::rename(repository.path("book"), repository.path("handbook")).unwrap();
    repository.commit("2026-03-03", "Call it a handbook");
    fs::create_dir(repository.path("docs")).unwrap();
    fs::rename(repository.path("handbook/content"), repository.path("docs/pages")).unwrap();
    fs::write(repository.path("docs/pages/desk.md"), "The front desk, moved\n").unwrap();
    fs::write(repository.path("docs/pages/hall.md"), "The hall\n").unwrap();
    repository.commit("2026-04-04", "Put it under docs");
    let found = history(&repository.path("docs"), &path("pages"), Authors::Unnamed);
    assert_eq!(found.notes, [""; 0]);
    let of = |file: &str| log(&found.history, file);
    assert_eq!(of("pages/personas/anna.md"), ["2026-01-01 Begin"], "most files came from elsewhere in the repository");
    assert_eq!(of("pages/desk.md"), ["2026-04-04 Put it under docs", "2026-02-02 Name the desk", "2026-01-01 Begin"]);
    assert_eq!(of("pages/hall.md"), ["2026-04-04 Put it under docs"]);
}

/// One file that was there under another name does not make another folder this one's past.
#[test]
fn a_new_folder_has_no_past() {
    let repository = two_pages();
    fs::create_dir_all(repository.path("new/content")).unwrap();
    repository.git(&["mv", "book/content/desk.md", "new/content/desk.md"]);
    for name in ["a", "b", "c"] {
        fs::write(repository.path("new/content").join(format!("{name}.md")), name).unwrap();
    }
    repository.commit("2026-03-03", "Another handbook");
    let found = history(&repository.path("new"), &path("content"), Authors::Unnamed);
    assert_eq!(log(&found.history, "content/desk.md"), ["2026-03-03 Another handbook"]);
}

#[test]
fn a_merge_may_bring_the_folder_with_its_past() {
    let repository = two_pages();
    let shared = Repository::new();
    ["desk.md", "hall.md"].iter().for_each(|name| fs::write(shared.path(name), name).unwrap());
    shared.commit("2025-01-01", "Begin apart");
    fs::write(shared.path("desk.md"), "The desk apart").unwrap();
    shared.commit("2025-02-02", "Say more");
    repository.git(&["fetch", "-q", shared.folder.path().to_str().unwrap(), "main"]);
    repository.git(&["merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories", "FETCH_HEAD"]);
    repository.git(&["read-tree", "--prefix=other/content/", "-u", "FETCH_HEAD"]);
    repository.commit("2026-05-05", "Bring it in");
    let found = history(&repository.path("other"), &path("content"), Authors::Unnamed);
    assert_eq!(log(&found.history, "content/desk.md"), ["2025-02-02 Say more", "2025-01-01 Begin apart"]);
    assert_eq!(log(&found.history, "content/hall.md"), ["2025-01-01 Begin apart"]);
    assert_eq!(log(&repository.history(), "content/desk.md"), ["2026-02-02 Name the desk", "2026-01-01 Begin"]);
}

#[test]
fn the_files_of_a_submodule_have_their_own_history() {
    let repository = two_pages();
    let shared = two_pages();
    let from = shared.folder.path().to_str().unwrap();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "book/content/shared"]);
    repository.commit("2026-04-04", "Share");
    let history = repository.history();
    assert_eq!(last(&history, "content/shared/book/content/desk.md"), "2026-02-02 Name the desk");
    assert_eq!(last(&history, "content/desk.md"), "2026-02-02 Name the desk");
    repository.git(&["submodule", "--quiet", "deinit", "-f", "--all"]);
    let history = repository.history();
    assert_eq!(last(&history, "content/shared/book/content/desk.md"), "nothing", "never fetched");
    assert_eq!(last(&history, "content/desk.md"), "2026-02-02 Name the desk");
}

#[test]
fn a_day_that_nobody_can_have_meant_ends_nothing() {
    let repository = two_pages();
    repository.write("content/desk.md", "The desk of the far future\n");
    repository.git(&["add", "-A"]);
    repository.git_at("@999999999999 +0000", &["commit", "-q", "-m", "Far"]);
    assert_eq!(last(&repository.history(), "content/desk.md"), "2026-02-02 Name the desk");
    // What no git writes, and other programs do.
    let ask = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(repository.folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = format!("tree {}\nparent {}\n\nNobody, never\n", ask(&["rev-parse", "HEAD^{tree}"]), ask(&["rev-parse", "HEAD"]));
    fs::write(repository.path(".git/odd"), commit).unwrap();
    let id = ask(&["hash-object", "-t", "commit", "-w", "--literally", ".git/odd"]);
    repository.git(&["reset", "-q", "--soft", &id]);
    assert_eq!(last(&repository.history(), "content/desk.md"), "2026-02-02 Name the desk");
}

#[test]
fn five_changes_of_a_file_are_remembered() {
    let repository = Repository::new();
    for day in 1..=8 {
        repository.write("content/a.md", &day.to_string());
        repository.commit(&format!("2026-01-0{day}"), &format!("Change {day}"));
    }
    let history = repository.history();
    assert_eq!(log(&history, "content/a.md").len(), 5);
    assert_eq!(last(&history, "content/a.md"), "2026-01-08 Change 8");
}

#[test]
fn authors_are_read_only_if_asked_for() {
    let repository = two_pages();
    repository.write(".mailmap", "Anna de Wit <ann@example.org>\n");
    fs::rename(repository.path("book/.mailmap"), repository.path(".mailmap")).unwrap();
    let desk =
        |authors| history(&repository.path("book"), &path("content"), authors).history.changed[&path("content/desk.md")].author.clone();
    assert_eq!((desk(Authors::Unnamed), desk(Authors::Named)), (None, Some("Anna de Wit".to_owned())));
}

#[test]
fn names_and_subjects_as_people_write_them() {
    let repository = Repository::new();
    let odd = "content/a b%20#'\"é🧳*.md";
    repository.write(odd, "a");
    repository.write("content/M", "looks like a status");
    let broken = repository.path("book/content").join(OsStr::from_bytes(b"not-\xff-utf8.md"));
    fs::write(broken, "x").unwrap();
    repository.commit("2026-01-01", "Één \u{1} vraag\tmet <b>\nop twee regels\n\nBody");
    let history = repository.history();
    assert_eq!(last(&history, odd), "2026-01-01 Één   vraag met <b> op twee regels");
    assert_eq!(last(&history, "content/M"), last(&history, odd));
    assert_eq!(history.changed.len(), 2, "a name that no page can have is left out");
}

#[test]
fn no_setting_changes_what_is_read() {
    let repository = two_pages();
    let expected = repository.history();
    let alarm = repository.path("alarm.sh");
    fs::write(&alarm, "#!/bin/sh\ntouch \"$(dirname \"$0\")/alarm\"\n").unwrap();
    fs::set_permissions(&alarm, fs::Permissions::from_mode(0o755)).unwrap();
    let alarm = alarm.to_str().unwrap();
    let settings = [
        ("log.showSignature", "true"),
        ("gpg.program", alarm),
        ("core.fsmonitor", alarm),
        ("core.pager", alarm),
        ("pager.log", "true"),
        ("diff.external", alarm),
        ("core.quotePath", "true"),
        ("alias.log", "status"),
        ("alias.ls-tree", "status"),
        ("log.showRoot", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "separate"),
        ("log.decorate", "full"),
        ("log.date", "relative"),
        ("log.mailmap", "true"),
        ("format.pretty", "oneline"),
        ("diff.orderFile", "/not/there"),
        ("diff.renames", "false"),
        ("diff.relative", "true"),
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("notes.displayRef", "*"),
    ];
    for (name, value) in settings {
        repository.git(&["config", name, value]);
        assert_eq!(repository.history(), expected, "{name}");
    }
    assert!(!repository.path("alarm").exists());
}

#[test]
fn where_there_is_no_history_nothing_is_said() {
    let bare = tempfile::tempdir().unwrap();
    fs::create_dir(bare.path().join("content")).unwrap();
    let unborn = Repository::new();
    unborn.write("content/a.md", "a");
    let ignored = two_pages();
    fs::create_dir_all(ignored.path("other/content")).unwrap();
    for root in [bare.path(), &bare.path().join("gone"), &unborn.path("book"), &ignored.path("other")] {
        let found = history(root, &path("content"), Authors::Unnamed);
        assert_eq!((found.history, found.notes), (History::default(), vec![]), "{}", root.display());
    }
}

#[test]
fn a_shallow_clone_knows_what_it_does_not_know() {
    let repository = two_pages();
    repository.write("content/personas/anna.md", "Anna again\n");
    repository.commit("2026-03-03", "Anna");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repository.folder.path().display());
    repository.git(&["clone", "-q", "--depth", "2", &from, clone.path().join("clone").to_str().unwrap()]);
    let found = history(&clone.path().join("clone/book"), &path("content"), Authors::Unnamed);
    assert!(found.history.shallow);
    assert!(found.notes.len() == 1 && found.notes[0].contains("git fetch --unshallow"), "{:?}", found.notes);
    assert_eq!(last(&found.history, "content/personas/anna.md"), "2026-03-03 Anna");
    assert_eq!(last(&found.history, "content/desk.md"), "nothing", "not the day of the oldest commit at hand");
}

#[test]
fn so_does_a_clone_without_older_folders() {
    let repository = two_pages();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repository.folder.path().display());
    for filter in ["tree:0", "tree:1", "blob:none"] {
        let to = clone.path().join(filter);
        repository.git(&["clone", "-q", &format!("--filter={filter}"), &from, to.to_str().unwrap()]);
        let found = history(&to.join("book"), &path("content"), Authors::Unnamed);
        if filter == "blob:none" {
            assert_eq!((&found.history, found.notes.len()), (&repository.history(), 0));
            continue;
        }
        assert!(found.history.shallow);
        assert!(found.notes.len() == 1 && found.notes[0].contains("--filter"), "{filter}: {:?}", found.notes);
        assert_eq!(last(&found.history, "content/personas/anna.md"), "nothing", "{filter}: not the day of the newest commit");
    }
}

#[test]
fn the_history_of_a_work_tree_and_of_a_linked_folder() {
    let repository = two_pages();
    let elsewhere = tempfile::tempdir().unwrap();
    let tree = elsewhere.path().join("tree");
    repository.git(&["worktree", "add", "-q", tree.to_str().unwrap()]);
    let found = history(&tree.join("book"), &path("content"), Authors::Unnamed);
    assert_eq!(last(&found.history, "content/desk.md"), "2026-02-02 Name the desk");
    std::os::unix::fs::symlink(repository.path("book"), elsewhere.path().join("link")).unwrap();
    let found = history(&elsewhere.path().join("link"), &path("content"), Authors::Unnamed);
    assert_eq!(last(&found.history, "content/desk.md"), "2026-02-02 Name the desk");
}

#[test]
fn a_broken_repository_is_told_of() {
    let repository = two_pages();
    for entry in walkdir::WalkDir::new(repository.path(".git/objects")).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        fs::remove_file(entry.path()).unwrap();
    }
    let found = repository.found();
    assert_eq!(found.history, History::default());
    assert_eq!(found.notes.len(), 1);
    fs::remove_file(repository.path(".git/HEAD")).unwrap();
    let found = repository.found();
    assert!(found.notes.len() == 1 && found.notes[0].contains("takes it for no repository"), "{:?}", found.notes);
}

const ASKED: &str = "JOURNEYBOOK_TEST_ROOT";

/// Not a test: what a child process of the tests below does, in another environment.
#[test]
fn child() {
    let Ok(root) = env::var(ASKED) else { return };
    let found = history(Path::new(&root), &path("content"), Authors::Unnamed);
    println!("\nchanged {} notes {:?}", found.history.changed.len(), found.notes);
}

fn asked_in(root: &Path, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(ASKED, root).envs(environment.iter().copied());
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    output.lines().find(|line| line.starts_with("changed")).unwrap().to_owned()
}

#[test]
fn without_git_a_repository_is_told_of_and_a_plain_folder_is_not() {
    let repository = two_pages();
    let none = tempfile::tempdir().unwrap();
    fs::create_dir(none.path().join("content")).unwrap();
    let no_git = [("PATH", "/nowhere")];
    let told = asked_in(&repository.path("book"), &no_git);
    assert!(told.starts_with("changed 0") && told.contains("Install git"), "{told}");
    assert_eq!(asked_in(none.path(), &no_git), "changed 0 notes []");
}

#[test]
fn a_repository_of_another_user_is_told_of() {
    let repository = two_pages();
    let another = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")];
    let told = asked_in(&repository.path("book"), &another);
    assert!(told.starts_with("changed 0") && told.contains("safe.directory") && told.contains("another user"), "{told}");
}

#[test]
fn the_environment_of_a_hook_does_not_lead_elsewhere() {
    let repository = two_pages();
    let hook = [("GIT_DIR", "/nowhere"), ("GIT_INDEX_FILE", "/nowhere/index"), ("LC_ALL", "nl_NL.UTF-8"), ("GIT_TRACE", "1")];
    assert_eq!(asked_in(&repository.path("book"), &hook), "changed 2 notes []");
}
