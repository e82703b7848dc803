//! Rules that speak of a touchpoint, at its title.
use super::context::Context;
use super::facts::{count, signed, title};
use crate::base::{Diagnostic, Duration, Rule, Unit};
use crate::handbook::{Ix, Node};
use crate::insight::{self, PEAK};
use crate::model::{Touchpoint, TouchpointStatus, Type};

/// A star in no step at all is an orphan, and told of as that.
pub(super) fn star_not_a_peak(cx: &Context<'_>, ix: Ix, node: &Node, touchpoint: &Touchpoint, out: &mut Vec<Diagnostic>) {
    if touchpoint.star != Some(true) && !cx.perhaps_any(ix, None, "star") {
        return;
    }
    let steps = insight::appearances(cx.handbook, ix);
    let best = steps.iter().filter_map(|(journey, part)| feeling(cx, *journey, *part)).reduce(f64::max);
    let unread = steps.iter().any(|(journey, part)| cx.unread(*journey, Some(*part), "emotion"));
    let in_some = !steps.is_empty() || cx.perhaps_named(ix, &[Type::Journey]);
    if !in_some || best.is_some_and(|best| best >= PEAK) || unread || cx.may_be_named(ix, &[Type::Journey]) {
        return;
    }
    let steps = count(steps.len(), "step");
    let message = match best {
        Some(best) => format!("{} is a star, but its best step is no peak: {} in {steps}", title(node), signed(best)),
        None => format!("{} is a star, but how it feels is said in none of its steps ({steps})", title(node)),
    };
    out.push(
        cx.say(Rule::StarNotAPeak, ix, node.entity.span, message)
            .help("Make it a moment that customers tell of (`emotion: 1` or more), or take `star: true` out."),
    );
}

/// How a step of a journey feels to the persona who feels best.
fn feeling(cx: &Context<'_>, journey: Ix, part: u32) -> Option<f64> {
    let mut steps = cx.handbook.node(journey).entity.data.journey()?.steps();
    let (_, step) = steps.find(|(_, step)| step.index == part)?;
    insight::highest_feeling(cx.handbook, journey, step)
}

/// How often a touchpoint may have to be visited at most.
const SHORTEST: Duration = Duration { amount: 1, unit: Unit::Day };

/// Whether customers meet a touchpoint today.
fn is_live(cx: &Context<'_>, ix: Ix, touchpoint: &Touchpoint) -> bool {
    touchpoint.status() == TouchpointStatus::Live && !cx.unread(ix, None, "status")
}

pub(super) fn visit_overdue(cx: &Context<'_>, ix: Ix, node: &Node, touchpoint: &Touchpoint, out: &mut Vec<Diagnostic>) {
    let every = touchpoint.visit_every.or(cx.perhaps_any(ix, None, "visit_every").then_some(SHORTEST));
    let Some(every) = every.filter(|_| is_live(cx, ix, touchpoint) && !cx.surely(|| cx.visits_are_missing())) else { return };
    let last = insight::visits(cx.handbook, ix).last().map(|(date, _)| *date);
    if last.is_some_and(|last| last.plus(every) >= cx.today) || cx.may_be_named(ix, &[Type::Visit]) {
        return;
    }
    let message = match last {
        Some(last) => format!("{} is to be visited every {every}, and was last on {last}", title(node)),
        None => format!("{} is to be visited every {every}, and never was", title(node)),
    };
    out.push(cx.say(Rule::VisitOverdue, ix, node.entity.span, message).help("Send a mystery guest, or change `visit_every:`."));
}

pub(super) fn no_service_concept(cx: &Context<'_>, ix: Ix, node: &Node, touchpoint: &Touchpoint, out: &mut Vec<Diagnostic>) {
    let run_by = touchpoint.department.is_some_and(|department| cx.counts(ix, department)) || cx.perhaps_any(ix, None, "department");
    let run = is_live(cx, ix, touchpoint) && run_by;
    if !run || !touchpoint.behaviours.is_empty() || cx.unread(ix, None, "behaviours") {
        return;
    }
    let message = format!("{} has a department that runs it, and does not say what staff are to do there", title(node));
    out.push(
        cx.say(Rule::NoServiceConcept, ix, node.entity.span, message)
            .help("Add the service concept: `behaviours:` that a guest could see, each with the role that shows it."),
    );
}

pub(super) fn below_target(cx: &Context<'_>, ix: Ix, node: &Node, touchpoint: &Touchpoint, out: &mut Vec<Diagnostic>) {
    let visited = cx.perhaps_named(ix, &[Type::Visit]) || cx.perhaps(|| cx.visits_are_missing());
    if (visited && touchpoint.target.is_some()) || cx.perhaps_any(ix, None, "target") {
        cx.might_say(Rule::BelowTarget, ix, out);
    }
    let Some(target) = touchpoint.target else { return };
    let Some(newest) = insight::scores(cx.handbook, ix).pop().filter(|newest| newest.score < target.0) else { return };
    if cx.may_be_named(ix, &[Type::Visit]) || cx.surely(|| cx.visits_are_missing()) {
        return;
    }
    let message = format!("{} scored {} on {}; its target is {}", title(node), newest.score, newest.date, target.0);
    out.push(
        cx.say(Rule::BelowTarget, ix, node.entity.span, message)
            .help("Look at which behaviours were not met, and write an improvement that solves them."),
    );
}
