//! Files of an earlier revision, read from git's objects: neither the work tree is touched nor a second one made.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::disk::{CIRCLE, NOWHERE, hides_name, is_plain};
use super::{Listing, Tree, TreeError};
use crate::base::{Date, RelPath, nearest};

/// The repository that a handbook lies in.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The folder that git is asked in: the handbook's root, or a submodule's.
    folder: PathBuf,
}

/// A commit that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its full id.
    pub id: String,
    /// The day it was committed, in UTC; none where it names no day that anybody can have meant.
    pub date: Option<Date>,
}

/// A branch that counts as the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainBranch {
    /// Its name as people write it; it may also be a tag's.
    pub name: String,
    /// The commit that it is at.
    pub commit: Commit,
}

/// What git says of the files that differ between two revisions; paths are relative to the handbook's root.
#[derive(Debug, Default, Clone)]
pub struct Differing {
    /// Every file that git knows and that differs.
    pub paths: BTreeSet<RelPath>,
    /// Files that have another name: from, to.
    pub renames: Vec<(RelPath, RelPath)>,
}

/// Why git cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// There is no `git` to ask.
    NoGit,
    /// The folder lies in no repository.
    NoRepository,
    /// The repository belongs to another user; what git advises.
    Distrusted(String),
    /// A revision was to be named, and the name is empty.
    Unnamed,
    /// Nothing has that name; the nearest that is one.
    Unknown(String, Option<String>),
    /// Nothing has that name in this clone, which holds only the newest part of the history.
    OutOfReach(String),
    /// The repository has no commit yet.
    NoCommit,
    /// There is no branch that could be the main one.
    NoMain,
    /// Two revisions have no commit in common; whether part of the history is missing here.
    Unrelated(String, String, Shallow),
    /// This clone does not hold what is to be compared.
    NotHere,
    /// Git failed; its own words.
    Failed(String),
}

/// Whether a clone holds the whole history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shallow {
    /// It holds only the newest part.
    Yes,
    /// It holds all of it.
    No,
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitError::NoGit => f.write_str("there is no `git` to ask for earlier revisions"),
            GitError::NoRepository => f.write_str("the handbook lies in no git repository, so it has no earlier revision"),
            GitError::Distrusted(_) => f.write_str("git does not read this repository because it belongs to another user"),
            GitError::Unnamed => f.write_str("the revision has no name: what was given is empty"),
            GitError::Unknown(written, _) => write!(f, "there is no revision `{written}`"),
            GitError::OutOfReach(written) => write!(f, "there is no revision `{written}` in this clone"),
            GitError::NoCommit => f.write_str("the repository has no commit yet, so the handbook has no earlier revision"),
            GitError::NoMain => f.write_str("there is no branch `main` or `master` to compare with"),
            GitError::Unrelated(a, b, _) => write!(f, "`{a}` and `{b}` have no commit in common"),
            GitError::NotHere => f.write_str("this clone does not hold all of the revisions that are to be compared"),
            GitError::Failed(why) => write!(f, "git failed: {why}"),
        }
    }
}

impl GitError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            GitError::NoGit => "Install git, or compare two folders: `--from DIR --to DIR`.".to_owned(),
            GitError::NoRepository => {
                "Begin its history with `git init` and a commit; `journeybook diff --from DIR --to DIR` compares two folders.".to_owned()
            }
            GitError::Distrusted(advice) => format!("If you trust it, run `{advice}`."),
            GitError::Unknown(_, Some(near)) => format!("Did you mean `{near}`?"),
            GitError::Unnamed | GitError::Unknown(_, None) => "Name a branch, a tag or a commit; `git log` shows them.".to_owned(),
            GitError::NoCommit => "Commit the handbook first, or compare two folders: `--from DIR --to DIR`.".to_owned(),
            GitError::NoMain => "Name the revision to compare with: `journeybook diff BASE`.".to_owned(),
            GitError::OutOfReach(_) | GitError::Unrelated(_, _, Shallow::Yes) => {
                "This is a shallow clone: `git fetch --unshallow` brings the whole history (on GitHub: `fetch-depth: 0`).".to_owned()
            }
            GitError::Unrelated(a, b, Shallow::No) => format!("Compare them as they are: `{a}..{b}`."),
            GitError::NotHere => {
                "If it was cloned with `--filter`, `git fetch --refetch --no-filter` brings what is missing; else `git fsck` says more."
                    .to_owned()
            }
            GitError::Failed(_) => "Try the same with `git log` in the handbook's folder.".to_owned(),
        }
    }
}

