//! What changed in each entity.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;

use super::pair::{How, Pairing};
use super::parts::{self, PartChange};
use super::prose::{self, Prose, ProseChange};
use super::rows::{Name, Read, Row, Tone, What, rows};
use super::value::{Form, Matches, Reader, Value};
use super::{Fate, Known, Side};
use crate::base::RelPath;
use crate::document::{Document, Role};
use crate::handbook::{Backlog, Handbook, Ix, Node};
use crate::insight;
use crate::markup::Body;
use crate::model::{Data, Type};

/// An entity that came, went or changed.
#[derive(Debug, Clone)]
pub struct EntityChange {
    /// What becomes of it.
    pub fate: Fate,
    /// The entity as it was.
    pub before: Option<Thing>,
    /// The entity as it is.
    pub after: Option<Thing>,
    /// How the one was found to be the other.
    pub how: How,
    /// What changed in its fields.
    pub rows: Vec<Row>,
    /// What changed in its phases, steps or tasks.
    pub parts: Vec<PartChange>,
    /// What changed in its text.
    pub prose: Vec<ProseChange>,
    /// A journey's curve before and after, where that changed.
    pub curve: Option<CurveChange>,
}

/// An entity of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its number on its side.
    pub ix: Ix,
    /// Its type.
    pub kind: Type,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The file it stands in.
    pub path: RelPath,
    /// Who answers for it; empty where nobody does.
    pub owner: String,
}

/// A journey's steps before and after, side by side.
#[derive(Debug, Clone, Default)]
pub struct CurveChange {
    /// The steps in the order in which they are now; removed ones where they were.
    pub steps: Vec<CurveStep>,
}

/// A step of either side or both.
#[derive(Debug, Clone)]
pub struct CurveStep {
    /// What it is called.
    pub title: String,
    /// Its id on the newer side; empty where it is not there.
    pub id: String,
    /// The number of the phase that it stands in, of those on the newer side.
    pub phase: Option<u32>,
    /// How it felt, and how it feels.
    pub before: Option<f64>,
    /// How it feels.
    pub after: Option<f64>,
    /// What becomes of it; none where nothing changed in it.
    pub fate: Option<Fate>,
}

impl EntityChange {
    /// The entity as it is, or else as it was.
    pub fn thing(&self) -> Option<&Thing> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Whether its id became another.
    pub fn renamed(&self) -> bool {
        self.both().is_some_and(|(before, after)| before.id != after.id)
    }

    /// Whether its type became another.
    pub fn retyped(&self) -> bool {
        self.both().is_some_and(|(before, after)| before.kind != after.kind)
    }

    /// Whether it stands in another file.
    pub fn moved(&self) -> bool {
        self.both().is_some_and(|(before, after)| before.path != after.path)
    }

    /// Whether its page has another address and no former name leads there.
    pub fn loses_address(&self) -> bool {
        (self.renamed() || self.retyped()) && self.how != How::Was
    }

    /// A short text that is another when the change is another.
    pub fn print(&self) -> String {
        blake3::hash(super::json::entity(self).to_string().as_bytes()).to_hex()[..8].to_owned()
    }

    /// Both sides, where it is on both.
    pub fn both(&self) -> Option<(&Thing, &Thing)> {
        self.before.as_ref().zip(self.after.as_ref())
    }
}

/// All that changed, and what is only written otherwise.
pub(super) struct Changes {
    pub entities: Vec<EntityChange>,
    pub reformatted: Vec<RelPath>,
}

pub(super) fn changes(base: Side<'_>, head: Side<'_>, known: &Known, pairing: &Pairing) -> Changes {
    let (old, new) = (base.handbook, head.handbook);
    let mut pairs: Vec<(Ix, Ix, How)> = pairing.pairs.iter().map(|(was, (is, how))| (*was, *is, *how)).collect();
    pairs.sort_unstable_by_key(|(_, is, _)| *is);
    let comparer = Comparer { old, new, pairing };
    let mut entities: Vec<EntityChange> = pairs.par_iter().filter_map(|(was, is, how)| comparer.changed(*was, *is, *how)).collect();
    let kept: BTreeSet<Ix> = pairs.iter().map(|(_, is, _)| *is).collect();
    entities.extend(new.all().filter(|ix| !kept.contains(ix)).map(|ix| comparer.added(ix)));
    entities.extend(old.all().filter(|ix| !pairing.pairs.contains_key(ix)).map(|ix| comparer.removed(ix)));
    entities.sort_by(|a, b| order(a).cmp(&order(b)));
    let reformatted = reformatted(&comparer, &pairs, &entities, known);
    Changes { entities, reformatted }
}

