//! `export`: the model for other programs, without anything that is hidden.
use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{handbook, json, run, sample};

const JOURNEY: &str = r#"---
title: 'A "trip" %%{init}%% `x` <b> | end'
personas: [anna]
owner: secret-team
purpose: Ask [[hidden-hero|our hero]], [her page](../personas/hidden-hero.md "t") or [[front]].
phases:
  - title: Before
    steps:
      - title: Packs
        touchpoints: [front, hidden-desk]
        lead: secret-team
        next: [{to: goes, when: "ready; \"now\""}]
      - {id: goes, title: Goes, touchpoints: hidden-desk, emotion: -1}
---
"#;

fn secretive() -> tempfile::TempDir {
    let staff = |title: &str, more: &str| format!("---\ntitle: {title}\naudience: staff\n{more}---\n");
    handbook(&[
        ("content/journeys/trip.md", JOURNEY),
        ("content/personas/anna.md", "---\ntitle: Anna\ngoals: ['=SUM(A1)', plain]\nquote: \"@me\"\n---\n"),
        ("content/personas/hidden-hero.md", &staff("Top Secret Hero", "")),
        ("content/touchpoints/front-desk.md", "---\ntitle: Desk\nwas: front\nchannel: person\n---\n"),
        ("content/touchpoints/hidden-desk.md", &staff("Top Secret Desk", "channel: person\n")),
        ("content/channels/person.md", "---\ntitle: Person\n---\n"),
        ("content/departments/secret-team.md", &staff("Top Secret Team", "")),
        (
            "content/improvements/one.md",
            "---\ntitle: One\nsolves: trip/packs\nproblem: P\nbudget: 1200\nspent: 5.50 USD\nreach: 1000\nimpact: 3\nconfidence: 80%\neffort: 2\n---\n",
        ),
    ])
}

#[test]
fn json_says_nothing_of_what_is_hidden() {
    let folder = secretive();
    for args in
        [&["export", "json"][..], &["export", "csv"], &["export", "mermaid"], &["export", "mermaid", "trip"], &["export", "csv", "trip"]]
    {
        let done = run(folder.path(), args);
        assert_eq!(done.code, 0, "{}", done.err);
        for secret in ["Top Secret", "hidden-hero", "hidden-desk", "secret-team"] {
            assert!(!done.out.contains(secret), "{args:?} names {secret}:\n{}", done.out);
        }
    }
    let trip = json(&run(folder.path(), &["export", "json", "trip"]).out);
    assert_eq!(trip["fields"]["purpose"], "Ask our hero, her page or [[front]].");
    let steps = &trip["fields"]["phases"][0]["steps"];
    assert_eq!(steps[0]["touchpoints"], serde_json::json!(["front-desk"]), "the id that it has now");
    assert_eq!(steps[0]["id"], "packs");
    assert_eq!(steps[1].get("touchpoints"), None, "as if it had not been written");
}

#[test]
fn json_has_the_names_and_links_of_the_contract() {
    let folder = secretive();
    let book = json(&run(folder.path(), &["export", "json"]).out);
    let keys: Vec<&String> = book.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["format", "title", "language", "entities", "links", "insights"]);
    let links: Vec<String> = book["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| format!("{} {} {}", link["from"], link["relation"], link["to"]).replace('"', ""))
        .collect();
    assert_eq!(
        links,
        [
            "improvement:one solves journey:trip/packs",
            "journey:trip personas persona:anna",
            "journey:trip purpose touchpoint:front-desk",
            "journey:trip/packs to journey:trip/goes",
            "journey:trip/packs touchpoints touchpoint:front-desk",
            "touchpoint:front-desk channel channel:person",
        ]
    );
    let one = book["entities"].as_array().unwrap().iter().find(|entity| entity["id"] == "one").unwrap();
    assert_eq!(one["fields"]["budget"], "1200 EUR");
    assert_eq!(one["fields"]["spent"], "5.50 USD");
    assert_eq!(one["fields"]["solves"], serde_json::json!(["trip/packs"]));
    assert_eq!((&one["url"], &one["source"]), (&"improvements/one.html".into(), &"content/improvements/one.md".into()));
    assert_eq!(book["insights"]["improvements"]["one"]["rice"], 1200);
    assert_eq!(book["insights"]["journeys"]["trip"]["alone"], 1);
    assert_eq!(book["insights"]["backlog"]["budget"], "1200 EUR");
}

