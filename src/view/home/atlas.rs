//! The atlas: every journey, parents with what details them, the two states of one journey side by side.
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::entity::{FreshView, Told, fresh_view};
use super::super::improvement::capital;
use super::super::journey::{CurveView, card_bands, card_curve};
use super::super::pieces::RICH;
use super::super::{Cx, LinkView};
use crate::handbook::{Handbook, Ix};
use crate::insight::{self, JourneyInsight};
use crate::model::{State, Type};

/// Every journey.
#[derive(Debug, Serialize)]
pub struct Atlas {
    /// How many, in words.
    pub count: String,
    /// Journeys that belong together.
    pub groups: Vec<JourneyGroup>,
    /// The step that feels worst of all.
    pub lowest: Option<LowPoint>,
    /// What does not fit as a card.
    pub rest: Vec<PlainRow>,
    /// All of them as a list.
    pub listing: LinkView,
}

/// The step that feels worst of all.
#[derive(Debug, Serialize)]
pub struct LowPoint {
    /// It.
    pub step: StepAt,
    /// Its journey.
    pub journey: LinkView,
}

/// A journey, its other state, and what details them.
#[derive(Debug, Default, Serialize)]
pub struct JourneyGroup {
    /// The journey and its other states.
    pub cards: Vec<Card>,
    /// What details them.
    pub children: Vec<Card>,
    /// It takes a row of the page for itself.
    pub wide: bool,
}

/// A journey as a line.
#[derive(Debug, Serialize)]
pub struct PlainRow {
    /// Its page.
    pub link: LinkView,
    /// Who answers for it.
    pub owner: Option<LinkView>,
}

/// A journey as a card.
#[derive(Debug, Serialize)]
pub struct Card {
    /// A number of its own on the page.
    pub number: usize,
    /// Its page.
    pub link: LinkView,
    /// As it is, as it is to be …, where that is not plain.
    pub state: String,
    /// The journey it details.
    pub parent: Option<LinkView>,
    /// Whose journey it is.
    pub personas: Vec<LinkView>,
    /// Who answers for it.
    pub owner: Option<LinkView>,
    /// Its curve.
    pub curve: CurveView,
    /// What lies before, during and after.
    pub strip: Vec<Strip>,
    /// The step that feels best.
    pub best: Option<StepAt>,
    /// The step that feels worst.
    pub worst: Option<StepAt>,
    /// The anchors of those two, to mark them on the curve.
    pub best_id: String,
    /// The worst.
    pub worst_id: String,
    /// How many improvements are open.
    pub open: String,
    /// How much of it is known.
    pub known: String,
    /// How fresh it is, in brief.
    pub fresh: FreshView,
    /// It is alone in its row: its words stand beside its curve.
    pub alone: bool,
}

/// A piece of the strip under a curve.
#[derive(Debug, Serialize)]
pub struct Strip {
    /// `before`, `during`, `after`, or empty.
    pub moment: &'static str,
    /// What it says.
    pub title: String,
    /// How many steps.
    pub steps: usize,
    /// Whether it is wide enough to say so.
    pub fits: bool,
    /// Not on a narrow screen.
    pub spare: bool,
    /// Where it begins, in per cent.
    pub x: String,
    /// How wide it is, in per cent.
    pub width: String,
}

/// A step with how it feels.
#[derive(Debug, Serialize)]
pub struct StepAt {
    /// The step.
    pub link: LinkView,
    /// How it feels.
    pub value: String,
}

/// Every journey of the handbook.
pub fn atlas(cx: &Cx<'_>) -> Atlas {
    let mut atlas = Atlas {
        count: cx.words.entities(Type::Journey, cx.handbook.of_type(Type::Journey).count()),
        groups: Vec::new(),
        lowest: lowest(cx),
        rest: Vec::new(),
        listing: cx.listing_link(Type::Journey),
    };
    let mut number = 0;
    for family in Families::of(cx.handbook).sorted() {
        let mut group = JourneyGroup::default();
        for (ix, child) in family {
            number += 1;
            if number > RICH {
                atlas.rest.push(PlainRow { link: cx.link(ix), owner: cx.owner(ix) });
            } else if child {
                group.children.push(card(cx, ix, number));
            } else {
                group.cards.push(card(cx, ix, number));
            }
        }
        if !group.cards.is_empty() {
            atlas.groups.push(group);
        }
    }
    rows_of_two(&mut atlas.groups);
    atlas
}

