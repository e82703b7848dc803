//! Rules that speak of a phase, a step or a question, each at its own title or words.
use super::context::Context;
use super::facts::{part_title, signed};
use crate::base::{Diagnostic, Rule, Span};
use crate::handbook::{Ix, Node};
use crate::insight::{self, Gap, LOW, WIDE_GAP};
use crate::model::{Journey, Part, Phase, Question, Step, Type};

/// Where a phase or step stands: its title or id.
fn place(node: &Node, part: u32) -> Span {
    node.entity.parts.get(part as usize).map_or(node.entity.span, |part| part.span)
}

/// How a phase or step is written in a reference.
fn reference(node: &Node, part: u32) -> String {
    let id = node.entity.parts.get(part as usize).map_or("", |part| &part.id);
    format!("{}/{id}", node.entity.id)
}

/// Where steps could not be read, any of them may be spoken of.
fn perhaps(cx: &Context<'_>, ix: Ix, journey: &Journey, rule: Rule, out: &mut Vec<Diagnostic>) {
    if cx.perhaps(|| cx.lacks_steps(ix, journey)) {
        cx.might_say(rule, ix, out);
    }
}

pub(super) fn unowned_step(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    perhaps(cx, ix, journey, Rule::UnownedStep, out);
    for (_, step) in journey.steps().filter(|(_, step)| !may_be_owned(cx, ix, step)) {
        let message = format!("no department leads {} or has a role in it", part_title(node, step.index));
        out.push(
            cx.say(Rule::UnownedStep, ix, place(node, step.index), message)
                .help("Add the department that leads as `lead:`, or say under `roles:` who does what; its touchpoints do not say it."),
        );
    }
}

fn may_be_owned(cx: &Context<'_>, ix: Ix, step: &Part<Step>) -> bool {
    step.lead.is_some_and(|lead| cx.counts(ix, lead))
        || step.roles.iter().any(|(department, _)| cx.counts(ix, *department))
        || ["lead", "roles"].iter().any(|field| cx.unread(ix, Some(step.index), field))
}

pub(super) fn unaddressed_low(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    perhaps(cx, ix, journey, Rule::UnaddressedLow, out);
    let lowest = |step: &Part<Step>| {
        let unread = cx.perhaps_any(ix, Some(step.index), "emotion").then_some(LOW);
        unread.or_else(|| insight::lowest_feeling(cx.handbook, ix, step).filter(|lowest| *lowest <= LOW))
    };
    let lows: Vec<(u32, &Part<Step>, f64)> = journey.steps().filter_map(|(phase, step)| Some((phase.index, step, lowest(step)?))).collect();
    if lows.is_empty() || cx.may_be_named(ix, &[Type::Improvement]) {
        return;
    }
    for (phase, step, lowest) in lows {
        if [phase, step.index].iter().any(|part| cx.solves(ix, *part) || cx.may_name_part(ix, *part, &[Type::Improvement])) {
            continue;
        }
        let message = format!("{} is a low point ({}) and no improvement solves it", part_title(node, step.index), signed(lowest));
        out.push(
            cx.say(Rule::UnaddressedLow, ix, place(node, step.index), message)
                .help(format!("Write an improvement with `solves: [{}]`, if only an idea.", reference(node, step.index))),
        );
    }
}

pub(super) fn unseized_opportunity(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    if cx.perhaps_any(ix, None, "phases") && journey.phases.is_empty() {
        cx.might_say(Rule::UnseizedOpportunity, ix, out);
    }
    let open: Vec<(&Part<Phase>, f64)> = journey.phases.iter().filter_map(|phase| Some((phase, unseized(cx, ix, phase)?))).collect();
    if open.is_empty() || cx.may_be_named(ix, &[Type::Improvement]) {
        return;
    }
    // An improvement of the phase, of a step in it or of the whole journey seizes it.
    let parts = |phase: &Part<Phase>| [phase.index].into_iter().chain(phase.steps.iter().map(|step| step.index)).collect::<Vec<u32>>();
    for (phase, gap) in open {
        if parts(phase).into_iter().any(|part| cx.solves(ix, part) || cx.may_name_part(ix, part, &[Type::Improvement])) {
            continue;
        }
        let message = format!(
            "{} matters {gap} points more to the customer than we are there, and nothing comes of it",
            part_title(node, phase.index)
        );
        out.push(
            cx.say(Rule::UnseizedOpportunity, ix, place(node, phase.index), message)
                .help(format!("Write the `opportunity:` down, or an improvement with `solves: [{}]`.", reference(node, phase.index))),
        );
    }
}

/// How much relevance exceeds presence, where that is much and no opportunity was written.
fn unseized(cx: &Context<'_>, ix: Ix, phase: &Part<Phase>) -> Option<f64> {
    let unread = ["relevance", "presence"].iter().any(|field| cx.perhaps_any(ix, Some(phase.index), field));
    let gap = if unread { WIDE_GAP } else { Gap::of(phase)?.size() };
    let seized = phase.opportunity.as_ref().is_some_and(|text| !text.source.is_empty());
    (gap >= WIDE_GAP && !seized && !cx.unread(ix, Some(phase.index), "opportunity")).then_some(gap)
}

pub(super) fn unanswered_question(cx: &Context<'_>, ix: Ix, _: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    perhaps(cx, ix, journey, Rule::UnansweredQuestion, out);
    if journey.steps().any(|(_, step)| step.questions.is_empty() && cx.perhaps_any(ix, Some(step.index), "questions")) {
        cx.might_say(Rule::UnansweredQuestion, ix, out);
    }
    for (_, step) in journey.steps().filter(|(_, step)| !step.questions.is_empty() && !cx.unread(ix, Some(step.index), "answered_by")) {
        let open = |question: &&Question| !question.answered_by.is_some_and(|touchpoint| cx.counts(ix, touchpoint));
        out.extend(step.questions.iter().map(|question| &question.0).filter(open).map(|question| unanswered(cx, ix, question)));
    }
}

fn unanswered(cx: &Context<'_>, ix: Ix, question: &Question) -> Diagnostic {
    let span = question.asks.as_ref().map_or(question.at, |asks| asks.span);
    let asks = question.asks.as_ref().map_or("", |asks| asks.plain());
    cx.say(Rule::UnansweredQuestion, ix, span, format!("no touchpoint answers “{asks}”"))
        .help("Write the question as `{asks: …, answered_by: …}` with the touchpoint that answers it, or make one that does.")
}
