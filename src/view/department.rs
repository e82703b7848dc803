//! The page of a department: what it does in every journey, and what its people are to do.
use std::collections::BTreeMap;

use serde::Serialize;

use super::entity::{EntityPage, entity_page};
use super::pieces::{self, Feel, ImprovementRow, RICH, TouchpointRow};
use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, Duty};
use crate::model::{Step, Type};

/// The page of a department.
#[derive(Debug, Serialize)]
pub struct DepartmentPage {
    /// What every entity has.
    pub page: EntityPage,
    /// How much of the journeys is its work, in a sentence.
    pub finding: String,
    /// Its part in each journey.
    pub journeys: Vec<JourneyPart>,
    /// Further journeys in which it has a part.
    pub more_journeys: Vec<LinkView>,
    /// What its people are to do, by role.
    pub sheet: Vec<RoleSheet>,
    /// How many of its touchpoints are left out of the sheet, because there are so many.
    pub left_out: usize,
    /// The touchpoints it runs.
    pub touchpoints: Vec<TouchpointRow>,
    /// What is to be made better, with it or by it.
    pub improvements: Vec<ImprovementRow>,
}

/// A department's part in a journey.
#[derive(Debug, Serialize)]
pub struct JourneyPart {
    /// The journey.
    pub journey: LinkView,
    /// In how many of its steps.
    pub count: String,
    /// All its steps in a strip: what the department does in each.
    pub strip: Vec<Square>,
    /// The steps in which it has a part.
    pub steps: Vec<DutyRow>,
}

/// A step in a strip.
#[derive(Debug, Serialize)]
pub struct Square {
    /// The step.
    pub link: LinkView,
    /// Its number, from 1.
    pub number: usize,
    /// `leads`, `supports`, `informed` or empty.
    pub duty: &'static str,
    /// The word for it.
    pub word: String,
}

/// A step in which a department has a part.
#[derive(Debug, Serialize)]
pub struct DutyRow {
    /// The step.
    pub step: LinkView,
    /// Its number, from 1.
    pub number: usize,
    /// `leads`, `supports` or `informed`.
    pub duty: &'static str,
    /// The word for it.
    pub word: String,
    /// What it does.
    pub html: String,
    /// How the step feels.
    pub feels: Vec<Feel>,
}

/// What people of one role are to do.
#[derive(Debug, Serialize)]
pub struct RoleSheet {
    /// The role; empty where none was named.
    pub role: String,
    /// Touchpoint by touchpoint.
    pub places: Vec<Place>,
}

/// What is expected at one touchpoint.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The touchpoint.
    pub link: LinkView,
    /// The behaviours.
    pub behaviours: Vec<String>,
}

/// The page of a department.
pub fn department_page(cx: &Cx<'_>, ix: Ix) -> Option<DepartmentPage> {
    cx.node(ix).entity.data.department()?;
    let mut page = entity_page(cx, ix, &[]);
    page.shell.class = "p-entity p-department".into();
    let journeys = pieces::refer(cx, ix, Type::Journey, &["lead", "roles"]);
    let runs = pieces::refer(cx, ix, Type::Touchpoint, &["department"]);
    if journeys.len() <= RICH {
        page.take_backlinks(|relation| matches!(relation, "journey-lead" | "journey-roles"));
    }
    page.take_backlinks(|relation| matches!(relation, "touchpoint-department" | "improvement-departments" | "improvement-owner"));
    Some(DepartmentPage {
        finding: finding(cx, ix, &journeys),
        journeys: journeys.iter().take(RICH).filter_map(|journey| journey_part(cx, ix, *journey)).collect(),
        more_journeys: journeys.iter().skip(RICH).map(|journey| cx.link(*journey)).collect(),
        sheet: sheet(cx, &runs[..runs.len().min(RICH)]),
        left_out: runs.len().saturating_sub(RICH),
        touchpoints: runs.iter().filter_map(|touchpoint| pieces::touchpoint_row(cx, *touchpoint)).collect(),
        improvements: pieces::improvement_rows(cx, ix, &["departments", "owner"]),
        page,
    })
}

