//! What is shown at one time: one immutable site. Its pages are drawn when they are asked for, and remembered as long as it lasts.
use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use super::lock;
use super::page::with_script;
use crate::base::{Diagnostic, RelPath, Severity, Source};
use crate::site::{Page, RouteKind, Site};
use crate::theme::RenderError;
use crate::tree::{Disk, Stamp};

/// Most bytes of drawn pages that are remembered; a program that asks for all pages must not fill the memory.
const MOST_REMEMBERED: usize = 48 * 1024 * 1024;

/// A finding with the text that it speaks of.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The finding.
    pub finding: Diagnostic,
    /// The text.
    pub source: Source,
}

/// One immutable site with everything that is said of it.
pub struct Scene {
    /// Its number in the order of scenes.
    pub number: u64,
    /// The site.
    pub site: Site,
    /// The errors and warnings, sorted by file and place.
    pub told: Vec<Diagnostic>,
    /// The texts that they speak of.
    pub sources: Vec<Source>,
    /// How many files the handbook has.
    pub files: usize,
    disk: Disk,
    drawn: Mutex<Memory>,
    /// Templates that could not be drawn.
    undrawable: Mutex<Vec<Trouble>>,
    /// How many of these were told.
    told_undrawable: AtomicUsize,
}

#[derive(Default)]
struct Memory {
    pages: HashMap<RelPath, Arc<OnceLock<Drawing>>>,
    bytes: usize,
}

/// A page as it was drawn.
#[derive(Debug)]
pub struct Drawn {
    /// Its bytes as they are sent, with the script that keeps it fresh where it is a page.
    pub bytes: Arc<[u8]>,
    /// Its version, quoted; that of the bytes that `build` would write.
    pub version: String,
}

/// A page, or that its template cannot be drawn.
pub type Drawing = Result<Arc<Drawn>, Undrawable>;

/// A page's template cannot be drawn; why is told with the scene.
#[derive(Debug, Clone, Copy)]
pub struct Undrawable;

/// What an address answers with.
pub enum Found {
    /// A page or another file that is made.
    Made(Drawing),
    /// A file of the content folder, its size and its version.
    File(File, u64, String),
    /// A file of the content folder that is gone or cannot be read.
    Lost,
}

impl Scene {
    /// A scene of a site.
    pub fn new(number: u64, site: Site, disk: Disk, told: Vec<Diagnostic>, sources: Vec<Source>, files: usize) -> Scene {
        Scene {
            number,
            site,
            told,
            sources,
            files,
            disk,
            drawn: Mutex::default(),
            undrawable: Mutex::default(),
            told_undrawable: AtomicUsize::new(0),
        }
    }

    /// What is at an address of the site; none where there is no such address.
    pub fn find(&self, path: &RelPath) -> Option<Found> {
        let route = self.site.find(path)?;
        Some(match &route.kind {
            RouteKind::File(file) => self.file(file),
            _ => Found::Made(self.draw(path)),
        })
    }

    /// Where a former address leads to now, seen from there.
    pub fn redirect(&self, path: &RelPath) -> Option<String> {
        let RouteKind::Redirect(at) = &self.site.find(path)?.kind else { return None };
        let handbook = self.site.handbook();
        let redirect = handbook.redirects.get(*at)?;
        Some(crate::markup::encode_path(&handbook.node(redirect.to).url.relative_to(path)))
    }

    fn file(&self, path: &RelPath) -> Found {
        let stamp = self.disk.stamp(path);
        match (self.disk.open(path), stamp) {
            (Ok((file, length)), Some(stamp)) => Found::File(file, length, version_of(&stamp)),
            _ => Found::Lost,
        }
    }

    /// A page as it is sent. Two who ask at once wait for one drawing.
    pub fn draw(&self, path: &RelPath) -> Drawing {
        let place = self.remembered().pages.entry(path.clone()).or_default().clone();
        place.get_or_init(|| self.draw_now(path)).clone()
    }

    fn draw_now(&self, path: &RelPath) -> Drawing {
        let Some(route) = self.site.find(path) else { return Err(Undrawable) };
        let bytes = match self.site.render(route) {
            Ok(Page::Bytes(bytes)) => bytes,
            Ok(Page::CopyOf(_)) => return Err(Undrawable),
            Err(error) => return Err(self.give_up(error)),
        };
        let drawn = drawn(&bytes, path);
        self.remember(path, drawn.bytes.len());
        Ok(Arc::new(drawn))
    }

    /// The page for an address where there is none.
    pub fn missing(&self, at: &RelPath) -> Drawing {
        let text = self.site.missing(at).map_err(|error| self.give_up(error))?;
        Ok(Arc::new(drawn(text.as_bytes(), &RelPath::new("404.html").unwrap_or_else(|_| RelPath::root()))))
    }

    /// What cannot be drawn, as far as anybody has tried.
    pub fn undrawable(&self) -> Vec<Trouble> {
        lock(&self.undrawable).clone()
    }

    /// The same, as far as nobody was told yet.
    pub fn newly_undrawable(&self) -> Vec<Trouble> {
        let all = self.undrawable();
        let told = self.told_undrawable.swap(all.len(), Ordering::SeqCst);
        all.into_iter().skip(told).collect()
    }

    /// The errors: what keeps `build` from writing.
    pub fn errors(&self) -> Vec<Trouble> {
        let error = |finding: &&Diagnostic| finding.severity == Severity::Error;
        let trouble = |finding: &Diagnostic| Trouble { finding: finding.clone(), source: self.source(&finding.file) };
        self.told.iter().filter(error).map(trouble).chain(self.undrawable()).collect()
    }

    /// The text that a finding speaks of; empty where it could not be read.
    pub fn source(&self, path: &RelPath) -> Source {
        let found = self.sources.iter().find(|source| source.path == *path).cloned();
        found.unwrap_or_else(|| Source::new(path.clone(), ""))
    }

    fn give_up(&self, error: RenderError) -> Undrawable {
        let trouble = Trouble::from(error);
        let mut known = lock(&self.undrawable);
        // One template draws many pages: it is told for the first of them.
        let is_same =
            |other: &Trouble| (&other.finding.file, other.finding.span.start) == (&trouble.finding.file, trouble.finding.span.start);
        if !known.iter().any(is_same) {
            known.push(trouble);
        }
        Undrawable
    }

    fn remember(&self, path: &RelPath, bytes: usize) {
        let mut memory = self.remembered();
        memory.bytes += bytes;
        if memory.bytes > MOST_REMEMBERED {
            memory.bytes = bytes;
            memory.pages.retain(|other, _| other == path);
        }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Memory> {
        lock(&self.drawn)
    }
}

fn drawn(bytes: &[u8], path: &RelPath) -> Drawn {
    let version = format!("\"{}\"", &blake3::hash(bytes).to_hex()[..20]);
    let is_page = matches!(path.extension().as_str(), "html" | "htm");
    let bytes = if is_page { with_script(bytes, &version) } else { Arc::from(bytes) };
    Drawn { bytes, version }
}

/// The version of a file that nobody read: what the disk says of it.
fn version_of(stamp: &Stamp) -> String {
    format!("\"{}\"", &blake3::hash(format!("{stamp:?}").as_bytes()).to_hex()[..20])
}
