//! When files were last changed, from the git repository that they lie in. One pass over its log tells it for all of them.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdout, Stdio};

use super::disk::is_plain;
use super::git::{GitError, git};
use crate::base::{Date, RelPath};

/// The changes of one file that are remembered.
const PER_FILE: usize = 5;
/// What git is asked to write for a commit.
const FORMAT: &str = "--format=%H %ct %P%x00%s%x00%x00";
/// The same with who made it, as the repository's list of names has them.
const FORMAT_WITH_AUTHOR: &str = "--format=%H %ct %P%x00%s%x00%aN%x00";

/// Whether it is asked who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authors {
    /// It is not: nobody's name is read.
    #[default]
    Unnamed,
    /// It is.
    Named,
}

/// When files were last changed, from the history of the handbook's repository. Paths are relative to the handbook's root; files
/// that were never committed have no entry.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct History {
    /// Last change by path.
    pub changed: BTreeMap<RelPath, Change>,
    /// The last five changes by path, newest first, under the file's former names too.
    pub logs: BTreeMap<RelPath, Vec<Change>>,
    /// True where the repository holds only the newest part of its history: older changes have no entry.
    pub shallow: bool,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The day it was committed, in UTC.
    pub date: Date,
    /// The first line of its description.
    pub subject: String,
    /// The commit's full id.
    pub commit: String,
    /// Who made it, where that was asked for.
    pub author: Option<String>,
}

/// The history that was found, and what limits it.
#[derive(Debug, Default)]
pub struct HistoryFound {
    /// The history; empty where there is none.
    pub history: History,
    /// What keeps it from being complete: sentences for people.
    pub notes: Vec<String>,
}

/// The history of the files in the content folder of the handbook at `root`. With thousands of commits git needs seconds for it,
/// so it is best asked for while the content is read.
pub fn history(root: &Path, content: &RelPath, authors: Authors) -> HistoryFound {
    let folder = content.parts().fold(root.to_path_buf(), |folder, part| folder.join(part));
    match read(&folder, content, authors) {
        Ok(history) => {
            let notes = history.shallow.then(|| SHALLOW.to_owned()).into_iter().collect();
            HistoryFound { history, notes }
        }
        Err(note) => HistoryFound { history: History::default(), notes: note.into_iter().collect() },
    }
}

const SHALLOW: &str = "This is a shallow clone: pages whose last change it does not hold show no date. \
    `git fetch --unshallow` brings the whole history (on GitHub: `fetch-depth: 0` for actions/checkout).";
const NO_GIT: &str =
    "The handbook lies in a git repository, but there is no `git` to ask: pages show no date of their last change. Install git.";

/// The history, or why there is none; nothing, where there is none to be had.
fn read(folder: &Path, content: &RelPath, authors: Authors) -> Result<History, Option<String>> {
    if !folder.is_dir() {
        return Err(None);
    }
    let shallow = answer(folder, &["rev-parse", "--is-shallow-repository"])? == b"true\n";
    let mut log = Log::of(&answer(folder, &["ls-tree", "-r", "-z", "--name-only", "HEAD"])?, content);
    if !log.files.is_empty() {
        let nothing = answer(folder, &["hash-object", "-t", "tree", "--stdin"])?;
        let nothing = String::from_utf8_lossy(&nothing);
        log.read(&Past { folder, shallow, nothing: nothing.trim() }, authors)
            .map_err(|error| Some(format!("The history of the handbook could not be read from git: {error}.")))?;
    }
    Ok(log.history(shallow))
}

/// What git prints.
fn answer(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Option<String>> {
    let output = git(folder).args(arguments).stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => is_in_repository(folder).then(|| NO_GIT.to_owned()),
        _ => Some(format!("`git` cannot be started: {error}; pages show no date of their last change.")),
    })?;
    if output.status.success() { Ok(output.stdout) } else { Err(complaint(&String::from_utf8_lossy(&output.stderr))) }
}

fn is_in_repository(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().any(|folder| folder.join(".git").exists()))
}

/// What to tell about git's own message; nothing, if there is no repository, or nothing in it yet.
fn complaint(message: &str) -> Option<String> {
    match super::git::complaint(message) {
        GitError::NoRepository => None,
        GitError::Distrusted(advice) => Some(format!(
            "git does not read this repository because it belongs to another user: pages show no date of their last change. If you trust it, run `{advice}`."
        )),
        GitError::Failed(why) if why.contains("Not a valid object name HEAD") => None,
        GitError::Failed(why) => Some(format!("git could not be asked for the history ({why}): pages show no date of their last change.")),
        other => Some(format!("{other}: pages show no date of their last change.")),
    }
}

