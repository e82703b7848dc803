//! Diagrams in Mermaid's language: a journey's steps, or how journeys hang together. No text of an author can end a label.
use crate::handbook::{Handbook, Ix};
use crate::model::{Journey, Part, Phase, Step, Type};

/// The diagram of a journey, or without one of all journeys; none for what is no journey.
pub fn mermaid(handbook: &Handbook, ix: Option<Ix>) -> Option<String> {
    match ix {
        None => Some(overview(handbook)),
        Some(ix) => handbook.node(ix).entity.data.journey().map(|journey| steps(handbook, ix, journey)),
    }
}

/// Phases as boxes with their steps; arrows go on to the next step, or to where the step says it leads.
fn steps(handbook: &Handbook, ix: Ix, journey: &Journey) -> String {
    let title = |part: u32| handbook.node(ix).entity.parts.get(part as usize).map_or("", |part| &part.title);
    let mut out = String::from("flowchart LR\n");
    for phase in journey.phases.iter() {
        out.push_str(&format!("  subgraph p{}[{}]\n", phase.index, label(title(phase.index))));
        for step in phase.steps.iter() {
            out.push_str(&format!("    p{}[{}]\n", step.index, label(title(step.index))));
        }
        out.push_str("  end\n");
    }
    let all: Vec<(&Part<Phase>, &Part<Step>)> = journey.steps().collect();
    for (at, (_, step)) in all.iter().enumerate() {
        out.push_str(&arrows(handbook, ix, step, all.get(at + 1).map(|(_, next)| next.index)));
    }
    out
}

fn arrows(handbook: &Handbook, ix: Ix, step: &Part<Step>, following: Option<u32>) -> String {
    if step.next.is_empty() {
        return following.map(|to| format!("  p{} --> p{to}\n", step.index)).unwrap_or_default();
    }
    let arrow = |next: &crate::model::Next| {
        let to = match handbook.node(ix).of(next.to?) {
            crate::handbook::Target::Part(to, part) if *to == ix => *part,
            _ => return None,
        };
        let when = next.when.as_ref().map(|when| format!("|{}|", label(when.plain()))).unwrap_or_default();
        Some(format!("  p{} -->{when} p{to}\n", step.index))
    };
    step.next.iter().filter_map(|next| arrow(next)).collect()
}

/// Journeys, with an arrow to each that details another, and a dotted line between two states of one.
fn overview(handbook: &Handbook) -> String {
    let mut out = String::from("flowchart TB\n");
    for ix in handbook.of_type(Type::Journey) {
        out.push_str(&format!("  j{}[{}]\n", ix.0, label(&handbook.node(ix).entity.title)));
    }
    let mut pairs: Vec<(Ix, Ix)> = Vec::new();
    for ix in handbook.of_type(Type::Journey) {
        let Some(journey) = handbook.node(ix).entity.data.journey() else { continue };
        if let Some(parent) = journey.parent.and_then(|parent| handbook.follow(ix, parent)) {
            out.push_str(&format!("  j{} --> j{}\n", parent.0, ix.0));
        }
        let counterpart = journey.counterpart.and_then(|counterpart| handbook.follow(ix, counterpart));
        pairs.extend(counterpart.map(|other| (ix.min(other), ix.max(other))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    out.extend(pairs.iter().map(|(a, b)| format!("  j{} -.- j{}\n", a.0, b.0)));
    out
}

/// A quoted label in which every sign that could mean something is written as its number.
fn label(text: &str) -> String {
    let mut out = String::from("\"");
    let mut in_word = false;
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => out.push(' '),
            c if !c.is_ascii() || c.is_ascii_alphanumeric() => out.push(c),
            ',' | '\'' => out.push(c),
            '-' | '.' if in_word => out.push(c),
            c => out.push_str(&format!("#{};", u32::from(c))),
        }
        in_word = c.is_alphabetic();
    }
    if out.trim_matches(['"', ' ']).is_empty() {
        out.push('…');
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn no_title_ends_its_label() {
        assert_eq!(label("Day-trip, to the sea"), "\"Day-trip, to the sea\"");
        assert_eq!(label("a\"] --> b"), "\"a#34;#93; --#62; b\"".replace("--", "#45;#45;"));
        assert_eq!(label("%%{init: {}}%%\n1. x"), "\"#37;#37;#123;init#58; #123;#125;#125;#37;#37; 1#46; x\"");
        assert_eq!(label(" "), "\" …\"");
    }
}
