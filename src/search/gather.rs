//! Which words stand where: every page's texts, taken apart in parallel.
use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

use super::words::Splitter;
use crate::handbook::{Handbook, Node, Target};
use crate::model::{Record, Reflect};

/// The pages that a word stands on, by number, ascending.
#[derive(Debug, Default, Clone)]
pub(super) struct Places {
    /// In the title, with how many words that has.
    pub(super) titles: Vec<(u32, u8)>,
    /// Elsewhere: twice the page's number, and one more if it is in the summary, a tag or the id.
    pub(super) texts: Vec<u32>,
}

/// Every word with its places, in alphabetical order.
pub(super) fn places(handbook: &Handbook) -> Vec<(Box<str>, Places)> {
    let size = handbook.entities.len().div_ceil(rayon::current_num_threads() * 4).max(64);
    let chunks = handbook.entities.par_chunks(size).enumerate();
    let gathered: Vec<Vec<(Box<str>, Places)>> = chunks.map(|(at, nodes)| Gatherer::default().all(nodes, at * size)).collect();
    merged(gathered)
}

/// One list of several whose pages follow each other.
fn merged(gathered: Vec<Vec<(Box<str>, Places)>>) -> Vec<(Box<str>, Places)> {
    let mut all: Vec<(Box<str>, usize, Places)> = Vec::with_capacity(gathered.iter().map(Vec::len).sum());
    for (chunk, found) in gathered.into_iter().enumerate() {
        all.extend(found.into_iter().map(|(word, places)| (word, chunk, places)));
    }
    all.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut out: Vec<(Box<str>, Places)> = Vec::new();
    for (word, _, places) in all {
        match out.last_mut().filter(|(last, _)| *last == word) {
            Some((_, before)) => {
                before.titles.extend(places.titles);
                before.texts.extend(places.texts);
            }
            None => out.push((word, places)),
        }
    }
    out
}

/// Where on a page a text stands.
#[derive(Debug, Clone, Copy)]
enum Spot {
    Title,
    Summary,
    Text,
}

#[derive(Default)]
struct Gatherer {
    numbers: HashMap<Box<[u8]>, u32, FixedState>,
    places: Vec<Places>,
    /// The page on which each word was met last: most words of a page were met on it before, and this is close at hand.
    last: Vec<Option<u32>>,
    title: Vec<u32>,
}

impl Gatherer {
    fn all(mut self, nodes: &[Node], first: usize) -> Vec<(Box<str>, Places)> {
        let mut splitter = Splitter::default();
        for (at, node) in nodes.iter().enumerate() {
            self.page(&mut splitter, (first + at) as u32, node);
        }
        let mut places = self.places;
        let numbers = self.numbers.into_iter();
        numbers.map(|(word, number)| (String::from_utf8_lossy(&word).into(), std::mem::take(&mut places[number as usize]))).collect()
    }

    fn page(&mut self, splitter: &mut Splitter, page: u32, node: &Node) {
        let entity = &node.entity;
        splitter.text(&entity.title, &mut |word| self.meet(word, page, Spot::Title));
        self.finish_title(page);
        let mut summary = |word: &[u8]| self.meet(word, page, Spot::Summary);
        splitter.text(&entity.id, &mut summary);
        entity.common.tags.iter().for_each(|tag| splitter.text(&tag.text, &mut summary));
        entity.common.summary.iter().for_each(|text| splitter.text(text.plain(), &mut summary));
        let mut text = |word: &[u8]| self.meet(word, page, Spot::Text);
        Texts { node, splitter, each: &mut text }.record(entity.data.record());
        splitter.html(&entity.body.rich.html, &mut text);
    }

    /// A title's words know how many they are, so that shorter titles come first.
    fn finish_title(&mut self, page: u32) {
        let length = self.title.len().min(8) as u8;
        for word in self.title.drain(..) {
            self.places[word as usize].titles.push((page, length));
        }
    }

    /// The best spots of a page come first, and what one of them says need not be said again.
    fn meet(&mut self, word: &[u8], page: u32, spot: Spot) {
        let number = self.number(word);
        if self.last[number as usize].replace(page) == Some(page) {
            return;
        }
        match spot {
            Spot::Title => self.title.push(number),
            Spot::Summary => self.places[number as usize].texts.push(page * 2 + 1),
            Spot::Text => self.places[number as usize].texts.push(page * 2),
        }
    }

    fn number(&mut self, word: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.places.len() as u32;
        self.numbers.insert(word.into(), number);
        self.places.push(Places::default());
        self.last.push(None);
        number
    }
}

/// The words of a record's texts. What it refers to has a page of its own, and what is said of something hidden is not said.
struct Texts<'g, F> {
    node: &'g Node,
    splitter: &'g mut Splitter,
    each: &'g mut F,
}

impl<F: FnMut(&[u8])> Texts<'_, F> {
    fn record(&mut self, record: &dyn Record) {
        record.present().for_each(|(_, value)| self.value(&value));
    }

    fn value(&mut self, value: &Reflect<'_>) {
        match value {
            Reflect::Text(text) => self.splitter.text(text.plain(), self.each),
            Reflect::Claim(claim) => self.splitter.text(claim.text.plain(), self.each),
            Reflect::Plain(text) => self.splitter.text(text, self.each),
            Reflect::List(values) => values.iter().for_each(|value| self.value(value)),
            Reflect::Map(pairs) => {
                for (key, value) in pairs.iter().filter(|(key, _)| !is_hidden(self.node, key)) {
                    self.value(key);
                    self.value(value);
                }
            }
            Reflect::Record(inner) => self.record(*inner),
            _ => {}
        }
    }
}

fn is_hidden(node: &Node, key: &Reflect<'_>) -> bool {
    matches!(key, Reflect::Ref(link) if *node.target(*link) == Target::Hidden)
}
