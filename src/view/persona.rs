//! The page of a persona.
use std::f64::consts::TAU;

use serde::Serialize;

use super::entity::{EntityPage, claim_vals, entity_page, part_html};
use super::journey::{CurveView, card_curve};
use super::pieces::{self, Fact, Feel, RICH, Rank};
use super::{Cx, LinkView, Val};
use crate::handbook::{Ix, Target};
use crate::insight;
use crate::model::{Claim, FilePath, Persona, Type};

/// The page of a persona.
#[derive(Debug, Serialize)]
pub struct PersonaPage {
    /// What every entity has.
    pub page: EntityPage,
    /// What the person looks like.
    pub portrait: Portrait,
    /// In their words.
    pub quote_html: String,
    /// What this person is.
    pub role_html: String,
    /// The target group.
    pub segment: Option<LinkView>,
    /// Primary, secondary or extreme.
    pub archetype: String,
    /// Short facts.
    pub facts: Vec<Fact>,
    /// Goals, needs, frustrations, expectations, those that are given.
    pub columns: Vec<Column>,
    /// What has to be done, and where that is served.
    pub tasks: Vec<Task>,
    /// The channels, gladly used ones first.
    pub channels: Vec<ChannelRow>,
    /// Traits.
    pub traits: Vec<Trait>,
    /// The journeys.
    pub journeys: Vec<JourneyRow>,
    /// Known and assumed statements.
    pub backing: Option<BackingView>,
    /// Steps in which it is hardest, worst first.
    pub hardest: Vec<Hard>,
}

/// A picture, or one made from the name.
#[derive(Debug, Serialize)]
pub struct Portrait {
    /// The picture's address; empty where there is none.
    pub url: String,
    /// The picture's own width.
    pub width: usize,
    /// The picture's own height.
    pub height: usize,
    /// Contour lines from the outside in.
    pub contours: Vec<String>,
    /// The first letters of the name.
    pub initials: String,
}

/// Statements of one sort.
#[derive(Debug, Serialize)]
pub struct Column {
    /// The field's name.
    pub name: &'static str,
    /// The field's label.
    pub heading: String,
    /// The statements.
    pub items: Vec<Val>,
}

/// Something that has to be done.
#[derive(Debug, Serialize)]
pub struct Task {
    /// Anchor.
    pub id: String,
    /// The task.
    pub title_html: String,
    /// More about it.
    pub text_html: String,
    /// The steps that serve it, each with its journey.
    pub steps: Vec<(LinkView, LinkView)>,
}

/// A channel that this person uses, or a person who uses a channel.
#[derive(Debug, Serialize)]
pub struct ChannelRow {
    /// The other end.
    pub link: LinkView,
    /// How gladly.
    pub rank: Option<Rank>,
    /// What for.
    pub use_html: String,
    /// For sorting.
    #[serde(skip)]
    pub preference: f64,
}

/// A trait.
#[derive(Debug, Serialize)]
pub struct Trait {
    /// What it is.
    pub name: String,
    /// 0–100.
    pub value: String,
    /// Width of its bar in per cent.
    pub width: String,
}

/// A journey of this person.
#[derive(Debug, Serialize)]
pub struct JourneyRow {
    /// The journey.
    pub link: LinkView,
    /// Steps and extremes in words.
    pub note: String,
    /// As it is, as it is to be …
    pub state: String,
    /// Its curve; none beyond the first of many.
    pub curve: Option<CurveView>,
}

/// Known and assumed statements.
#[derive(Debug, Serialize)]
pub struct BackingView {
    /// How many are known, assumed and unknown.
    pub words: String,
    /// Width of the bar of what is known, in per cent.
    pub width: String,
}

/// A step in which it is hard.
#[derive(Debug, Serialize)]
pub struct Hard {
    /// The step.
    pub step: LinkView,
    /// Its journey.
    pub journey: LinkView,
    /// How it feels.
    pub feels: Vec<Feel>,
    #[serde(skip)]
    value: f64,
}

/// Fields that the page shows in its own way.
const SHOWN: [&str; 13] = [
    "segment",
    "archetype",
    "role",
    "quote",
    "portrait",
    "facts",
    "goals",
    "needs",
    "core_tasks",
    "frustrations",
    "expectations",
    "channels",
    "traits",
];

