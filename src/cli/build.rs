//! `build`: the site is written if the content has no errors.
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::compare::Earlier;
use super::load::{Book, Found, Looked, Shown, today};
use super::report::{Report, Verdict};
use super::speak::{shown, tell};
use super::{Failure, Outcome, Ran};
use crate::base::{RelPath, Source, Today};
use crate::handbook::Settings;
use crate::output::{self, Content, PublishError, Target};
use crate::review::{Comparison, Side};
use crate::site::{Page, Site};
use crate::theme::RenderError;

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
    /// Add a page of what changed since this revision, and marks on the pages that did
    #[arg(long, value_name = "BASE")]
    compare: Option<String>,
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
    let found = Found::at(root)?;
    let history = found.ask_history();
    // The process ends here: what was read need not be taken apart.
    let mut book = ManuallyDrop::new(found.read()?);
    if let Some(url) = base_url {
        book.corpus.settings = Arc::new(Settings { base_url: Some(url), ..(*book.corpus.settings).clone() });
    }
    let scope = book.scope(&args.shown)?;
    let earlier =
        args.compare.as_deref().map(|base| Earlier::open(&book.disk, &book.corpus.settings, base, Some(&book.corpus))).transpose()?;
    let looked = book.look(scope, today, history);
    let report = looked.report();
    tell(&report.render_wrong());
    if stops(&report, args) {
        tell(&format!("Nothing was written. {}", report.summary()));
        return Ok(Outcome::Faulty);
    }
    let counts = report.counts();
    let spotless = report.verdict() == Verdict::Nothing;
    let out = args.out.clone().unwrap_or_else(|| book.disk.path(&book.corpus.settings.output));
    let side = Side { handbook: &looked.handbook, findings: &looked.findings };
    let changes = earlier.map(|earlier| earlier.compare(&book.corpus, &book.disk, side, today));
    match write_site(&book, looked, changes, today, &out)? {
        Some(written) => {
            let (pages, seconds) = (written.written + written.kept, start.elapsed().as_secs_f64());
            let (home, changed) = (shown(&out).join("index.html"), written.written);
            let home = home.display();
            let next = if spotless { "" } else { "; `journeybook check` says what to mend" };
            tell(&format!("Built {pages} files ({changed} new or changed) in {seconds:.2} s: {counts}. Open {home}{next}.\n"));
            Ok(Outcome::Clean)
        }
        None => Ok(Outcome::Faulty),
    }
}

fn stops(report: &Report<'_>, args: &Args) -> bool {
    match report.verdict() {
        Verdict::Errors => true,
        Verdict::Warnings => args.strict,
        _ => false,
    }
}

/// Renders the site and publishes it; none where a template cannot be drawn, which was said.
fn write_site(
    book: &Book,
    looked: Looked,
    changes: Option<Comparison>,
    today: Today,
    out: &Path,
) -> Result<Option<output::Report>, Failure> {
    let site = Site::new(looked.handbook, looked.theme, looked.findings, today);
    let site = ManuallyDrop::new(match changes {
        Some(changes) => site.comparing(changes),
        None => site,
    });
    let paths: Vec<RelPath> = site.routes().iter().map(|route| route.path.clone()).collect();
    let make = |at: usize| -> Result<Content<'_>, RenderError> {
        let route = &site.routes()[at];
        if let Some(pour) = site.poured(route) {
            return Ok(Content::Poured(Box::new(pour)));
        }
        Ok(match site.render(route)? {
            Page::Bytes(bytes) => Content::Bytes(bytes.into_owned()),
            Page::CopyOf(path) => Content::CopyOf(book.disk.path(path)),
        })
    };
    let target = Target {
        out: out.to_path_buf(),
        root: book.disk.root().to_path_buf(),
        content: book.disk.path(&book.corpus.settings.content),
        home: std::env::home_dir(),
        patience: output::PATIENCE,
    };
    match output::publish(&target, &paths, &make) {
        Ok(written) => {
            written.notes.iter().for_each(|note| tell(&format!("note: {note}\n")));
            Ok(Some(written))
        }
        Err(PublishError::Page(_, error)) => {
            tell_broken(&error, paths.len());
            Ok(None)
        }
        Err(PublishError::Output(failure)) => Err(Failure::new(failure.to_string())),
    }
}

/// Says which template cannot be drawn, where, and for which page.
fn tell_broken(error: &RenderError, files: usize) {
    let findings = [(*error.finding).clone()];
    let sources: Vec<Source> = error.source.iter().cloned().collect();
    let report = Report::new(&findings, &sources, files);
    tell(&report.render_wrong());
    tell(&format!("Nothing was written. {}", report.summary()));
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
