//! Any text as the body of a page of a small handbook: it is read, linked and filled.
#![no_main]
use std::sync::Arc;

use journeybook::base::RelPath;
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::markup::{Destinations, Target};
use journeybook::tree::Memory;
use libfuzzer_sys::fuzz_target;

struct Nowhere;

impl Destinations for Nowhere {
    fn target(&self, link: u32) -> Target {
        if link % 2 == 0 { Target::Inside("x.html".into()) } else { Target::Nowhere }
    }

    fn label(&self, _: u32) -> String {
        String::new()
    }
}

fuzz_target!(|text: &str| {
    let page = format!("---\ntitle: A\n---\n{text}");
    let files = [("book.toml", "title = \"T\""), ("content/personas/anna.md", "# Anna"), ("content/pages/a.md", &page)];
    let files = files.into_iter().filter_map(|(path, text)| Some((RelPath::new(path).ok()?, text.as_bytes().to_vec())));
    let Ok(corpus) = Corpus::read(&Memory::new(files)) else { return };
    let handbook = Handbook::link(&corpus, Scope::everything(), Arc::new(History::default()));
    for node in &handbook.entities {
        let _ = node.entity.body.rich.fill(&Nowhere, 1);
    }
});
