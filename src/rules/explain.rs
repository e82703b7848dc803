//! Why each rule exists, with an example of what it finds and of what it does not.
//!
//! The pages are Markdown in `explain/`, one a rule. Their examples are real: a fence opened by
//! `yaml bad content/journeys/x.md` holds the front matter of that file in a handbook that breaks the rule, one with `good` in a
//! handbook that does not, and one with `both` in either. `markdown`, `csv` and `toml` fences hold whole files. `changed=2026-11-02`
//! at the end says when the history has the file changed. A test builds both handbooks and looks.
use crate::base::Rule;

macro_rules! pages {
    ($( $rule:ident = $name:literal, )+) => {
        /// The page that explains a rule, in Markdown.
        pub fn explanation(rule: Rule) -> &'static str {
            match rule {
                $( Rule::$rule => include_str!(concat!("explain/", $name, ".md")), )+
            }
        }

        #[cfg(test)]
        const NAMES: &[(Rule, &str)] = &[ $( (Rule::$rule, $name), )+ ];
    };
}

pages! {
    FrontMatterSyntax = "front-matter-syntax",
    FrontMatterUnclosed = "front-matter-unclosed",
    NotUtf8 = "not-utf8",
    FileTooLarge = "file-too-large",
    UnknownType = "unknown-type",
    MissingField = "missing-field",
    WrongKind = "wrong-kind",
    OutOfRange = "out-of-range",
    UnknownValue = "unknown-value",
    InvalidDate = "invalid-date",
    InvalidId = "invalid-id",
    DuplicateId = "duplicate-id",
    DuplicateKey = "duplicate-key",
    BrokenReference = "broken-reference",
    WrongReferenceType = "wrong-reference-type",
    AmbiguousLink = "ambiguous-link",
    BrokenLink = "broken-link",
    BrokenAnchor = "broken-anchor",
    MissingFile = "missing-file",
    OutputCollision = "output-collision",
    PathOutsideRoot = "path-outside-root",
    UnsafeLink = "unsafe-link",
    Cycle = "cycle",
    UnreadableFile = "unreadable-file",
    BrokenTemplate = "broken-template",
    UnknownField = "unknown-field",
    RawHtml = "raw-html",
    UnusedFile = "unused-file",
    UnusedSilence = "unused-silence",
    NoBefore = "no-before",
    NoAfter = "no-after",
    TouchpointsOnly = "touchpoints-only",
    InsideOut = "inside-out",
    Uncovered = "uncovered",
    NoPurpose = "no-purpose",
    NoOwner = "no-owner",
    NoFollowUp = "no-follow-up",
    NoCustomerContact = "no-customer-contact",
    UnownedStep = "unowned-step",
    UnaddressedLow = "unaddressed-low",
    StarNotAPeak = "star-not-a-peak",
    UnseizedOpportunity = "unseized-opportunity",
    AllAssumed = "all-assumed",
    UnansweredQuestion = "unanswered-question",
    Stale = "stale",
    EvidenceExpired = "evidence-expired",
    VisitOverdue = "visit-overdue",
    Suspect = "suspect",
    NoServiceConcept = "no-service-concept",
    BelowTarget = "below-target",
    Orphan = "orphan",
    Unplanned = "unplanned",
    Overdue = "overdue",
    Unscored = "unscored",
}

/// The page as it reads well where Markdown is not drawn: examples are indented, each under the name of its file.
pub fn readable(rule: Rule) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in explanation(rule).lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(info), false) => {
                out.push_str(&caption(info));
                inside = true;
            }
            (Some(_), true) => inside = false,
            (None, true) => out.push_str(format!("    {line}").trim_end()),
            (None, false) => out.push_str(line.strip_prefix("# ").unwrap_or(line)),
        }
        if line.strip_prefix("```").is_none_or(|info| info.contains(' ')) {
            out.push('\n');
        }
    }
    out
}

fn caption(info: &str) -> String {
    let Some(example) = Example::of(info) else { return String::new() };
    let verdict = match example.verdict {
        Verdict::Bad => "Not good:",
        Verdict::Good => "Good:",
        Verdict::Both => "With this:",
    };
    format!("{verdict} {}", example.path)
}

/// What the opening of a fence says of the example in it.
struct Example<'t> {
    verdict: Verdict,
    path: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Bad,
    Good,
    Both,
}

impl<'t> Example<'t> {
    fn of(info: &'t str) -> Option<Example<'t>> {
        let mut words = info.split_whitespace().skip(1);
        let verdict = match words.next()? {
            "bad" => Verdict::Bad,
            "good" => Verdict::Good,
            "both" => Verdict::Both,
            _ => return None,
        };
        Some(Example { verdict, path: words.next()? })
    }
}

#[cfg(test)]
mod tests;
