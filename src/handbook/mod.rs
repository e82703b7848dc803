//! The whole handbook: every entity, every reference resolved, and the same references from the other end.
mod again;
mod cells;
mod check;
mod corpus;
mod index;
mod labels;
mod link;
mod resolve;
mod settings;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

pub use corpus::{Corpus, CorpusError, Direct, Reader, read_document, read_settings};
pub use labels::Label;
pub use link::{Scope, Withheld};
pub use settings::{BOOK, Settings};
pub use table::Value;

pub use crate::tree::{Authors, Change, History};

use crate::base::{Diagnostic, RelPath, Span};
use crate::document::{Document, Entity};
use crate::model::{CustomerTerm, Data, Part, PartDecl, Phase, RawLink, Ref, Step, Type};

/// The number of an entity: its place in [`Handbook::entities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ix(pub u32);

/// A linked handbook. Immutable: an edit makes a new one.
#[derive(Debug)]
pub struct Handbook {
    /// The settings.
    pub settings: Arc<Settings>,
    /// The documents that this build may see.
    pub documents: Vec<Arc<Document>>,
    /// All entities, sorted by type and id.
    pub entities: Vec<Node>,
    /// Files that pages refer to, to be copied.
    pub files: Vec<RelPath>,
    /// Sizes of images.
    pub images: BTreeMap<RelPath, (usize, usize)>,
    /// Values of metrics from their files and tables, in order of date.
    pub series: BTreeMap<Ix, Vec<Value>>,
    /// The files of backlogs, whose own texts may hold links too.
    pub backlogs: Vec<Backlog>,
    /// Former addresses and what they lead to now.
    pub redirects: Vec<Redirect>,
    /// Problems of single files, of references, and of both together.
    pub diagnostics: Vec<Diagnostic>,
    /// When files were last changed.
    pub history: Arc<History>,
    /// What this build shows.
    pub scope: Scope,
    /// Texts of files that could not be read as they were meant: what they mention may be referred to.
    pub unread: Vec<Arc<Document>>,
    index: Arc<index::Index>,
    labels: Arc<labels::Labels>,
    known: again::Known,
    /// For each type, the number of its first entity; then that of the last one of all and one.
    starts: Vec<u32>,
}

/// An entity in the handbook.
#[derive(Debug, Clone)]
pub struct Node {
    /// The document it stands in.
    pub document: Arc<Document>,
    /// The entity itself.
    pub entity: Arc<Entity>,
    /// Where the document's links that belong to it lead; the index is the link's number among them.
    pub targets: Arc<[Target]>,
    /// Its place among the document's entities.
    pub item: u32,
    /// The document's number of this entity's first link.
    pub first_link: u32,
    /// Who refers to it, in order.
    pub backlinks: Arc<[Backlink]>,
    /// Its page, relative to the site's root.
    pub url: RelPath,
}

/// A backlog's file: what it says besides its items.
#[derive(Debug)]
pub struct Backlog {
    /// The document it is.
    pub document: Arc<Document>,
    /// Where its own links lead; those of its body come last.
    pub targets: Vec<Target>,
    /// The document's number of its first own link.
    pub first_link: u32,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: what it names does not exist, or is just a text.
    Nowhere,
    /// Something that this build does not show: in a field it counts as not written, in a text its label stays as plain text.
    Hidden,
    /// An entity.
    Entity(Ix),
    /// A part of an entity.
    Part(Ix, u32),
    /// A heading of an entity's page.
    Anchor(Ix, Box<str>),
    /// The overview of a type.
    Listing(Type),
    /// A file that is copied.
    File(RelPath),
    /// Another host.
    Outside,
}

/// A reference seen from what it refers to.
#[derive(Debug, Clone, Copy)]
pub struct Backlink {
    /// Who refers.
    pub from: Ix,
    /// The number of the link among that entity's links.
    pub link: u32,
    /// The part of this entity that it refers to.
    pub to_part: Option<u32>,
    /// The field that refers; `body` for the body.
    pub relation: &'static str,
}

/// A former address.
#[derive(Debug, Clone)]
pub struct Redirect {
    /// The page that used to be, relative to the site's root.
    pub from: RelPath,
    /// The entity it leads to.
    pub to: Ix,
    /// Where that was written.
    pub span: Span,
}

impl Backlog {
    /// A backlog's file whose own links are not yet followed.
    fn of(document: Arc<Document>) -> Backlog {
        let first_link = link::first_links(&document).last().copied().unwrap_or_default();
        Backlog { document, targets: Vec::new(), first_link }
    }
}

impl Target {
    /// The entity it leads to or into.
    pub fn entity(&self) -> Option<Ix> {
        match self {
            Target::Entity(ix) | Target::Part(ix, _) | Target::Anchor(ix, _) => Some(*ix),
            _ => None,
        }
    }
}

impl Node {
    /// The link of that number among this entity's own.
    pub fn link(&self, number: u32) -> &RawLink {
        &self.document.links[(self.first_link + number) as usize]
    }

    /// Where a link of the entity leads.
    pub fn target(&self, link: u32) -> &Target {
        self.targets.get(link as usize).unwrap_or(&Target::Nowhere)
    }

    /// Everything it refers to, and how that looks from there; `ix` is its own number.
    fn references(&self, ix: Ix) -> impl Iterator<Item = (Ix, Backlink)> + '_ {
        self.targets.iter().zip(0..).filter_map(move |(target, link)| {
            let to_part = if let Target::Part(_, part) = target { Some(*part) } else { None };
            Some((target.entity()?, Backlink { from: ix, link, to_part, relation: self.link(link).relation }))
        })
    }

    /// Where a reference leads.
    pub fn of<A>(&self, reference: Ref<A>) -> &Target {
        self.target(reference.link)
    }
}

