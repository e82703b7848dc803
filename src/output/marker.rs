//! The list, in the site itself, of the files that journeybook made. Because it changes places together with the site, it is
//! always true of the site that it lies in.
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The name of the list.
pub const MARKER: &str = ".journeybook";

const FORMAT: u32 = 1;
const ABOUT: &str = "journeybook made the files listed here; its next build replaces or removes them, and keeps everything else.";

/// Why there is no list.
#[derive(Debug)]
pub enum MarkerError {
    /// There is none.
    Missing,
    /// It cannot be used; why.
    Unusable(String),
}

#[derive(Serialize, Deserialize)]
struct Marker {
    journeybook: u32,
    about: String,
    files: BTreeSet<String>,
}

/// The list as bytes. One path to a line, so that a change of it reads well.
pub fn write<'a>(files: impl Iterator<Item = &'a str>) -> io::Result<Vec<u8>> {
    let marker = Marker { journeybook: FORMAT, about: ABOUT.to_owned(), files: files.map(str::to_owned).collect() };
    let mut bytes = serde_json::to_vec_pretty(&marker)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The files that a list says journeybook made.
pub fn read(path: &Path) -> Result<BTreeSet<String>, MarkerError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(MarkerError::Missing),
        Ok(meta) if !meta.is_file() => return Err(MarkerError::Unusable("it is no plain file".into())),
        _ => {}
    }
    let bytes = fs::read(path).map_err(|error| MarkerError::Unusable(error.to_string()))?;
    let marker: Marker = serde_json::from_slice(&bytes).map_err(|error| MarkerError::Unusable(error.to_string()))?;
    match marker.journeybook {
        FORMAT => Ok(marker.files),
        _ => Err(MarkerError::Unusable("another version of journeybook wrote it".into())),
    }
}
