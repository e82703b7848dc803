//! The page of a journey: the map, and what else a journey has.
mod lanes;
mod map;
mod versions;

use serde::Serialize;

use super::entity::{EntityPage, entity_page, part_html};
use super::lazy::Lazy;
use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, JourneyInsight};
use crate::model::{Lens, Type};
pub use lanes::{Cell, Item, Lane};
pub use map::{Band, Column, CurveView, LineView, MapView, PointView};
pub(super) use map::{card_bands, card_curve};
pub use versions::{DifferenceRow, FrameworkRow};

/// The page of a journey.
#[derive(Debug, Serialize)]
pub struct JourneyPage {
    /// What every entity has.
    pub page: EntityPage,
    /// Whose journey it is.
    pub personas: Vec<LinkView>,
    /// As it is, as it is to be …
    pub state: String,
    /// Through whose eyes, in words; and whether those look from inside the company.
    pub lens: String,
    /// True where the lens looks from inside.
    pub inside_out: bool,
    /// The conclusion in sentences.
    pub findings: Vec<String>,
    /// Known and assumed steps, in words.
    pub evidence_words: String,
    /// The map.
    pub map: Lazy<MapView>,
    /// Groups of lanes that can be switched on and off.
    pub groups: Vec<LaneGroup>,
    /// The curve in one sentence.
    pub curve_label: String,
    /// Long texts of phases and steps, in order.
    pub texts: Vec<PartText>,
    /// The journey through its framework.
    pub framework: Option<LinkView>,
    /// Its rows.
    pub framework_rows: Vec<FrameworkRow>,
    /// The other state of this journey.
    pub counterpart: Option<LinkView>,
    /// The differences, step by step.
    pub differences: Vec<DifferenceRow>,
    /// Journeys that detail this one or a step of it.
    pub children: Vec<LinkView>,
    /// Preparation: what is there and what is not.
    pub readiness: Vec<Ready>,
}

/// A point of preparation.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// The field's label.
    pub label: String,
    /// Whether it is there.
    pub done: bool,
}

/// The long text of a phase or step.
#[derive(Debug, Serialize)]
pub struct PartText {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The text.
    pub html: String,
}

/// A group of lanes with one switch.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct LaneGroup {
    /// Its key.
    pub key: &'static str,
    /// Its label.
    pub label: String,
}

/// Fields of a journey that the page shows in its own way.
const SHOWN: [&str; 7] = ["phases", "personas", "state", "lens", "framework", "counterpart", "parent"];

/// The page of a journey.
pub fn journey_page(cx: &Cx<'_>, ix: Ix) -> Option<JourneyPage> {
    let node = cx.node(ix);
    let journey = node.entity.data.journey()?;
    let insight = insight::journey(cx.handbook, ix);
    let mut page = entity_page(cx, ix, &SHOWN[..6]);
    page.shell.class = "p-entity p-map".into();
    page.shell = page.shell.style(cx, "map.css").script(cx, "map.js");
    let map = map::map(cx, ix, &insight);
    let lens = journey.lens.map(|lens| cx.words.choice("journey", "lens", lens.word())).unwrap_or_default();
    Some(JourneyPage {
        personas: cx.follow_all(ix, &journey.personas),
        state: cx.words.choice("journey", "state", journey.state().word()),
        lens,
        inside_out: matches!(journey.lens, Some(Lens::Functional | Lens::Target | Lens::Engagement)),
        findings: findings(cx, ix, &insight),
        evidence_words: evidence_words(cx, &insight),
        groups: groups(cx, &map),
        curve_label: map.curve.label.clone(),
        map: Lazy::new(map),
        texts: texts(cx, ix),
        framework: journey.framework.and_then(|framework| cx.follow(ix, framework)),
        framework_rows: versions::framework_rows(cx, ix),
        counterpart: insight::counterpart(cx.handbook, ix).map(|other| cx.link(other)),
        differences: versions::difference_rows(cx, ix),
        children: children(cx, ix),
        readiness: readiness(cx, ix),
        page,
    })
}

