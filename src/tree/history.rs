//! When files were last changed, from the git repository that they lie in. One pass over its log tells it for all of them.
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::process::Stdio;

use super::disk::is_plain;
use super::git::{GitError, git};
use super::past::{Bytes, Commits, Past, Touched};
use crate::base::{Date, RelPath};

/// The changes of one file that are remembered.
const PER_FILE: usize = 5;

/// Whether it is asked who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authors {
    /// It is not: nobody's name is read.
    #[default]
    Unnamed,
    /// It is.
    Named,
}

/// Whether a page, before and after a change, says the same but for the day on which it was reviewed.
pub type IsReview = fn(&[u8], &[u8]) -> bool;

/// When files were last changed, from the history of the handbook's repository. Paths are relative to the handbook's root; files
/// that were never committed have no entry.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct History {
    /// Last change by path.
    pub changed: BTreeMap<RelPath, Change>,
    /// The last five changes by path, newest first, under the file's former names too.
    pub logs: BTreeMap<RelPath, Vec<Change>>,
    /// When pages were last changed in more than the day of their review, where that is not their last change.
    pub before_review: BTreeMap<RelPath, Date>,
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
pub fn history(root: &Path, content: &RelPath, authors: Authors, is_review: IsReview) -> HistoryFound {
    let mut found = HistoryFound::default();
    found.read(root, content, (authors, is_review));
    found
}

impl History {
    /// When a file was last changed in more than the day of its review.
    pub fn revised(&self, path: &RelPath) -> Option<Date> {
        self.before_review.get(path).copied().or_else(|| self.changed.get(path).map(|change| change.date))
    }
}

/// How a history is read.
type How = (Authors, IsReview);

const SHALLOW: &str = "This is a shallow clone: pages whose last change it does not hold show no date. \
    `git fetch --unshallow` brings the whole history (on GitHub: `fetch-depth: 0` for actions/checkout).";
const FILTERED: &str = "This clone holds no older folders (`--filter`): pages whose last change it does not hold show no date. \
    `git fetch --refetch --no-filter` brings the whole history.";
const NO_GIT: &str =
    "The handbook lies in a git repository, but there is no `git` to ask: pages show no date of their last change. Install git.";
const NO_REPOSITORY: &str = "There is a `.git` around the handbook, but git takes it for no repository: pages show no date of their last change. \
    `git status` says why.";

impl HistoryFound {
    /// Adds the history of a folder: a submodule's files have theirs in a repository of their own.
    fn read(&mut self, root: &Path, folder: &RelPath, how: How) {
        let at = |path: &RelPath| path.parts().fold(root.to_path_buf(), |place, part| place.join(part));
        match self.read_own(&at(folder), folder, how) {
            // The folder of one that was never fetched is empty, and git would answer for the repository around it.
            Ok(submodules) => {
                submodules
                    .iter()
                    .filter(|submodule| at(submodule).join(".git").exists())
                    .for_each(|submodule| self.read(root, submodule, how));
            }
            Err(note) => note.into_iter().for_each(|note| self.tell(&note)),
        }
    }

    /// Each limit is told once.
    fn tell(&mut self, note: &str) {
        if !self.notes.iter().any(|told| told == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// Adds the history of what lies in the folder's own repository; the submodules in it. Else why there is none, or nothing where
    /// there is none to be had.
    fn read_own(&mut self, place: &Path, folder: &RelPath, how: How) -> Result<Vec<RelPath>, Option<String>> {
        if !place.is_dir() {
            return Err(None);
        }
        let about = answer(place, &["rev-parse", "--is-shallow-repository", "--show-prefix"])?;
        let (shallow, prefix) = about.split_at(about.iter().position(|byte| *byte == b'\n').map_or(about.len(), |end| end + 1));
        let (shallow, prefix) = (shallow == b"true\n", prefix.strip_suffix(b"\n").unwrap_or(prefix));
        let (mut log, submodules) = Log::of(&answer(place, &["ls-tree", "-r", "-z", "HEAD"])?, folder);
        if log.files.is_empty() {
            return Ok(submodules);
        }
        let nothing = answer(place, &["hash-object", "-t", "tree", "--stdin"])?;
        let nothing = String::from_utf8_lossy(&nothing);
        let has_edge = log
            .read(&Past { folder: place, prefix, shallow, nothing: nothing.trim() }, how)
            .map_err(|error| Some(format!("The history of the handbook could not be read from git: {error}.")))?;
        for note in [(shallow, SHALLOW), (has_edge && !shallow, FILTERED)].iter().filter_map(|(is, note)| is.then_some(*note)) {
            self.tell(note);
        }
        self.history.shallow |= shallow || has_edge;
        log.end(&mut self.history);
        Ok(submodules)
    }
}

/// What git prints.
fn answer(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Option<String>> {
    let output = git(folder).args(arguments).stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => is_in_repository(folder).then(|| NO_GIT.to_owned()),
        _ => Some(format!("`git` cannot be started: {error}; pages show no date of their last change.")),
    })?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(complaint(&String::from_utf8_lossy(&output.stderr), is_in_repository(folder))),
    }
}

fn is_in_repository(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().any(|folder| folder.join(".git").exists()))
}

