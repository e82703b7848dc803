//! Looking entities and parts up by what authors call them.
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Ix, Node};
use crate::base::RelPath;
use crate::document::{Document, Role};
use crate::model::{PartKind, Type};

/// What can be looked up.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_key: HashMap<(Type, Box<str>), Ix>,
    by_id: HashMap<Box<str>, Vec<Ix>>,
    former: HashMap<(Type, Box<str>), Ix>,
    parts: HashMap<(PartKind, Box<str>), Vec<(Ix, u32)>>,
    paths: HashMap<RelPath, Place>,
    hidden: HashSet<(Type, Box<str>)>,
    hidden_ids: HashSet<Box<str>>,
    hidden_parts: HashSet<Box<str>>,
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
        self.by_key.insert((entity.kind, entity.id.clone()), ix);
        if entity.kind.is_public() {
            self.by_id.entry(entity.id.clone()).or_default().push(ix);
        }
        for (at, part) in entity.parts.iter().enumerate().filter(|(_, part)| !part.id.is_empty()) {
            self.parts.entry((part.kind, part.id.clone())).or_default().push((ix, at as u32));
        }
        let place = if node.document.role == Role::Backlog { Place::Listing(Type::Improvement) } else { Place::Entity(ix) };
        self.paths.insert(node.document.source.path.clone(), place);
    }

    /// Takes up that something was called otherwise; false if that name is taken.
    pub(super) fn add_former(&mut self, kind: Type, id: &str, ix: Ix) -> bool {
        let key = (kind, Box::from(id));
        !self.by_key.contains_key(&key) && *self.former.entry(key).or_insert(ix) == ix
    }

    /// Takes up a document that this build does not show: its names may be written, and lead nowhere.
    pub(super) fn hide(&mut self, document: &Document, only: impl Fn(usize) -> bool) {
        for (_, entity) in document.entities.iter().enumerate().filter(|(at, _)| only(*at)) {
            self.hidden.insert((entity.kind, entity.id.clone()));
            self.hidden_ids.insert(entity.id.clone());
            for former in entity.common.was.iter() {
                self.hidden.insert((entity.kind, former.text.clone()));
                self.hidden_ids.insert(former.text.clone());
            }
            self.hidden_parts.extend(entity.parts.iter().map(|part| part.id.clone()));
        }
    }

    pub(super) fn hide_path(&mut self, path: &RelPath) {
        self.paths.entry(path.clone()).or_insert(Place::Hidden);
    }

    pub(super) fn listing(&mut self, path: &RelPath, kind: Type) {
        self.paths.entry(path.clone()).or_insert(Place::Listing(kind));
    }

    pub(super) fn find(&self, kind: Type, id: &str) -> Option<Ix> {
        let key = (kind, Box::from(id));
        self.by_key.get(&key).or_else(|| self.former.get(&key)).copied()
    }

    /// Everything that bears an id, former names only where nothing bears it now.
    pub(super) fn named(&self, id: &str) -> Vec<Ix> {
        match self.by_id.get(id) {
            Some(found) => found.clone(),
            None => Type::ALL.iter().filter_map(|kind| self.former.get(&(*kind, Box::from(id))).copied()).collect(),
        }
    }

    pub(super) fn parts(&self, kind: PartKind, id: &str) -> &[(Ix, u32)] {
        self.parts.get(&(kind, Box::from(id))).map_or(&[], Vec::as_slice)
    }

    pub(super) fn place(&self, path: &RelPath) -> Option<Place> {
        self.paths.get(path).copied()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &RelPath> {
        self.paths.iter().filter(|(_, place)| !matches!(place, Place::Hidden)).map(|(path, _)| path)
    }

    pub(super) fn is_hidden(&self, kind: Type, id: &str) -> bool {
        self.hidden.contains(&(kind, Box::from(id)))
    }

    pub(super) fn is_hidden_id(&self, id: &str) -> bool {
        self.hidden_ids.contains(id)
    }

    pub(super) fn hides_anything(&self) -> bool {
        !self.hidden_ids.is_empty()
    }

    pub(super) fn is_hidden_part(&self, id: &str) -> bool {
        self.hidden_parts.contains(id)
    }

    /// Ids of the given types, sorted.
    pub(super) fn ids(&self, types: &[Type]) -> Vec<&str> {
        let mut ids: Vec<&str> = self.by_key.keys().filter(|(kind, _)| types.contains(kind)).map(|(_, id)| &**id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Ids of parts of the given sorts, sorted.
    pub(super) fn part_ids(&self, kinds: &[PartKind]) -> Vec<&str> {
        let ids: BTreeMap<&str, ()> = self.parts.keys().filter(|(kind, _)| kinds.contains(kind)).map(|(_, id)| (&**id, ())).collect();
        ids.into_keys().collect()
    }
}
