//! Findings for programs: one object on one line.
use serde_json::{Value, json};

use super::Report;
use super::place::Place;
use crate::base::{Diagnostic, Severity};

pub(super) fn report(report: &Report<'_>) -> String {
    let diagnostics: Vec<Value> = report.placed().map(|(finding, place)| one(finding, &place)).collect();
    let all = json!({
        "diagnostics": diagnostics,
        "files": report.files,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "advice": report.count(Severity::Advice),
    });
    format!("{all}\n")
}

fn one(finding: &Diagnostic, place: &Place) -> Value {
    json!({
        "rule": finding.rule.name(),
        "severity": finding.severity.name(),
        "message": finding.message,
        "file": finding.file.as_str(),
        "line": place.start.line,
        "column": place.start.column,
        "end_line": place.end.line,
        "end_column": place.end.column,
        "help": finding.help,
        "suggestion": finding.suggestion,
    })
}
