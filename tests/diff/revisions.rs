//! Which revisions are compared, and what is said where that cannot be.
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::repository::{Repository, TODAY, copy, git, run};

fn titles(json: &serde_json::Value) -> Vec<String> {
    let title = |change: &serde_json::Value| {
        let thing = if change["after"].is_null() { &change["before"] } else { &change["after"] };
        format!("{} {}", change["change"].as_str().unwrap(), thing["id"].as_str().unwrap())
    };
    json["entities"].as_array().unwrap().iter().map(title).collect()
}

/// `main` has a new channel, `side` a new department, the files a new page.
fn forked() -> Repository {
    let repository = Repository::ferry();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("content/departments/yard.md", "---\ntitle: The yard\n---\n");
    repository.commit("on-side");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("content/channels/phone.md", "---\ntitle: The phone\n---\n");
    repository.commit("on-main");
    repository.git(&["checkout", "-q", "side"]);
    repository.write("content/pages/new.md", "New.\n");
    repository
}

#[test]
fn ranges_mean_what_git_means_by_them() {
    let repository = forked();
    let told = |arguments: &[&str]| titles(&repository.json(arguments));
    assert_eq!(told(&[]), ["added yard", "added new"], "since main was left, the files as they are");
    assert_eq!(told(&["main"]), ["removed phone", "added yard", "added new"]);
    assert_eq!(told(&["main..side"]), ["removed phone", "added yard"]);
    assert_eq!(told(&["main...side"]), ["added yard"]);
    assert_eq!(told(&["..side"]), ["added yard"]);
    assert_eq!(told(&["side..main"]), ["added phone", "removed yard"]);
    assert_eq!(told(&["before.."]), ["added yard"]);
    assert_eq!(told(&["HEAD"]), ["added new"]);
    let json = repository.json(&["main...side"]);
    assert_eq!(json["base"]["name"], "main");
    assert_eq!(json["base"]["date"], "2026-01-01");
    assert_eq!(json["base"]["commit"].as_str().unwrap().len(), 40);
    assert_eq!(repository.json(&[])["head"]["name"], serde_json::Value::Null);
}