impl Handbook {
    /// The entity of that number.
    pub fn node(&self, ix: Ix) -> &Node {
        &self.entities[ix.0 as usize]
    }

    /// The entity with that type and id; former ids count too.
    pub fn find(&self, kind: Type, id: &str) -> Option<Ix> {
        self.index.find(kind, id)
    }

    /// How many of these types have an entity with that id; former ids count too.
    pub fn bearers(&self, kinds: &[Type], id: &str) -> usize {
        self.index.bearers(kinds, id)
    }

    /// All entities of a type, in order of id.
    pub fn of_type(&self, kind: Type) -> impl Iterator<Item = Ix> + Clone + use<> {
        (self.starts[kind as usize]..self.starts[kind as usize + 1]).map(Ix)
    }

    /// The type of an entity.
    pub fn kind(&self, ix: Ix) -> Type {
        Type::ALL[self.starts.partition_point(|start| *start <= ix.0) - 1]
    }

    /// What links to an entity show.
    pub fn label(&self, ix: Ix) -> Label<'_> {
        self.labels.entity(ix)
    }

    /// What links to a part of an entity show; none where it has no such part.
    pub fn part_label(&self, ix: Ix, part: u32) -> Option<Label<'_>> {
        self.labels.part(ix, part)
    }

    /// The steps of a journey in order, each with its phase; none of what is no journey.
    pub fn steps(&self, journey: Ix) -> impl Iterator<Item = (&Part<Phase>, &Part<Step>)> {
        self.node(journey).entity.data.journey().into_iter().flat_map(|journey| journey.steps())
    }

    /// The customer's own name in this handbook, if it has one.
    pub fn customer_term(&self) -> Option<&CustomerTerm> {
        match &self.node(self.organisation()?).entity.data {
            Data::Organisation(organisation) => organisation.customer_term.as_deref(),
            _ => None,
        }
    }

    /// All entities.
    pub fn all(&self) -> impl Iterator<Item = Ix> + '_ {
        (0..self.entities.len()).map(|at| Ix(at as u32))
    }

    /// The entity that a place in a file speaks of: the one it stands in, or the only one of its file.
    pub fn entity_at(&self, file: &RelPath, at: u32) -> Option<Ix> {
        let document = self.documents.binary_search_by(|document| document.source.path.cmp(file)).ok().map(|at| &self.documents[at])?;
        self.entity_in(document, at)
    }

    /// The same for what has a place each; all of it is sorted by file.
    pub fn entities_at<P: Sync>(&self, all: &[P], place: impl Fn(&P) -> (&RelPath, u32) + Sync) -> Vec<Option<Ix>> {
        debug_assert!(all.is_sorted_by_key(|one| place(one).0), "places come in order of file");
        let some = |some: &[P]| {
            let first = some.first().map_or(0, |one| self.documents.partition_point(|document| document.source.path < *place(one).0));
            let mut documents = self.documents[first..].iter().peekable();
            let find = |one: &P| {
                let (file, at) = place(one);
                while documents.next_if(|document| document.source.path < *file).is_some() {}
                let document = documents.peek().filter(|document| document.source.path == *file)?;
                self.entity_in(document, at)
            };
            some.iter().map(find).collect::<Vec<_>>()
        };
        all.par_chunks(1024).flat_map_iter(some).collect()
    }

    fn entity_in(&self, document: &Document, at: u32) -> Option<Ix> {
        let next = document.entities.partition_point(|entity| entity.range.start <= at);
        let within = next.checked_sub(1).map(|at| &document.entities[at]).filter(|entity| at < entity.range.end);
        let entity = within.or(document.entities.first().filter(|_| document.entities.len() == 1))?;
        // Of two with one id only the first is an entity; what is hidden is none.
        self.index.find(entity.kind, &entity.id).filter(|ix| Arc::ptr_eq(&self.node(*ix).entity, entity))
    }

    /// The one entity that a reference leads to.
    pub fn follow<A>(&self, from: Ix, reference: Ref<A>) -> Option<Ix> {
        self.node(from).of(reference).entity()
    }

    /// The part that a target is.
    pub fn part(&self, target: &Target) -> Option<&PartDecl> {
        match target {
            Target::Part(ix, part) => self.node(*ix).entity.parts.get(*part as usize),
            _ => None,
        }
    }

    /// Whether a link of an entity names something that this build does not show, so that it counts as not written.
    pub fn hides(&self, from: Ix, link: u32) -> bool {
        *self.node(from).target(link) == Target::Hidden
    }

    /// Whether there is anything that this build does not show.
    pub fn hides_anything(&self) -> bool {
        self.index.hides_anything()
    }

    /// How the outside names an end of a link: `type:id`, or `type:id/part`.
    pub fn name(&self, target: &Target) -> Option<String> {
        let node = self.node(target.entity()?);
        let name = format!("{}:{}", node.entity.kind.name(), node.entity.id);
        Some(match self.part(target) {
            Some(part) => format!("{name}/{}", part.id),
            None => name,
        })
    }

    /// The introduction of a type's folder.
    pub fn section(&self, kind: Type) -> Option<Ix> {
        self.find(Type::Section, kind.folder())
    }

    /// The organisation, if the home page has one.
    pub fn organisation(&self) -> Option<Ix> {
        self.of_type(Type::Organisation).next()
    }
}
