//! The writer of the site. The output folder is at all times one whole site: the old one or the new one.
//!
//! A build never touches the site that is there. It makes the new one in a work folder beside it, on the same file system:
//! files that did not change are hard links to the old ones, so they keep their time and cost no bytes. When everything is
//! there, the two folders change places in one step, and the old one is removed. A build that is killed, or that runs out of
//! disk, leaves the old site as it was; the next build clears away what it left.
//!
//! Nothing that journeybook did not make is deleted or overwritten. A list in the site (`marker`) says what is ours; what
//! else lies there is carried along, and what stands in a page's way is a reason to refuse.
// The disk writer may touch the disk: what `clippy.toml` bans elsewhere is at home here.
#![allow(clippy::disallowed_methods)]

mod error;
mod marker;
mod place;
mod stage;
mod standing;
mod swap;
mod work;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

pub use error::{Failure, PublishError, Refusal};
pub use marker::MARKER;

use crate::base::RelPath;
use place::Place;
use stage::Stage;
use standing::{Layout, Standing};
use work::Work;

/// How long a build waits for another one that writes to the same folder, unless told otherwise.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where the site goes, and the folders that it must stay away from.
#[derive(Debug, Clone)]
pub struct Target {
    /// The output folder; it need not exist.
    pub out: PathBuf,
    /// The handbook's root.
    pub root: PathBuf,
    /// The handbook's content folder.
    pub content: PathBuf,
    /// The home folder of whoever runs the build, if there is one.
    pub home: Option<PathBuf>,
    /// How long to wait for another build that writes to the same folder.
    pub patience: Duration,
}

/// What goes into a file of the site.
pub enum Content<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of that file.
    CopyOf(PathBuf),
    /// What this writes, piece by piece; each time the same.
    Poured(Box<Pour<'a>>),
}

/// Writes a file that need not be in memory as a whole.
pub type Pour<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + Send + Sync + 'a;

/// What a build did to the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that are new, or differ from what was there.
    pub written: usize,
    /// Files that did not change.
    pub kept: usize,
    /// Files of the last site that this one no longer has.
    pub removed: usize,
    /// Files and folders of others that were carried along.
    pub foreign: usize,
    /// What went wrong once the new site stood: sentences for people.
    pub notes: Vec<String>,
}

/// Makes the site of these paths and puts it in place of the one that is there.
///
/// `make` is called once for each path, with its index, on rayon's global pool; each result goes to disk at once, so memory does
/// not grow with the site. If it fails for several paths, the first of them is told, and the site stays as it was.
pub fn publish<'a, E: Send>(
    target: &Target,
    paths: &[RelPath],
    make: &(dyn Fn(usize) -> Result<Content<'a>, E> + Sync),
) -> Result<Report, PublishError<E>> {
    let layout = Layout::of(paths, &target.out)?;
    let place = Place::of(target)?;
    let work = Work::begin(&place, target.patience)?;
    let standing = Standing::inspect(&place, &layout)?;
    let stage = Stage::open(&work, &standing, &layout)?;
    let broken = (0..paths.len()).into_par_iter().find_map_first(|at| one(&stage, &paths[at], at, make).err());
    if let Some(error) = broken {
        return Err(error);
    }
    Ok(stage.finish(&layout)?)
}

fn one<'a, E>(
    stage: &Stage,
    path: &RelPath,
    at: usize,
    make: &(dyn Fn(usize) -> Result<Content<'a>, E> + Sync),
) -> Result<(), PublishError<E>> {
    let content = make(at).map_err(|error| PublishError::Page(path.clone(), error))?;
    Ok(stage.put(path.as_str(), &content)?)
}
