//! The house stays as it is drawn: arrows between rooms point one way, and every dependency's licence is one we may ship.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// For each room the rooms it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("markup", &["base"]),
    ("model", &["base", "markup"]),
    ("document", &["base", "markup", "model"]),
    ("tree", &["base"]),
    ("handbook", &["base", "markup", "model", "document", "tree"]),
    ("insight", &["base", "model", "document", "handbook"]),
    ("rules", &["base", "markup", "model", "document", "handbook", "insight"]),
    ("words", &["base", "markup", "model"]),
    ("review", &["base", "markup", "model", "document", "tree", "handbook", "insight", "words", "exchange"]),
    ("view", &["base", "markup", "model", "document", "handbook", "insight", "rules", "words", "review"]),
    ("theme", &["base", "markup", "model", "tree", "view", "words"]),
    ("exchange", &["base", "markup", "model", "document", "handbook", "insight", "words"]),
    ("search", &["base", "markup", "model", "document", "handbook"]),
    (
        "site",
        &["base", "markup", "model", "document", "handbook", "insight", "rules", "words", "review", "view", "theme", "exchange", "search"],
    ),
    ("output", &["base", "tree"]),
    ("serve", &["base", "markup", "model", "document", "tree", "handbook", "rules", "words", "review", "theme", "site"]),
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            out.push(path);
        }
    }
}

/// The rooms that a file names after `crate::`, its tests apart.
fn used(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split("crate::").skip(1).map(word).filter(|room| !room.is_empty()).collect()
}

#[test]
fn arrows_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (room, allowed) in ARROWS {
        let mut files = Vec::new();
        if root.join(room).is_dir() {
            sources(&root.join(room), &mut files);
        }
        assert!(!files.is_empty(), "there is no room `{room}`");
        for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
            let text = std::fs::read_to_string(file).expect("a source file");
            for other in used(&text) {
                if other != *room && ARROWS.iter().any(|(known, _)| *known == other) && !allowed.contains(&&*other) {
                    wrong.push(format!("{}: `{room}` may not know `{other}`", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_drawn() {
    let text = include_str!("../src/lib.rs");
    let rooms: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let drawn: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).chain(["cli"]).collect();
    assert_eq!(rooms, drawn);
}

/// Licences that may be shipped with MIT OR Apache-2.0.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "Unlicense",
    "0BSD",
    "MIT-0",
    "BSL-1.0",
];

#[test]
fn every_dependency_may_be_shipped() {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--locked", "--offline"]).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let mut wrong = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let licence = package["license"].as_str().unwrap_or("none");
        let words = licence.replace(['(', ')', '/'], " ");
        let any = |part: &str| {
            part.split_whitespace()
                .filter(|word| !matches!(*word, "OR" | "AND" | "WITH" | "LLVM-exception"))
                .any(|word| LICENCES.contains(&word))
        };
        // Every part that is joined by AND needs a licence of ours; of those joined by OR one is enough.
        if !words.split(" AND ").all(any) {
            wrong.insert(package["name"].as_str().unwrap_or("?").to_owned(), licence.to_owned());
        }
        let source = package["source"].as_str();
        assert!(source.is_none_or(|source| source.starts_with("registry+")), "{} comes from {source:?}", package["name"]);
    }
    assert!(wrong.is_empty(), "licences to look at: {wrong:?}");
}

#[test]
fn no_unsafe_and_no_left_overs() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let banned = ["todo!(", "unimplemented!(", "dbg!(", "FIXME", "XXX"];
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file");
        for word in banned {
            assert!(!text.contains(word), "{} holds {word}", file.display());
        }
    }
}

/// No compiler reads the scripts: a block that a merge left open would silently turn all of one off.
#[test]
fn the_scripts_close_what_they_open() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/assets");
    let files = std::fs::read_dir(folder).expect("the theme").flatten().map(|entry| entry.path());
    let scripts: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|ext| ext == "js")).collect();
    assert!(scripts.len() > 1);
    for script in scripts {
        closes(&std::fs::read_to_string(&script).expect("a script"));
    }
}

fn closes(text: &str) {
    let code: String = text.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code)).collect();
    let (mut open, mut quote) = (Vec::new(), None);
    for (at, c) in code.char_indices() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => open.push(')'),
            (None, '[') => open.push(']'),
            (None, '{') => open.push('}'),
            (None, ')' | ']' | '}') => assert_eq!(open.pop(), Some(c), "{}", &code[..at]),
            _ => {}
        }
    }
    assert!(quote.is_none() && open.is_empty(), "still open: {open:?}");
}
