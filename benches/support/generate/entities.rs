//! Personas, journeys, touchpoints and improvements.
use super::body::body;
use super::plan::{CHANNELS, DEPARTMENTS, EVIDENCE, PRINCIPLES, Plan, ROADMAP_PHASES, SEGMENTS, STEPS, Sort};
use super::random::Random;
use super::{Dialect, Front, Page, words};

/// All pages that grow with the handbook.
pub fn pages(plan: &Plan, dialect: Dialect) -> impl Iterator<Item = Page> + '_ {
    let sorts = [Sort::Persona, Sort::Journey, Sort::Touchpoint, Sort::Improvement];
    sorts.into_iter().flat_map(move |sort| (0..plan.count(sort)).map(move |number| page(plan, dialect, sort, number)))
}

fn page(plan: &Plan, dialect: Dialect, sort: Sort, number: usize) -> Page {
    let mut random = plan.random(sort, number);
    let mut front = Front::new(plan.title(sort, number), words::plain(&mut random));
    common(&mut front, &mut random);
    match sort {
        Sort::Persona => persona(&mut front, &mut random),
        Sort::Journey => journey(plan, number, &mut front, &mut random),
        Sort::Touchpoint => touchpoint(&mut front, &mut random),
        Sort::Improvement => improvement(plan, number, &mut front, &mut random),
    }
    let steps = if sort == Sort::Journey { plan.steps(number) } else { Vec::new() };
    let body = body(plan, dialect, &mut random, &steps);
    front.refs.extend(body.refs);
    Page { folder: sort.folder(), id: plan.id(sort, number), front, body: body.text }
}

fn common(front: &mut Front, random: &mut Random) {
    front.reference("owner", random.pick(&DEPARTMENTS));
    front.field("reviewed", format!("2025-{:02}-{:02}", random.between(1, 12), random.between(1, 28)));
    let evidence = random.below(3);
    front.references("evidence", some(random, evidence, &EVIDENCE));
}

fn some(random: &mut Random, count: usize, of: &[&str]) -> Vec<String> {
    random.some(count, of).into_iter().map(str::to_owned).collect()
}

fn texts(random: &mut Random, count: usize) -> Vec<String> {
    (0..count).map(|_| words::plain(random)).collect()
}

fn persona(front: &mut Front, random: &mut Random) {
    front.reference("segment", random.pick(&SEGMENTS));
    front.field("archetype", random.pick(&["primary", "secondary", "extreme"]));
    front.field("role", words::plain(random));
    front.field("quote", words::plain(random));
    front.line(format!("facts:\n  Age: {}\n  Comes by: train", random.between(19, 84)));
    for key in ["goals", "needs", "frustrations", "expectations"] {
        let count = random.between(2, 4);
        front.texts(key, texts(random, count));
    }
    front.line("core_tasks:\n  - {id: be-on-time, title: Be on time}\n  - {id: sleep-well, title: Sleep well}");
    front.references("channels", some(random, 2, &CHANNELS));
    front.line(format!("traits:\n  Plans ahead: {}\n  Price decides: {}", random.below(101), random.below(101)));
}

fn touchpoint(front: &mut Front, random: &mut Random) {
    front.reference("channel", random.pick(&CHANNELS));
    front.reference("department", random.pick(&DEPARTMENTS));
    if random.one_in(10) {
        front.field("star", true);
    }
    front.field("target", random.between(60, 95));
    front.field("importance", random.between(1, 5));
    front.references("principles", some(random, 1, &PRINCIPLES));
    front.line("behaviours:");
    for number in 1..=random.between(2, 4) {
        front.line(format!("  - {{id: behaviour-{number}, role: Host, text: \"{}\"}}", words::plain(random)));
    }
    front.field("personalise", words::plain(random));
    front.field("rationale", words::plain(random));
}

fn improvement(plan: &Plan, number: usize, front: &mut Front, random: &mut Random) {
    let place = if random.one_in(3) { plan.any(Sort::Touchpoint, random) } else { plan.any_step(random) };
    front.references("solves", vec![place]);
    front.field("problem", words::plain(random));
    front.texts("solutions", texts(random, 2));
    front.field("horizon", random.pick(&["quick-win", "long-term", "personalisation"]));
    front.field("status", random.pick(&["idea", "proposed", "committed", "in-progress", "done", "dropped"]));
    numbers(front, random);
    front.field("phase", random.pick(&ROADMAP_PHASES));
    front.references("departments", some(random, 2, &DEPARTMENTS));
    front.references("channels", some(random, 1, &CHANNELS));
    front.references("principles", some(random, 1, &PRINCIPLES));
    if number > 0 && random.one_in(5) {
        front.references("depends_on", vec![plan.id(Sort::Improvement, random.below(number))]);
    }
}

