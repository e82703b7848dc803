//! What the new site is to hold, and what stands in the output folder now.
use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use walkdir::{DirEntry, WalkDir};

use super::marker::{self, MARKER, MarkerError};
use super::place::Place;
use super::{Failure, Refusal};
use crate::base::RelPath;

/// The files and folders of a site, by path.
#[derive(Debug)]
pub struct Layout<'a> {
    /// Its files, without the list of them.
    pub files: BTreeSet<&'a str>,
    /// Its folders, outer ones before inner ones.
    pub folders: BTreeSet<&'a str>,
}

/// What stands in the output folder.
#[derive(Debug, Default)]
pub struct Standing {
    /// The last site, if there is one.
    pub site: bool,
    /// The files that journeybook says it made.
    pub made: BTreeSet<String>,
    /// Those of them that are there.
    pub present: BTreeSet<String>,
    /// What others put there: folders before what is in them.
    pub foreign: Vec<Foreign>,
}

/// Something that journeybook did not make.
#[derive(Debug)]
pub struct Foreign {
    /// Its path in the output folder.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub folder: bool,
}

impl<'a> Layout<'a> {
    /// Refuses two files of one address, and a file where a folder has to be.
    pub fn of(paths: &'a [RelPath], out: &Path) -> Result<Layout<'a>, Failure> {
        let collision = |path: &str| Failure::Refused(out.to_path_buf(), Refusal::Collision(path.to_owned()));
        let mut layout = Layout { files: BTreeSet::new(), folders: BTreeSet::new() };
        for path in paths {
            let path = path.as_str();
            if path.is_empty() || path == MARKER || !layout.files.insert(path) {
                return Err(collision(path));
            }
            layout.folders.extend(folders(path));
        }
        match layout.files.intersection(&layout.folders).next() {
            Some(path) => Err(collision(path)),
            None => Ok(layout),
        }
    }
}

/// The folders that a path lies in.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

impl Standing {
    /// Looks at the output folder, and refuses what journeybook must not write to.
    pub fn inspect(place: &Place, layout: &Layout) -> Result<Standing, Failure> {
        let meta = match fs::symlink_metadata(&place.out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::default()),
            meta => meta.map_err(Failure::io("look at", &place.out))?,
        };
        if let Some(why) = unfit(place, &meta) {
            return Err(place.refuse(why));
        }
        access(&place.out, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| Failure::io("write to", &place.out)(error.into()))?;
        match marker::read(&place.out.join(MARKER)) {
            Ok(made) => survey(place, layout, made, meta.dev()),
            Err(MarkerError::Missing) => empty(place),
            Err(MarkerError::Unusable(why)) => Err(place.refuse(Refusal::Marker(why))),
        }
    }
}

fn unfit(place: &Place, meta: &Metadata) -> Option<Refusal> {
    if meta.is_symlink() {
        return Some(Refusal::Link);
    }
    if !meta.is_dir() {
        return Some(Refusal::NotAFolder);
    }
    fs::metadata(&place.parent).is_ok_and(|parent| parent.dev() != meta.dev()).then_some(Refusal::MountPoint)
}

/// A folder without a list is ours only if there is nothing in it.
fn empty(place: &Place) -> Result<Standing, Failure> {
    let walk = WalkDir::new(&place.out).min_depth(1).max_depth(1).sort_by_file_name();
    match walk.into_iter().next() {
        None => Ok(Standing::default()),
        Some(Ok(entry)) => Err(place.refuse(Refusal::Foreign(entry.file_name().into()))),
        Some(Err(error)) => Err(Failure::io("read", &place.out)(error.into())),
    }
}

fn survey(place: &Place, layout: &Layout, made: BTreeSet<String>, device: u64) -> Result<Standing, Failure> {
    let made_folders: BTreeSet<&str> = made.iter().flat_map(|path| folders(path)).collect();
    let (mut present, mut foreign) = (BTreeSet::new(), Vec::new());
    for entry in WalkDir::new(&place.out).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(place, error))?;
        let path = entry.path().strip_prefix(&place.out).unwrap_or(entry.path());
        if entry.file_type().is_dir() && is_elsewhere(&entry, device) {
            return Err(place.refuse(Refusal::InTheWay(path.to_path_buf())));
        }
        match path.to_str() {
            Some(path) if is_made(&entry, path, &made) => {
                present.insert(path.to_owned());
            }
            Some(MARKER) => {}
            Some(path) if entry.file_type().is_dir() && made_folders.contains(path) => {}
            _ => foreign.push(Foreign { path: path.to_path_buf(), folder: entry.file_type().is_dir() }),
        }
    }
    match foreign.iter().find(|foreign| foreign.hinders(layout)) {
        Some(foreign) => Err(place.refuse(Refusal::InTheWay(foreign.path.clone()))),
        None => Ok(Standing { site: true, made, present, foreign }),
    }
}

/// We make plain files only: a link or a folder with the name of one of ours is somebody else's.
pub fn is_made(entry: &DirEntry, path: &str, made: &BTreeSet<String>) -> bool {
    entry.file_type().is_file() && made.contains(path)
}

fn is_elsewhere(entry: &DirEntry, device: u64) -> bool {
    entry.metadata().is_ok_and(|meta| meta.dev() != device)
}

fn unreadable(place: &Place, error: walkdir::Error) -> Failure {
    let path = error.path().unwrap_or(&place.out).to_path_buf();
    Failure::io("read", &path)(error.into())
}

impl Foreign {
    /// True if a file or a folder of the new site has to go where it stands, or where one of its folders stands.
    fn hinders(&self, layout: &Layout) -> bool {
        let name = |path: &Path| path.to_str().map(str::to_owned);
        let is_file = |path: &Path| name(path).is_some_and(|name| layout.files.contains(name.as_str()));
        let is_folder = |path: &Path| name(path).is_some_and(|name| layout.folders.contains(name.as_str()));
        self.path.ancestors().any(is_file) || (!self.folder && is_folder(&self.path))
    }
}