/// Cards stand two by two. A family has rows of its own, an only child beside its parent; whatever is left alone takes its whole row.
fn rows_of_two(groups: &mut [JourneyGroup]) {
    let several = groups.len() > 1;
    let mut free: Option<&mut JourneyGroup> = None;
    for group in groups {
        group.wide = !several || group.cards.len() > 1 || !group.children.is_empty();
        match (group.wide, free.take()) {
            (false, None) => free = Some(group),
            (false, Some(_)) => {}
            (true, single) => {
                single.into_iter().for_each(alone);
                fill_rows(group);
            }
        }
    }
    free.into_iter().for_each(alone);
}

/// In a family's own rows an odd card takes a whole one.
fn fill_rows(group: &mut JourneyGroup) {
    if !matches!((group.cards.len(), group.children.len()), (1, 0 | 1)) {
        let odd = [&mut group.cards, &mut group.children].into_iter().filter(|cards| cards.len() % 2 == 1);
        odd.filter_map(|cards| cards.last_mut()).for_each(|card| card.alone = true);
    }
}

fn alone(group: &mut JourneyGroup) {
    group.wide = true;
    group.cards.iter_mut().for_each(|card| card.alone = true);
}

/// The step that feels worst of all, as things are.
fn lowest(cx: &Cx<'_>) -> Option<LowPoint> {
    let as_is =
        |ix: &Ix| cx.node(*ix).entity.data.journey().is_some_and(|journey| matches!(journey.state(), State::AsIs | State::DayInTheLife));
    let low = cx.handbook.of_type(Type::Journey).filter(as_is).filter_map(|ix| {
        let numbers = insight::journey(cx.handbook, ix);
        Some((numbers.lowest?.1, ix, numbers))
    });
    let (_, ix, numbers) = low.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(value, ..)| *value < 0.0)?;
    Some(LowPoint { step: step_at(cx, ix, &numbers, numbers.lowest)?, journey: cx.link(ix) })
}

/// How journeys hang together.
struct Families<'h> {
    handbook: &'h Handbook,
    parents: BTreeMap<Ix, Ix>,
    children: BTreeMap<Ix, Vec<Ix>>,
    partners: BTreeMap<Ix, Vec<Ix>>,
    seen: BTreeSet<Ix>,
}

