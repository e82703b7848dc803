//! A site is that of a handbook without the files that it does not show, byte for byte, whatever git remembers of them.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::rules;
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Change, Disk, Memory, Tree};

use crate::support::{TODAY, files, handbook, repository, run, write};

type Files = BTreeMap<RelPath, Vec<u8>>;

fn sample(root: &Path) -> Files {
    let tree = Disk::new(root).unwrap();
    let content = RelPath::new("content").unwrap();
    let mut paths = tree.list(&content).files;
    paths.extend(tree.list(&RelPath::new("data").unwrap()).files);
    paths.push(RelPath::new("book.toml").unwrap());
    paths.into_iter().map(|path| (path.clone(), tree.read(&path, 1 << 24).unwrap())).collect()
}

/// What git would remember of these files: their own subject each, and one day when two at a time were changed.
fn history(files: &Files) -> History {
    let mut history = History::default();
    for path in files.keys().filter(|path| path.as_str().ends_with(".md")) {
        let day = Date::from_unix(1_700_000_000 + path.as_str().len() as i64 * 86_400).unwrap();
        let change =
            Change { date: day, subject: format!("Subject of {path}"), commit: format!("{:040x}", path.as_str().len()), author: None };
        history.changed.insert(path.clone(), change.clone());
        history.logs.insert(path.clone(), vec![change; 1 + path.as_str().len() % 3]);
    }
    history
}

fn linked(files: &Files, scope: Scope, history: History) -> Handbook {
    let tree = Memory::new(files.clone());
    Handbook::link(&Corpus::read(&tree).unwrap(), scope, Arc::new(history))
}

fn site(files: &Files, history: History) -> BTreeMap<String, Vec<u8>> {
    let handbook = Arc::new(linked(files, Scope::default(), history));
    let today = Date::parse(TODAY).unwrap();
    let findings = rules::findings(&handbook, today);
    let (theme, _) = Theme::load(&Memory::new(files.clone()), None, lexicon(&handbook));
    let site = Site::new(handbook, theme, findings, today);
    let draw = |route: &journeybook::site::Route| match site.render(route).unwrap() {
        Page::Bytes(bytes) => bytes.into_owned(),
        Page::CopyOf(path) => format!("copy of {path}").into_bytes(),
    };
    site.routes().iter().map(|route| (route.path.to_string(), draw(route))).collect()
}

/// The files of these, and of everything that refers to them: a page that names a hidden one is another page than one that does not.
fn with_all_that_refer(handbook: &Handbook, chosen: impl IntoIterator<Item = RelPath>) -> BTreeSet<RelPath> {
    let mut todo: Vec<RelPath> = chosen.into_iter().collect();
    let mut closed = BTreeSet::new();
    while let Some(path) = todo.pop() {
        let here = handbook.entities.iter().filter(|node| node.document.source.path == path);
        let from = here.flat_map(|node| node.backlinks.iter()).map(|link| handbook.node(link.from).document.source.path.clone());
        todo.extend(from.filter(|from| !closed.contains(from)));
        closed.insert(path);
    }
    closed
}

fn hidden(text: &[u8], how: &str) -> Vec<u8> {
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert!(text.starts_with("---\n"));
    let kept = text.split_inclusive('\n').filter(|line| !line.starts_with("audience:") && !line.starts_with("draft:"));
    kept.collect::<String>().replacen("---\n", &format!("---\n{how}\n"), 1).into_bytes()
}

/// Numbers without a pattern that are the same in every run.
fn roll(dice: &mut u64, sides: usize) -> usize {
    *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*dice >> 33) as usize % sides
}

