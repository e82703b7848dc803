//! Finding a handbook and reading it.
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use super::Failure;
use super::report::Report;
use super::speak::tell;
use crate::base::{Date, Diagnostic, Source, Today};
use crate::document::is_review;
use crate::handbook::{BOOK, Corpus, CorpusError, Direct, Handbook, Scope, Settings, read_settings};
use crate::rules;
use crate::site::lexicon;
use crate::theme::Theme;
use crate::tree::{Disk, History, HistoryFound, Tree, history};

/// What a build or a check shows.
#[derive(Debug, clap::Args)]
pub(super) struct Shown {
    /// Include drafts
    #[arg(long)]
    pub drafts: bool,
    /// Include what this audience may see; `all` includes everything
    #[arg(long = "audience", value_name = "NAME")]
    pub audiences: Vec<String>,
}

impl Shown {
    /// The pages that were asked for; an audience that `book.toml` does not name is refused.
    pub fn scope(&self, settings: &Settings) -> Result<Scope, Failure> {
        let known: Vec<&str> = settings.audiences.keys().map(String::as_str).chain(["all"]).collect();
        if let Some(unknown) = self.audiences.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Failure::unknown("audience", unknown, &known));
        }
        Ok(self.as_given())
    }

    /// The same where no `book.toml` can be read to hold the names against.
    pub fn as_given(&self) -> Scope {
        let everyone = self.audiences.iter().any(|name| name == "all");
        let audiences = self.audiences.iter().filter(|name| *name != "all").cloned().collect();
        Scope { audiences, everyone, drafts: self.drafts, ..Scope::default() }
    }
}

/// A handbook that was found on disk: its settings are read, its content is not yet.
pub(super) struct Found {
    pub disk: Disk,
    pub settings: Settings,
    findings: Vec<Diagnostic>,
}

impl Found {
    /// Finds the handbook at `root`, or else at this folder or the nearest one above.
    pub fn at(root: Option<&Path>) -> Result<Found, Failure> {
        let disk = find_disk(root)?;
        let (settings, findings) = read_settings(&disk).map_err(unreadable)?;
        Ok(Found { disk, settings, findings })
    }

    /// Begins to ask git for the history: it takes as long as reading and linking the content, beside which it goes on.
    pub fn ask_history(&self) -> Asked {
        let (root, content, authors) = (self.disk.root().to_path_buf(), self.settings.content.clone(), self.settings.authors);
        Asked(std::thread::spawn(move || history(&root, &content, authors, is_review)))
    }

    /// Reads the content.
    pub fn read(self) -> Result<Book, Failure> {
        let Found { disk, settings, findings } = self;
        let listing = disk.list(&settings.content);
        let corpus = Corpus::gather(Arc::new(settings), findings, listing, &Direct(&disk));
        let content = disk.path(&corpus.settings.content);
        match std::fs::read_dir(&content) {
            Ok(_) => Ok(Book { disk, corpus }),
            Err(error) => Err(Failure::new(format!("the content folder `{}` cannot be read: {error}", corpus.settings.content))
                .help("It is the folder that holds the Markdown files; `content = \"…\"` in book.toml names another one.")),
        }
    }
}

/// A handbook that was read from disk.
pub(super) struct Book {
    pub disk: Disk,
    pub corpus: Corpus,
}

impl Book {
    /// Finds and reads a handbook.
    pub fn open(root: Option<&Path>) -> Result<Book, Failure> {
        Found::at(root)?.read()
    }

    /// The pages that were asked for; an audience that `book.toml` does not name is refused.
    pub fn scope(&self, shown: &Shown) -> Result<Scope, Failure> {
        shown.scope(&self.corpus.settings)
    }

    /// Links what the scope shows, and gathers everything that is to be said of it, the handbook's own theme included.
    pub fn look(&self, scope: Scope, today: Today, history: Asked) -> Looked {
        let mut handbook = Handbook::link(&self.corpus, scope, Arc::default());
        handbook.history = history.told();
        let handbook = Arc::new(handbook);
        let (theme, broken) = Theme::load(&self.disk, handbook.settings.theme.as_ref(), lexicon(&handbook));
        let mut findings = rules::findings(&handbook, today);
        let mut sources = self.sources();
        for error in broken {
            findings.push(self.placed(*error.finding));
            sources.extend(error.source);
        }
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        Looked { handbook, theme, findings, sources }
    }

