//! An earlier revision to compare with, from git or from another folder.
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Failure;
use super::load::{Book, unreadable};
use super::speak::tell;
use crate::base::{Diagnostic, HashSet, RelPath, Source, Today};
use crate::document::{Document, Entity};
use crate::handbook::{BOOK, Corpus, CorpusError, Direct, Handbook, History, Reader, Scope, Settings};
use crate::model::Type;
use crate::review::{self, Comparison, Known, Revision, Side};
use crate::rules;
use crate::tree::{Commit, Differing, Disk, GitError, GitTree, MainBranch, Memory, Overlay, Repository, Tree, TreeError};

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

    /// The older side of a comparison with the files as they are: `BASE`, or `BASE...` for where the files left it.
    pub fn base_of(written: &str) -> Result<Point, Failure> {
        let since = |base: &str| Point::Since(Some(base.to_owned()).filter(|base| !base.is_empty()), NEWEST.into());
        match (written.strip_suffix("..."), written.contains("..")) {
            (Some(base), _) if !base.contains("..") => Ok(since(base)),
            (_, false) => Ok(Point::At(written.to_owned())),
            _ => Err(Failure::new(format!("`--compare {written}` names two revisions")).help(
                "The newer side is the files as they are: name the older one, such as `main`, or `main...` for where this branch left it.",
            )),
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
    pub tree: Box<dyn Tree + Send>,
    /// What it is called.
    pub revision: Revision,
    /// Where it is, where that is known to git.
    place: Option<Place>,
}

/// A revision that was found, not read yet.
pub(super) struct Unread {
    /// Where it is.
    pub place: Place,
    revision: Revision,
    /// Its files; nothing where it has no handbook.
    tree: Option<GitTree>,
}

/// Where a revision's handbook is.
pub(super) struct Place {
    commit: Commit,
    /// Whether it lies in the same folder as now.
    in_place: bool,
}

/// A side that was read, for another to take from it what is the same in both.
#[derive(Clone, Copy)]
pub(super) struct Lender<'l> {
    /// What was read.
    pub corpus: &'l Corpus,
    /// In which files the two differ.
    pub git: &'l Differing,
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
        Read { corpus: book.corpus, tree: Box::new(book.disk), revision, place: None }
    }
}

impl Past {
    /// The repository of a handbook's folder.
    pub fn of(root: &Path) -> Result<Past, Failure> {
        Repository::open(root).map(|repository| Past { repository }).map_err(refused)
    }

    /// The older side.
    pub fn point(&self, point: &Point) -> Result<Unread, Failure> {
        match point {
            Point::At(name) => self.named(name),
            Point::Since(base, head) => {
                let (name, commit) = self.since(base.as_deref(), head).map_err(refused)?;
                self.revision(&name, commit)
            }
        }
    }

    /// Where a revision left another, and what that is called.
    fn since(&self, base: Option<&str>, head: &str) -> Result<(String, Commit), GitError> {
        let base = match base {
            Some(name) => MainBranch { name: name.to_owned(), commit: self.repository.resolve(name)? },
            None => self.repository.main()?,
        };
        let head = (head, &self.repository.resolve(head)?);
        let commit = self.repository.merge_base((&base.name, &base.commit), head)?;
        Ok((base.name, commit))
    }

    /// The newer side, where it is a revision.
    pub fn named(&self, name: &str) -> Result<Unread, Failure> {
        self.revision(name, self.repository.resolve(name).map_err(refused)?)
    }

    fn revision(&self, name: &str, commit: Commit) -> Result<Unread, Failure> {
        let revision = Revision {
            name: name.to_owned(),
            commit: commit.id.clone(),
            date: commit.date.map(|date| date.to_string()).unwrap_or_default(),
        };
        let (tree, in_place) = self.tree(name, &commit)?;
        Ok(Unread { place: Place { commit, in_place }, revision, tree })
    }

    /// The files of the handbook in a revision, and whether it lies in the same folder there. Where there is none in that folder, the
    /// only one counts that has gone since.
    fn tree(&self, name: &str, commit: &Commit) -> Result<(Option<GitTree>, bool), Failure> {
        let of = |folder: Option<&str>| self.repository.tree(commit, folder).map_err(refused);
        let here = of(None)?;
        if has_book(&here) {
            return Ok((Some(here), true));
        }
        let others = self.repository.former_handbooks(commit, BOOK).map_err(refused)?;
        match others.as_slice() {
            [] => Ok((None, true)),
            [folder] => {
                let shown = if folder.is_empty() { "the repository's top" } else { folder.trim_end_matches('/') };
                tell(&format!("note: in {name} the handbook lies in {shown}\n"));
                Ok((Some(of(Some(folder))?), false))
            }
            _ => Err(Failure::new(format!(
                "in {name} there is no handbook in this folder, but in {} others that have gone since",
                others.len()
            ))
            .help("Compare with a revision that has it in this folder.")),
        }
    }

