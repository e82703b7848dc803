//! Roadmaps: phases on a scale of quarters, with what is planned in them and what it costs.
use std::collections::BTreeMap;

use serde::Serialize;

use super::entity::{EntityPage, body_html, entity_page};
use super::improvement::{Other, left_words, other};
use super::pieces::{RICH, more};
use super::{Cx, LinkView, Shell};
use crate::base::{Date, Money};
use crate::handbook::{Ix, Target};
use crate::insight;
use crate::model::{Improvement, ImprovementStatus, Part, RoadmapPhase, Type};

/// The page of a roadmap.
#[derive(Debug, Serialize)]
pub struct RoadmapPage {
    /// What every entity has.
    pub page: EntityPage,
    /// The plan.
    pub plan: Plan,
}

/// The overview of all roadmaps.
#[derive(Debug, Serialize)]
pub struct RoadmapsPage {
    /// The frame.
    pub shell: Shell,
    /// Its heading.
    pub title: String,
    /// The introduction's summary.
    pub summary_html: String,
    /// The introduction.
    pub intro_html: String,
    /// The plans.
    pub plans: Vec<PlanBrief>,
    /// Roadmaps beyond those.
    pub rest: Vec<LinkView>,
    /// Open improvements in no phase of any.
    pub unplanned: Vec<Other>,
    /// How many more of those, in words.
    pub more: String,
}

/// A roadmap on the overview.
#[derive(Debug, Serialize)]
pub struct PlanBrief {
    /// Its page.
    pub link: LinkView,
    /// Its summary.
    pub summary_html: String,
    /// The plan.
    pub plan: Plan,
}

/// A plan: its phases, and how they lie in time.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// The phases, in order.
    pub phases: Vec<PhaseView>,
    /// How they lie in time, where any says when it is.
    pub scale: Option<Scale>,
    /// Phases that do not say when they are.
    pub undated: Vec<LinkView>,
    /// The sum of the phases' budgets.
    pub budget: String,
}

/// A phase.
#[derive(Debug, Serialize)]
pub struct PhaseView {
    /// Its anchor.
    pub id: String,
    /// It.
    pub link: LinkView,
    /// From when until when, in words.
    pub period: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// `past`, `now`, `next`, or empty where there are no dates.
    pub when: &'static str,
    /// What it is to reach.
    pub goal_html: String,
    /// Who answers for it.
    pub owner: Option<LinkView>,
    /// What it may cost.
    pub budget: String,
    /// What its improvements may cost together.
    pub planned: String,
    /// What they have cost.
    pub spent: String,
    /// What is spent of the budget, in per cent, up to 100; empty without a budget.
    pub spent_share: String,
    /// More is planned than it may cost: by how much, in words.
    pub over: String,
    /// What is left of the budget, in words.
    pub left: String,
    /// Done, of all.
    pub done: String,
    /// Its improvements, by status.
    pub groups: Vec<StatusGroup>,
}

/// Improvements of one status.
#[derive(Debug, Serialize)]
pub struct StatusGroup {
    /// The status.
    pub label: String,
    /// How many.
    pub n: usize,
    /// They.
    pub items: Vec<LinkView>,
    /// How many more, in words.
    pub more: String,
}

/// How phases lie in time.
#[derive(Debug, Serialize)]
pub struct Scale {
    /// Height of the whole picture.
    pub height: usize,
    /// Quarters.
    pub quarters: Vec<Quarter>,
    /// Bars, in order of the phases.
    pub bars: Vec<PhaseBar>,
    /// Where today is, in per cent, if it is on the scale.
    pub today: Option<String>,
}

/// A quarter of a year.
#[derive(Debug, Serialize)]
pub struct Quarter {
    /// Where it begins, in per cent.
    pub x: String,
    /// What it is called; empty where there is no room for every one.
    pub label: String,
}

/// The bar of a phase.
#[derive(Debug, Serialize)]
pub struct PhaseBar {
    /// The phase.
    pub link: LinkView,
    /// From when until when.
    pub period: String,
    /// Where it begins, in per cent.
    pub x: String,
    /// How long it is, in per cent.
    pub width: String,
    /// How long the part is that is spent, in per cent.
    pub spent: String,
    /// Distance from the top.
    pub y: usize,
    /// Whether its name is written from its end backwards.
    pub from_end: bool,
    /// Where it ends, in per cent.
    pub end: String,
    /// `past`, `now` or `next`.
    pub when: &'static str,
}

/// Roadmaps on the overview, and quarters with a name each.
const ROADMAPS: usize = 12;
const NAMED: usize = 12;
/// Quarters that a scale may have.
const QUARTERS: i64 = 160;
const ROW: usize = 44;
const TOP: usize = 26;

