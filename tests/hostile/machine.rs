//! The command against the machine: odd files, addresses that collide, signals, clocks, places.
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Run, TODAY, command, files, finished, handbook, run, sample, write};

/// Runs a command that may take neither long nor much memory, and must not panic.
fn bounded(folder: &Path, args: &[&str]) -> Run {
    let limited = format!("ulimit -v 3000000; exec timeout 60 {} \"$@\"", env!("CARGO_BIN_EXE_journeybook"));
    let mut shell = Command::new("sh");
    shell.current_dir(folder).args(["-c", &limited, "sh"]).args(args).env_remove("SOURCE_DATE_EPOCH");
    let done = finished(shell.output().unwrap());
    assert!(!done.err.contains("panicked") && (0..=2).contains(&done.code), "{args:?} {}: {:.2000}", done.code, done.err);
    done
}

fn build(folder: &Path) -> Run {
    let done = bounded(folder, &["build", "--today", TODAY]);
    assert_eq!(done.out, "", "a build has no data");
    assert_eq!(folder.join("public").exists(), done.code == 0, "{}", done.err);
    done
}

/// The build's errors by rule and place, without what stands between.
fn errors(done: &Run) -> Vec<&str> {
    done.err.lines().filter(|line| line.starts_with("error")).collect()
}

#[test]
fn a_former_name_takes_nobodys_place() {
    let long = "a".repeat(300);
    for was in [
        "feed.xml/",
        "handbook.json/x",
        "index.html/x.html",
        "Index.html",
        "pages/p.html/",
        "pages/Q.html",
        "assets/x.html",
        "ASSETS/x.html",
        "TAGS/x.html",
        "tags/t.html",
        "__journeybook/x",
        ".journeybook",
        ".journeybook/x.html",
        &long,
    ] {
        let page = format!("---\ntitle: P\nwas: [\"{was}\"]\ntags: [t]\n---\n");
        let folder = handbook(&[("content/pages/p.md", &page), ("content/pages/q.md", "---\ntitle: Q\n---\n")]);
        let done = build(folder.path());
        assert_eq!(done.code, 1, "{was}: {}", done.err);
        assert!(errors(&done).iter().all(|line| line.starts_with("error[output-collision]")), "{was}: {}", done.err);
        assert!(done.err.contains("content/pages/p.md:3:8"), "{was}: {}", done.err);
    }
}