#[test]
fn the_remotes_main_branch_counts_first() {
    let origin = forked();
    origin.git(&["checkout", "-q", "-f", "main"]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", origin.top().display());
    git(clone.path(), &["clone", "-q", &from, "clone"]);
    let here = clone.path().join("clone");
    git(&here, &["checkout", "-q", "--detach", "origin/side"]);
    git(&here, &["branch", "-D", "main"]);
    let told = run(&here, &["diff", "--today", TODAY], &[]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("1 added") && told.out.contains("The yard"), "{}", told.out);
}

#[test]
fn a_merge_and_a_detached_head() {
    let repository = forked();
    repository.git(&["checkout", "-q", "--detach", "main"]);
    repository.git(&["merge", "-q", "--no-edit", "side"]);
    assert_eq!(titles(&repository.json(&["before..HEAD"])), ["added phone", "added yard"]);
    assert_eq!(titles(&repository.json(&["HEAD^2..HEAD"])), ["added phone"]);
}

fn refused(repository: &Repository, arguments: &[&str]) -> String {
    let run = repository.diff(arguments);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    run.err
}

#[test]
fn what_is_no_revision_is_refused_with_near_names() {
    let repository = forked();
    assert_eq!(refused(&repository, &["sidd"]), "error: there is no revision `sidd`\nDid you mean `side`?\n");
    assert_eq!(refused(&repository, &["main..befor"]), "error: there is no revision `befor`\nDid you mean `before`?\n");
    assert!(refused(&repository, &["0000000000"]).contains("Name a branch, a tag or a commit"));
    assert!(refused(&repository, &["main:content"]).contains("there is no revision `main:content`"));
    for odd in ["a b", "@{99}", "main\n--output=x", "HEAD^{tree}", "é"] {
        assert!(refused(&repository, &[odd]).starts_with("error: there is no revision"), "{odd:?}");
    }
    for empty in ["", " "] {
        let said = refused(&repository, &[empty]);
        assert!(said.starts_with("error: the revision has no name: what was given is empty\nName a branch"), "{said}");
    }
}

#[test]
fn no_revision_is_taken_for_an_option() {
    let repository = forked();
    for odd in ["--output=x", "--all", "-h", "--upload-pack=touch x", "--git-dir=/", "--end-of-options"] {
        let said = refused(&repository, &["--", odd]);
        assert!(said.starts_with(&format!("error: there is no revision `{odd}`")), "{said}");
        let said = refused(&repository, &["--", &format!("main..{odd}")]);
        assert!(said.starts_with(&format!("error: there is no revision `{odd}`")), "{said}");
    }
    assert_eq!(repository.diff(&["--output=x"]).code, 2);
    assert!(!repository.path("x").exists());
}

#[test]
fn without_a_main_branch_one_has_to_be_named() {
    let repository = Repository::ferry();
    repository.git(&["branch", "-m", "trunk"]);
    assert!(refused(&repository, &[]).contains("`journeybook diff BASE`"));
    assert_eq!(repository.told(&["trunk"]).lines().next(), Some("Nothing changed."));
}

#[test]
fn a_tag_may_be_called_like_the_main_branch() {
    let repository = forked();
    repository.git(&["tag", "main", "side"]);
    assert_eq!(titles(&repository.json(&["HEAD..."])), [""; 0]);
    assert_eq!(titles(&repository.json(&[])), ["added yard", "added new"]);
}

#[test]
fn a_commit_may_be_looked_for_by_its_text() {
    let repository = forked();
    assert_eq!(titles(&repository.json(&[":/on-main"])), ["removed phone", "added yard", "added new"]);
    assert!(refused(&repository, &["^main"]).contains("there is no revision `^main`"));
}

#[test]
fn a_commit_of_no_day_is_one() {
    let repository = forked();
    let git = std::process::Command::new("git")
        .current_dir(repository.top())
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "--allow-empty", "-m", "far"])
        .env("GIT_COMMITTER_DATE", "@999999999999 +0000")
        .output()
        .unwrap();
    assert!(git.status.success());
    let json = repository.json(&["HEAD"]);
    assert_eq!((titles(&json), &json["base"]["date"]), (vec!["added new".to_owned()], &serde_json::Value::Null));
}

#[test]
fn the_handbooks_folder_may_be_called_anything() {
    for name in [&b"bad-\xff"[..], b"new\nline", b"-dash", b":(glob)*", b"quote\"", b"back\\slash"] {
        let repository = Repository::empty("");
        let book = repository.top().join(OsStr::from_bytes(name));
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook"), &book);
        repository.commit("before");
        fs::write(book.join("content/channels/phone.md"), "---\ntitle: The phone\n---\n").unwrap();
        let told = run(&book, &["diff", "before", "--today", TODAY], &[]);
        assert_eq!(told.err, "", "{name:?}");
        assert!(told.out.contains("1 added; 16 others are the same"), "{name:?}: {}", told.out);
    }
}

#[test]
fn branches_without_a_common_commit() {
    let repository = Repository::ferry();
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit("alone");
    assert!(refused(&repository, &["main...other"]).contains("have no commit in common\nCompare them as they are: `main..other`."));
    assert_eq!(repository.told(&["main..other"]).lines().next(), Some("Nothing changed."));
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let origin = forked();
    origin.git(&["checkout", "-q", "-f", "main"]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", origin.top().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", "--no-single-branch", &from, "clone"]);
    let told = run(&clone.path().join("clone"), &["diff", "origin/main...origin/side"], &[]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("git fetch --unshallow"), "{}", told.err);
    let told = run(&clone.path().join("clone"), &["diff", "HEAD~1"], &[]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("there is no revision `HEAD~1` in this clone") && told.err.contains("--unshallow"), "{}", told.err);
}

