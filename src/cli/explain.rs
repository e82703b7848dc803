//! `explain`: why a rule exists, an example, how to mend or silence it.
use super::speak::print;
use super::{Failure, Outcome, Ran};
use crate::base::{Rule, Severity};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rule's name; without one all rules are listed
    rule: Option<String>,
}

pub(super) fn run(args: &Args) -> Ran {
    match &args.rule {
        None => print(&list())?,
        Some(name) => match Rule::named(name) {
            Some(rule) => print(&page(rule))?,
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

/// A rule's page as Markdown: its own explanation where there is one, then what all rules have in common.
pub(super) fn page(rule: Rule) -> String {
    let name = rule.name();
    let why = explanation(rule);
    let head = if why.is_empty() { format!("# {name}\n") } else { format!("{}\n", why.trim_end()) };
    let mut page = format!("{head}\nUnless book.toml says otherwise, a finding of this rule is {}.\n", in_words(rule));
    page.push_str(&format!(
        "To change that for the whole handbook, write in book.toml:\n\n    [rules]\n    {name} = \"off\"    # or error, warning, advice\n"
    ));
    if rule.can_be_silenced() {
        page.push_str(&format!(
            "\nTo silence it in one file, say why in its front matter:\n\n    allow:\n      - rule: {name}\n        because: the reason, for whoever reads this next year\n        until: 2027-12-31\n"
        ));
    } else {
        page.push_str("\nA single file cannot silence it: the site could not be built safely, or not as it was meant.\n");
    }
    page
}

fn in_words(rule: Rule) -> &'static str {
    match rule.default_severity() {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Advice => "advice",
    }
}

/// The page that was written for the rule; empty as long as nobody wrote one.
fn explanation(_rule: Rule) -> &'static str {
    ""
}
