//! The handbook for other programs: as JSON, as tables, as diagrams, and the shape of its front matter as JSON Schema.
mod csv;
mod insights;
mod json;
mod mermaid;
mod reference;
mod schema;

pub use csv::csv;
pub use json::{entity_json, handbook_text, number, write_handbook};
pub use mermaid::mermaid;
pub use reference::reference;
pub use schema::{schema, schema_of, schema_types};

use crate::handbook::{Handbook, Ix};
use crate::model::Type;

/// Why an id names no single entity.
#[derive(Debug)]
pub enum FindError {
    /// Nothing has that id; these are the ids that there are.
    Unknown(Vec<String>),
    /// Several have it; these are their full names.
    Ambiguous(Vec<String>),
}

/// The entity that `id` or `type:id` names.
pub fn find(handbook: &Handbook, written: &str) -> Result<Ix, FindError> {
    let (kinds, id): (Vec<Type>, &str) = match written.split_once(':') {
        Some((kind, id)) => (Type::named(kind).into_iter().collect(), id),
        None => (Type::ALL.iter().copied().filter(|kind| kind.is_public()).collect(), written),
    };
    let found: Vec<Ix> = kinds.iter().filter_map(|kind| handbook.find(*kind, id)).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(FindError::Unknown(ids(handbook))),
        many => Err(FindError::Ambiguous(many.iter().map(|ix| full_name(handbook, *ix)).collect())),
    }
}

fn ids(handbook: &Handbook) -> Vec<String> {
    let public = handbook.entities.iter().filter(|node| node.entity.kind.is_public());
    public.map(|node| node.entity.id.to_string()).collect()
}

/// `type:id`.
fn full_name(handbook: &Handbook, ix: Ix) -> String {
    let entity = &handbook.node(ix).entity;
    format!("{}:{}", entity.kind.name(), entity.id)
}
