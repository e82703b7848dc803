//! The rules after an edit say what they say of the handbook from the beginning, whatever was edited: in the sample handbook, in
//! which every field occurs.
use std::collections::BTreeMap;
use std::path::Path;

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Change, Handbook, History, Scope};
use journeybook::rules::Advice;
use journeybook::tree::{Disk, Tree};
use proptest::prelude::*;

use crate::again::Desk;

/// Fields of which the rules speak.
const FIELDS: &[&str] = &[
    "status: retired",
    "status: committed",
    "status: dropped",
    "owner: nobody-at-all",
    "reviewed: 2020-01-01",
    "star: true",
    "target: 10",
    "solves: planning-the-stay",
    "emotion: -2",
    "evidence: []",
    "lens: goal",
    "lens: functional",
];

#[derive(Debug, Clone)]
enum How {
    /// Writes a line into the front matter.
    Write(usize),
    /// Takes a line out of it.
    Cut(usize),
    /// Takes a line and those that belong to it out.
    CutAll(usize),
    /// Writes a letter too many at the end of a line.
    Misspell(usize),
    /// Writes a letter too many at the end of its key.
    MisspellKey(usize),
    Say,
    Restore,
}

fn edit() -> impl Strategy<Value = (usize, How)> {
    let how = prop_oneof![
        any::<usize>().prop_map(How::Write),
        any::<usize>().prop_map(How::Cut),
        any::<usize>().prop_map(How::CutAll),
        any::<usize>().prop_map(How::Misspell),
        any::<usize>().prop_map(How::MisspellKey),
        Just(How::Say),
        Just(How::Restore),
    ];
    (any::<usize>(), how)
}

fn sample() -> BTreeMap<String, String> {
    let disk = Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let of_root = ["book.toml", "data/visits.csv"].map(|path| RelPath::new(path).unwrap());
    let listed = disk.list(&RelPath::new("content").unwrap()).files;
    let text = |path: RelPath| Some((path.to_string(), String::from_utf8(disk.read(&path, 1 << 20).ok()?).ok()?));
    let mut files: BTreeMap<String, String> = listed.into_iter().chain(of_root).filter_map(text).collect();
    let settings = files.get_mut("book.toml").unwrap();
    *settings = settings.replace("suspect =", "# suspect =");
    files
}

/// Every third file was changed after most were reviewed.
fn history(files: &BTreeMap<String, String>) -> History {
    let change = Change { date: Date::parse("2026-11-30").unwrap(), subject: "An edit".into(), commit: String::new(), author: None };
    let changed = files.keys().step_by(3).map(|path| (RelPath::new(path).unwrap(), change.clone())).collect();
    History { changed, ..History::default() }
}

fn edited(text: &str, how: &How, original: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let misspelt;
    let end = lines.iter().skip(1).position(|line| *line == "---").map_or(1, |at| at + 1);
    match how {
        How::Write(which) => lines.insert(1.min(lines.len()), FIELDS[which % FIELDS.len()]),
        How::Cut(which) if end > 1 => drop(lines.remove(1 + which % (end - 1))),
        How::CutAll(which) if end > 1 => {
            let first = 1 + which % (end - 1);
            let indent = |line: &str| line.len() - line.trim_start().len();
            let more = lines[first + 1..end].iter().take_while(|line| indent(line) > indent(lines[first])).count();
            lines.drain(first..=first + more);
        }
        How::Misspell(which) if end > 1 => {
            let line = &mut lines[1 + which % (end - 1)];
            misspelt = match line.strip_suffix(']') {
                Some(list) => format!("{list}x]"),
                None => format!("{line}x"),
            };
            *line = &misspelt;
        }
        How::MisspellKey(which) if end > 1 => {
            let line = &mut lines[1 + which % (end - 1)];
            misspelt = line.replacen(": ", "x: ", 1);
            *line = &misspelt;
        }
        How::Say => lines.push("More words."),
        How::Cut(_) | How::CutAll(_) | How::Misspell(_) | How::MisspellKey(_) => {}
        How::Restore => return original.to_owned(),
    }
    lines.join("\n") + "\n"
}

fn said(advice: &Advice, handbook: &Handbook) -> Vec<String> {
    advice.findings(handbook).iter().map(|finding| format!("{finding:?}")).collect()
}

/// A handbook that is edited, and what the rules say of it, taken over from edit to edit.
struct Watched {
    desk: Desk,
    handbook: Handbook,
    advice: Advice,
}

impl Watched {
    fn new() -> Watched {
        let files = sample();
        let changes = history(&files);
        let desk = Desk::of(files, Scope::everything(), changes);
        let handbook = desk.link(&desk.corpus());
        Watched { advice: Advice::of(&handbook, today()), desk, handbook }
    }

    /// Writes a file; what is said then, and what would be said of the handbook from the beginning.
    fn write(&mut self, path: &str, text: String) -> (Vec<String>, Vec<String>) {
        self.desk.files.insert(path.to_owned(), text);
        let now = self.desk.link_again(&self.handbook, &self.desk.corpus());
        let again = self.advice.again(&self.handbook, &now, today());
        let said = (said(&again, &now), said(&Advice::of(&now, today()), &now));
        (self.handbook, self.advice) = (now, again);
        said
    }
}

fn today() -> Date {
    Date::parse("2026-11-30").unwrap()
}

/// The fields that rules look at in another entity than the one they speak of.
const SEEN_FROM_ELSEWHERE: &[&str] = &[
    "solves",
    "status",
    "touchpoints",
    "personas",
    "evidence",
    "framework",
    "covers",
    "segment",
    "scores",
    "behaviours",
    "customer_contact",
    "emotion",
    "lens",
    "parent",
    "counterpart",
    "id",
    "title",
    "was",
    "date",
    "steps",
];

/// Each of these fields in a dozen files, its value misspelt, its key misspelt, taken out, and put back.
#[test]
fn the_rules_say_the_same_whatever_becomes_of_a_field_that_they_look_at_from_elsewhere() {
    let mut watched = Watched::new();
    let original = watched.desk.files.clone();
    let mut differences = 0;
    let mut before = said(&watched.advice, &watched.handbook);
    for field in SEEN_FROM_ELSEWHERE {
        let names_it = |line: &str| line.trim_start().trim_start_matches("- ").starts_with(&format!("{field}:"));
        let places: Vec<(&String, &String, usize)> = original
            .iter()
            .filter(|(path, _)| path.ends_with(".md"))
            .filter_map(|(path, text)| Some((path, text, text.lines().skip(1).take_while(|line| *line != "---").position(names_it)?)))
            .collect();
        for (path, text, line) in places.iter().step_by(places.len().div_ceil(12).max(1)) {
            for text in
                [How::Misspell(*line), How::MisspellKey(*line), How::CutAll(*line), How::Restore].map(|how| edited(text, &how, text))
            {
                let (again, anew) = watched.write(path, text);
                assert_eq!(again, anew, "{field} in {path}");
                differences += usize::from(anew != before);
                before = anew;
            }
        }
    }
    assert!(differences > 300, "{differences}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_rules_say_the_same_after_edits(edits in prop::collection::vec(edit(), 1..16)) {
        let mut watched = Watched::new();
        let original = watched.desk.files.clone();
        let pages: Vec<&String> = original.keys().filter(|path| path.ends_with(".md")).collect();
        for (page, how) in edits {
            let path = pages[page % pages.len()];
            let text = edited(&watched.desk.files[path], &how, &original[path]);
            let (again, anew) = watched.write(path, text);
            prop_assert_eq!(again, anew, "{} {:?}", path, how);
        }
    }
}