    /// What git says of the files that differ between a revision and another, or the files as they are; nothing where the handbook
    /// lay in another folder.
    pub fn differing(&self, base: &Place, head: Option<&Place>) -> Result<Option<Differing>, Failure> {
        if !base.in_place || head.is_some_and(|head| !head.in_place) {
            return Ok(None);
        }
        self.repository.differing(&base.commit, head.map(|head| &head.commit)).map(Some).map_err(refused)
    }
}

impl Unread {
    /// Reads a revision's handbook. One that has none yet is empty; one whose `book.toml` cannot be read is read by today's.
    pub fn read(self, settings: &Settings, lender: Option<Lender<'_>>) -> Result<Read, Failure> {
        let Unread { place, revision, tree } = self;
        let name = &revision.name;
        let today = || Memory::new([(book_path(), settings.source.text.as_bytes())]);
        let Some(tree) = tree else {
            tell(&format!("note: there is no handbook in {name} yet: everything is new\n"));
            let tree = today();
            let corpus = Corpus::read(&tree).map_err(unreadable)?;
            return Ok(Read { corpus, tree: Box::new(tree), revision, place: Some(place) });
        };
        let reader = Borrower { own: Direct(&tree), tree: &tree, lender, left_out: AtomicUsize::new(0) };
        let read = Corpus::read_by(&tree, &reader);
        at_hand(&tree, name)?;
        let corpus = match read {
            Ok(corpus) => corpus,
            Err(error) => {
                let why = in_short(error);
                tell(&format!("note: {BOOK} in {name} cannot be read ({why}): it is read by the settings as they are now\n"));
                Corpus::read_by(&Overlay { over: today(), under: &tree }, &reader).map_err(unreadable)?
            }
        };
        at_hand(&tree, name)?;
        match reader.left_out.into_inner() {
            0 => {}
            many => tell(&format!(
                "note: git leaves files of {name} out of this work tree (`git sparse-checkout`), and so they are told as gone: {many}\n"
            )),
        }
        Ok(Read { corpus, tree: Box::new(tree), revision, place: Some(place) })
    }
}

/// Of a file that is not at hand nobody can tell what changed.
fn at_hand(tree: &GitTree, name: &str) -> Result<(), Failure> {
    let lost = tree.lost();
    let Some(first) = lost.first() else { return Ok(()) };
    let which = if lost.len() == 1 { format!("`{first}`") } else { format!("`{first}` and {} more", lost.len() - 1) };
    Err(Failure::new(format!("this clone does not hold all of {name}: {which} cannot be read"))
        .help(format!("If it was cloned with `--filter`, `git diff {name}` fetches what is missing; a clone without it holds everything.")))
}

fn in_short(error: CorpusError) -> String {
    match error {
        CorpusError::NoBook(why) => why.to_string(),
        CorpusError::Syntax(source, error) => {
            let at = source.position(error.span.start);
            format!("{}:{}: {}", at.line, at.column, error.message)
        }
    }
}

/// Reads what differs, and takes over what does not.
struct Borrower<'b> {
    own: Direct<'b>,
    tree: &'b GitTree,
    lender: Option<Lender<'b>>,
    /// How many files the newer side has not, though git takes them as unchanged.
    left_out: AtomicUsize,
}

impl<'b> Borrower<'b> {
    /// Who has read a file that is the same on both sides.
    fn lender(&self, path: &RelPath) -> Option<&'b Corpus> {
        let lender = self.lender.filter(|lender| self.tree.holds_itself(path) && !lender.git.holds(path))?;
        Some(lender.corpus)
    }

    /// A document that is the same on both sides.
    fn lent(&self, path: &RelPath, settings: &Settings) -> Option<&'b Arc<Document>> {
        let alike = |other: &Settings| other.content == settings.content && other.markup == settings.markup;
        let found = self.lender(path).filter(|lender| alike(&lender.settings))?.document(path);
        self.left_out.fetch_add(usize::from(found.is_none()), Ordering::Relaxed);
        found
    }
}

impl Reader for Borrower<'_> {
    fn document(&self, path: &RelPath, settings: &Settings) -> Arc<Document> {
        self.lent(path, settings).cloned().unwrap_or_else(|| self.own.document(path, settings))
    }

    fn visits(&self, path: &RelPath, settings: &Settings) -> Result<Arc<Document>, TreeError> {
        self.own.visits(path, settings)
    }

    fn table(&self, path: &RelPath) -> Result<Source, TreeError> {
        self.own.table(path)
    }

    fn has(&self, path: &RelPath) -> bool {
        self.own.has(path)
    }

    fn siblings(&self, path: &RelPath) -> Vec<RelPath> {
        self.own.siblings(path)
    }

    /// Nothing of the older side is drawn.
    fn image(&self, _: &RelPath) -> Option<(usize, usize)> {
        None
    }
}