/// What to tell about git's own message; nothing, if there is no repository, or nothing in it yet.
fn complaint(message: &str, is_in_repository: bool) -> Option<String> {
    match super::git::complaint(message) {
        GitError::NoRepository => is_in_repository.then(|| NO_REPOSITORY.to_owned()),
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
    strays: HashMap<Vec<u8>, Vec<Done>>,
}

/// A change, and the bytes that it changed where that can be asked for.
type Done = (Change, Option<Bytes>);

struct File {
    path: RelPath,
    log: Vec<Done>,
    /// How many of the newest changes in the log are no more than reviews.
    reviews: usize,
    /// The last time it got another name, and nothing else: no change, unless nothing older is known.
    moved: Option<Change>,
}

impl File {
    /// The bytes of the newest change that is not known to be a review.
    fn newest_but_reviews(&self) -> Option<&Bytes> {
        self.log.get(self.reviews)?.1.as_ref()
    }
}

impl Log {
    /// A log of these files, and the submodules among them: `MODE TYPE ID<tab>NAME`, each ended by a NUL. Names that no page can have
    /// are left out.
    fn of(entries: &[u8], folder: &RelPath) -> (Log, Vec<RelPath>) {
        let (mut log, mut submodules) = (Log::default(), Vec::new());
        for entry in entries.split(|byte| *byte == 0) {
            let Some(tab) = entry.iter().position(|byte| *byte == b'\t') else { continue };
            let name = &entry[tab + 1..];
            let text = std::str::from_utf8(name).ok().filter(|text| text.split('/').all(is_plain));
            let Some(path) = text.and_then(|text| folder.join(text).ok()) else { continue };
            if entry.starts_with(b"160000 ") {
                submodules.push(path);
            } else {
                log.names.insert(name.to_vec(), log.files.len());
                log.files.push(File { path, log: Vec::new(), reviews: 0, moved: None });
            }
        }
        (log, submodules)
    }

    /// Reads the whole log: the commits, then the folder's tree in each of them, then what differs from one tree to the next. So git
    /// looks at nothing outside the folder, and at no two trees twice. Whether what was before some commit is not at hand.
    fn read(&mut self, past: &Past<'_>, (authors, is_review): How) -> io::Result<bool> {
        let Commits { all, has_edge } = past.commits(authors)?;
        past.differences(&past.steps(&all), |change, names| self.add(change, names))?;
        self.count_reviews(past, is_review)?;
        Ok(has_edge)
    }

    /// Counts how many of each page's newest changes are no more than reviews: first the newest of all pages, then the one before of
    /// those where it was one, and so on.
    fn count_reviews(&mut self, past: &Past<'_>, is_review: IsReview) -> io::Result<()> {
        let mut open: Vec<usize> = (0..self.files.len()).filter(|file| self.files[*file].path.extension() == "md").collect();
        while !open.is_empty() {
            open.retain(|file| self.files[*file].newest_but_reviews().is_some());
            let bytes: Vec<&Bytes> = open.iter().filter_map(|file| self.files[*file].newest_but_reviews()).collect();
            let mut answers = past.reviews(&bytes, is_review)?.into_iter();
            open.retain(|_| answers.next() == Some(true));
            open.iter().for_each(|file| self.files[*file].reviews += 1);
        }
        Ok(())
    }

    fn add(&mut self, change: &Change, names: Vec<Touched>) {
        let mut moved = Vec::new();
        for name in names {
            match name {
                Touched::Changed { name, bytes } => self.change(name, change, bytes),
                Touched::Moved { from, to } => moved.extend(self.names.remove(&to).map(|file| (from, file))),
            }
        }
        for (from, file) in moved {
            self.rename(from, file, change);
        }
    }

    fn change(&mut self, name: Vec<u8>, change: &Change, bytes: Option<Bytes>) {
        let log = match self.names.get(&name) {
            Some(file) => &mut self.files[*file].log,
            None => self.strays.entry(name).or_default(),
        };
        if log.len() < PER_FILE {
            log.push((change.clone(), bytes));
        }
    }

    /// Before this commit, the file had another name.
    fn rename(&mut self, from: Vec<u8>, file: usize, change: &Change) {
        let strays = self.strays.remove(&from).unwrap_or_default();
        let entry = &mut self.files[file];
        entry.log.extend(strays);
        entry.log.sort_by_key(|(change, _)| std::cmp::Reverse(change.date));
        entry.log.truncate(PER_FILE);
        entry.moved.get_or_insert_with(|| change.clone());
        self.names.insert(from, file);
    }

    fn end(self, history: &mut History) {
        for File { path, log, reviews, moved } in self.files {
            let mut log: Vec<Change> = log.into_iter().map(|(change, _)| change).collect();
            if log.is_empty() {
                log.extend(moved);
            }
            // Where all that is remembered are reviews, the oldest may be more than that.
            if let Some(earlier) = log.get(reviews).or(log.last()).filter(|_| reviews > 0) {
                history.before_review.insert(path.clone(), earlier.date);
            }
            if let Some(last) = log.first() {
                history.changed.insert(path.clone(), last.clone());
                history.logs.insert(path, log);
            }
        }
    }
}