/// Names that the main branch goes by, the remote's own word for it first.
const MAIN: [&str; 5] =
    ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];
/// The part of a reference's name that nobody writes.
const UNWRITTEN: [&str; 2] = ["refs/remotes/", "refs/heads/"];

impl Repository {
    /// The repository that a folder lies in.
    pub fn open(folder: &Path) -> Result<Repository, GitError> {
        let repository = Repository { folder: folder.to_path_buf() };
        repository.ask(&["rev-parse", "--git-dir"])?;
        Ok(repository)
    }

    /// The commit that a revision is. What looks like an option is none: git is told that options have ended.
    pub fn resolve(&self, written: &str) -> Result<Commit, GitError> {
        let unknown = || match (self.near(written), self.shallow()) {
            (None, _) if self.is_empty() => GitError::NoCommit,
            (None, Shallow::Yes) => GitError::OutOfReach(written.to_owned()),
            (near, _) => GitError::Unknown(written.to_owned(), near),
        };
        if written.trim().is_empty() {
            return Err(GitError::Unnamed);
        }
        if written.contains('\0') {
            return Err(unknown());
        }
        match self.commit(written) {
            Ok(commit) => commit.ok_or_else(unknown),
            Err(GitError::Failed(_)) => Err(unknown()),
            Err(error) => Err(error),
        }
    }

    /// The commit that something is, or is a tag of.
    fn commit(&self, written: &str) -> Result<Option<Commit>, GitError> {
        let object = line(&self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", written])?);
        let told = line(&self.ask(&["log", "-1", "--format=%H %ct", &object])?);
        Ok(told.split_once(' ').map(|(id, time)| Commit { id: id.to_owned(), date: time.parse().ok().and_then(Date::from_unix) }))
    }

    /// The main branch.
    pub fn main(&self) -> Result<MainBranch, GitError> {
        let none = || if self.is_empty() { GitError::NoCommit } else { GitError::NoMain };
        let mut found = MAIN.iter().filter_map(|full| Some((*full, self.commit(full).ok().flatten()?)));
        let (full, commit) = found.next().ok_or_else(none)?;
        let name = UNWRITTEN.iter().find_map(|prefix| full.strip_prefix(prefix)).unwrap_or(full).to_owned();
        Ok(MainBranch { name, commit })
    }

    /// The newest commit that two revisions have in common, each with what it is called.
    pub fn merge_base(&self, a: (&str, &Commit), b: (&str, &Commit)) -> Result<Commit, GitError> {
        match self.ask(&["merge-base", &a.1.id, &b.1.id]) {
            Ok(id) => self.resolve(&line(&id)),
            Err(GitError::Failed(_)) => Err(GitError::Unrelated(a.0.to_owned(), b.0.to_owned(), self.shallow())),
            Err(error) => Err(error),
        }
    }

    /// Whether nobody has committed anything.
    fn is_empty(&self) -> bool {
        self.ask(&["rev-list", "-n", "1", "--all"]).is_ok_and(|ids| ids.is_empty())
    }

    fn shallow(&self) -> Shallow {
        let said = self.ask(&["rev-parse", "--is-shallow-repository"]).unwrap_or_default();
        if line(&said) == "true" { Shallow::Yes } else { Shallow::No }
    }

    /// The branch or tag nearest to what was written.
    fn near(&self, written: &str) -> Option<String> {
        let names =
            self.ask(&["for-each-ref", "--count=5000", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"]).ok()?;
        let names = String::from_utf8_lossy(&names).into_owned();
        nearest(written, names.lines()).map(str::to_owned)
    }

    /// Which files differ from a commit: in another one, or in the work tree.
    pub fn differing(&self, from: &Commit, to: Option<&Commit>) -> Result<Differing, GitError> {
        let options = ["diff", "--raw", "-z", "-M50%", "-l1000", "--relative", "--no-ext-diff", "--no-textconv", "--no-color"];
        let mut arguments: Vec<&str> = options.to_vec();
        arguments.extend(["--ignore-submodules=dirty", "-O/dev/null", &from.id]);
        arguments.extend(to.map(|to| to.id.as_str()));
        arguments.push("--");
        Ok(Differing::read(&self.ask(&arguments)?))
    }

    /// The folders, seen from the repository's top, in which a revision has a handbook, and in which there is none now.
    pub fn former_handbooks(&self, commit: &Commit, book: &str) -> Result<Vec<String>, GitError> {
        let top = self.folder.join(line(&self.ask(&["rev-parse", "--show-cdup"])?));
        let names = self.ask(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit.id])?;
        let names = names.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let folders = names.filter_map(|name| name.strip_suffix(book).filter(|folder| folder.is_empty() || folder.ends_with('/')));
        Ok(folders.filter(|folder| !top.join(folder).join(book).exists()).map(str::to_owned).collect())
    }

    /// The files of a revision: those in this folder, or below another one, which is seen from the repository's top.
    pub fn tree(&self, commit: &Commit, folder: Option<&str>) -> Result<GitTree, GitError> {
        let mut tree = GitTree::default();
        let mut links = BTreeMap::new();
        tree.add(self, &commit.id, folder, &RelPath::root(), &mut links)?;
        tree.follow(&links);
        tree.problems.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(tree)
    }

    /// What git prints.
    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = git(&self.folder).args(arguments).stdin(Stdio::null()).output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => GitError::NoGit,
            _ => GitError::Failed(error.to_string()),
        })?;
        if output.status.success() { Ok(output.stdout) } else { Err(complaint(&String::from_utf8_lossy(&output.stderr))) }
    }
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}

