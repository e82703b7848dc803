//! The rules again after an edit. What is said of an entity follows from what [`Context`] lets its rules see. Where all of that is what
//! it was, so is what is said.
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Advice, Context, Facts, said_of};
use crate::base::Today;
use crate::handbook::{Handbook, Ix, Node};

impl Advice {
    /// Holds a handbook against the rules after an edit of the one that this was said of. It comes to the same as [`Advice::of`], sooner
    /// where few entities are other ones than before.
    pub fn again(&self, before: &Handbook, handbook: &Handbook, today: Today) -> Advice {
        let facts = Facts::of(handbook);
        let alike = self.today == today
            && self.facts == facts
            && handbook.follows(before)
            && Arc::ptr_eq(&before.settings, &handbook.settings)
            && Arc::ptr_eq(&before.history, &handbook.history);
        if !alike {
            return Advice::of(handbook, today);
        }
        let context = Context::new(handbook, today, &facts);
        let affected: Vec<Ix> = affected(before, handbook).into_iter().collect();
        let anew: Vec<_> = affected.par_iter().map(|ix| said_of(&context, *ix)).collect();
        let mut said = self.said.clone();
        for (ix, anew) in affected.into_iter().zip(anew) {
            said[ix.0 as usize] = anew;
        }
        Advice { today, facts, said }
    }
}

/// Of whom something else may be said than before: those that are not what they were, with their neighbours, and those that others refer
/// to than before. Whoever a changed link led to has other backlinks now, and whoever no longer refers to somebody has other targets: so
/// only the new neighbours need asking.
fn affected(before: &Handbook, now: &Handbook) -> BTreeSet<Ix> {
    let mut affected = BTreeSet::new();
    for (ix, (old, new)) in before.all().zip(before.entities.iter().zip(&now.entities)) {
        if !says_the_same(old, new) {
            affected.extend(neighbours(new).chain([ix]));
        } else if !Arc::ptr_eq(&old.backlinks, &new.backlinks) {
            affected.insert(ix);
        }
    }
    affected
}

/// Whether an entity is the very one that it was, and all its links lead where they led.
fn says_the_same(old: &Node, new: &Node) -> bool {
    Arc::ptr_eq(&old.document, &new.document) && Arc::ptr_eq(&old.entity, &new.entity) && Arc::ptr_eq(&old.targets, &new.targets)
}

fn neighbours(node: &Node) -> impl Iterator<Item = Ix> {
    node.targets.iter().filter_map(|target| target.entity()).chain(node.backlinks.iter().map(|link| link.from))
}