/// What the older side may show: nothing that the newer one hides, under whatever name it stood there before.
pub(super) fn earlier_scope(scope: &Scope, base: &Corpus, head: &Corpus, git: Option<&Differing>) -> Scope {
    let earlier = scope.for_earlier(head);
    let names = |corpus: &'_ Corpus| -> HashSet<(Type, Box<str>)> {
        corpus.documents.iter().flat_map(|document| &document.entities).map(|entity| (entity.kind, entity.id.clone())).collect()
    };
    let (old, new) = (names(base), names(head));
    // Where nothing went, or nothing came that is hidden, no name was lost.
    let is_new = |entity: &Entity| !old.contains(&(entity.kind, entity.id.clone()));
    if old.is_subset(&new) || !scope.hidden(head).any(|(_, entity)| is_new(entity)) {
        return earlier;
    }
    let all = |corpus| Handbook::link(corpus, Scope { drafts: true, ..Scope::everything() }, Arc::default());
    let (was, is) = rayon::join(|| all(base), || all(head));
    let hidden: HashSet<(Type, &str)> = scope.hidden(head).map(|(_, entity)| (entity.kind, &*entity.id)).collect();
    let known = Known { git: git.cloned(), files: Vec::new() };
    let pairs = review::pairs(&was, &is, &known).into_iter();
    let lost = pairs.filter(|(_, to)| hidden.contains(&(is.node(*to).entity.kind, &*is.node(*to).entity.id))).map(|(from, _)| from);
    earlier.without(lost.map(|from| (was.node(from).entity.kind, was.node(from).entity.id.clone())))
}

/// An earlier revision that a site of the files as they are is compared with, as often as those change.
pub(super) struct Earlier {
    past: Past,
    base: Read,
    linked: Mutex<Option<(Today, Arc<Linked>)>>,
}

impl Earlier {
    /// Reads the revision, but for what the newer side has read already.
    pub fn open(disk: &Disk, settings: &Settings, written: &str, head: Option<&Corpus>) -> Result<Earlier, Failure> {
        let point = Range::base_of(written)?;
        let past = Past::of(disk.root())?;
        let base = past.point(&point)?;
        let git = past.differing(&base.place, None).unwrap_or_default();
        let lender = head.zip(git.as_ref()).map(|(corpus, git)| Lender { corpus, git });
        let base = base.read(settings, lender)?;
        Ok(Earlier { past, base, linked: Mutex::default() })
    }

    /// What changed since; nothing is told that the newer side hides. Where git cannot tell which files differ, they are looked at.
    pub fn compare(&self, corpus: &Corpus, disk: &Disk, head: Side<'_>, today: Today) -> Comparison {
        let git = self.base.place.as_ref().and_then(|place| self.past.differing(place, None).unwrap_or_default());
        let base = self.linked(earlier_scope(&head.handbook.scope, &self.base.corpus, corpus, git.as_ref()), today);
        Sides { base: &self.base, head: disk, git }.compare(&base, head)
    }

    /// The revision linked, anew only where other things are to be hidden or on another day.
    fn linked(&self, scope: Scope, today: Today) -> Arc<Linked> {
        let mut kept = self.linked.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref().filter(|(day, linked)| *day == today && linked.handbook.scope == scope) {
            Some((_, linked)) => linked.clone(),
            None => kept.insert((today, Arc::new(Linked::of(&self.base.corpus, scope, today)))).1.clone(),
        }
    }
}

fn book_path() -> RelPath {
    RelPath::new(BOOK).unwrap_or_else(|_| RelPath::root())
}

fn has_book(tree: &dyn Tree) -> bool {
    tree.read(&book_path(), u64::MAX) != Err(TreeError::Missing)
}

/// Compares two sides that were read.
pub(super) struct Sides<'s> {
    /// The older side.
    pub base: &'s Read,
    /// The newer side's files.
    pub head: &'s dyn Tree,
    /// What git says.
    pub git: Option<Differing>,
}

impl Sides<'_> {
    /// What changed.
    pub fn compare(self, base: &Linked, head: Side<'_>) -> Comparison {
        let files = self.changed_files(base, head);
        let known = Known { git: self.git, files };
        let mut comparison = review::compare(base.side(), head, &known);
        comparison.base = self.base.revision.clone();
        comparison
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
