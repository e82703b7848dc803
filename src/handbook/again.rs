//! Linking again after an edit. Where a link leads follows from two things alone: the document it stands in, and the names that all
//! documents declare. While every name is what it was, the links of documents that were not read anew lead where they led.
//!
//! Nothing here can go stale: what is taken over is taken from one handbook, together with the very documents it was made from, and
//! only where [`Known::edited`] finds them to declare the same. What it compares is all that [`super::index`] and [`super::resolve`]
//! look at in a document that is not the referring one: whoever lets them look at more has to compare more.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::labels::Labels;
use super::link::{Linked, first_links, is_unread};
use super::resolve::{Guesses, Resolver};
use super::{Backlink, Backlog, Corpus, Handbook, History, Ix, Node, Scope, Target};
use crate::base::{Diagnostic, HashMap, RelPath};
use crate::document::{Document, Entity};
use crate::model::{Common, List, Plain};

/// What a handbook was linked from, and what was said of it then.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Every document that was read, hidden or not.
    pub documents: Vec<Arc<Document>>,
    /// Every other file.
    pub files: BTreeSet<RelPath>,
    /// Files outside the content folder that are referred to.
    pub outside: BTreeSet<RelPath>,
    /// What is wrong with names.
    pub names: Vec<Diagnostic>,
    /// What is wrong with links, by the entity that they stand in; most have none.
    pub links: BTreeMap<Ix, Vec<Diagnostic>>,
}

/// The documents that were read anew.
#[derive(Default)]
struct Edited<'c> {
    /// By where the reading before lies in memory.
    anew: HashMap<usize, &'c Arc<Document>>,
    /// Whether a title or a heading is another one.
    retitled: bool,
}

impl<'c> Edited<'c> {
    /// How a document was read now, if that was anew.
    fn anew(&self, before: &Arc<Document>) -> Option<&'c Arc<Document>> {
        self.anew.get(&Arc::as_ptr(before).addr()).copied()
    }
}

impl Handbook {
    /// Links what was read after an edit. It comes to the same as [`Handbook::link`], sooner where no name has changed.
    pub fn link_again(&self, corpus: &Corpus, scope: Scope, history: Arc<History>) -> Handbook {
        let files = self.known.files == corpus.files && self.known.outside == corpus.outside;
        let alike = self.scope == scope && self.settings.content == corpus.settings.content && files;
        match self.known.edited(corpus).filter(|_| alike) {
            Some(edited) => self.linked_again(corpus, &edited).finish(corpus, history),
            None => Handbook::link(corpus, scope, history),
        }
    }

    /// Whether this was linked again after an edit of another one, in which everybody has the same name and number.
    pub fn follows(&self, before: &Handbook) -> bool {
        Arc::ptr_eq(&self.index, &before.index)
    }

    fn linked_again(&self, corpus: &Corpus, edited: &Edited<'_>) -> Linked {
        let mut nodes: Vec<Node> = self.entities.par_iter().with_min_len(512).map(|node| read_anew(node, edited)).collect();
        let newest = |document: &Arc<Document>| edited.anew(document).unwrap_or(document).clone();
        let documents = self.documents.iter().map(newest).collect();
        let resolver =
            Resolver { corpus, index: &self.index, nodes: &nodes, content: &corpus.settings.content, guesses: Guesses::default() };
        let (backlogs, said) = resolver.backlogs(self.backlogs.iter().map(|backlog| Backlog::of(newest(&backlog.document))).collect());
        let affected = self.affected(edited);
        let resolved: Vec<(Vec<Target>, Vec<Diagnostic>)> = affected.par_iter().map(|ix| resolver.entity(*ix)).collect();
        let mut links = self.known.links.clone();
        for (ix, (targets, found)) in affected.iter().zip(resolved) {
            nodes[ix.0 as usize].targets = targets.into();
            links.remove(ix);
            links.extend((!found.is_empty()).then_some((*ix, found)));
        }
        self.mend_backlinks(&affected, &mut nodes);
        Linked {
            scope: self.scope.clone(),
            index: self.index.clone(),
            labels: if edited.retitled { Arc::new(Labels::of(&nodes)) } else { self.labels.clone() },
            nodes,
            documents,
            backlogs,
            redirects: self.redirects.clone(),
            said,
            known: Known {
                documents: corpus.documents.clone(),
                files: corpus.files.clone(),
                outside: corpus.outside.clone(),
                names: self.known.names.clone(),
                links,
            },
        }
    }

    /// Whose links are to be followed again, sorted: of what was edited. Where a title or a heading is another one, those too that lead
    /// there, or lead nowhere: they may have been meant to, or are told of by that title.
    fn affected(&self, edited: &Edited<'_>) -> Vec<Ix> {
        let mut affected: BTreeSet<Ix> = self.all().filter(|ix| edited.anew(&self.node(*ix).document).is_some()).collect();
        if edited.retitled {
            let referring = affected.iter().flat_map(|ix| self.node(*ix).backlinks.iter().map(|link| link.from));
            let more: Vec<Ix> = referring.chain(self.known.links.keys().copied()).collect();
            affected.extend(more);
        }
        affected.into_iter().collect()
    }

