//! Any text as a file: it becomes a document, and everything said of it stands inside it.
#![no_main]
use journeybook::base::{RelPath, Source};
use journeybook::document::Document;
use journeybook::markup::Options;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (Ok(path), Ok(content)) = (RelPath::new("content/journeys/x.md"), RelPath::new("content")) else { return };
    let document = Document::parse(Source::new(path, text), &content, Options::default());
    let spans = document.diagnostics.iter().map(|finding| finding.span).chain(document.links.iter().map(|link| link.span));
    spans.for_each(|span| assert!(text.get(span.range()).is_some()));
});
