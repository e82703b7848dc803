//! A save, shown sooner. While it is waited whether an editor writes any more, what it has written is read and the scene made that is
//! shown if nothing else happens. A guess changes nothing until it is taken; and whatever was guessed, everything is looked at soon
//! after. So it cannot be shown for longer than that what lies elsewhere on disk was not.
use std::collections::BTreeSet;
use std::sync::Arc;

use super::engine::{Engine, Update};
use super::kept::{is_broken, is_same};
use super::scene::Scene;
use super::shown::Shown;
use crate::base::RelPath;
use crate::document::Document;
use crate::handbook::{Direct, Reader};
use crate::tree::Stamp;

/// Most files that are guessed about: of more, a tool is writing, and goes on.
const MOST: usize = 16;

/// What is shown next, if nothing else happens.
pub struct Guess {
    /// The scene.
    pub scene: Arc<Scene>,
    shown: Shown,
    saved: Vec<Saved>,
}

/// A page that was well and is well, and says something else.
struct Saved {
    document: Arc<Document>,
    /// From before it was read.
    stamp: Stamp,
}

/// What became of a file that somebody named.
enum Became {
    /// It is not there, or what it was.
    Nothing,
    /// A page was saved.
    Saved(Saved),
    /// Whatever it is, it has to be looked at with everything else.
    Else,
}

impl Engine {
    /// What is shown next, if these files were saved and nothing else happens; none where that is not the whole matter.
    pub fn guess(&self, named: &BTreeSet<RelPath>) -> Option<Guess> {
        if named.len() > MOST || (self.wanted.today)() != self.day {
            return None;
        }
        let mut saved = Vec::new();
        for path in named {
            match self.became(path) {
                Became::Nothing => {}
                Became::Saved(page) => saved.push(page),
                Became::Else => return None,
            }
        }
        let before = self.shown.as_ref().filter(|_| !saved.is_empty())?;
        let corpus = before.corpus.exchanged(saved.iter().map(|page| &page.document))?;
        let shown = before.after(corpus, self.wanted.scope.clone(), self.history.clone(), self.day);
        let theme = self.worn(&shown.handbook)?.clone();
        Some(Guess { scene: self.scene_of(&shown, theme, self.number + 1), shown, saved })
    }

    fn became(&self, path: &RelPath) -> Became {
        let Some(stamp) = self.disk.stamp(path) else {
            return if self.seen.stamp(path).is_none() { Became::Nothing } else { Became::Else };
        };
        // Editors empty a file before they write it.
        let Some(before) = self.kept.well(path).filter(|_| stamp.length > 0) else { return Became::Else };
        let document = Direct(&self.disk).document(path, &self.book.settings);
        match is_broken(&document) {
            true => Became::Else,
            false if is_same(before, &document) => Became::Nothing,
            false => Became::Saved(Saved { document, stamp }),
        }
    }

    /// Shows what was guessed, if the files are still the ones that were read.
    pub fn take(&mut self, guess: Guess) -> Option<Update> {
        let Guess { scene, shown, saved } = guess;
        let is_still = |page: &Saved| self.disk.stamp(&page.document.source.path) == Some(page.stamp);
        if scene.number != self.number + 1 || !saved.iter().all(is_still) {
            return None;
        }
        self.number += 1;
        self.shown = Some(shown);
        let mut files = BTreeSet::new();
        for Saved { document, stamp } in saved {
            let path = document.source.path.clone();
            self.seen.note(&path, stamp);
            self.kept.take_page(&path, Some(document));
            files.insert(path);
        }
        self.fresh.extend(files.iter().cloned());
        Some(Update { scene, files, notes: Vec::new() })
    }
}
