//! Why a site could not be written, in words for the person who asked for it.
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::MARKER;
use crate::base::RelPath;

/// Why a site could not be published.
#[derive(Debug)]
pub enum PublishError<E> {
    /// A page could not be made.
    Page(RelPath, E),
    /// The site could not be written.
    Output(Failure),
}

/// Why a site could not be written. The output folder is as it was.
#[derive(Debug)]
pub enum Failure {
    /// The folder is none that journeybook may write to.
    Refused(PathBuf, Refusal),
    /// Another build is writing to the folder, and was not done in time.
    Busy(PathBuf),
    /// The system refused something.
    Io {
        /// What was tried, as a verb: `write`, `read`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// Why a folder is none that journeybook may write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is the top of the disk.
    TopOfDisk,
    /// It is the home folder, or one around it.
    Home,
    /// It is the handbook's own folder, or one around it.
    Root,
    /// It is the content folder, or one around it.
    Content,
    /// It lies in the content folder.
    InContent,
    /// A file, or something else that is no folder, stands there.
    NotAFolder,
    /// A symbolic link stands there.
    Link,
    /// It is the root of another file system, which cannot be exchanged.
    MountPoint,
    /// It holds files, and no list that says that journeybook made them; one of them.
    Foreign(PathBuf),
    /// Its list of what journeybook made cannot be read; why.
    Marker(String),
    /// Something that journeybook did not make stands where a page has to go.
    InTheWay(PathBuf),
    /// Two pages have the same address, or one has the address of the other's folder.
    Collision(String),
    /// The work folder beside it holds something that no build put there.
    WorkFolder(PathBuf),
}

impl Failure {
    /// Turns an error of the system into one that says what was tried.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Failure {
        let path = path.to_path_buf();
        move |source| Failure::Io { doing, path, source }
    }
}

impl<E> From<Failure> for PublishError<E> {
    fn from(failure: Failure) -> Self {
        PublishError::Output(failure)
    }
}

impl<E: fmt::Display> fmt::Display for PublishError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishError::Page(path, error) => write!(f, "{path}: {error}"),
            PublishError::Output(failure) => failure.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> Error for PublishError<E> {}

impl Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(out, why) => write!(f, "the site cannot be written to {}: {why}", out.display()),
            Failure::Busy(out) => {
                write!(f, "another build is writing to {}; try again when it is done, or choose another folder with --out", out.display())
            }
            Failure::Io { doing, path, source } => write!(f, "cannot {doing} {}: {}", path.display(), reason(doing, source)),
        }
    }
}

/// The system's reason; with what to do about it, where that is known.
fn reason(doing: &str, error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full. Free some space and build again",
        io::ErrorKind::ReadOnlyFilesystem => "the disk can only be read. Choose another folder with --out",
        io::ErrorKind::PermissionDenied if doing == "read" => "permission denied. Give yourself the right to read it and build again",
        io::ErrorKind::PermissionDenied => "permission denied. Give yourself the right to do that, or choose another folder with --out",
        _ => return error.to_string(),
    };
    format!("{advice}; the last site is as it was")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHOOSE: &str = "Choose another folder with --out";
        match self {
            Refusal::TopOfDisk => write!(f, "it is the top of the disk. {CHOOSE}"),
            Refusal::Home => write!(f, "it is your home folder, or holds it. {CHOOSE}"),
            Refusal::Root => write!(f, "it is the handbook's own folder, or holds it. {CHOOSE}, such as `public`"),
            Refusal::Content => write!(f, "it is the folder with the handbook's content, or holds it. {CHOOSE}, such as `public`"),
            Refusal::InContent => write!(f, "it lies in the folder with the handbook's content. {CHOOSE}, such as `public`"),
            Refusal::NotAFolder => write!(f, "a file of that name is there already. Move it away, or choose another folder with --out"),
            Refusal::Link => write!(f, "it is a symbolic link. Give the folder itself that it leads to with --out"),
            Refusal::MountPoint => {
                write!(
                    f,
                    "it is where another disk or layer is mounted, so it cannot change places with a new folder. Choose a folder in it with --out"
                )
            }
            Refusal::Foreign(file) => {
                let file = file.display();
                write!(f, "it holds files that journeybook did not make, such as `{file}`. Choose a new or an empty folder with --out")
            }
            Refusal::Marker(why) => {
                write!(
                    f,
                    "its file `{MARKER}`, which lists what journeybook made, cannot be used: {why}. Remove the folder if nothing in it is yours"
                )
            }
            Refusal::InTheWay(file) => {
                let file = file.display();
                write!(
                    f,
                    "journeybook did not make `{file}`, and it stands where a page or a folder has to go. Move it away and build again"
                )
            }
            Refusal::Collision(path) => write!(f, "two pages or files want the address `{path}`. Rename one of them"),
            Refusal::WorkFolder(path) => {
                let path = path.display();
                write!(
                    f,
                    "`{path}` lies where a build does its work, and no build can tell whether you need it. Move it away and build again"
                )
            }
        }
    }
}