#[test]
fn a_clone_that_holds_no_old_files_says_so() {
    let origin = Repository::ferry();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.replace("content/pages/method.md", "How we map", "How maps are made");
    origin.commit("after");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", origin.top().display());
    git(clone.path(), &["clone", "-q", "--filter=blob:none", &from, "clone"]);
    let clone = clone.path().join("clone");
    let told = run(&clone, &["diff", "before"], &[]);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
    assert!(told.err.contains("does not hold all of before: `content/pages/method.md` cannot be read"), "{}", told.err);
    assert!(told.err.contains("`git diff before` fetches"), "{}", told.err);
    git(&clone, &["diff", "before"]);
    let told = run(&clone, &["diff", "before"], &[]);
    assert!(told.out.contains("How maps are made") && told.out.contains("1 changed"), "{}{}", told.out, told.err);
}

#[test]
fn what_a_work_tree_leaves_out_is_said() {
    let repository = Repository::ferry();
    repository.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/content/touchpoints/"]);
    let told = repository.diff(&["before"]);
    assert!(told.out.contains("3 removed; 13 others are the same"), "{}", told.out);
    assert_eq!(told.err.lines().count(), 1);
    assert!(told.err.contains("(`git sparse-checkout`), and so they are told as gone: 3\n"), "{}", told.err);
    repository.remove("content/channels/web.md");
    let told = repository.diff(&["before"]);
    assert!(told.out.contains("4 removed") && told.err.contains("gone: 3\n"), "{}{}", told.out, told.err);
}

/// Where git does not give what it said is there, nothing is told that rests on its being empty.
#[test]
fn what_git_cannot_read_is_refused() {
    let repository = Repository::ferry();
    repository.replace("content/metrics/on-time.csv", "88", "89");
    repository.replace("book.toml", "The ferry", "The boat");
    repository.commit("after");
    for path in ["content/metrics/on-time.csv", "book.toml", "content/metrics", "content"] {
        let id = std::process::Command::new("git")
            .current_dir(repository.top())
            .args(["rev-parse", &format!("before:{path}")])
            .output()
            .unwrap();
        let id = String::from_utf8(id.stdout).unwrap();
        let object = repository.path(".git/objects").join(&id[..2]).join(id[2..].trim());
        let aside = repository.path(".git/aside");
        fs::rename(&object, &aside).unwrap();
        for range in ["before", "before..after"] {
            let said = refused(&repository, &[range]);
            assert!(said.starts_with("error: this clone does not hold all of"), "{path}: {said}");
        }
        fs::rename(&aside, &object).unwrap();
    }
    assert_eq!(titles(&repository.json(&["before"])), ["changed on-time"]);
}

#[test]
fn a_repository_without_a_commit() {
    let repository = Repository::empty("");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook"), &repository.path("."));
    for arguments in [&[][..], &["HEAD"], &["main..HEAD"]] {
        let said = refused(&repository, arguments);
        assert!(said.starts_with("error: the repository has no commit yet"), "{said}");
    }
}

#[test]
fn no_repository_no_git_and_another_users_repository() {
    let repository = Repository::ferry();
    let plain = tempfile::tempdir().unwrap();
    copy(&repository.path("content"), &plain.path().join("content"));
    fs::copy(repository.path("book.toml"), plain.path().join("book.toml")).unwrap();
    let told = run(plain.path(), &["diff"], &[("GIT_CEILING_DIRECTORIES", "/")]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("lies in no git repository") && told.err.contains("--from DIR"), "{}", told.err);
    let told = run(repository.top(), &["diff"], &[("PATH", "/nowhere")]);
    assert!(told.code == 2 && told.err.contains("there is no `git`") && told.err.contains("Install git"), "{}", told.err);
    let another = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")];
    let told = run(repository.top(), &["diff"], &another);
    assert!(told.code == 2 && told.err.contains("another user") && told.err.contains("safe.directory"), "{}", told.err);
}