/// How many steps it leads, and in how many more it has a part.
fn finding(cx: &Cx<'_>, department: Ix, journeys: &[Ix]) -> String {
    let duties = journeys.iter().flat_map(|journey| {
        cx.handbook.steps(*journey).flat_map(|(_, step)| insight::duties(cx.handbook, *journey, step)).filter(|(who, _)| *who == department)
    });
    let (leads, helps): (Vec<_>, Vec<_>) = duties.partition(|(_, duty)| *duty == Duty::Leads);
    if leads.is_empty() && helps.is_empty() {
        return String::new();
    }
    let leads = cx.words.count("ui.count.steps", leads.len());
    let (helps, journeys) = (cx.words.number(helps.len() as f64), cx.words.entities(Type::Journey, journeys.len()));
    cx.words.fmt("ui.department.finding", &[("leads", &leads), ("helps", &helps), ("journeys", &journeys)])
}

fn journey_part(cx: &Cx<'_>, department: Ix, journey: Ix) -> Option<JourneyPart> {
    let data = cx.node(journey).entity.data.journey()?;
    let (mut strip, mut rows) = (Vec::new(), Vec::new());
    for (at, (_, step)) in data.steps().enumerate() {
        let duties = insight::duties(cx.handbook, journey, step);
        let duty = duties.into_iter().find(|(who, _)| *who == department).map(|(_, duty)| duty);
        let name = duty.map_or("", duty_name);
        let word = cx.words.get(&format!("ui.lane.{}", if name.is_empty() { "no_part" } else { name }));
        strip.push(Square { link: cx.part_link(journey, step.index), number: at + 1, duty: name, word: word.clone() });
        if duty.is_some() {
            rows.push(DutyRow {
                step: cx.part_link(journey, step.index),
                number: at + 1,
                duty: name,
                word,
                html: does(cx, department, journey, step),
                feels: pieces::feels(cx, journey, step),
            });
        }
    }
    let numbers = (rows.len().to_string(), cx.words.count("ui.count.steps", strip.len()));
    let count = cx.words.fmt("format.of", &[("n", &numbers.0), ("total", &numbers.1)]);
    Some(JourneyPart { journey: cx.link(journey), count, strip, steps: rows })
}

/// The name of a duty, for classes and words.
pub(super) fn duty_name(duty: Duty) -> &'static str {
    match duty {
        Duty::Leads => "leads",
        Duty::Supports => "supports",
        Duty::Informed => "informed",
    }
}

pub(super) fn does(cx: &Cx<'_>, department: Ix, journey: Ix, step: &Step) -> String {
    let own = step.roles.iter().find(|(who, _)| cx.handbook.follow(journey, *who) == Some(department));
    own.map(|(_, role)| cx.html_or(journey, &role.does)).unwrap_or_default()
}

/// The behaviours of touchpoints, by role in order of the alphabet; those for everybody first.
fn sheet(cx: &Cx<'_>, touchpoints: &[Ix]) -> Vec<RoleSheet> {
    let mut roles: BTreeMap<String, RoleSheet> = BTreeMap::new();
    for ix in touchpoints {
        for behaviour in cx.node(*ix).entity.data.touchpoint().into_iter().flat_map(|data| data.behaviours.iter()) {
            let role = behaviour.role.as_ref().map(|role| role.plain().to_owned()).unwrap_or_default();
            let sheet = roles.entry(role.to_lowercase()).or_insert_with(|| RoleSheet { role, places: Vec::new() });
            let html = cx.html_or(*ix, &behaviour.text);
            let link = cx.link(*ix);
            match sheet.places.last_mut().filter(|place| place.link == link) {
                Some(place) => place.behaviours.push(html),
                None => sheet.places.push(Place { link, behaviours: vec![html] }),
            }
        }
    }
    roles.into_values().collect()
}
