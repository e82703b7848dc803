//! What becomes of a save, whatever writes it.
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Answer, Preview, handbook, page, picture, write};

const DESK: &str = "content/pages/desk.md";
const PAGE: &str = "/pages/desk.html";

/// How a program saves a file: with the folder, the file, and its new text.
type Save = fn(&Path, &Path, &str);

/// The ways of editors and other tools, each with what it does between the old text and the new one.
const SAVES: &[(&str, Save)] = &[
    ("in place", |_, file, text| fs::write(file, text).unwrap()),
    ("emptied first, and written after a while", |_, file, text| {
        let mut open = File::create(file).unwrap();
        // That long the program takes.
        std::thread::sleep(Duration::from_millis(120));
        open.write_all(text.as_bytes()).unwrap();
    }),
    ("in pieces", |_, file, text| {
        let mut open = File::create(file).unwrap();
        for piece in text.as_bytes().chunks(9) {
            open.write_all(piece).unwrap();
            open.flush().unwrap();
            std::thread::sleep(Duration::from_millis(4));
        }
    }),
    ("beside it, and renamed over it", |folder, file, text| {
        let beside = folder.join("content/pages/.desk.md.tmp1");
        fs::write(&beside, text).unwrap();
        fs::rename(beside, file).unwrap();
    }),
    ("beside it under a name of ours, and renamed", |folder, file, text| {
        let beside = folder.join("content/pages/desk.md~");
        fs::write(&beside, text).unwrap();
        fs::rename(beside, file).unwrap();
    }),
    ("vim's dance: a trial file, a backup, a new file", |folder, file, text| {
        let (trial, backup) = (folder.join("content/pages/4913"), folder.join("content/pages/desk.md~"));
        fs::write(&trial, "").unwrap();
        fs::remove_file(trial).unwrap();
        fs::rename(file, &backup).unwrap();
        fs::write(file, text).unwrap();
        fs::remove_file(backup).unwrap();
    }),
    ("deleted and made again", |_, file, text| {
        fs::remove_file(file).unwrap();
        fs::write(file, text).unwrap();
    }),
    ("in the folder of another, and linked into it", |folder, file, text| {
        let elsewhere = folder.join("elsewhere.md");
        fs::write(&elsewhere, text).unwrap();
        fs::remove_file(file).unwrap();
        fs::hard_link(&elsewhere, file).unwrap();
        fs::remove_file(elsewhere).unwrap();
    }),
    ("with a clock that is an hour late", |_, file, text| {
        fs::write(file, text).unwrap();
        let past = std::time::SystemTime::now() - Duration::from_secs(3600);
        File::options().write(true).open(file).unwrap().set_modified(past).unwrap();
    }),
    ("with the same length and the same time", |_, file, text| {
        let before = fs::metadata(file).unwrap().modified().unwrap();
        let open = File::options().write(true).open(file).unwrap();
        fs::write(file, text).unwrap();
        open.set_modified(before).unwrap();
    }),
];

fn desk(text: &str) -> String {
    page("The desk", text)
}

fn every_save_is_shown_once(args: &[&str], saves: &[(&str, Save)]) {
    let folder = handbook(&[(DESK, &desk("It says 100."))]);
    let preview = Preview::of(folder.path(), args);
    let mut events = preview.events();
    events.next();
    for (at, (name, save)) in saves.iter().enumerate() {
        let text = format!("It says {}.", 101 + at);
        save(folder.path(), &folder.path().join(DESK), &desk(&text));
        let news = events.next();
        let shown = preview.get(PAGE);
        assert!(shown.has(&text), "{name}: {news}\n{}\n{}", shown.text(), preview.said());
        assert_eq!(news["errors"], 0, "{name}: {}", preview.said());
    }
    let lines = preview.hears_times("✓ 1 file,", saves.len());
    assert_eq!(lines.len(), saves.len(), "one line a save: {}", preview.said());
}

#[test]
fn every_save_is_shown_once_where_the_system_tells() {
    every_save_is_shown_once(&[], SAVES);
}

