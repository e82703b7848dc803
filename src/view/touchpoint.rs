//! The page of a touchpoint.
use serde::Serialize;

use super::entity::{EntityPage, entity_page};
use super::pieces::{self, ImprovementRow, Rank, ScoreView, StepRow};
use super::trend::{Trend, trend};
use super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, Conformance};
use crate::model::{Behaviour, Observed, Touchpoint};

/// The page of a touchpoint.
#[derive(Debug, Serialize)]
pub struct TouchpointPage {
    /// What every entity has.
    pub page: EntityPage,
    /// How it does, in a sentence or two.
    pub finding: String,
    /// Its channel.
    pub channel: Option<LinkView>,
    /// Who runs it.
    pub department: Option<LinkView>,
    /// Planned, live or retired, as it was said.
    pub status: String,
    /// How much it matters.
    pub importance: Option<Rank>,
    /// A distinctive strength; and whether it is a peak, in words.
    pub star: Vec<String>,
    /// The service concept.
    pub concept: Vec<BehaviourRow>,
    /// The newest score.
    pub latest: Option<ScoreView>,
    /// The score it should reach.
    pub target: String,
    /// Scores over time.
    pub trend: Option<Trend>,
    /// The same as rows, newest first.
    pub scores: Vec<ScoreView>,
    /// How often it is to be visited.
    pub visit_every: String,
    /// When the next visit is due, in words.
    pub next_visit: String,
    /// Whether that day has passed.
    pub overdue: bool,
    /// The steps it comes up in.
    pub steps: Vec<StepRow>,
    /// Why it is done this way.
    pub rationale_html: String,
    /// How it could be made personal.
    pub personalise_html: String,
    /// The principles it follows.
    pub principles: Vec<LinkView>,
    /// What is to make it better.
    pub improvements: Vec<ImprovementRow>,
}

/// An expected behaviour.
#[derive(Debug, Serialize)]
pub struct BehaviourRow {
    /// From 1.
    pub number: usize,
    /// Who is to show it.
    pub role_html: String,
    /// What is expected.
    pub html: String,
    /// How often it was met, in words.
    pub words: String,
    /// Width of its bar in per cent; empty where nobody could tell.
    pub width: String,
    /// Met in less than half of the visits that could tell.
    pub low: bool,
    /// What the last visit saw: `met`, `not-met`, `not-seen` or empty.
    pub last: &'static str,
    /// The word for it.
    pub last_word: String,
}

/// Fields that the page shows in its own way.
const SHOWN: [&str; 11] = [
    "channel",
    "department",
    "star",
    "behaviours",
    "target",
    "visit_every",
    "importance",
    "principles",
    "personalise",
    "rationale",
    "status",
];

/// The page of a touchpoint.
pub fn touchpoint_page(cx: &Cx<'_>, ix: Ix) -> Option<TouchpointPage> {
    let data = cx.node(ix).entity.data.touchpoint()?;
    let mut page = entity_page(cx, ix, &SHOWN);
    page.shell.class = "p-entity p-tp".into();
    page.take_backlinks(|relation| matches!(relation, "journey-touchpoints" | "visit-scores" | "improvement-solves"));
    let target = data.target.map(|target| target.0);
    let found = insight::scores(cx.handbook, ix);
    let scores: Vec<ScoreView> = found.iter().rev().map(|score| pieces::score_view(cx, score, target)).collect();
    let values: Vec<_> = found.iter().map(|score| (score.date, score.score)).collect();
    let (next_visit, overdue) = next_visit(cx, ix, data);
    let appears = insight::appearances(cx.handbook, ix);
    let concept = concept(cx, ix, data);
    Some(TouchpointPage {
        finding: finding(cx, found.last().map(|score| score.score), target, data, &insight::conformance(cx.handbook, ix)),
        channel: data.channel.and_then(|channel| cx.follow(ix, channel)),
        department: data.department.and_then(|department| cx.follow(ix, department)),
        status: data.status.map(|status| cx.words.choice("touchpoint", "status", status.word())).unwrap_or_default(),
        importance: data.importance.map(|importance| pieces::rank(cx, importance.0)),
        star: star(cx, data, &appears),
        concept,
        latest: found.last().map(|score| pieces::score_view(cx, score, target)),
        target: target.map(|target| cx.words.number(target)).unwrap_or_default(),
        trend: trend(cx, &cx.words.get("ui.touchpoint.scores"), &values, target),
        scores,
        visit_every: data.visit_every.map(|every| cx.words.duration(every)).unwrap_or_default(),
        next_visit,
        overdue,
        steps: appears.iter().filter_map(|(journey, part)| pieces::step_row(cx, *journey, *part)).collect(),
        rationale_html: cx.html_or(ix, &data.rationale),
        personalise_html: cx.html_or(ix, &data.personalise),
        principles: cx.follow_all(ix, &data.principles),
        improvements: pieces::improvement_rows(cx, ix, &["solves"]),
        page,
    })
}

