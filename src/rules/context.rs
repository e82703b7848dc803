//! What rules look at: the handbook, the day, and what must not be concluded from because it could not be read.
use std::collections::HashSet;
use std::sync::OnceLock;

use super::facts::Solved;
use super::lens::GoalLens;
use crate::base::{Date, Diagnostic, Rule, Span, Today};
use crate::document::{Document, Role};
use crate::handbook::{BOOK, Handbook, Ix};
use crate::insight;
use crate::model::{Ref, Type};

/// What rules look at.
///
/// A rule about an entity looks at that entity and where its links lead, at those that it refers to and those that refer to it, at the
/// day, the settings and the history, and at [`Facts`]; at nothing else: see [`super::again`].
#[derive(Debug)]
pub struct Context<'h> {
    /// The handbook.
    pub handbook: &'h Handbook,
    /// The day that dates are held against.
    pub today: Today,
    facts: &'h Facts,
    /// The number of the first journey.
    first: u32,
    /// What improvements solve of each journey, in the order of the journeys.
    solved: Vec<OnceLock<Solved>>,
    /// When each entity was last changed.
    changed: Vec<OnceLock<Option<Date>>>,
}

/// What rules know of the handbook as a whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    unheard: Unheard,
    goal: GoalLens,
}

impl Facts {
    /// What is known of a handbook.
    pub(super) fn of(handbook: &Handbook) -> Facts {
        Facts { unheard: Unheard::of(handbook), goal: GoalLens::of(handbook) }
    }
}

impl<'h> Context<'h> {
    /// Looks at a handbook on a day.
    pub(super) fn new(handbook: &'h Handbook, today: Today, facts: &'h Facts) -> Context<'h> {
        let unasked = |number: usize| (0..number).map(|_| OnceLock::new()).collect();
        let journeys = handbook.of_type(Type::Journey);
        let first = journeys.clone().next().map_or(0, |ix| ix.0);
        let solved = (0..journeys.count()).map(|_| OnceLock::new()).collect();
        Context { handbook, today, facts, first, solved, changed: unasked(handbook.entities.len()) }
    }

    /// What the goal-lens journeys have.
    pub(super) fn goal_lens(&self) -> &'h GoalLens {
        &self.facts.goal
    }

    /// When an entity was last changed in more than the day of its review.
    pub(super) fn latest_revision(&self, ix: Ix) -> Option<Date> {
        let place = self.changed.get(ix.0 as usize)?;
        *place.get_or_init(|| insight::latest_revision(self.handbook, ix))
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
        self.facts.unheard.names(&entity.id) || entity.common.was.iter().any(|former| self.facts.unheard.names(&former.text))
    }

    /// Whether something that could not be read may speak of a part of an entity.
    pub(super) fn may_name_part(&self, ix: Ix, part: u32) -> bool {
        let part = self.handbook.node(ix).entity.parts.get(part as usize);
        part.is_some_and(|part| self.facts.unheard.names(&part.id))
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
        let place = self.solved.get(journey.0.checked_sub(self.first)? as usize)?;
        Some(place.get_or_init(|| Solved::of(self.handbook, journey)))
    }

    /// Whether a table of mystery visits could not be had at all.
    pub(super) fn visits_are_missing(&self) -> bool {
        self.facts.unheard.visits
    }

    /// A finding in an entity's file.
    pub(super) fn say(&self, rule: Rule, ix: Ix, span: Span, message: String) -> Diagnostic {
        Diagnostic::new(rule, &self.handbook.node(ix).document.source.path, span, message)
    }
}

/// The words of everything that could not be read as it was meant. What they name may well be referred to, solved or visited.
#[derive(Debug, Default, PartialEq, Eq)]
struct Unheard {
    words: HashSet<Box<str>>,
    /// A file of which not even the text is known may name anything.
    everything: bool,
    visits: bool,
}

impl Unheard {
    fn of(handbook: &Handbook) -> Unheard {
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

    fn hear(&mut self, text: &str) {
        self.words.extend(text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| !word.is_empty()).map(Box::from));
    }

    /// What a mistake may have meant: the nearest id, everything of the second of two files with one id, the text that is ambiguous.
    fn finding(&mut self, handbook: &Handbook, finding: &Diagnostic) {
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
