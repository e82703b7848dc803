//! The pages of evidence and of mystery visits.
use serde::Serialize;

use super::backlinks::BackGroup;
use super::entity::{EntityPage, claim_vals, entity_page};
use super::{Cx, Lazy, LinkView, Val};
use crate::handbook::Ix;
use crate::markup::escape;
use crate::model::{Observed, Plain};

/// The page of some evidence.
#[derive(Debug, Serialize)]
pub struct EvidencePage {
    /// What every entity has.
    pub page: EntityPage,
    /// Until when it holds, in words.
    pub valid: String,
    /// Whether that day has passed.
    pub expired: bool,
    /// What people said.
    pub quotes: Vec<Val>,
    /// What was found.
    pub findings: Vec<Val>,
    /// What rests on it.
    pub rests: Lazy<Vec<BackGroup>>,
}

/// The page of some evidence.
pub fn evidence_page(cx: &Cx<'_>, ix: Ix) -> Option<EvidencePage> {
    let data = cx.node(ix).entity.data.evidence()?;
    let mut page = entity_page(cx, ix, &["quotes", "findings"]);
    page.shell.class = "p-entity p-evidence".into();
    let rests = page.take_backlinks(|relation| relation.ends_with("-evidence"));
    let until = data.date.zip(data.valid_for).map(|(date, holds)| date.plus(holds));
    let expired = until.is_some_and(|until| until < cx.today);
    let key = if expired { "ui.evidence.expired" } else { "ui.evidence.valid_until" };
    Some(EvidencePage {
        valid: until.map(|until| cx.words.fmt(key, &[("date", &cx.words.date(until))])).unwrap_or_default(),
        expired,
        quotes: claim_vals(cx, ix, &data.quotes),
        findings: claim_vals(cx, ix, &data.findings),
        rests: Lazy::new(rests),
        page,
    })
}

/// The page of a mystery visit.
#[derive(Debug, Serialize)]
pub struct VisitPage {
    /// What every entity has.
    pub page: EntityPage,
    /// Scores against targets.
    pub scores: Vec<VisitScore>,
    /// What was seen of the service concepts.
    pub seen: Vec<Seen>,
}

/// A touchpoint's score in one visit.
#[derive(Debug, Serialize)]
pub struct VisitScore {
    /// The touchpoint.
    pub link: LinkView,
    /// The score.
    pub value: String,
    /// Width of its bar in per cent.
    pub width: String,
    /// The target; empty where there is none.
    pub target: String,
    /// Under the target.
    pub below: bool,
    /// How far from the target.
    pub delta: String,
}

/// A behaviour that was looked for.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// The touchpoint.
    pub link: LinkView,
    /// Who is to show it.
    pub role_html: String,
    /// What is expected, or the behaviour's id where the touchpoint no longer names it.
    pub html: String,
    /// `met`, `not-met` or `not-seen`.
    pub observed: &'static str,
    /// The word for it.
    pub word: String,
}

/// The page of a mystery visit.
pub fn visit_page(cx: &Cx<'_>, ix: Ix) -> Option<VisitPage> {
    let data = cx.node(ix).entity.data.visit()?;
    let mut page = entity_page(cx, ix, &["scores", "behaviours"]);
    page.shell.class = "p-entity p-visit".into();
    let score = |(to, score): &(crate::model::Ref<_>, crate::model::Percent)| {
        let touchpoint = cx.handbook.follow(ix, *to)?;
        let target = cx.node(touchpoint).entity.data.touchpoint().and_then(|data| data.target).map(|target| target.0);
        Some(VisitScore {
            link: cx.link(touchpoint),
            value: cx.words.number(score.0),
            width: format!("{:.1}", score.0),
            target: target.map(|target| cx.words.number(target)).unwrap_or_default(),
            below: target.is_some_and(|target| score.0 < target),
            delta: target.map(|target| cx.words.signed(score.0 - target)).unwrap_or_default(),
        })
    };
    Some(VisitPage {
        scores: data.scores.iter().filter_map(score).collect(),
        seen: data
            .behaviours
            .iter()
            .filter_map(|(to, seen)| Some((cx.handbook.follow(ix, *to)?, seen)))
            .flat_map(|(touchpoint, seen)| seen.iter().map(move |(key, observed)| self::seen(cx, touchpoint, key, *observed)))
            .collect(),
        page,
    })
}

fn seen(cx: &Cx<'_>, touchpoint: Ix, key: &Plain, observed: Observed) -> Seen {
    let concept = cx.node(touchpoint).entity.data.touchpoint().map_or(&[][..], |data| &data.behaviours);
    let behaviour = concept.iter().find(|behaviour| *behaviour.key() == *key.text);
    Seen {
        link: cx.link(touchpoint),
        role_html: behaviour.map(|behaviour| cx.html_or(touchpoint, &behaviour.role)).unwrap_or_default(),
        html: match behaviour {
            Some(behaviour) => cx.html_or(touchpoint, &behaviour.text),
            None => escape(&key.text),
        },
        observed: observed.word(),
        word: cx.words.choice("visit", "behaviours", observed.word()),
    }
}
