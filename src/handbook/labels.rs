//! What everything that can be linked to is called and where it lies, side by side in memory: a page with a thousand links reads this
//! and not a thousand entities.
use super::{Ix, Node};

/// Titles and addresses of all entities and of their parts.
#[derive(Debug, Default)]
pub(super) struct Labels {
    text: String,
    /// Those of each entity, followed by those of its parts.
    places: Vec<Place>,
    /// For each entity, the place of its own.
    first: Vec<u32>,
}

/// Where a title and an address stand in the text, one after the other, and what they belong to.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u32,
    address: u32,
    end: u32,
    kind: &'static str,
}

/// What a link to something shows.
#[derive(Debug, Clone, Copy)]
pub struct Label<'h> {
    /// What it is called.
    pub title: &'h str,
    /// Of an entity its page, relative to the site's root; of a part its anchor on that page.
    pub address: &'h str,
    /// The name of its type, or of the sort of part.
    pub kind: &'static str,
}

impl Labels {
    pub(super) fn of(nodes: &[Node]) -> Labels {
        let mut labels = Labels::default();
        for node in nodes {
            labels.first.push(labels.places.len() as u32);
            labels.add(&node.entity.title, node.url.as_str(), node.entity.kind.name());
            for part in &node.entity.parts {
                labels.add(&part.title, &part.id, part.kind.name());
            }
        }
        labels.text.shrink_to_fit();
        labels.places.shrink_to_fit();
        labels
    }

    fn add(&mut self, title: &str, address: &str, kind: &'static str) {
        let start = self.text.len() as u32;
        self.text.push_str(title);
        let middle = self.text.len() as u32;
        self.text.push_str(address);
        self.places.push(Place { start, address: middle, end: self.text.len() as u32, kind });
    }

    pub(super) fn entity(&self, ix: Ix) -> Label<'_> {
        self.at(self.first[ix.0 as usize])
    }

    /// The part of that number; none where the entity has no such part.
    pub(super) fn part(&self, ix: Ix, part: u32) -> Option<Label<'_>> {
        let (first, next) = (self.first[ix.0 as usize], self.first.get(ix.0 as usize + 1));
        let end = next.copied().unwrap_or(self.places.len() as u32);
        Some(first + 1 + part).filter(|at| *at < end).map(|at| self.at(at))
    }

    fn at(&self, place: u32) -> Label<'_> {
        let Place { start, address, end, kind } = self.places[place as usize];
        Label { title: &self.text[start as usize..address as usize], address: &self.text[address as usize..end as usize], kind }
    }
}
