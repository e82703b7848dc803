//! Rules that speak of a journey as a whole. All but the framework's holes are said once a journey, at its title.
use super::context::Context;
use super::facts::{count, part_title, title};
use super::lens::{counterpart, parent, personas};
use crate::base::{Diagnostic, Rule};
use crate::handbook::{Ix, Node, Target};
use crate::model::{FrameworkPhase, FrameworkStep, Journey, Lens, Moment, Part, Participant, Phase, Step, Text, Type};

pub(super) fn no_before(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    if lacks(cx, ix, journey, Moment::Before) {
        out.push(
            cx.say(Rule::NoBefore, ix, node.entity.span, format!("{} has no phase before the visit", title(node)))
                .help("Mark the phase in which customers first hear of you `moment: before`, or add it."),
        );
    }
}

pub(super) fn no_after(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    if lacks(cx, ix, journey, Moment::After) {
        out.push(
            cx.say(Rule::NoAfter, ix, node.entity.span, format!("{} has no phase after the visit", title(node)))
                .help("Mark the phase in which customers look back `moment: after`, or add it: the way home, the bill, the review."),
        );
    }
}

/// Whether a journey has phases, and none of a moment. One without any phase was told of already.
fn lacks(cx: &Context<'_>, ix: Ix, journey: &Journey, moment: Moment) -> bool {
    let may_be = |phase: &Part<Phase>| phase.moment == Some(moment) || cx.unread(ix, Some(phase.index), "moment");
    let some = !journey.phases.is_empty() || cx.perhaps_any(ix, None, "phases");
    some && !journey.phases.iter().any(may_be)
}

pub(super) fn touchpoints_only(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    let meets = |step: &Part<Step>| {
        let some = step.touchpoints.iter().any(|touchpoint| cx.counts(ix, *touchpoint));
        some || cx.perhaps_any(ix, Some(step.index), "touchpoints")
    };
    let steps = journey.steps().count();
    let some = steps > 0 || cx.perhaps(|| cx.lacks_steps(ix, journey));
    if some && !cx.surely(|| cx.lacks_steps(ix, journey)) && journey.steps().all(|(_, step)| meets(step)) {
        let all = if steps == 1 { "the only step".to_owned() } else { format!("each of the {steps} steps") };
        let message = format!("{all} of {} has a touchpoint: what does the customer do alone?", title(node));
        out.push(
            cx.say(Rule::TouchpointsOnly, ix, node.entity.span, message)
                .help("Add the steps in between, such as packing or waiting, with `touchpoints: []`."),
        );
    }
}

pub(super) fn inside_out(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    let lens = journey.lens.or(cx.perhaps_any(ix, None, "lens").then_some(Lens::Functional));
    let Some(lens) = lens.filter(|lens| matches!(lens, Lens::Functional | Lens::Target | Lens::Engagement)) else { return };
    if cx.goal_lens().shares(cx.handbook, ix, journey) || cx.surely(|| family_is_unsure(cx, ix, journey)) {
        return;
    }
    let message = format!("{} looks from inside the company (`lens: {}`), and no goal-lens journey goes with it", title(node), lens.word());
    out.push(
        cx.say(Rule::InsideOut, ix, node.entity.span, message)
            .help("Map what the same persona wants to reach, with `lens: goal`, or name such a journey as `counterpart`."),
    );
}

/// Whether a journey's relatives are not all known: a reference that is wrong, a relative that a broken file speaks of.
fn family_is_unsure(cx: &Context<'_>, ix: Ix, journey: &Journey) -> bool {
    let broken = |to: Option<Ix>, counts: bool| counts && to.is_none();
    let book = cx.handbook;
    let relatives = personas(book, ix, journey).chain(parent(book, ix, journey)).chain(counterpart(book, ix, journey)).chain([ix]);
    journey.personas.is_empty()
        || journey.personas.iter().any(|persona| broken(book.follow(ix, *persona), cx.counts(ix, *persona)))
        || journey.parent.is_some_and(|parent| broken(book.follow(ix, parent), cx.counts(ix, parent)))
        || journey.counterpart.is_some_and(|other| broken(book.follow(ix, other), cx.counts(ix, other)))
        || ["personas", "parent", "counterpart"].iter().any(|field| cx.unread(ix, None, field))
        || relatives.into_iter().any(|relative| cx.may_be_named(relative, &[Type::Journey]))
}

pub(super) fn uncovered(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    let is_lost = || journey.framework.is_some_and(|framework| cx.is_lost(ix, framework));
    if cx.perhaps(is_lost) || cx.perhaps_any(ix, None, "framework") {
        cx.might_say(Rule::Uncovered, ix, out);
    }
    let Some(to) = journey.framework.and_then(|framework| cx.handbook.follow(ix, framework)) else { return };
    let framework = cx.handbook.node(to);
    let Some(checklist) = framework.entity.data.framework() else { return };
    let covered = covered(ix, to, cx, journey);
    for (_, step) in checklist
        .phases
        .iter()
        .flat_map(|phase| phase.steps.iter().map(move |step| (phase, step)))
        // One that has taken another's id was told of.
        .filter(|(_, step)| framework.entity.parts.get(step.index as usize).is_some_and(|part| !part.id.is_empty()))
        .filter(|(phase, step)| !is_covered(&covered, phase, step) && !cx.may_mean(ix, &framework.entity.parts[step.index as usize].id))
    {
        out.push(hole(cx, ix, node, framework, step));
    }
}

