//! The folder beside the output folder in which builds do their work, one at a time.
use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::marker::{self, MARKER, MarkerError};
use walkdir::WalkDir;

use super::place::Place;
use super::swap;
use super::{Failure, Refusal};

const LOCK: &str = "journeybook.lock";
const NEW: &str = "new";
const OLD: &str = "old";
const GONE: &str = "gone.json";
const LIST: &str = "list.json";

/// How often a build that waits for another one looks again.
const PACE: Duration = Duration::from_millis(20);

/// The work folder, held by this build. The lock ends with the process, however that ends, so whatever lies in the folder when a
/// build gets the lock was left by one that was killed.
#[derive(Debug)]
pub struct Work<'p> {
    /// The place that is worked for.
    pub place: &'p Place,
    _lock: File,
}

impl<'p> Work<'p> {
    /// Waits for the work folder, and clears away what a killed build left in it.
    pub fn begin(place: &'p Place, patience: Duration) -> Result<Work<'p>, Failure> {
        fs::create_dir_all(&place.parent).map_err(Failure::io("make the folder", &place.parent))?;
        let started = Instant::now();
        loop {
            if let Some(lock) = acquire(place)? {
                let work = Work { place, _lock: lock };
                work.recover()?;
                return Ok(work);
            }
            if started.elapsed() >= patience {
                return Err(Failure::Busy(place.out.clone()));
            }
            thread::sleep(PACE);
        }
    }

    /// Where the new site is made.
    pub fn next(&self) -> PathBuf {
        self.place.work.join(NEW)
    }

    /// Where the old site goes while the new one moves in, if they cannot change places in one step.
    pub fn old(&self) -> PathBuf {
        self.place.work.join(OLD)
    }

    /// Where the list of a site goes that is being removed.
    pub fn gone(&self) -> PathBuf {
        self.place.work.join(GONE)
    }

    /// Where the list of a site is written before it takes its place: a half-written one is never in a site.
    pub fn draft(&self) -> PathBuf {
        self.place.work.join(LIST)
    }

    fn recover(&self) -> Result<(), Failure> {
        self.own()?;
        for left in [self.old(), self.next()] {
            if exists(&left) {
                self.clear(&left)?;
            }
        }
        for list in [self.gone(), self.draft()] {
            match fs::remove_file(&list) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Failure::io("remove", &list)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses a folder that happens to have the name of a work folder.
    fn own(&self) -> Result<(), Failure> {
        let folder = &self.place.work;
        let entries = fs::read_dir(folder).map_err(Failure::io("read", folder))?;
        for entry in entries {
            let name = entry.map_err(Failure::io("read", folder))?.file_name();
            if ![LOCK, NEW, OLD, GONE, LIST].iter().any(|ours| name == **ours) {
                return Err(self.place.refuse(Refusal::WorkFolder(folder.join(name))));
            }
        }
        Ok(())
    }

    /// A whole site becomes the output folder again if there is none; everything else is removed.
    fn clear(&self, left: &Path) -> Result<(), Failure> {
        let out = &self.place.out;
        match self.list(left) {
            Ok(_) if exists(&left.join(MARKER)) && !exists(out) => fs::rename(left, out).map_err(Failure::io("put back", out)),
            Ok(made) => swap::sweep(self, left, &made).map_err(Failure::io("remove", left)).and_then(|()| self.swept(left)),
            Err(MarkerError::Missing) => fs::remove_dir_all(left).map_err(Failure::io("remove", left)),
            Err(MarkerError::Unusable(_)) => Err(self.place.refuse(Refusal::WorkFolder(left.to_path_buf()))),
        }
    }

    /// The list of a site that was left; it lies outside it if it was being removed.
    fn list(&self, left: &Path) -> Result<BTreeSet<String>, MarkerError> {
        match marker::read(&left.join(MARKER)) {
            Err(MarkerError::Missing) => marker::read(&self.gone()),
            list => list,
        }
    }

    fn swept(&self, left: &Path) -> Result<(), Failure> {
        let stuck = WalkDir::new(left).into_iter().flatten().find(|entry| !entry.file_type().is_dir());
        match stuck {
            Some(entry) => Err(self.place.refuse(Refusal::WorkFolder(entry.into_path()))),
            None => Ok(()),
        }
    }
}

/// The lock's file goes first: whoever waited for it finds out, and starts over. The folder goes only if it is empty.
impl Drop for Work<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.place.work.join(LOCK));
        let _ = fs::remove_dir(&self.place.work);
    }
}

/// Anything, a dangling link too.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// A new folder; the umask may narrow its rights.
pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o755).create(path)
}

/// The lock, or none if another build has it.
fn acquire(place: &Place) -> Result<Option<File>, Failure> {
    match make_folder(&place.work) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Failure::io("write to", &place.parent)(error)),
        Err(_) if fs::symlink_metadata(&place.work).is_ok_and(|meta| !meta.is_dir()) => {
            return Err(place.refuse(Refusal::WorkFolder(place.work.clone())));
        }
        _ => {}
    }
    let path = place.work.join(LOCK);
    let file = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(Failure::io("open", &path))?,
    };
    match file.try_lock() {
        Ok(()) => Ok(is_at(&file, &path).then_some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Failure::io("lock", &path)(error)),
    }
}

/// False if the file was removed while we waited for it: then somebody else may hold its successor.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}