/// The page of a roadmap.
pub fn roadmap_page(cx: &Cx<'_>, ix: Ix) -> RoadmapPage {
    let mut page = entity_page(cx, ix, &["phases"]);
    page.shell.class = "p-entity p-roadmap".into();
    let plan = plan(cx, ix);
    // Who is planned here stands in the phases already, unless there were too many.
    if plan.phases.iter().flat_map(|phase| &phase.groups).all(|group| group.more.is_empty()) {
        page.take_backlinks(|relation| relation == "improvement-phase");
    }
    RoadmapPage { page, plan }
}

/// The overview of all roadmaps.
pub fn roadmaps_page(cx: &Cx<'_>) -> RoadmapsPage {
    let section = cx.handbook.section(Type::Roadmap);
    let title = cx.section_title(Type::Roadmap);
    let roadmaps: Vec<Ix> = cx.handbook.of_type(Type::Roadmap).collect();
    let unplanned: Vec<Ix> = cx.handbook.of_type(Type::Improvement).filter(|ix| is_unplanned(cx, *ix)).collect();
    let brief =
        |ix: &Ix| PlanBrief { link: cx.link(*ix), summary_html: cx.html_or(*ix, &cx.node(*ix).entity.common.summary), plan: plan(cx, *ix) };
    RoadmapsPage {
        shell: super::shell::of_section(cx, section, &title, "p-roadmap"),
        title,
        summary_html: section.map(|ix| cx.html_or(ix, &cx.node(ix).entity.common.summary)).unwrap_or_default(),
        intro_html: section.map(|ix| body_html(cx, ix)).unwrap_or_default(),
        plans: roadmaps.iter().take(ROADMAPS).map(brief).collect(),
        rest: roadmaps.iter().skip(ROADMAPS).map(|ix| cx.link(*ix)).collect(),
        more: more(cx, unplanned.len(), RICH),
        unplanned: unplanned.into_iter().take(RICH).filter_map(|ix| other(cx, ix)).collect(),
    }
}

fn is_unplanned(cx: &Cx<'_>, ix: Ix) -> bool {
    let Some(item) = cx.node(ix).entity.data.improvement().filter(|item| item.is_open()) else { return false };
    !item.phase.is_some_and(|phase| matches!(cx.node(ix).of(phase), Target::Part(..)))
}

fn plan(cx: &Cx<'_>, ix: Ix) -> Plan {
    let phases = cx.node(ix).entity.data.roadmap().map_or(&[][..], |roadmap| &roadmap.phases);
    let own = &cx.handbook.settings.currency;
    let budgets = phases.iter().filter_map(|phase| phase.budget).filter(|budget| budget.currency_or(own) == *own);
    let budget: i64 = budgets.fold(0, |sum, budget| sum.saturating_add(budget.cents));
    let undated = phases.iter().filter(|phase| phase.from.is_none() && phase.to.is_none());
    let views = phases_of(cx, ix);
    Plan {
        scale: scale(cx, phases, &views),
        phases: views,
        undated: undated.map(|phase| cx.part_link(ix, phase.index)).collect(),
        budget: if budget > 0 { cx.words.money(Money { cents: budget, currency: None }, own) } else { String::new() },
    }
}

/// The phases of a roadmap.
pub fn phases_of(cx: &Cx<'_>, ix: Ix) -> Vec<PhaseView> {
    let Some(roadmap) = cx.node(ix).entity.data.roadmap() else { return Vec::new() };
    let mut items: BTreeMap<u32, Vec<Ix>> = BTreeMap::new();
    for link in cx.node(ix).backlinks.iter() {
        if let Some(part) = link.to_part.filter(|_| link.relation == "phase") {
            items.entry(part).or_default().push(link.from);
        }
    }
    roadmap.phases.iter().map(|phase| phase_view(cx, ix, phase, items.get(&phase.index).map_or(&[], Vec::as_slice))).collect()
}

fn phase_view(cx: &Cx<'_>, ix: Ix, phase: &Part<RoadmapPhase>, items: &[Ix]) -> PhaseView {
    let own = &cx.handbook.settings.currency;
    let totals = insight::totals(cx.handbook, items.iter().copied());
    let sum = |cents: i64| if cents == 0 { String::new() } else { cx.words.money(Money { cents, currency: None }, own) };
    let budget = phase.budget.filter(|budget| budget.currency_or(own) == *own);
    let beyond = budget.map(|budget| Money { cents: budget.cents.saturating_sub(totals.budget), ..budget }).filter(|left| left.cents < 0);
    let left = budget.map(|budget| Money { cents: budget.cents.saturating_sub(totals.spent), ..budget });
    let number = |n: usize| cx.words.number(n as f64);
    let short = |date: Option<Date>| date.map(|date| cx.words.date_short(date)).unwrap_or_default();
    let all = totals.open + totals.done;
    PhaseView {
        id: cx.node(ix).entity.parts.get(phase.index as usize).map(|part| part.id.to_string()).unwrap_or_default(),
        link: cx.part_link(ix, phase.index),
        period: cx.words.period(phase.from, phase.to),
        from: short(phase.from),
        to: short(phase.to),
        when: when(cx.today, phase),
        goal_html: cx.html_or(ix, &phase.goal),
        owner: phase.owner.as_ref().and_then(|owner| cx.owner_link(ix, owner)),
        budget: phase.budget.map(|budget| cx.words.money(budget, own)).unwrap_or_default(),
        planned: sum(totals.budget),
        spent: sum(totals.spent),
        spent_share: budget.filter(|budget| budget.cents > 0).map(|budget| share(totals.spent, budget.cents)).unwrap_or_default(),
        over: beyond.map(|beyond| left_words(cx, beyond)).unwrap_or_default(),
        left: left.map(|left| left_words(cx, left)).unwrap_or_default(),
        done: cx.words.fmt("ui.roadmap.done_of", &[("done", &number(totals.done)), ("total", &number(all))]),
        groups: groups(cx, items),
    }
}

