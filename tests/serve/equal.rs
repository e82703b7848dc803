//! After any sequence of edits, what the preview answers for every address is what a build would write now.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::rules;
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Disk, Memory, Tree};
use proptest::prelude::*;

use crate::support::{Preview, TODAY, handbook, picture, write};

/// Something that an author does. Numbers choose the file and the words.
#[derive(Debug, Clone)]
enum Act {
    Edit(usize, usize),
    New(usize, usize),
    Rename(usize, usize),
    Delete(usize),
    Break(usize),
    MoveFolder(usize),
    Book(usize),
    Picture(usize),
    Table(usize),
    Style(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let (n, m) = (|| 0..1000usize, || 0..1000usize);
    prop_oneof![
        6 => (n(), m()).prop_map(|(file, words)| Act::Edit(file, words)),
        3 => (n(), m()).prop_map(|(file, words)| Act::New(file, words)),
        2 => (n(), m()).prop_map(|(file, name)| Act::Rename(file, name)),
        2 => n().prop_map(Act::Delete),
        2 => n().prop_map(Act::Break),
        1 => n().prop_map(Act::MoveFolder),
        1 => n().prop_map(Act::Book),
        1 => n().prop_map(Act::Picture),
        1 => n().prop_map(Act::Table),
        1 => n().prop_map(Act::Style),
    ]
}

const BROKEN: &str = "---\ntitle: [broken";
const FOLDERS: [&str; 6] = ["personas", "touchpoints", "journeys", "improvements", "pages", "metrics"];

/// A text with links, and now and then an audience, a draft, a former name or a mistake.
fn text(kind: &str, words: usize) -> String {
    let pick = |from: &[&'static str], by: usize| from[(words / by) % from.len()];
    let audience = pick(&["", "", "", "audience: [staff]\n", "audience: [partners]\n"], 1);
    let draft = pick(&["", "", "", "draft: true\n"], 5);
    let was = pick(&["", "", "was: [old]\n", "was: [was/here.html]\n"], 7);
    let field = match kind {
        "journeys" => format!(
            "personas: [n{}]\nphases:\n  - id: p\n    steps:\n      - id: s\n        title: Step\n        touchpoints: [n{}]\n        experience: {}\n",
            words % 4,
            words % 5,
            words % 3
        ),
        "improvements" => format!("solves: [n{}/s]\nstatus: {}\n", words % 4, pick(&["idea", "planned", "done", "wrong"], 3)),
        "metrics" => "data: table.csv\n".to_owned(),
        _ => String::new(),
    };
    let link = pick(&["[[n1]]", "[[n2|named]]", "[there](../pages/n3.md)", "![p](../pages/plan.png)", "[[nobody]]", "tags"], 11);
    format!("---\ntitle: Title {words}\n{audience}{draft}{was}{field}tags: [t{}]\n---\n\nText {words} with {link}.\n", words % 3)
}

/// A folder, and what its last good versions come to: what is shown.
struct Desk<'f> {
    folder: &'f Path,
    good: BTreeMap<String, String>,
    /// Files of which nobody knows whether the preview has seen what they were a moment ago. They are not broken now.
    touched: BTreeSet<String>,
}

impl Desk<'_> {
    fn files(&self) -> Vec<String> {
        let tree = Disk::new(self.folder).unwrap();
        let files = tree.list(&RelPath::new("content").unwrap()).files;
        files.iter().map(ToString::to_string).filter(|path| path.ends_with(".md") && !path.ends_with("index.md")).collect()
    }

    fn save(&mut self, path: &str, text: String) {
        write(self.folder, path, &text);
        self.touched.insert(path.to_owned());
        self.good.insert(path.to_owned(), text);
    }

    fn remove(&mut self, path: &str) {
        let _ = fs::remove_file(self.folder.join(path));
        self.touched.insert(path.to_owned());
        self.good.remove(path);
    }

