//! What lies on disk at one time: names and stamps, no contents. Edits, renames, deletions, exchanged folders, lost events and
//! polling are all seen in one way: two snapshots differ.
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::base::RelPath;
use crate::handbook::{BOOK, Settings};
use crate::tree::{Disk, GitFolder, Listing, Stamp, Tree, TreeError};

/// What lies on disk.
#[derive(Debug, Default, PartialEq)]
pub struct Snapshot {
    /// All files of the handbook, sorted: its content, `book.toml`, its theme, its tables.
    stamps: Vec<(RelPath, Stamp)>,
    /// Those of the content folder.
    content: Vec<RelPath>,
    /// What of it cannot be listed.
    problems: Vec<(RelPath, TreeError)>,
    /// What the history of the files follows from.
    history: Vec<Option<Stamp>>,
}

impl Snapshot {
    /// Looks at everything that the settings name.
    pub fn take(disk: &Disk, settings: &Settings, repository: Option<&GitFolder>) -> Snapshot {
        let content = disk.list(&settings.content);
        let mut others: BTreeSet<RelPath> = settings.theme.iter().flat_map(|theme| disk.list(theme).files).collect();
        others.extend(settings.visits.iter().map(|(path, _)| path.clone()));
        others.extend(RelPath::new(BOOK));
        others.retain(|path| content.files.binary_search(path).is_err());
        let all: Vec<RelPath> = content.files.iter().cloned().chain(others).collect();
        let stamp = |path: RelPath| disk.stamp(&path).map(|stamp| (path, stamp));
        let mut stamps: Vec<(RelPath, Stamp)> = all.into_par_iter().with_min_len(64).filter_map(stamp).collect();
        stamps.sort_by(|a, b| a.0.cmp(&b.0));
        let history = repository.map(GitFolder::marks).unwrap_or_default();
        Snapshot { stamps, content: content.files, problems: content.problems, history }
    }

    /// The stamp of a file.
    pub fn stamp(&self, path: &RelPath) -> Option<&Stamp> {
        self.stamps.binary_search_by(|(known, _)| known.cmp(path)).ok().map(|at| &self.stamps[at].1)
    }

    /// Takes up that a file that is known has another stamp.
    pub fn note(&mut self, path: &RelPath, stamp: Stamp) {
        if let Ok(at) = self.stamps.binary_search_by(|(known, _)| known.cmp(path)) {
            self.stamps[at].1 = stamp;
        }
    }

    /// The files that are there now, or were before, and are not the same.
    pub fn differing(&self, before: &Snapshot) -> BTreeSet<RelPath> {
        let (mut new, mut old) = (self.stamps.iter().peekable(), before.stamps.iter().peekable());
        let mut out = BTreeSet::new();
        while let Some(path) = [new.peek(), old.peek()].into_iter().flatten().map(|(path, _)| path).min().cloned() {
            let here = new.next_if(|(other, _)| *other == path);
            let there = old.next_if(|(other, _)| *other == path);
            if here.map(|(_, stamp)| stamp) != there.map(|(_, stamp)| stamp) {
                out.insert(path);
            }
        }
        out
    }

    /// Whether something is there or cannot be listed that was not so before, whatever the files are.
    pub fn is_differently_listed(&self, before: &Snapshot) -> bool {
        self.problems != before.problems
    }

    /// Whether the history may be another one.
    pub fn has_other_history(&self, before: &Snapshot) -> bool {
        self.history != before.history
    }

    /// What lies in the content folder.
    pub fn listing(&self) -> Listing {
        Listing { files: self.content.clone(), problems: self.problems.clone() }
    }
}