#[test]
fn every_save_is_shown_once_where_files_are_polled() {
    every_save_is_shown_once(&["--poll"], SAVES);
}

#[test]
fn a_touch_is_no_save() {
    let folder = handbook(&[(DESK, &desk("It says 1."))]);
    let preview = Preview::of(folder.path(), &[]);
    let mut events = preview.events();
    events.next();
    fs::write(folder.path().join(DESK), desk("It says 1.")).unwrap();
    write(folder.path(), "content/pages/.hidden.md", "x");
    write(folder.path(), "content/pages/desk.md~", "x");
    write(folder.path(), "notes.txt", "x");
    write(folder.path(), DESK, desk("It says 2."));
    events.next();
    assert_eq!(preview.hears_times("✓ 1 file,", 1).len(), 1, "{}", preview.said());
    assert!(preview.get(PAGE).has("It says 2."));
}

#[test]
fn folders_are_renamed_and_moved_away_and_back() {
    let folder = handbook(&[("content/pages/deep/a.md", &page("A", "One.")), (DESK, &desk("[[page:a]]"))]);
    let at = |path: &str| folder.path().join(path);
    let preview = Preview::of(folder.path(), &[]);
    assert_eq!(preview.get("/pages/a.html").status, 200);
    fs::rename(at("content/pages/deep"), at("content/pages/deeper")).unwrap();
    write(folder.path(), "content/pages/deeper/a.md", page("A", "Two."));
    preview.until("/pages/a.html", |answer| answer.has("Two."));
    fs::rename(at("content/pages"), at("away")).unwrap();
    preview.until("/pages/a.html", |answer| answer.status == 404);
    fs::rename(at("away"), at("content/pages")).unwrap();
    preview.until("/pages/a.html", |answer| answer.has("Two."));
    fs::rename(at("content"), at("elsewhere")).unwrap();
    preview.until(PAGE, |answer| answer.status == 404);
    fs::rename(at("elsewhere"), at("content")).unwrap();
    preview.until(PAGE, |answer| answer.status == 200);
    // Where it is heard again.
    write(folder.path(), "content/pages/deeper/a.md", page("A", "Three."));
    preview.until("/pages/a.html", |answer| answer.has("Three."));
    fs::rename(at("content"), at("elsewhere")).unwrap();
    write(folder.path(), "content/pages/other.md", page("Other", "Another folder."));
    preview.until("/pages/other.html", |answer| answer.has("Another folder."));
    write(folder.path(), "content/pages/other.md", page("Other", "Written again."));
    preview.until("/pages/other.html", |answer| answer.has("Written again."));
}

#[test]
fn settings_themes_tables_and_pictures_count_too() {
    let metric = "---\ntitle: Score\ndata: score.csv\n---\n\n![Plan](plan.png)\n";
    let folder = handbook(&[("content/metrics/score.md", metric), ("content/metrics/score.csv", "date,value\n2026-01-01,7\n")]);
    write(folder.path(), "content/metrics/plan.png", picture(30, 20, 0));
    let preview = Preview::of(folder.path(), &[]);
    let page = "/metrics/score.html";
    assert!(preview.get(page).has("width=\"30\""));
    write(folder.path(), "content/metrics/score.csv", "date,value\n2026-01-01,7\n2026-02-01,8.25\n");
    preview.until(page, |answer| answer.has("8.25"));
    let mut events = preview.events();
    events.next();
    write(folder.path(), "content/metrics/plan.png", picture(50, 20, 0));
    assert_eq!(events.next()["files"], serde_json::json!(["/metrics/plan.png"]));
    assert!(preview.get(page).has("width=\"50\""));
    assert_eq!(preview.get("/metrics/plan.png").body, picture(50, 20, 0));
    write(folder.path(), "book.toml", "title = \"Renamed\"\n");
    preview.until("/", |answer| answer.has("Renamed"));
    write(folder.path(), "themes/own/assets/journeybook.css", "body{color:red}");
    write(folder.path(), "book.toml", "title = \"Renamed\"\ntheme = \"themes/own\"\n");
    let style = |answer: &crate::support::Answer| {
        let text = answer.text();
        let from = text.find("assets/journeybook.").expect("a style");
        text[from..].split('"').next().unwrap().to_owned()
    };
    let own = preview.until("/", |answer| preview.get(&format!("/{}", style(answer))).has("body{color:red}"));
    write(folder.path(), "themes/own/assets/journeybook.css", "body{color:blue}");
    let changed = preview.until("/", |answer| style(answer) != style(&own));
    assert!(preview.get(&format!("/{}", style(&changed))).has("body{color:blue}"));
    write(folder.path(), "book.toml", "title = \"Renamed\"\ncontent = \"texts\"\n");
    preview.until(page, |answer| answer.status == 404);
    write(folder.path(), "texts/pages/a.md", crate::support::page("A", "In another folder."));
    preview.until("/pages/a.html", |answer| answer.has("In another folder."));
}

