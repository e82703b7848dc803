//! The pages of channels, target groups and principles.
use serde::Serialize;

use super::entity::{EntityPage, claim_vals, entity_page};
use super::persona::{ChannelRow, Portrait, channel_row, portrait};
use super::pieces::{self, ImprovementRow, RICH, TouchpointRow};
use super::{Cx, LinkView, Val};
use crate::handbook::Ix;
use crate::model::{Data, Type};

/// The page of a channel.
#[derive(Debug, Serialize)]
pub struct ChannelPage {
    /// What every entity has.
    pub page: EntityPage,
    /// Personas who use it, those who do it gladly first.
    pub personas: Vec<ChannelRow>,
    /// The touchpoints on it.
    pub touchpoints: Vec<TouchpointRow>,
    /// What is done on it, phase by phase.
    pub actions: Vec<Action>,
    /// What is to be made better about it.
    pub improvements: Vec<ImprovementRow>,
}

/// What is done on a channel in a phase.
#[derive(Debug, Serialize)]
pub struct Action {
    /// The phase.
    pub phase: LinkView,
    /// Its journey.
    pub journey: LinkView,
    /// What is done.
    pub html: String,
}

/// The page of a channel.
pub fn channel_page(cx: &Cx<'_>, ix: Ix) -> Option<ChannelPage> {
    let Data::Channel(_) = &cx.node(ix).entity.data else { return None };
    let mut page = entity_page(cx, ix, &[]);
    page.shell.class = "p-entity p-channel".into();
    page.take_backlinks(|relation| {
        matches!(relation, "touchpoint-channel" | "journey-actions" | "persona-channel" | "persona-channels" | "improvement-channels")
    });
    let touchpoints = pieces::refer(cx, ix, Type::Touchpoint, &["channel"]);
    Some(ChannelPage {
        personas: personas(cx, ix),
        touchpoints: touchpoints.into_iter().filter_map(|touchpoint| pieces::touchpoint_row(cx, touchpoint)).collect(),
        actions: actions(cx, ix),
        improvements: pieces::improvement_rows(cx, ix, &["channels"]),
        page,
    })
}

fn personas(cx: &Cx<'_>, ix: Ix) -> Vec<ChannelRow> {
    let row = |persona: Ix| {
        let uses = &cx.node(persona).entity.data.persona()?.channels;
        let own = uses.iter().find(|channel| channel.channel.and_then(|channel| cx.handbook.follow(persona, channel)) == Some(ix))?;
        Some(channel_row(cx, cx.link(persona), own, cx.html_or(persona, &own.r#use)))
    };
    let mut rows: Vec<ChannelRow> = pieces::refer(cx, ix, Type::Persona, &["channels", "channel"]).into_iter().filter_map(row).collect();
    rows.sort_by(|a, b| b.preference.total_cmp(&a.preference));
    rows
}

fn actions(cx: &Cx<'_>, ix: Ix) -> Vec<Action> {
    let mut out = Vec::new();
    for journey in pieces::refer(cx, ix, Type::Journey, &["actions"]) {
        for phase in cx.node(journey).entity.data.journey().map_or(&[][..], |data| &data.phases) {
            let here = phase.actions.iter().filter(|(channel, _)| cx.handbook.follow(journey, *channel) == Some(ix));
            out.extend(here.map(|(_, text)| Action {
                phase: cx.part_link(journey, phase.index),
                journey: cx.link(journey),
                html: cx.html(journey, text),
            }));
        }
    }
    out
}

/// The page of a target group.
#[derive(Debug, Serialize)]
pub struct SegmentPage {
    /// What every entity has.
    pub page: EntityPage,
    /// What they get.
    pub gets: Vec<Val>,
    /// What they give.
    pub gives: Vec<Val>,
    /// Who stands for them.
    pub personas: Vec<PersonaCard>,
    /// Further personas.
    pub more_personas: Vec<LinkView>,
}

/// A persona on a card.
#[derive(Debug, Serialize)]
pub struct PersonaCard {
    /// The persona.
    pub link: LinkView,
    /// What the person looks like.
    pub portrait: Portrait,
    /// What this person is.
    pub role_html: String,
    /// One line.
    pub summary_html: String,
    /// In their words.
    pub quote_html: String,
    /// Primary, secondary or extreme.
    pub archetype: String,
}

/// A persona as a card.
pub(super) fn persona_card(cx: &Cx<'_>, ix: Ix) -> Option<PersonaCard> {
    let entity = &cx.node(ix).entity;
    let data = entity.data.persona()?;
    Some(PersonaCard {
        link: cx.link(ix),
        portrait: portrait(cx, ix, data.portrait.as_ref()),
        role_html: cx.html_or(ix, &data.role),
        summary_html: cx.html_or(ix, &entity.common.summary),
        quote_html: cx.html_or(ix, &data.quote),
        archetype: data.archetype.map(|word| cx.words.choice("persona", "archetype", word.word())).unwrap_or_default(),
    })
}

/// The page of a target group.
pub fn segment_page(cx: &Cx<'_>, ix: Ix) -> Option<SegmentPage> {
    let Data::Segment(data) = &cx.node(ix).entity.data else { return None };
    let mut page = entity_page(cx, ix, &["gets", "gives"]);
    page.shell.class = "p-entity p-segment".into();
    page.take_backlinks(|relation| relation == "persona-segment");
    let personas = pieces::refer(cx, ix, Type::Persona, &["segment"]);
    Some(SegmentPage {
        gets: claim_vals(cx, ix, &data.gets),
        gives: claim_vals(cx, ix, &data.gives),
        personas: personas.iter().take(RICH).filter_map(|persona| persona_card(cx, *persona)).collect(),
        more_personas: personas.iter().skip(RICH).map(|persona| cx.link(*persona)).collect(),
        page,
    })
}

/// The page of a principle.
#[derive(Debug, Serialize)]
pub struct PrinciplePage {
    /// What every entity has.
    pub page: EntityPage,
    /// The principle in one sentence.
    pub statement_html: String,
    /// Why it is one.
    pub rationale_html: String,
    /// What follows from it.
    pub implies: Vec<Val>,
}

/// The page of a principle.
pub fn principle_page(cx: &Cx<'_>, ix: Ix) -> Option<PrinciplePage> {
    let Data::Principle(data) = &cx.node(ix).entity.data else { return None };
    let mut page = entity_page(cx, ix, &["statement", "rationale", "implies"]);
    page.shell.class = "p-entity p-principle".into();
    Some(PrinciplePage {
        statement_html: cx.html_or(ix, &data.statement),
        rationale_html: cx.html_or(ix, &data.rationale),
        implies: claim_vals(cx, ix, &data.implies),
        page,
    })
}