    fn is_broken(&self, path: &str) -> bool {
        fs::read_to_string(self.folder.join(path)).unwrap().starts_with(BROKEN)
    }

    fn rename(&mut self, path: &str, to: &str) {
        let broken = self.is_broken(path);
        if path == to || (broken && self.touched.contains(to)) {
            return;
        }
        fs::rename(self.folder.join(path), self.folder.join(to)).unwrap();
        self.touched.extend([path.to_owned(), to.to_owned()]);
        // A file that is broken takes the place of the one before: of that there was a good version, or there was none.
        if let Some(text) = self.good.remove(path).filter(|_| !broken) {
            self.good.insert(to.to_owned(), text);
        }
    }

    fn act(&mut self, act: &Act) {
        let files = self.files();
        let file = |n: usize| files.get(n % files.len().max(1)).cloned();
        let kind = |path: &str| path.split('/').nth(1).unwrap_or("pages").to_owned();
        match *act {
            Act::Edit(n, words) => {
                if let Some(path) = file(n) {
                    let text = text(&kind(&path), words);
                    self.save(&path, text);
                }
            }
            Act::New(n, words) => {
                let folder = FOLDERS[n % FOLDERS.len()];
                self.save(&format!("content/{folder}/n{}.md", words % 6), text(folder, words));
            }
            Act::Rename(n, name) => {
                if let Some(path) = file(n) {
                    self.rename(&path, &format!("content/{}/n{}.md", kind(&path), name % 6));
                }
            }
            Act::Delete(n) => file(n).iter().for_each(|path| self.remove(path)),
            Act::Break(n) => {
                if let Some(path) = file(n).filter(|path| !self.touched.contains(path)) {
                    write(self.folder, &path, format!("{BROKEN} {n}\n---\n"));
                    self.touched.insert(path);
                }
            }
            Act::MoveFolder(n) => {
                let (from, to) = (FOLDERS[n % FOLDERS.len()], format!("pages/sub{}", n % 3));
                let (from, to) = (self.folder.join("content").join(from), self.folder.join("content").join(&to));
                if from.is_dir() && !to.exists() && !to.starts_with(&from) {
                    fs::create_dir_all(to.parent().unwrap()).unwrap();
                    fs::rename(from, to).unwrap();
                    self.forget_what_moved();
                }
            }
            Act::Book(n) => write(
                self.folder,
                "book.toml",
                format!(
                    "title = \"Book {n}\"\nlanguage = \"{}\"\ntheme = \"theme\"\n[audiences]\nstaff = \"Us\"\npartners = \"Them\"\n",
                    if n % 2 == 0 { "en" } else { "nl" }
                ),
            ),
            Act::Picture(n) => write(self.folder, "content/pages/plan.png", picture(10 + n as u32, 10, n)),
            Act::Table(n) => write(self.folder, "content/metrics/table.csv", format!("date,value\n2026-01-01,{n}\n")),
            Act::Style(n) => write(self.folder, "theme/assets/own.css", format!("p{{margin:{n}px}}")),
        }
    }

    /// Files that lie elsewhere now are new ones.
    fn forget_what_moved(&mut self) {
        let folder = self.folder;
        self.good.retain(|path, _| folder.join(path).exists());
        for path in self.files() {
            if !self.is_broken(&path) {
                self.good.insert(path.clone(), fs::read_to_string(folder.join(&path)).unwrap());
            }
            self.touched.insert(path);
        }
    }

