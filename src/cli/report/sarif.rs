//! Findings as SARIF 2.1.0 (OASIS, 2020), for code scanning.
use serde_json::{Value, json};

use super::Report;
use super::place::Place;
use crate::base::{Diagnostic, RelPath, Rule, Severity};
use crate::cli::explain;
use crate::markup::encode_path;

pub(super) fn report(report: &Report<'_>) -> String {
    let results: Vec<Value> = report.placed().map(|(finding, place)| result(report, finding, &place)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "journeybook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Rule::ALL.iter().map(|rule| descriptor(*rule)).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn descriptor(rule: Rule) -> Value {
    let page = explain::page(rule);
    json!({
        "id": rule.name(),
        "shortDescription": {"text": rule.name().replace('-', " ")},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(rule.default_severity())},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(report: &Report<'_>, finding: &Diagnostic, place: &Place) -> Value {
    let help = finding.help.as_ref().map(|help| format!("\n\n{help}")).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.rule.name(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule).unwrap_or(0),
        "level": level(finding.severity),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [location(&finding.file, place)],
    });
    if !finding.labels.is_empty() {
        result["relatedLocations"] = finding.labels.iter().map(|label| related(report, label)).collect();
    }
    if let Some(suggestion) = &finding.suggestion {
        result["fixes"] = json!([fix(finding, place, suggestion)]);
    }
    result
}

fn related(report: &Report<'_>, label: &crate::base::Label) -> Value {
    let place = report.place(&label.file, label.span);
    let mut location = location(&label.file, &place);
    location["message"] = json!({"text": label.text});
    location
}

fn fix(finding: &Diagnostic, place: &Place, suggestion: &str) -> Value {
    json!({
        "description": {"text": format!("Write `{suggestion}`")},
        "artifactChanges": [{
            "artifactLocation": artifact(&finding.file),
            "replacements": [{"deletedRegion": region(place), "insertedContent": {"text": suggestion}}],
        }],
    })
}

fn location(file: &RelPath, place: &Place) -> Value {
    json!({"physicalLocation": {"artifactLocation": artifact(file), "region": region(place)}})
}

fn artifact(file: &RelPath) -> Value {
    json!({"uri": encode_path(file.as_str())})
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}