fn evidence_words(cx: &Cx<'_>, insight: &JourneyInsight) -> String {
    let counts = [insight.known, insight.assumed, insight.unknown].map(|n| n.to_string());
    cx.words.fmt("ui.journey.known_count", &[("known", &counts[0]), ("assumed", &counts[1]), ("unknown", &counts[2])])
}

/// The conclusion: lows that nothing is done about, steps that belong to nobody, the widest gap.
fn findings(cx: &Cx<'_>, ix: Ix, insight: &JourneyInsight) -> Vec<String> {
    let parts = &cx.node(ix).entity.parts;
    let title = |part: u32| parts.get(part as usize).map_or("", |part| &*part.title);
    let mut out = Vec::new();
    if let Some((at, value)) = insight.lowest.filter(|(_, value)| *value < 0.0) {
        out.push(cx.words.fmt("ui.journey.lowest", &[("step", title(insight.steps[at].part)), ("score", &cx.words.signed(value))]));
    }
    let unowned: Vec<&str> = insight.steps.iter().filter(|step| step.unowned).map(|step| title(step.part)).collect();
    if !unowned.is_empty() {
        let count = cx.words.count("ui.journey.nobody_count", unowned.len());
        out.push(format!("{} ({}).", count.trim_end_matches('.'), some_of(cx, &unowned)));
    }
    if let Some(gap) = insight.gaps.iter().max_by(|a, b| a.size().total_cmp(&b.size())).filter(|gap| gap.size() >= insight::WIDE_GAP) {
        let numbers = (cx.words.number(gap.relevance), cx.words.number(gap.presence));
        out.push(
            cx.words.fmt("ui.journey.widest_gap", &[("phase", title(gap.phase)), ("relevance", &numbers.0), ("presence", &numbers.1)]),
        );
    }
    out
}

/// The first few of some titles: the map shows which they all are.
fn some_of(cx: &Cx<'_>, titles: &[&str]) -> String {
    const NAMED: usize = 3;
    let more = titles.len().saturating_sub(NAMED);
    let named = titles[..titles.len() - more].join(", ");
    if more == 0 { named } else { format!("{named} {}", cx.words.count("ui.count.more", more)) }
}

/// The groups of a map's lanes, in order.
fn groups(cx: &Cx<'_>, map: &MapView) -> Vec<LaneGroup> {
    let mut groups: Vec<LaneGroup> = Vec::new();
    for lane in &map.lanes {
        if !groups.iter().any(|group| group.key == lane.group) {
            groups.push(LaneGroup { key: lane.group, label: cx.words.get(lanes::group_words(lane.group)) });
        }
    }
    groups
}

fn texts(cx: &Cx<'_>, ix: Ix) -> Vec<PartText> {
    let parts = &cx.node(ix).entity.parts;
    let text =
        |at: usize| PartText { id: parts[at].id.to_string(), title: parts[at].title.to_string(), html: part_html(cx, ix, at as u32, 1) };
    (0..parts.len()).map(text).filter(|text| !text.html.trim().is_empty()).collect()
}

fn children(cx: &Cx<'_>, ix: Ix) -> Vec<LinkView> {
    insight::referring(cx.handbook, ix, Type::Journey, &["parent"]).into_iter().map(|child| cx.link(child)).collect()
}

/// What a journey should have before anybody maps it.
fn readiness(cx: &Cx<'_>, ix: Ix) -> Vec<Ready> {
    let node = cx.node(ix);
    let Some(journey) = node.entity.data.journey() else { return Vec::new() };
    let contact = journey.participants.iter().any(|participant| participant.customer_contact == Some(true));
    let points = [
        ("purpose", journey.purpose.is_some()),
        ("owner", cx.owner(ix).is_some()),
        ("sponsor", journey.sponsor.is_some()),
        ("challenger", journey.challenger.is_some()),
        ("participants", !journey.participants.is_empty()),
        ("customer_contact", contact),
        ("follow_up", journey.follow_up.is_some()),
    ];
    let record = |name: &str| {
        if name == "owner" {
            "every type"
        } else if name == "customer_contact" {
            "participant"
        } else {
            "journey"
        }
    };
    points.into_iter().map(|(name, done)| Ready { label: cx.words.field(record(name), name), done }).collect()
}
