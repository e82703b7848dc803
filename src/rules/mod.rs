//! The rules a handbook is held against, and the last word on what is said: severities, silences, order.
pub mod explain;

use crate::base::{Diagnostic, Today};
use crate::handbook::Handbook;

/// Everything that is wrong with a handbook or not yet good: as severe as the handbook wants it, silences heeded, sorted by file and
/// place.
pub fn findings(handbook: &Handbook, _today: Today) -> Vec<Diagnostic> {
    let mut found = handbook.diagnostics.clone();
    found.retain_mut(|finding| match handbook.settings.severity(finding.rule) {
        Some(severity) => {
            finding.severity = severity;
            true
        }
        None => false,
    });
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found
}
