//! What rules look at: the handbook, the day, and what must not be concluded from because it could not be read.
use std::collections::HashSet;

use super::facts::Solved;
use crate::base::{Diagnostic, Rule, Span, Today};
use crate::document::{Document, Role};
use crate::handbook::{BOOK, Handbook, Ix, Node};
use crate::insight;
use crate::model::{Data, Improvement, Journey, Ref, Touchpoint, Type};

/// What rules look at.
#[derive(Debug)]
pub struct Context<'h> {
    /// The handbook.
    pub handbook: &'h Handbook,
    /// The day that dates are held against.
    pub today: Today,
    unheard: Unheard<'h>,
    /// The number of the first journey.
    first: u32,
    /// What improvements solve of each journey, in the order of the journeys.
    solved: Vec<Solved>,
}

impl<'h> Context<'h> {
    /// Looks at a handbook on a day.
    pub fn new(handbook: &'h Handbook, today: Today) -> Context<'h> {
        let solved = handbook.of_type(Type::Journey).map(|ix| Solved::of(handbook, ix)).collect();
        let first = handbook.of_type(Type::Journey).next().map_or(0, |ix| ix.0);
        Context { handbook, today, unheard: Unheard::of(handbook), first, solved }
    }

    /// The entities of a type whose front matter could be read, with their typed fields.
    fn sound<T: 'h>(&self, kind: Type, pick: fn(&'h Data) -> Option<&'h T>) -> impl Iterator<Item = (Ix, &'h Node, &'h T)> + use<'h, T> {
        let handbook = self.handbook;
        handbook.of_type(kind).filter_map(move |ix| {
            let node = handbook.node(ix);
            (!node.entity.broken).then(|| pick(&node.entity.data).map(|data| (ix, node, data))).flatten()
        })
    }

    /// The journeys that could be read.
    pub(super) fn journeys(&self) -> impl Iterator<Item = (Ix, &'h Node, &'h Journey)> + use<'h> {
        self.sound(Type::Journey, Data::journey)
    }

    /// The touchpoints that could be read.
    pub(super) fn touchpoints(&self) -> impl Iterator<Item = (Ix, &'h Node, &'h Touchpoint)> + use<'h> {
        self.sound(Type::Touchpoint, Data::touchpoint)
    }

    /// The improvements that could be read.
    pub(super) fn improvements(&self) -> impl Iterator<Item = (Ix, &'h Node, &'h Improvement)> + use<'h> {
        self.sound(Type::Improvement, Data::improvement)
    }

    /// The entities of a type that could be read.
    pub(super) fn of_type(&self, kind: Type) -> impl Iterator<Item = (Ix, &'h Node)> + use<'h> {
        let handbook = self.handbook;
        handbook.of_type(kind).map(|ix| (ix, handbook.node(ix))).filter(|(_, node)| !node.entity.broken)
    }

    /// Whether a field was written, or nearly, but could not be read: that was said, and nothing follows from its absence.
    pub(super) fn unread(&self, ix: Ix, part: Option<u32>, field: &str) -> bool {
        let written = &self.handbook.node(ix).entity.written;
        written.iter().any(|written| !written.read && written.part == part && written.field == field)
    }

    /// Where an entity's own date stands in its file; its title where it has none of its own.
    pub(super) fn place_of(&self, ix: Ix, field: &str) -> Span {
        let entity = &self.handbook.node(ix).entity;
        let written = entity.written.iter().find(|written| written.part.is_none() && written.field == field);
        written.map_or(entity.span, |written| written.span)
    }

    /// Whether a reference counts as written.
    pub(super) fn counts<A>(&self, from: Ix, reference: Ref<A>) -> bool {
        insight::counts(self.handbook, from, reference)
    }

    /// Whether somebody answers for an entity, or might, for all that could be read.
    pub(super) fn may_be_owned(&self, ix: Ix) -> bool {
        let owner = self.handbook.node(ix).entity.common.owner.as_ref();
        owner.is_some_and(|owner| !owner.written.is_empty() && self.counts(ix, owner.department)) || self.unread(ix, None, "owner")
    }

    /// Whether something that could not be read may speak of an entity, or of one of its parts.
    pub(super) fn may_be_named(&self, ix: Ix) -> bool {
        let entity = &self.handbook.node(ix).entity;
        self.unheard.names(&entity.id) || entity.common.was.iter().any(|former| self.unheard.names(&former.text))
    }

    /// Whether something that could not be read may speak of a part of an entity.
    pub(super) fn may_name_part(&self, ix: Ix, part: u32) -> bool {
        let part = self.handbook.node(ix).entity.parts.get(part as usize);
        part.is_some_and(|part| self.unheard.names(&part.id))
    }

    /// Whether improvements, dropped ones apart, solve a journey or any part of it.
    pub(super) fn solves_any(&self, journey: Ix) -> bool {
        self.solved(journey).is_some_and(Solved::anything)
    }

    /// Whether an improvement solves a phase or step of a journey, by itself or with the whole journey.
    pub(super) fn solves(&self, journey: Ix, part: u32) -> bool {
        self.solved(journey).is_some_and(|solved| solved.has(part))
    }

    fn solved(&self, journey: Ix) -> Option<&Solved> {
        self.solved.get(journey.0.checked_sub(self.first)? as usize)
    }

    /// Whether a table of mystery visits could not be had at all.
    pub(super) fn visits_are_missing(&self) -> bool {
        self.unheard.visits
    }

    /// A finding in an entity's file.
    pub(super) fn say(&self, rule: Rule, ix: Ix, span: Span, message: String) -> Diagnostic {
        Diagnostic::new(rule, &self.handbook.node(ix).document.source.path, span, message)
    }
}