#[test]
fn two_folders() {
    let repository = Repository::ferry();
    let other = tempfile::tempdir().unwrap();
    copy(&repository.path("content"), &other.path().join("content"));
    fs::copy(repository.path("book.toml"), other.path().join("book.toml")).unwrap();
    fs::write(other.path().join("content/pages/line.svg"), "<svg/>").unwrap();
    fs::write(other.path().join("content/channels/web.md"), "---\ntitle: The net\nmedium: digital\n---\n").unwrap();
    let other = other.path().to_str().unwrap();
    let json = repository.json(&["--from", other]);
    assert_eq!((titles(&json), json["base"]["name"].as_str()), (vec!["changed web".to_owned()], Some(other)));
    assert_eq!(json["files"], serde_json::json!([{"file": "content/pages/line.svg", "change": "changed"}]));
    assert_eq!(titles(&repository.json(&["--from", ".", "--to", other])), ["changed web"]);
    assert_eq!(repository.diff(&["--to", other]).code, 2);
    assert_eq!(repository.diff(&["--from", other, "main"]).code, 2);
    assert!(refused(&repository, &["--from", "content"]).contains("there is no book.toml"));
}

#[test]
fn the_handbook_may_lie_in_a_subfolder_and_move() {
    let repository = Repository::empty("docs/book");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook"), &repository.path("."));
    fs::write(repository.top().join("README.md"), "x").unwrap();
    repository.commit("before");
    repository.write("content/channels/phone.md", "---\ntitle: The phone\n---\n");
    assert_eq!(titles(&repository.json(&["before"])), ["added phone"]);
    repository.remove("content/channels/phone.md");
    fs::rename(repository.top().join("docs/book"), repository.top().join("handbook")).unwrap();
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "moved"]);
    let told = run(&repository.top().join("handbook"), &["diff", "before", "--today", TODAY], &[]);
    assert_eq!(told.err, "note: in before the handbook lies in docs/book\n");
    assert!(told.out.contains("Nothing changed."), "{}", told.out);
}

/// Several handbooks may share a repository: a new one is new, and one that moved is found though others stayed.
#[test]
fn a_handbook_beside_others() {
    let ferry = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook");
    let repository = Repository::empty("a");
    copy(&ferry, &repository.path("."));
    copy(&ferry, &repository.top().join("b"));
    repository.commit("before");
    let told = |folder: &str| run(&repository.top().join(folder), &["diff", "before", "--today", TODAY], &[]);
    copy(&ferry, &repository.top().join("new"));
    let new = told("new");
    assert_eq!(new.err, "note: there is no handbook in before yet: everything is new\n");
    assert!(new.out.contains("16 added; 0 others"), "{}", new.out);
    fs::rename(repository.top().join("a"), repository.top().join("c")).unwrap();
    let moved = told("c");
    assert_eq!((moved.code, moved.err.as_str()), (0, "note: in before the handbook lies in a\n"));
    assert!(moved.out.ends_with(": Nothing changed.\n"), "{}", moved.out);
    fs::remove_dir_all(repository.top().join("b")).unwrap();
    let either = told("c");
    assert!(either.code == 2 && either.err.contains("in 2 others that have gone since"), "{}", either.err);
}

/// What git says of a link's own name says nothing of the file that it leads to.
#[test]
fn a_link_to_a_file_that_changed_changed_too() {
    let repository = Repository::ferry();
    repository.write("shared/hall.md", "---\ntitle: The hall\nchannel: in-person\n---\n");
    symlink("../../shared/hall.md", repository.path("content/touchpoints/hall.md")).unwrap();
    symlink("../../shared", repository.path("content/pages/shared")).unwrap();
    repository.commit("with");
    assert_eq!(repository.told(&["with"]).lines().next(), Some("Nothing changed."));
    repository.replace("shared/hall.md", "The hall", "The big hall");
    assert_eq!(titles(&repository.json(&["with"])), ["changed hall", "changed hall"]);
}

#[test]
fn content_in_another_folder() {
    let repository = Repository::ferry();
    fs::rename(repository.path("content"), repository.path("pages")).unwrap();
    repository.replace("book.toml", "currency", "content = \"pages\"\ncurrency");
    repository.commit("after");
    let json = repository.json(&["before..after"]);
    assert_eq!(json["summary"]["added"], 0);
    assert_eq!(json["summary"]["removed"], 0);
    assert_eq!(json["settings"][0]["path"], serde_json::json!(["content"]));
}

