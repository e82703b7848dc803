//! What holds for any two handbooks.
use std::path::Path;
use std::sync::{Arc, LazyLock};

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::review::{Comparison, Known, Side, compare};
use journeybook::rules;
use journeybook::tree::{Disk, Memory, Tree};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Files by path.
type Files = Vec<(RelPath, String)>;

struct Linked {
    handbook: Handbook,
    findings: Vec<journeybook::base::Diagnostic>,
}

impl Linked {
    fn side(&self) -> Side<'_> {
        Side { handbook: &self.handbook, findings: &self.findings }
    }
}

fn linked(tree: &dyn Tree) -> Linked {
    let corpus = Corpus::read(tree).unwrap();
    let handbook = Handbook::link(&corpus, Scope { everyone: true, drafts: true, ..Scope::default() }, Arc::new(History::default()));
    let findings = rules::findings(&handbook, Date::parse("2026-11-25").unwrap());
    Linked { handbook, findings }
}

fn in_memory(files: &Files) -> Linked {
    linked(&Memory::new(files.iter().map(|(path, text)| (path.clone(), text.as_bytes()))))
}

fn compared(base: &Linked, head: &Linked) -> Comparison {
    compare(base.side(), head.side(), &Known::default())
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

static FERRY: LazyLock<Files> = LazyLock::new(|| texts("tests/diff/handbook"));

/// The text files of a handbook.
fn texts(name: &str) -> Files {
    let tree = Disk::new(&folder(name)).unwrap();
    let files = ["book.toml", "content", "data"].iter().flat_map(|part| match part.ends_with(".toml") {
        true => vec![RelPath::new(part).unwrap()],
        false => tree.list(&RelPath::new(part).unwrap()).files,
    });
    files.filter_map(|path| Some((path.clone(), String::from_utf8(tree.read(&path, u64::MAX).ok()?).ok()?))).collect()
}

#[test]
fn a_handbook_is_the_same_as_itself() {
    for name in [".", "tests/handbooks/de-linde", "tests/handbooks/broken", "tests/diff/handbook"] {
        let (one, two) = (linked(&Disk::new(&folder(name)).unwrap()), linked(&Disk::new(&folder(name)).unwrap()));
        let comparison = compared(&one, &two);
        assert!(comparison.is_empty() && comparison.reformatted.is_empty(), "{name}: {comparison:?}");
        assert!(comparison.effects.measures.is_empty() && comparison.effects.pages.is_empty() && comparison.reviewers.is_empty(), "{name}");
        assert_eq!(comparison.same, one.handbook.entities.len());
    }
}

/// Front matter as data, and the body.
fn apart(text: &str) -> Option<(Value, String)> {
    let (front, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    Some((serde_saphyr::from_str_with_options(front, serde_saphyr::options! { strict_booleans: true }).ok()?, body.to_owned()))
}

/// The same written otherwise: as JSON, which is YAML, its keys backwards.
fn together(front: &Value, body: &str) -> String {
    format!("---\n{:#}\n---\n{body}", backwards(front))
}

fn backwards(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().rev().map(|(key, value)| (key.clone(), backwards(value))).collect::<Map<_, _>>()),
        Value::Array(items) => Value::Array(items.iter().map(backwards).collect()),
        value => value.clone(),
    }
}

#[test]
fn writing_all_front_matter_otherwise_changes_nothing() {
    for name in [".", "tests/handbooks/de-linde", "tests/diff/handbook"] {
        let files = texts(name);
        let mut rewritten = 0;
        let otherwise = files.iter().map(|(path, text)| {
            let other =
                Some(text).filter(|_| path.extension() == "md").and_then(|text| apart(text)).map(|(front, body)| together(&front, &body));
            rewritten += usize::from(other.is_some());
            (path.clone(), other.unwrap_or_else(|| text.clone()))
        });
        let otherwise: Files = otherwise.collect();
        let comparison = compared(&in_memory(&files), &in_memory(&otherwise));
        let changed: Vec<_> = comparison.entities.iter().map(|change| (change.thing(), &change.rows, &change.parts)).collect();
        assert!(comparison.is_empty(), "{name}: {changed:#?} {:?} {:?}", comparison.introduced, comparison.cured);
        assert_eq!(comparison.reformatted.len(), rewritten, "{name}");
    }
}

/// Changes one value that is found by following choices down from the top. What was changed, if that was possible.
fn edit(value: &mut Value, choices: &[usize]) -> Option<String> {
    let (first, rest) = choices.split_first()?;
    match value {
        Value::Object(map) => {
            let key = map.keys().nth(first % map.len().max(1))?.clone();
            if rest.len() <= 1 && first % 3 == 0 {
                let gone = map.shift_remove(&key)?;
                return (!is_empty(&gone)).then(|| format!("{key} taken out"));
            }
            edit(map.get_mut(&key)?, rest).map(|what| format!("{key}.{what}"))
        }
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => {
            let at = first % items.len();
            if first % 5 == 0 && items.len() > 1 {
                items.remove(at);
                return Some(format!("{at} taken out"));
            }
            edit(&mut items[at], rest).map(|what| format!("{at}.{what}"))
        }
        Value::String(text) => {
            text.push_str(if first % 2 == 0 { " and more" } else { "x" });
            Some(format!("made {text}"))
        }
        Value::Number(number) => {
            let other = number.as_f64()? / 2.0 + 0.25;
            *value = Value::from(other);
            Some(format!("made {other}"))
        }
        Value::Bool(yes) => {
            *yes = !*yes;
            Some("turned".to_owned())
        }
        Value::Null => None,
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// A handbook with one change, and what that was.
fn edited(files: &Files, file: usize, choices: &[usize]) -> Option<(Files, String)> {
    let mut files = files.clone();
    let pages: Vec<usize> = (0..files.len()).filter(|at| files[*at].0.extension() == "md").collect();
    let at = pages[file % pages.len()];
    let (mut front, body) = apart(&files[at].1)?;
    let what = edit(&mut front, choices)?;
    files[at].1 = together(&front, &body);
    Some((files.clone(), format!("{}: {what}", files[at].0)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_change_is_told(file in 0usize..1000, choices in proptest::collection::vec(0usize..1000, 8)) {
        let Some((files, what)) = edited(&FERRY, file, &choices) else { return Ok(()) };
        let comparison = compared(&in_memory(&FERRY), &in_memory(&files));
        prop_assert!(!comparison.is_empty(), "{}", what);
    }

    #[test]
    fn swapping_the_sides_swaps_what_came_and_what_went(
        edits in proptest::collection::vec((0usize..1000, proptest::collection::vec(0usize..1000, 8)), 1..6),
        gone in proptest::collection::vec(0usize..1000, 0..3),
    ) {
        let mut files = FERRY.clone();
        for (file, choices) in &edits {
            if let Some((changed, _)) = edited(&files, *file, choices) {
                files = changed;
            }
        }
        for at in gone {
            let pages: Vec<usize> = (0..files.len()).filter(|at| files[*at].0.extension() == "md").collect();
            files.remove(pages[at % pages.len()]);
        }
        let (one, two) = (in_memory(&FERRY), in_memory(&files));
        let (there, back) = (compared(&one, &two), compared(&two, &one));
        let [added, changed, removed] = there.counts();
        prop_assert_eq!(back.counts(), [removed, changed, added]);
        prop_assert_eq!((there.introduced.len(), there.cured.len()), (back.cured.len(), back.introduced.len()));
        let parts = |comparison: &Comparison| comparison.entities.iter().map(|change| change.parts.len()).sum::<usize>();
        prop_assert_eq!(parts(&there), parts(&back));
    }
}
