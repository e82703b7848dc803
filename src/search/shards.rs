//! The files of the index.
use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::FixedState;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use serde::Serialize;

use super::gather::{Places, places};
use super::stems::{Endings, Stems, stop_words};
use super::{LENGTHS, Layout, PAGES};
use crate::handbook::{Handbook, Node};
use crate::markup::{Language, encode_path};

/// The digits of numbers in the index: five bits each, the lowest first; 32 more where another follows.
const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// How long a line about a page may be.
const SUMMARY: usize = 110;

pub(super) fn files(handbook: &Handbook, layout: Layout, heading: &dyn Fn(&str) -> String) -> BTreeMap<String, String> {
    let words = Words::of(handbook);
    let titles = cut(words.lines(|encoded| &encoded.titles), layout.titles);
    let texts = cut(words.lines(|encoded| &encoded.texts), layout.texts);
    let contents = Contents {
        titles: &titles.firsts,
        texts: &texts.firsts,
        stops: stop_words(handbook.settings.language),
        endings: words.endings.line(),
        kinds: kinds(handbook, heading),
        pages: PAGES,
        lengths: (*LENGTHS.start(), *LENGTHS.end()),
    };
    let mut out = BTreeMap::from([file("index".to_owned(), &contents)]);
    out.extend(titles.files.iter().enumerate().map(|(at, text)| file(format!("t{at}"), text)));
    out.extend(texts.files.iter().enumerate().map(|(at, text)| file(format!("x{at}"), text)));
    out.extend(words.by_length());
    out.extend(handbook.entities.chunks(PAGES).enumerate().map(|(at, nodes)| file(format!("d{at}"), &pages(nodes))));
    out
}

/// A script that hands over its part.
fn file(name: String, part: &impl Serialize) -> (String, String) {
    let part = serde_json::to_string(part).unwrap_or_default();
    let script = format!("journeybookSearch({name:?},{part})\n");
    (name, script)
}

/// What a browser loads first.
#[derive(Serialize)]
struct Contents<'a> {
    /// The first word of each file of titles.
    titles: &'a [&'a str],
    /// The same of all other texts.
    texts: &'a [&'a str],
    stops: &'a str,
    endings: String,
    /// The types by number: what their pages are called together.
    kinds: Vec<String>,
    /// How many pages a file describes.
    pages: usize,
    lengths: (usize, usize),
}

/// What every type's pages are called together, in the order in which [`Node`]s name them.
fn kinds(handbook: &Handbook, heading: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut last = None;
    for node in &handbook.entities {
        let kind = node.entity.kind;
        if last.replace(kind) != Some(kind) {
            seen.resize(kind as usize, String::new());
            seen.push(heading(kind.name()));
        }
    }
    seen
}

/// Pages as a browser shows them: title, address, type, a line about it.
fn pages(nodes: &[Node]) -> Vec<(&str, String, usize, String)> {
    let page = |node: &'_ Node| {
        let entity = &node.entity;
        let summary = entity.common.summary.as_ref().map_or(&*entity.body.excerpt, |text| text.plain());
        (encode_path(node.url.as_str()), entity.kind as usize, clipped(summary))
    };
    nodes
        .iter()
        .map(|node| {
            let (url, kind, summary) = page(node);
            (&*node.entity.title, url, kind, summary)
        })
        .collect()
}

/// A text of at most a line, cut between words.
fn clipped(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SUMMARY) else { return text.to_owned() };
    let cut = text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words);
    format!("{cut} …")
}

/// The words of a handbook, with what stands beside each of them in the index.
struct Words {
    /// Words that are looked up, in order: stems, and words that do not lead to theirs; each with the number of its stem.
    lines: Vec<(String, usize)>,
    /// By stem: where its words stand.
    encoded: Vec<Encoded>,
    /// All words as they are written.
    written: Vec<Box<str>>,
    endings: Endings,
}

#[derive(Default)]
struct Encoded {
    titles: String,
    texts: String,
}

impl Words {
    fn of(handbook: &Handbook) -> Words {
        let language = handbook.settings.language;
        let stops: HashSet<&str> = stop_words(language).split(' ').collect();
        let mut places = places(handbook);
        places.retain(|(word, _)| !stops.contains(&**word));
        let stems = stems(&places, language);
        let endings = Endings::of(language, places.iter().zip(&stems).map(|((word, _), stem)| (&**word, stem.as_str())));
        let groups = groups(&stems);
        let encoded = groups.par_iter().map(|(_, members)| Encoded::of(members.iter().map(|at| &places[*at].1))).collect();
        let mut lines = groups.iter().enumerate().map(|(at, (stem, _))| ((*stem).to_owned(), at)).collect::<Vec<_>>();
        let numbers: HashMap<&str, usize, FixedState> = groups.iter().enumerate().map(|(at, (stem, _))| (*stem, at)).collect();
        let known = |word: &str| numbers.contains_key(word);
        for ((word, _), stem) in places.iter().zip(&stems) {
            if endings.lead(word, &known) != Some(stem) {
                lines.push((word.to_string(), numbers[stem.as_str()]));
            }
        }
        lines.par_sort_unstable();
        Words { lines, encoded, written: places.into_iter().map(|(word, _)| word).collect(), endings }
    }

