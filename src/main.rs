//! The `journeybook` command.
use std::sync::Arc;

use journeybook::handbook::{Corpus, Handbook, History, Scope};

fn main() {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let tree = journeybook::tree::Disk::new(root.as_ref()).unwrap();
    let start = std::time::Instant::now();
    let corpus = Corpus::read(&tree).unwrap();
    let read = start.elapsed();
    let handbook = Handbook::link(&corpus, Scope::everything(), Arc::new(History::default()));
    let linked = start.elapsed();
    let find = |path: &journeybook::base::RelPath| corpus.documents.iter().find(|d| d.source.path == *path).map(|d| d.source.clone());
    for d in journeybook::rules::findings(&handbook, journeybook::base::Date::parse("2026-11-25").unwrap()) {
        let at = find(&d.file).unwrap_or_else(|| journeybook::base::Source::new(d.file.clone(), "")).position(d.span.start);
        println!("{}:{}:{}: {} [{}] {}", d.file, at.line, at.column, d.severity, d.rule.name(), d.message);
    }
    println!("{} entities, read {:?}, linked {:?}", handbook.entities.len(), read, linked - read);
}
