//! Small handbooks, written as fenced text.
use std::collections::BTreeMap;
use std::fmt::Write;

use journeybook::base::{Diagnostic, Rule, Severity, Source};
use journeybook::handbook::{Handbook, Scope};
use journeybook::tree::Memory;

use super::{findings, linked, path};

/// One handbook of a file of cases.
#[derive(Default)]
struct Case {
    title: String,
    files: BTreeMap<String, String>,
    changes: Vec<(String, String)>,
    scope: Scope,
}

/// Reads `## title`, and below it blocks fenced by four backquotes: ` ````path `, ` ````changed `, ` ````audience `. What stands above
/// the first heading belongs to every case.
fn cases(text: &str) -> Vec<Case> {
    let mut sections: Vec<Case> = vec![Case { scope: Scope::everything(), ..Case::default() }];
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            let common = &sections[0];
            let (files, changes) = (common.files.clone(), common.changes.clone());
            sections.push(Case { title: title.into(), files, changes, scope: Scope::everything() });
        } else if let Some(name) = line.strip_prefix("````") {
            let block: String = lines.by_ref().take_while(|line| *line != "````").map(|line| format!("{line}\n")).collect();
            sections.last_mut().unwrap().add(name, block);
        }
    }
    sections.remove(0);
    sections
}

impl Case {
    fn add(&mut self, name: &str, block: String) {
        match name {
            "changed" => self.changes = block.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (b.into(), a.into())).collect(),
            "audience" => self.scope = Scope { audiences: block.lines().map(str::to_owned).collect(), ..Scope::default() },
            "gone" => block.lines().for_each(|file| drop(self.files.remove(file))),
            path => drop(self.files.insert(path.into(), block)),
        }
    }

    fn handbook(&self) -> Handbook {
        let mut files = self.files.clone();
        let book = files.entry("book.toml".into()).or_default();
        book.insert_str(0, "title = \"A house\"\n");
        let tree = Memory::new(files.into_iter().map(|(name, text)| (path(&name), text.into_bytes())));
        linked(&tree, self.scope.clone(), &self.changes)
    }
}

fn place(case: &Case, finding: &Diagnostic) -> String {
    let source = Source::new(finding.file.clone(), case.files.get(finding.file.as_str()).cloned().unwrap_or_default());
    let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
    format!("{}:{}:{}-{} {:?}", finding.file, start.line, start.column, end.column, source.slice(finding.span))
}

fn tell(out: &mut String, case: &Case, finding: &Diagnostic) {
    writeln!(out, "{}[{}] {}", finding.severity, finding.rule.name(), place(case, finding)).unwrap();
    writeln!(out, "    {}", finding.message).unwrap();
    writeln!(out, "    → {}", finding.help.as_deref().unwrap_or("(no help)")).unwrap();
    for label in &finding.labels {
        writeln!(out, "    · {} {}", label.file, label.text).unwrap();
    }
}

/// Everything about one rule (or all of some rules), and every error: a case that is wrong by mistake must not pass unseen.
fn report(text: &str, wanted: impl Fn(Rule) -> bool) -> String {
    let mut out = String::new();
    for case in cases(text) {
        writeln!(out, "## {}", case.title).unwrap();
        let found = findings(&case.handbook());
        let told: Vec<_> = found.iter().filter(|finding| wanted(finding.rule) || finding.severity != Severity::Advice).collect();
        if told.is_empty() {
            writeln!(out, "(nothing)").unwrap();
        }
        told.iter().for_each(|finding| tell(&mut out, &case, finding));
        out.push('\n');
    }
    out
}

macro_rules! rule_cases {
    ($( $test:ident: $rule:ident; )+) => {
        $( #[test]
        fn $test() {
            let name = Rule::$rule.name();
            let text = std::fs::read_to_string(format!("{}/tests/rules/cases/{name}.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
            insta::assert_snapshot!(name, report(&text, |rule| rule == Rule::$rule));
        } )+

        #[test]
        fn every_rule_of_advice_has_cases() {
            let tried = [$( Rule::$rule ),+];
            let advice = Rule::ALL.iter().filter(|rule| rule.default_severity() == Severity::Advice);
            assert_eq!(advice.filter(|rule| !tried.contains(rule)).collect::<Vec<_>>(), Vec::<&Rule>::new());
        }
    };
}

rule_cases! {
    no_before: NoBefore;
    no_after: NoAfter;
    touchpoints_only: TouchpointsOnly;
    inside_out: InsideOut;
    uncovered: Uncovered;
    no_purpose: NoPurpose;
    no_owner: NoOwner;
    no_follow_up: NoFollowUp;
    no_customer_contact: NoCustomerContact;
    unowned_step: UnownedStep;
    unaddressed_low: UnaddressedLow;
    star_not_a_peak: StarNotAPeak;
    unseized_opportunity: UnseizedOpportunity;
    all_assumed: AllAssumed;
    unanswered_question: UnansweredQuestion;
    stale: Stale;
    evidence_expired: EvidenceExpired;
    visit_overdue: VisitOverdue;
    suspect: Suspect;
    no_service_concept: NoServiceConcept;
    below_target: BelowTarget;
    orphan: Orphan;
    unplanned: Unplanned;
    overdue: Overdue;
    unscored: Unscored;
}

/// Silences and severities are tried on one rule and seen with everything that is said.
#[test]
fn silences() {
    let text = std::fs::read_to_string(format!("{}/tests/rules/cases/silences.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    insta::assert_snapshot!("silences", report(&text, |rule| matches!(rule, Rule::NoPurpose | Rule::Unscored | Rule::NoOwner)));
}

#[test]
fn misspelt() {
    let text = std::fs::read_to_string(format!("{}/tests/rules/cases/misspelt.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    insta::assert_snapshot!("misspelt", report(&text, |_| false));
}

/// What a mistake makes others say, and what it does not.
#[test]
fn echoes() {
    let text = std::fs::read_to_string(format!("{}/tests/rules/cases/echoes.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    insta::assert_snapshot!("echoes", report(&text, |_| false));
}

/// What a mistake does not make others keep to themselves.
#[test]
fn unheard() {
    let text = std::fs::read_to_string(format!("{}/tests/rules/cases/unheard.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let told = [Rule::NoFollowUp, Rule::UnaddressedLow, Rule::Uncovered, Rule::VisitOverdue, Rule::Stale];
    insta::assert_snapshot!("unheard", report(&text, |rule| told.contains(&rule)));
}
