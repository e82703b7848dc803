//! The commits in which a folder changed, and what they changed in it: asked of git in as few questions as there are kinds of answers.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdout, Stdio};

use super::git::git;
use super::history::{Authors, Change, IsReview};
use crate::base::Date;

/// What git is asked to write for a commit.
const FORMAT: &str = "--format=%H%x00%ct%x00%P%x00%s%x00%x00";
/// The same with who made it, as the repository's list of names has them.
const FORMAT_WITH_AUTHOR: &str = "--format=%H%x00%ct%x00%P%x00%s%x00%aN%x00";
/// How often it is asked where a folder came from.
const REMOVALS: usize = 20;
/// The most parents of a merge that are asked.
const PARENTS: usize = 4;
/// By how many bytes a day may be written otherwise: in quotes, with a space or a line's other end.
const DAY: u64 = 4;
/// How long the line is that says when a page was reviewed.
const REVIEWED_LINE: std::ops::RangeInclusive<u64> = 20..=32;
/// Files with more bytes are not looked into: no page has as many.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The past of the folder that is asked about.
pub(super) struct Past<'f> {
    /// The folder.
    pub folder: &'f Path,
    /// The same, seen from the repository's top: empty, or ended by `/`.
    pub prefix: &'f [u8],
    /// Whether the repository holds only the newest commits.
    pub shallow: bool,
    /// The id of a tree that holds nothing.
    pub nothing: &'f str,
}

/// A commit, and the tree that the folder is in it; none where it is not there.
#[derive(Default)]
pub(super) struct Commit {
    id: String,
    parents: Vec<usize>,
    /// What is told of it; nothing where its day is none that anybody can have meant.
    change: Option<Change>,
    tree: Option<String>,
    /// Where the folder lay: the number of its place.
    place: usize,
    /// Whether this clone does not hold what was there before.
    is_edge: bool,
}

/// A change, and the trees before and after it.
pub(super) type Step<'c> = (&'c Change, &'c str, &'c str);

/// What a change did to a file.
pub(super) enum Touched {
    /// It has other bytes, or is new.
    Changed {
        /// Its name.
        name: Vec<u8>,
        /// Its bytes before and after; none where it is new.
        bytes: Option<Bytes>,
    },
    /// It has another name.
    Moved {
        /// Its former name.
        from: Vec<u8>,
        /// Its name.
        to: Vec<u8>,
    },
}

/// A file's bytes before and after a change, by git's names for them.
pub(super) struct Bytes {
    before: Box<str>,
    after: Box<str>,
}

/// The commits of a folder's past.
pub(super) struct Commits {
    /// Children before their parents.
    pub all: Vec<Commit>,
    /// Whether what was before some of them is not at hand.
    pub has_edge: bool,
}

impl Commit {
    /// Reads the seconds of its day, the first line of the description, and who made it.
    fn new(id: &str, [seconds, subject, author]: [&[u8]; 3]) -> Commit {
        let plain = |text: &[u8]| String::from_utf8_lossy(text).replace(char::is_control, " ");
        let author = Some(plain(author)).filter(|author| !author.is_empty());
        let date = std::str::from_utf8(seconds).ok().and_then(|seconds| seconds.parse().ok()).and_then(Date::from_unix);
        let change = date.map(|date| Change { date, subject: plain(subject), commit: id.to_owned(), author });
        Commit { id: id.to_owned(), change, ..Commit::default() }
    }
}

impl<'f> Past<'f> {
    /// All commits of the repository, each with the folder's tree in it.
    pub fn commits(&self, authors: Authors) -> io::Result<Commits> {
        let mut all = self.log(authors)?;
        self.fill(&mut all, 0, b"./")?;
        if self.prefix.is_empty() {
            // The repository's own top is in every commit: where it is not, this clone does not hold it.
            for at in 0..all.len() {
                all[at].is_edge = begins(&all, at);
            }
        } else {
            self.follow(&mut all)?;
        }
        let has_edge = all.iter().any(|commit| commit.is_edge);
        Ok(Commits { all, has_edge })
    }

