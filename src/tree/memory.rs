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
