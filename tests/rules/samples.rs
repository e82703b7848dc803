//! The two sample handbooks: right, and advised here and there, as in life.
use std::collections::BTreeMap;

use journeybook::base::Severity;
use journeybook::handbook::Scope;
use journeybook::tree::Disk;

use super::{findings, linked};

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