    fn log(&self, authors: Authors) -> io::Result<Vec<Commit>> {
        let format = if authors == Authors::Named { FORMAT_WITH_AUTHOR } else { FORMAT };
        let options = ["log", "--date-order", "--encoding=UTF-8", "--no-color", "--no-notes", "--no-patch", format, "HEAD", "--"];
        let (mut commits, mut parents) = (Vec::new(), Vec::new());
        self.ask(&options, b"", |mut output| {
            loop {
                let mut next = || token(&mut output, 0);
                let (id, seconds, above, subject, author) = (next()?, next()?, next()?, next()?, next()?);
                let id = String::from_utf8_lossy(id.trim_ascii()).into_owned();
                if id.is_empty() {
                    return Ok(());
                }
                commits.push(Commit::new(&id, [&seconds, &subject, &author]));
                parents.push(String::from_utf8_lossy(&above).into_owned());
            }
        })?;
        let places: HashMap<&str, usize> = commits.iter().enumerate().map(|(at, commit)| (&*commit.id, at)).collect();
        let found = |above: &String| above.split_ascii_whitespace().filter_map(|id| places.get(id).copied()).collect();
        let parents: Vec<Vec<usize>> = parents.iter().map(found).collect();
        commits.iter_mut().zip(parents).for_each(|(commit, parents)| commit.parents = parents);
        Ok(commits)
    }

    /// Looks the folder up at a place, in the commits in which it was not found yet.
    fn fill(&self, commits: &mut [Commit], place: usize, path: &[u8]) -> io::Result<()> {
        let mut open: Vec<&mut Commit> = commits.iter_mut().filter(|commit| commit.tree.is_none()).collect();
        let wanted: Vec<u8> = open.iter().flat_map(|commit| [commit.id.as_bytes(), b":", path, b"\n"].concat()).collect();
        let check = ["cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer"];
        self.ask(&check, &wanted, |mut output| {
            for commit in &mut open {
                let line = String::from_utf8_lossy(&token(&mut output, b'\n')?).into_owned();
                commit.tree = line.strip_suffix(" tree").map(str::to_owned);
                commit.place = place;
            }
            Ok(())
        })
    }

    /// Where the folder begins to be, it may have got its name: then its past goes on under the former one.
    fn follow(&self, commits: &mut [Commit]) -> io::Result<()> {
        let mut places = vec![self.prefix.to_vec()];
        let mut from = 0;
        for _ in 0..REMOVALS {
            let Some(at) = (from..commits.len()).find(|at| begins(commits, *at)) else { break };
            match self.former_of_any(commits, &commits[at], &places) {
                Ok(Some(place)) => {
                    self.fill(commits, places.len(), place.strip_suffix(b"/").unwrap_or(&place))?;
                    places.push(place);
                }
                Ok(None) => {}
                Err(_) => commits[at].is_edge = true,
            }
            from = at + 1;
        }
        Ok(())
    }

