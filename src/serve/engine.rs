//! From files to what is shown: an edit reads the changed files again, links the whole handbook, and makes one immutable scene of it.
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::kept::Kept;
use super::scene::{Scene, Trouble};
use super::shown::Shown;
use super::snapshot::Snapshot;
use crate::base::{Diagnostic, RelPath, Rule, Severity, Source, Span, Today};
use crate::document::is_review;
use crate::handbook::{BOOK, Corpus, CorpusError, Handbook, History, Scope, Settings, read_settings};
use crate::markup::Language;
use crate::model::Plain;
use crate::review::{Comparison, Side};
use crate::site::{Site, lexicon};
use crate::theme::{RenderError, Theme};
use crate::tree::{Disk, GitFolder, history};

/// What a preview shows.
pub struct Wanted {
    /// Whose pages.
    pub scope: Scope,
    /// The day that dates are held against: a preview may be open over midnight.
    pub today: Box<dyn Fn() -> Today + Send + Sync>,
    /// Who tells what changed since an earlier revision, if that is to be shown.
    pub compare: Option<Compare>,
}

/// Tells what changed since an earlier revision: from what was read, its files, what is shown and said of it, and the day.
pub type Compare = Box<dyn Fn(&Corpus, &Disk, Side<'_>, Today) -> Comparison + Send + Sync>;

/// Everything that is known of the files.
pub struct Engine {
    pub(super) disk: Disk,
    pub(super) wanted: Wanted,
    repository: Option<GitFolder>,
    pub(super) book: Book,
    pub(super) kept: Kept,
    pub(super) seen: Snapshot,
    /// What changed the last time: a file may be written twice within one tick of its clock.
    pub(super) fresh: BTreeSet<RelPath>,
    theme: Option<Themed>,
    pub(super) history: Arc<History>,
    pub(super) day: Today,
    pub(super) number: u64,
    /// What the last scene was made of.
    pub(super) shown: Option<Shown>,
}

/// `book.toml` as it was last read well, and what is said of it.
pub(super) struct Book {
    pub settings: Arc<Settings>,
    said: Vec<Diagnostic>,
    wrong: Option<Trouble>,
}

/// A theme and what it was made for.
struct Themed {
    theme: Arc<Theme>,
    folder: Option<RelPath>,
    /// None, if its files have changed since.
    words: Option<Words>,
    wrong: Vec<Trouble>,
}

/// What makes one handbook's words other ones than another's: the language, and the word for its customers.
type Words = (Language, Option<(String, String)>);

/// How far a change of the settings reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Pages are drawn anew.
    Pages,
    /// Files are read anew.
    Everything,
}

/// Something new to show.
pub struct Update {
    /// What is shown now.
    pub scene: Arc<Scene>,
    /// The files that changed.
    pub files: BTreeSet<RelPath>,
    /// What is to be said of the history, where it was read.
    pub notes: Vec<String>,
}

impl Engine {
    /// Reads a handbook. Whatever is wrong with it, there is something to show.
    pub fn start(disk: Disk, wanted: Wanted) -> (Engine, Update) {
        let repository = GitFolder::around(disk.root());
        let book = Book::read(&disk, None);
        let day = (wanted.today)();
        let mut engine = Engine {
            disk,
            wanted,
            repository,
            book,
            kept: Kept::default(),
            seen: Snapshot::default(),
            fresh: BTreeSet::new(),
            theme: None,
            history: Arc::default(),
            day,
            number: 0,
            shown: None,
        };
        let snapshot = engine.snapshot();
        let (root, content) = (engine.disk.root().to_path_buf(), engine.book.settings.content.clone());
        let authors = engine.book.settings.authors;
        let found = std::thread::scope(|scope| {
            // Git needs seconds for thousands of commits; meanwhile the files are read.
            let asked = scope.spawn(move || history(&root, &content, authors, is_review));
            engine.kept.read_pages(&engine.disk, &engine.book.settings, snapshot.listing().files);
            asked.join().unwrap_or_default()
        });
        engine.history = Arc::new(found.history);
        engine.seen = snapshot;
        let scene = engine.scene();
        (engine, Update { scene, files: BTreeSet::new(), notes: found.notes })
    }

