//! An earlier revision to compare with, from git or from another folder.
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::load::Book;
use super::speak::tell;
use crate::base::{Diagnostic, RelPath, Today};
use crate::handbook::{BOOK, Corpus, CorpusError, Handbook, History, Scope, Settings};
use crate::review::{self, Comparison, Known, Revision, Side};
use crate::rules;
use crate::tree::{Commit, GitError, Memory, Overlay, Repository, Tree, TreeError};

/// What is compared, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Range {
    /// A revision with the files as they are.
    Against(Point),
    /// A revision with another.
    Between(Point, String),
}

/// The older side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Point {
    /// This revision.
    At(String),
    /// Where the second left the first; the main branch where none is named.
    Since(Option<String>, String),
}

const NEWEST: &str = "HEAD";

impl Range {
    /// Reads `BASE`, `A..B`, `A...B`, `..B`; nothing means: since the main branch was left, and the files as they are.
    pub fn read(written: Option<&str>) -> Range {
        let or = |text: &str| if text.is_empty() { NEWEST.to_owned() } else { text.to_owned() };
        let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let Some(written) = written else { return Range::Against(Point::Since(None, NEWEST.into())) };
        if let Some((a, b)) = written.split_once("...") {
            return Range::Between(Point::Since(named(a), or(b)), or(b));
        }
        match written.split_once("..") {
            Some(("", b)) => Range::Between(Point::Since(None, or(b)), or(b)),
            Some((a, b)) => Range::Between(Point::At(a.to_owned()), or(b)),
            None => Range::Against(Point::At(written.to_owned())),
        }
    }
}

/// Git's answer for people.
fn refused(error: GitError) -> Failure {
    let help = error.help();
    Failure::new(error.to_string()).help(help)
}

/// One side, read.
pub(super) struct Read {
    /// Everything in it.
    pub corpus: Corpus,
    /// Where its files come from.
    pub tree: Box<dyn Tree>,
    /// What it is called.
    pub revision: Revision,
    /// Its commit.
    commit: Option<Commit>,
    /// Whether its handbook lies in the same folder as now.
    in_place: bool,
}

/// A linked side with what is said of it.
pub(super) struct Linked {
    pub handbook: Arc<Handbook>,
    pub findings: Vec<Diagnostic>,
}

impl Linked {
    /// Links a side without its history, which an earlier revision has not.
    pub fn of(corpus: &Corpus, scope: Scope, today: Today) -> Linked {
        let handbook = Arc::new(Handbook::link(corpus, scope, Arc::new(History::default())));
        let findings = rules::findings(&handbook, today);
        Linked { handbook, findings }
    }

    /// As one side of a comparison.
    pub fn side(&self) -> Side<'_> {
        Side { handbook: &self.handbook, findings: &self.findings }
    }
}

/// The repository that a handbook lies in: its past.
pub(super) struct Past {
    repository: Repository,
}

impl Read {
    /// The files as they are in a folder.
    pub fn folder(book: Book, name: &str) -> Read {
        let revision = Revision { name: name.to_owned(), ..Revision::default() };
        Read { corpus: book.corpus, tree: Box::new(book.disk), revision, commit: None, in_place: true }
    }
}

impl Past {
    /// The repository of a handbook's folder.
    pub fn of(root: &Path) -> Result<Past, Failure> {
        Repository::open(root).map(|repository| Past { repository }).map_err(refused)
    }

    /// The older side.
    pub fn point(&self, point: &Point, settings: &Settings) -> Result<Read, Failure> {
        match point {
            Point::At(name) => self.revision(name, self.repository.resolve(name).map_err(refused)?, settings),
            Point::Since(base, head) => {
                let base = base.clone().map_or_else(|| self.repository.main(), Ok).map_err(refused)?;
                let commit = self.repository.merge_base(&base, head).map_err(refused)?;
                self.revision(&base, commit, settings)
            }
        }
    }

    /// The newer side, where it is a revision.
    pub fn named(&self, name: &str, settings: &Settings) -> Result<Read, Failure> {
        self.revision(name, self.repository.resolve(name).map_err(refused)?, settings)
    }

    fn revision(&self, name: &str, commit: Commit, settings: &Settings) -> Result<Read, Failure> {
        let revision = Revision { name: name.to_owned(), commit: commit.id.clone(), date: commit.date.to_string() };
        let (tree, in_place) = self.tree(name, &commit)?;
        let (corpus, tree) = read(name, tree, settings)?;
        Ok(Read { corpus, tree, revision, commit: Some(commit), in_place })
    }

