//! What mystery guests found at a touchpoint.
use crate::base::Date;
use crate::handbook::{Handbook, Ix};
use crate::model::Observed;

/// A score of one visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// When.
    pub date: Date,
    /// 0–100.
    pub score: f64,
    /// The visit.
    pub visit: Ix,
}

/// The visits that speak of a touchpoint, in order of date.
pub fn visits(handbook: &Handbook, touchpoint: Ix) -> Vec<(Date, Ix)> {
    let mut found: Vec<(Date, Ix)> = handbook
        .node(touchpoint)
        .backlinks
        .iter()
        .filter(|link| matches!(link.relation, "scores" | "behaviours"))
        .filter_map(|link| handbook.node(link.from).entity.data.visit()?.date.map(|date| (date, link.from)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A touchpoint's scores over time.
pub fn scores(handbook: &Handbook, touchpoint: Ix) -> Vec<Score> {
    let score = |(date, visit): (Date, Ix)| {
        let scores = &handbook.node(visit).entity.data.visit()?.scores;
        let (_, score) = scores.iter().find(|(to, _)| handbook.follow(visit, *to) == Some(touchpoint))?;
        Some(Score { date, score: score.0, visit })
    };
    visits(handbook, touchpoint).into_iter().filter_map(score).collect()
}

/// How often a behaviour was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conformance {
    /// Visits that saw it met.
    pub met: usize,
    /// Visits that saw it missing.
    pub not_met: usize,
    /// Visits that could not see it.
    pub not_seen: usize,
    /// What each visit saw, in order of date.
    pub seen: Vec<(Date, Observed)>,
}

impl Conformance {
    /// Met, in per cent of the visits that could tell.
    pub fn share(&self) -> Option<f64> {
        let judged = self.met + self.not_met;
        (judged > 0).then(|| self.met as f64 * 100.0 / judged as f64)
    }
}

/// For each behaviour of a touchpoint, how often it was met.
pub fn conformance(handbook: &Handbook, touchpoint: Ix) -> Vec<Conformance> {
    let Some(concept) = handbook.node(touchpoint).entity.data.touchpoint() else { return Vec::new() };
    let keys: Vec<String> = concept.behaviours.iter().map(|behaviour| behaviour.key()).collect();
    let mut out = vec![Conformance::default(); keys.len()];
    if keys.is_empty() {
        return out;
    }
    for (date, visit) in visits(handbook, touchpoint) {
        let Some(seen) = handbook.node(visit).entity.data.visit() else { continue };
        let here = seen.behaviours.iter().filter(|(to, _)| handbook.follow(visit, *to) == Some(touchpoint));
        for (key, observed) in here.flat_map(|(_, seen)| seen.iter()) {
            if let Some(at) = keys.iter().position(|known| **known == *key.text) {
                out[at].add(date, *observed);
            }
        }
    }
    out
}

impl Conformance {
    fn add(&mut self, date: Date, observed: Observed) {
        match observed {
            Observed::Met => self.met += 1,
            Observed::NotMet => self.not_met += 1,
            Observed::NotSeen => self.not_seen += 1,
        }
        self.seen.push((date, observed));
    }
}

/// The steps in which a touchpoint appears: journey and part.
pub fn appearances(handbook: &Handbook, touchpoint: Ix) -> Vec<(Ix, u32)> {
    let mut found: Vec<(Ix, u32)> = handbook
        .node(touchpoint)
        .backlinks
        .iter()
        .filter(|link| link.relation == "touchpoints")
        .filter_map(|link| Some((link.from, handbook.node(link.from).link(link.link).part?)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
