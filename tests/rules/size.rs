//! How long the rules take on a large handbook.
use std::time::Instant;

use journeybook::handbook::Scope;
use journeybook::tree::Memory;

use super::{findings, linked, path};

fn journey(at: usize) -> String {
    let step = |step: usize| {
        let touchpoint = (at * 7 + step) % 3000;
        format!(
            "      - {{id: s{step}, title: Step {step}, emotion: {}, touchpoints: [t{touchpoint}], lead: d1, questions: [{{asks: Why?, answered_by: t1}}], covers: [goal/c{step}], evidence: [e{}]}}\n",
            (step % 5) as i32 - 2,
            at % 200,
        )
    };
    let steps: String = (0..11).map(step).collect();
    let changes = format!(
        "owner: d1\npurpose: To see.\nreviewed: 2026-11-01\nlens: active\nframework: goal\nparticipants: [{{name: Els, customer_contact: true, department: d{}}}]\n",
        at % 20
    );
    format!(
        "---\ntitle: Journey {at}\npersonas: [p{}]\n{changes}phases:\n  - id: all\n    title: All\n    moment: before\n    relevance: 90\n    presence: 10\n    steps:\n{steps}---\n\nSee [[t{}]].\n",
        at % 500,
        at % 3000
    )
}

fn files(entities: usize) -> Vec<(String, String)> {
    let mut files = vec![("book.toml".to_owned(), "title = \"Large\"\n[review_every]\ndefault = \"1 month\"\n".to_owned())];
    let mut add = |folder: &str, id: String, text: String| files.push((format!("content/{folder}/{id}.md"), text));
    add("channels", "in-person".into(), "---\ntitle: In person\n---\n".into());
    let covers: String = (0..12).map(|step| format!("      - {{id: c{step}, title: Check {step}}}\n")).collect();
    add("frameworks", "goal".into(), format!("---\ntitle: Goal\nphases:\n  - title: All of it\n    steps:\n{covers}---\n"));
    (0..20).for_each(|at| add("departments", format!("d{at}"), format!("---\ntitle: Department {at}\n---\n")));
    (0..200).for_each(|at| {
        add("evidence", format!("e{at}"), format!("---\ntitle: Evidence {at}\nmethod: survey\ndate: 2025-01-01\nvalid_for: 1 year\n---\n"))
    });
    (0..entities / 20).for_each(|at| add("personas", format!("p{at}"), format!("---\ntitle: Persona {at}\n---\n")));
    (0..entities * 3 / 20).for_each(|at| add("journeys", format!("j{at}"), journey(at)));
    for at in 0..entities * 3 / 10 {
        let text = format!(
            "---\ntitle: Touchpoint {at}\nchannel: in-person\ndepartment: d{}\ntarget: 80\nvisit_every: 1 year\nreviewed: 2026-11-01\nbehaviours: [{{id: smile, text: Smiles}}]\n---\n",
            at % 20
        );
        add("touchpoints", format!("t{at}"), text);
    }
    for at in 0..entities / 2 {
        let text = format!(
            "---\ntitle: Improvement {at}\nsolves: [j{}/s{}]\nproblem: It hurts.\nstatus: committed\nowner: d1\nimpact: 3\neffort: 2\ndue: 2027-01-01\nreviewed: 2026-11-01\n---\n\nSee [[t{}]].\n",
            at * 3 % 1500,
            at % 11,
            at % 3000
        );
        add("improvements", format!("i{at}"), text);
    }
    for at in 0..200 {
        let scores: String = (0..10).map(|score| format!("  t{}: {}\n", (at * 10 + score) % 3000, score * 10)).collect();
        add("visits", format!("v{at}"), format!("---\ntitle: Visit {at}\ndate: 2026-0{}-01\nscores:\n{scores}---\n", at % 9 + 1));
    }
    files
}

/// Run it in release mode: `cargo test --release --test rules -- --ignored --nocapture ten_thousand`.
#[test]
#[ignore = "a measurement"]
fn ten_thousand_entities() {
    let files = files(10_000);
    let changes: Vec<(String, String)> = files.iter().map(|(name, _)| (name.clone(), "2026-02-01".to_owned())).collect();
    let tree = Memory::new(files.into_iter().map(|(name, text)| (path(&name), text.into_bytes())));
    let handbook = linked(&tree, Scope::everything(), &changes);
    let times = (0..10).map(|_| {
        let start = Instant::now();
        let found = findings(&handbook).len();
        (start.elapsed(), found)
    });
    println!("{} entities, fastest of ten: {:?} and findings", handbook.entities.len(), times.min());
}
