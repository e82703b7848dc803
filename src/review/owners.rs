//! Who should look: who answers for what changed, and for what refers to it.
use std::collections::{BTreeMap, BTreeSet};

use super::entities::EntityChange;
use super::{Fate, Thing};
use crate::handbook::{Handbook, Ix};
use crate::model::Type;

/// Somebody who should look at a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// The department or name.
    pub name: String,
    /// The department on the newer side, where it is one.
    pub department: Option<Ix>,
    /// Titles of what changed that they answer for.
    pub own: Vec<String>,
    /// Titles of what they answer for that refers to what changed.
    pub refers: Vec<String>,
}

/// Who answers for an entity: its owner, or else the department that runs a touchpoint.
pub(super) fn owner(handbook: &Handbook, ix: Ix) -> Option<String> {
    let node = handbook.node(ix);
    let title = |ix: Ix| handbook.node(ix).entity.title.to_string();
    let owner = node.entity.common.owner.as_ref().filter(|owner| !handbook.hides(ix, owner.department.link));
    let named = owner.map(|owner| handbook.follow(ix, owner.department).map_or_else(|| owner.written.to_string(), title));
    named.or_else(|| handbook.follow(ix, node.entity.data.touchpoint()?.department?).map(title)).filter(|name| !name.is_empty())
}

/// Everybody who should look, those who answer for most of it first.
pub(super) fn reviewers(base: &Handbook, head: &Handbook, changes: &[EntityChange]) -> Vec<Reviewer> {
    let mut found: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let changed: BTreeSet<Ix> = changes.iter().filter_map(|change| change.after.as_ref()).map(|after| after.ix).collect();
    for change in changes {
        let things = [change.before.as_ref(), change.after.as_ref()].into_iter().flatten();
        let title = change.thing().map(|thing| thing.title.clone()).unwrap_or_default();
        for owner in things.map(|thing| thing.owner.clone()).filter(|owner| !owner.is_empty()) {
            found.entry(owner).or_default().0.insert(title.clone());
        }
        for (owner, title) in referring(base, head, change, &changed) {
            found.entry(owner).or_default().1.insert(title);
        }
    }
    let departments: BTreeMap<&str, Ix> = head.of_type(Type::Department).map(|ix| (&*head.node(ix).entity.title, ix)).collect();
    let reviewer = |(name, (own, refers)): (String, (BTreeSet<String>, BTreeSet<String>))| {
        let department = departments.get(name.as_str()).copied();
        Reviewer { name, department, own: own.into_iter().collect(), refers: refers.into_iter().collect() }
    };
    let mut out: Vec<Reviewer> = found.into_iter().map(reviewer).collect();
    out.sort_by(|a, b| (b.own.len(), b.refers.len()).cmp(&(a.own.len(), a.refers.len())).then_with(|| a.name.cmp(&b.name)));
    out
}

/// The owners of what refers to a changed entity and did not change itself, with its title.
fn referring(base: &Handbook, head: &Handbook, change: &EntityChange, changed: &BTreeSet<Ix>) -> Vec<(String, String)> {
    let (handbook, thing): (&Handbook, &Thing) = match (&change.after, &change.before) {
        (Some(after), _) => (head, after),
        (None, Some(before)) => (base, before),
        (None, None) => return Vec::new(),
    };
    let from: BTreeSet<Ix> = handbook.node(thing.ix).backlinks.iter().map(|link| link.from).collect();
    let still = from.into_iter().filter(|ix| change.fate == Fate::Removed || !changed.contains(ix));
    still.filter_map(|ix| Some((owner(handbook, ix)?, handbook.node(ix).entity.title.to_string()))).collect()
}