/// The log as far as it was read, from the newest commit back.
#[derive(Default)]
struct Log {
    files: Vec<File>,
    /// The number of the file that has a name at the time that was reached.
    names: HashMap<Vec<u8>, usize>,
    /// Changes under names that no file has at that time: it may turn out that one of them got another name on another branch.
    strays: HashMap<Vec<u8>, Vec<Change>>,
}

struct File {
    path: RelPath,
    log: Vec<Change>,
    /// The last time it got another name, and nothing else: no change, unless nothing older is known.
    moved: Option<Change>,
}

/// A commit, and the tree that the content folder is in it; none where it is not there.
struct Commit {
    id: String,
    parents: Vec<String>,
    /// What is told of it; nothing where its day is none that anybody can have meant.
    change: Option<Change>,
    tree: Option<String>,
}

enum Touched {
    Changed(Vec<u8>),
    Moved { from: Vec<u8>, to: Vec<u8> },
}

impl Log {
    /// A log of the files with these names, each ended by a NUL. Names that no page can have are left out.
    fn of(names: &[u8], content: &RelPath) -> Log {
        let mut log = Log::default();
        for name in names.split(|byte| *byte == 0) {
            let text = std::str::from_utf8(name).ok().filter(|text| !text.is_empty() && text.split('/').all(is_plain));
            if let Some(path) = text.and_then(|text| content.join(text).ok()) {
                log.names.insert(name.to_vec(), log.files.len());
                log.files.push(File { path, log: Vec::new(), moved: None });
            }
        }
        log
    }

    /// Reads the whole log: the commits, then the folder's tree in each of them, then what differs from one tree to the next. So git
    /// looks at nothing outside the folder, and at no two trees twice.
    fn read(&mut self, past: &Past<'_>, authors: Authors) -> io::Result<()> {
        let commits = past.commits(authors)?;
        let steps = past.steps(&commits);
        past.differences(&steps, |change, names| self.add(change, names))
    }

    fn add(&mut self, change: &Change, names: Vec<Touched>) {
        let mut moved = Vec::new();
        for name in names {
            match name {
                Touched::Changed(name) => self.change(name, change),
                Touched::Moved { from, to } => moved.extend(self.names.remove(&to).map(|file| (from, file))),
            }
        }
        for (from, file) in moved {
            self.rename(from, file, change);
        }
    }

    fn change(&mut self, name: Vec<u8>, change: &Change) {
        let log = match self.names.get(&name) {
            Some(file) => &mut self.files[*file].log,
            None => self.strays.entry(name).or_default(),
        };
        if log.len() < PER_FILE {
            log.push(change.clone());
        }
    }

    /// Before this commit, the file had another name.
    fn rename(&mut self, from: Vec<u8>, file: usize, change: &Change) {
        let strays = self.strays.remove(&from).unwrap_or_default();
        let entry = &mut self.files[file];
        entry.log.extend(strays);
        entry.log.sort_by_key(|change| std::cmp::Reverse(change.date));
        entry.log.truncate(PER_FILE);
        entry.moved.get_or_insert_with(|| change.clone());
        self.names.insert(from, file);
    }

    fn history(self, shallow: bool) -> History {
        let mut history = History { shallow, ..History::default() };
        for File { path, mut log, moved } in self.files {
            if log.is_empty() {
                log.extend(moved);
            }
            if let Some(last) = log.first() {
                history.changed.insert(path.clone(), last.clone());
                history.logs.insert(path, log);
            }
        }
        history
    }
}

impl Commit {
    /// Reads `ID SECONDS PARENTS`, the first line of the description, and who made it.
    fn read(head: &[u8], subject: &[u8], author: &[u8]) -> Option<Commit> {
        let mut words = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
        let (id, seconds) = (words.next()?.to_owned(), words.next()?);
        let plain = |text: &[u8]| String::from_utf8_lossy(text).replace(char::is_control, " ");
        let author = Some(plain(author)).filter(|author| !author.is_empty());
        let date = seconds.parse().ok().and_then(Date::from_unix);
        let change = date.map(|date| Change { date, subject: plain(subject), commit: id.clone(), author });
        Some(Commit { id, parents: words.map(str::to_owned).collect(), change, tree: None })
    }
}

/// The past of the folder that is asked about.
struct Past<'f> {
    folder: &'f Path,
    shallow: bool,
    /// The id of a tree that holds nothing.
    nothing: &'f str,
}

/// A change, and the trees before and after it.
type Step<'c> = (&'c Change, &'c str, &'c str);