    /// What is wrong with the theme's folder as a whole is wrong where `book.toml` names it.
    fn placed(&self, finding: Diagnostic) -> Diagnostic {
        let settings = &self.corpus.settings;
        if settings.theme.as_ref() != Some(&finding.file) {
            return finding;
        }
        Diagnostic { file: settings.source.path.clone(), span: settings.theme_span, ..finding }
    }

    /// The texts that findings may speak of.
    fn sources(&self) -> Vec<Source> {
        let documents = self.corpus.documents.iter().map(|document| &document.source);
        documents.chain(self.corpus.tables.values().flatten()).chain([&self.corpus.settings.source]).cloned().collect()
    }

    /// Links everything, for who needs to know what is there and not when it changed.
    pub fn link_all(&self) -> Handbook {
        let scope = Scope { everyone: true, drafts: true, ..Scope::default() };
        Handbook::link(&self.corpus, scope, Arc::new(History::default()))
    }
}

/// The history of a handbook, being asked for.
pub(super) struct Asked(JoinHandle<HistoryFound>);

impl Asked {
    /// Waits for the history, and says what limits it.
    fn told(self) -> Arc<History> {
        let HistoryFound { history, notes } = self.0.join().unwrap_or_else(|panic| resume_unwind(panic));
        for note in notes {
            tell(&format!("note: {note}\n"));
        }
        Arc::new(history)
    }
}

/// A handbook that was looked at.
pub(super) struct Looked {
    pub handbook: Arc<Handbook>,
    pub theme: Theme,
    pub findings: Vec<Diagnostic>,
    sources: Vec<Source>,
}

impl Looked {
    pub fn report(&self) -> Report<'_> {
        Report::new(&self.findings, &self.sources, self.handbook.documents.len())
    }
}

/// The folder that holds `book.toml`, to be read.
pub(super) fn find_disk(given: Option<&Path>) -> Result<Disk, Failure> {
    let root = find_root(given)?;
    Disk::new(&root).map_err(|error| Failure::new(format!("the folder {} cannot be read: {error}", root.display())))
}

/// The folder that holds `book.toml`.
fn find_root(given: Option<&Path>) -> Result<PathBuf, Failure> {
    let start = given.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let full =
        std::fs::canonicalize(&start).map_err(|error| Failure::new(format!("the folder {} cannot be read: {error}", start.display())))?;
    let has_book = |folder: &Path| folder.join(BOOK).symlink_metadata().is_ok();
    let found = match given {
        Some(_) => Some(full.as_path()).filter(|folder| has_book(folder)),
        None => full.ancestors().find(|folder| has_book(folder)),
    };
    match (found, given) {
        (Some(folder), _) => Ok(folder.to_path_buf()),
        (None, Some(given)) => Err(Failure::new(format!("there is no {BOOK} in {}", given.display())).help(NO_BOOK)),
        (None, None) => Err(Failure::new(format!("there is no {BOOK} in this folder or in one above it")).help(NO_BOOK)),
    }
}

const NO_BOOK: &str = "Name the handbook's folder with `--root DIR`, or begin a new one with `journeybook init DIR`.";

pub(super) fn unreadable(error: CorpusError) -> Failure {
    match error {
        CorpusError::NoBook(why) => Failure::new(format!("{BOOK}: {why}")),
        CorpusError::Syntax(source, error) => {
            let at = source.position(error.span.start);
            Failure::new(format!("{BOOK}:{}:{}: {}", at.line, at.column, error.message)).help(error.help)
        }
    }
}

/// The day that staleness is measured against: as given, else `SOURCE_DATE_EPOCH`, else the clock (UTC).
pub(super) fn today(given: Option<&str>) -> Result<Today, Failure> {
    if let Some(text) = given {
        return Date::parse(text).ok_or_else(|| {
            Failure::new(format!("`--today {text}` is no date")).help("Write a day that exists as year-month-day: 2026-05-01.")
        });
    }
    match std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) {
        Some(value) => epoch(&value.to_string_lossy()),
        None => clock(),
    }
}

fn epoch(value: &str) -> Result<Today, Failure> {
    let day = value.trim().parse().ok().and_then(Date::from_unix);
    day.ok_or_else(|| {
        Failure::new(format!("SOURCE_DATE_EPOCH is `{value}`")).help("It takes the number of seconds since 1970, or nothing.")
    })
}

fn clock() -> Result<Today, Failure> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.ok().and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds.and_then(Date::from_unix).ok_or_else(|| Failure::new("the clock shows no day after 1970").help("Give the day with `--today`."))
}
