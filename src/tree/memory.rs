//! Files in memory: for tests, and for whoever has no disk.
use std::collections::BTreeMap;

use super::{Listing, Tree, TreeError};
use crate::base::RelPath;

/// Files by path.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    files: BTreeMap<RelPath, Vec<u8>>,
}

impl Memory {
    /// A tree of these files.
    pub fn new<B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (RelPath, B)>) -> Memory {
        Memory { files: files.into_iter().map(|(path, bytes)| (path, bytes.into())).collect() }
    }
}

impl Tree for Memory {
    fn list(&self, folder: &RelPath) -> Listing {
        Listing { files: self.files.keys().filter(|path| path.below(folder).is_some()).cloned().collect(), problems: Vec::new() }
    }

    fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, TreeError> {
        let bytes = self.files.get(path).ok_or(TreeError::Missing)?;
        if bytes.len() as u64 > limit {
            return Err(TreeError::TooLarge(bytes.len() as u64));
        }
        Ok(bytes.clone())
    }
}

/// A tree with some of its files replaced.
pub struct Overlay<'t> {
    /// What lies above.
    pub over: Memory,
    /// What is seen where nothing lies above.
    pub under: &'t dyn Tree,
}

impl Tree for Overlay<'_> {
    fn list(&self, folder: &RelPath) -> Listing {
        let mut listing = self.under.list(folder);
        listing.files.extend(self.over.list(folder).files);
        listing.files.sort();
        listing.files.dedup();
        listing
    }

    fn read(&self, path: &RelPath, limit: u64) -> Result<Vec<u8>, TreeError> {
        match self.over.read(path, limit) {
            Err(TreeError::Missing) => self.under.read(path, limit),
            found => found,
        }
    }
}