fn order(change: &EntityChange) -> Option<(Type, &str, bool)> {
    change.thing().map(|thing| (thing.kind, thing.id.as_str(), change.after.is_none()))
}

/// Files whose text differs and whose entities mean the same.
fn reformatted(comparer: &Comparer<'_>, pairs: &[(Ix, Ix, How)], entities: &[EntityChange], known: &Known) -> Vec<RelPath> {
    let changed: BTreeSet<&RelPath> = entities.iter().filter_map(|change| change.after.as_ref()).map(|after| &after.path).collect();
    let mut out: BTreeSet<&RelPath> = BTreeSet::new();
    for (was, is, _) in pairs {
        let path = &comparer.new.node(*is).document.source.path;
        let rewritten = comparer.pairing.rewritten.contains(was) && comparer.read(*was, *is);
        if rewritten && known.may_differ(path) && !changed.contains(path) {
            out.insert(path);
        }
    }
    out.into_iter().cloned().collect()
}

struct Comparer<'h> {
    old: &'h Handbook,
    new: &'h Handbook,
    pairing: &'h Pairing,
}

/// A journey in numbers, before and after.
type Journeys = (insight::JourneyInsight, insight::JourneyInsight);

/// Fields that are told as parts, and what every entity has besides.
const TOLD_OTHERWISE: [&str; 1] = ["title"];

