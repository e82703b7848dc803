//! What was read, kept as long as its file is the same.
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::lock;
use crate::base::{RelPath, Source};
use crate::document::Document;
use crate::handbook::{Direct, Reader, Settings};
use crate::tree::{Disk, Tree, TreeError};

/// Largest file whose bytes are compared; of larger ones a new stamp means a new file.
const COMPARED: u64 = 16 * 1024 * 1024;

/// What was read.
#[derive(Default)]
pub struct Kept {
    pages: HashMap<RelPath, Page>,
    visits: HashMap<RelPath, Result<Arc<Document>, TreeError>>,
    tables: Mutex<HashMap<RelPath, Result<Source, TreeError>>>,
    images: Mutex<HashMap<RelPath, Option<(usize, usize)>>>,
    /// Of files that changed once: most never do, and need not be read for it.
    hashes: HashMap<RelPath, blake3::Hash>,
}

/// A Markdown file. While it is broken its last good version is shown, so that neither its page nor what others say of it goes
/// away under the author's hands.
#[derive(Clone)]
struct Page {
    now: Arc<Document>,
    good: Option<Arc<Document>>,
}

impl Page {
    fn shown(&self) -> &Arc<Document> {
        self.good.as_ref().unwrap_or(&self.now)
    }
}

impl Kept {
    /// Reads these Markdown files anew under other settings, from what is kept of them, and forgets all others.
    pub fn reread(&mut self, settings: &Settings, files: &[RelPath]) {
        let again = |document: &Document| Arc::new(Document::parse(document.source.clone(), &settings.content, settings.markup));
        let page = |(path, page): (RelPath, Page)| {
            let now = again(&page.now);
            let good = if is_broken(&now) { page.good.as_deref().map(again) } else { Some(now.clone()) };
            (path, Page { now, good })
        };
        let pages =
            std::mem::take(&mut self.pages).into_par_iter().filter(|(path, _)| files.binary_search(path).is_ok()).map(page).collect();
        *self = Kept { pages, ..Kept::default() };
    }

    /// Whether a Markdown file was read.
    pub fn knows(&self, path: &RelPath) -> bool {
        self.pages.contains_key(path)
    }

    /// Reads these files again. What is left is what was really changed.
    pub fn read(&mut self, disk: &Disk, settings: &Settings, files: BTreeSet<RelPath>) -> BTreeSet<RelPath> {
        let tables: BTreeSet<&RelPath> = settings.visits.iter().map(|(path, _)| path).collect();
        let is_page = |path: &RelPath| path.extension() == "md" && path.below(&settings.content).is_some() && !tables.contains(path);
        let (pages, others): (Vec<RelPath>, Vec<RelPath>) = files.into_iter().partition(is_page);
        let mut changed = self.read_pages(disk, settings, pages);
        for path in others {
            if self.is_other(disk, &path) {
                self.visits.remove(&path);
                lock(&self.tables).remove(&path);
                lock(&self.images).remove(&path);
                changed.insert(path);
            }
        }
        changed
    }

    /// Reads these Markdown files; which of them were really changed.
    pub fn read_pages(&mut self, disk: &Disk, settings: &Settings, paths: Vec<RelPath>) -> BTreeSet<RelPath> {
        let pages = paths.into_par_iter().filter(|path| path.extension() == "md");
        let read = |path: RelPath| {
            let document = disk.stamp(&path).map(|_| Direct(disk).document(&path, settings));
            (path, document)
        };
        let read: Vec<(RelPath, Option<Arc<Document>>)> = pages.map(read).collect();
        read.into_iter().filter_map(|(path, document)| self.take_page(&path, document).then_some(path)).collect()
    }

    /// A page as it is kept, where it is well.
    pub fn well(&self, path: &RelPath) -> Option<&Arc<Document>> {
        self.pages.get(path).map(|page| &page.now).filter(|now| !is_broken(now))
    }

    /// Takes what was read of a page, or that it is gone; whether that is news.
    pub fn take_page(&mut self, path: &RelPath, document: Option<Arc<Document>>) -> bool {
        let Some(now) = document else { return self.pages.remove(path).is_some() };
        let before = self.pages.get(path);
        if before.is_some_and(|before| is_same(&before.now, &now)) {
            return false;
        }
        let good = if is_broken(&now) { before.and_then(|before| before.good.clone()) } else { Some(now.clone()) };
        self.pages.insert(path.clone(), Page { now, good });
        true
    }

    /// Whether a file's bytes are other ones than the last time that it was looked at.
    fn is_other(&mut self, disk: &Disk, path: &RelPath) -> bool {
        let hash = disk.read(path, COMPARED).ok().map(|bytes| blake3::hash(&bytes));
        match hash {
            Some(hash) => self.hashes.insert(path.clone(), hash) != Some(hash),
            None => {
                self.hashes.remove(path);
                true
            }
        }
    }

    /// The broken files of which an earlier version is shown.
    pub fn broken(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.pages.values().filter(|page| page.good.is_some() && is_broken(&page.now)).map(|page| &page.now)
    }

    /// A reader that reads only what is not kept.
    pub fn reader<'k>(&'k mut self, disk: &'k Disk, settings: &Settings) -> impl Reader + use<'k> {
        for (path, _) in &settings.visits {
            self.visits.entry(path.clone()).or_insert_with(|| Direct(disk).visits(path, settings));
        }
        Keeping { kept: self, direct: Direct(disk) }
    }
}

/// Whether a file could not be read as it was meant.
pub fn is_broken(document: &Document) -> bool {
    document.entities.iter().any(|entity| entity.broken)
}

/// Whether two readings of a file came to the same.
pub fn is_same(a: &Document, b: &Document) -> bool {
    let said = |document: &Document| document.diagnostics.first().map(|finding| finding.message.clone());
    a.source.text == b.source.text && is_broken(a) == is_broken(b) && (!is_broken(a) || said(a) == said(b))
}

struct Keeping<'k> {
    kept: &'k Kept,
    direct: Direct<'k>,
}

impl Reader for Keeping<'_> {
    fn document(&self, path: &RelPath, settings: &Settings) -> Arc<Document> {
        self.kept.pages.get(path).map_or_else(|| self.direct.document(path, settings), |page| page.shown().clone())
    }

    fn visits(&self, path: &RelPath, settings: &Settings) -> Result<Arc<Document>, TreeError> {
        self.kept.visits.get(path).cloned().unwrap_or_else(|| self.direct.visits(path, settings))
    }

    fn table(&self, path: &RelPath) -> Result<Source, TreeError> {
        if let Some(kept) = lock(&self.kept.tables).get(path) {
            return kept.clone();
        }
        let read = self.direct.table(path);
        lock(&self.kept.tables).insert(path.clone(), read.clone());
        read
    }

    fn image(&self, path: &RelPath) -> Option<(usize, usize)> {
        if let Some(kept) = lock(&self.kept.images).get(path) {
            return *kept;
        }
        let size = self.direct.image(path);
        lock(&self.kept.images).insert(path.clone(), size);
        size
    }

    fn has(&self, path: &RelPath) -> bool {
        self.direct.has(path)
    }

    fn siblings(&self, path: &RelPath) -> Vec<RelPath> {
        self.direct.siblings(path)
    }
}
