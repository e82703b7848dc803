//! An improvement: what every page that shows one says of it, and its own page.
use serde::Serialize;

use super::entity::{EntityPage, claim_vals, entity_page};
use super::pieces::{self, Fact, Feel};
use super::{Cx, LinkView, Val};
use crate::base::{Date, Money};
use crate::handbook::{Ix, Target};
use crate::insight;
use crate::model::{Horizon, Improvement, ImprovementStatus, Type};

/// An improvement in brief.
#[derive(Debug, Serialize)]
pub struct Item {
    /// Its page.
    pub link: LinkView,
    /// Where it stands.
    pub status: Word,
    /// How far away it lies.
    pub horizon: Option<Word>,
    /// What it does for customers, 1 to 5.
    pub impact: String,
    /// What it costs, 1 to 5.
    pub effort: String,
    /// Its RICE score.
    pub rice: Sortable,
    /// Who answers for it.
    pub owner: Option<LinkView>,
    /// When it has to be done.
    pub due: DueView,
    /// What it solves.
    pub solves: Vec<LinkView>,
    /// What has to be done first and is not yet.
    pub blocked_by: Vec<LinkView>,
    /// What it may cost.
    pub budget: Sortable,
    /// What it has cost.
    pub spent: Sortable,
    /// What it brings in a year.
    pub benefit: Sortable,
}

/// A word that a field takes, with its label.
#[derive(Debug, Clone, Serialize)]
pub struct Word {
    /// As it is written.
    pub key: &'static str,
    /// As it is shown.
    pub label: String,
    /// The name of its sign.
    pub icon: &'static str,
}

/// A number as it is shown, and as it is sorted.
#[derive(Debug, Default, Serialize)]
pub struct Sortable {
    /// Empty where there is none.
    pub shown: String,
    /// The plain number.
    pub key: String,
}

/// When something has to be done.
#[derive(Debug, Default, Serialize)]
pub struct DueView {
    /// In words; empty where nobody says.
    pub date: String,
    /// For machines.
    pub iso: String,
    /// By how much it is late; empty where it is not.
    pub late: String,
}

/// The page of an improvement.
#[derive(Debug, Serialize)]
pub struct ImprovementPage {
    /// What every entity has.
    pub page: EntityPage,
    /// It in brief.
    pub item: Item,
    /// What is wrong today.
    pub problem_html: String,
    /// Ways to solve it.
    pub solutions: Vec<Val>,
    /// What it solves, with how that feels.
    pub solves: Vec<Solved>,
    /// Its place on the matrix, in words.
    pub place: String,
    /// It is called a quick win and is none.
    pub misfiled: bool,
    /// The numbers behind the RICE score.
    pub score: Vec<Fact>,
    /// Money.
    pub money: Vec<Fact>,
    /// The share of the budget that is spent, in per cent, up to 100.
    pub spent_share: Option<String>,
    /// How the budget stands.
    pub left: String,
    /// It has cost more than it may.
    pub over: bool,
    /// When it began and ended.
    pub dates: Vec<Fact>,
    /// What has to be done first.
    pub depends_on: Vec<Other>,
    /// What waits for it.
    pub waited_for_by: Vec<Other>,
    /// The figure before, the figure wanted, and what came of it.
    pub effect: Vec<Fact>,
    /// The figure it is to move.
    pub metric: Option<LinkView>,
    /// It is done and nobody says what came of it.
    pub no_result: bool,
}

/// Something that is solved.
#[derive(Debug, Serialize)]
pub struct Solved {
    /// It.
    pub link: LinkView,
    /// The journey it is a part of.
    pub of: Option<LinkView>,
    /// How it feels, where it is a step that says so.
    pub feeling: Option<Feel>,
}

/// Another improvement.
#[derive(Debug, Serialize)]
pub struct Other {
    /// It.
    pub link: LinkView,
    /// Where it stands.
    pub status: Word,
}

/// Fields that the page shows in its own way.
const SHOWN: [&str; 20] = [
    "solves",
    "problem",
    "solutions",
    "horizon",
    "status",
    "impact",
    "effort",
    "reach",
    "confidence",
    "budget",
    "spent",
    "benefit",
    "started",
    "due",
    "finished",
    "depends_on",
    "baseline",
    "result",
    "goal",
    "metric",
];