/// The newest score against its target, and the behaviour that is kept least, if that is less than half of the time.
fn finding(cx: &Cx<'_>, score: Option<f64>, target: Option<f64>, data: &Touchpoint, seen: &[Conformance]) -> String {
    let number = |value: f64| cx.words.number(value);
    let say =
        |key: &str, score: f64, n: f64| cx.words.fmt(&format!("ui.touchpoint.{key}"), &[("score", &number(score)), ("n", &number(n))]);
    let scored = score.map(|score| match target {
        Some(target) if score < target => say("finding_under", score, target - score),
        Some(target) if score > target => say("finding_above", score, score - target),
        Some(_) => say("finding_at", score, 0.0),
        None => say("finding", score, 0.0),
    });
    let least = data.behaviours.iter().zip(seen).filter_map(|(behaviour, seen)| Some((seen.share()?, behaviour, seen)));
    let least = least.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(share, ..)| *share < 50.0).and_then(|(_, behaviour, seen)| {
        let text = behaviour.text.as_ref()?.plain().trim_end_matches('.').to_owned();
        Some(cx.words.fmt("ui.touchpoint.least", &[("behaviour", &text), ("seen", &met(cx, seen))]))
    });
    scored.into_iter().chain(least).collect::<Vec<_>>().join(" ")
}

/// That it is a strength, and whether it shows: the step in which it feels best.
fn star(cx: &Cx<'_>, data: &Touchpoint, appears: &[(Ix, u32)]) -> Vec<String> {
    if data.star != Some(true) {
        return data.star.map(|_| cx.words.get("format.no")).into_iter().collect();
    }
    let felt = appears.iter().filter_map(|(journey, part)| {
        let (_, _, step) = pieces::step_of(cx, *journey, *part)?;
        Some((insight::highest_feeling(cx.handbook, *journey, step)?, *journey, *part))
    });
    let best = felt.reduce(|best, next| if next.0 > best.0 { next } else { best }).filter(|(value, ..)| *value >= insight::PEAK);
    let peak = match best {
        Some((value, journey, part)) => {
            let step = pieces::part_title(cx, journey, part);
            cx.words.fmt("ui.touchpoint.star_peak", &[("score", &cx.words.signed(value)), ("step", &step)])
        }
        None => cx.words.get("ui.touchpoint.star_no_peak"),
    };
    vec![cx.words.get("ui.touchpoint.star"), peak]
}

/// The service concept with what visits saw of it.
pub(super) fn concept(cx: &Cx<'_>, ix: Ix, data: &Touchpoint) -> Vec<BehaviourRow> {
    let seen = insight::conformance(cx.handbook, ix);
    let row = |(at, behaviour): (usize, &Behaviour)| {
        let conformance = seen.get(at);
        let share = conformance.and_then(Conformance::share);
        let last = conformance.and_then(|conformance| conformance.seen.last()).map(|(_, observed)| *observed);
        BehaviourRow {
            number: at + 1,
            role_html: cx.html_or(ix, &behaviour.role),
            html: cx.html_or(ix, &behaviour.text),
            words: conformance.filter(|_| share.is_some()).map(|conformance| met(cx, conformance)).unwrap_or_default(),
            width: share.map(|share| format!("{share:.1}")).unwrap_or_default(),
            low: share.is_some_and(|share| share < 50.0),
            last: last.map_or("", Observed::word),
            last_word: last.map(|last| cx.words.choice("visit", "behaviours", last.word())).unwrap_or_default(),
        }
    };
    data.behaviours.iter().map(|behaviour| &**behaviour).enumerate().map(row).collect()
}

fn met(cx: &Cx<'_>, conformance: &Conformance) -> String {
    let numbers = [conformance.met, conformance.met + conformance.not_met].map(|n| n.to_string());
    cx.words.fmt("ui.touchpoint.conformance", &[("met", &numbers[0]), ("seen", &numbers[1])])
}

fn next_visit(cx: &Cx<'_>, ix: Ix, data: &Touchpoint) -> (String, bool) {
    let last = insight::visits(cx.handbook, ix).last().map(|(date, _)| *date);
    match (last, data.visit_every) {
        (Some(last), Some(every)) => {
            let due = last.plus(every);
            (cx.words.fmt("ui.touchpoint.next_visit", &[("date", &cx.words.date(due))]), due < cx.today)
        }
        (None, Some(_)) => (cx.words.get("ui.touchpoint.no_visits"), true),
        _ => (String::new(), false),
    }
}