/// What git's own message means.
pub(super) fn complaint(message: &str) -> GitError {
    if message.contains("not a git repository") {
        return GitError::NoRepository;
    }
    if message.contains("dubious ownership") {
        let advice = message.lines().map(str::trim).find(|line| line.starts_with("git config"));
        return GitError::Distrusted(advice.unwrap_or("git config --global --add safe.directory FOLDER").to_owned());
    }
    if ["not a tree object", "Could not read", "unable to read"].iter().any(|missing| message.contains(missing)) {
        return GitError::NotHere;
    }
    let why = message.lines().rfind(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    GitError::Failed(why.unwrap_or("it gave no reason").to_owned())
}

/// Git, deaf to whatever the user's or the repository's settings would change in what it prints. It neither waits for a
/// password, nor fetches, nor takes locks; and it looks at the folder's own repository, also when run from one of git's hooks.
pub(super) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("--no-pager").arg("-C").arg(folder);
    for setting in ["core.quotePath=false", "core.fsmonitor=false", "log.showSignature=false", "log.showRoot=true", "log.follow=false"] {
        git.args(["-c", setting]);
    }
    for (name, value) in [
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("LC_ALL", "C"),
    ] {
        git.env(name, value);
    }
    for name in DEAF {
        git.env_remove(name);
    }
    git
}

/// What hooks and other programs set for the git that they run, and not for this one.
const DEAF: [&str; 13] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_ATTR_SOURCE",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

impl Differing {
    /// Reads `:modes ids STATUS` and the names after it, each ended by a NUL.
    fn read(raw: &[u8]) -> Differing {
        let mut out = Differing::default();
        let mut tokens = raw.split(|byte| *byte == 0);
        while let Some(head) = tokens.next().filter(|head| head.starts_with(b":")) {
            let status = head.rsplit(|byte| *byte == b' ').next().and_then(|status| status.first());
            let from = tokens.next().and_then(plain_path);
            let to = match status {
                Some(b'R' | b'C') => tokens.next().and_then(plain_path),
                _ => None,
            };
            if let (Some(b'R'), Some(from), Some(to)) = (status, &from, &to) {
                out.renames.push((from.clone(), to.clone()));
            }
            out.paths.extend(from.into_iter().chain(to));
        }
        out
    }

