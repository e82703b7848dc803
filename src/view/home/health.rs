//! How the handbook is doing, in a few numbers.
use serde::Serialize;

use super::super::pieces::is_led;
use super::super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight::{self, Backing, Freshness};
use crate::model::Type;

/// How the handbook is doing.
#[derive(Debug, Serialize)]
pub struct Health {
    /// Shares.
    pub meters: Vec<Meter>,
    /// How many there are of each type, with where they are listed.
    pub counts: Vec<LinkView>,
}

/// A share of something.
#[derive(Debug, Serialize)]
pub struct Meter {
    /// What it is a share of.
    pub label: String,
    /// The number that counts.
    pub big: String,
    /// What it counts.
    pub words: String,
    /// How far the bar reaches, in per cent.
    pub share: String,
    /// Less than it should be.
    pub low: bool,
}

/// How the handbook is doing.
pub fn health(cx: &Cx<'_>) -> Health {
    let meters = [known(cx), fresh(cx), improvements(cx), leads(cx), scores(cx)];
    Health { meters: meters.into_iter().flatten().collect(), counts: counts(cx) }
}

fn meter(cx: &Cx<'_>, key: &str, big: String, words: String, share: f64) -> Meter {
    Meter { label: cx.words.get(&format!("ui.health.{key}")), big, words, share: format!("{:.1}", share.clamp(0.0, 100.0)), low: false }
}

fn of(cx: &Cx<'_>, key: &str, all: usize) -> String {
    cx.words.fmt(&format!("ui.health.{key}"), &[("n", &cx.words.number(all as f64))])
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 * 100.0 / all.max(1) as f64
}

fn known(cx: &Cx<'_>) -> Option<Meter> {
    let entities = cx.handbook.of_type(Type::Persona).chain(cx.handbook.of_type(Type::Journey));
    let sum: Backing = entities.map(|ix| insight::backing(cx.handbook, ix)).sum();
    let share = sum.share()?;
    Some(meter(cx, "evidence", cx.words.percent(share.round()), of(cx, "of_statements", sum.total()), share))
}

fn fresh(cx: &Cx<'_>) -> Option<Meter> {
    let (mut ok, mut stale, mut never) = (0, 0, 0);
    for ix in cx.handbook.all().filter(|ix| cx.node(*ix).entity.kind.is_public()) {
        match insight::freshness(cx.handbook, ix, cx.today) {
            Freshness::Fresh(..) => ok += 1,
            Freshness::Stale(..) => stale += 1,
            Freshness::NeverReviewed => never += 1,
        }
    }
    let mut words = of(cx, "of_pages", ok + stale);
    if never > 0 {
        words = format!("{words}, {}", cx.words.count("ui.health.undated", never));
    }
    (ok + stale > 0).then(|| meter(cx, "fresh", cx.words.number(ok as f64), words, share(ok, ok + stale)))
}

fn improvements(cx: &Cx<'_>) -> Option<Meter> {
    let totals = insight::totals(cx.handbook, cx.handbook.of_type(Type::Improvement));
    let all = totals.open + totals.done;
    (all > 0).then(|| meter(cx, "open", cx.words.number(totals.open as f64), of(cx, "and_done", totals.done), share(totals.done, all)))
}

/// Steps that a department leads, as far as this build shows it.
fn leads(cx: &Cx<'_>) -> Option<Meter> {
    let (mut led, mut all) = (0, 0);
    for ix in cx.handbook.of_type(Type::Journey) {
        for (_, step) in cx.handbook.steps(ix) {
            all += 1;
            led += usize::from(is_led(cx, ix, step));
        }
    }
    (all > 0).then(|| meter(cx, "leads", cx.words.number(led as f64), of(cx, "of_steps", all), share(led, all)))
}

/// The newest score of each touchpoint that has one, against what those should reach.
fn scores(cx: &Cx<'_>) -> Option<Meter> {
    let latest = |ix: Ix| {
        let score = insight::scores(cx.handbook, ix).last()?.score;
        Some((score, cx.node(ix).entity.data.touchpoint()?.target.map(|target| target.0)))
    };
    let found: Vec<(f64, Option<f64>)> = cx.handbook.of_type(Type::Touchpoint).filter_map(latest).collect();
    let average = |values: &[f64]| (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64 * 10.0).round() / 10.0);
    let score = average(&found.iter().map(|(score, _)| *score).collect::<Vec<_>>())?;
    // Whether that is enough is seen where somebody says what is.
    let (aimed, targets): (Vec<f64>, Vec<f64>) = found.iter().filter_map(|(score, target)| Some((*score, (*target)?))).unzip();
    let (aimed, target) = (average(&aimed), average(&targets));
    let mut words = cx.words.count("ui.health.scored", found.len());
    if let Some(target) = target {
        words = format!("{words}, {}", cx.words.fmt("ui.health.target", &[("n", &cx.words.number(target))]));
    }
    let meter = meter(cx, "visits", cx.words.number(score), words, score);
    Some(Meter { low: aimed.zip(target).is_some_and(|(score, target)| score < target), ..meter })
}

fn counts(cx: &Cx<'_>) -> Vec<LinkView> {
    let count = |kind: &Type| {
        let n = cx.handbook.of_type(*kind).count();
        let link = cx.listing_link(*kind);
        (n > 0).then(|| LinkView { title: cx.words.entities(*kind, n), ..link })
    };
    Type::ALL.iter().filter(|kind| !kind.folder().is_empty()).filter_map(count).collect()
}