    fn lines<'w>(&'w self, part: impl Fn(&'w Encoded) -> &'w String) -> Vec<(&'w str, &'w str)> {
        let line = |(word, at): &'w (String, usize)| (word.as_str(), part(&self.encoded[*at]).as_str());
        self.lines.iter().map(line).filter(|(_, places)| !places.is_empty()).collect()
    }

    /// All words by length, each told by what it does not share with the one before.
    fn by_length(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, &str)> = LENGTHS.map(|_| (String::new(), "")).collect();
        for word in &self.written {
            let length = word.chars().count().min(*LENGTHS.end());
            let Some((text, before)) = length.checked_sub(*LENGTHS.start()).and_then(|at| files.get_mut(at)) else { continue };
            let shared = word.chars().zip(before.chars()).take_while(|(a, b)| a == b).count().min(31);
            text.push(char::from(DIGITS[shared]));
            text.extend(word.chars().skip(shared));
            text.push(' ');
            *before = word;
        }
        LENGTHS.zip(&files).map(|(length, (text, _))| file(format!("w{length}"), &text.trim_end())).collect()
    }
}

/// The stem of every word. Where that is a word of the handbook itself, with a stem of its own, it is that one: *lenses*, *lens*, *len*.
fn stems(places: &[(Box<str>, Places)], language: Language) -> Vec<String> {
    let stems: Vec<String> = places.par_iter().map_init(|| Stems::new(language), |stems, (word, _)| stems.of(word)).collect();
    let of: HashMap<&str, &str, FixedState> = places.iter().zip(&stems).map(|((word, _), stem)| (&**word, stem.as_str())).collect();
    let last = |stem: &String| {
        let mut stem = stem.as_str();
        for _ in 0..4 {
            stem = of.get(stem).copied().unwrap_or(stem);
        }
        stem.to_owned()
    };
    stems.iter().map(last).collect()
}

/// Words by their stem, in order; the numbers are those of the words.
fn groups(stems: &[String]) -> Vec<(&str, Vec<usize>)> {
    let mut order: Vec<usize> = (0..stems.len()).collect();
    order.par_sort_unstable_by(|a, b| stems[*a].cmp(&stems[*b]).then(a.cmp(b)));
    let mut out: Vec<(&str, Vec<usize>)> = Vec::new();
    for at in order {
        match out.last_mut().filter(|(stem, _)| *stem == stems[at]) {
            Some((_, members)) => members.push(at),
            None => out.push((&stems[at], vec![at])),
        }
    }
    out
}

impl Encoded {
    /// Where any of some words stand. What a title says is not said again of the page's text.
    fn of<'p>(words: impl Iterator<Item = &'p Places>) -> Encoded {
        let (mut titles, mut texts) = (Vec::new(), Vec::new());
        for places in words {
            titles.extend_from_slice(&places.titles);
            texts.extend_from_slice(&places.texts);
        }
        titles.sort();
        titles.dedup_by_key(|(page, _)| *page);
        // The higher of two numbers of a page says that the word is in the summary.
        texts.sort_by(|a, b| b.cmp(a));
        texts.dedup_by_key(|place| *place / 2);
        texts.reverse();
        texts.retain(|place| titles.binary_search_by_key(&(place / 2), |(page, _)| *page).is_err());
        let mut encoded = Encoded::default();
        deltas(titles.iter().map(|(page, length)| (*page, u32::from(*length - 1))), 8, &mut encoded.titles);
        deltas(texts.iter().map(|place| (place / 2, place % 2)), 2, &mut encoded.texts);
        encoded
    }
}

/// Writes pages, each as the step from the one before, times `room`, plus what else is to be said of it.
fn deltas(places: impl Iterator<Item = (u32, u32)>, room: u32, out: &mut String) {
    let mut before = 0;
    for (page, more) in places {
        let mut number = (page - before) * room + more;
        before = page;
        while number >= 32 {
            out.push(char::from(DIGITS[(number % 32 + 32) as usize]));
            number /= 32;
        }
        out.push(char::from(DIGITS[number as usize]));
    }
}

/// Lines cut into files of about the same size.
struct Cut<'w> {
    firsts: Vec<&'w str>,
    files: Vec<String>,
}

fn cut<'w>(lines: Vec<(&'w str, &'w str)>, count: usize) -> Cut<'w> {
    let size = |(word, places): &(&str, &str)| word.len() + places.len() + 2;
    let total: usize = lines.iter().map(size).sum();
    let mut cut = Cut { firsts: Vec::new(), files: vec![String::new(); count] };
    let mut done = 0;
    for line in &lines {
        let at = done * count / total.max(1);
        done += size(line);
        cut.firsts.resize(at + 1, line.0);
        let text = &mut cut.files[at];
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend([line.0, " ", line.1]);
    }
    cut
}
