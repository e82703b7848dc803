//! The names of all rules and how serious each is unless `book.toml` says otherwise.
use super::Severity;

macro_rules! rules {
    ($( $severity:ident: $( $rule:ident = $name:literal ),+ ; )+) => {
        /// A rule that a handbook is held against. Its explanation lives with the rules themselves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $( $( #[doc = concat!("`", $name, "`")] $rule, )+ )+ }

        impl Rule {
            /// Every rule, in the order of the content model.
            pub const ALL: &'static [Rule] = &[ $( $( Rule::$rule, )+ )+ ];

            /// The name that people write.
            pub fn name(self) -> &'static str {
                match self { $( $( Rule::$rule => $name, )+ )+ }
            }

            /// How serious a breach is unless the handbook says otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $( $( Rule::$rule )|+ => Severity::$severity, )+ }
            }
        }
    };
}

rules! {
    Error:
        FrontMatterSyntax = "front-matter-syntax", FrontMatterUnclosed = "front-matter-unclosed", NotUtf8 = "not-utf8",
        FileTooLarge = "file-too-large", UnknownType = "unknown-type", MissingField = "missing-field", WrongKind = "wrong-kind",
        OutOfRange = "out-of-range", UnknownValue = "unknown-value", InvalidDate = "invalid-date", InvalidId = "invalid-id",
        DuplicateId = "duplicate-id", DuplicateKey = "duplicate-key", BrokenReference = "broken-reference",
        WrongReferenceType = "wrong-reference-type", AmbiguousLink = "ambiguous-link", BrokenLink = "broken-link",
        BrokenAnchor = "broken-anchor", MissingFile = "missing-file", OutputCollision = "output-collision",
        PathOutsideRoot = "path-outside-root", UnsafeLink = "unsafe-link", Cycle = "cycle",
        UnreadableFile = "unreadable-file", BrokenTemplate = "broken-template";
    Warning:
        UnknownField = "unknown-field", RawHtml = "raw-html", UnusedFile = "unused-file", UnusedSilence = "unused-silence";
    Advice:
        NoBefore = "no-before", NoAfter = "no-after", TouchpointsOnly = "touchpoints-only", InsideOut = "inside-out",
        Uncovered = "uncovered", NoPurpose = "no-purpose", NoOwner = "no-owner", NoFollowUp = "no-follow-up",
        NoCustomerContact = "no-customer-contact", UnownedStep = "unowned-step", UnaddressedLow = "unaddressed-low",
        StarNotAPeak = "star-not-a-peak", UnseizedOpportunity = "unseized-opportunity", AllAssumed = "all-assumed",
        UnansweredQuestion = "unanswered-question", Stale = "stale", EvidenceExpired = "evidence-expired",
        VisitOverdue = "visit-overdue", Suspect = "suspect", NoServiceConcept = "no-service-concept",
        BelowTarget = "below-target", Orphan = "orphan", Unplanned = "unplanned", Overdue = "overdue", Unscored = "unscored";
}

impl Rule {
    /// The rule of that name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// Whether one file may silence it: not where the site could not be built safely without the mend.
    pub fn can_be_silenced(self) -> bool {
        !matches!(
            self,
            Rule::FrontMatterSyntax
                | Rule::FrontMatterUnclosed
                | Rule::NotUtf8
                | Rule::FileTooLarge
                | Rule::UnreadableFile
                | Rule::BrokenTemplate
                | Rule::UnsafeLink
                | Rule::PathOutsideRoot
                | Rule::OutputCollision
                | Rule::DuplicateId
                | Rule::UnusedSilence
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_ids() {
        let mut names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Rule::ALL.len());
        assert!(Rule::ALL.iter().all(|rule| Rule::named(rule.name()) == Some(*rule)));
    }
}