    /// The repository that the handbook lies in.
    pub fn repository(&self) -> Option<&GitFolder> {
        self.repository.as_ref()
    }

    /// What lies on disk now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.disk, &self.book.settings, self.repository.as_ref())
    }

    /// Whether a file that changed is empty now and was not before: editors empty a file before they write it.
    pub fn is_being_written(&self, snapshot: &Snapshot) -> bool {
        let is_empty = |path: &RelPath| snapshot.stamp(path).is_some_and(|stamp| stamp.length == 0);
        snapshot.differing(&self.seen).iter().any(is_empty)
    }

    /// Whether nothing at all is different from what was seen last.
    pub fn has_seen(&self, snapshot: &Snapshot) -> bool {
        self.seen == *snapshot
    }

    /// Looks what became of the files: those that differ on disk, and those that somebody named. None, where it comes to the same.
    pub fn look(&mut self, snapshot: Snapshot, named: &BTreeSet<RelPath>) -> Option<Update> {
        self.repository = GitFolder::around(self.disk.root());
        let differing = snapshot.differing(&self.seen);
        let mut suspects: BTreeSet<RelPath> =
            named.iter().chain(&self.fresh).filter(|path| snapshot.stamp(path).is_some()).cloned().collect();
        suspects.extend(differing.iter().cloned());
        let is_book = |path: &RelPath| path.as_str() == BOOK;
        if suspects.iter().any(is_book) && self.read_book() == Reach::Everything {
            return Some(self.look_again(suspects));
        }
        let files = self.kept.read(&self.disk, &self.book.settings, suspects);
        let relisted = snapshot.is_differently_listed(&self.seen);
        let retold = snapshot.has_other_history(&self.seen);
        let day = (self.wanted.today)();
        self.fresh = differing;
        self.seen = snapshot;
        if files.is_empty() && !relisted && !retold && day == self.day {
            return None;
        }
        self.day = day;
        let notes = if retold { self.read_history() } else { Vec::new() };
        if files.iter().any(|path| self.is_of_theme(path)) {
            self.theme = self.theme.take().map(|theme| Themed { words: None, ..theme });
        }
        Some(Update { scene: self.scene(), files, notes })
    }

    /// Looks at everything, after settings changed that everything depends on.
    fn look_again(&mut self, suspects: BTreeSet<RelPath>) -> Update {
        let snapshot = self.snapshot();
        self.fresh = snapshot.differing(&self.seen);
        let files: BTreeSet<RelPath> = suspects.into_iter().chain(self.fresh.iter().cloned()).collect();
        let listed = snapshot.listing().files;
        self.kept.reread(&self.book.settings, &listed);
        self.theme = None;
        let unread = listed.into_iter().filter(|path| files.contains(path) || !self.kept.knows(path)).collect();
        self.kept.read_pages(&self.disk, &self.book.settings, unread);
        self.seen = snapshot;
        self.day = (self.wanted.today)();
        let notes = self.read_history();
        Update { scene: self.scene(), files, notes }
    }

    /// Reads `book.toml` again; how far what it says now reaches.
    fn read_book(&mut self) -> Reach {
        let book = Book::read(&self.disk, Some(&self.book));
        let reach = if reads_alike(&book.settings, &self.book.settings) { Reach::Pages } else { Reach::Everything };
        self.book = book;
        reach
    }

    fn read_history(&mut self) -> Vec<String> {
        let found = history(self.disk.root(), &self.book.settings.content, self.book.settings.authors, is_review);
        self.history = Arc::new(found.history);
        found.notes
    }

    fn is_of_theme(&self, path: &RelPath) -> bool {
        self.book.settings.theme.as_ref().is_some_and(|theme| path.below(theme).is_some())
    }

    /// The corpus as it is shown: where a file is broken, as it was before.
    fn corpus(&mut self, snapshot_of: &Disk) -> Corpus {
        let settings = self.book.settings.clone();
        let reader = self.kept.reader(snapshot_of, &settings);
        Corpus::gather(settings.clone(), self.book.said.clone(), self.seen.listing(), &reader)
    }

    fn scene(&mut self) -> Arc<Scene> {
        self.number += 1;
        let disk = self.disk.clone();
        let corpus = self.corpus(&disk);
        let (scope, history) = (self.wanted.scope.clone(), self.history.clone());
        let shown = match &self.shown {
            Some(before) => before.after(corpus, scope, history, self.day),
            None => Shown::first(corpus, scope, history, self.day),
        };
        let theme = self.themed(&shown.handbook);
        let scene = self.scene_of(&shown, theme, self.number);
        self.shown = Some(shown);
        scene
    }

    /// A scene of a handbook in a theme.
    pub(super) fn scene_of(&self, shown: &Shown, theme: Arc<Theme>, number: u64) -> Arc<Scene> {
        let Shown { corpus, handbook, advice } = shown;
        let mut findings = advice.findings(handbook);
        for finding in self.theme_findings() {
            let at = findings.partition_point(|other| other.order() <= finding.order());
            findings.insert(at, finding);
        }
        let mut told: Vec<Diagnostic> = findings.iter().filter(|finding| finding.severity < Severity::Advice).cloned().collect();
        let troubles = self.troubles();
        told.retain(|finding| !troubles.iter().any(|trouble| trouble.source.path == finding.file));
        told.extend(troubles.iter().map(|trouble| trouble.finding.clone()));
        told.sort_by(|a, b| a.order().cmp(&b.order()));
        let sources = sources(&told, corpus, troubles.into_iter().chain(self.theme_troubles()));
        let side = Side { handbook, findings: &findings };
        let changes = self.wanted.compare.as_ref().map(|compare| compare(corpus, &self.disk, side, self.day));
        let site = Site::new(handbook.clone(), theme, findings, self.day);
        let site = match changes {
            Some(changes) => site.comparing(changes),
            None => site,
        };
        Arc::new(Scene::new(number, site, self.disk.clone(), told, sources, corpus.documents.len()))
    }

    /// The theme that is worn, if it is one for this handbook too.
    pub(super) fn worn(&self, handbook: &Handbook) -> Option<&Arc<Theme>> {
        let fits = |theme: &&Themed| theme.words == Some(words_of(handbook)) && theme.folder == handbook.settings.theme;
        self.theme.as_ref().filter(fits).map(|theme| &theme.theme)
    }

    /// The theme, made anew only where its files or its words are other ones. A broken one is not put on.
    fn themed(&mut self, handbook: &Handbook) -> Arc<Theme> {
        if let Some(theme) = self.worn(handbook) {
            return theme.clone();
        }
        let (words, folder) = (words_of(handbook), handbook.settings.theme.clone());
        let (theme, wrong) = Theme::load(&self.disk, folder.as_ref(), lexicon(handbook));
        let wrong: Vec<Trouble> = wrong.into_iter().map(Trouble::from).collect();
        let before = self.theme.take().filter(|before| !wrong.is_empty() && before.folder == folder);
        let theme = before.map_or_else(|| Arc::new(theme), |before| before.theme);
        self.theme = Some(Themed { theme: theme.clone(), folder, words: Some(words), wrong });
        theme
    }

    fn theme_troubles(&self) -> impl Iterator<Item = Trouble> {
        self.theme.iter().flat_map(|theme| theme.wrong.iter().cloned())
    }

    fn theme_findings(&self) -> impl Iterator<Item = Diagnostic> {
        self.theme_troubles().map(|trouble| trouble.finding)
    }

    /// What is wrong with files of which an earlier version is shown.
    fn troubles(&self) -> Vec<Trouble> {
        let of_document = |document: &Arc<crate::document::Document>| {
            let source = document.source.clone();
            document.diagnostics.iter().map(move |finding| Trouble { finding: finding.clone(), source: source.clone() }).collect::<Vec<_>>()
        };
        let broken = self.kept.broken().flat_map(of_document);
        broken.chain(self.book.wrong.clone()).filter_map(|trouble| self.as_severe_as_wanted(trouble)).collect()
    }

    fn as_severe_as_wanted(&self, mut trouble: Trouble) -> Option<Trouble> {
        trouble.finding.severity = self.book.settings.severity(trouble.finding.rule).filter(|severity| *severity < Severity::Advice)?;
        Some(trouble)
    }

    /// The folders in which something happens when a file is changed: those to look into, and those to look at with all below them.
    pub fn folders(&self) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
        let settings = &self.book.settings;
        let deep: BTreeSet<RelPath> = settings.theme.iter().chain([&settings.content]).cloned().collect();
        let tables = settings.visits.iter().map(|(path, _)| path.parent());
        let mut flat: BTreeSet<PathBuf> = deep.iter().cloned().chain(tables).flat_map(|folder| self.way_to(folder)).collect();
        flat.insert(self.disk.root().to_path_buf());
        flat.extend(self.repository.iter().flat_map(GitFolder::folders));
        (flat, deep.iter().map(|folder| self.disk.path(folder)).collect())
    }

    /// A folder and those that hold it, up to the root: it may be moved away with any of them.
    fn way_to(&self, folder: RelPath) -> Vec<PathBuf> {
        let mut way = Vec::new();
        let mut folder = folder;
        while !folder.as_str().is_empty() {
            way.push(self.disk.path(&folder));
            folder = folder.parent();
        }
        way
    }
}