/// The page of a persona.
pub fn persona_page(cx: &Cx<'_>, ix: Ix) -> Option<PersonaPage> {
    let persona = cx.node(ix).entity.data.persona()?;
    let mut page = entity_page(cx, ix, &SHOWN);
    page.shell.class = "p-entity p-persona".into();
    page.take_backlinks(|relation| matches!(relation, "journey-personas" | "journey-core-tasks"));
    let journeys = pieces::refer(cx, ix, Type::Journey, &["personas"]);
    Some(PersonaPage {
        portrait: portrait(cx, ix, persona.portrait.as_ref()),
        quote_html: cx.html_or(ix, &persona.quote),
        role_html: cx.html_or(ix, &persona.role),
        segment: persona.segment.and_then(|segment| cx.follow(ix, segment)),
        archetype: persona.archetype.map(|word| cx.words.choice("persona", "archetype", word.word())).unwrap_or_default(),
        facts: persona.facts.iter().map(|(label, text)| Fact { label: label.text.to_string(), html: cx.html(ix, text) }).collect(),
        columns: columns(cx, ix, persona),
        tasks: tasks(cx, ix, persona),
        channels: channels(cx, ix, persona),
        traits: traits(cx, persona),
        hardest: hardest(cx, ix, &journeys),
        journeys: journeys.iter().enumerate().filter_map(|(at, journey)| journey_row(cx, ix, *journey, at)).collect(),
        backing: backing(cx, ix),
        page,
    })
}

/// The picture of a persona, or contour lines that follow from the id.
pub(super) fn portrait(cx: &Cx<'_>, ix: Ix, file: Option<&FilePath>) -> Portrait {
    let entity = &cx.node(ix).entity;
    let picture = file.and_then(|file| match cx.node(ix).target(file.link) {
        Target::File(path) => Some((cx.url(&cx.file_path(path)), cx.handbook.images.get(path).copied().unwrap_or((176, 176)))),
        _ => None,
    });
    match picture {
        Some((url, (width, height))) => Portrait { url, width, height, contours: Vec::new(), initials: String::new() },
        None => Portrait { url: String::new(), width: 0, height: 0, contours: contours(&entity.id), initials: initials(&entity.title) },
    }
}

/// The first letters of the first and the last word that begin with a capital.
fn initials(name: &str) -> String {
    let letters: Vec<char> = name.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic()).collect();
    let capitals: Vec<char> = letters.iter().copied().filter(|c| c.is_uppercase()).collect();
    let from = if capitals.is_empty() { letters } else { capitals };
    match from.as_slice() {
        [] => String::new(),
        [only] => only.to_uppercase().collect(),
        [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
    }
}

/// Four closed lines around a centre, like a hill on a map; their shape follows from the id alone.
fn contours(id: &str) -> Vec<String> {
    let hash = blake3::hash(id.as_bytes());
    let share = |at: usize| f64::from(hash.as_bytes()[at]) / 255.0;
    let (a1, a2, a3) = (0.04 + 0.10 * share(0), 0.03 + 0.07 * share(1), 0.01 + 0.05 * share(2));
    let (p1, p2, p3) = (TAU * share(3), TAU * share(4), TAU * share(5));
    let line = |k: u8| {
        let k = f64::from(k);
        let radius = |t: f64| 6.8 * k * (1.0 + k / 7.0 * (a1 * (t + p1).sin() + a2 * (2.0 * t + p2).sin() + a3 * (3.0 * t + p3).sin()));
        let point = |at: u8| {
            let t = f64::from(at) / 48.0 * TAU;
            format!("{:.1} {:.1}", 60.0 + radius(t) * t.cos(), 60.0 + radius(t) * t.sin())
        };
        let points: Vec<String> = (0..48).map(point).collect();
        format!("M{}Z", points.join("L"))
    };
    [7, 6, 5, 4].into_iter().map(line).collect()
}

