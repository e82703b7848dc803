//! What rules look at: the handbook, the day, and what must not be concluded from because it could not be read.
use std::collections::HashMap;
use std::sync::OnceLock;

use super::facts::Solved;
use super::lens::GoalLens;
use crate::base::{Date, Diagnostic, Rule, Span, Today, nearest};
use crate::document::{Document, Role};
use crate::handbook::{BOOK, Handbook, Ix, Node, Target};
use crate::insight;
use crate::model::{FieldLink, Journey, Lens, Part, Phase, Ref, Type};

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
    taking: Taking,
    /// The number of the first journey.
    first: u32,
    /// What improvements solve of each journey, in the order of the journeys.
    solved: Vec<OnceLock<Solved>>,
    /// When each entity was last changed.
    changed: Vec<OnceLock<Option<Date>>>,
}

/// How rules take what could not be read as it was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taking {
    /// Nothing follows from it: they say only what is sure.
    Surely,
    /// It is as bad as can be: they say everything that they might have to say, had it been read.
    Perhaps,
}

/// What rules know of the handbook as a whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    unheard: Unheard,
    /// What the journeys have that surely look through the goal lens.
    goal_at_least: GoalLens,
    /// The same with journeys of which the lens could not be read.
    goal_at_most: GoalLens,
}

impl Facts {
    /// What is known of a handbook.
    pub(super) fn of(handbook: &Handbook) -> Facts {
        let unread = |ix: Ix| handbook.node(ix).entity.is_unread(None, "lens");
        Facts {
            unheard: Unheard::of(handbook),
            goal_at_least: GoalLens::of(handbook, |_, lens| lens == Some(Lens::Goal)),
            goal_at_most: GoalLens::of(handbook, |ix, lens| lens == Some(Lens::Goal) || unread(ix)),
        }
    }
}

