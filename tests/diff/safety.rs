//! What a comparison withstands, and what its forms promise.
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::repository::{Repository, TODAY, run};

const MARKER: &str = "<!-- journeybook-diff -->";

#[test]
fn the_same_bytes_for_the_same_trees() {
    let repository = Repository::ferry();
    repository.replace("content/journeys/trip.md", "emotion: -1", "emotion: 0");
    repository.rename("content/touchpoints/bar.md", "content/touchpoints/coffee.md");
    repository.commit("after");
    for format in ["human", "markdown", "json"] {
        let told: Vec<String> = (0..3).map(|_| repository.diff(&["before..after", "--format", format]).out).collect();
        assert!(told[0] == told[1] && told[1] == told[2] && !told[0].is_empty());
    }
}

#[test]
fn one_line_where_nothing_changed() {
    let repository = Repository::ferry();
    let told = repository.diff(&["before", "--format", "markdown"]).out;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, MARKER));
    assert!(lines[1].ends_with("Nothing changed."), "{told}");
    assert_eq!(repository.diff(&["before"]).out.lines().count(), 1);
}

#[test]
fn a_comment_is_never_too_long() {
    let repository = Repository::ferry();
    for at in 0..900 {
        let text = format!("---\ntitle: Page {at} {}\n---\n", "with a long name ".repeat(12));
        repository.write(&format!("content/pages/page-{at}.md"), &text);
    }
    let told = repository.diff(&["before", "--format", "markdown"]).out;
    assert!(told.starts_with(MARKER) && told.len() <= 60_000 && told.len() > 40_000, "{}", told.len());
    let last = told.trim_end().lines().last().unwrap();
    let shown = told.lines().filter(|line| line.starts_with("- ➕")).count();
    assert_eq!(last, format!("**and {} more**", 900 - shown));
    repository.write("content/pages/page-1.md", &format!("---\ntitle: One\n---\n{}", "word ".repeat(200_000)));
    repository.commit("long");
    repository.write("content/pages/page-1.md", &format!("---\ntitle: One\n---\n{}", "other ".repeat(200_000)));
    assert!(repository.diff(&["long", "--format", "markdown"]).out.len() < 5000);
}

#[test]
fn nor_with_long_findings() {
    let repository = Repository::ferry();
    let lost = |of: &str, at: usize| format!("See [[{of}-{at}-{}x]].\n\n", "nowhere-".repeat(110));
    let page = |of: &str| format!("---\ntitle: Lost\n---\n{}", (0..60).map(|at| lost(of, at)).collect::<String>());
    repository.write("content/pages/lost.md", &page("old"));
    repository.commit("lost");
    repository.write("content/pages/lost.md", &page("new"));
    for at in 0..200 {
        repository.write(&format!("content/pages/page-{at}.md"), &format!("---\ntitle: {}\n---\n", "A long name ".repeat(90)));
    }
    let told = repository.diff(&["lost", "--format", "markdown"]).out;
    assert!(told.len() > 40_000 && told.len() <= 60_000, "{}", told.len());
    assert!(told.contains("old-0-nowhere") && told.contains("new-0-nowhere") && told.contains("- ➕ **A long name"));
    let shown = told.lines().filter(|line| line.contains("new-") && line.starts_with("- error")).count();
    assert!(shown < 20 && told.contains(&format!("- and {} more", 60 - shown)), "{shown}");
}

#[test]
fn the_words_of_a_comment_are_the_handbooks() {
    let repository = Repository::ferry();
    repository.replace("book.toml", "currency", "language = \"nl\"\ncurrency");
    repository.commit("nl");
    repository.replace("content/journeys/trip.md", "emotion: -1", "emotion: 1.5");
    let told = repository.diff(&["nl", "--format", "markdown"]).out;
    assert!(told.contains("### Wat er is gewijzigd") && told.contains("−1 → **+1,5** (beter)"), "{told}");
}

#[test]
fn hostile_texts_stay_texts() {
    let repository = Repository::ferry();
    let hostile = "<script>alert(1)</script> @ann [x](javascript:a) `a` **b** \u{1b}[31m <!-- journeybook-diff --> | ~~x~~";
    repository.write(
        "content/pages/bad.md",
        &format!("---\ntitle: {}\n---\n{hostile}\n", serde_json::to_string(hostile).unwrap().replace("\\u001b", "")),
    );
    repository.commit("bad");
    repository.write("content/pages/bad.md", "---\ntitle: Good\n---\nGood.\n");
    let told = repository.diff(&["bad", "--format", "markdown"]).out;
    assert_eq!(told.matches(MARKER).count(), 1, "{told}");
    assert!(!told.contains("<script") && !told.contains("@ann") && !told.contains("[x](java"), "{told}");
    for format in ["human", "json", "markdown"] {
        assert!(!repository.diff(&["bad", "--format", format]).out.contains('\u{1b}'), "{format}");
    }
}