/// An improvement in brief; none of what is none.
pub fn item(cx: &Cx<'_>, ix: Ix) -> Option<Item> {
    let item = cx.node(ix).entity.data.improvement()?;
    let number = |value: Option<f64>| value.map(|value| cx.words.number(value)).unwrap_or_default();
    let rice = insight::rice(item);
    Some(Item {
        link: cx.link(ix),
        status: status(cx, item),
        horizon: item.horizon.map(|horizon| horizon_word(cx, horizon)),
        impact: number(item.impact.map(|rank| rank.0)),
        effort: number(item.effort.map(|rank| rank.0)),
        rice: Sortable { shown: number(rice.map(f64::round)), key: rice.map(|rice| format!("{rice:.0}")).unwrap_or_default() },
        owner: cx.owner(ix),
        due: due(cx, item),
        solves: cx.follow_all(ix, &item.solves),
        blocked_by: if item.is_open() { blockers(cx, ix, item) } else { Vec::new() },
        budget: money(cx, item.budget),
        spent: money(cx, item.spent),
        benefit: money(cx, item.benefit),
    })
}

/// Where an improvement stands.
pub fn status(cx: &Cx<'_>, item: &Improvement) -> Word {
    let status = item.status();
    let icon = match status {
        ImprovementStatus::Idea => "opp",
        ImprovementStatus::Proposed => "draft",
        ImprovementStatus::Committed => "clock",
        ImprovementStatus::InProgress => "act",
        ImprovementStatus::Done => "ok",
        ImprovementStatus::Dropped => "none",
    };
    Word { key: status.word(), label: capital(&cx.words.choice("improvement", "status", status.word())), icon }
}

fn horizon_word(cx: &Cx<'_>, horizon: Horizon) -> Word {
    let icon = match horizon {
        Horizon::QuickWin => "quick",
        Horizon::LongTerm => "long",
        Horizon::Personalisation => "pers",
    };
    Word { key: horizon.word(), label: capital(&cx.words.choice("improvement", "horizon", horizon.word())), icon }
}

/// A word as the first of a line.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn due(cx: &Cx<'_>, item: &Improvement) -> DueView {
    let Some(due) = item.due else { return DueView::default() };
    let days = cx.today.days_since(due);
    let late = if days > 0 && item.is_open() { cx.words.count("ui.count.days_late", days as usize) } else { String::new() };
    DueView { date: cx.words.date_short(due), iso: due.to_string(), late }
}

fn money(cx: &Cx<'_>, money: Option<Money>) -> Sortable {
    let shown = money.map(|money| cx.words.money(money, &cx.handbook.settings.currency));
    Sortable { shown: shown.unwrap_or_default(), key: money.map(|money| money.cents.to_string()).unwrap_or_default() }
}

fn blockers(cx: &Cx<'_>, ix: Ix, item: &Improvement) -> Vec<LinkView> {
    let needed = item.depends_on.iter().filter_map(|other| cx.handbook.follow(ix, *other));
    needed.filter(|other| cx.node(*other).entity.data.improvement().is_some_and(Improvement::is_open)).map(|other| cx.link(other)).collect()
}

/// The corner of the matrix that an effort and an impact lie in: the last part of the key of its name. The middle of the scale counts as
/// little effort and as much impact.
pub fn corner((effort, impact): (f64, f64)) -> &'static str {
    match (effort < 3.5, impact > 2.5) {
        (true, true) => "quick_wins",
        (false, true) => "big_bets",
        (true, false) => "fill_ins",
        (false, false) => "dont",
    }
}

/// Whether an improvement is called a quick win and lies elsewhere.
pub fn is_misfiled(item: &Improvement) -> bool {
    item.horizon == Some(Horizon::QuickWin) && insight::place(item).is_some_and(|place| corner(place) != "quick_wins")
}

/// The page of an improvement.
pub fn improvement_page(cx: &Cx<'_>, ix: Ix) -> Option<ImprovementPage> {
    let own = cx.node(ix).entity.data.improvement()?;
    let mut page = entity_page(cx, ix, &SHOWN);
    page.shell.class = "p-entity p-improvement".into();
    Some(ImprovementPage {
        page,
        item: item(cx, ix)?,
        problem_html: cx.html_or(ix, &own.problem),
        solutions: claim_vals(cx, ix, &own.solutions),
        solves: own.solves.iter().filter_map(|place| solved(cx, cx.node(ix).of(*place))).collect(),
        place: insight::place(own).map(|place| cx.words.get(&format!("ui.improvements.{}", corner(place)))).unwrap_or_default(),
        misfiled: is_misfiled(own),
        score: score(cx, own),
        money: sums(cx, own),
        spent_share: spent_share(cx, own),
        left: left(cx, own),
        over: spending(cx, own).is_some_and(|(budget, spent)| spent.cents > budget.cents),
        dates: dates(cx, own),
        depends_on: own.depends_on.iter().filter_map(|first| other(cx, cx.handbook.follow(ix, *first)?)).collect(),
        waited_for_by: waiting(cx, ix),
        effect: effect(cx, ix, own),
        metric: own.metric.and_then(|metric| cx.follow(ix, metric)),
        no_result: own.status() == ImprovementStatus::Done && own.result.is_none(),
    })
}