fn columns(cx: &Cx<'_>, ix: Ix, persona: &Persona) -> Vec<Column> {
    let lists: [(&'static str, &[Claim]); 4] = [
        ("goals", &persona.goals),
        ("needs", &persona.needs),
        ("frustrations", &persona.frustrations),
        ("expectations", &persona.expectations),
    ];
    let column = |(name, claims): (&'static str, &[Claim])| Column {
        name,
        heading: cx.words.field("persona", name),
        items: claim_vals(cx, ix, claims),
    };
    lists.into_iter().filter(|(_, claims)| !claims.is_empty()).map(column).collect()
}

fn tasks(cx: &Cx<'_>, ix: Ix, persona: &Persona) -> Vec<Task> {
    let serves = |part: u32| {
        let links = cx.node(ix).backlinks.iter().filter(move |link| link.to_part == Some(part) && link.relation == "core_tasks");
        links
            .map(|link| {
                let step = cx.node(link.from).link(link.link).part;
                (step.map_or_else(|| cx.link(link.from), |step| cx.part_link(link.from, step)), cx.link(link.from))
            })
            .collect()
    };
    let task = |task: &crate::model::Part<crate::model::CoreTask>| Task {
        id: cx.node(ix).entity.parts.get(task.index as usize).map(|part| part.id.to_string()).unwrap_or_default(),
        title_html: cx.html_or(ix, &task.title),
        text_html: part_html(cx, ix, task.index, 1),
        steps: serves(task.index),
    };
    persona.core_tasks.iter().map(task).collect()
}

fn channels(cx: &Cx<'_>, ix: Ix, persona: &Persona) -> Vec<ChannelRow> {
    let row = |channel: &crate::model::PersonaChannel| {
        let link = cx.follow(ix, channel.channel?)?;
        Some(channel_row(cx, link, channel, cx.html_or(ix, &channel.r#use)))
    };
    let mut rows: Vec<ChannelRow> = persona.channels.iter().filter_map(|channel| row(channel)).collect();
    rows.sort_by(|a, b| b.preference.total_cmp(&a.preference));
    rows
}

/// One end of a persona's use of a channel, with how gladly and what for.
pub(super) fn channel_row(cx: &Cx<'_>, link: LinkView, channel: &crate::model::PersonaChannel, use_html: String) -> ChannelRow {
    ChannelRow {
        link,
        rank: channel.preference.map(|preference| pieces::rank(cx, preference.0)),
        use_html,
        preference: channel.preference.map_or(0.0, |preference| preference.0),
    }
}

fn traits(cx: &Cx<'_>, persona: &Persona) -> Vec<Trait> {
    let bar = |(name, value): &(crate::model::Plain, crate::model::Percent)| Trait {
        name: name.text.to_string(),
        value: cx.words.fmt("ui.persona.trait", &[("n", &cx.words.number(value.0))]),
        width: format!("{:.1}", value.0),
    };
    persona.traits.iter().map(bar).collect()
}

fn journey_row(cx: &Cx<'_>, persona: Ix, journey: Ix, at: usize) -> Option<JourneyRow> {
    let data = cx.node(journey).entity.data.journey()?;
    let state = cx.words.choice("journey", "state", data.state().word());
    if at >= RICH {
        return Some(JourneyRow { link: cx.link(journey), note: String::new(), state, curve: None });
    }
    let curve = card_curve(cx, journey, &insight::journey(cx.handbook, journey).felt_by(persona));
    Some(JourneyRow {
        link: cx.link(journey),
        note: curve.label.clone(),
        state,
        curve: Some(curve).filter(|curve| !curve.lines.is_empty()),
    })
}

fn backing(cx: &Cx<'_>, ix: Ix) -> Option<BackingView> {
    let backing = insight::backing(cx.handbook, ix);
    let share = backing.share()?;
    let counts = [backing.known, backing.assumed, backing.unknown].map(|n| n.to_string());
    let words = cx.words.fmt("ui.persona.backing", &[("known", &counts[0]), ("assumed", &counts[1]), ("unknown", &counts[2])]);
    Some(BackingView { words, width: format!("{share:.1}") })
}

/// The five steps that feel worst to the persona, of its first journeys.
fn hardest(cx: &Cx<'_>, persona: Ix, journeys: &[Ix]) -> Vec<Hard> {
    let mut found: Vec<Hard> = Vec::new();
    for journey in journeys.iter().take(RICH) {
        for (_, step) in cx.handbook.steps(*journey) {
            let felt = insight::feeling_of(cx.handbook, *journey, step, Some(persona));
            let Some(value) = felt.filter(|value| *value <= insight::LOW) else { continue };
            found.push(Hard {
                step: cx.part_link(*journey, step.index),
                journey: cx.link(*journey),
                feels: vec![pieces::feel(cx, value, String::new())],
                value,
            });
        }
    }
    found.sort_by(|a, b| a.value.total_cmp(&b.value));
    found.truncate(5);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_name() {
        assert_eq!(initials("Nora Brandsma"), "NB");
        assert_eq!(initials("Lies and Joost"), "LJ");
        assert_eq!(initials("Imke de Boer"), "IB");
        assert_eq!(initials("ruben"), "R");
        assert_eq!(initials("42"), "");
    }

    #[test]
    fn contours_follow_from_the_id() {
        assert_eq!(contours("nora"), contours("nora"));
        assert_ne!(contours("nora"), contours("emre"));
        assert_eq!(contours("nora").len(), 4);
    }
}