impl<'h> Families<'h> {
    fn of(handbook: &'h Handbook) -> Families<'h> {
        let (parents, children, partners) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut families = Families { handbook, parents, children, partners, seen: BTreeSet::new() };
        for ix in handbook.of_type(Type::Journey) {
            let Some(journey) = handbook.node(ix).entity.data.journey() else { continue };
            if let Some(parent) = journey.parent.and_then(|parent| handbook.follow(ix, parent)).filter(|parent| *parent != ix) {
                families.parents.insert(ix, parent);
                families.children.entry(parent).or_default().push(ix);
            }
            if let Some(other) = journey.counterpart.and_then(|other| handbook.follow(ix, other)) {
                families.partners.entry(ix).or_default().push(other);
                families.partners.entry(other).or_default().push(ix);
            }
        }
        families
    }

    /// Families in order of their first member's id; journeys that detail each other in a circle come last, each circle as one.
    fn sorted(mut self) -> Vec<Vec<(Ix, bool)>> {
        let (roots, others): (Vec<Ix>, Vec<Ix>) = self.handbook.of_type(Type::Journey).partition(|ix| !self.parents.contains_key(ix));
        let families = roots.into_iter().chain(others).map(|ix| self.family(ix));
        families.filter(|family| !family.is_empty()).collect()
    }

    /// A journey with its other states, and after them what details them; the second value tells which is which.
    fn family(&mut self, first: Ix) -> Vec<(Ix, bool)> {
        if !self.seen.insert(first) {
            return Vec::new();
        }
        let mut heads = vec![first];
        for other in self.partners.get(&first).cloned().unwrap_or_default() {
            if !self.parents.contains_key(&other) && self.seen.insert(other) {
                heads.push(other);
            }
        }
        heads.sort_by_key(|ix| (self.handbook.node(*ix).entity.data.journey().is_some_and(|journey| journey.state() != State::AsIs), *ix));
        let mut family: Vec<(Ix, bool)> = heads.iter().map(|ix| (*ix, false)).collect();
        let below = |families: &Families<'_>, ix: Ix| families.children.get(&ix).cloned().unwrap_or_default();
        let mut open: Vec<Ix> = heads.iter().flat_map(|ix| below(self, *ix)).rev().collect();
        while let Some(next) = open.pop() {
            if self.seen.insert(next) {
                family.push((next, true));
                open.extend(below(self, next).into_iter().rev());
            }
        }
        family
    }
}

fn card(cx: &Cx<'_>, ix: Ix, number: usize) -> Card {
    let numbers = insight::journey(cx.handbook, ix);
    let journey = cx.node(ix).entity.data.journey();
    let anchor = |at: Option<(usize, f64)>| {
        let part = at.and_then(|(at, _)| cx.node(ix).entity.parts.get(numbers.steps.get(at)?.part as usize));
        part.map(|part| part.id.to_string()).unwrap_or_default()
    };
    let state =
        journey.map(|journey| journey.state()).filter(|state| *state != State::AsIs || insight::counterpart(cx.handbook, ix).is_some());
    Card {
        number,
        link: cx.link(ix),
        state: state.map(|state| cx.words.choice("journey", "state", state.word())).unwrap_or_default(),
        parent: journey.and_then(|journey| journey.parent).and_then(|parent| cx.follow(ix, parent)),
        personas: journey.map(|journey| cx.follow_all(ix, &journey.personas)).unwrap_or_default(),
        owner: cx.owner(ix),
        curve: card_curve(cx, ix, &numbers),
        strip: strip(cx, ix),
        best: step_at(cx, ix, &numbers, numbers.highest),
        worst: step_at(cx, ix, &numbers, numbers.lowest),
        best_id: anchor(numbers.highest),
        worst_id: anchor(numbers.lowest),
        open: cx.words.count("ui.count.open_improvements", open_improvements(cx, ix)),
        known: numbers
            .known_share()
            .map(|share| cx.words.fmt("ui.home.known", &[("percent", &cx.words.percent(share.round()))]))
            .unwrap_or_default(),
        fresh: fresh_view(cx, ix, Told::InBrief),
        alone: false,
    }
}

fn open_improvements(cx: &Cx<'_>, ix: Ix) -> usize {
    let is_open = |ix: &Ix| cx.node(*ix).entity.data.improvement().is_some_and(|item| item.is_open());
    let found: BTreeSet<Ix> = insight::improvements_for(cx.handbook, ix).into_iter().map(|(_, item)| item).filter(is_open).collect();
    found.len()
}

fn step_at(cx: &Cx<'_>, ix: Ix, numbers: &JourneyInsight, at: Option<(usize, f64)>) -> Option<StepAt> {
    let (at, value) = at?;
    Some(StepAt { link: cx.part_link(ix, numbers.steps.get(at)?.part), value: cx.words.signed(value) })
}

fn strip(cx: &Cx<'_>, ix: Ix) -> Vec<Strip> {
    let bands = card_bands(cx, ix);
    let all: usize = bands.iter().map(|band| band.span).sum();
    let share = |n: usize| format!("{:.3}", n as f64 * 100.0 / all.max(1) as f64);
    let mut at = 0;
    let strip = bands.into_iter().map(|band| {
        let x = share(at);
        at += band.span;
        let title = if band.moment.is_empty() { band.title } else { capital(&cx.words.choice("phase", "moment", band.moment)) };
        let fits = |card: f64| band.span as f64 / all as f64 * card >= wanted(&title, band.steps);
        let (fits, spare) = (fits(CARD), !fits(PHONE));
        Strip { moment: band.moment, title, steps: band.steps, fits, spare, x, width: share(band.span) }
    });
    strip.collect()
}

/// The narrowest card beside another one and on a phone, in pixels.
const CARD: f64 = 440.0;
const PHONE: f64 = 328.0;

/// How many pixels the words on a strip take, with their margin.
fn wanted(title: &str, steps: usize) -> f64 {
    9.0 + 5.6 * (title.chars().count() + 1 + steps.to_string().len()) as f64
}
