//! `explain`: why a rule exists, an example, how to mend or silence it.
use super::speak::print;
use super::{Failure, Outcome, Ran};
use crate::base::{Rule, Severity};
use crate::rules::explain::{explanation, readable};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rule's name; without one all rules are listed
    rule: Option<String>,
}

pub(super) fn run(args: &Args) -> Ran {
    match &args.rule {
        None => print(&list())?,
        Some(name) => match Rule::named(name) {
            Some(rule) => print(&closed(rule, &readable(rule)))?,
            None => {
                let known: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
                return Err(Failure::unknown("rule", name, &known));
            }
        },
    }
    Ok(Outcome::Clean)
}

fn list() -> String {
    let width = Rule::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or(0);
    Rule::ALL.iter().map(|rule| format!("{:width$}  {}\n", rule.name(), rule.default_severity())).collect()
}

/// A rule's page as Markdown, and how serious its findings are.
pub(super) fn page(rule: Rule) -> String {
    closed(rule, explanation(rule))
}

fn closed(rule: Rule, text: &str) -> String {
    let (text, name, serious) = (text.trim_end(), rule.name(), in_words(rule));
    format!("{text}\n\nA finding of this rule is {serious}, unless `{name} = \"…\"` under `[rules]` in book.toml says otherwise.\n")
}

fn in_words(rule: Rule) -> &'static str {
    match rule.default_severity() {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Advice => "advice",
    }
}