#[test]
fn a_former_name_stays_inside_the_site() {
    for was in ["../x", "/..//x", "a/../../x", "..", "javascript:x", "x\\u0000y", "https://a.example/"] {
        let folder = handbook(&[("content/pages/p.md", &format!("---\ntitle: P\nwas: [\"{was}\"]\n---\n"))]);
        let done = build(folder.path());
        assert_eq!(done.code, 1, "{was}: {}", done.err);
    }
    for was in ["//evil.example/x", "a/%2e%2e/x", "a b/é/", "a\\\\b", "\\u202ex/", "a/./b", "%00/"] {
        let folder = handbook(&[("content/pages/p.md", &format!("---\ntitle: P\nwas: [\"{was}\"]\n---\n"))]);
        assert_eq!(build(folder.path()).code, 0, "{was}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "{was}: nothing was written beside the site");
    }
}

#[test]
fn a_file_takes_no_pages_place() {
    for file in [
        "tags/t.html",
        "index.html/x.png",
        "pages/p.html/x.png",
        "assets/journeybook.css",
        "Assets/x.css",
        "__journeybook/x",
        "feed.xml",
        "FEED.XML",
        "INDEX.html",
        "handbook.json",
        "pages/P.html",
    ] {
        let page = format!("---\ntitle: P\ntags: [t]\n---\n[x](<../{file}>)\n");
        let folder = handbook(&[("content/pages/p.md", &page), (&format!("content/{file}"), "x")]);
        let done = build(folder.path());
        assert_eq!(done.code, 1, "{file}: {}", done.err);
        assert!(errors(&done).iter().all(|line| line.starts_with("error[output-collision]")), "{file}: {}", done.err);
    }
}

/// A handbook in which a journey, a persona and a backlog refer to everything that the broken file `x` had.
fn that_refers_to_x(broken: &str) -> tempfile::TempDir {
    handbook(&[
        ("content/journeys/x.md", broken),
        ("content/personas/ann.md", "---\ntitle: Ann\nsummary: \"see [[journey:x/step]]\"\n---\n[x](../journeys/x.md#step)\n"),
        ("content/improvements/i.md", "---\ntitle: I\nproblem: p\nsolves: [x/step, x]\n---\n[[journey:x]]\n"),
        (
            "content/journeys/y.md",
            "---\ntitle: Y\npersonas: [ann]\nparent: x/step\ncounterpart: x\nphases:\n- title: A\n  steps: [{title: B, journey: x}]\n---\n",
        ),
    ])
}

#[test]
fn a_broken_file_is_the_only_one_that_is_complained_of() {
    let deep = |open: &str, close: &str| format!("---\ntitle: X\nphases: {}{}\n---\n", open.repeat(100_000), close.repeat(100_000));
    let bomb: String = (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(9))).collect();
    for (what, text) in [
        ("unclosed", "---\ntitle: X\nphases: [a\n".to_owned()),
        ("syntax", "---\ntitle: \"X\nphases: {]\n---\n".to_owned()),
        ("brackets", deep("[", "]")),
        ("braces", deep("{a: ", "}")),
        ("unclosed brackets", deep("[", "")),
        ("indents", format!("---\n{}\n---\n", (0..3000).map(|n| format!("{}- a:\n", " ".repeat(n))).collect::<String>())),
        ("bomb", format!("---\ntitle: X\na0: &a0 x\n{bomb}---\n")),
        ("long", format!("---\ntitle: X\n---\n{}", "x".repeat(9 << 20))),
        ("much front matter", format!("---\ntitle: X\nsummary: {}\n---\n", "x".repeat(300 << 10))),
        ("NUL", "---\ntitle: \0\nphases: \0\n---\n\0".to_owned()),
        ("TOML", "+++\ntitle = [[[\n+++\n".to_owned()),
    ] {
        let folder = that_refers_to_x(&text);
        let done = bounded(folder.path(), &["check", "--format", "short", "--today", TODAY]);
        assert_eq!((done.code, errors(&done).len()), (1, 0), "{what}: {:.1000}", done.err);
        let wrong: Vec<&str> = done.out.lines().filter(|line| line.contains("error") || line.contains("warning")).collect();
        let elsewhere = wrong.iter().find(|line| !line.starts_with("content/journeys/x.md:"));
        assert!(!wrong.is_empty() && elsewhere.is_none(), "{what}: {elsewhere:.300?}");
        assert!(done.out.len() < 100_000, "{what}: {} bytes are said", done.out.len());
        assert_eq!(build(folder.path()).code, 1, "{what}");
    }
}

#[test]
fn bodies_of_any_depth_are_drawn() {
    for open in ["> ", "- ", "[", "![", "*", "`", "<b>", "[[", "#", "|a", "[^a]: ", "&", "\\", "(((", "~~", "1. ", "> - "] {
        // Each element of raw HTML is a warning of its own, and there is no need to read so many.
        let body = open.repeat(if open.contains('<') { 20_000 } else { 100_000 });
        let folder = handbook(&[("content/pages/p.md", &format!("---\ntitle: P\n---\n{body}\n\n{open}{body}"))]);
        let start = Instant::now();
        let done = build(folder.path());
        assert!(open.contains('<') || done.err.len() < 200_000, "{open}: {} bytes are said", done.err.len());
        assert!(start.elapsed() < Duration::from_secs(120), "{open} took {:?}", start.elapsed());
    }
}