    /// What a build writes where each broken file is as it last was well.
    fn built(&self, scope: &Scope) -> BTreeMap<String, Vec<u8>> {
        let disk = Disk::new(self.folder).unwrap();
        let mut paths = disk.list(&RelPath::new("content").unwrap()).files;
        paths.extend(disk.list(&RelPath::new("theme").unwrap()).files);
        paths.push(RelPath::new("book.toml").unwrap());
        let bytes = |path: &RelPath| {
            let now = disk.read(path, 1 << 24).unwrap();
            let is_broken = now.starts_with(BROKEN.as_bytes());
            self.good.get(path.as_str()).filter(|_| is_broken).map_or(now, |good| good.clone().into_bytes())
        };
        let tree = Memory::new(paths.iter().map(|path| (path.clone(), bytes(path))));
        let handbook = Arc::new(Handbook::link(&Corpus::read(&tree).unwrap(), scope.clone(), Arc::new(History::default())));
        let today = Date::parse(TODAY).unwrap();
        let findings = rules::findings(&handbook, today);
        let (theme, _) = Theme::load(&tree, handbook.settings.theme.as_ref(), lexicon(&handbook));
        let site = Site::new(handbook, theme, findings, today);
        let draw = |route: &journeybook::site::Route| match site.render(route).unwrap() {
            Page::Bytes(bytes) => bytes.into_owned(),
            Page::CopyOf(path) => tree.read(path, 1 << 24).unwrap(),
        };
        site.routes().iter().map(|route| (route.path.to_string(), draw(route))).collect()
    }
}

/// All addresses are answered with what a build writes, and no others are.
fn is_equal(preview: &Preview, built: &BTreeMap<String, Vec<u8>>, gone: &BTreeMap<String, Vec<u8>>) -> Result<(), TestCaseError> {
    for (path, bytes) in built {
        let answer = preview.get(&format!("/{path}"));
        prop_assert!(matches!(answer.status, 200 | 302), "{path}: {}", answer.status);
        let plain = answer.plain();
        prop_assert!(plain == *bytes, "{path} differs:\n{}", difference(&plain, bytes));
    }
    for path in gone.keys().filter(|path| !built.contains_key(*path)) {
        prop_assert_eq!(preview.get(&format!("/{path}")).status, 404, "{}", path);
    }
    Ok(())
}

fn difference(a: &[u8], b: &[u8]) -> String {
    let (a, b) = (String::from_utf8_lossy(a).into_owned(), String::from_utf8_lossy(b).into_owned());
    let lines = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    lines.map_or_else(|| format!("{} and {} bytes", a.len(), b.len()), |(a, b)| format!("- {a}\n+ {b}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_preview_is_the_site(rounds in proptest::collection::vec(proptest::collection::vec(act(), 1..6), 1..6), shown in 0usize..4) {
        let folder = handbook(&[]);
        write(folder.path(), "theme/assets/own.css", "p{}");
        write(folder.path(), "content/pages/plan.png", picture(10, 10, 10));
        write(folder.path(), "content/metrics/table.csv", "date,value\n2026-01-01,1\n");
        let mut desk = Desk { folder: folder.path(), good: BTreeMap::new(), touched: BTreeSet::new() };
        desk.act(&Act::Book(0));
        (0..24).for_each(|n| desk.act(&Act::New(n, n * 37)));
        let (args, scope) = match shown {
            0 => (&["--audience", "staff", "--drafts"][..], Scope { audiences: ["staff".to_owned()].into(), drafts: true, ..Scope::default() }),
            1 => (&["--audience", "all"][..], Scope::everything()),
            2 => (&["--drafts"][..], Scope { drafts: true, ..Scope::default() }),
            _ => (&[][..], Scope::default()),
        };
        let preview = Preview::of(folder.path(), args);
        let mut before = desk.built(&scope);
        is_equal(&preview, &before, &BTreeMap::new())?;
        for (round, acts) in rounds.iter().enumerate() {
            acts.iter().for_each(|act| desk.act(act));
            // When this is seen, so was everything that was written before it.
            desk.save("content/pages/mark.md", format!("---\ntitle: Mark\n---\n\nRound {round}.\n"));
            preview.until("/pages/mark.html", |answer| answer.has(&format!("Round {round}.")));
            desk.touched.clear();
            let built = desk.built(&scope);
            is_equal(&preview, &built, &before)?;
            before = built;
        }
    }
}
