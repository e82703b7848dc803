//! Where the site goes, and whether it may go there.
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Failure, Refusal, Target};

/// An output folder that is none of the folders it must stay away from. It need not exist, nor be ours.
#[derive(Debug)]
pub struct Place {
    /// The folder, links in the path to it resolved.
    pub out: PathBuf,
    /// The folder that holds it.
    pub parent: PathBuf,
    /// The folder in which builds do their work.
    pub work: PathBuf,
}

impl Place {
    pub fn of(target: &Target) -> Result<Place, Failure> {
        let out = resolve(&target.out).map_err(Failure::io("find", &target.out))?;
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(Failure::Refused(out, Refusal::TopOfDisk));
        };
        if let Some(why) = refusal(&out, target) {
            return Err(Failure::Refused(out, why));
        }
        let mut work = OsString::from(".journeybook-");
        work.push(name);
        Ok(Place { parent: parent.to_path_buf(), work: parent.join(work), out })
    }

    pub fn refuse(&self, why: Refusal) -> Failure {
        Failure::Refused(self.out.clone(), why)
    }
}

fn refusal(out: &Path, target: &Target) -> Option<Refusal> {
    let holds = |inner: &Path| real(inner).is_ok_and(|inner| inner.starts_with(out));
    if target.home.as_deref().is_some_and(holds) {
        return Some(Refusal::Home);
    }
    if holds(&target.root) {
        return Some(Refusal::Root);
    }
    if holds(&target.content) {
        return Some(Refusal::Content);
    }
    real(&target.content).is_ok_and(|content| out.starts_with(content)).then_some(Refusal::InContent)
}

/// A path with links resolved, but for its last part: whether that is a link is for others to judge.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok(real(parent)?.join(name)),
        _ => fs::canonicalize(path),
    }
}

/// A path with links resolved as far as it exists.
fn real(path: &Path) -> io::Result<PathBuf> {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Err(error), Some(parent), Some(name)) if error.kind() == io::ErrorKind::NotFound => Ok(real(parent)?.join(name)),
        (found, ..) => found,
    }
}