impl Book {
    /// Reads `book.toml`. What cannot be read leaves the settings as they were.
    fn read(disk: &Disk, before: Option<&Book>) -> Book {
        let wrong = match read_settings(disk) {
            Ok((settings, said)) => return Book { settings: Arc::new(settings), said, wrong: None },
            Err(error) => unreadable(error),
        };
        match before {
            Some(before) => Book { settings: before.settings.clone(), said: before.said.clone(), wrong: Some(wrong) },
            None => Book { settings: Arc::new(Settings::unset(wrong.source.clone())), said: Vec::new(), wrong: Some(wrong) },
        }
    }
}

fn unreadable(error: CorpusError) -> Trouble {
    let path = RelPath::new(BOOK).unwrap_or_else(|_| RelPath::root());
    match error {
        CorpusError::NoBook(why) => {
            let finding = Diagnostic::new(Rule::UnreadableFile, &path, Span::default(), format!("`{BOOK}`: {why}"));
            Trouble { finding: finding.help("The settings stay as they were until it can be read."), source: Source::new(path, "") }
        }
        CorpusError::Syntax(source, error) => {
            let finding = Diagnostic::new(Rule::FrontMatterSyntax, &path, error.span, error.message);
            Trouble { finding: finding.help(error.help), source }
        }
    }
}