    /// The files of the handbook in a revision, and whether it lies in the same folder there. Where there is none in that folder, the
    /// only one there is counts.
    fn tree(&self, name: &str, commit: &Commit) -> Result<(Option<Box<dyn Tree>>, bool), Failure> {
        let of = |folder: &str| self.repository.tree(commit, folder).map_err(refused);
        let here = of(self.repository.prefix())?;
        if has_book(&here) {
            return Ok((Some(Box::new(here)), true));
        }
        let others = self.repository.handbooks(commit, BOOK).map_err(refused)?;
        match others.as_slice() {
            [] => Ok((None, true)),
            [folder] => {
                let shown = if folder.is_empty() { "the repository's top" } else { folder.trim_end_matches('/') };
                tell(&format!("note: in {name} the handbook lies in {shown}\n"));
                Ok((Some(Box::new(of(folder)?)), false))
            }
            _ => Err(Failure::new(format!("in {name} there is no handbook in this folder, but in {} others", others.len()))
                .help("Compare with a revision that has it in this folder.")),
        }
    }

    /// What git says of the files that differ; nothing where the handbook lay in another folder.
    pub fn differing(&self, base: &Read, head: &Read) -> Result<Option<crate::tree::Differing>, Failure> {
        let Some(from) = base.commit.as_ref().filter(|_| base.in_place && head.in_place) else { return Ok(None) };
        self.repository.differing(from, head.commit.as_ref()).map(Some).map_err(refused)
    }
}

fn book_path() -> RelPath {
    RelPath::new(BOOK).unwrap_or_else(|_| RelPath::root())
}

fn has_book(tree: &dyn Tree) -> bool {
    tree.read(&book_path(), u64::MAX) != Err(TreeError::Missing)
}

/// Reads a revision's handbook. One that has none yet is empty; one whose `book.toml` cannot be read is read by today's.
fn read(name: &str, tree: Option<Box<dyn Tree>>, settings: &Settings) -> Result<(Corpus, Box<dyn Tree>), Failure> {
    let today = || Memory::new([(book_path(), settings.source.text.as_bytes())]);
    let Some(tree) = tree else {
        tell(&format!("note: there is no handbook in {name} yet: everything is new\n"));
        let tree = today();
        let corpus = Corpus::read(&tree).map_err(super::load::unreadable)?;
        return Ok((corpus, Box::new(tree)));
    };
    match Corpus::read(&*tree) {
        Ok(corpus) => Ok((corpus, tree)),
        Err(error) => {
            let why = match error {
                CorpusError::NoBook(why) => why.to_string(),
                CorpusError::Syntax(source, error) => {
                    let at = source.position(error.span.start);
                    format!("{}:{}: {}", at.line, at.column, error.message)
                }
            };
            tell(&format!("note: {BOOK} in {name} cannot be read ({why}): it is read by the settings as they are now\n"));
            let corpus = Corpus::read(&Overlay { over: today(), under: &*tree }).map_err(super::load::unreadable)?;
            Ok((corpus, tree))
        }
    }
}

/// Compares two sides that were read.
pub(super) struct Sides<'s> {
    /// The older side.
    pub base: &'s Read,
    /// The newer side's files.
    pub head: &'s dyn Tree,
    /// What git says.
    pub git: Option<crate::tree::Differing>,
}

impl Sides<'_> {
    /// What changed.
    pub fn compare(self, base: &Linked, head: Side<'_>) -> Comparison {
        let files = self.changed_files(base, head);
        let known = Known { git: self.git, files };
        let comparison = review::compare(base.side(), head, &known);
        Comparison { base: self.base.revision.clone(), ..comparison }
    }

    /// Copied files that are on both sides and not the same there.
    fn changed_files(&self, base: &Linked, head: Side<'_>) -> Vec<RelPath> {
        let kept = head.handbook.files.iter().filter(|path| base.handbook.files.binary_search(path).is_ok());
        kept.filter(|path| match &self.git {
            Some(git) => git.holds(path),
            None => self.base.tree.read(path, FILE) != self.head.read(path, FILE),
        })
        .cloned()
        .collect()
    }
}

/// Largest copied file that is compared byte by byte.
const FILE: u64 = 64 * 1024 * 1024;