impl<'f> Past<'f> {
    /// All commits, children before their parents.
    fn commits(&self, authors: Authors) -> io::Result<Vec<Commit>> {
        let format = if authors == Authors::Named { FORMAT_WITH_AUTHOR } else { FORMAT };
        let options = ["log", "--date-order", "--encoding=UTF-8", "--no-color", "--no-notes", "--no-patch", format, "HEAD", "--"];
        let mut commits = self.ask(&options, "", |mut output| {
            let mut commits = Vec::new();
            loop {
                let (head, subject, author) = (token(&mut output, 0)?, token(&mut output, 0)?, token(&mut output, 0)?);
                if subject.is_empty() && head.trim_ascii().is_empty() {
                    return Ok(commits);
                }
                commits.extend(Commit::read(&head, &subject, &author));
            }
        })?;
        let wanted: String = commits.iter().map(|commit| format!("{}:./\n", commit.id)).collect();
        let check = ["cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer"];
        self.ask(&check, &wanted, |mut output| {
            for commit in &mut commits {
                let line = String::from_utf8_lossy(&token(&mut output, b'\n')?).into_owned();
                commit.tree = line.strip_suffix(" tree").map(str::to_owned);
            }
            Ok(())
        })?;
        Ok(commits)
    }

    /// The commits that changed the folder. A merge changes nothing itself; where it left the folder as one of its parents has it, that
    /// one's past is the folder's, and what the others did was not taken over. The oldest commits of a shallow clone seem to make
    /// every file there is, so they say nothing.
    fn steps<'c>(&self, commits: &'c [Commit]) -> Vec<Step<'c>>
    where
        'f: 'c,
    {
        let places: HashMap<&str, usize> = commits.iter().enumerate().map(|(at, commit)| (&*commit.id, at)).collect();
        let mut counts: Vec<bool> = (0..commits.len()).map(|at| at == 0).collect();
        let mut steps = Vec::new();
        for (at, commit) in commits.iter().enumerate() {
            if !counts[at] {
                continue;
            }
            let parents: Vec<usize> = commit.parents.iter().filter_map(|parent| places.get(&**parent).copied()).collect();
            match parents.iter().find(|parent| commits[**parent].tree == commit.tree) {
                Some(same) => counts[*same] = true,
                None => parents.iter().for_each(|parent| counts[*parent] = true),
            }
            let tree = |commit: Option<&'c Commit>| commit.and_then(|commit| commit.tree.as_deref()).unwrap_or(self.nothing);
            let (before, after) = (tree(parents.first().map(|parent| &commits[*parent])), tree(Some(commit)));
            let unknown = self.shallow && commit.parents.is_empty();
            if commit.parents.len() < 2 && before != after && !unknown {
                steps.extend(commit.change.as_ref().map(|change| (change, before, after)));
            }
        }
        steps
    }

    /// Tells what each step touched. Only exact renames are looked for: they cost nothing, and need no file's bytes.
    fn differences(&self, steps: &[Step<'_>], mut tell: impl FnMut(&Change, Vec<Touched>)) -> io::Result<()> {
        let pairs: String = steps.iter().map(|(_, before, after)| format!("{before} {after}\n")).collect();
        let options = ["diff-tree", "--stdin", "-r", "-z", "--name-status", "-M100%", "--no-ext-diff", "--no-color", "-O/dev/null"];
        self.ask(&options, &pairs, |mut output| {
            for (change, ..) in steps {
                // The pair is said again on a line of its own; what differs follows, each word ended by a NUL.
                token(&mut output, b'\n')?;
                let mut names = Vec::new();
                while output.fill_buf()?.first().is_some_and(u8::is_ascii_uppercase) {
                    names.extend(touched(&mut output)?);
                }
                tell(change, names);
            }
            Ok(())
        })
    }

    /// Gives git lines, and reads what it answers.
    fn ask<T>(&self, arguments: &[&str], lines: &str, read: impl FnOnce(BufReader<ChildStdout>) -> io::Result<T>) -> io::Result<T> {
        let mut git = git(self.folder);
        let mut child = git.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| io::Error::other("git answers nothing"))?;
        let answer = std::thread::scope(|scope| {
            // Beside reading: git answers before it has read all, and goes on only if somebody reads that. It may end early.
            scope.spawn(|| input.map(|mut input| input.write_all(lines.as_bytes())));
            read(BufReader::new(output))
        });
        let status = child.wait()?;
        if status.success() { answer } else { answer.and(Err(io::Error::other(format!("`git {}` ended with {status}", arguments[0])))) }
    }
}

/// Reads a status and the names that belong to it.
fn touched(output: &mut impl BufRead) -> io::Result<Option<Touched>> {
    let (status, name) = (token(output, 0)?, token(output, 0)?);
    Ok(match status.first() {
        Some(b'R') => Some(Touched::Moved { from: name, to: token(output, 0)? }),
        Some(b'D') => None,
        _ => Some(Touched::Changed(name)),
    })
}

/// Reads up to a byte, without it.
fn token(output: &mut impl BufRead, end: u8) -> io::Result<Vec<u8>> {
    let mut token = Vec::new();
    output.read_until(end, &mut token)?;
    token.pop_if(|last| *last == end);
    Ok(token)
}
