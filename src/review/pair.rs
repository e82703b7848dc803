//! Which entity of the older side is which of the newer: by id, by former names, by git, by likeness.
use std::collections::BTreeMap;

use super::parts;
use super::value::Matches;
use super::wording::{Words, likely};
use super::{Known, Side};
use crate::base::{HashMap, HashSet, RelPath, is_id};
use crate::document::Role;
use crate::handbook::{Handbook, Ix, Node};
use crate::model::Type;

/// How an entity was found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It has the same type and id.
    Same,
    /// The newer one names its former id.
    Was,
    /// It stands in the same file.
    File,
    /// Git says that its file got another name.
    Git,
    /// It is like the other: probably the same.
    Likely,
}

/// What was found again, and how.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// By the older side's number.
    pub pairs: HashMap<Ix, (Ix, How)>,
    /// What becomes of entities and parts.
    pub matches: Matches,
    /// Entities whose files are written otherwise now, by the older side's number.
    pub rewritten: HashSet<Ix>,
    /// Parts of each entity that has any, by the older side's number.
    pub parts: HashMap<Ix, BTreeMap<u32, (u32, bool)>>,
}

/// How much two entities have to have in common to be taken for one.
const LIKE: f64 = 0.55;

struct Pairs<'h> {
    old: &'h Handbook,
    new: &'h Handbook,
    pairs: HashMap<Ix, (Ix, How)>,
    taken: Vec<bool>,
}

/// Finds the entities of the older side on the newer.
pub(super) fn pair(base: Side<'_>, head: Side<'_>, known: &Known) -> Pairing {
    let mut pairs =
        Pairs { old: base.handbook, new: head.handbook, pairs: HashMap::default(), taken: vec![false; head.handbook.entities.len()] };
    pairs.same();
    pairs.former_names();
    pairs.files(known);
    pairs.retyped();
    pairs.likeness();
    let mut out = Pairing { rewritten: rewritten(&pairs), pairs: pairs.pairs, ..Pairing::default() };
    for (was, (is, _)) in &out.pairs {
        out.matches.entities.insert(*was, *is);
        let (old, new) = (base.handbook.node(*was), head.handbook.node(*is));
        if old.entity.parts.is_empty() || new.entity.parts.is_empty() {
            continue;
        }
        let pairs = parts::pair(&old.entity, &new.entity);
        out.matches.parts.extend(pairs.iter().map(|(from, (to, _))| ((*was, *from), *to)));
        out.parts.insert(*was, pairs);
    }
    out
}

/// A file may hold thousands of entities: its text is compared once.
fn rewritten(pairs: &Pairs<'_>) -> HashSet<Ix> {
    let mut known: HashMap<(&RelPath, &RelPath), bool> = HashMap::default();
    let differs = |(was, (is, _)): (&Ix, &(Ix, How))| {
        let (old, new) = (&pairs.old.node(*was).document.source, &pairs.new.node(*is).document.source);
        known.entry((&old.path, &new.path)).or_insert_with(|| old.text != new.text).then_some(*was)
    };
    pairs.pairs.iter().filter_map(differs).collect()
}

impl Pairs<'_> {
    fn join(&mut self, was: Ix, is: Ix, how: How) {
        if !self.taken[is.0 as usize] && !self.pairs.contains_key(&was) {
            self.taken[is.0 as usize] = true;
            self.pairs.insert(was, (is, how));
        }
    }

    /// Of the older side what was not found again.
    fn gone(&self) -> Vec<Ix> {
        self.old.all().filter(|ix| !self.pairs.contains_key(ix)).collect()
    }

    /// Of the newer side what was not there.
    fn come(&self) -> Vec<Ix> {
        self.new.all().filter(|ix| !self.taken[ix.0 as usize]).collect()
    }

    fn same(&mut self) {
        for ix in self.old.all() {
            let entity = &self.old.node(ix).entity;
            let found = self.new.find(entity.kind, &entity.id).filter(|found| self.new.node(*found).entity.id == entity.id);
            if let Some(found) = found {
                self.join(ix, found, How::Same);
            }
        }
    }

    /// A former name is an id of the same type, or an address.
    fn former_names(&mut self) {
        let by_url: HashMap<&str, Ix> = self.old.all().map(|ix| (self.old.node(ix).url.as_str(), ix)).collect();
        let mut found = Vec::new();
        for ix in self.come() {
            let entity = &self.new.node(ix).entity;
            for was in entity.common.was.iter() {
                let by_id = if is_id(&was.text) { self.old.find(entity.kind, &was.text) } else { None };
                let from = by_id.or_else(|| by_url.get(was.text.trim_start_matches('/')).copied());
                found.extend(from.map(|from| (from, ix)));
            }
        }
        found.into_iter().for_each(|(was, is)| self.join(was, is, How::Was));
    }

    /// A file that holds one entity, under the same name or under the one that git knows.
    fn files(&mut self, known: &Known) {
        let renames: HashMap<&RelPath, &RelPath> = known.renames().collect();
        let by_path: HashMap<&RelPath, Ix> =
            self.come().into_iter().filter(|ix| is_alone(self.new.node(*ix))).map(|ix| (path(self.new, ix), ix)).collect();
        let mut found = Vec::new();
        for ix in self.gone().into_iter().filter(|ix| is_alone(self.old.node(*ix))) {
            let from = path(self.old, ix);
            let same = by_path.get(from).map(|to| (ix, *to, How::File));
            let renamed = || renames.get(from).and_then(|to| by_path.get(to)).map(|to| (ix, *to, How::Git));
            found.extend(same.or_else(renamed));
        }
        found.into_iter().for_each(|(was, is, how)| self.join(was, is, how));
    }

    /// A file that lies in another type's folder now, as git would say once it is committed.
    fn retyped(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut called: HashMap<&str, Vec<Ix>> = HashMap::default();
        for is in self.come().into_iter().filter(|ix| is_alone(new.node(*ix))) {
            called.entry(&new.node(is).entity.id).or_default().push(is);
        }
        for was in self.gone().into_iter().filter(|ix| is_alone(old.node(*ix))) {
            let Some([is]) = called.get(&*old.node(was).entity.id).map(Vec::as_slice) else { continue };
            if Words::of(text(old.node(was))).likeness(&Words::of(text(new.node(*is)))) >= LIKE {
                self.join(was, *is, How::Likely);
            }
        }
    }

    /// Type by type.
    fn likeness(&mut self) {
        for kind in Type::ALL {
            let of = |handbook: &Handbook, all: Vec<Ix>| {
                all.into_iter().filter(|ix| handbook.node(*ix).entity.kind == *kind).collect::<Vec<_>>()
            };
            let (gone, come) = (of(self.old, self.gone()), of(self.new, self.come()));
            if gone.is_empty() || come.is_empty() {
                continue;
            }
            let words = |handbook: &Handbook, all: &[Ix]| all.iter().map(|ix| Words::of(text(handbook.node(*ix)))).collect::<Vec<_>>();
            for (a, b) in likely(&words(self.old, &gone), &words(self.new, &come), LIKE) {
                self.join(gone[a], come[b], How::Likely);
            }
        }
    }
}

fn path(handbook: &Handbook, ix: Ix) -> &RelPath {
    &handbook.node(ix).document.source.path
}

fn is_alone(node: &Node) -> bool {
    node.document.role != Role::Backlog && node.document.entities.len() == 1
}

/// What is written of an entity.
fn text(node: &Node) -> &str {
    node.document.source.slice(node.entity.range)
}
