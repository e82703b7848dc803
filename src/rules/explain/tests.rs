//! The examples of the pages are built and looked at.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::base::{Date, Diagnostic, RelPath, Severity};
use crate::handbook::{Change, Corpus, Handbook, History, Scope};
use crate::rules::findings;
use crate::tree::Memory;

/// Rules whose examples cannot be judged from content alone: bytes that are no text, sizes, what the system refuses, themes.
const NOT_SHOWN: &[Rule] = &[Rule::NotUtf8, Rule::FileTooLarge, Rule::UnreadableFile, Rule::BrokenTemplate];

const TODAY: &str = "2026-11-25";

/// The handbook that the examples are put into.
const HOUSE: &[(&str, &str)] = &[
    ("book.toml", "title = \"House\"\n"),
    ("content/index.md", "---\ntitle: House\n---\n"),
    ("content/personas/nora.md", "---\ntitle: Nora\n---\n"),
    ("content/channels/in-person.md", "---\ntitle: In person\nmedium: person\n---\n"),
    ("content/channels/email.md", "---\ntitle: E-mail\nmedium: digital\n---\n"),
    ("content/departments/front-office.md", "---\ntitle: Front office\ncustomer_contact: true\n---\n"),
    ("content/departments/housekeeping.md", "---\ntitle: Housekeeping\ncustomer_contact: true\n---\n"),
    ("content/touchpoints/front-desk.md", "---\ntitle: Front desk\nchannel: in-person\n---\n"),
    ("content/touchpoints/confirmation-email.md", "---\ntitle: Confirmation\nchannel: email\n---\n"),
    ("content/evidence/interviews.md", "---\ntitle: Interviews\nmethod: interview\ndate: 2026-03-01\n---\n"),
    (
        "content/journeys/business-stay.md",
        "---\ntitle: Business stay\npersonas: nora\nphases:\n  - title: Stay\n    steps: \
         [{title: Pack}, {title: Check in}, {title: Work}, {title: Expenses}]\n---\n",
    ),
];

struct Built {
    /// The findings in the files of the example.
    findings: Vec<Diagnostic>,
}

impl Built {
    fn of(rule: Rule, verdict: Verdict) -> Built {
        let examples: Vec<(Example<'_>, &str, String)> =
            examples(rule).into_iter().filter(|(example, ..)| [verdict, Verdict::Both].contains(&example.verdict)).collect();
        let mut files: BTreeMap<RelPath, String> = HOUSE.iter().map(|(path, text)| (path_of(path), text.to_string())).collect();
        let mut history = History::default();
        for (example, info, text) in &examples {
            let path = path_of(example.path);
            let whole = if info.starts_with("yaml") { format!("---\n{text}---\n") } else { text.clone() };
            files.insert(path.clone(), whole);
            if let Some((_, changed)) = info.split_once(" changed=") {
                history.changed.insert(
                    path,
                    Change { date: Date::parse(changed).unwrap(), subject: "An edit".into(), commit: String::new(), author: None },
                );
            }
        }
        let own: BTreeSet<RelPath> = examples.iter().map(|(example, ..)| path_of(example.path)).collect();
        let corpus = Corpus::read(&Memory::new(files)).unwrap();
        let handbook = Handbook::link(&corpus, Scope::everything(), Arc::new(history));
        let mut findings = findings(&handbook, Date::parse(TODAY).unwrap());
        findings.retain(|finding| own.contains(&finding.file));
        Built { findings }
    }

    fn names(&self, rule: Rule) -> bool {
        self.findings.iter().any(|finding| finding.rule == rule)
    }

    fn said(&self) -> Vec<String> {
        self.findings.iter().map(|finding| format!("{} {}: {}", finding.file, finding.rule.name(), finding.message)).collect()
    }
}

fn path_of(path: &str) -> RelPath {
    RelPath::new(path).unwrap()
}

/// Each example with all that its fence says, and its text.
fn examples(rule: Rule) -> Vec<(Example<'static>, &'static str, String)> {
    let mut found = Vec::new();
    let mut lines = explanation(rule).lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String = lines.by_ref().take_while(|line| !line.starts_with("```")).map(|line| format!("{line}\n")).collect();
        found.extend(Example::of(info).map(|example| (example, info, text)));
    }
    found
}

fn shown() -> impl Iterator<Item = Rule> {
    Rule::ALL.iter().copied().filter(|rule| !NOT_SHOWN.contains(rule))
}

#[test]
fn every_rule_has_the_page_of_its_name() {
    for (rule, name) in NAMES {
        assert_eq!(rule.name(), *name);
        let page = explanation(*rule);
        assert!(page.starts_with(&format!("# `{name}`: ")), "{name}: the heading");
        assert!(page.contains("**Mend") && page.contains("**Silence"), "{name}: how to mend and to silence it");
        assert!((15..=45).contains(&page.lines().count()), "{name}: {} lines", page.lines().count());
        assert!(page.lines().all(|line| line.chars().count() <= 155), "{name}: a long line");
    }
    assert_eq!(NAMES.len(), Rule::ALL.len());
}

#[test]
fn every_page_shows_a_bad_and_a_good_example() {
    for rule in Rule::ALL.iter().copied().filter(|rule| !NOT_SHOWN.contains(rule)) {
        let has = |verdict| examples(rule).iter().any(|(example, ..)| example.verdict == verdict);
        assert!(has(Verdict::Bad) && has(Verdict::Good), "{}", rule.name());
    }
}

#[test]
fn bad_examples_break_their_rule_and_no_other() {
    for rule in shown() {
        let built = Built::of(rule, Verdict::Bad);
        assert!(built.names(rule), "{} is not found, but {:?}", rule.name(), built.said());
        let others = built.findings.iter().filter(|finding| finding.rule != rule && finding.severity != Severity::Advice).count();
        assert_eq!(others, 0, "{}: {:?}", rule.name(), built.said());
    }
}

#[test]
fn good_examples_are_without_errors_and_keep_their_rule() {
    for rule in Rule::ALL.iter().copied().filter(|rule| !NOT_SHOWN.contains(rule)) {
        let built = Built::of(rule, Verdict::Good);
        let wrong = built.findings.iter().any(|finding| finding.rule == rule || finding.severity != Severity::Advice);
        assert!(!wrong, "{}: {:?}", rule.name(), built.said());
    }
}

#[test]
fn pages_name_only_rules_that_can_be_silenced_as_such() {
    for rule in Rule::ALL.iter().copied() {
        let page = explanation(rule);
        let offers = page.contains("allow: [{rule:");
        assert!(!offers || rule.can_be_silenced(), "{} cannot be silenced in a file", rule.name());
        for named in page.split("{rule: ").skip(1).filter_map(|rest| rest.split([',', '}']).next()) {
            assert_eq!(named, rule.name(), "the silence on the page of {}", rule.name());
        }
    }
}

#[test]
fn readable_pages_have_no_fences() {
    let page = readable(Rule::OutOfRange);
    assert!(page.starts_with("`out-of-range`: "), "{page}");
    assert!(page.contains("Not good: content/journeys/business-check-in.md\n    title: Checking in\n"), "{page}");
    assert!(Rule::ALL.iter().all(|rule| !readable(*rule).contains("```")));
}