#[test]
fn the_last_good_version_stays_while_something_is_broken() {
    let folder = handbook(&[(DESK, &desk("The good text.")), ("content/pages/arriving.md", &page("Arriving", "At the [[desk]]."))]);
    let preview = Preview::of(folder.path(), &[]);
    let good = preview.get(PAGE).plain();
    write(folder.path(), DESK, "---\ntitle: [The desk\n---\n\nBroken.\n");
    preview.hears("✗ 1 error (1 file,");
    assert_eq!(preview.get(PAGE).plain(), good, "the page and those who refer to it stay as they were");
    let problems: serde_json::Value = serde_json::from_slice(&preview.get("/__journeybook/problems.json").body).unwrap();
    let problem = &problems["problems"][0];
    assert_eq!((problems["title"].as_str(), problem["place"].as_str()), (Some("1 error"), Some("content/pages/desk.md:2:8")));
    let excerpt = &problem["excerpt"];
    assert_eq!((excerpt["line"].as_u64(), excerpt["before"].as_str(), excerpt["marked"].as_str()), (Some(2), Some("title: "), Some("[")));
    assert_eq!(problem["links"][0]["url"], PAGE);
    // Other pages go on, and the problem is not told again.
    write(folder.path(), "content/pages/other.md", page("Other", "Goes on."));
    preview.until("/pages/other.html", |answer| answer.has("Goes on."));
    assert_eq!(preview.said().matches("is opened here and never closed").count(), 1, "{}", preview.said());
    write(folder.path(), DESK, desk("Mended."));
    preview.until(PAGE, |answer| answer.has("Mended."));
    preview.hears("mended: content/pages/desk.md:");
    write(folder.path(), "book.toml", "title = \"T");
    preview.hears_times("✗ 1 error", 2);
    assert!(preview.get(PAGE).has("Mended."));
    fs::remove_file(folder.path().join("book.toml")).unwrap();
    preview.hears("there is no such file");
    assert!(preview.get(PAGE).has("Mended."));
}

