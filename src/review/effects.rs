//! What follows from a change: numbers of the whole handbook, and pages that change though their file did not.
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::entities::{EntityChange, mean};
use super::pair::{How, Pairing};
use super::rows::Tone;
use super::value::{Form, Reader};
use super::{Fate, Side};
use crate::base::Rule;
use crate::handbook::{Handbook, Ix, Target};
use crate::insight::{self, Backing};
use crate::model::Type;

/// What follows.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    /// Numbers that changed.
    pub measures: Vec<Measure>,
    /// Pages of the newer side that change though their file did not, by type and id.
    pub pages: Vec<Ripple>,
}

/// A number of the whole handbook that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Which.
    pub key: MeasureKey,
    /// Before; none where there was nothing to measure.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// Whether it got better.
    pub tone: Tone,
}

/// A page that changes by what others say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ripple {
    /// The entity on the newer side.
    pub ix: Ix,
    /// Titles of what it shows otherwise than before.
    pub because: Vec<String>,
}

macro_rules! measures {
    ($( $(#[$doc:meta])* $key:ident = $name:literal, $form:ident, $good:expr; )+) => {
        /// A number of the whole handbook.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum MeasureKey { $( $(#[$doc])* $key, )+ }

        impl MeasureKey {
            /// Every one, in the order in which they are told.
            pub const ALL: &'static [MeasureKey] = &[ $( MeasureKey::$key, )+ ];

            /// Its name in data, and in the tables of words.
            pub fn name(self) -> &'static str {
                match self { $( MeasureKey::$key => $name, )+ }
            }

            /// How it is shown.
            pub fn form(self) -> Form {
                match self { $( MeasureKey::$key => Form::$form, )+ }
            }

            /// Which way is better: 1 up, −1 down, 0 neither.
            fn good(self) -> i8 {
                match self { $( MeasureKey::$key => $good, )+ }
            }
        }
    };
}

measures! {
    /// Statements about customers that are known, in per cent.
    Known = "known", Percent, 1;
    /// Steps that a department leads or has a role in, in per cent.
    Owned = "owned", Percent, 1;
    /// Steps of frameworks that the journeys held against them cover, in per cent.
    Covered = "covered", Percent, 1;
    /// How steps feel on average.
    Feeling = "feeling", Signed, 1;
    /// Phases in which customers care much more than we are there.
    Gaps = "gaps", Plain, -1;
    /// Orphans.
    Orphans = "orphans", Plain, -1;
    /// Improvements still to be done.
    Open = "open", Plain, 0;
    /// Improvements done.
    Done = "done", Plain, 1;
    /// What they may cost.
    Budget = "budget", Plain, 0;
    /// What they have cost.
    Spent = "spent", Plain, 0;
    /// What they bring in a year.
    Benefit = "benefit", Plain, 1;
}

impl MeasureKey {
    /// Whether it is a sum of money in the handbook's currency.
    pub fn is_money(self) -> bool {
        matches!(self, MeasureKey::Budget | MeasureKey::Spent | MeasureKey::Benefit)
    }
}

pub(super) fn compare(base: Side<'_>, head: Side<'_>, pairing: &Pairing, changes: &[EntityChange]) -> Effects {
    let (old, new) = (measured(base), measured(head));
    let measures = MeasureKey::ALL.iter().filter_map(|key| measure(*key, old.get(key).copied(), new.get(key).copied())).collect();
    Effects { measures, pages: ripples(base.handbook, head.handbook, pairing, changes) }
}

fn measure(key: MeasureKey, before: Option<f64>, after: Option<f64>) -> Option<Measure> {
    let round = |value: Option<f64>| value.map(|value| key.form().rounded(value));
    let (before, after) = (round(before), round(after));
    let tone = match (before, after, key.good()) {
        (Some(before), Some(after), 1) => Tone::rising(before, after),
        (Some(before), Some(after), -1) => Tone::rising(after, before),
        _ => Tone::Neutral,
    };
    (before != after).then_some(Measure { key, before, after, tone })
}

fn measured(side: Side<'_>) -> BTreeMap<MeasureKey, f64> {
    let handbook = side.handbook;
    let journeys: Vec<(Ix, insight::JourneyInsight)> =
        handbook.of_type(Type::Journey).map(|ix| (ix, insight::journey(handbook, ix))).collect();
    let steps: usize = journeys.iter().map(|(_, journey)| journey.steps.len()).sum();
    let unowned: usize = journeys.iter().map(|(_, journey)| journey.unowned()).sum();
    let means: Vec<f64> = journeys.iter().filter_map(|(_, journey)| mean(journey)).collect();
    let gaps = journeys.iter().flat_map(|(_, journey)| &journey.gaps).filter(|gap| gap.size() >= insight::WIDE_GAP).count();
    let totals = insight::totals(handbook, handbook.of_type(Type::Improvement));
    let orphans = side.findings.iter().filter(|finding| finding.rule == Rule::Orphan).count();
    let mut out = BTreeMap::from([
        (MeasureKey::Gaps, gaps as f64),
        (MeasureKey::Orphans, orphans as f64),
        (MeasureKey::Open, totals.open as f64),
        (MeasureKey::Done, totals.done as f64),
        (MeasureKey::Budget, totals.budget as f64),
        (MeasureKey::Spent, totals.spent as f64),
        (MeasureKey::Benefit, totals.benefit as f64),
    ]);
    out.extend(known(handbook).map(|share| (MeasureKey::Known, share)));
    out.extend(covered(handbook).map(|share| (MeasureKey::Covered, share)));
    out.extend((steps > 0).then(|| (MeasureKey::Owned, (steps - unowned) as f64 * 100.0 / steps as f64)));
    out.extend((!means.is_empty()).then(|| (MeasureKey::Feeling, means.iter().sum::<f64>() / means.len() as f64)));
    out
}

/// Statements about customers that are known, in per cent.
fn known(handbook: &Handbook) -> Option<f64> {
    let all = handbook.of_type(Type::Journey).chain(handbook.of_type(Type::Persona)).map(|ix| insight::backing(handbook, ix));
    all.sum::<Backing>().share()
}

/// Steps of frameworks that the journeys held against them cover, in per cent.
fn covered(handbook: &Handbook) -> Option<f64> {
    let held = handbook.of_type(Type::Journey).filter_map(|ix| {
        let framework = handbook.node(ix).entity.data.journey()?.framework?;
        Some(insight::framework_cover(handbook, ix, handbook.follow(ix, framework)?))
    });
    let (all, covered) = held
        .flatten()
        .filter(|row| row.step.is_some())
        .fold((0u32, 0u32), |(all, covered), row| (all + 1, covered + u32::from(!row.by.is_empty())));
    (all > 0).then(|| f64::from(covered) * 100.0 / f64::from(all))
}

/// The pages that show something of others that they did not, or show it otherwise: who refers to them, and what those they refer
/// to are called.
fn ripples(base: &Handbook, head: &Handbook, pairing: &Pairing, changes: &[EntityChange]) -> Vec<Ripple> {
    let changed: BTreeSet<Ix> =
        changes.iter().filter(|change| change.fate != Fate::Removed).filter_map(|change| Some(change.after.as_ref()?.ix)).collect();
    let ripple = |(was, (is, _)): (&Ix, &(Ix, How))| {
        if changed.contains(is) || pairing.rewritten.contains(was) {
            return None;
        }
        let old = glimpses(Reader::new(base, *was, Some(&pairing.matches)), base, *was);
        let new = glimpses(Reader::new(head, *is, None), head, *is);
        let because: BTreeSet<String> = old.symmetric_difference(&new).map(|glimpse| glimpse.title()).collect();
        (!because.is_empty()).then(|| Ripple { ix: *is, because: because.into_iter().collect() })
    };
    let mut out: Vec<Ripple> = pairing.pairs.par_iter().filter_map(ripple).collect();
    out.sort_by_key(|ripple| ripple.ix);
    out
}

/// What a page shows of another entity or a part of one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Glimpse<'h> {
    /// What it is on the newer side; nothing where it is not there.
    of: Option<(Ix, Option<u32>)>,
    /// Where it refers to the page: the field, and the part that is meant; nothing where the page refers to it.
    refers: Option<(&'static str, &'h str)>,
    /// What the entity and the part are called.
    called: (&'h str, Option<&'h str>),
}

