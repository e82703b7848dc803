//! References, counted alike wherever something follows from them.
use std::collections::BTreeSet;

use crate::handbook::{Handbook, Ix};
use crate::model::{Ref, Type};

/// Whether a reference counts as written: it leads somewhere, or is wrong, which was said. What this build hides does not count.
pub fn counts<A>(handbook: &Handbook, from: Ix, reference: Ref<A>) -> bool {
    !handbook.hides(from, reference.link)
}

/// Entities of a type that refer to another by any of these fields, each once, in order.
pub fn referring(handbook: &Handbook, ix: Ix, kind: Type, relations: &[&str]) -> BTreeSet<Ix> {
    let links = handbook.node(ix).backlinks.iter().filter(|link| relations.contains(&link.relation) && handbook.kind(link.from) == kind);
    links.map(|link| link.from).collect()
}

/// The journey that shows another state of this one: as it says itself, or as the other one says.
pub fn counterpart(handbook: &Handbook, ix: Ix) -> Option<Ix> {
    let own = handbook.node(ix).entity.data.journey().and_then(|journey| journey.counterpart);
    let own = own.and_then(|other| handbook.follow(ix, other));
    own.or_else(|| referring(handbook, ix, Type::Journey, &["counterpart"]).pop_first())
}