    /// Whether git says that a file differs, or a submodule that holds it.
    pub fn holds(&self, path: &RelPath) -> bool {
        above(path).any(|path| self.paths.contains(&path))
    }
}

fn plain_path(name: &[u8]) -> Option<RelPath> {
    let name = std::str::from_utf8(name).ok().filter(|name| !name.is_empty() && name.split('/').all(is_plain))?;
    RelPath::new(name).ok()
}

/// The files of one revision.
#[derive(Debug, Default)]
pub struct GitTree {
    files: BTreeMap<RelPath, Blob>,
    problems: Vec<(RelPath, TreeError)>,
    stores: Vec<Store>,
    /// Files of the revision that were asked for, and that git did not give.
    lost: Mutex<BTreeSet<RelPath>>,
}

/// A file's bytes, by name.
#[derive(Debug, Clone)]
struct Blob {
    store: usize,
    id: String,
    /// How many bytes it has; nothing where this clone does not hold it.
    size: Option<u64>,
    /// Whether a link leads to it.
    linked: bool,
}

impl Blob {
    fn as_linked(&self) -> Blob {
        Blob { linked: true, ..self.clone() }
    }
}

/// Links by path, each with where it leads.
type Links = BTreeMap<RelPath, Blob>;

/// Longest way through links to links.
const LINKS: usize = 16;
/// Longest path that a link may name.
const LINK_LIMIT: u64 = 4096;

impl GitTree {
    /// Whether a file lies in the handbook's own repository, and lies there itself: not what a link leads to. Only of such does git
    /// say under this name whether it differs.
    pub fn holds_itself(&self, path: &RelPath) -> bool {
        self.files.get(path).is_some_and(|blob| blob.store == 0 && !blob.linked)
    }

    /// The files of the revision that were asked for in vain: this clone does not hold them.
    pub fn lost(&self) -> BTreeSet<RelPath> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up a revision's files in a folder, at a place of this tree. A submodule's files are in a repository of their own.
    fn add(&mut self, repository: &Repository, id: &str, folder: Option<&str>, at: &RelPath, links: &mut Links) -> Result<(), GitError> {
        // Git names the files of this folder as they are seen from it, whatever it is called itself.
        let where_to_look: &[&str] = match folder {
            None => &[],
            Some("") => &["--full-tree"],
            Some(folder) => &["--full-tree", "--", folder],
        };
        let (options, places) = where_to_look.split_at(where_to_look.len().min(1));
        let names = repository.ask(&[&["ls-tree", "-r", "-z", "-l"], options, &[id], places].concat())?;
        let store = self.stores.len();
        self.stores.push(Store { folder: repository.folder.clone(), idle: Mutex::default() });
        for entry in names.split(|byte| *byte == 0).filter_map(Entry::read) {
            let Some(below) = entry.name.strip_prefix(folder.unwrap_or_default().as_bytes()) else { continue };
            let path = match plain_path(below).and_then(|path| at.join(path.as_str()).ok()) {
                Some(path) => path,
                None => {
                    self.problems.push((lossy(at, below), TreeError::BadName));
                    continue;
                }
            };
            let blob = Blob { store, id: entry.id.to_owned(), size: entry.size, linked: false };
            match entry.mode {
                "120000" => drop(links.insert(path, blob)),
                "160000" => self.add_submodule(entry.id, &path, links),
                _ => drop(self.files.insert(path, blob)),
            }
        }
        Ok(())
    }