fn words_of(handbook: &Handbook) -> Words {
    let term = handbook.customer_term();
    let text = |word: &Option<Plain>| word.as_ref().map(|word| word.text.to_string()).unwrap_or_default();
    (handbook.settings.language, term.map(|term| (text(&term.singular), text(&term.plural))))
}

/// Whether files are read in the same way under two settings.
fn reads_alike(a: &Settings, b: &Settings) -> bool {
    let tables = |settings: &Settings| settings.visits.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    a.content == b.content && a.authors == b.authors && a.markup == b.markup && a.theme == b.theme && tables(a) == tables(b)
}

/// The texts that findings speak of.
fn sources(told: &[Diagnostic], corpus: &Corpus, troubles: impl Iterator<Item = Trouble>) -> Vec<Source> {
    let mut found: std::collections::BTreeMap<RelPath, Source> =
        troubles.map(|trouble| (trouble.source.path.clone(), trouble.source)).collect();
    let named = told.iter().flat_map(|finding| finding.labels.iter().map(|label| &label.file).chain([&finding.file]));
    for path in named {
        if !found.contains_key(path) {
            found.extend(corpus.source(path).map(|source| (path.clone(), source.clone())));
        }
    }
    found.into_values().collect()
}

impl From<RenderError> for Trouble {
    fn from(error: RenderError) -> Trouble {
        let source = error.source.unwrap_or_else(|| Source::new(error.finding.file.clone(), ""));
        Trouble { finding: *error.finding, source }
    }
}
