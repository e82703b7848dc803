//! Journeys' curves before and after, over one another.
use serde::Serialize;

use super::Changes;
use crate::handbook::Ix;
use crate::insight;
use crate::review::{CurveChange, CurveStep, Fate};
use crate::view::LinkView;

/// A journey's curves before and after over one another.
#[derive(Debug, Serialize)]
pub struct OverView {
    /// The journey.
    pub link: LinkView,
    /// A number for its anchor.
    pub number: usize,
    /// What is to be seen, in a sentence.
    pub label: String,
    /// Where a phase ends, in per cent.
    pub borders: Vec<String>,
    /// The curve before, as SVG path data.
    pub before: String,
    /// The curve after.
    pub after: String,
    /// The steps.
    pub steps: Vec<OverStep>,
}

/// A step of either side.
#[derive(Debug, Serialize)]
pub struct OverStep {
    /// Its number among these, from 1.
    pub number: usize,
    /// Its page and anchor; without address where it is gone.
    pub link: LinkView,
    /// `add`, `chg`, `del` or empty.
    pub fate: &'static str,
    /// The word for that.
    pub word: String,
    /// Where it stands, in per cent.
    pub x: String,
    /// How it felt, in per cent of the height; empty where it has no value.
    pub before: String,
    /// How it feels.
    pub after: String,
    /// What to write at a changed point.
    pub text: String,
    /// `high` or `low`: on which side that is written.
    pub side: &'static str,
}

/// Curves that are shown.
const CURVES: usize = 12;
/// The margin above and below a curve, in per cent.
const PAD: f64 = 14.0;

impl Changes<'_> {
    pub(super) fn curves(&self) -> Vec<OverView> {
        let curves = self.comparison.entities.iter().filter_map(|change| Some((change.after.as_ref()?.ix, change.curve.as_ref()?)));
        curves.take(CURVES).enumerate().map(|(at, (ix, curve))| self.over(ix, curve, at + 1)).collect()
    }

    fn over(&self, ix: Ix, curve: &CurveChange, number: usize) -> OverView {
        let steps: Vec<OverStep> = curve.steps.iter().enumerate().map(|(at, step)| self.step(ix, step, at, curve.steps.len())).collect();
        let line = |pick: fn(&CurveStep) -> Option<f64>| insight::bridged(&curve.steps.iter().map(pick).collect::<Vec<_>>(), PAD);
        let borders = curve.steps.windows(2).enumerate().filter(|(_, pair)| pair[0].phase != pair[1].phase);
        let borders = borders.map(|(at, _)| format!("{:.2}", (at + 1) as f64 * 100.0 / curve.steps.len() as f64)).collect();
        let changed = steps.iter().filter(|step| !step.text.is_empty()).map(|step| format!("{}: {}", step.link.title, step.text));
        let link = self.cx.link(ix);
        let label = format!("{}. {}", self.say.with("curve_label", "title", &link.title), changed.collect::<Vec<_>>().join("; "));
        OverView { link, number, label, borders, before: line(|step| step.before), after: line(|step| step.after), steps }
    }

    fn step(&self, ix: Ix, step: &CurveStep, at: usize, count: usize) -> OverStep {
        let place = |value: Option<f64>| value.map(|value| format!("{:.2}", insight::height(value, PAD))).unwrap_or_default();
        let badge = step.fate.map(|fate| self.badge(fate));
        let entity = &self.cx.node(ix).entity;
        let part = Some(&step.id).filter(|id| !id.is_empty()).and_then(|id| entity.part_named(id));
        let gone = || LinkView { title: step.title.clone(), url: String::new(), kind: "" };
        let signed = |value: f64| self.cx.words.signed(value);
        let text = match (step.before, step.after) {
            (Some(before), Some(after)) if before != after => format!("{} → {}", signed(before), signed(after)),
            (None, Some(_)) if step.fate == Some(Fate::Added) => self.say.word("new_step"),
            (Some(_), None) if step.fate == Some(Fate::Removed) => self.say.word("gone_step"),
            _ => String::new(),
        };
        let rises = match (step.before, step.after) {
            (Some(before), Some(after)) => after >= before,
            (one, other) => one.or(other).unwrap_or(0.0) >= 0.0,
        };
        OverStep {
            number: at + 1,
            link: part.map_or_else(gone, |part| self.cx.part_link(ix, part)),
            fate: badge.as_ref().map_or("", |badge| badge.kind),
            word: badge.map(|badge| badge.text).unwrap_or_default(),
            x: format!("{:.3}", (at as f64 + 0.5) * 100.0 / count as f64),
            before: place(step.before),
            after: place(step.after),
            text,
            side: if rises { "high" } else { "low" },
        }
    }
}