#[test]
fn links_of_the_samples_lead_somewhere() {
    for name in ["zuiderduin", "de-linde"] {
        let folder = sample(name);
        let done = run(folder.path(), &["export", "json"]);
        assert_eq!(done.code, 0, "{}", done.err);
        let book = json(&done.out);
        let mut known: BTreeSet<String> = BTreeSet::new();
        for entity in book["entities"].as_array().unwrap() {
            let name = format!("{}:{}", entity["type"].as_str().unwrap(), entity["id"].as_str().unwrap());
            known.extend(parts(&entity["fields"]).into_iter().map(|part| format!("{name}/{part}")));
            known.insert(name);
        }
        let links = book["links"].as_array().unwrap();
        for end in links.iter().flat_map(|link| [&link["from"], &link["to"]]) {
            assert!(known.contains(end.as_str().unwrap()), "{end}");
        }
        assert!(links.len() > 200);
        assert_eq!(run(folder.path(), &["export", "json"]).out, done.out);
        assert_eq!(run(folder.path(), &["build"]).code, 0);
        let published = std::fs::read_to_string(folder.path().join("public/handbook.json")).unwrap();
        assert_eq!(published, done.out, "the site's handbook.json is the same");
    }
}

/// The ids of phases, steps and tasks.
fn parts(fields: &Value) -> Vec<String> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let phases = list(fields, "phases");
    let steps: Vec<Value> = phases.iter().flat_map(|phase| list(phase, "steps")).collect();
    let all = phases.into_iter().chain(steps).chain(list(fields, "core_tasks"));
    all.filter_map(|part| part["id"].as_str().map(str::to_owned)).collect()
}

#[test]
fn no_cell_is_a_formula() {
    let folder = secretive();
    let out = run(folder.path(), &["export", "csv", "anna"]).out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| row.get(columns.iter().position(|column| column == name).unwrap()).unwrap().to_owned();
    assert_eq!((cell("goals").as_str(), cell("quote").as_str()), ("'=SUM(A1); plain", "'@me"));
    let steps = run(folder.path(), &["export", "csv", "trip"]).out;
    assert!(steps.contains(",-1,"), "a number stays one: {steps}");
}

#[test]
fn each_type_has_a_table() {
    let one = run(sample("zuiderduin").path(), &["export", "csv", "persona:imke-de-boer"]).out;
    assert_eq!(csv::Reader::from_reader(one.as_bytes()).records().count(), 1, "one entity is one row: {one}");
    let out = run(sample("zuiderduin").path(), &["export", "csv"]).out;
    let tables: Vec<&str> = out.split("\n\ntype,").collect();
    assert_eq!(tables.len(), 15, "one for each type");
}

#[test]
fn no_title_breaks_a_diagram() {
    let folder = secretive();
    insta::assert_snapshot!(run(folder.path(), &["export", "mermaid", "trip"]).out);
    insta::assert_snapshot!(run(folder.path(), &["export", "mermaid"]).out);
}

#[test]
fn what_cannot_be_found_is_exit_code_2() {
    let folder = secretive();
    let says = |args: &[&str], wanted: &str| {
        let done = run(folder.path(), args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}");
        assert!(done.err.contains(wanted), "{args:?}: {}", done.err);
    };
    says(&["export", "json", "ana"], "Did you mean `anna`?");
    says(&["export", "json", "hidden-hero"], "nothing with the id");
    says(&["export", "mermaid", "anna"], "of a journey");
    crate::support::write(folder.path(), "content/segments/anna.md", "---\ntitle: Anna's kind\n---\n");
    says(&["export", "json", "anna"], "segment:anna, persona:anna");
}

#[test]
fn content_with_errors_is_exported_and_said_to_be_so() {
    let folder = sample("broken");
    let done = run(folder.path(), &["export", "json"]);
    assert_eq!(done.code, 1);
    assert!(json(&done.out)["entities"].as_array().unwrap().len() > 5);
    assert!(done.err.contains("The content has errors"), "{}", done.err);
}