#[test]
fn what_was_mended_is_told_without_its_commands() {
    let status = |status: &str| format!("---\ntitle: The desk\nstatus: {status}\n---\n");
    let folder = handbook(&[(DESK, &status(r#""a\e[31mb""#))]);
    let preview = Preview::of(folder.path(), &[]);
    preview.hears("[31mb");
    write(folder.path(), DESK, status("draft"));
    let mended = preview.hears("mended: content/pages/desk.md:");
    assert!(mended.contains("[31mb") && !preview.said().contains('\u{1b}'), "{:?}", preview.said());
}

#[test]
fn a_broken_file_is_read_under_the_settings_of_now() {
    let folder = handbook(&[(DESK, &desk("<b>Text.</b>"))]);
    let settings = |kept: bool| write(folder.path(), "book.toml", format!("title = \"T\"\nallow_html = {kept}\n"));
    settings(true);
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get(PAGE).has("<b>Text.</b>"));
    write(folder.path(), DESK, "---\ntitle: [The desk\n---\n\n<b>Other.</b>\n");
    preview.hears("✗ 1 error");
    assert!(!preview.said().contains("raw-html"), "{}", preview.said());
    settings(false);
    preview.hears("raw-html");
    assert!(!preview.get(PAGE).has("<b>"));
}

#[test]
fn editors_are_named_by_the_settings() {
    let folder = handbook(&[(DESK, &desk("[[nobody]]"))]);
    write(folder.path(), "book.toml", "title = \"T\"\neditor = \"vscode://file/{path}:{line}:{column}\"\n");
    let preview = Preview::of(folder.path(), &[]);
    let problems: serde_json::Value = serde_json::from_slice(&preview.get("/__journeybook/problems.json").body).unwrap();
    let url = problems["problems"][0]["links"][1]["url"].as_str().unwrap();
    let real = folder.path().canonicalize().unwrap();
    assert_eq!(url, format!("vscode://file{}:5:3", real.join(DESK).display()), "{problems}");
    let urls = |problems: &Answer| {
        let problems: serde_json::Value = serde_json::from_slice(&problems.body).unwrap();
        let links = problems["problems"].as_array().unwrap().iter().flat_map(|problem| problem["links"].as_array().unwrap().clone());
        links.map(|link| link["url"].as_str().unwrap().to_owned()).collect::<Vec<String>>()
    };
    for wrong in ["javascript:alert(1)//{path}", "vscode://file/", "data:{path}"] {
        write(folder.path(), "book.toml", format!("title = \"T\"\neditor = \"{wrong}\"\n"));
        let problems = preview.until("/__journeybook/problems.json", |answer| answer.has("book.toml"));
        let urls = urls(&problems);
        assert!(!urls.is_empty() && urls.iter().all(|url| url.starts_with('/')), "{wrong}: {urls:?}");
        write(folder.path(), "book.toml", "title = \"T\"\neditor = \"zed://file/{path}\"\n");
        preview.until("/__journeybook/problems.json", |answer| answer.has("zed://file/"));
    }
}

#[test]
fn a_broken_template_is_told_and_the_page_stays() {
    let folder = handbook(&[(DESK, &desk("Text."))]);
    write(folder.path(), "book.toml", "title = \"T\"\ntheme = \"theme\"\n");
    write(folder.path(), "theme/assets/own.css", "p{}");
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get(PAGE).has("Text."));
    write(folder.path(), "theme/templates/entity.html", "{% if %}");
    preview.hears("broken-template");
    assert!(preview.get(PAGE).has("Text."), "the theme before is kept");
    write(folder.path(), "theme/templates/entity.html", "<html><head></head><main>{{ nothing.at.all }}</main></html>");
    preview.hears("while drawing pages/desk.html");
    assert!(preview.get(PAGE).has("Text."), "the page before is kept");
    let problems = preview.get("/__journeybook/problems.json");
    assert!(problems.has("theme/templates/entity.html:1:"), "{}", problems.text());
    write(folder.path(), "theme/templates/entity.html", "<html><head></head><main>Drawn otherwise</main></html>");
    preview.until(PAGE, |answer| answer.has("Drawn otherwise"));
}

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn another_branch_is_one_update_and_its_history_is_shown() {
    let folder = handbook(&[]);
    let many = |word: &str| (0..5000).for_each(|n| write(folder.path(), &format!("content/pages/p{n}.md"), page(&format!("P{n}"), word)));
    many("main");
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "Main"]);
    git(folder.path(), &["checkout", "-qb", "other"]);
    many("other");
    git(folder.path(), &["commit", "-qam", "Other"]);
    git(folder.path(), &["checkout", "-q", "main"]);
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get("/pages/p7.html").has("main"));
    git(folder.path(), &["checkout", "-q", "other"]);
    preview.hears("✓ 5000 files,");
    assert!(preview.get("/pages/p4999.html").has("other"));
    assert!(preview.get("/feed.xml").has("Other"), "the history is that of the branch");
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "Nothing"]);
    write(folder.path(), "content/pages/p0.md", page("P0", "written"));
    git(folder.path(), &["commit", "-qam", "One page was written"]);
    preview.until("/feed.xml", |answer| answer.has("One page was written"));
    assert_eq!(preview.said().matches("5000 files").count(), 1, "{}", preview.said());
}