impl<'h> Context<'h> {
    /// Looks at a handbook on a day.
    pub(super) fn new(handbook: &'h Handbook, today: Today, facts: &'h Facts) -> Context<'h> {
        Context::taking(Taking::Surely, handbook, today, facts)
    }

    /// The same for all that rules might have to say if everything could be read. Of what a rule says only so, a silence is not unused.
    pub(super) fn doubting(handbook: &'h Handbook, today: Today, facts: &'h Facts) -> Context<'h> {
        Context::taking(Taking::Perhaps, handbook, today, facts)
    }

    fn taking(taking: Taking, handbook: &'h Handbook, today: Today, facts: &'h Facts) -> Context<'h> {
        let unasked = |number: usize| (0..number).map(|_| OnceLock::new()).collect();
        let journeys = handbook.of_type(Type::Journey);
        let first = journeys.clone().next().map_or(0, |ix| ix.0);
        let solved = (0..journeys.count()).map(|_| OnceLock::new()).collect();
        Context { handbook, today, facts, taking, first, solved, changed: unasked(handbook.entities.len()) }
    }

    /// What the goal-lens journeys have.
    pub(super) fn goal_lens(&self) -> &'h GoalLens {
        if self.taking == Taking::Surely { &self.facts.goal_at_most } else { &self.facts.goal_at_least }
    }

    /// When an entity was last changed in more than the day of its review.
    pub(super) fn latest_revision(&self, ix: Ix) -> Option<Date> {
        let place = self.changed.get(ix.0 as usize)?;
        *place.get_or_init(|| insight::latest_revision(self.handbook, ix))
    }

    /// Whether a field was written, or nearly, but could not be read: that was said, and nothing follows from its absence.
    pub(super) fn unread(&self, ix: Ix, part: Option<u32>, field: &str) -> bool {
        self.surely(|| self.is_unread(ix, part, field))
    }

    /// Whether something is unsure, so that nothing follows from it; where a rule is to say all that it might, that is no matter.
    pub(super) fn surely(&self, is_unsure: impl FnOnce() -> bool) -> bool {
        self.taking == Taking::Surely && is_unsure()
    }

    /// Whether something is unsure, and a rule is to say all that it might.
    pub(super) fn perhaps(&self, is_unsure: impl FnOnce() -> bool) -> bool {
        self.taking == Taking::Perhaps && is_unsure()
    }

    /// Whether a field may hold anything, since it could not be read, and a rule is to say all that it might.
    pub(super) fn perhaps_any(&self, ix: Ix, part: Option<u32>, field: &str) -> bool {
        self.perhaps(|| self.is_unread(ix, part, field))
    }

    fn is_unread(&self, ix: Ix, part: Option<u32>, field: &str) -> bool {
        let node = self.handbook.node(ix);
        // What a backlog's file says holds for its items.
        let mut of_file = node.document.written.iter().filter(|_| part.is_none() && OF_FILE.contains(&field));
        node.entity.is_unread(part, field) || of_file.any(|written| !written.read && written.field == field)
    }

    /// Whether steps of a journey could not be read: of a phase that seems to have none, or all of them.
    pub(super) fn lacks_steps(&self, ix: Ix, journey: &Journey) -> bool {
        let entity = &self.handbook.node(ix).entity;
        let empty = |phase: &Part<Phase>| phase.steps.is_empty() && self.is_unread(ix, Some(phase.index), "steps");
        entity.items_lost || (journey.phases.is_empty() && self.is_unread(ix, None, "phases")) || journey.phases.iter().any(empty)
    }

    /// Whether what a reference leads to could not be read, or is not known.
    pub(super) fn is_lost<A>(&self, from: Ix, reference: Ref<A>) -> bool {
        let target = self.handbook.node(from).of(reference);
        *target == Target::Nowhere || target.entity().is_some_and(|to| self.has_lost_names(to))
    }

    fn has_lost_names(&self, ix: Ix) -> bool {
        let entity = &self.handbook.node(ix).entity;
        entity.broken || entity.names_lost
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

    /// Whether a link of an entity leads nowhere, and is no text that happens to be no id.
    pub(super) fn has_lost_link(&self, ix: Ix) -> bool {
        let node = self.handbook.node(ix);
        (0..node.targets.len() as u32).any(|link| *node.target(link) == Target::Nowhere && !is_just_text(node, link))
    }

    /// Whether nothing can be said of where a link of an entity leads: that depends on something that could not be read.
    pub(super) fn has_unsure_link(&self, ix: Ix) -> bool {
        let node = self.handbook.node(ix);
        let in_link = |span: Span, finding: &Diagnostic| (span.start..=span.end).contains(&finding.span.start);
        let told = |span| self.handbook.diagnostics.iter().any(|found| found.file == node.document.source.path && in_link(span, found));
        let unsure = |link: u32| match node.target(link) {
            Target::Anchor(to, anchor) => {
                let to = &self.handbook.node(*to).entity;
                to.may_declare(anchor) && !to.body.headings.iter().any(|heading| heading.id == *anchor)
            }
            Target::Nowhere => !is_just_text(node, link) && !told(node.link(link).span),
            _ => false,
        };
        (0..node.targets.len() as u32).any(unsure)
    }

    /// Whether somebody answers for an entity, or might, for all that could be read.
    pub(super) fn may_be_owned(&self, ix: Ix) -> bool {
        let owner = self.handbook.node(ix).entity.common.owner.as_ref();
        owner.is_some_and(|owner| !owner.written.is_empty() && self.counts(ix, owner.department)) || self.unread(ix, None, "owner")
    }

    /// Whether something of these types that could not be read may speak of an entity, or of one of its parts.
    pub(super) fn may_be_named(&self, ix: Ix, by: &[Type]) -> bool {
        self.surely(|| self.is_heard_of(ix, by))
    }

    /// The same where a rule is to say all that it might.
    pub(super) fn perhaps_named(&self, ix: Ix, by: &[Type]) -> bool {
        self.perhaps(|| self.is_heard_of(ix, by))
    }

    fn is_heard_of(&self, ix: Ix, by: &[Type]) -> bool {
        let entity = &self.handbook.node(ix).entity;
        let names = |id: &str| self.facts.unheard.names(id, Speakers::of(by));
        names(&entity.id) || entity.common.was.iter().any(|former| names(&former.text))
    }

    /// Whether something of these types that could not be read may speak of a part of an entity.
    pub(super) fn may_name_part(&self, ix: Ix, part: u32, by: &[Type]) -> bool {
        let part = self.handbook.node(ix).entity.parts.get(part as usize);
        self.surely(|| part.is_some_and(|part| self.facts.unheard.names(&part.id, Speakers::of(by))))
    }

    /// Whether an entity itself may speak of that id, with what of it could not be read, or with a reference that leads nowhere.
    pub(super) fn may_mean(&self, ix: Ix, id: &str) -> bool {
        let node = self.handbook.node(ix);
        let mut unread = node.entity.written.iter().filter(|written| !written.read);
        let is_lost = |link: u32| *node.target(link) == Target::Nowhere && !is_just_text(node, link);
        let is_near = |link: u32| {
            let written = &*node.link(link).written;
            nearest(written.rsplit('/').next().unwrap_or(written), [id]).is_some()
        };
        self.surely(|| {
            unread.any(|written| words(node.document.field_text(written)).any(|word| word == id))
                || (0..node.targets.len() as u32).any(|link| is_lost(link) && is_near(link))
        })
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

    /// Whether a table of mystery visits could not be had at all, so that nothing follows from what is known of visits.
    pub(super) fn visits_are_missing(&self) -> bool {
        self.facts.unheard.visits
    }

    /// Whether how long a review holds could not be read in `book.toml`.
    pub(super) fn reviews_are_unread(&self) -> bool {
        self.facts.unheard.reviews
    }

    /// Takes up that a rule might have something to say of an entity; what it is nobody reads.
    pub(super) fn might_say(&self, rule: Rule, ix: Ix, out: &mut Vec<Diagnostic>) {
        out.push(self.say(rule, ix, self.handbook.node(ix).entity.span, String::new()));
    }

    /// A finding in an entity's file.
    pub(super) fn say(&self, rule: Rule, ix: Ix, span: Span, message: String) -> Diagnostic {
        Diagnostic::new(rule, &self.handbook.node(ix).document.source.path, span, message)
    }
}

/// Whether a link may as well be a text that is no id.
fn is_just_text(node: &Node, link: u32) -> bool {
    matches!(node.link(link).how, FieldLink::Field(accepts) if accepts.soft)
}

/// What a backlog's file says for all of its items.
const OF_FILE: [&str; 4] = ["owner", "reviewed", "review_every", "evidence"];

/// Types of whom something may be that speaks of others, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Speakers(u32);

impl Speakers {
    /// Nobody knows who.
    const ANY: Speakers = Speakers(u32::MAX);

    /// Those in a file, also in one that could not be read: as a plain page it may be anything.
    fn in_file(document: &Document) -> Speakers {
        let kinds: Vec<Type> = document.entities.iter().map(|entity| entity.kind).collect();
        if kinds.is_empty() || kinds.contains(&Type::Page) { Speakers::ANY } else { Speakers::of(&kinds) }
    }

    fn of(kinds: &[Type]) -> Speakers {
        Speakers(kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u32))
    }
}

