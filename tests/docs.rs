//! The documents keep up with the program.
use std::path::Path;

/// Compares a document with what the program says it should be; `UPDATE_DOCS=1` writes it.
fn kept(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).expect("the document can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{name} is not up to date: run `UPDATE_DOCS=1 cargo test --test docs`");
}

#[test]
fn the_field_reference_is_the_declarations() {
    kept("docs/fields.md", &journeybook::exchange::reference());
}

#[test]
fn documents_link_to_files_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/book.md",
        "docs/serve.md",
        "docs/theme.md",
        "benches/README.md",
    ] {
        let text = std::fs::read_to_string(root.join(name)).unwrap_or_else(|_| panic!("{name} is there"));
        let folder = root.join(name).parent().expect("a folder").to_path_buf();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or("");
            let outside = link.contains("://") || link.starts_with('#');
            assert!(outside || folder.join(path).exists(), "{name} links to {link}, which is not there");
        }
    }
}

#[test]
fn the_architecture_fits_on_its_pages() {
    assert!(include_str!("../ARCHITECTURE.md").lines().count() <= 150);
}
