//! Where git keeps what the history follows from: to notice that it changed without asking git.
use std::fs;
use std::path::{Path, PathBuf};

use super::Stamp;

/// The repository that a folder lies in.
#[derive(Debug, Clone)]
pub struct GitFolder {
    /// The folder of this work tree's own state.
    own: PathBuf,
    /// The folder that all its work trees share.
    common: PathBuf,
}

impl GitFolder {
    /// The nearest one around a folder.
    pub fn around(folder: &Path) -> Option<GitFolder> {
        let found = folder.ancestors().map(|folder| folder.join(".git")).find(|place| place.exists())?;
        let own = if found.is_dir() { found } else { named_in(&found, "gitdir: ")? };
        let common = named_in(&own.join("commondir"), "").unwrap_or_else(|| own.clone());
        Some(GitFolder { own, common })
    }

    /// What differs as soon as the history does: the current commit's names, and the notes of where it was before.
    pub fn marks(&self) -> Vec<Option<Stamp>> {
        let head = self.own.join("HEAD");
        let branch = fs::read_to_string(&head).ok().and_then(|text| text.trim().strip_prefix("ref: ").map(|name| self.common.join(name)));
        let others = [
            self.own.join("logs/HEAD"),
            self.own.join("reftable/tables.list"),
            self.common.join("packed-refs"),
            self.common.join("reftable/tables.list"),
            self.common.join("shallow"),
        ];
        [head].iter().chain(&branch).chain(&others).map(|path| Stamp::of(path)).collect()
    }

    /// The folders in which something happens whenever the history changes.
    pub fn folders(&self) -> Vec<PathBuf> {
        let of_all = [self.common.clone(), self.common.join("refs/heads"), self.common.join("reftable")];
        let folders = [self.own.clone(), self.own.join("logs"), self.own.join("reftable")].into_iter().chain(of_all);
        folders.filter(|folder| folder.is_dir()).collect()
    }

    /// The index: another one as soon as git has written files.
    pub fn index(&self) -> Option<Stamp> {
        Stamp::of(&self.own.join("index"))
    }

    /// The lock that git holds while it writes files, such as those of another branch.
    pub fn lock(&self) -> Option<Stamp> {
        Stamp::of(&self.own.join("index.lock"))
    }
}

/// The path that a file names, seen from the folder it lies in.
fn named_in(file: &Path, prefix: &str) -> Option<PathBuf> {
    let text = fs::read_to_string(file).ok()?;
    let path = text.trim().strip_prefix(prefix)?;
    file.parent()?.join(path).canonicalize().ok()
}
