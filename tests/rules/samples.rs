//! The two sample handbooks: right, and advised here and there, as in life.
use std::collections::BTreeMap;

use journeybook::base::{RelPath, Severity};
use journeybook::handbook::Scope;
use journeybook::tree::{Disk, Memory, Overlay, Tree};

use super::{findings, linked, path};

fn advice(folder: &str, scope: Scope) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let found = findings(&linked(&Disk::new(&root).unwrap(), scope, &[]));
    let grave: Vec<_> = found.iter().filter(|finding| finding.severity != Severity::Advice).collect();
    assert!(grave.is_empty(), "{grave:#?}");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &found {
        *counts.entry(format!("{} {}", finding.severity, finding.rule.name())).or_default() += 1;
    }
    counts.into_iter().map(|(rule, count)| format!("{count:3} {rule}\n")).collect()
}

#[test]
fn zuiderduin_as_a_whole() {
    insta::assert_snapshot!("zuiderduin", advice("", Scope::everything()));
}

#[test]
fn zuiderduin_as_everybody_may_see_it() {
    insta::assert_snapshot!("zuiderduin-public", advice("", Scope::default()));
}

#[test]
fn de_linde_as_a_whole() {
    insta::assert_snapshot!("de-linde", advice("tests/handbooks/de-linde", Scope::everything()));
}

#[test]
fn de_linde_as_everybody_may_see_it() {
    insta::assert_snapshot!("de-linde-public", advice("tests/handbooks/de-linde", Scope::default()));
}

/// Every so many-th key of the sample handbook is misspelt: that is told once, whoever hangs on what stands behind it.
#[test]
fn a_misspelt_key_is_told_once_and_nowhere_else() {
    let disk = Disk::new(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let pages = disk.list(&path("content")).files.into_iter().filter(|file| file.extension() == "md");
    let texts: Vec<(RelPath, String)> =
        pages.map(|file| (file.clone(), String::from_utf8(disk.read(&file, 1 << 20).unwrap()).unwrap())).collect();
    let keys: Vec<(&RelPath, &str, usize)> = texts.iter().flat_map(|(file, text)| keys(text).map(move |at| (file, &**text, at))).collect();
    for (file, text, at) in keys.iter().step_by(101) {
        let misspelt = format!("{}x{}", &text[..*at], &text[*at..]);
        let tree = Overlay { over: Memory::new([((*file).clone(), misspelt.clone())]), under: &disk };
        let mut found = findings(&linked(&tree, Scope::everything(), &[]));
        found.retain(|finding| finding.severity != Severity::Advice);
        let line = misspelt[..*at].lines().last().unwrap();
        assert!(found.len() < 2, "{file}: {line}x: {found:#?}");
    }
}

/// Where the keys of front matter end.
fn keys(text: &str) -> impl Iterator<Item = usize> {
    let end = text.find("\n---\n").unwrap_or(0);
    let ends = text[..end].match_indices(':').map(|(at, _)| at).filter(|at| text[at + 1..].starts_with([' ', '\n']));
    ends.filter(|at| {
        let line = text[..*at].lines().last().unwrap_or("").trim_start_matches([' ', '-']);
        line.len() > 2 && line.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}