    /// Who is referred to by those whose links were followed again, or was before, is told anew who refers to it.
    fn mend_backlinks(&self, changed: &[Ix], nodes: &mut [Node]) {
        let led = changed.iter().flat_map(|ix| self.node(*ix).targets.iter().filter_map(Target::entity));
        let others = |to: Ix| self.node(to).backlinks.iter().filter(|link| changed.binary_search(&link.from).is_err()).copied();
        let mut mended: BTreeMap<Ix, Vec<Backlink>> = BTreeMap::new();
        for to in led {
            mended.entry(to).or_insert_with(|| others(to).collect());
        }
        for ix in changed {
            for (to, backlink) in nodes[ix.0 as usize].references(*ix) {
                mended.entry(to).or_insert_with(|| others(to).collect()).push(backlink);
            }
        }
        for (to, mut backlinks) in mended {
            backlinks.sort_by_key(|link| (link.from, link.link));
            nodes[to.0 as usize].backlinks = backlinks.into();
        }
    }
}

/// The same entity in the document as it is now; its links are not yet followed.
fn read_anew(node: &Node, edited: &Edited<'_>) -> Node {
    let Some(document) = edited.anew(&node.document) else { return node.clone() };
    let at = node.item as usize;
    Node { document: document.clone(), entity: document.entities[at].clone(), first_link: first_links(document)[at], ..node.clone() }
}

impl Known {
    /// The documents that were read anew; none, if a name may be another one than before.
    fn edited<'c>(&self, corpus: &'c Corpus) -> Option<Edited<'c>> {
        if self.documents.len() != corpus.documents.len() {
            return None;
        }
        let mut edited = Edited::default();
        for (before, now) in self.documents.iter().zip(&corpus.documents).filter(|(before, now)| !Arc::ptr_eq(before, now)) {
            if !declare_alike(before, now) {
                return None;
            }
            edited.retitled |= !are_titled_alike(before, now);
            edited.anew.insert(Arc::as_ptr(before).addr(), now);
        }
        // What was said of a name keeps its place only where the file does, and may name others by their titles.
        let paths: BTreeSet<&RelPath> = edited.anew.values().map(|document| &document.source.path).collect();
        let speaks = |finding: &Diagnostic| {
            let mut files = finding.labels.iter().map(|label| &label.file).chain([&finding.file]);
            edited.retitled || files.any(|file| paths.contains(file))
        };
        (!self.names.iter().any(speaks)).then_some(edited)
    }
}

/// Whether two readings of a file are one to everybody else: who may see it, and whatever in it can be named, is the same.
fn declare_alike(a: &Document, b: &Document) -> bool {
    let file = |document: &Document| (document.source.path.clone(), document.role, document.entities.len());
    let entities = || a.entities.iter().zip(&b.entities).all(|(a, b)| are_named_alike(a, b));
    let lost = |entity: &Entity| entity.names_lost || entity.parts.iter().any(|part| part.id.is_empty());
    let loses_names = |document: &Document| document.entities.iter().any(|entity| lost(entity));
    // Of a file that could not be read, any word may be a name.
    let is_sure = |document| !is_unread(document) && !loses_names(document);
    file(a) == file(b) && is_sure(a) && is_sure(b) && are_for_the_same(&a.common, &b.common) && entities()
}

fn are_named_alike(a: &Entity, b: &Entity) -> bool {
    // Redirects know where a former name is written.
    let keep_their_name = a.common.was.is_empty() && b.common.was.is_empty();
    let parts = a.parts.iter().map(|part| (part.kind, &part.id)).eq(b.parts.iter().map(|part| (part.kind, &part.id)));
    let named = (a.kind, &a.id) == (b.kind, &b.id);
    keep_their_name && named && parts && are_for_the_same(&a.common, &b.common)
}

/// Whether entities that are named alike have the same titles, in all their parts and headings.
fn are_titled_alike(a: &Document, b: &Document) -> bool {
    let alike = |(a, b): (&Arc<Entity>, &Arc<Entity>)| {
        let parts = a.parts.iter().map(|part| &part.title).eq(b.parts.iter().map(|part| &part.title));
        let headings = a.body.headings.iter().map(|heading| &heading.id).eq(b.body.headings.iter().map(|heading| &heading.id));
        a.title == b.title && parts && headings
    };
    a.entities.iter().zip(&b.entities).all(alike)
}

fn are_for_the_same(a: &Common, b: &Common) -> bool {
    let names = |audience: &List<Plain>| audience.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    a.draft == b.draft && names(&a.audience) == names(&b.audience)
}