#[test]
fn a_folder_that_book_toml_names_anew_is_followed_at_once() {
    let folder = handbook(&[(DESK, &desk("It says 0."))]);
    write(folder.path(), "inhoud/pages/desk.md", desk("It says 1."));
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get(PAGE).has("It says 0."));
    write(folder.path(), "book.toml", "title = \"T\"\ncontent = \"inhoud\"\n");
    preview.until(PAGE, |answer| answer.has("It says 1."));
    let begun = Instant::now();
    write(folder.path(), "inhoud/pages/desk.md", desk("It says 2."));
    preview.until(PAGE, |answer| answer.has("It says 2."));
    // Where nobody follows the folder, it is looked at every twenty seconds all the same: that is not what showed it.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_commit_is_noticed_however_git_keeps_its_branches() {
    let folder = handbook(&[(DESK, &desk("One."))]);
    let mut init = Command::new("git");
    let made = init.current_dir(folder.path()).args(["init", "-q", "--ref-format=reftable"]).output().unwrap();
    if !made.status.success() {
        // An older git keeps branches in files only.
        let why = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(why.contains("unknown option") || why.contains("unknown ref storage"), "{why}");
        return;
    }
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "Begin"]);
    write(folder.path(), DESK, desk("Two."));
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get("/feed.xml").has("Begin"));
    git(folder.path(), &["commit", "-qam", "Say two"]);
    preview.until("/feed.xml", |answer| answer.has("Say two"));
}

#[test]
#[cfg(target_os = "linux")]
fn where_the_system_watches_no_more_files_are_polled() {
    let folder = handbook(&[(DESK, &desk("One."))]);
    let limited = |then: &str| {
        let script = format!("echo 2 > /proc/sys/user/max_inotify_watches && {then}");
        let mut command = Command::new("unshare");
        command.args(["-Ur", "sh", "-c", &script, env!("CARGO_BIN_EXE_journeybook")]).current_dir(folder.path());
        command
    };
    if !limited("true").output().is_ok_and(|output| output.status.success()) {
        eprintln!("this system lets nobody have fewer watches");
        return;
    }
    let preview = Preview::start(limited("exec \"$0\" serve --port 0"));
    preview.hears("note: Changes are not told by the system: this system watches no more folders");
    for text in ["Two.", "Three."] {
        write(folder.path(), DESK, desk(text));
        preview.until(PAGE, |answer| answer.has(text));
    }
    assert_eq!(preview.said().matches("note:").count(), 1, "said once: {}", preview.said());
}

/// The system tells of so many changes that nobody has heard of; of more only that there were some.
#[cfg(target_os = "linux")]
fn most_untold() -> usize {
    fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap().trim().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_system_forgot_to_tell_is_found() {
    if most_untold() > 100_000 {
        eprintln!("this system forgets nothing");
        return;
    }
    let folder = handbook(&[(DESK, &desk("One.")), ("content/pages/other.md", &page("Other", "One."))]);
    let preview = Preview::of(folder.path(), &[]);
    assert!(preview.get(PAGE).has("One."));
    preview.signal("-STOP");
    // Looking at files is no change, but it is told, and two in turns are not told as one.
    for _ in 0..most_untold() / 2 + 100 {
        for file in [DESK, "content/pages/other.md"] {
            drop(File::open(folder.path().join(file)).unwrap());
        }
    }
    write(folder.path(), DESK, desk("Two."));
    write(folder.path(), "content/pages/new/deep.md", page("Deep", "Two."));
    preview.signal("-CONT");
    preview.until(PAGE, |answer| answer.has("Two."));
    preview.until("/pages/deep.html", |answer| answer.has("Two."));
    // In a folder that the system was never asked about.
    write(folder.path(), "content/pages/new/deep.md", page("Deep", "Three."));
    preview.until("/pages/deep.html", |answer| answer.has("Three."));
}