fn share(part: i64, all: i64) -> String {
    format!("{:.1}", (part as f64 * 100.0 / all as f64).clamp(0.0, 100.0))
}

fn when(today: Date, phase: &RoadmapPhase) -> &'static str {
    match (phase.from, phase.to) {
        (None, None) => "",
        (_, Some(to)) if to < today => "past",
        (Some(from), _) if from > today => "next",
        _ => "now",
    }
}

fn groups(cx: &Cx<'_>, items: &[Ix]) -> Vec<StatusGroup> {
    let mut by: BTreeMap<usize, (&'static str, Vec<Ix>)> = BTreeMap::new();
    let rank = |item: &Improvement| item.status() as usize;
    for ix in items {
        if let Some(item) = cx.node(*ix).entity.data.improvement() {
            by.entry(rank(item)).or_insert((item.status().word(), Vec::new())).1.push(*ix);
        }
    }
    let group = |(word, found): (&'static str, Vec<Ix>)| StatusGroup {
        label: cx.words.choice("improvement", "status", word),
        n: found.len(),
        more: more(cx, found.len(), RICH),
        items: found.into_iter().take(RICH).map(|ix| cx.link(ix)).collect(),
    };
    // Dropped items stay in sight, after everything else.
    debug_assert!((ImprovementStatus::Dropped as usize) > (ImprovementStatus::Done as usize));
    by.into_values().map(group).collect()
}

/// The span of time of all phases that say when they are, in whole quarters; today is on it only if it lies between.
fn scale(cx: &Cx<'_>, phases: &[Part<RoadmapPhase>], views: &[PhaseView]) -> Option<Scale> {
    let dates = || phases.iter().flat_map(|phase| [phase.from, phase.to]).flatten();
    let (first, last) = (quarter_of(dates().min()?), quarter_of(dates().max()?));
    let quarters = (last - first + 1).clamp(1, QUARTERS);
    let (start, end) = (day(first)?, day(first + quarters)?);
    let days = end.days_since(start).max(1) as f64;
    let at = |date: Date| (date.days_since(start) as f64 * 100.0 / days).clamp(0.0, 100.0);
    let bars: Vec<PhaseBar> = phases
        .iter()
        .zip(views)
        .filter(|(phase, _)| phase.from.is_some() || phase.to.is_some())
        .enumerate()
        .map(|(row, (phase, view))| {
            let from = phase.from.map_or(0.0, at);
            let to = phase.to.map_or(100.0, |to| at(to) + 100.0 / days).clamp(from, 100.0);
            bar(view, from, to, TOP + row * ROW)
        })
        .collect();
    let step = ((quarters as usize).div_ceil(NAMED)).max(1);
    let quarter = |n: i64| {
        let date = day(first + n)?;
        let label = if (n as usize).is_multiple_of(step) { cx.words.quarter(date) } else { String::new() };
        Some(Quarter { x: format!("{:.3}", at(date)), label })
    };
    let today = (cx.today >= start && cx.today < end).then(|| format!("{:.3}", at(cx.today)));
    Some(Scale { height: TOP + bars.len() * ROW, quarters: (0..quarters).filter_map(quarter).collect(), bars, today })
}

fn bar(view: &PhaseView, from: f64, to: f64, y: usize) -> PhaseBar {
    let spent: f64 = view.spent_share.parse().unwrap_or(0.0);
    PhaseBar {
        link: view.link.clone(),
        period: view.period.clone(),
        x: format!("{from:.3}"),
        width: format!("{:.3}", to - from),
        spent: format!("{:.3}", (to - from) * spent / 100.0),
        y,
        from_end: from > 55.0,
        end: format!("{to:.3}"),
        when: view.when,
    }
}

/// Quarters since the year nought.
fn quarter_of(date: Date) -> i64 {
    let (year, month, _) = date.ymd();
    i64::from(year) * 4 + (i64::from(month) - 1) / 3
}

/// The first day of a quarter.
fn day(quarter: i64) -> Option<Date> {
    Date::parse(&format!("{:04}-{:02}-01", quarter.div_euclid(4), quarter.rem_euclid(4) * 3 + 1))
}
