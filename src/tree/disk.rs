//! Files in a folder on disk.
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Listing, Stamp, Tree, TreeError};
use crate::base::RelPath;

/// A folder on disk. Links are followed as long as they stay in it.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The folder at a path, which has to exist.
    pub fn new(root: &Path) -> io::Result<Disk> {
        let root = fs::canonicalize(root)?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder"));
        }
        Ok(Disk { root })
    }

    /// The folder's own path, links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a path of the tree lies on disk.
    pub fn path(&self, path: &RelPath) -> PathBuf {
        path.parts().fold(self.root.clone(), |folder, part| folder.join(part))
    }

    /// Opens a file that lies in the folder; also says how many bytes it has.
    pub fn open(&self, path: &RelPath) -> Result<(File, u64), TreeError> {
        // Looked at before it is opened: opening a pipe would wait for somebody to write to it.
        let (place, meta) = self.look(path)?;
        if meta.is_dir() {
            return Err(TreeError::Missing);
        }
        if !meta.is_file() {
            return Err(TreeError::Unreadable(NO_FILE.into()));
        }
        let file = File::open(&place).map_err(|error| unreadable(&error))?;
        Ok((file, meta.len()))
    }

    /// What the file system says of a file, if it is there.
    pub fn stamp(&self, path: &RelPath) -> Option<Stamp> {
        Stamp::of(&self.path(path))
    }

    /// Whether a link leads out; of one that leads nowhere it counts what it names.
    fn leads_out(&self, path: &Path) -> bool {
        match fs::canonicalize(path) {
            Ok(real) => !real.starts_with(&self.root),
            Err(_) => fs::read_link(path).is_ok_and(|to| {
                let named = self.relative(path).ok().zip(to.to_str());
                named.is_some_and(|(path, to)| path.beside(to).is_err())
            }),
        }
    }

    /// Looks at what lies at a path, and refuses one that leads out by a link in it. Most paths hold no link, so the costly look is
    /// taken only where one does.
    fn look(&self, path: &RelPath) -> Result<(PathBuf, Metadata), TreeError> {
        let mut place = self.root.clone();
        let mut last = None;
        for part in path.parts() {
            place.push(part);
            let meta = fs::symlink_metadata(&place).map_err(|error| unreadable(&error))?;
            if meta.is_symlink() && self.leads_out(&place) {
                return Err(TreeError::Outside);
            }
            last = Some(meta).filter(|meta| !meta.is_symlink());
        }
        match last {
            Some(meta) => Ok((place, meta)),
            None => fs::metadata(&place).map_err(|error| unreadable(&error)).map(|meta| (place, meta)),
        }
    }

    fn relative(&self, path: &Path) -> Result<RelPath, RelPath> {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
        match parts {
            Some(parts) if parts.iter().all(|part| is_plain(part)) => RelPath::new(&parts.join("/")).map_err(|_| lossy(below)),
            _ => Err(lossy(below)),
        }
    }
}

/// Names that any address and any system can carry.
pub(super) fn is_plain(name: &str) -> bool {
    !name.contains(['\\', '/']) && !name.chars().any(char::is_control)
}

fn lossy(path: &Path) -> RelPath {
    let text: String = path.to_string_lossy().chars().map(|c| if c.is_control() || c == '\\' { '\u{fffd}' } else { c }).collect();
    RelPath::new(&text).unwrap_or_else(|_| RelPath::root())
}

/// Dot-files, editors' backups and swap files are neither read nor published.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && hides_name(&entry.file_name().to_string_lossy())
}

/// Whether a file or folder of that name is hidden.
pub(super) fn hides_name(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

impl Tree for Disk {
    fn list(&self, folder: &RelPath) -> Listing {
        let mut listing = Listing::default();
        let top = self.path(folder);
        let mut outside = Vec::new();
        let walk = WalkDir::new(&top).follow_links(true).sort_by_file_name().into_iter().filter_entry(|entry| {
            if is_hidden(entry) {
                return false;
            }
            let out = entry.path_is_symlink() && self.leads_out(entry.path());
            if out {
                outside.push(entry.path().to_path_buf());
            }
            !out
        });
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_file() => match self.relative(entry.path()) {
                    Ok(path) => listing.files.push(path),
                    Err(path) => listing.problems.push((path, TreeError::BadName)),
                },
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let path = self.relative(entry.path()).unwrap_or_else(|lossy| lossy);
                    listing.problems.push((path, TreeError::Unreadable(NO_FILE.into())));
                }
                Err(error) => {
                    let path = error.path().unwrap_or(&top);
                    let why = match error.io_error() {
                        None => TreeError::Unreadable(CIRCLE.into()),
                        Some(error) if error.kind() != io::ErrorKind::NotFound || !path.is_symlink() => {
                            TreeError::Unreadable(plain_words(error))
                        }
                        Some(_) if self.leads_out(path) => TreeError::Outside,
                        Some(_) => TreeError::Unreadable(NOWHERE.into()),
                    };
                    listing.problems.push((self.relative(path).unwrap_or_else(|lossy| lossy), why));
                }
            }
        }
        for path in outside {
            listing.problems.push((self.relative(&path).unwrap_or_else(|lossy| lossy), TreeError::Outside));
        }
        listing.files.sort();
        listing.problems.sort_by(|a, b| a.0.cmp(&b.0));
        listing
    }

    fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, TreeError> {
        let (file, length) = self.open(path)?;
        if length > limit {
            return Err(TreeError::TooLarge(length));
        }
        let mut bytes = Vec::with_capacity(length as usize + 1);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            return Err(TreeError::TooLarge(bytes.len() as u64));
        }
        Ok(bytes)
    }
}

/// What is told of links, from a disk and from git.
pub(super) const CIRCLE: &str = "it is a link to a folder that holds it";
pub(super) const NOWHERE: &str = "it is a link that leads nowhere";
const NO_FILE: &str = "it is no file but a device or a pipe";

fn unreadable(error: &io::Error) -> TreeError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => TreeError::Missing,
        _ => TreeError::Unreadable(plain_words(error)),
    }
}

/// What the system says, without its number.
fn plain_words(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or(&words).to_owned()
}
