//! Two handbooks compared as models: what changed, for whom, and whether it is better.
//!
//! Both sides are linked handbooks, from wherever they come. What comes out knows nothing of either any more but the numbers of the
//! newer side's entities, so that pages can link to them.
mod effects;
mod entities;
mod findings;
mod json;
mod markdown;
mod owners;
mod pair;
mod parts;
mod prose;
mod rows;
mod say;
mod terminal;
mod value;
mod wording;

use std::collections::HashMap;

pub use effects::{Effects, Measure, MeasureKey, Ripple};
pub use entities::{BacklogChange, CurveChange, CurveStep, EntityChange, Thing};
pub use findings::Finding;
pub use json::json;
pub use markdown::markdown;
pub use owners::Reviewer;
pub use pair::How;
pub use parts::{Moved, PartChange, PartThing};
pub use prose::ProseChange;
pub use rows::{Name, Row, Tone, What};
pub use say::Say;
pub use terminal::terminal;
pub use value::{End, Form, Value};
pub use wording::{Fate, Piece};

use crate::base::{Diagnostic, RelPath};
use crate::handbook::{Handbook, Ix};
use crate::markup;
use crate::model::{Book, Decoder, RecordExt};
use crate::tree::Differing;

/// One side: a handbook and what is said of it.
#[derive(Clone, Copy)]
pub struct Side<'h> {
    /// The handbook.
    pub handbook: &'h Handbook,
    /// What is said of it.
    pub findings: &'h [Diagnostic],
}

/// What is known of the files beside what is in them.
#[derive(Debug, Default)]
pub struct Known {
    /// What git says; nothing where the sides come from elsewhere.
    pub git: Option<Differing>,
    /// Copied files that are on both sides and not the same there.
    pub files: Vec<RelPath>,
}

impl Known {
    fn renames(&self) -> impl Iterator<Item = (&RelPath, &RelPath)> {
        self.git.iter().flat_map(|git| git.renames.iter().map(|(from, to)| (from, to)))
    }

    /// Whether a file may differ: git's settings for ends of lines may change what lies on the disk, which is no change.
    fn may_differ(&self, path: &RelPath) -> bool {
        self.git.as_ref().is_none_or(|git| git.holds(path))
    }
}

/// What a side is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    /// As it was written: a branch, a folder; empty for the files as they are now.
    pub name: String,
    /// The commit's full id; empty where it is none.
    pub commit: String,
    /// The day of the commit, as `YYYY-MM-DD`.
    pub date: String,
}

/// What changed from one handbook to another.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The older side.
    pub base: Revision,
    /// The newer side.
    pub head: Revision,
    /// Entities that came, went or changed, by type and id.
    pub entities: Vec<EntityChange>,
    /// How many entities are on both sides and mean the same.
    pub same: usize,
    /// What changed in the handbook's settings.
    pub settings: Vec<Row>,
    /// What changed in backlogs' files besides their items.
    pub backlogs: Vec<BacklogChange>,
    /// Copied files, such as pictures.
    pub files: Vec<FileChange>,
    /// Files that are written otherwise and mean the same.
    pub reformatted: Vec<RelPath>,
    /// What follows.
    pub effects: Effects,
    /// Findings that this change brings.
    pub introduced: Vec<Finding>,
    /// Findings that this change does away with.
    pub cured: Vec<Finding>,
    /// Who should look.
    pub reviewers: Vec<Reviewer>,
    /// The places of the changes, by the newer side's entities.
    places: HashMap<Ix, usize>,
}

/// A file that pages refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where it lies.
    pub path: RelPath,
    /// What becomes of it.
    pub fate: Fate,
}

/// Compares two handbooks.
pub fn compare(base: Side<'_>, head: Side<'_>, known: &Known) -> Comparison {
    let pairing = pair::pair(base, head, known);
    let changes = entities::changes(base, head, known, &pairing);
    let (introduced, cured) = findings::compare(base, head, &pairing);
    let mut out = Comparison {
        same: pairing.pairs.len() - changes.entities.iter().filter(|change| change.fate == Fate::Same).count(),
        settings: settings(base.handbook, head.handbook),
        backlogs: entities::backlogs(base.handbook, head.handbook),
        files: files(base.handbook, head.handbook, known),
        reformatted: changes.reformatted,
        effects: effects::compare(base, head, &pairing, &changes.entities),
        introduced,
        cured,
        ..Comparison::default()
    };
    out.reformatted.retain(|path| !out.backlogs.iter().any(|backlog| backlog.path == *path));
    out.reviewers = owners::reviewers(base.handbook, head.handbook, &changes.entities);
    out.entities = changes.entities;
    out.places = out.entities.iter().enumerate().filter_map(|(at, change)| Some((change.after.as_ref()?.ix, at))).collect();
    out
}

/// Which entity of the older side is which of the newer, whatever is said of them.
pub fn pairs(base: &Handbook, head: &Handbook, known: &Known) -> Vec<(Ix, Ix)> {
    let side = |handbook| Side { handbook, findings: &[] };
    pair::pair(side(base), side(head), known).pairs.into_iter().map(|(was, (is, _))| (was, is)).collect()
}

impl Comparison {
    /// Whether nothing at all is different, the way of writing apart.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
            && self.settings.is_empty()
            && self.backlogs.is_empty()
            && self.files.is_empty()
            && self.introduced.is_empty()
            && self.cured.is_empty()
    }

    /// How many entities came, changed and went.
    pub fn counts(&self) -> [usize; 3] {
        [Fate::Added, Fate::Same, Fate::Removed].map(|fate| self.entities.iter().filter(|change| change.fate == fate).count())
    }

    /// The change of an entity of the newer side.
    pub fn of(&self, ix: Ix) -> Option<&EntityChange> {
        self.places.get(&ix).and_then(|at| self.entities.get(*at))
    }
}

/// What changed in `book.toml`.
fn settings(base: &Handbook, head: &Handbook) -> Vec<Row> {
    let (old, new) = (book(base), book(head));
    let read = |handbook, book| rows::Read { reader: value::Reader::of_file(handbook, None), record: book };
    rows::rows(Some(read(base, &old)), Some(read(head, &new)), &[])
}

fn book(handbook: &Handbook) -> Book {
    let source = &handbook.settings.source;
    let Ok(node) = crate::document::parse_toml(&source.text) else { return Book::default() };
    Book::decode_record(&node, &mut Decoder::new(source, markup::Options::default())).unwrap_or_default()
}

/// Copied files that came, went or differ.
fn files(base: &Handbook, head: &Handbook, known: &Known) -> Vec<FileChange> {
    let (old, new) = (&base.files, &head.files);
    let only = |these: &[RelPath], others: &[RelPath], fate| {
        let missing = these.iter().filter(|path| others.binary_search(path).is_err());
        missing.map(|path| FileChange { path: path.clone(), fate }).collect::<Vec<_>>()
    };
    let mut out = only(new, old, Fate::Added);
    out.extend(only(old, new, Fate::Removed));
    let kept = known.files.iter().filter(|path| new.binary_search(path).is_ok());
    out.extend(kept.map(|path| FileChange { path: path.clone(), fate: Fate::Same }));
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}