    /// A merge may have brought the folder from a repository of its own.
    fn former_of_any(&self, commits: &[Commit], commit: &Commit, places: &[Vec<u8>]) -> io::Result<Option<Vec<u8>>> {
        for parent in commit.parents.iter().take(PARENTS) {
            let found = self.former(&commits[*parent].id, &commit.id, &places[commit.place])?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The folder that most of a folder's files come from.
    fn former(&self, before: &str, after: &str, prefix: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let options = ["diff-tree", "-r", "-z", "--raw", "-M100%", "--no-relative", "--no-ext-diff", "--no-color", "-O/dev/null"];
        let (mut all, mut froms) = (0, BTreeMap::<Vec<u8>, usize>::new());
        self.ask(&[&options[..], &[before, after]].concat(), b"", |mut output| {
            while !output.fill_buf()?.is_empty() {
                let Some(touched) = touched(&mut output)? else { continue };
                let (Touched::Changed { name: to, .. } | Touched::Moved { to, .. }) = &touched;
                let Some(rest) = to.strip_prefix(prefix) else { continue };
                all += 1;
                if let Touched::Moved { from, .. } = &touched {
                    from.strip_suffix(rest).into_iter().for_each(|from| *froms.entry(from.to_vec()).or_default() += 1);
                }
            }
            Ok(())
        })?;
        let is_folder = |from: &[u8]| (from.is_empty() || from.ends_with(b"/")) && !from.contains(&b'\n');
        Ok(froms.into_iter().find(|(from, count)| 2 * count > all && is_folder(from)).map(|(from, _)| from))
    }

    /// The commits that changed the folder. A merge changes nothing itself; where it left the folder as one of its parents has it, that
    /// one's past is the folder's, and what the others did was not taken over. The oldest commits of a shallow clone seem to make
    /// every file there is, so they say nothing.
    pub fn steps<'c>(&self, commits: &'c [Commit]) -> Vec<Step<'c>>
    where
        'f: 'c,
    {
        let mut counts: Vec<bool> = (0..commits.len()).map(|at| at == 0).collect();
        let mut steps = Vec::new();
        for (at, commit) in commits.iter().enumerate() {
            if !counts[at] {
                continue;
            }
            match commit.parents.iter().find(|parent| commits[**parent].tree == commit.tree) {
                Some(same) => counts[*same] = true,
                None => commit.parents.iter().for_each(|parent| counts[*parent] = true),
            }
            let tree = |commit: Option<&'c Commit>| commit.and_then(|commit| commit.tree.as_deref()).unwrap_or(self.nothing);
            let (before, after) = (tree(commit.parents.first().map(|parent| &commits[*parent])), tree(Some(commit)));
            let unknown = commit.is_edge || self.shallow && commit.parents.is_empty();
            if commit.parents.len() < 2 && before != after && !unknown {
                steps.extend(commit.change.as_ref().map(|change| (change, before, after)));
            }
        }
        steps
    }

    /// Tells what each step touched. Only exact renames are looked for: they cost nothing, and need no file's bytes.
    pub fn differences(&self, steps: &[Step<'_>], mut tell: impl FnMut(&Change, Vec<Touched>)) -> io::Result<()> {
        let pairs: String = steps.iter().map(|(_, before, after)| format!("{before} {after}\n")).collect();
        let options = ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "-M100%", "--no-ext-diff", "--no-color", "-O/dev/null"];
        self.ask(&options, pairs.as_bytes(), |mut output| {
            for (change, ..) in steps {
                // The pair is said again on a line of its own; what differs follows, each word ended by a NUL.
                token(&mut output, b'\n')?;
                let mut names = Vec::new();
                while output.fill_buf()?.starts_with(b":") {
                    names.extend(touched(&mut output)?);
                }
                tell(change, names);
            }
            Ok(())
        })
    }

    /// Tells of each change whether it is none but a review. One whose bytes are not at hand is more than that.
    pub fn reviews(&self, changes: &[&Bytes], is_review: IsReview) -> io::Result<Vec<bool>> {
        // Sizes cost git a fraction of what the bytes do, and tell most changes from a review.
        let likely = self.sizes(changes)?;
        let wanted = changes.iter().zip(&likely).filter(|(_, likely)| **likely).map(|(bytes, _)| *bytes);
        let mut answers = Vec::new();
        self.ask(&["cat-file", "--batch", "--buffer"], lines(wanted.clone()).as_bytes(), |mut output| {
            for _ in wanted {
                let (before, after) = (object(&mut output)?, object(&mut output)?);
                answers.push(before.zip(after).is_some_and(|(before, after)| is_review(&before, &after)));
            }
            Ok(())
        })?;
        let mut answers = answers.into_iter();
        Ok(likely.into_iter().map(|likely| likely && answers.next() == Some(true)).collect())
    }

    /// Whether the sizes before and after a change are such that it may be a review: a day that is written anew, or a line that is added
    /// or taken out.
    fn sizes(&self, changes: &[&Bytes]) -> io::Result<Vec<bool>> {
        let check = ["cat-file", "--batch-check=%(objectsize)", "--buffer"];
        self.ask(&check, lines(changes.iter().copied()).as_bytes(), |mut output| {
            let mut size = || token(&mut output, b'\n').map(|line| String::from_utf8_lossy(&line).parse::<u64>().ok());
            let mut likely = Vec::with_capacity(changes.len());
            for _ in changes {
                let (before, after) = (size()?, size()?);
                let apart = before.zip(after).map(|(before, after)| before.abs_diff(after));
                likely.push(apart.is_some_and(|apart| apart <= DAY || REVIEWED_LINE.contains(&apart)));
            }
            Ok(likely)
        })
    }

    /// Gives git lines, and reads what it answers.
    fn ask<T>(&self, arguments: &[&str], lines: &[u8], read: impl FnOnce(BufReader<ChildStdout>) -> io::Result<T>) -> io::Result<T> {
        let mut git = git(self.folder);
        let mut child = git.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| io::Error::other("git answers nothing"))?;
        let answer = std::thread::scope(|scope| {
            // Beside reading: git answers before it has read all, and goes on only if somebody reads that. It may end early.
            scope.spawn(|| input.map(|mut input| input.write_all(lines)));
            read(BufReader::new(output))
        });
        let status = child.wait()?;
        if status.success() { answer } else { answer.and(Err(io::Error::other(format!("`git {}` ended with {status}", arguments[0])))) }
    }
}

