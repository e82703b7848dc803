//! The pages that every handbook has, however large it is.
use super::plan::{CHANNELS, DEPARTMENTS, EVIDENCE, PRINCIPLES, Plan, ROADMAP_PHASES, SEGMENTS, STEPS};
use super::random::Random;
use super::{Front, Page, words};

/// The home page, and what personas, journeys, touchpoints and improvements refer to.
pub fn pages(plan: &Plan) -> impl Iterator<Item = Page> + use<> {
    let mut random = plan.fixed();
    let mut pages = vec![home(), framework(), roadmap()];
    type Fields = fn(&mut Front, &mut Random);
    let lists: [(&'static str, &[&str], Fields); 5] = [
        ("channels", &CHANNELS, channel),
        ("departments", &DEPARTMENTS, department),
        ("segments", &SEGMENTS, segment),
        ("principles", &PRINCIPLES, principle),
        ("evidence", &EVIDENCE, evidence),
    ];
    for (folder, ids, fields) in lists {
        pages.extend(ids.iter().map(|id| page(folder, id, &mut random, fields)));
    }
    pages.into_iter()
}

fn page(folder: &'static str, id: &str, random: &mut Random, fields: fn(&mut Front, &mut Random)) -> Page {
    let mut front = Front::new(id.replace('-', " "), words::plain(random));
    fields(&mut front, random);
    let body = format!("## Background {{#background}}\n\n{} {}\n", words::sentence(random), words::sentence(random));
    Page { folder, id: id.to_owned(), front, body }
}

fn home() -> Page {
    let mut front = Front::new("The house by the sea", "What our guests go through");
    front.line("type: organisation\nwhy: People come because they have to be here\ncustomer_term: {singular: guest, plural: guests}");
    Page { folder: "", id: "index".into(), front, body: "This handbook was generated. Nobody lives here.\n".into() }
}

fn framework() -> Page {
    let mut front = Front::new("Our guests' own verbs", "What anybody does who stays somewhere");
    front.line("lens: goal\nphases:\n  - id: all\n    title: All of it\n    steps:");
    for (id, title) in STEPS {
        front.line(format!("      - {{id: {id}-verb, title: {title}}}"));
    }
    Page { folder: "frameworks", id: "verbs".into(), front, body: String::new() }
}

fn roadmap() -> Page {
    let mut front = Front::new("The plan", "Four phases in four years");
    front.line("phases:");
    for (at, id) in ROADMAP_PHASES.into_iter().enumerate() {
        let year = 2025 + at;
        front.line(format!("  - {{id: {id}, title: {id}, from: {year}-01-01, to: {year}-12-31, budget: 90000 EUR, owner: marketing}}"));
    }
    Page { folder: "roadmaps", id: "plan".into(), front, body: String::new() }
}

fn channel(front: &mut Front, random: &mut Random) {
    front.field("medium", random.pick(&["digital", "physical", "phone", "paper", "person"]));
}

fn department(front: &mut Front, _: &mut Random) {
    front.line("customer_contact: true\nlead: Sanne\nroles: [Host, Manager]");
}

fn segment(front: &mut Front, random: &mut Random) {
    front.texts("gets", vec![words::plain(random), words::plain(random)]);
    front.texts("gives", vec![words::plain(random)]);
}

fn principle(front: &mut Front, random: &mut Random) {
    front.field("statement", words::plain(random));
    front.texts("implies", vec![words::plain(random)]);
}

fn evidence(front: &mut Front, random: &mut Random) {
    front.field("method", random.pick(&["interview", "survey", "observation", "analytics"]));
    front.field("date", format!("2025-{:02}-12", random.between(1, 12)));
    front.field("sample", random.between(8, 400));
    front.field("confidence", random.pick(&["low", "medium", "high"]));
    front.texts("findings", vec![words::plain(random), words::plain(random)]);
}