    /// A submodule's files, where its repository is at hand. One that was never fetched is an empty folder on the disk too.
    fn add_submodule(&mut self, id: &str, path: &RelPath, links: &mut Links) {
        let folder = path.parts().fold(self.stores[0].folder.clone(), |folder, part| folder.join(part));
        if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
            return;
        }
        let found = Some(folder).filter(|folder| folder.join(".git").exists()).and_then(|folder| Repository::open(&folder).ok());
        let added = found.is_some_and(|repository| self.add(&repository, id, None, path, links).is_ok());
        if !added {
            self.problems.push((path.clone(), TreeError::Unreadable(SUBMODULE.into())));
        }
    }

    /// Puts files in the place of links to them. Those that lead out of the root are refused, those that lead nowhere are told.
    fn follow(&mut self, links: &Links) {
        let leads: Leads<'_> = links.iter().map(|(path, blob)| (path, self.destination(path, blob))).collect();
        let (mut files, mut others) = (Vec::new(), Vec::new());
        for (path, first) in &leads {
            match first.clone().and_then(|to| real(to, &leads)) {
                Ok(to) => match self.files.get(&to) {
                    Some(blob) => files.push(((*path).clone(), blob.as_linked())),
                    None => others.push(((*path).clone(), to)),
                },
                Err(why) => self.problems.push(((*path).clone(), why)),
            }
        }
        self.files.extend(files);
        self.follow_folders(others);
    }

    /// What a folder holds, and what links in it lead to, is there under the names of links to it too.
    fn follow_folders(&mut self, links: Vec<(RelPath, RelPath)>) {
        let has_any = |to: &RelPath| self.below(to).next().is_some() || self.problems.iter().any(|(path, _)| path.below(to).is_some());
        let (folders, nothing): (Vec<_>, Vec<_>) = links.into_iter().partition(|(_, to)| has_any(to));
        let (circles, folders): (Vec<_>, Vec<_>) = folders.into_iter().partition(|(path, to)| path.below(to).is_some());
        let told = |links: Vec<(RelPath, RelPath)>, why: &'static str| {
            links.into_iter().map(move |(path, _)| (path, TreeError::Unreadable(why.into())))
        };
        self.problems.extend(told(nothing, NOWHERE).chain(told(circles, CIRCLE)));
        let under = |path: &RelPath, rest: &str| path.join(rest).unwrap_or_else(|_| path.clone());
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        for (path, to) in &folders {
            files.extend(self.below(to).map(|(rest, blob)| (under(path, rest), blob.as_linked())));
            problems.extend(self.problems.iter().filter_map(|(of, why)| Some((under(path, of.below(to)?), why.clone()))));
        }
        self.files.extend(files);
        self.problems.extend(problems);
    }

    /// The path that a link names.
    fn destination(&self, path: &RelPath, blob: &Blob) -> Result<RelPath, TreeError> {
        let bytes = self.bytes(blob, LINK_LIMIT)?;
        let to = std::str::from_utf8(&bytes).ok().and_then(|to| path.beside(to).ok());
        to.ok_or(TreeError::Outside)
    }

    /// The files below a folder, each with its path from there.
    fn below<'t>(&'t self, folder: &'t RelPath) -> impl Iterator<Item = (&'t str, &'t Blob)> {
        let after = self.files.range(folder.clone()..);
        after
            .take_while(|(path, _)| path.as_str().starts_with(folder.as_str()))
            .filter_map(|(path, blob)| Some((path.below(folder)?, blob)))
    }

    fn bytes(&self, blob: &Blob, limit: u64) -> Result<Vec<u8>, TreeError> {
        let size = blob.size.ok_or_else(|| TreeError::Unreadable(NOT_HERE.into()))?;
        if size > limit {
            return Err(TreeError::TooLarge(size));
        }
        self.stores[blob.store].read(&blob.id).map_err(|error| TreeError::Unreadable(error.to_string()))
    }
}

const NOT_HERE: &str = "git does not have it here";
const SUBMODULE: &str = "it is a submodule whose repository is not at hand";

/// Where links lead at first.
type Leads<'l> = BTreeMap<&'l RelPath, Result<RelPath, TreeError>>;