#[test]
fn of_two_steps_with_one_id_the_second_is_told_to_go() {
    let repository = Repository::ferry();
    let trip = repository.read("content/journeys/trip.md");
    repository.replace(
        "content/journeys/trip.md",
        "      - id: cross\n",
        "      - {id: cross, title: Cross once more}\n      - id: cross\n",
    );
    repository.commit("twice");
    repository.write("content/journeys/trip.md", &trip);
    let told = repository.diff(&["twice"]).out;
    assert!(told.contains("- step Cross"), "{told}");
}

#[test]
fn a_revision_without_a_handbook_and_one_that_is_broken() {
    let repository = Repository::empty("");
    fs::write(repository.top().join("README.md"), "x").unwrap();
    repository.commit("nothing");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook"), &repository.path("."));
    repository.commit("something");
    let told = repository.diff(&["nothing"]);
    assert_eq!((told.code, told.err.as_str()), (0, "note: there is no handbook in nothing yet: everything is new\n"));
    let tally = told.out.lines().next().and_then(|line| line.rsplit_once("the files as they are: "));
    assert_eq!(tally.map(|(_, tally)| tally), Some("16 added; 0 others are the same"), "{}", told.out);
    repository.write("book.toml", "title = \"The");
    repository.write("content/personas/anna.md", "---\ntitle: [Anna\n---\n");
    repository.write("content/touchpoints/bar.md", "---\ntitle: The bar\n");
    repository.commit("broken");
    repository.git(&["checkout", "-q", "something", "."]);
    let told = repository.diff(&["broken"]);
    assert_eq!(told.code, 0);
    assert!(told.err.starts_with("note: book.toml in broken cannot be read"), "{}", told.err);
    assert!(told.out.contains("Findings that are gone") && told.out.contains("front-matter-unclosed"), "{}", told.out);
    let told = repository.diff(&["broken..nothing"]);
    assert_eq!(told.code, 0, "{}", told.err);
}

#[test]
fn a_work_tree_of_its_own_and_a_submodule() {
    let repository = Repository::ferry();
    let elsewhere = tempfile::tempdir().unwrap();
    let tree = elsewhere.path().join("tree");
    repository.git(&["worktree", "add", "-q", tree.to_str().unwrap(), "-b", "aside"]);
    fs::write(tree.join("content/channels/phone.md"), "---\ntitle: The phone\n---\n").unwrap();
    let told = run(&tree, &["diff", "--today", TODAY], &[]);
    assert!(told.out.contains("1 added") && told.out.contains("The phone"), "{}{}", told.out, told.err);

    let shared = Repository::empty("");
    fs::write(shared.top().join("hall.md"), "---\ntitle: The hall\nchannel: in-person\n---\n").unwrap();
    shared.commit("one");
    let whole = Repository::ferry();
    whole.git(&["submodule", "add", "-q", shared.top().to_str().unwrap(), "content/touchpoints/shared"]);
    whole.commit("with");
    assert_eq!(whole.told(&["with"]).lines().next(), Some("Nothing changed."));
    whole.replace("content/touchpoints/shared/hall.md", "The hall", "The big hall");
    assert_eq!(titles(&whole.json(&["with"])), ["changed hall"]);
    let outer = Repository::ferry();
    let inner = Repository::empty("");
    fs::write(inner.top().join("page.md"), "Inner.\n").unwrap();
    inner.git(&["submodule", "add", "-q", shared.top().to_str().unwrap(), "deep"]);
    inner.commit("inner");
    outer.git(&["submodule", "add", "-q", inner.top().to_str().unwrap(), "content/touchpoints/inner"]);
    outer.git(&["submodule", "update", "-q", "--init", "--recursive"]);
    outer.commit("with");
    assert_eq!(outer.told(&["with"]).lines().next(), Some("Nothing changed."), "a submodule in a submodule");
    git(elsewhere.path(), &["clone", "-q", whole.top().to_str().unwrap(), "clone"]);
    let told = run(&elsewhere.path().join("clone"), &["diff", "HEAD"], &[]);
    assert!(told.out.ends_with(": Nothing changed.\n"), "never fetched: {}", told.out);
}