#[test]
fn what_is_no_plain_file_is_told() {
    let folder = handbook(&[]);
    let content = folder.path().join("content");
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.md", "---\ntitle: zq9\n---\n");
    fs::create_dir_all(content.join("pages/x.md")).unwrap();
    symlink(outside.path().join("secret.md"), content.join("out.md")).unwrap();
    symlink(outside.path(), content.join("folder")).unwrap();
    symlink("/etc/passwd", content.join("passwd.png")).unwrap();
    symlink(content.join("self.md"), content.join("self.md")).unwrap();
    symlink("/dev/zero", content.join("zero.md")).unwrap();
    assert!(Command::new("mkfifo").arg(content.join("pipe.md")).status().unwrap().success());
    write(folder.path(), "content/pages/p.md", "---\ntitle: P\n---\n![](../passwd.png) [a](../out.md) [b](../folder/secret.md)\n");
    let done = build(folder.path());
    assert_eq!(done.code, 1);
    for name in ["out.md", "folder", "passwd.png", "zero.md", "pipe.md"] {
        assert!(done.err.contains(name), "{name} is not named: {}", done.err);
    }
    assert!(!done.err.contains("zq9"), "{}", done.err);
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let (here, there) = (sample("de-linde"), tempfile::tempdir().unwrap());
    let far = there.path().join("a b/é \"#%'");
    fs::create_dir_all(far.parent().unwrap()).unwrap();
    assert!(Command::new("cp").arg("-r").arg(here.path()).arg(&far).status().unwrap().success());
    assert_eq!(run(here.path(), &["build", "--today", TODAY]).code, 0);
    let site = files(&here.path().join("public"));
    for (at, (folder, umask, jobs, environment)) in [
        (here.path(), "077", "1", [("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8")]),
        (&far, "000", "2", [("TZ", "America/Adak"), ("LC_ALL", "C")]),
        (&far, "022", "1", [("LANG", "nl_NL"), ("HOME", "/nonexistent")]),
    ]
    .into_iter()
    .enumerate()
    {
        let script =
            format!("umask {umask}; exec {} build --today {TODAY} --jobs {jobs} --out ../o{at}", env!("CARGO_BIN_EXE_journeybook"));
        let out = folder.parent().unwrap().join(format!("o{at}"));
        let inside = script.replace(&format!("../o{at}"), "elsewhere");
        let script = if folder == here.path() { inside } else { script };
        let done = finished(Command::new("sh").arg("-c").arg(script).current_dir(folder).envs(environment).output().unwrap());
        assert_eq!(done.code, 0, "{}", done.err);
        let built = if folder == here.path() { folder.join("elsewhere") } else { out };
        assert!(files(&built) == site, "build {at} differs");
    }
    let times = |folder: &Path| {
        files(folder).iter().map(|(path, _)| fs::metadata(folder.join(path)).unwrap().modified().unwrap()).collect::<Vec<_>>()
    };
    let before = times(&here.path().join("public"));
    assert_eq!(run(here.path(), &["build", "--today", TODAY, "--jobs", "2"]).code, 0);
    assert!(files(&here.path().join("public")) == site);
    let kept = times(&here.path().join("public")).iter().zip(&before).filter(|(now, then)| now == then).count();
    assert_eq!(kept, before.len(), "a file that did not change keeps its time");
}

#[test]
fn a_build_that_is_killed_leaves_one_whole_site() {
    let folder = sample("de-linde");
    let public = folder.path().join("public");
    let title = |title: &str| {
        let book = fs::read_to_string(folder.path().join("book.toml")).unwrap();
        let rest: String = book.split_inclusive('\n').filter(|line| !line.starts_with("title")).collect();
        write(folder.path(), "book.toml", format!("title = \"{title}\"\n{rest}"));
    };
    let whole = |name: &str| {
        title(name);
        let start = Instant::now();
        assert_eq!(run(folder.path(), &["build", "--today", TODAY]).code, 0);
        (files(&public), start.elapsed())
    };
    let (new, took) = whole("New");
    let (old, _) = whole("Old");
    title("New");
    for round in 0..16 {
        let mut child = command(folder.path(), &["build", "--today", TODAY]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(took * round / 14);
        let _ = child.kill();
        child.wait().unwrap();
        let now = files(&public);
        assert!(now == old || now == new, "round {round}: a site that is neither");
    }
    let two: Vec<_> =
        (0..2).map(|_| command(folder.path(), &["build", "--today", TODAY]).stderr(Stdio::piped()).spawn().unwrap()).collect();
    for child in two {
        let done = finished(child.wait_with_output().unwrap());
        assert_eq!(done.code, 0, "{}", done.err);
    }
    assert!(files(&public) == new);
    let beside: Vec<String> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!beside.iter().any(|name| name.starts_with(".journeybook")), "{beside:?}");
}

#[test]
fn a_build_goes_nowhere_else() {
    let folder = handbook(&[]);
    write(folder.path(), "theirs/file.txt", "theirs");
    symlink("theirs", folder.path().join("link")).unwrap();
    let before = files(folder.path());
    for out in
        ["/", ".", "..", "content", "content/x", "theirs", "theirs/file.txt", "link", "book.toml", "/dev/null", "/dev/null/x", "/proc/x"]
    {
        let done = bounded(folder.path(), &["build", "--today", TODAY, "--out", out]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{out}: {}", done.err);
        assert!(done.err.starts_with("error: ") && done.err.contains("cannot"), "{out}: {}", done.err);
        assert!(files(folder.path()) == before, "{out}: something was written");
    }
}
