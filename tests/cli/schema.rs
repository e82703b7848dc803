//! `schema`: an editor that checks by it agrees with `check`.
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{json, repository, run};

fn schema(args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let args: Vec<&str> = ["schema"].iter().chain(args).copied().collect();
    let done = run(folder.path(), &args);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let schema = json(&done.out);
    assert!(jsonschema::meta::is_valid(&schema), "the schema itself is right");
    schema
}

/// The front matter of each file below a folder, with the type that its folder says.
fn front_matters(folder: &Path) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, bytes) in crate::support::files(folder) {
        let path = path.to_string_lossy().into_owned();
        let text = String::from_utf8(bytes).unwrap_or_default();
        let Some(front) = text.strip_prefix("---\n").and_then(|rest| rest.split("\n---").next()).filter(|_| path.ends_with(".md")) else {
            continue;
        };
        let value: Value = serde_saphyr::from_str(front).unwrap_or_else(|error| panic!("{path}: {error}"));
        let kind = value.get("type").and_then(Value::as_str).map(str::to_owned).unwrap_or_else(|| folder_type(&path));
        found.push((path, kind, value));
    }
    found
}

fn folder_type(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let kind = journeybook::model::Type::of_folder(folder.split('/').next().unwrap_or(""));
    match (kind, name) {
        (None, "index.md") if folder.is_empty() => "organisation".into(),
        (Some(kind), name) if name != "index.md" => kind.name().into(),
        _ => "page".into(),
    }
}

fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn both_sample_handbooks_are_valid() {
    let whole = schema(&[]);
    let mut seen = 0;
    for folder in ["content", "tests/handbooks/de-linde/content"] {
        for (path, kind, value) in front_matters(&repository().join(folder)) {
            seen += 1;
            assert_eq!(complaints(&schema(&[&kind]), &value), Vec::<String>::new(), "{path} as {kind}");
            assert_eq!(complaints(&whole, &value), Vec::<String>::new(), "{path}");
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn what_is_new_is_valid_or_lacks_what_is_required() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["init", "."]);
    for kind in ["persona", "journey", "touchpoint", "roadmap", "framework", "segment"] {
        let path = run(folder.path(), &["new", kind, "Begun"]).out;
        let text = fs::read_to_string(folder.path().join(path.trim())).unwrap();
        let front = text.trim_start_matches("---\n").split("\n---").next().unwrap();
        let value: Value = serde_saphyr::from_str(front).unwrap();
        assert_eq!(complaints(&schema(&[kind]), &value), Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn mistakes_are_found() {
    let persona = schema(&["persona"]);
    let wrong = |value: Value| !complaints(&persona, &value).is_empty();
    assert!(!wrong(serde_json::json!({"title": "A", "goals": "one", "archetype": "primary", "summary": null})));
    assert!(wrong(serde_json::json!({"title": "A", "goal": "one"})), "an unknown field");
    assert!(wrong(serde_json::json!({"archetype": "primry"})), "an unknown word");
    assert!(wrong(serde_json::json!({"traits": {"patience": 120}})), "out of range");
    assert!(wrong(serde_json::json!({"goals": [{"text": "x", "konwn": "known"}]})), "an unknown field inside");
    assert!(wrong(serde_json::json!({"reviewed": "soon"})), "no date");
    assert!(!complaints(&schema(&["journey"]), &serde_json::json!({"title": "A", "personas": [], "phases": []})).is_empty());
    let (backlog, item) = (schema(&["backlog"]), serde_json::json!({"id": "a", "title": "A", "solves": "trip", "problem": "x"}));
    assert!(complaints(&backlog, &serde_json::json!({"type": "backlog", "items": [item]})).is_empty());
    assert!(complaints(&backlog, &serde_json::json!({"type": "backlog", "items": item})).is_empty(), "one stands for a list of one");
    assert!(!complaints(&backlog, &serde_json::json!({"type": "backlog", "items": []})).is_empty());
    let whole = schema(&[]);
    assert!(!complaints(&whole, &serde_json::json!({"type": "persona", "medium": "paper"})).is_empty());
    assert!(!complaints(&whole, &serde_json::json!({"type": "person"})).is_empty());
}

#[test]
fn unknown_types_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), &["schema", "personna"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("Did you mean `persona`?"), "{}", done.err);
}
