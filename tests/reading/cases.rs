//! Every file in `cases/` is a list of small handbooks; what is found in each is a snapshot.
use std::fmt::Write as _;
use std::path::Path;

use crate::harness::{Case, findings};

#[test]
fn every_finding_at_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading/cases");
    let mut topics: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    topics.sort();
    assert!(!topics.is_empty());
    for topic in topics {
        let text = std::fs::read_to_string(&topic).unwrap();
        let mut out = String::new();
        for case in Case::all(&text) {
            let _ = write!(out, "#### {}\n{}\n", case.name, findings(&case));
        }
        let name = topic.file_stem().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, { insta::assert_snapshot!(name, out) });
    }
}