impl<'h> Glimpse<'h> {
    fn of(reader: Reader<'h>, handbook: &'h Handbook, refers: Option<(&'static str, &'h str)>, ix: Ix, part: Option<u32>) -> Glimpse<'h> {
        let entity = &handbook.node(ix).entity;
        let called = part.and_then(|part| entity.parts.get(part as usize)).map(|part| &*part.title);
        Glimpse { of: reader.head(ix, part), refers, called: (&entity.title, called) }
    }

    fn title(&self) -> String {
        match self.called {
            (entity, Some(part)) => format!("{entity} › {part}"),
            (entity, None) => entity.to_owned(),
        }
    }
}

/// What a page shows of others.
fn glimpses<'h>(reader: Reader<'h>, handbook: &'h Handbook, ix: Ix) -> BTreeSet<Glimpse<'h>> {
    let node = handbook.node(ix);
    let to = node.targets.iter().filter_map(|target| {
        let part = if let Target::Part(_, part) = target { Some(*part) } else { None };
        Some(Glimpse::of(reader, handbook, None, target.entity()?, part))
    });
    let by = node.backlinks.iter().map(|link| {
        let meant = link.to_part.and_then(|part| node.entity.parts.get(part as usize)).map_or("", |part| &*part.id);
        let raw = handbook.node(link.from).link(link.link);
        Glimpse::of(reader, handbook, Some((raw.relation, meant)), link.from, raw.part)
    });
    to.chain(by).collect()
}