fn fact(cx: &Cx<'_>, name: &str, text: Option<String>) -> Option<Fact> {
    text.map(|text| Fact { label: cx.words.field("improvement", name), html: crate::markup::escape(&text) })
}

fn solved(cx: &Cx<'_>, target: &Target) -> Option<Solved> {
    let feeling = |ix: Ix, part: u32| {
        let (_, _, step) = pieces::step_of(cx, ix, part)?;
        Some(pieces::feel(cx, insight::lowest_feeling(cx.handbook, ix, step)?, String::new()))
    };
    let (of, feeling) = match target {
        Target::Part(ix, part) => (Some(cx.link(*ix)), feeling(*ix, *part)),
        _ => (None, None),
    };
    Some(Solved { link: cx.target_link(target)?, of, feeling })
}

fn score(cx: &Cx<'_>, item: &Improvement) -> Vec<Fact> {
    let rank =
        |rank: Option<crate::model::Rank>| rank.map(|rank| cx.words.fmt("ui.improvements.of_five", &[("n", &cx.words.number(rank.0))]));
    let facts = [
        fact(cx, "impact", rank(item.impact)),
        fact(cx, "effort", rank(item.effort)),
        fact(cx, "reach", item.reach.map(|reach| cx.words.number(reach.0))),
        fact(cx, "confidence", item.confidence.map(|sure| cx.words.percent(sure.0))),
    ];
    facts.into_iter().flatten().collect()
}

fn sums(cx: &Cx<'_>, item: &Improvement) -> Vec<Fact> {
    let sum = |money: Option<Money>| money.map(|money| cx.words.money(money, &cx.handbook.settings.currency));
    let facts = [("budget", item.budget), ("spent", item.spent), ("benefit", item.benefit)];
    facts.into_iter().filter_map(|(name, money)| fact(cx, name, sum(money))).collect()
}

/// A budget and what is spent of it, where both are sums of one currency.
fn spending(cx: &Cx<'_>, item: &Improvement) -> Option<(Money, Money)> {
    let own = &cx.handbook.settings.currency;
    item.budget.zip(item.spent).filter(|(budget, spent)| budget.currency_or(own) == spent.currency_or(own))
}

/// What is spent of a budget, in per cent.
fn spent_share(cx: &Cx<'_>, item: &Improvement) -> Option<String> {
    let (budget, spent) = spending(cx, item).filter(|(budget, _)| budget.cents > 0)?;
    Some(format!("{:.1}", (spent.cents as f64 * 100.0 / budget.cents as f64).clamp(0.0, 100.0)))
}

fn left(cx: &Cx<'_>, item: &Improvement) -> String {
    let left = spending(cx, item).map(|(budget, spent)| Money { cents: budget.cents.saturating_sub(spent.cents), ..budget });
    left.map(|left| left_words(cx, left)).unwrap_or_default()
}

/// What is left of a budget, or by how much it is exceeded, in words.
pub fn left_words(cx: &Cx<'_>, left: Money) -> String {
    let shown = cx.words.money(Money { cents: left.cents.saturating_abs(), ..left }, &cx.handbook.settings.currency);
    let key = if left.cents < 0 { "ui.improvements.over" } else { "ui.improvements.amount_left" };
    cx.words.fmt(key, &[("amount", &shown)])
}

fn dates(cx: &Cx<'_>, item: &Improvement) -> Vec<Fact> {
    let date = |date: Option<Date>| date.map(|date| cx.words.date(date));
    let facts = [fact(cx, "started", date(item.started)), fact(cx, "due", date(item.due)), fact(cx, "finished", date(item.finished))];
    facts.into_iter().flatten().collect()
}

/// Another improvement; none of what is none.
pub fn other(cx: &Cx<'_>, ix: Ix) -> Option<Other> {
    let item = cx.node(ix).entity.data.improvement()?;
    Some(Other { link: cx.link(ix), status: status(cx, item) })
}

fn waiting(cx: &Cx<'_>, ix: Ix) -> Vec<Other> {
    insight::referring(cx.handbook, ix, Type::Improvement, &["depends_on"]).into_iter().filter_map(|from| other(cx, from)).collect()
}

fn effect(cx: &Cx<'_>, ix: Ix, item: &Improvement) -> Vec<Fact> {
    let facts = [("baseline", &item.baseline), ("goal", &item.goal), ("result", &item.result)];
    let shown = facts
        .into_iter()
        .filter_map(|(name, text)| Some(Fact { label: cx.words.field("improvement", name), html: cx.html(ix, text.as_ref()?) }));
    shown.collect()
}
