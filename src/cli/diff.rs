//! `diff`: what changed since an earlier revision, in words of the handbook.
use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use super::compare::{Lender, Linked, Past, Point, Range, Read, Sides, Unread, earlier_scope};
use super::load::{Book, Found, Shown, today};
use super::speak::print;
use super::{Failure, Outcome, Ran};
use crate::base::{Rule, Severity, Today};
use crate::handbook::Scope;
use crate::review::{self, Comparison, End, EntityChange, Fate, Row, Say, Value, What};
use crate::site::lexicon;
use crate::tree::Differing;
use crate::words::Lexicon;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to compare: BASE (with the files as they are), A..B, A...B or ..B (since B left A or the main branch)
    /// [default: since the main branch was left]
    #[arg(value_name = "REVISIONS", conflicts_with_all = ["from", "to"])]
    revisions: Option<String>,
    /// Compare with this folder's handbook instead
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// The newer side of --from [default: this handbook]
    #[arg(long, value_name = "DIR", requires = "from")]
    to: Option<PathBuf>,
    /// How the changes are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// End with 1 if the changes bring this: error, warning, removed-link, or a rule such as orphan
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    fail_on: Vec<String>,
    #[command(flatten)]
    shown: Shown,
    /// The day that staleness is measured against
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Short, for people
    Human,
    /// A comment on a merge request
    Markdown,
    /// One object, for programs
    Json,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let today = today(args.today.as_deref())?;
    let stops = args.fail_on.iter().map(|name| Stop::named(name)).collect::<Result<Vec<Stop>, Failure>>()?;
    // The process ends here: what was read need not be taken apart.
    let both = ManuallyDrop::new(Both::read(root, args)?);
    let (comparison, head) = both.compare(&args.shown, today)?;
    let settings = &head.handbook.settings;
    let english = Lexicon::new(crate::markup::Language::En, None);
    let own = lexicon(&head.handbook);
    print(&match args.format {
        Format::Human => review::terminal(&comparison, &Say::new(&english, &settings.currency)),
        Format::Markdown => review::markdown(&comparison, &Say::new(&own, &settings.currency)),
        Format::Json => format!("{:#}\n", review::json(&comparison, &head.handbook)),
    })?;
    Ok(if stops.iter().any(|stop| stop.is_met(&comparison)) { Outcome::Faulty } else { Outcome::Clean })
}

/// Both sides, read.
struct Both {
    base: Read,
    head: Read,
    git: Option<Differing>,
}

impl Both {
    fn read(root: Option<&Path>, args: &Args) -> Result<Both, Failure> {
        if let Some(from) = &args.from {
            let base = Read::folder(Book::open(Some(from))?, &from.display().to_string());
            let to = args.to.as_ref().map(|to| to.display().to_string()).unwrap_or_default();
            let head = Read::folder(Book::open(args.to.as_deref().or(root))?, &to);
            return Ok(Both { base, head, git: None });
        }
        let found = Found::at(root)?;
        let past = Past::of(found.disk.root())?;
        let settings = found.settings.clone();
        let (base, git, head) = match Range::read(args.revisions.as_deref()) {
            Range::Against(point) => against(&past, &point, found)?,
            Range::Between(point, name) => {
                let (base, head) = (past.point(&point)?, past.named(&name)?);
                let git = past.differing(&base.place, Some(&head.place))?;
                (base, git, head.read(&settings, None)?)
            }
        };
        let lender = git.as_ref().map(|git| Lender { corpus: &head.corpus, git });
        Ok(Both { base: base.read(&settings, lender)?, head, git })
    }

    /// Compares what the scope shows of both.
    fn compare(&self, shown: &Shown, today: Today) -> Result<(Comparison, ManuallyDrop<Linked>), Failure> {
        let scope = match shown.scope(&self.head.corpus.settings)? {
            scope if shown.audiences.is_empty() => Scope { everyone: true, ..scope },
            scope => scope,
        };
        let earlier = earlier_scope(&scope, &self.base.corpus, &self.head.corpus, self.git.as_ref());
        let (base, head) = rayon::join(|| Linked::of(&self.base.corpus, earlier, today), || Linked::of(&self.head.corpus, scope, today));
        let (base, head) = (ManuallyDrop::new(base), ManuallyDrop::new(head));
        let sides = Sides { base: &self.base, head: &*self.head.tree, git: self.git.clone() };
        let mut comparison = sides.compare(&base, head.side());
        comparison.head = self.head.revision.clone();
        Ok((comparison, head))
    }
}

/// Reads the files as they are, and asks git for the revision meanwhile.
fn against(past: &Past, point: &Point, found: Found) -> Result<(Unread, Option<Differing>, Read), Failure> {
    let ask = || {
        let base = past.point(point)?;
        let git = past.differing(&base.place, None)?;
        Ok((base, git))
    };
    let (book, asked) = std::thread::scope(|scope| {
        let asked = scope.spawn(ask);
        (found.read(), asked.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let (book, (base, git)) = (book?, asked?);
    Ok((base, git, Read::folder(book, "")))
}

/// What makes the command end with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// A new finding at least that serious.
    Severity(Severity),
    /// A page that was there is not to be found any more, or a reference is gone though both ends are there.
    RemovedLink,
    /// A new finding of a rule.
    Rule(Rule),
}

impl Stop {
    fn named(name: &str) -> Result<Stop, Failure> {
        match (name.trim(), Rule::named(name.trim())) {
            (_, Some(Rule::Suspect)) => {
                Err(Failure::new("`diff` does not judge `suspect`, which rests on the history").help("`journeybook check` tells it."))
            }
            ("error", _) => Ok(Stop::Severity(Severity::Error)),
            ("warning", _) => Ok(Stop::Severity(Severity::Warning)),
            ("removed-link", _) => Ok(Stop::RemovedLink),
            (_, Some(rule)) => Ok(Stop::Rule(rule)),
            (name, None) => {
                let known: Vec<&str> =
                    ["error", "warning", "removed-link"].into_iter().chain(Rule::ALL.iter().map(|rule| rule.name())).collect();
                Err(Failure::unknown("rule", name, &known))
            }
        }
    }

    fn is_met(self, comparison: &Comparison) -> bool {
        match self {
            Stop::Severity(severity) => comparison.introduced.iter().any(|finding| finding.severity <= severity),
            Stop::Rule(rule) => comparison.introduced.iter().any(|finding| finding.rule == rule),
            Stop::RemovedLink => comparison.entities.iter().any(removes_link),
        }
    }
}

/// Whether an address of the site is gone without a former name that leads on, or a reference between what is still there.
fn removes_link(change: &EntityChange) -> bool {
    let rows = change.rows.iter().chain(change.parts.iter().flat_map(|part| &part.rows));
    match change.fate {
        Fate::Added => false,
        Fate::Removed => true,
        Fate::Same => change.loses_address() || rows.into_iter().any(loses_end),
    }
}

fn loses_end(row: &Row) -> bool {
    let leads = |value: &Value| matches!(value, Value::End(End { head: Some(_), .. }));
    match &row.what {
        What::Value(Some(before), _) => leads(before),
        What::Set(removed, _) => removed.iter().any(leads),
        _ => false,
    }
}