/// Reads `:MODE MODE ID ID STATUS` and the names that belong to it.
fn touched(output: &mut impl BufRead) -> io::Result<Option<Touched>> {
    let (head, name) = (token(output, 0)?, token(output, 0)?);
    let head = String::from_utf8_lossy(&head);
    let words: Vec<&str> = head.split(' ').collect();
    let [_, _, before, after, status] = words[..] else { return Err(io::Error::other("git says something unknown")) };
    Ok(match status.as_bytes().first() {
        Some(b'R') => Some(Touched::Moved { from: name, to: token(output, 0)? }),
        Some(b'D') => None,
        Some(b'M') => Some(Touched::Changed { name, bytes: Some(Bytes { before: before.into(), after: after.into() }) }),
        _ => Some(Touched::Changed { name, bytes: None }),
    })
}

/// The names of all these bytes, a line each.
fn lines<'b>(changes: impl Iterator<Item = &'b Bytes>) -> String {
    changes.map(|bytes| format!("{}\n{}\n", bytes.before, bytes.after)).collect()
}

/// Reads what git answers about an object: `ID blob SIZE`, the bytes and a line's end. None where it is not at hand, or too large.
fn object(output: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let head = token(output, b'\n')?;
    let head = String::from_utf8_lossy(&head);
    let Some(size) = head.rsplit_once(" blob ").and_then(|(_, size)| size.parse::<u64>().ok()) else {
        return Ok(None);
    };
    let mut rest = output.take(size + 1);
    if size > LARGEST {
        io::copy(&mut rest, &mut io::sink())?;
        return Ok(None);
    }
    let mut bytes = Vec::new();
    rest.read_to_end(&mut bytes)?;
    bytes.pop();
    Ok(Some(bytes))
}

/// Reads up to a byte, without it.
fn token(output: &mut impl BufRead, end: u8) -> io::Result<Vec<u8>> {
    let mut token = Vec::new();
    output.read_until(end, &mut token)?;
    token.pop_if(|last| *last == end);
    Ok(token)
}

/// Whether a folder is in a commit and in none of those before it.
fn begins(commits: &[Commit], at: usize) -> bool {
    let commit = &commits[at];
    commit.tree.is_some() && !commit.parents.is_empty() && commit.parents.iter().all(|parent| commits[*parent].tree.is_none())
}
