//! What is known and what is guessed.
use crate::handbook::{Handbook, Ix};
use crate::model::{Claim, Known, Record, Reflect};

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

/// Whether a claim is known: as it says itself, else by its evidence, else as what it stands in.
pub fn claims(claim: &Claim, around: Known) -> Known {
    claim.known.unwrap_or(if claim.evidence.is_empty() { around } else { Known::Known })
}

/// The statements about customers in an entity: of a journey its steps, of a persona its goals, needs, frustrations and expectations.
pub fn backing(handbook: &Handbook, ix: Ix) -> Backing {
    let entity = &handbook.node(ix).entity;
    let mut out = Backing::default();
    if let Some(journey) = entity.data.journey() {
        for (_, step) in journey.steps() {
            out.add(step.known.unwrap_or(if step.evidence.is_empty() { Known::Assumed } else { Known::Known }));
        }
    }
    if let Some(persona) = entity.data.persona() {
        let around = if entity.common.evidence.is_empty() { Known::Assumed } else { Known::Known };
        for claim in [&persona.goals, &persona.needs, &persona.frustrations, &persona.expectations].into_iter().flat_map(|list| list.iter())
        {
            out.add(claims(claim, around));
        }
    }
    out
}

/// Whether any evidence is named in an entity, in itself or in any of its parts.
pub fn names_evidence(handbook: &Handbook, ix: Ix) -> bool {
    let entity = &handbook.node(ix).entity;
    !entity.common.evidence.is_empty() || record_names_evidence(entity.data.record())
}

fn record_names_evidence(record: &dyn Record) -> bool {
    record.present().any(|(field, value)| field.name == "evidence" || value_names_evidence(&value))
}

fn value_names_evidence(value: &Reflect<'_>) -> bool {
    match value {
        Reflect::List(items) => items.iter().any(value_names_evidence),
        Reflect::Map(entries) => entries.iter().any(|(_, value)| value_names_evidence(value)),
        Reflect::Record(record) => record_names_evidence(*record),
        Reflect::Claim(claim) => !claim.evidence.is_empty(),
        _ => false,
    }
}