impl<'h> Comparer<'h> {
    fn matches(&self) -> &'h Matches {
        &self.pairing.matches
    }

    fn before(&self, ix: Ix) -> Reader<'h> {
        Reader::new(self.old, ix, Some(self.matches()))
    }

    fn after(&self, ix: Ix) -> Reader<'h> {
        Reader::new(self.new, ix, None)
    }

    fn added(&self, ix: Ix) -> EntityChange {
        let reader = self.after(ix);
        let rows = all_rows(None, Some((reader, self.new.node(ix))));
        let after = Some(thing(self.new, ix));
        EntityChange { fate: Fate::Added, before: None, after, how: How::Same, rows, parts: Vec::new(), prose: Vec::new(), curve: None }
    }

    fn removed(&self, ix: Ix) -> EntityChange {
        let reader = self.before(ix);
        let rows = all_rows(Some((reader, self.old.node(ix))), None);
        let before = Some(thing(self.old, ix));
        EntityChange { fate: Fate::Removed, before, after: None, how: How::Same, rows, parts: Vec::new(), prose: Vec::new(), curve: None }
    }

    /// What changed in an entity that is on both sides; nothing where both mean the same.
    fn changed(&self, was: Ix, is: Ix, how: How) -> Option<EntityChange> {
        let (old, new) = (self.old.node(was), self.new.node(is));
        let series = self.series(was, is);
        if Arc::ptr_eq(&old.entity, &new.entity) && series.is_empty() {
            return None;
        }
        let mut change = EntityChange {
            fate: Fate::Same,
            before: Some(thing(self.old, was)),
            after: Some(thing(self.new, is)),
            how,
            rows: series,
            parts: Vec::new(),
            prose: Vec::new(),
            curve: None,
        };
        let written = self.pairing.rewritten.contains(&was) || old.entity.kind != new.entity.kind;
        if written && self.read(was, is) {
            self.compare(was, is, &mut change);
        }
        let any = change.renamed() || change.retyped() || change.moved();
        (any || !change.rows.is_empty() || !change.parts.is_empty() || !change.prose.is_empty()).then_some(change)
    }

    /// Whether both sides could be read. Of a file that could not, its finding is told, and not that all its fields are gone.
    fn read(&self, was: Ix, is: Ix) -> bool {
        !self.old.node(was).entity.broken && !self.new.node(is).entity.broken
    }

    fn compare(&self, was: Ix, is: Ix, change: &mut EntityChange) {
        let (old, new) = (self.old.node(was), self.new.node(is));
        let mut rows = all_rows(Some((self.before(was), old)), Some((self.after(is), new)));
        rows.append(&mut change.rows);
        change.rows = rows;
        let none = BTreeMap::new();
        let pairs = self.pairing.parts.get(&was).unwrap_or(&none);
        change.parts = parts::changes((self.old, was), (self.new, is), pairs, self.matches());
        if old.document.role != Role::Backlog || new.document.role != Role::Backlog {
            change.prose = prose::changes(text_of(old, self.before(was)), text_of(new, self.after(is)));
        }
        let journeys = (insight::journey(self.old, was), insight::journey(self.new, is));
        change.curve = self.curve(was, is, &journeys, change);
        change.rows.extend(averages(&journeys));
    }

    /// A metric's values in its own table.
    fn series(&self, was: Ix, is: Ix) -> Vec<Row> {
        let values = |handbook: &Handbook, ix: Ix| {
            let own = matches!(&handbook.node(ix).entity.data, Data::Metric(metric) if metric.data.is_some());
            let values = handbook.series.get(&ix).filter(|_| own)?;
            let entry = |value: &crate::handbook::Value| (Value::Date(value.date), Value::Number(value.value, Form::Plain));
            Some(Value::Map(values.iter().map(entry).collect()))
        };
        let mut out = Vec::new();
        super::rows::differ(vec![Name::Field("metric", "series")], values(self.old, was), values(self.new, is), &mut out);
        out
    }

    /// Both curves over one another, where the steps or their feelings changed.
    fn curve(&self, was: Ix, is: Ix, (old, new): &Journeys, change: &EntityChange) -> Option<CurveChange> {
        let touched: BTreeMap<u32, &PartChange> = change.parts.iter().filter_map(|part| Some((part.after.as_ref()?.part, part))).collect();
        let felt =
            |steps: &insight::JourneyInsight, part: u32| steps.steps.iter().find(|step| step.part == part).and_then(|step| step.lowest);
        let from: BTreeMap<u32, u32> = self.pairing.parts.get(&was)?.iter().map(|(was, (is, _))| (*is, *was)).collect();
        let decls = &self.new.node(is).entity.parts;
        let mut steps: Vec<CurveStep> = Vec::new();
        for step in &new.steps {
            let decl = decls.get(step.part as usize)?;
            let before = from.get(&step.part);
            let fate = touched.get(&step.part).map(|part| part.fate);
            let before = before.and_then(|part| felt(old, *part));
            steps.push(CurveStep {
                title: decl.title.to_string(),
                id: decl.id.to_string(),
                phase: decl.parent,
                before,
                after: step.lowest,
                fate,
            });
        }
        for (at, gone) in old.steps.iter().enumerate().filter(|(_, step)| !self.pairing.parts[&was].contains_key(&step.part)) {
            let title = self.old.node(was).entity.parts.get(gone.part as usize).map(|part| part.title.to_string()).unwrap_or_default();
            let at = at.min(steps.len());
            let phase = at.checked_sub(1).and_then(|at| steps.get(at)).and_then(|step| step.phase);
            steps.insert(at, CurveStep { title, id: String::new(), phase, before: gone.lowest, after: None, fate: Some(Fate::Removed) });
        }
        let differs = steps.iter().any(|step| step.before != step.after || matches!(step.fate, Some(Fate::Added | Fate::Removed)));
        differs.then_some(CurveChange { steps })
    }
}

/// What a journey says in numbers.
fn averages((old, new): &Journeys) -> Vec<Row> {
    let number = |key, before: Option<f64>, after: Option<f64>, form: Form| {
        let round = |value: Option<f64>| value.map(|value| form.rounded(value));
        let (before, after) = (round(before), round(after));
        let tone = before.zip(after).map_or(Tone::Neutral, |(before, after)| Tone::rising(before, after));
        let value = |value: f64| Value::Number(value, form);
        (before != after).then(|| Row { names: vec![Name::Word(key)], what: What::Value(before.map(value), after.map(value)), tone })
    };
    let mean = number("ui.changes.average", mean(old), mean(new), Form::Signed);
    let known = number("ui.changes.known", old.known_share(), new.known_share(), Form::Percent);
    mean.into_iter().chain(known).collect()
}

