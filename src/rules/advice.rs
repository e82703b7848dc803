//! The table of the craft: every rule of advice with the function that finds its breaches.
use super::context::Context;
use super::{backlog, journeys, pages, steps, touchpoints};
use crate::base::{Diagnostic, Rule};
use crate::handbook::{Ix, Node};
use crate::model::{Improvement, Journey, Touchpoint, Type};

/// Finds every breach of one rule by one entity, of which the front matter could be read.
#[derive(Debug, Clone, Copy)]
pub enum Find {
    /// It speaks of journeys.
    Journey(fn(&Context<'_>, Ix, &Node, &Journey, &mut Vec<Diagnostic>)),
    /// It speaks of touchpoints.
    Touchpoint(fn(&Context<'_>, Ix, &Node, &Touchpoint, &mut Vec<Diagnostic>)),
    /// It speaks of improvements.
    Improvement(fn(&Context<'_>, Ix, &Node, &Improvement, &mut Vec<Diagnostic>)),
    /// It speaks of entities of these types.
    Page(&'static [Type], for<'h> fn(&Context<'h>, Ix, &'h Node, &mut Vec<Diagnostic>)),
}

impl Find {
    fn of(self, cx: &Context<'_>, ix: Ix, out: &mut Vec<Diagnostic>) {
        let node = cx.handbook.node(ix);
        let (entity, data) = (&node.entity, &node.entity.data);
        match self {
            Find::Journey(find) => drop(data.journey().map(|journey| find(cx, ix, node, journey, out))),
            Find::Touchpoint(find) => drop(data.touchpoint().map(|touchpoint| find(cx, ix, node, touchpoint, out))),
            Find::Improvement(find) => drop(data.improvement().map(|item| find(cx, ix, node, item, out))),
            Find::Page(kinds, find) if kinds.contains(&entity.kind) => find(cx, ix, node, out),
            Find::Page(..) => {}
        }
    }
}

/// What the rules say of one entity, in the order of their table; silences and severities are not yet heeded.
pub(super) fn advise(cx: &Context<'_>, ix: Ix) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let broken = cx.handbook.node(ix).entity.broken;
    ADVICE.iter().filter(|_| !broken).for_each(|(_, find)| find.of(cx, ix, &mut out));
    out
}

/// Whether one rule might have more to say of an entity than it does; of one that could not be read, anything.
pub(super) fn might_say_more(rule: Rule, doubting: &Context<'_>, ix: Ix, said: &[Diagnostic]) -> bool {
    let mut out = Vec::new();
    ADVICE.iter().filter(|(other, _)| *other == rule).for_each(|(_, find)| find.of(doubting, ix, &mut out));
    let is_said =
        |more: &Diagnostic| said.iter().any(|said| (said.rule, said.span.start, &said.message) == (rule, more.span.start, &more.message));
    doubting.handbook.node(ix).entity.broken || out.iter().any(|more| !is_said(more))
}

/// All rules of advice, in the order of the content model.
///
/// They speak by the letter of the content model: a retired page, a journey that is a day in the life or one that details a step of
/// another is held against them like any other, unless the rule itself makes an exception. Whoever has a reason silences the rule.
pub const ADVICE: &[(Rule, Find)] = &[
    (Rule::NoBefore, Find::Journey(journeys::no_before)),
    (Rule::NoAfter, Find::Journey(journeys::no_after)),
    (Rule::TouchpointsOnly, Find::Journey(journeys::touchpoints_only)),
    (Rule::InsideOut, Find::Journey(journeys::inside_out)),
    (Rule::Uncovered, Find::Journey(journeys::uncovered)),
    (Rule::NoPurpose, Find::Journey(journeys::no_purpose)),
    (Rule::NoOwner, Find::Journey(journeys::no_owner)),
    (Rule::NoFollowUp, Find::Journey(journeys::no_follow_up)),
    (Rule::NoCustomerContact, Find::Journey(journeys::no_customer_contact)),
    (Rule::UnownedStep, Find::Journey(steps::unowned_step)),
    (Rule::UnaddressedLow, Find::Journey(steps::unaddressed_low)),
    (Rule::StarNotAPeak, Find::Touchpoint(touchpoints::star_not_a_peak)),
    (Rule::UnseizedOpportunity, Find::Journey(steps::unseized_opportunity)),
    (Rule::AllAssumed, Find::Page(&[Type::Persona, Type::Journey], pages::all_assumed)),
    (Rule::UnansweredQuestion, Find::Journey(steps::unanswered_question)),
    (Rule::Stale, Find::Page(Type::ALL, pages::stale)),
    (Rule::EvidenceExpired, Find::Page(&[Type::Evidence], pages::evidence_expired)),
    (Rule::VisitOverdue, Find::Touchpoint(touchpoints::visit_overdue)),
    (Rule::Suspect, Find::Page(Type::ALL, pages::suspect)),
    (Rule::NoServiceConcept, Find::Touchpoint(touchpoints::no_service_concept)),
    (Rule::BelowTarget, Find::Touchpoint(touchpoints::below_target)),
    (Rule::Orphan, Find::Page(&[Type::Segment, Type::Persona, Type::Touchpoint, Type::Evidence], pages::orphan)),
    (Rule::Unplanned, Find::Improvement(backlog::unplanned)),
    (Rule::Overdue, Find::Improvement(backlog::overdue)),
    (Rule::Unscored, Find::Improvement(backlog::unscored)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Severity;

    #[test]
    fn the_table_holds_every_rule_of_advice_once_and_in_order() {
        let named: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| rule.default_severity() == Severity::Advice).collect();
        assert_eq!(ADVICE.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), named);
    }
}
