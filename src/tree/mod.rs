//! Where files come from. Paths and bytes, nothing else: what is in the files is for others to know.
// Files come from here: what `clippy.toml` bans elsewhere is at home here.
#![allow(clippy::disallowed_methods)]

mod disk;
mod git;
mod git_folder;
mod history;
mod memory;
mod past;
mod stamp;

use std::fmt;

pub use disk::Disk;
pub use git::{Commit, Differing, GitError, GitTree, MainBranch, Repository, Shallow};
pub use git_folder::GitFolder;
pub use history::{Authors, Change, History, HistoryFound, IsReview, history};
pub use memory::{Memory, Overlay};
pub use stamp::Stamp;

use crate::base::RelPath;

/// A source of files: a folder on disk, a git revision, a map in memory, one laid over another.
pub trait Tree: Sync {
    /// Everything below a folder, sorted by path.
    fn list(&self, folder: &RelPath) -> Listing;
    /// The bytes of a file, if they are at most `limit`.
    fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, TreeError>;
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files, sorted.
    pub files: Vec<RelPath>,
    /// What could not be listed, and why.
    pub problems: Vec<(RelPath, TreeError)>,
}

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeError {
    /// There is no such file.
    Missing,
    /// It has more bytes than allowed; how many.
    TooLarge(u64),
    /// It is a link that leads out of the root.
    Outside,
    /// Its name is not UTF-8, or holds characters that no address can carry.
    BadName,
    /// It is not UTF-8 text: which byte is none, and on which line, both from 1.
    NotText(usize, usize),
    /// The system refuses it; its words.
    Unreadable(String),
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeError::Missing => f.write_str("there is no such file"),
            TreeError::TooLarge(bytes) => write!(f, "it has {bytes} bytes"),
            TreeError::Outside => f.write_str("it is a link that leads out of the handbook's folder"),
            TreeError::BadName => f.write_str("its name is not UTF-8 or holds a control character or backslash"),
            TreeError::NotText(byte, line) => write!(f, "it is not UTF-8 text: byte {byte} (on line {line}) is none"),
            TreeError::Unreadable(why) => write!(f, "it cannot be read: {why}"),
        }
    }
}
