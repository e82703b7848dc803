//! When files were last changed, from the git repository that they lie in. One pass over its log tells it for all of them.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::disk::is_plain;
use super::git::{GitError, git};
use crate::base::{Date, RelPath};

/// The changes of one file that are remembered.
const PER_FILE: usize = 5;
/// The changes of the whole handbook that are remembered: more than a page shows, since an audience may not see them all.
const LATEST: usize = 200;
/// What git is asked to write for a commit; the names of its files follow. No name of a status begins with this character.
const FORMAT: &str = "--format=%x01%H %ct %P%x00%s%x00";
/// The same with who made it, as the repository's list of names has them.
const FORMAT_WITH_AUTHOR: &str = "--format=%x01%H %ct %P%x00%s%x00%aN";

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
    /// The latest changes of the handbook, newest first. Whoever shows them has to leave out those of files that are not shown.
    pub latest: Vec<Revision>,
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

/// A change of the handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The change.
    pub change: Change,
    /// The files that it changed and that are still there, under the names that they have now; sorted.
    pub files: Vec<RelPath>,
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
        log.read(folder, shallow, authors)
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
    latest: Vec<Revision>,
}

struct File {
    path: RelPath,
    log: Vec<Change>,
    /// The last time it got another name, and nothing else: no change, unless nothing older is known.
    moved: Option<Change>,
}

/// A commit and the names that it touched.
struct Commit {
    change: Change,
    has_parents: bool,
    names: Vec<Touched>,
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

    /// Reads the whole log, one commit at a time. Only exact renames are looked for: they cost nothing, and need no file's bytes.
    fn read(&mut self, folder: &Path, shallow: bool, authors: Authors) -> io::Result<()> {
        let options = ["--date-order", "--encoding=UTF-8", "--no-color", "--no-ext-diff", "--no-notes", "--diff-merges=off", "-O/dev/null"];
        let format = if authors == Authors::Named { FORMAT_WITH_AUTHOR } else { FORMAT };
        let names = ["-z", "--name-status", "-M100%", "--relative", format, "HEAD", "--", "."];
        let mut git = git(folder);
        git.arg("log").args(options).args(names).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn()?;
        let read = child.stdout.take().map_or(Ok(()), |stdout| self.take_in(BufReader::new(stdout), shallow));
        let status = child.wait()?;
        match (read, status.success()) {
            (Ok(()), false) => Err(io::Error::other(format!("`git log` ended with {status}"))),
            (read, _) => read,
        }
    }

    fn take_in(&mut self, output: impl BufRead, shallow: bool) -> io::Result<()> {
        let mut tokens = output.split(0);
        let mut commit: Option<Commit> = None;
        while let Some(token) = tokens.next().transpose()? {
            let token = token.strip_prefix(b"\n").unwrap_or(&token);
            let mut next = || tokens.next().transpose().map(Option::unwrap_or_default);
            match token.first() {
                Some(1) => {
                    let (subject, author) = (next()?, next()?);
                    let begun = Commit::begin(&token[1..], &subject, &author);
                    self.add(std::mem::replace(&mut commit, begun), shallow);
                }
                Some(b'R') => {
                    let (from, to) = (next()?, next()?);
                    commit.iter_mut().for_each(|commit| commit.names.push(Touched::Moved { from: from.clone(), to: to.clone() }));
                }
                Some(b'D') => drop(next()?),
                Some(_) => {
                    let name = next()?;
                    commit.iter_mut().for_each(|commit| commit.names.push(Touched::Changed(name.clone())));
                }
                None => {}
            }
        }
        self.add(commit, shallow);
        Ok(())
    }

    /// The oldest commits of a shallow clone seem to make every file there is, so they say nothing.
    fn add(&mut self, commit: Option<Commit>, shallow: bool) {
        let Some(commit) = commit.filter(|commit| commit.has_parents || !shallow) else { return };
        let (mut touched, mut moved) = (Vec::new(), Vec::new());
        for name in commit.names {
            match name {
                Touched::Changed(name) => touched.extend(self.change(name, &commit.change)),
                Touched::Moved { from, to } => moved.extend(self.names.remove(&to).map(|file| (from, file))),
            }
        }
        for (from, file) in moved {
            self.rename(from, file, &commit.change);
        }
        if !touched.is_empty() && self.latest.len() < LATEST {
            let mut files: Vec<RelPath> = touched.into_iter().map(|file| self.files[file].path.clone()).collect();
            files.sort();
            self.latest.push(Revision { change: commit.change, files });
        }
    }

    fn change(&mut self, name: Vec<u8>, change: &Change) -> Option<usize> {
        let file = self.names.get(&name).copied();
        let log = match file {
            Some(file) => &mut self.files[file].log,
            None => self.strays.entry(name).or_default(),
        };
        if log.len() < PER_FILE {
            log.push(change.clone());
        }
        file
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
        let mut history = History { latest: self.latest, shallow, ..History::default() };
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
    fn begin(head: &[u8], subject: &[u8], author: &[u8]) -> Option<Commit> {
        let head = std::str::from_utf8(head).ok()?;
        let mut words = head.split_ascii_whitespace();
        let commit = words.next()?.to_owned();
        let date = Date::from_unix(words.next()?.parse().ok()?)?;
        let plain = |text: &[u8]| String::from_utf8_lossy(text).replace(char::is_control, " ");
        let author = Some(plain(author)).filter(|author| !author.is_empty());
        Some(Commit {
            change: Change { date, subject: plain(subject), commit, author },
            has_parents: words.next().is_some(),
            names: Vec::new(),
        })
    }
}
