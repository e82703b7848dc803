//! `build`: the site is written if the content has no errors.
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::load::{Book, Shown, today};
use super::report::{Report, Verdict};
use super::speak::tell;
use super::{Failure, Outcome, Ran};
use crate::base::Today;
use crate::handbook::Handbook;
use crate::rules;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to write to [default: `output` in book.toml, else public]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Let warnings count as errors
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    shown: Shown,
    /// The site's address, for the sitemap, the feed and canonical links
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The day that staleness is measured against
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
    /// How many threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let start = Instant::now();
    let today = today(args.today.as_deref())?;
    let base_url = args.base_url.as_deref().map(web_address).transpose()?;
    use_threads(args.jobs)?;
    let book = Book::open(root)?;
    let scope = book.scope(&args.shown)?;
    let handbook = Arc::new(book.link(scope));
    let findings = rules::findings(&handbook, today);
    let report = Report::new(&findings, &book.corpus, handbook.documents.len());
    tell(&report.render_wrong());
    let stopped = match report.verdict() {
        Verdict::Errors => true,
        Verdict::Warnings => args.strict,
        _ => false,
    };
    if stopped {
        tell(&format!("Nothing was written. {}", report.summary()));
        return Ok(Outcome::Faulty);
    }
    let out = args.out.clone().unwrap_or_else(|| book.disk.path(&book.corpus.settings.output));
    let written = write_site(&Wanted { book: &book, handbook, base_url, today, out: &out })?;
    let seconds = start.elapsed().as_secs_f64();
    let next = next_step(&report, &out);
    tell(&format!(
        "Built {} pages in {} ({} written) in {seconds:.2} s; {}. {next}\n",
        written.pages,
        out.display(),
        written.changed,
        report.counts()
    ));
    Ok(Outcome::Clean)
}

/// What is to be written.
#[allow(dead_code)]
struct Wanted<'a> {
    book: &'a Book,
    handbook: Arc<Handbook>,
    base_url: Option<String>,
    today: Today,
    out: &'a Path,
}

/// What was written.
struct Written {
    pages: usize,
    changed: usize,
}

/// Renders the site and publishes it: the one place that knows both.
fn write_site(wanted: &Wanted<'_>) -> Result<Written, Failure> {
    let _ = wanted;
    Err(Failure::new("this version of journeybook cannot write a site yet")
        .help("`journeybook check` says what is wrong with the content."))
}

fn next_step(report: &Report<'_>, out: &Path) -> String {
    match report.verdict() {
        Verdict::Nothing => format!("Open {}.", out.join("index.html").display()),
        _ => format!("Open {}; `journeybook check` tells what to improve.", out.join("index.html").display()),
    }
}

fn web_address(written: &str) -> Result<String, Failure> {
    let plain = written.starts_with("https://") || written.starts_with("http://");
    if !plain || written.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>')) {
        return Err(
            Failure::new(format!("`--base-url {written}` is no web address")).help("Write it in full: https://handbook.example.org/.")
        );
    }
    Ok(format!("{}/", written.trim_end_matches('/')))
}

fn use_threads(jobs: Option<u16>) -> Result<(), Failure> {
    let Some(jobs) = jobs else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    pool.map_err(|error| Failure::new(format!("{jobs} threads cannot be started: {error}")))
}
