//! The parts of a build, one by one.
#[path = "support/mod.rs"]
#[expect(dead_code, reason = "the peers' handbooks are for the other bench")]
mod support;

use std::sync::Arc;

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use journeybook::base::{Date, RelPath, Source};
use journeybook::document::Document;
use journeybook::handbook::{BOOK, Corpus, Handbook, History, Scope};
use journeybook::markup::{self, Destinations, Rich, Target};
use journeybook::rules::findings;
use journeybook::tree::Memory;
use support::generate::{self, Dialect, File, Plan};

fn main() {
    divan::main();
}

fn tree(entities: usize) -> Memory {
    let book = File { path: BOOK.into(), text: generate::BOOK.into() };
    let plan = Plan::new(entities, 1);
    let content = generate::files(&plan, Dialect::Journeybook).map(|file| File { path: format!("content/{}", file.path), ..file });
    Memory::new(content.chain([book]).map(|file| (RelPath::new(&file.path).unwrap_or_else(|_| RelPath::root()), file.text)))
}

fn corpus(entities: usize) -> Corpus {
    Corpus::read(&tree(entities)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The first generated page of a folder.
fn page(folder: &str) -> Source {
    let plan = Plan::new(100, 1);
    let file = generate::files(&plan, Dialect::Journeybook).find(|file| file.path.starts_with(folder));
    let file = file.unwrap_or_else(|| panic!("no page in {folder}"));
    Source::new(RelPath::new(&format!("content/{}", file.path)).unwrap_or_else(|_| RelPath::root()), file.text)
}

/// One file into one document.
#[divan::bench(args = ["personas", "journeys", "touchpoints", "improvements"])]
fn document(bencher: Bencher<'_, '_>, folder: &str) {
    let source = page(folder);
    let content = RelPath::new("content").unwrap_or_else(|_| RelPath::root());
    bencher
        .counter(BytesCount::of_str(&source.text))
        .bench(|| Document::parse(black_box(source.clone()), &content, markup::Options::default()));
}

/// All files of a tree in memory into documents.
#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn read(bencher: Bencher<'_, '_>, entities: usize) {
    let tree = tree(entities);
    bencher.counter(ItemsCount::new(entities)).bench(|| Corpus::read(black_box(&tree)));
}

/// All documents into one handbook.
#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn link(bencher: Bencher<'_, '_>, entities: usize) {
    let corpus = corpus(entities);
    bencher
        .counter(ItemsCount::new(entities))
        .bench(|| Handbook::link(black_box(&corpus), Scope::everything(), Arc::new(History::default())));
}

/// All rules over one handbook.
#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn judge(bencher: Bencher<'_, '_>, entities: usize) {
    let handbook = Handbook::link(&corpus(entities), Scope::everything(), Arc::new(History::default()));
    let today = Date::parse("2026-06-01").expect("a day");
    bencher.counter(ItemsCount::new(entities)).bench(|| findings(black_box(&handbook), today));
}

struct Somewhere;

impl Destinations for Somewhere {
    fn target(&self, _: u32) -> Target {
        Target::Inside("../touchpoints/front-desk.html".into())
    }

    fn label(&self, _: u32) -> String {
        "Front desk".into()
    }
}

/// A body's HTML with all its links.
#[divan::bench]
fn fill(bencher: Bencher<'_, '_>) {
    let source = page("journeys");
    let body = source.text.split_once("\n---\n").map_or("", |(_, body)| body);
    let rich: Rich = markup::block(body, markup::Options::default(), true).rich;
    bencher.counter(BytesCount::of_str(&rich.html)).bench(|| black_box(&rich).fill(&Somewhere, 0));
}
