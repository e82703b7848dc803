//! Looking entities and parts up by what authors call them.
use super::{Ix, Node};
use crate::base::{HashMap, HashSet, RelPath, is_id};
use crate::document::{Document, Role};
use crate::model::{PartKind, Type};

/// What can be looked up. Names come first, since one name is seldom borne by many: a look-up then needs no text of its own.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: HashMap<Box<str>, Vec<(Type, Ix)>>,
    former: HashMap<Box<str>, Vec<(Type, Ix)>>,
    parts: HashMap<Box<str>, Vec<(PartKind, Ix, u32)>>,
    paths: HashMap<RelPath, Place>,
    hidden: HashMap<Box<str>, Vec<Type>>,
    hidden_parts: HashSet<Box<str>>,
    /// Words of files that could not be read: what they would declare is unknown, so these may be ids.
    unread: HashSet<Box<str>>,
}

/// What a Markdown file is, seen from a link to it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Entity(Ix),
    Listing(Type),
    Hidden,
}

impl Index {
    pub(super) fn add(&mut self, ix: Ix, node: &Node) {
        let entity = &node.entity;
        self.names.entry(entity.id.clone()).or_default().push((entity.kind, ix));
        for (at, part) in entity.parts.iter().enumerate().filter(|(_, part)| !part.id.is_empty()) {
            self.parts.entry(part.id.clone()).or_default().push((part.kind, ix, at as u32));
        }
        // A file that holds many has no page of its own.
        let place = match node.document.role {
            Role::Backlog => Place::Listing(Type::Improvement),
            _ if node.document.source.path.extension() != "md" => Place::Listing(Type::Visit),
            _ => Place::Entity(ix),
        };
        self.paths.insert(node.document.source.path.clone(), place);
    }

    /// Takes up that something was called otherwise; false if that name is taken.
    pub(super) fn add_former(&mut self, kind: Type, id: &str, ix: Ix) -> bool {
        let taken = of_type(&self.names, kind, id).is_some() || of_type(&self.former, kind, id).is_some_and(|first| first != ix);
        if !taken && of_type(&self.former, kind, id).is_none() {
            let former = self.former.entry(id.into()).or_default();
            former.push((kind, ix));
            former.sort_unstable();
        }
        !taken
    }

    /// Takes up a document that this build does not show: its names may be written, and lead nowhere.
    pub(super) fn hide(&mut self, document: &Document, only: impl Fn(usize) -> bool) {
        for (_, entity) in document.entities.iter().enumerate().filter(|(at, _)| only(*at)) {
            self.hidden.entry(entity.id.clone()).or_default().push(entity.kind);
            for former in entity.common.was.iter() {
                self.hidden.entry(former.text.clone()).or_default().push(entity.kind);
            }
            self.hidden_parts.extend(entity.parts.iter().map(|part| part.id.clone()));
        }
    }

    /// Takes up the words of a file that could not be read.
    pub(super) fn unread(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        self.unread.extend(words.filter(|word| is_id(word)).map(Box::from));
    }

    /// Whether a file that could not be read speaks of that id.
    pub(super) fn may_be(&self, id: &str) -> bool {
        self.unread.contains(id)
    }

    pub(super) fn hide_path(&mut self, path: &RelPath) {
        self.paths.entry(path.clone()).or_insert(Place::Hidden);
    }

    /// An overview is there also where its introduction is hidden.
    pub(super) fn listing(&mut self, path: &RelPath, kind: Type) {
        let place = self.paths.entry(path.clone()).or_insert(Place::Hidden);
        if matches!(place, Place::Hidden) {
            *place = Place::Listing(kind);
        }
    }

    pub(super) fn find(&self, kind: Type, id: &str) -> Option<Ix> {
        of_type(&self.names, kind, id).or_else(|| of_type(&self.former, kind, id))
    }

    /// How many of these types have something that bears an id, or did.
    pub(super) fn bearers(&self, kinds: &[Type], id: &str) -> usize {
        let (now, former) = (self.names.get(id).map_or(&[][..], Vec::as_slice), self.former.get(id).map_or(&[][..], Vec::as_slice));
        kinds.iter().filter(|kind| now.iter().chain(former).any(|(of, _)| of == *kind)).count()
    }

    /// Everything that bears an id, former names only where nothing bears it now.
    pub(super) fn named(&self, id: &str) -> Vec<Ix> {
        let public = |found: &[(Type, Ix)]| found.iter().filter(|(kind, _)| kind.is_public()).map(|(_, ix)| *ix).collect::<Vec<Ix>>();
        let now = self.names.get(id).map(|found| public(found)).unwrap_or_default();
        if now.is_empty() { self.former.get(id).map(|found| public(found)).unwrap_or_default() } else { now }
    }

    /// The parts with that id, of these sorts.
    pub(super) fn parts(&self, kinds: &[PartKind], id: &str) -> Vec<(Ix, u32)> {
        let found = self.parts.get(id).map_or(&[][..], Vec::as_slice);
        found.iter().filter(|(kind, ..)| kinds.contains(kind)).map(|(_, ix, part)| (*ix, *part)).collect()
    }

    pub(super) fn place(&self, path: &RelPath) -> Option<Place> {
        self.paths.get(path).copied()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &RelPath> {
        self.paths.iter().filter(|(_, place)| !matches!(place, Place::Hidden)).map(|(path, _)| path)
    }

    pub(super) fn is_hidden(&self, kind: Type, id: &str) -> bool {
        self.hidden.get(id).is_some_and(|kinds| kinds.contains(&kind))
    }

    pub(super) fn is_hidden_id(&self, id: &str) -> bool {
        self.hidden.contains_key(id)
    }

    pub(super) fn hides_anything(&self) -> bool {
        !self.hidden.is_empty()
    }

    pub(super) fn is_hidden_part(&self, id: &str) -> bool {
        self.hidden_parts.contains(id)
    }

    /// Ids of parts of the given sorts, in any order.
    pub(super) fn part_ids<'a>(&'a self, kinds: &'a [PartKind]) -> impl Iterator<Item = &'a str> {
        self.parts.iter().filter(|(_, found)| found.iter().any(|(kind, ..)| kinds.contains(kind))).map(|(id, _)| &**id)
    }
}

fn of_type(names: &HashMap<Box<str>, Vec<(Type, Ix)>>, kind: Type, id: &str) -> Option<Ix> {
    names.get(id)?.iter().find(|(of, _)| *of == kind).map(|(_, ix)| *ix)
}
