//! Any text as `book.toml`.
#![no_main]
use journeybook::base::{RelPath, Source};
use journeybook::handbook::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(path) = RelPath::new("book.toml") else { return };
    if let Ok((_, found)) = Settings::read(Source::new(path, text)) {
        assert!(found.iter().all(|finding| text.get(finding.span.range()).is_some()));
    }
});