#[test]
fn what_is_hidden_leaves_no_trace_in_any_page() {
    let (mut compared, mut dice) = (0, 7);
    for root in [repository(), repository().join("tests/handbooks/de-linde")] {
        let whole = sample(&root);
        let handbook = linked(&whole, Scope { drafts: true, ..Scope::everything() }, History::default());
        let pages: Vec<RelPath> =
            whole.keys().filter(|path| path.as_str().ends_with(".md") && !path.as_str().ends_with("index.md")).cloned().collect();
        let closed = |path: &RelPath| with_all_that_refer(&handbook, [path.clone()]);
        let few = |away: &BTreeSet<RelPath>| away.iter().all(|path| pages.contains(path) && whole[path].starts_with(b"---\n"));
        let groups: Vec<BTreeSet<RelPath>> = pages.iter().map(closed).filter(few).collect();
        for _ in 0..5 {
            let away: BTreeSet<RelPath> = (0..1 + roll(&mut dice, 6)).flat_map(|_| groups[roll(&mut dice, groups.len())].clone()).collect();
            compared += 1;
            let (mut veiled, mut without) = (whole.clone(), whole.clone());
            for (at, path) in away.iter().enumerate() {
                let how = if at % 2 == 0 { "audience: [staff, partners, team]" } else { "draft: true" };
                veiled.insert(path.clone(), hidden(&whole[path], how));
                without.remove(path);
            }
            let (veiled, without) = (site(&veiled, history(&whole)), site(&without, history(&without)));
            assert_eq!(veiled.keys().collect::<Vec<_>>(), without.keys().collect::<Vec<_>>(), "hidden: {away:?}");
            for (path, bytes) in &veiled {
                let differs = || first_difference(bytes, &without[path]);
                assert!(*bytes == without[path], "{path} is not the same without {away:?}: {}", differs());
            }
        }
    }
    assert!(compared >= 8, "only {compared} subsets were compared");
}

fn first_difference(a: &[u8], b: &[u8]) -> String {
    let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let near = |text: &[u8]| String::from_utf8_lossy(&text[at.saturating_sub(80)..text.len().min(at + 120)]).into_owned();
    format!("\n{}\n---\n{}", near(a), near(b))
}

