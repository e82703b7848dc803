//! The step in which the new site takes the place of the old one, and the removal of what is no longer the site.
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use walkdir::{DirEntry, WalkDir};

use super::marker::{self, MARKER};
use super::standing::is_made;
use super::work::{Work, exists};
use super::{Failure, Refusal};

/// Puts the new site in place. Where a site stands, that is in the new one's folder afterwards, or in the work folder's `old`.
pub fn publish(work: &Work, site: bool) -> Result<(), Failure> {
    let (new, out) = (work.next(), &work.place.out);
    // An empty folder gives way to another one; one that got files in the meantime does not.
    let done = if site { exchange(&new, out, &work.old()) } else { fs::rename(&new, out) };
    done.map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => work.place.refuse(Refusal::MountPoint),
        _ => Failure::io("put the new site at", out)(error),
    })
}

/// Exchanges the two folders in one step; in two where the system knows no such step.
fn exchange(new: &Path, out: &Path, old: &Path) -> io::Result<()> {
    match renameat_with(CWD, new, CWD, out, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM) => exchange_in_two_steps(new, out, old),
        done => Ok(done?),
    }
}

/// A build that is killed between the two steps leaves the old site in `old`, from where the next build puts it back.
fn exchange_in_two_steps(new: &Path, out: &Path, old: &Path) -> io::Result<()> {
    fs::rename(out, old)?;
    fs::rename(new, out).inspect_err(|_| {
        let _ = fs::rename(old, out);
    })
}

/// Removes a site that no longer is one. What journeybook did not make is in the output folder as well, under another name of the
/// same file, or is moved there. If that is impossible it stays where it is, and the folders around it.
///
/// The list of what we made moves out first: a site without its list is never put back, and the list outlives a kill.
pub fn sweep(work: &Work, tree: &Path, made: &BTreeSet<String>) -> io::Result<()> {
    let (list, gone) = (tree.join(MARKER), work.gone());
    if exists(&list) {
        removable(&list, || fs::rename(&list, &gone))?;
    }
    for entry in WalkDir::new(tree).contents_first(true) {
        let entry = entry?;
        let path = entry.path().strip_prefix(tree).unwrap_or(entry.path());
        if entry.file_type().is_dir() {
            remove_folder(entry.path())?;
        } else if path.to_str().is_some_and(|path| is_made(&entry, path, made)) {
            remove_file(entry.path())?;
        } else {
            settle(&entry, path, &work.place.out)?;
        }
    }
    if exists(tree) { Ok(()) } else { fs::remove_file(gone) }
}

fn remove_file(path: &Path) -> io::Result<()> {
    removable(path, || fs::remove_file(path))
}

/// Folders that still hold something stay.
fn remove_folder(path: &Path) -> io::Result<()> {
    match removable(path, || fs::remove_dir(path)) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        done => done,
    }
}

/// Removes something from a folder that may be read-only: it is on its way out as well.
fn removable(path: &Path, remove: impl Fn() -> io::Result<()>) -> io::Result<()> {
    match (remove(), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
            remove()
        }
        (done, _) => done,
    }
}

/// What others made: one name of it is enough; it moves to where the site is now; of two versions, the later one is kept.
fn settle(entry: &DirEntry, path: &Path, out: &Path) -> io::Result<()> {
    let there = out.join(path);
    let Ok(now) = fs::symlink_metadata(&there) else {
        return carry(entry.path(), &there);
    };
    let left = entry.metadata()?;
    if (left.dev(), left.ino()) == (now.dev(), now.ino()) {
        return remove_file(entry.path());
    }
    let ours = marker::read(&out.join(MARKER)).is_ok_and(|made| path.to_str().is_some_and(|path| made.contains(path)));
    match (ours || now.is_dir(), left.modified()? > now.modified()?) {
        (true, _) => Ok(()),
        (false, true) => carry(entry.path(), &there),
        (false, false) => remove_file(entry.path()),
    }
}

fn carry(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    removable(from, || fs::rename(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_single_step_is_known_two_do_it() {
        let room = tempfile::tempdir().unwrap();
        let [new, out, old] = ["new", "out", "old"].map(|name| room.path().join(name));
        for (folder, text) in [(&new, "new"), (&out, "old")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("index.html"), text).unwrap();
        }
        exchange_in_two_steps(&new, &out, &old).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "new");
        assert_eq!(fs::read_to_string(old.join("index.html")).unwrap(), "old");
    }

    #[test]
    fn a_second_step_that_fails_is_undone() {
        let room = tempfile::tempdir().unwrap();
        let [new, out, old] = ["new", "out", "old"].map(|name| room.path().join(name));
        fs::create_dir(&out).unwrap();
        assert!(exchange_in_two_steps(&new, &out, &old).is_err());
        assert!(out.is_dir() && !old.exists());
    }
}
