//! The table of the craft: every rule of advice with the function that finds its breaches.
use super::context::Context;
use super::{backlog, journeys, pages, steps, touchpoints};
use crate::base::{Diagnostic, Rule};

/// Finds every breach of one rule.
pub type Find = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// All rules of advice, in the order of the content model.
///
/// They speak by the letter of the content model: a retired page, a journey that is a day in the life or one that details a step of
/// another is held against them like any other, unless the rule itself makes an exception. Whoever has a reason silences the rule.
pub const ADVICE: &[(Rule, Find)] = &[
    (Rule::NoBefore, journeys::no_before),
    (Rule::NoAfter, journeys::no_after),
    (Rule::TouchpointsOnly, journeys::touchpoints_only),
    (Rule::InsideOut, journeys::inside_out),
    (Rule::Uncovered, journeys::uncovered),
    (Rule::NoPurpose, journeys::no_purpose),
    (Rule::NoOwner, journeys::no_owner),
    (Rule::NoFollowUp, journeys::no_follow_up),
    (Rule::NoCustomerContact, journeys::no_customer_contact),
    (Rule::UnownedStep, steps::unowned_step),
    (Rule::UnaddressedLow, steps::unaddressed_low),
    (Rule::StarNotAPeak, touchpoints::star_not_a_peak),
    (Rule::UnseizedOpportunity, steps::unseized_opportunity),
    (Rule::AllAssumed, pages::all_assumed),
    (Rule::UnansweredQuestion, steps::unanswered_question),
    (Rule::Stale, pages::stale),
    (Rule::EvidenceExpired, pages::evidence_expired),
    (Rule::VisitOverdue, touchpoints::visit_overdue),
    (Rule::Suspect, pages::suspect),
    (Rule::NoServiceConcept, touchpoints::no_service_concept),
    (Rule::BelowTarget, touchpoints::below_target),
    (Rule::Orphan, pages::orphan),
    (Rule::Unplanned, backlog::unplanned),
    (Rule::Overdue, backlog::overdue),
    (Rule::Unscored, backlog::unscored),
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