/// Where a path leads once the links in it are followed.
fn real(mut path: RelPath, leads: &Leads<'_>) -> Result<RelPath, TreeError> {
    for _ in 0..LINKS {
        let Some((link, to)) = above(&path).find_map(|above| leads.get(&above).map(|to| (above, to))) else { return Ok(path) };
        path = to.clone()?.join(path.below(&link).unwrap_or("")).map_err(|_| TreeError::Outside)?;
    }
    Err(TreeError::Unreadable("Too many levels of symbolic links".into()))
}

/// A path and the folders that it lies in, the root apart.
fn above(path: &RelPath) -> impl Iterator<Item = RelPath> {
    std::iter::successors(Some(path.clone()), |path| Some(path.parent())).take_while(|path| !path.as_str().is_empty())
}

fn lossy(at: &RelPath, name: &[u8]) -> RelPath {
    let name: String = String::from_utf8_lossy(name).chars().map(|c| if c.is_control() || c == '\\' { '\u{fffd}' } else { c }).collect();
    at.join(&name).unwrap_or_else(|_| at.clone())
}

/// A line of `ls-tree -l`: `MODE TYPE ID SIZE<tab>NAME`. The size is no number where the file is not at hand.
struct Entry<'l> {
    mode: &'l str,
    id: &'l str,
    size: Option<u64>,
    name: &'l [u8],
}

impl Entry<'_> {
    fn read(line: &[u8]) -> Option<Entry<'_>> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let mut words = std::str::from_utf8(&line[..tab]).ok()?.split_ascii_whitespace();
        let (mode, _, id, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some(Entry { mode, id, size: size.parse().ok(), name: &line[tab + 1..] })
    }
}

impl Tree for GitTree {
    fn list(&self, folder: &RelPath) -> Listing {
        let shown = |path: &RelPath| path.below(folder).is_some_and(|below| !below.split('/').any(hides_name));
        let files = self.files.keys().filter(|path| shown(path)).cloned().collect();
        let problems = self.problems.iter().filter(|(path, _)| shown(path)).cloned().collect();
        Listing { files, problems }
    }

    fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, TreeError> {
        match self.files.get(path) {
            Some(blob) => self.bytes(blob, limit).inspect_err(|why| {
                if !matches!(why, TreeError::TooLarge(_)) {
                    self.lost.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
                }
            }),
            None => Err(self.problems.iter().find(|(other, _)| other == path).map_or(TreeError::Missing, |(_, why)| why.clone())),
        }
    }
}

/// A repository's objects, read through `git cat-file --batch`: one for each who reads at the same time, started when it is first needed.
#[derive(Debug)]
struct Store {
    folder: PathBuf,
    /// Those that nobody is asking.
    idle: Mutex<Vec<Batch>>,
}

#[derive(Debug)]
struct Batch {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Store {
    /// Reads an object. Whoever failed once is not asked again.
    fn read(&self, id: &str) -> io::Result<Vec<u8>> {
        let idle = self.idle().pop();
        let mut batch = idle.map_or_else(|| Batch::start(&self.folder), Ok)?;
        let bytes = batch.read(id)?;
        self.idle().push(batch);
        Ok(bytes)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Batch>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    fn start(folder: &Path) -> io::Result<Batch> {
        let mut git = git(folder);
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| io::Error::other("git answers nothing"))?;
        Ok(Batch { child, input, output: BufReader::new(output) })
    }

    /// Asks for an object: git answers `ID TYPE SIZE`, the bytes and a line's end; or `ID missing`.
    fn read(&mut self, id: &str) -> io::Result<Vec<u8>> {
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("git has ended"))?;
        input.write_all(format!("{id}\n").as_bytes())?;
        input.flush()?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let size: usize =
            head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(|| io::Error::other(NOT_HERE))?;
        let mut bytes = vec![0; size + 1];
        self.output.read_exact(&mut bytes)?;
        bytes.pop();
        Ok(bytes)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It ends when nobody is left to ask it.
        self.input = None;
        let _ = self.child.wait();
    }
}