/// The average of how the steps feel.
pub(super) fn mean(journey: &insight::JourneyInsight) -> Option<f64> {
    let felt: Vec<f64> = journey.steps.iter().filter_map(|step| step.lowest).collect();
    (!felt.is_empty()).then(|| felt.iter().sum::<f64>() / felt.len() as f64)
}

/// An entity's running text.
fn text_of<'p>(node: &'p Node, reader: Reader<'p>) -> Prose<'p> {
    let (text, body) = (node.document.source.text.get(node.document.body_at..).unwrap_or(""), &node.entity.body);
    Prose { body, text, first_link: node.entity.body_link, reader: Some(reader) }
}

/// The rows of all fields: those of every type, then the type's own, parts apart.
fn all_rows(before: Option<(Reader<'_>, &Node)>, after: Option<(Reader<'_>, &Node)>) -> Vec<Row> {
    let common = |side: Option<(Reader<'_>, &Node)>| side.map(|(reader, node)| reader.fields(&node.entity.common, &TOLD_OTHERWISE));
    let title = |side: Option<(Reader<'_>, &Node)>| side.map(|(reader, node)| reader.title(node));
    let mut out = Vec::new();
    if before.is_some() && after.is_some() {
        super::rows::differ(vec![Name::Field("every type", "title")], title(before), title(after), &mut out);
    }
    super::rows::records(&[], "every type", &common(before).unwrap_or_default(), &common(after).unwrap_or_default(), &mut out);
    fn own<'r>(side: Option<(Reader<'r>, &'r Node)>) -> Option<Read<'r>> {
        side.map(|(reader, node)| Read { reader, record: node.entity.data.record() })
    }
    out.extend(rows(own(before), own(after), &parts_of(before.or(after))));
    out
}

/// The field that holds an entity's parts: told part by part.
fn parts_of(side: Option<(Reader<'_>, &Node)>) -> Vec<&'static str> {
    match side.map(|(_, node)| node.entity.kind) {
        Some(Type::Journey | Type::Framework | Type::Roadmap) => vec!["phases"],
        Some(Type::Persona) => vec!["core_tasks"],
        _ => Vec::new(),
    }
}

/// An entity of a side.
pub(super) fn thing(handbook: &Handbook, ix: Ix) -> Thing {
    let node = handbook.node(ix);
    Thing {
        ix,
        kind: node.entity.kind,
        id: node.entity.id.to_string(),
        title: node.entity.title.to_string(),
        path: node.document.source.path.clone(),
        owner: super::owners::owner(handbook, ix).unwrap_or_default(),
    }
}

/// What changed in a backlog's file besides its items.
#[derive(Debug, Clone)]
pub struct BacklogChange {
    /// Where it lies.
    pub path: RelPath,
    /// What changed in its fields.
    pub rows: Vec<Row>,
    /// What changed in its text.
    pub prose: Vec<ProseChange>,
}

pub(super) fn backlogs(base: &Handbook, head: &Handbook) -> Vec<BacklogChange> {
    let old: BTreeMap<&RelPath, &Backlog> = base.backlogs.iter().map(|backlog| (&backlog.document.source.path, backlog)).collect();
    let mut out = Vec::new();
    for backlog in &head.backlogs {
        let path = &backlog.document.source.path;
        let Some(was) = old.get(path) else { continue };
        let rows = rows(Some(file_fields(base, was)), Some(file_fields(head, backlog)), &[]);
        let prose = prose::changes(file_text(&was.document), file_text(&backlog.document));
        if !rows.is_empty() || !prose.is_empty() {
            out.push(BacklogChange { path: path.clone(), rows, prose });
        }
    }
    out
}

/// A backlog's own fields.
fn file_fields<'h>(handbook: &'h Handbook, backlog: &'h Backlog) -> Read<'h> {
    let document = &*backlog.document;
    Read { reader: Reader::of_file(handbook, Some((document, backlog.first_link))), record: &*document.common }
}

/// A backlog's own text.
fn file_text(document: &Document) -> Prose<'_> {
    static NOTHING: LazyLock<Body> = LazyLock::new(Body::default);
    let text = document.source.text.get(document.body_at..).unwrap_or("");
    Prose { body: document.body.as_ref().unwrap_or(&NOTHING), text, first_link: 0, reader: None }
}
