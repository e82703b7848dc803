//! What is known and what is guessed.
use super::links::counts;
use crate::handbook::{Handbook, Ix};
use crate::model::{Claim, Known, Step};

/// How many statements of an entity are backed, guessed and open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backing {
    /// Backed by evidence, or said to be known.
    pub known: usize,
    /// Guessed.
    pub assumed: usize,
    /// Said to be unknown.
    pub unknown: usize,
}

impl Backing {
    /// All statements.
    pub fn total(&self) -> usize {
        self.known + self.assumed + self.unknown
    }

    /// Known, in per cent.
    pub fn share(&self) -> Option<f64> {
        (self.total() > 0).then(|| self.known as f64 * 100.0 / self.total() as f64)
    }

    fn add(&mut self, known: Known) {
        match known {
            Known::Known => self.known += 1,
            Known::Assumed => self.assumed += 1,
            Known::Unknown => self.unknown += 1,
        }
    }
}

impl std::iter::Sum for Backing {
    fn sum<I: Iterator<Item = Backing>>(all: I) -> Backing {
        all.fold(Backing::default(), |a, b| Backing {
            known: a.known + b.known,
            assumed: a.assumed + b.assumed,
            unknown: a.unknown + b.unknown,
        })
    }
}

/// Whether a claim is known: as it says itself, else if evidence backs it; none where neither tells.
pub fn claim_known(handbook: &Handbook, ix: Ix, claim: &Claim) -> Option<Known> {
    claim.known.or_else(|| claim.evidence.iter().any(|evidence| counts(handbook, ix, *evidence)).then_some(Known::Known))
}

/// Whether a step is known: as it says itself, else if evidence backs it, else it is guessed.
pub(super) fn step_known(handbook: &Handbook, ix: Ix, step: &Step) -> Known {
    let backed = || step.evidence.iter().any(|evidence| counts(handbook, ix, *evidence));
    step.known.unwrap_or_else(|| if backed() { Known::Known } else { Known::Assumed })
}

/// The statements about customers in an entity: of a journey its steps, of a persona its goals, needs, frustrations and expectations.
pub fn backing(handbook: &Handbook, ix: Ix) -> Backing {
    let entity = &handbook.node(ix).entity;
    let mut out = Backing::default();
    for (_, step) in handbook.steps(ix) {
        out.add(step_known(handbook, ix, step));
    }
    if let Some(persona) = entity.data.persona() {
        let backed = entity.common.evidence.iter().any(|evidence| counts(handbook, ix, *evidence));
        let around = if backed { Known::Known } else { Known::Assumed };
        let lists = [&persona.goals, &persona.needs, &persona.frustrations, &persona.expectations];
        for claim in lists.into_iter().flat_map(|list| list.iter()) {
            out.add(claim_known(handbook, ix, claim).unwrap_or(around));
        }
    }
    out
}

/// Whether an entity names any evidence, in itself or in any of its parts.
pub fn is_backed(handbook: &Handbook, ix: Ix) -> bool {
    let node = handbook.node(ix);
    (0..node.targets.len() as u32).any(|link| node.link(link).relation == "evidence" && !handbook.hides(ix, link))
}