/// The words of everything that could not be read as it was meant, and who says them. What they name may well be referred to, solved or
/// visited.
#[derive(Debug, Default, PartialEq, Eq)]
struct Unheard {
    words: HashMap<Box<str>, Speakers>,
    /// A file of which not even the text is known may name anything.
    everything: bool,
    visits: bool,
    reviews: bool,
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
            unheard.file(document);
        }
        for document in handbook.documents.iter().filter(|document| is_bad_table(document)) {
            unheard.table(document);
        }
        for node in &handbook.entities {
            unheard.entity(node);
        }
        for finding in &handbook.diagnostics {
            unheard.finding(handbook, finding);
        }
        unheard
    }

    fn hear(&mut self, text: &str, who: Speakers) {
        for word in words(text) {
            match self.words.get_mut(word) {
                Some(known) => known.0 |= who.0,
                None => drop(self.words.insert(word.into(), who)),
            }
        }
    }

    /// All of a file that could not be read; of a backlog with items that have lost their names, these.
    fn file(&mut self, document: &Document) {
        let items = Speakers::of(&[Type::Improvement]);
        match document.role {
            Role::Backlog if document.entities.is_empty() => self.hear(&document.source.text, items),
            Role::Backlog => document.lost.iter().for_each(|item| self.hear(document.source.slice(*item), items)),
            _ => self.hear(&document.source.text, Speakers::in_file(document)),
        }
    }

    /// The rows of a table that findings speak of; the whole of it, where that is the head or no row is told from the next.
    fn table(&mut self, document: &Document) {
        let text = &*document.source.text;
        let row = |finding: &Diagnostic| {
            let (before, after) = text.split_at_checked(finding.span.start as usize)?;
            let start = before.rfind('\n').filter(|_| finding.rule != Rule::FrontMatterSyntax)? + 1;
            Some(&text[start..before.len() + after.find('\n').unwrap_or(after.len())])
        };
        let rows: Option<Vec<&str>> = document.diagnostics.iter().map(row).collect();
        rows.unwrap_or_else(|| vec![text]).into_iter().for_each(|row| self.hear(row, Speakers::of(&[Type::Visit])));
    }

    /// The fields of an entity that could not be read, and what its references name that lead nowhere.
    fn entity(&mut self, node: &Node) {
        let who = Speakers::of(&[node.entity.kind]);
        let unread = || node.entity.written.iter().filter(|written| !written.read);
        unread().for_each(|written| self.hear(node.document.field_text(written), who));
        // The rows of a visit are not one text.
        let all = node.entity.kind == Type::Visit && unread().next().is_some();
        for link in (0..node.targets.len() as u32).filter(|link| all || *node.target(*link) == Target::Nowhere) {
            let link = node.link(link);
            if matches!(link.how, FieldLink::Field(accepts) if !accepts.soft) {
                self.hear(&link.written, who);
            }
        }
    }

    /// What a mistake may have meant: the nearest id, everything of the second of two entities with one id, the text that is ambiguous.
    fn finding(&mut self, handbook: &Handbook, finding: &Diagnostic) {
        let document = || {
            let documents = &handbook.documents;
            documents.binary_search_by(|document| document.source.path.cmp(&finding.file)).ok().map(|at| &*documents[at])
        };
        match finding.rule {
            Rule::BrokenReference | Rule::WrongReferenceType => {
                let who = document().map_or(Speakers::ANY, Speakers::in_file);
                self.hear(finding.suggestion.as_deref().unwrap_or(""), who);
            }
            Rule::DuplicateId => document().into_iter().for_each(|document| self.second(document, finding)),
            Rule::AmbiguousLink => {
                document().into_iter().for_each(|document| self.hear(document.source.slice(finding.span), Speakers::in_file(document)));
            }
            _ if finding.file.as_str() == BOOK => self.settings(handbook, finding),
            _ => {}
        }
    }

    /// The second of two entities with one id is not there: a file, or an item of a backlog. What is in it alone is no entity.
    fn second(&mut self, document: &Document, finding: &Diagnostic) {
        let of_file = finding.labels.iter().any(|first| first.file != finding.file);
        let holds = |range: Span| (range.start..range.end).contains(&finding.span.start);
        let item = || document.entities.iter().find(|item| document.role == Role::Backlog && holds(item.range));
        match (of_file && document.role != Role::Backlog, item()) {
            (true, _) => self.hear(&document.source.text, Speakers::in_file(document)),
            (false, Some(item)) => self.hear(document.source.slice(item.range), Speakers::of(&[Type::Improvement])),
            (false, None) => {}
        }
    }

    /// A mistake in `book.toml`: in the name of a table of visits, or in how long a review holds.
    fn settings(&mut self, handbook: &Handbook, finding: &Diagnostic) {
        let text = &*handbook.settings.source.text;
        let before = text.get(..finding.span.start as usize).unwrap_or("");
        let from = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[from..].lines().next().unwrap_or("");
        let table = [line].into_iter().chain(before.lines().rev()).find(|line| line.starts_with('[')).unwrap_or("");
        let meant = finding.suggestion.as_deref().unwrap_or("");
        self.visits |= finding.rule == Rule::MissingFile || matches!(meant, "data" | "visits") || line.contains("visits");
        self.reviews |= meant == "review_every" || table.contains("review_every") || line.contains("review_every");
    }

    fn names(&self, id: &str, by: Speakers) -> bool {
        self.everything || self.words.get(id).is_some_and(|who| who.0 & by.0 != 0)
    }
}

/// The words of a text that may be ids.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| !word.is_empty())
}

/// Whether a table of visits has rows that could not be read.
fn is_bad_table(document: &Document) -> bool {
    document.source.path.extension() != "md" && !document.diagnostics.is_empty()
}
