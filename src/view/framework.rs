//! The page of a framework: its steps, and which journeys cover them.
use std::collections::BTreeMap;

use serde::Serialize;

use super::entity::{EntityPage, entity_page, part_html};
use super::pieces;
use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::model::Type;

/// The page of a framework.
#[derive(Debug, Serialize)]
pub struct FrameworkPage {
    /// What every entity has.
    pub page: EntityPage,
    /// The journeys that are held against it.
    pub journeys: Vec<LinkView>,
    /// Its phases.
    pub phases: Vec<PhaseView>,
    /// Steps that no journey covers, in words; empty where there are none.
    pub holes: String,
}

/// A phase.
#[derive(Debug, Serialize)]
pub struct PhaseView {
    /// Anchor.
    pub id: String,
    /// What it is called.
    pub title_html: String,
    /// More about it.
    pub text_html: String,
    /// Journeys' steps that cover the phase as a whole.
    pub by: Vec<Cover>,
    /// Its steps.
    pub steps: Vec<StepView>,
}

/// A step.
#[derive(Debug, Serialize)]
pub struct StepView {
    /// Anchor.
    pub id: String,
    /// What it is called.
    pub title_html: String,
    /// What to ask oneself here.
    pub prompt_html: String,
    /// More about it.
    pub text_html: String,
    /// Journeys' steps that cover it.
    pub by: Vec<Cover>,
    /// Journeys that are held against the framework and leave this step out.
    pub missing: Vec<LinkView>,
}

/// What covers a step, journey by journey.
#[derive(Debug, Serialize)]
pub struct Cover {
    /// The journey.
    pub journey: LinkView,
    /// Its steps.
    pub steps: Vec<LinkView>,
}

/// For each part of the framework, the steps of each journey that cover it.
type Covers = BTreeMap<u32, BTreeMap<Ix, Vec<u32>>>;

/// The page of a framework.
pub fn framework_page(cx: &Cx<'_>, ix: Ix) -> Option<FrameworkPage> {
    let data = cx.node(ix).entity.data.framework()?;
    let mut page = entity_page(cx, ix, &["phases"]);
    page.shell.class = "p-entity p-framework".into();
    page.take_backlinks(|relation| matches!(relation, "journey-covers" | "journey-framework"));
    let held = pieces::refer(cx, ix, Type::Journey, &["framework"]);
    let covers = covers(cx, ix);
    let id = |part: u32| cx.node(ix).entity.parts.get(part as usize).map(|part| part.id.to_string()).unwrap_or_default();
    let phase = |phase: &crate::model::Part<crate::model::FrameworkPhase>| PhaseView {
        id: id(phase.index),
        title_html: cx.html_or(ix, &phase.title),
        text_html: part_html(cx, ix, phase.index, 1),
        by: cover_views(cx, covers.get(&phase.index)),
        steps: phase
            .steps
            .iter()
            .map(|step| StepView {
                id: id(step.index),
                title_html: cx.html_or(ix, &step.title),
                prompt_html: cx.html_or(ix, &step.prompt),
                text_html: part_html(cx, ix, step.index, 2),
                by: cover_views(cx, covers.get(&step.index)),
                missing: missing(cx, &held, covers.get(&step.index)),
            })
            .collect(),
    };
    let phases: Vec<PhaseView> = data.phases.iter().map(phase).collect();
    let holes = phases.iter().flat_map(|phase| &phase.steps).filter(|step| step.by.is_empty()).count();
    Some(FrameworkPage {
        journeys: held.iter().map(|journey| cx.link(*journey)).collect(),
        holes: if holes > 0 { cx.words.count("ui.coverage.blank", holes) } else { String::new() },
        phases,
        page,
    })
}

fn covers(cx: &Cx<'_>, ix: Ix) -> Covers {
    let mut found = Covers::new();
    for link in cx.node(ix).backlinks.iter().filter(|link| link.relation == "covers") {
        if let (Some(part), Some(step)) = (link.to_part, cx.node(link.from).link(link.link).part) {
            let steps = found.entry(part).or_default().entry(link.from).or_default();
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    found
}

fn cover_views(cx: &Cx<'_>, by: Option<&BTreeMap<Ix, Vec<u32>>>) -> Vec<Cover> {
    let view = |(journey, steps): (&Ix, &Vec<u32>)| Cover {
        journey: cx.link(*journey),
        steps: steps.iter().map(|step| cx.part_link(*journey, *step)).collect(),
    };
    by.into_iter().flatten().map(view).collect()
}

/// Journeys that leave a step out; named for the first of many only, since each says so on its own page too.
fn missing(cx: &Cx<'_>, held: &[Ix], by: Option<&BTreeMap<Ix, Vec<u32>>>) -> Vec<LinkView> {
    let out = held.iter().filter(|journey| !by.is_some_and(|by| by.contains_key(journey)));
    out.take(pieces::RICH).map(|journey| cx.link(*journey)).collect()
}