fn numbers(front: &mut Front, random: &mut Random) {
    front.field("impact", random.between(1, 5));
    front.field("effort", random.between(1, 5));
    front.field("reach", random.between(100, 9000));
    front.field("confidence", random.between(10, 100));
    front.field("budget", format!("{} EUR", random.between(1, 90) * 100));
    front.field("benefit", format!("{} EUR", random.between(1, 90) * 100));
    front.field("started", format!("2025-{:02}-01", random.between(1, 12)));
    front.field("due", format!("2026-{:02}-28", random.between(1, 12)));
}

fn journey(plan: &Plan, number: usize, front: &mut Front, random: &mut Random) {
    let persona = random.below(plan.count(Sort::Persona));
    front.references("personas", vec![plan.id(Sort::Persona, persona)]);
    front.field("state", random.pick(&["as-is", "as-is", "to-be", "day-in-the-life"]));
    front.field("lens", "goal");
    front.reference("framework", "verbs");
    if number > 0 && random.one_in(4) {
        front.reference("parent", plan.id(Sort::Journey, random.below(number)));
    }
    for key in ["purpose", "follow_up", "scenario", "trigger", "outcome", "sponsor", "challenger"] {
        front.field(key, words::plain(random));
    }
    front.line("participants:\n  - {name: Yvonne, department: front-office, customer_contact: true}");
    front.texts("open_questions", texts(random, 2));
    front.references("principles", some(random, 2, &PRINCIPLES));
    front.references("channels", some(random, 3, &CHANNELS));
    phases(plan, number, front, random);
}

/// The phases of every journey: id, title, moment, and the first of [`STEPS`] that no longer belongs to it.
const PHASES: [(&str, &str, &str, usize); 5] = [
    ("orient", "Find out", "before", 3),
    ("prepare", "Get ready", "before", 6),
    ("come", "Get there", "during", 8),
    ("stay", "Be here", "during", 12),
    ("after", "Look back", "after", 14),
];

fn phases(plan: &Plan, number: usize, front: &mut Front, random: &mut Random) {
    front.line("phases:");
    let mut steps = plan.steps(number).into_iter().peekable();
    for (id, title, moment, end) in PHASES {
        front.line(format!("  - id: {id}-phase\n    title: {title}\n    moment: {moment}\n    goal: {}", words::plain(random)));
        let (relevance, presence, influence) = (random.below(101), random.below(101), random.below(101));
        front.line(format!("    relevance: {relevance}\n    presence: {presence}\n    influence: {influence}"));
        front.line(format!("    opportunity: {}\n    steps:", words::plain(random)));
        while let Some(at) = steps.next_if(|at| *at < end) {
            step(plan, at, front, random);
        }
    }
}

fn step(plan: &Plan, at: usize, front: &mut Front, random: &mut Random) {
    let (id, title) = STEPS[at];
    front.line(format!("      - id: {id}\n        title: {title}"));
    for key in ["does", "thinks", "feels", "expects"] {
        front.field(&format!("        {key}"), words::plain(random));
    }
    front.field("        emotion", format!("{:.1}", random.below(41) as f64 / 10.0 - 2.0));
    front.line(format!("        pains:\n          - {}", words::plain(random)));
    front.line(format!("        gains:\n          - text: {}\n            known: assumed", words::plain(random)));
    meetings(plan, front, random);
    front.reference("        lead", random.pick(&DEPARTMENTS));
    front.line(format!("        roles:\n          {}: {}", random.pick(&DEPARTMENTS), words::plain(random)));
    front.field("        covers", format!("[{id}-verb]"));
    front.field("        known", random.pick(&["known", "assumed", "assumed"]));
    let evidence = random.below(2);
    front.references("        evidence", some(random, evidence, &EVIDENCE));
    front.field("        duration", format!("{} min", random.between(1, 90)));
}

/// The touchpoints of a step, none in one of four, and who answers the customer's question.
fn meetings(plan: &Plan, front: &mut Front, random: &mut Random) {
    if random.one_in(4) {
        return front.line("        touchpoints: []");
    }
    let met = vec![plan.any(Sort::Touchpoint, random), plan.any(Sort::Touchpoint, random)];
    let answer = met[0].clone();
    front.references("        touchpoints", met);
    front.line(format!("        questions:\n          - {{asks: \"{}?\", answered_by: {answer}}}", words::plain(random)));
}