/// The framework's steps and phases that the journey's steps cover, sorted.
fn covered(ix: Ix, framework: Ix, cx: &Context<'_>, journey: &Journey) -> Vec<u32> {
    let node = cx.handbook.node(ix);
    let covers = journey.steps().flat_map(|(_, step)| step.covers.iter());
    let part = |target: &Target| if let Target::Part(to, part) = target { (*to == framework).then_some(*part) } else { None };
    let mut covered: Vec<u32> = covers.filter_map(|covers| part(node.of(*covers))).collect();
    covered.sort_unstable();
    covered
}

/// A step that covers a whole phase of the framework covers the steps in it.
fn is_covered(covered: &[u32], phase: &Part<FrameworkPhase>, step: &Part<FrameworkStep>) -> bool {
    [step.index, phase.index].iter().any(|part| covered.binary_search(part).is_ok())
}

fn hole(cx: &Context<'_>, ix: Ix, node: &Node, framework: &Node, step: &Part<FrameworkStep>) -> Diagnostic {
    let message = format!("no step covers {} of the framework {}", part_title(framework, step.index), title(framework));
    let id = framework.entity.parts.get(step.index as usize).map_or("", |part| &part.id);
    let finding = cx.say(Rule::Uncovered, ix, node.entity.span, message);
    let help = format!("Write `covers: [{}/{id}]` at the step that does, or add that step.", framework.entity.id);
    match framework.entity.parts.get(step.index as usize) {
        Some(part) => finding.help(help).label(&framework.document.source.path, part.span, "the framework asks for it here"),
        None => finding.help(help),
    }
}

pub(super) fn no_purpose(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    let says = |text: &Option<Text>| text.as_ref().is_some_and(|text| !text.source.is_empty());
    if !says(&journey.purpose) && !cx.unread(ix, None, "purpose") {
        let message = format!("{} does not say why it was mapped", title(node));
        out.push(cx.say(Rule::NoPurpose, ix, node.entity.span, message).help("Add a `purpose:`, the question the map has to answer."));
    }
}

pub(super) fn no_owner(cx: &Context<'_>, ix: Ix, node: &Node, _: &Journey, out: &mut Vec<Diagnostic>) {
    if !cx.may_be_owned(ix) {
        let message = format!("{} has no owner", title(node));
        out.push(
            cx.say(Rule::NoOwner, ix, node.entity.span, message).help("Add `owner:`, the department or the person who answers for it."),
        );
    }
}

pub(super) fn no_follow_up(cx: &Context<'_>, ix: Ix, node: &Node, _: &Journey, out: &mut Vec<Diagnostic>) {
    if !cx.may_be_named(ix, &[Type::Improvement]) && !cx.solves_any(ix) {
        let message = format!("no improvement solves {} or any part of it", title(node));
        out.push(
            cx.say(Rule::NoFollowUp, ix, node.entity.span, message)
                .help(format!("Write an improvement with `solves: [{}]`, or with one of its steps.", node.entity.id)),
        );
    }
}

pub(super) fn no_customer_contact(cx: &Context<'_>, ix: Ix, node: &Node, journey: &Journey, out: &mut Vec<Diagnostic>) {
    if cx.unread(ix, None, "participants") || journey.participants.iter().any(|participant| may_meet(cx, ix, participant)) {
        return;
    }
    let message = match journey.participants.len() {
        0 => format!("{} was mapped by nobody who meets customers: it names no participants", title(node)),
        some => format!("none of the {} of {} meets customers", count(some, "participant"), title(node)),
    };
    out.push(
        cx.say(Rule::NoCustomerContact, ix, node.entity.span, message)
            .help("Map it with somebody from the front line, and say `customer_contact: true` of them or of their department."),
    );
}

/// Whether a participant meets customers, or might, for all that could be read.
fn may_meet(cx: &Context<'_>, ix: Ix, participant: &Participant) -> bool {
    if participant.customer_contact == Some(true) {
        return true;
    }
    let Some(department) = participant.department.filter(|department| cx.counts(ix, *department)) else { return false };
    let Some(to) = cx.handbook.follow(ix, department) else { return cx.surely(|| true) };
    let entity = &cx.handbook.node(to).entity;
    let contact = entity.data.department().is_some_and(|department| department.customer_contact == Some(true));
    contact || cx.surely(|| entity.broken) || cx.unread(to, None, "customer_contact")
}