/// Code is told as code, and none is left open where a line is cut.
#[test]
fn code_in_a_comment_ends() {
    let repository = Repository::ferry();
    let long = format!("She types `{}@ann` for", "a-word-of-some-length-that-goes-on ".repeat(50));
    repository.replace("content/journeys/trip.md", "She waits for", &long);
    repository.replace("content/journeys/trip.md", "Stands in the wind", "Stands at `B 2` and `<!-- journeybook-diff -->`");
    repository.replace("content/journeys/trip.md", "Where is the boat?", "Where is `the boat?");
    let told = repository.diff(&["before", "--format", "markdown"]).out;
    assert!(told.contains("`B 2`") && told.contains("\\`the**") && told.contains("types …"), "{told}");
    assert!(!told.contains("@ann") && told.matches(MARKER).count() == 1, "{told}");
}

#[test]
fn odd_files_in_an_old_revision() {
    let repository = Repository::ferry();
    fs::write(repository.path("content/pages/binary.md"), b"\x00\xff\xfe\x01---").unwrap();
    fs::write(repository.path("content/pages").join(OsStr::from_bytes(b"bad-\xff.md")), "x").unwrap();
    fs::write(repository.path("content/pages/.hidden.md"), "x").unwrap();
    fs::write(repository.path("content/pages/back\\slash.md"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", repository.path("content/pages/out.md")).unwrap();
    std::os::unix::fs::symlink("nowhere.md", repository.path("content/pages/lost.md")).unwrap();
    std::os::unix::fs::symlink("method.md", repository.path("content/pages/same.md")).unwrap();
    std::os::unix::fs::symlink("../personas", repository.path("content/pages/people")).unwrap();
    std::os::unix::fs::symlink("loop", repository.path("content/pages/loop")).unwrap();
    std::os::unix::fs::symlink("../../../nothing.md", repository.path("content/pages/out-to-nothing.md")).unwrap();
    std::os::unix::fs::symlink("../channels", repository.path("content/pages/ways")).unwrap();
    std::os::unix::fs::symlink("web.md", repository.path("content/channels/net.md")).unwrap();
    std::os::unix::fs::symlink("nowhere.md", repository.path("content/channels/lost.md")).unwrap();
    std::os::unix::fs::symlink("..", repository.path("content/pages/around")).unwrap();
    fs::write(repository.path("content/channels").join(OsStr::from_bytes(b"bad-\xff.md")), "x").unwrap();
    repository.commit("odd");
    let told = repository.diff(&["odd"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(told.out.lines().next().unwrap().rsplit(": ").next(), Some("Nothing changed."), "{}", told.out);
    let told = repository.diff(&["before..odd", "--format", "json"]);
    assert!(!told.out.contains("root:"), "a link that leads out is not followed");
    assert!(!told.out.contains(".hidden"));
}

#[test]
fn no_setting_changes_what_is_said() {
    let repository = Repository::ferry();
    repository.rename("content/touchpoints/bar.md", "content/touchpoints/coffee.md");
    repository.commit("after");
    let expected = repository.diff(&["before..after", "--format", "json"]).out;
    let alarm = repository.path("alarm.sh");
    fs::write(&alarm, "#!/bin/sh\ntouch \"$(dirname \"$0\")/alarm\"\n").unwrap();
    fs::set_permissions(&alarm, fs::Permissions::from_mode(0o755)).unwrap();
    let alarm = alarm.to_str().unwrap();
    let settings = [
        ("core.fsmonitor", alarm),
        ("core.pager", alarm),
        ("diff.external", alarm),
        ("diff.odd.command", alarm),
        ("diff.odd.textconv", alarm),
        ("alias.diff", "status"),
        ("alias.cat-file", "status"),
        ("diff.renames", "false"),
        ("diff.orderFile", "/not/there"),
        ("diff.relative", "false"),
        ("diff.noprefix", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.renameLimit", "1"),
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("core.abbrev", "4"),
    ];
    repository.write(".gitattributes", "*.md diff=odd\n");
    for (name, value) in settings {
        repository.git(&["config", name, value]);
        assert_eq!(repository.diff(&["before..after", "--format", "json"]).out, expected, "{name}");
    }
    assert!(!repository.path("alarm").exists());
    let hook = [
        ("GIT_DIR", "/nowhere"),
        ("GIT_INDEX_FILE", "/nowhere/index"),
        ("GIT_EXTERNAL_DIFF", alarm),
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_GLOB_PATHSPECS", "1"),
        ("GIT_ATTR_SOURCE", "nowhere"),
        ("LC_ALL", "nl_NL.UTF-8"),
    ];
    let told = run(repository.top(), &["diff", "before..after", "--format", "json", "--today", TODAY], &hook);
    assert_eq!(told.out, expected);
    assert!(!repository.path("alarm").exists());
}

#[test]
fn line_ends_that_git_changes_are_no_change() {
    let repository = Repository::ferry();
    repository.git(&["config", "core.autocrlf", "true"]);
    for path in ["content/personas/anna.md", "content/pages/method.md"] {
        repository.write(path, &repository.read(path).replace('\n', "\r\n"));
    }
    let told = repository.told(&["before"]);
    assert_eq!(told, "Nothing changed.\n");
}

#[test]
fn what_a_change_brings_can_end_with_1() {
    let code = |repository: &Repository, rules: &str| repository.diff(&["before", "--fail-on", rules]).code;
    let repository = Repository::ferry();
    assert_eq!(code(&repository, "error,warning,removed-link,orphan"), 0);
    repository.replace("content/journeys/trip.md", "touchpoints: [bar]", "touchpoints: []");
    assert_eq!(["orphan", "removed-link", "stale,removed-link", "error", "warning"].map(|rules| code(&repository, rules)), [1, 1, 1, 0, 0]);
    assert_eq!(code(&repository, "error, orphan"), 1);
    let told = repository.diff(&["before", "--fail-on", "suspect"]);
    assert!(told.code == 2 && told.err.contains("does not judge `suspect`"), "it would never be met: {}", told.err);
    repository.replace("content/journeys/trip.md", "touchpoints: []", "touchpoints: [nowhere]");
    assert_eq!(["error", "warning", "broken-reference", "cycle"].map(|rules| code(&repository, rules)), [1, 1, 1, 0]);
    let renamed = Repository::ferry();
    renamed.rename("content/touchpoints/bar.md", "content/touchpoints/coffee.md");
    renamed.replace("content/journeys/trip.md", "[bar]", "[coffee]");
    assert_eq!(code(&renamed, "removed-link"), 1, "its address leads nowhere");
    renamed.replace("content/touchpoints/coffee.md", "title:", "was: bar\ntitle:");
    assert_eq!(code(&renamed, "removed-link"), 0);
    let said = renamed.diff(&["before", "--fail-on", "orphn"]);
    assert_eq!((said.code, said.err.as_str()), (2, "error: there is no rule `orphn`\nDid you mean `orphan`?\n"));
}

#[test]
fn what_is_hidden_now_is_not_told_from_before() {
    let repository = Repository::ferry();
    repository.write("content/pages/plan.md", "---\ntitle: The secret plan\n---\nSell the boat.\n");
    repository.write("content/pages/open.md", "---\ntitle: Open\nsummary: See [[plan]].\n---\n");
    repository.commit("public");
    repository.replace("content/pages/plan.md", "title:", "audience: staff\ntitle:");
    repository.rename("content/pages/plan.md", "content/pages/plan-b.md");
    repository.replace("content/pages/plan-b.md", "title:", "was: plan\ntitle:");
    repository.replace("content/pages/open.md", "See [[plan]].", "Nothing.");
    repository.write("book.toml", &format!("{}partners = \"Partners\"\n", repository.read("book.toml")));
    let of = |audience: &str| repository.diff(&["public", "--audience", audience, "--format", "json"]).out;
    assert!(of("staff").contains("The secret plan"));
    assert!(!of("partners").contains("secret") && !of("partners").contains("Sell"), "{}", of("partners"));
}

#[test]
fn nor_where_it_got_another_name_and_nobody_says_so() {
    let repository = Repository::ferry();
    let plan = format!("---\ntitle: The secret plan\n---\n{}", "Sell the boat to the islanders. ".repeat(9));
    repository.write("content/pages/plan.md", &plan);
    repository.write("book.toml", &format!("{}partners = \"Partners\"\n", repository.read("book.toml")));
    repository.commit("public");
    repository.rename("content/pages/plan.md", "content/pages/later.md");
    repository.replace("content/pages/later.md", "title:", "audience: staff\ntitle:");
    repository.replace("content/pages/method.md", "title:", "tags: [x]\ntitle:");
    let of = |range: &str, audience: &str| repository.diff(&[range, "--audience", audience, "--format", "json"]).out;
    assert!(of("public", "staff").contains("The secret plan") && of("public", "partners").contains("method"));
    assert!(!of("public", "partners").contains("secret"), "{}", of("public", "partners"));
    repository.commit("hidden");
    assert!(!of("public..hidden", "partners").contains("secret"), "{}", of("public..hidden", "partners"));
}

/// What stands in the running text is no step's, also where the last step went.
#[test]
fn an_old_finding_stays_old_where_the_last_step_went() {
    let repository = Repository::ferry();
    repository.replace("content/journeys/trip.md", "The class wants", "[[nowhere]]. The class wants");
    repository.commit("with");
    let last = "      - id: tell\n        title: Tell the class\n        does: Shows the photographs on Monday morning.\n        \
        emotion: 1\n        lead: office\n";
    repository.replace("content/journeys/trip.md", last, "");
    repository.replace("content/journeys/trip.md", "    moment: after\n    steps:\n", "    moment: after\n");
    let json = repository.json(&["with"]);
    let of = |which: &str| json["findings"][which].to_string();
    assert!(!of("introduced").contains("nowhere") && !of("cured").contains("nowhere"), "{}", json["findings"]);
    assert_eq!(repository.diff(&["with", "--fail-on", "error"]).code, 0);
}