/// The words of everything that could not be read as it was meant. What they name may well be referred to, solved or visited.
#[derive(Debug, Default)]
struct Unheard<'h> {
    words: HashSet<&'h str>,
    /// A file of which not even the text is known may name anything.
    everything: bool,
    visits: bool,
}

impl<'h> Unheard<'h> {
    fn of(handbook: &'h Handbook) -> Unheard<'h> {
        let mut unheard = Unheard::default();
        // Whatever could not be read was told of.
        if handbook.diagnostics.is_empty() {
            return unheard;
        }
        for document in &handbook.unread {
            unheard.everything |= document.source.text.is_empty();
            unheard.hear(&document.source.text);
        }
        for document in handbook.documents.iter().filter(|document| is_lost(document)) {
            unheard.hear(&document.source.text);
        }
        for node in handbook.entities.iter().filter(|node| node.entity.written.iter().any(|written| !written.read)) {
            unheard.hear(node.document.source.slice(node.entity.range));
        }
        for finding in &handbook.diagnostics {
            unheard.finding(handbook, finding);
        }
        unheard
    }

    fn hear(&mut self, text: &'h str) {
        self.words.extend(text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| !word.is_empty()));
    }

    /// What a mistake may have meant: the nearest id, everything of the second of two files with one id, the text that is ambiguous.
    fn finding(&mut self, handbook: &'h Handbook, finding: &'h Diagnostic) {
        match finding.rule {
            Rule::BrokenReference | Rule::WrongReferenceType => self.hear(finding.suggestion.as_deref().unwrap_or("")),
            Rule::DuplicateId | Rule::AmbiguousLink => {
                let document = handbook.documents.iter().find(|document| document.source.path == finding.file);
                let text = document.map_or("", |document| match finding.rule {
                    Rule::DuplicateId => &document.source.text,
                    _ => document.source.slice(finding.span),
                });
                self.hear(text);
            }
            Rule::MissingFile if finding.file.as_str() == BOOK => self.visits = true,
            _ => {}
        }
    }

    fn names(&self, id: &str) -> bool {
        self.everything || (!self.words.is_empty() && self.words.contains(id))
    }
}

/// Whether what a document holds did not become entities: a backlog whose list is none, a table with bad rows.
fn is_lost(document: &Document) -> bool {
    let backlog = document.role == Role::Backlog && document.entities.is_empty();
    let table = document.source.path.extension() != "md" && !document.diagnostics.is_empty();
    backlog || table
}