fn git(folder: &Path, arguments: &[&str]) {
    let setup = ["-c", "user.name=A", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false"];
    let mut git = Command::new("git");
    git.current_dir(folder).args(setup).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    assert!(git.output().unwrap().status.success(), "git {arguments:?}");
}

/// A handbook in which secret things are named in every way that there is, with every step of its history in git.
fn with_secrets() -> tempfile::TempDir {
    let refers = "see [[persona:zq9-id]] and [[zq9-page|the label]] and ![](zq9-open.svg)";
    let journey = "---\ntitle: J\npersonas: [ann, zq9-id]\nowner: zq9-dept\nphases:\n- title: P\n  steps:\n  - title: S\n    touchpoints: [zq9-touch]\n    lead: zq9-dept\n    emotion: {ann: 1, zq9-id: -2}\n    roles: {zq9-dept: does}\n---\n";
    let backlog = "---\ntype: backlog\ntitle: Backlog\nitems:\n- {id: one, title: One, problem: p, solves: [j], depends_on: [zq9-item]}\n- {id: zq9-item, title: Zq9 item, problem: Zq9, solves: [j], audience: staff, tags: [zq9-tag], budget: 771177 EUR}\n---\n";
    let secret = |more: &str| {
        format!(
            "---\ntitle: Zq9 title\nsummary: Zq9 summary\naudience: staff\ntags: [zq9-tag]\nwas: [zq9-was]\n{more}\n---\nZq9 body [file](../pages/zq9.svg) [[journey:j/s]] [[one]]\n"
        )
    };
    let folder = handbook(&[
        ("content/personas/ann.md", "---\ntitle: Ann\n---\n"),
        ("content/journeys/j.md", journey),
        ("content/improvements/backlog.md", backlog),
        ("content/pages/open.md", &format!("---\ntitle: Open\n---\n{}\n", refers.replace("zq9-open", "open"))),
        ("content/pages/open.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"),
    ]);
    for (path, more) in [
        ("personas/zq9-id.md", "quote: Zq9 quote"),
        ("pages/zq9-page.md", ""),
        ("departments/zq9-dept.md", ""),
        ("channels/zq9-ch.md", ""),
        ("touchpoints/zq9-touch.md", "channel: zq9-ch"),
        ("evidence/zq9-ev.md", "method: survey\ndate: 2026-01-01"),
        ("metrics/zq9-m.md", "unit: Zq9\napplies_to: [j]\nseries: [{date: 2026-01-01, value: 771177}]"),
        ("visits/zq9-v.md", "date: 2026-01-01\njourney: j\nscores: {zq9-touch: 77}"),
        ("principles/zq9-p.md", "statement: Zq9 says"),
        ("journeys/zq9-j.md", "personas: [ann]\nparent: j\nphases: [{title: Zq9 phase, steps: [{title: Zq9 step}]}]"),
    ] {
        write(folder.path(), &format!("content/{path}"), secret(more));
    }
    write(folder.path(), "content/pages/zq9.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    folder
}

#[test]
fn no_word_of_what_is_hidden_is_in_the_site() {
    let folder = with_secrets();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "content/pages/open.md", "content/personas/ann.md", "content/index.md", "book.toml"]);
    git(folder.path(), &["commit", "-q", "-m", "Begin"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["reset", "-q", "content/journeys/j.md", "content/improvements/backlog.md"]);
    git(folder.path(), &["commit", "-q", "-m", "Zq9 subject of secret pages"]);
    git(folder.path(), &["mv", "content/pages/zq9-page.md", "content/pages/zq9-new.md"]);
    git(folder.path(), &["commit", "-q", "-m", "Zq9 moved"]);
    let done = run(folder.path(), &["build", "--today", TODAY]);
    // The page that names the moved page names nothing any more.
    assert_eq!(done.code, 1, "{}", done.err);
    git(folder.path(), &["mv", "content/pages/zq9-new.md", "content/pages/zq9-page.md"]);
    git(folder.path(), &["commit", "-q", "-m", "Zq9 moved back"]);
    let done = run(folder.path(), &["build", "--today", TODAY]);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    let site = files(&folder.path().join("public"));
    assert!(site.iter().any(|(path, _)| path.ends_with("pages/open.html")));
    for (path, bytes) in &site {
        let text = format!("{} {}", path.display(), String::from_utf8_lossy(bytes)).to_lowercase();
        // What an author wrote as a label, or as an owner's name, stays as text.
        for word in ["zq9", "771177", "771,177"] {
            let at = text.find(word).map(|at| text[at.saturating_sub(120)..].chars().take(240).collect::<String>());
            assert!(at.is_none() || is_label(path, at.as_deref().unwrap_or("")), "{}: {at:?}", path.display());
        }
    }
    let shown = run(folder.path(), &["build", "--today", TODAY, "--audience", "staff", "--out", "all"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    let all = files(&folder.path().join("all"));
    assert!(all.iter().any(|(path, _)| path.ends_with("personas/zq9-id.html")), "it would have been shown");
    let _ = fs::remove_dir_all(folder.path().join("all"));
}

/// In a text the label stays, which is the id where nothing else is written.
fn is_label(path: &Path, near: &str) -> bool {
    let files = ["pages/open.html", "handbook.json", "pages/index.html", "assets/search/d0.js"];
    files.iter().any(|file| path.ends_with(file)) && near.contains("see ")
}

/// A handbook whose pages refer to `zq9` things in every field, and the same with those references not written.
fn referring(written: bool) -> Files {
    let text = |full: &str, bare: &str| if written { full.to_owned() } else { bare.to_owned() };
    let secret = |more: &str| format!("---\ntitle: Zq9\naudience: staff\n{more}\n---\n");
    let mut texts = vec![
        ("book.toml", "title = \"T\"\n[audiences]\nstaff = \"S\"\n".to_owned()),
        ("content/channels/walk.md", "---\ntitle: Walk\n---\n".into()),
        (
            "content/personas/ann.md",
            text(
                "---\ntitle: Ann\nsegment: zq9\nowner: zq9\nevidence: zq9\nchannels: [walk, zq9]\ngoals: [{text: G, evidence: zq9}]\nquote: a [[touchpoint:zq9|label]]\n---\n",
                "---\ntitle: Ann\nchannels: [walk]\ngoals: [{text: G}]\nquote: a label\n---\n",
            ),
        ),
        (
            "content/touchpoints/desk.md",
            text("---\ntitle: Desk\nchannel: walk\ndepartment: zq9\nprinciples: zq9\n---\n", "---\ntitle: Desk\nchannel: walk\n---\n"),
        ),
        (
            "content/journeys/trip.md",
            text(
                "---\ntitle: Trip\npersonas: [ann, zq9]\ncounterpart: zq9\nparent: zq9/gone\nframework: zq9\nowner: zq9\nparticipants: [{name: N, department: zq9}]\nphases:\n- title: P\n  actions: {walk: x, zq9: y}\n  steps:\n  - {title: S, touchpoints: [desk, zq9], lead: zq9, roles: {zq9: x}, emotion: {ann: 1, zq9: -2}, covers: zq9/check, core_tasks: zq9/task, evidence: zq9, journey: zq9, questions: [{asks: Q, answered_by: zq9}, {asks: R, answered_by: desk}]}\n  - {title: T, touchpoints: zq9, lead: zq9, emotion: {zq9: -2}, evidence: zq9}\n---\n",
                "---\ntitle: Trip\npersonas: [ann]\nparticipants: [{name: N}]\nphases:\n- title: P\n  actions: {walk: x}\n  steps:\n  - {title: S, touchpoints: [desk], emotion: {ann: 1}, questions: [Q, {asks: R, answered_by: desk}]}\n  - {title: T}\n---\n",
            ),
        ),
        (
            "content/improvements/one.md",
            text(
                "---\ntitle: One\nproblem: p\nsolves: [trip, zq9/gone, 'touchpoint:zq9']\nphase: zq9/first\ndepartments: zq9\ndepends_on: zq9\nmetric: zq9\n---\n[[page:zq9|label]] [people](../personas/index.md)\n",
                "---\ntitle: One\nproblem: p\nsolves: [trip]\n---\nlabel [people](../personas/index.md)\n",
            ),
        ),
        (
            "content/visits/one.md",
            text(
                "---\ntitle: V\ndate: 2026-01-02\njourney: zq9\nscores: {zq9: 50, desk: 60}\nbehaviours: {zq9: {smile: met}}\n---\n",
                "---\ntitle: V\ndate: 2026-01-02\nscores: {desk: 60}\n---\n",
            ),
        ),
    ];
    for (path, more) in [
        ("content/personas/index.md", ""),
        ("content/segments/zq9.md", ""),
        ("content/departments/zq9.md", ""),
        ("content/evidence/zq9.md", "method: desk\ndate: 2026-01-01"),
        ("content/channels/zq9.md", ""),
        ("content/touchpoints/zq9.md", "channel: walk\nbehaviours: [{id: smile, text: Zq9}]"),
        ("content/principles/zq9.md", "statement: Zq9"),
        ("content/personas/zq9.md", "core_tasks: [{id: task, title: Zq9}]"),
        ("content/frameworks/zq9.md", "phases: [{title: Zq9, steps: [{id: check, title: Zq9}]}]"),
        ("content/journeys/zq9.md", "personas: zq9\nphases: [{title: Zq9, steps: [{id: gone, title: Zq9}]}]"),
        ("content/roadmaps/zq9.md", "phases: [{id: first, title: Zq9}]"),
        ("content/improvements/zq9.md", "problem: Zq9\nsolves: trip"),
        ("content/metrics/zq9.md", "unit: Zq9"),
        ("content/pages/zq9.md", ""),
    ] {
        texts.push((path, secret(more)));
    }
    texts.into_iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.into_bytes())).collect()
}

#[test]
fn a_reference_to_something_hidden_is_as_if_it_had_not_been_written() {
    let (referring, bare) = (referring(true), referring(false));
    let said = linked(&referring, Scope::everything(), History::default()).diagnostics;
    assert!(said.is_empty(), "every reference leads somewhere: {said:?}");
    let (veiled, without) = (site(&referring, History::default()), site(&bare, History::default()));
    assert_eq!(veiled.keys().collect::<Vec<_>>(), without.keys().collect::<Vec<_>>());
    // A question that loses its answer is `{"asks": "Q"}` for programs, which one that is only asked may be too.
    let same = |text: &[u8]| String::from_utf8_lossy(text).replace(r#"{"asks":"Q"}"#, r#""Q""#);
    for (path, bytes) in &veiled {
        assert!(same(bytes) == same(&without[path]), "{path}: {}", first_difference(bytes, &without[path]));
    }
}
