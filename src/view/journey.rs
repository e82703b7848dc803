//! The page of a journey: the map, and what else a journey has.
mod curve;
mod lanes;
mod map;
mod versions;

use serde::Serialize;

use super::entity::{EntityPage, entity_page};
use super::lazy::Lazy;
use super::{Cx, LinkView, Val};
use crate::handbook::Ix;
use crate::insight::{self, JourneyInsight};
use crate::model::Type;
pub(super) use curve::card_curve;
pub use curve::{CurveView, LineView, PointView};
pub use lanes::{Cell, Item, Lane};
pub(super) use map::card_bands;
pub use map::{Band, Column, Flow, MapView, Sheet};
pub use versions::{CompareView, DifferenceRow, LensView};

/// The page of a journey.
#[derive(Debug, Serialize)]
pub struct JourneyPage {
    /// What every entity has.
    pub page: EntityPage,
    /// Whose journey it is.
    pub personas: Vec<LinkView>,
    /// As it is, as it is to be …
    pub state: String,
    /// Through whose eyes, in words.
    pub lens: String,
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
    /// The steps' numbers and anchors, for a small curve to go by.
    pub mini: Vec<MiniStep>,
    /// What backs the map, in the order of the numbers on it.
    pub sources: Vec<LinkView>,
    /// The marks that are on the map.
    pub legend: Vec<Mark>,
    /// Whether it can be read as a service blueprint: whether anything stands on the company's side.
    pub blueprint: bool,
    /// The first step's anchor, where steps have long texts to read one after the other.
    pub first_text: String,
    /// The journey through each framework that it covers something of.
    pub lenses: Vec<LensView>,
    /// The other state of this journey.
    pub counterpart: Option<LinkView>,
    /// Both states, step by step.
    pub compare: CompareView,
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

/// A step's number.
#[derive(Debug, Serialize)]
pub struct MiniStep {
    /// Its number.
    pub number: usize,
    /// Its anchor.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `high` or `low` where it feels best or worst, or empty.
    pub tone: &'static str,
}

/// A mark on the map and what it means.
#[derive(Debug, Serialize)]
pub struct Mark {
    /// Which: `k`, `a`, `L`, `S`, `I` as on the map, or an icon's name.
    pub mark: &'static str,
    /// What it means.
    pub word: String,
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
const SHOWN: [&str; 6] = ["phases", "personas", "state", "lens", "framework", "counterpart"];

/// The page of a journey.
pub fn journey_page(cx: &Cx<'_>, ix: Ix) -> Option<JourneyPage> {
    let node = cx.node(ix);
    let journey = node.entity.data.journey()?;
    let insight = insight::journey(cx.handbook, ix);
    let mut page = entity_page(cx, ix, &SHOWN);
    page.shell.class = "p-entity p-map".into();
    page.shell = page.shell.style(cx, "map.css").script(cx, "map.js");
    let map = map::map(cx, ix, &insight);
    let lens = journey.lens.map(|lens| cx.words.choice("journey", "lens", lens.word())).unwrap_or_default();
    Some(JourneyPage {
        personas: cx.follow_all(ix, &journey.personas),
        state: cx.words.choice("journey", "state", journey.state().word()),
        lens,
        findings: findings(cx, ix, &insight),
        evidence_words: evidence_words(cx, &insight),
        groups: groups(cx, &map),
        curve_label: map.curve.label.clone(),
        blueprint: map.lanes.iter().any(|lane| matches!(lane.key, "department" | "frontstage" | "backstage" | "support")),
        first_text: map.steps.iter().find(|step| !step.text_html.is_empty()).map(|step| step.id.clone()).unwrap_or_default(),
        mini: mini(&map, &insight),
        sources: map.evidence.clone(),
        legend: legend(cx, &map),
        map: Lazy::new(map),
        lenses: versions::lenses(cx, ix, &insight),
        counterpart: insight::counterpart(cx.handbook, ix).map(|other| cx.link(other)),
        compare: versions::compare(cx, ix),
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

/// How many steps a small curve can carry links to.
const MINI: usize = 14;

fn mini(map: &MapView, insight: &JourneyInsight) -> Vec<MiniStep> {
    let tone = |number: usize| match (insight.highest, insight.lowest) {
        (Some((at, _)), _) if at + 1 == number => "high",
        (_, Some((at, _))) if at + 1 == number => "low",
        _ => "",
    };
    let step =
        |column: &Column| MiniStep { number: column.number, id: column.id.clone(), title: column.title.clone(), tone: tone(column.number) };
    let drawn = map.columns <= MINI && !map.curve.lines.is_empty() && map.steps.iter().all(|column| column.number > 0);
    if drawn { map.steps.iter().map(step).collect() } else { Vec::new() }
}

/// The marks that need an explanation, those that the map has.
fn legend(cx: &Cx<'_>, map: &MapView) -> Vec<Mark> {
    let items = || map.lanes.iter().flat_map(|lane| &lane.cells).flat_map(|cell| &cell.items);
    let has_known = |word: &str| {
        items().any(|item| match item {
            Item::Known { known, .. } | Item::Value { value: Val::Claim { known, .. } } => *known == word,
            _ => false,
        })
    };
    let has_duty = |word: &str| items().any(|item| matches!(item, Item::Role { duty, .. } if *duty == word));
    let marks = [
        ("k", has_known("known"), "ui.journey.known_mark"),
        ("a", has_known("assumed"), "ui.journey.assumed_mark"),
        ("high", !map.curve.lines.is_empty(), "ui.journey.high_point"),
        ("low", !map.curve.lines.is_empty(), "ui.journey.low_point"),
        ("star", map.steps.iter().any(|step| step.star), "ui.journey.star"),
        ("goal", map.steps.iter().any(|step| step.truth), "ui.journey.moment_of_truth"),
        ("L", has_duty("leads"), "ui.lane.leads"),
        ("S", has_duty("supports"), "ui.lane.supports"),
        ("I", has_duty("informed"), "ui.lane.informed"),
    ];
    marks.into_iter().filter(|(_, is_there, _)| *is_there).map(|(mark, _, key)| Mark { mark, word: cx.words.get(key) }).collect()
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
