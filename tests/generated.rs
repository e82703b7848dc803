//! The handbooks that the bench program generates are real ones.
#[path = "../benches/support/mod.rs"]
mod support;

use std::sync::Arc;

use journeybook::base::{Date, Severity};
use journeybook::handbook::{BOOK, Corpus, Handbook, History, Scope};
use journeybook::tree::Disk;
use support::generate::{self, Dialect, File, Plan};

fn files(entities: usize, seed: u64) -> Vec<File> {
    generate::files(&Plan::new(entities, seed), Dialect::Journeybook).collect()
}

/// Written to a folder and read back, as the bench program does it.
fn linked(entities: usize, seed: u64) -> Handbook {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join(BOOK), generate::BOOK).unwrap();
    generate::write(&Plan::new(entities, seed), Dialect::Journeybook, &root.path().join("content")).unwrap();
    let corpus = Corpus::read(&Disk::new(root.path()).unwrap()).unwrap();
    Handbook::link(&corpus, Scope::everything(), Arc::new(History::default()))
}

#[test]
fn a_generated_handbook_is_valid() {
    let handbook = linked(200, 7);
    let found = journeybook::rules::findings(&handbook, Date::parse("2026-06-01").unwrap());
    let serious: Vec<String> =
        found.iter().filter(|found| found.severity != Severity::Advice).map(|found| format!("{}: {}", found.file, found.message)).collect();
    assert!(serious.is_empty(), "{serious:#?}");
}

#[test]
fn it_has_the_mix_of_a_real_one() {
    use journeybook::model::Type::{Improvement, Journey, Persona, Touchpoint};
    let handbook = linked(200, 7);
    let counts = [Persona, Journey, Touchpoint, Improvement].map(|kind| handbook.of_type(kind).count());
    assert_eq!(counts, [10, 30, 60, 100]);
    let body = |node: &journeybook::handbook::Node| node.document.source.text.split("\n---\n").nth(1).unwrap().len();
    let bodies: Vec<usize> = handbook.of_type(Improvement).map(|ix| body(handbook.node(ix))).collect();
    assert!(bodies.iter().all(|length| (2000..7500).contains(length)), "{bodies:?}");
    let backlinks: usize = handbook.entities.iter().map(|node| node.backlinks.len()).sum();
    assert!(backlinks > 10 * handbook.entities.len(), "{backlinks}");
}

#[test]
fn the_seed_decides() {
    assert_eq!(files(60, 1), files(60, 1));
    assert_ne!(files(60, 1), files(60, 2));
}

#[test]
fn every_program_gets_the_same_pages() {
    let plan = Plan::new(60, 3);
    let paths = |dialect| generate::files(&plan, dialect).map(|file| file.path.replace("_index.md", "index.md")).collect::<Vec<_>>();
    assert_eq!(paths(Dialect::Journeybook), paths(Dialect::Hugo));
    assert_eq!(paths(Dialect::Journeybook), paths(Dialect::Cobalt));
}
