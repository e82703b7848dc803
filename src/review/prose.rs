//! Running text, heading by heading.
use std::collections::HashMap;
use std::ops::Range;

use super::value::{Reader, spaced};
use super::wording::{Fate, Piece, Words, compare, likely};
use crate::insight::longest_rise;
use crate::markup::{Body, Heading, HeadingPlace, Link};

/// A change of a section.
#[derive(Debug, Clone)]
pub struct ProseChange {
    /// What becomes of the section.
    pub fate: Fate,
    /// Its heading; empty for what stands before the first one.
    pub heading: String,
    /// Its anchor on the page, where it is there.
    pub anchor: String,
    /// Its former heading, where that was another.
    pub was: Option<String>,
    /// Whether it stands elsewhere among the sections.
    pub moved: bool,
    /// What changed in its words.
    pub pieces: Vec<Piece>,
}

/// A text of one side with who reads its links.
#[derive(Clone, Copy)]
pub(super) struct Prose<'p> {
    /// The parsed text.
    pub body: &'p Body,
    /// The text itself.
    pub text: &'p str,
    /// The number of its first link.
    pub first_link: u32,
    /// Who knows where its links lead; nobody where that does not matter.
    pub reader: Option<Reader<'p>>,
}

/// A stretch of text under one heading.
struct Section<'p> {
    id: &'p str,
    heading: String,
    text: &'p str,
    drawn: String,
    links: Vec<Leads>,
}

/// Where a link leads: what that is on either side alike, and in words.
struct Leads {
    key: String,
    words: String,
}

/// How much two sections have to have in common to be taken for one under another heading.
const LIKE: f64 = 0.5;

/// What changed in the sections of a text.
pub(super) fn changes(before: Prose<'_>, after: Prose<'_>) -> Vec<ProseChange> {
    let (old, new) = (sections(before), sections(after));
    let pairs = pair(&old, &new);
    let from: HashMap<usize, usize> = pairs.iter().map(|(was, is)| (*is, *was)).collect();
    let order: Vec<usize> = (0..new.len()).filter_map(|at| from.get(&at).copied()).collect();
    let stays: Vec<usize> = longest_rise(&order).into_iter().map(|at| order[at]).collect();
    let mut out: Vec<ProseChange> = Vec::new();
    for (at, section) in new.iter().enumerate() {
        let was = from.get(&at).map(|was| (&old[*was], stays.binary_search(was).is_err()));
        out.extend(match was {
            Some((was, moved)) => changed(was, section, moved),
            None => alone(Fate::Added, section),
        });
    }
    let kept: Vec<usize> = pairs.into_iter().map(|(was, _)| was).collect();
    let gone = old.iter().enumerate().filter(|(at, _)| kept.binary_search(at).is_err());
    out.extend(gone.filter_map(|(_, section)| alone(Fate::Removed, section)));
    out
}

fn sections(prose: Prose<'_>) -> Vec<Section<'_>> {
    let body = prose.body;
    let start = body.title.as_ref().map_or(0, |title| title.span.end);
    let tops: Vec<&Heading> = body.headings.iter().filter(|heading| heading.place == HeadingPlace::Top).collect();
    let end_of = |at: usize| tops.get(at).map_or((prose.text.len(), body.rich.html.len()), |next| (next.span.start, next.html.start));
    let (text_end, html_end) = end_of(0);
    let mut out = vec![section(prose, "", String::new(), start.min(text_end)..text_end, 0..html_end)];
    for (at, heading) in tops.iter().enumerate() {
        let (text_end, html_end) = end_of(at + 1);
        let (text, html) = (heading.span.end.min(text_end)..text_end, heading.html.end.min(html_end)..html_end);
        out.push(section(prose, &heading.id, heading.text.to_string(), text, html));
    }
    out
}

/// Two sections mean the same if they are drawn the same and their links lead to the same.
fn section<'p>(prose: Prose<'p>, id: &'p str, heading: String, text: Range<usize>, html: Range<usize>) -> Section<'p> {
    let rich = &prose.body.rich;
    let drawn = outside_pre(rich.html.get(html).unwrap_or(""));
    let inside = rich.links.iter().enumerate().filter(|(_, link)| text.contains(&link.at));
    let links = inside.map(|(number, link)| leads(prose, prose.first_link + number as u32, link)).collect();
    Section { id, heading, text: prose.text.get(text).unwrap_or("").trim(), drawn, links }
}

fn leads(prose: Prose<'_>, number: u32, link: &Link) -> Leads {
    let key = prose.reader.and_then(|reader| reader.link_key(number)).unwrap_or_else(|| link.dest.to_string());
    let end = prose.reader.and_then(|reader| reader.end(number)).filter(|end| !end.lost);
    let words = end.map_or_else(|| format!("{} → –", link.dest), |end| format!("{} → {}", link.dest, end.name));
    Leads { key: format!("{key}\u{2}{}", link.text), words }
}

impl Section<'_> {
    fn means_the_same(&self, other: &Section<'_>) -> bool {
        self.drawn == other.drawn && self.links.iter().map(|link| &link.key).eq(other.links.iter().map(|link| &link.key))
    }
}

/// HTML with one space wherever white space does not count.
fn outside_pre(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find("<pre") {
        let close = rest[open..].find("</pre>").map_or(rest.len(), |close| open + close);
        out.push_str(&spaced(&rest[..open]));
        out.push_str(&rest[open..close]);
        rest = &rest[close..];
    }
    out.push_str(&spaced(rest));
    out
}

/// Sections find each other by their anchors, then by likeness.
fn pair(old: &[Section<'_>], new: &[Section<'_>]) -> Vec<(usize, usize)> {
    let by_id: HashMap<&str, usize> = new.iter().enumerate().rev().map(|(at, section)| (section.id, at)).collect();
    let mut taken = vec![false; new.len()];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut gone: Vec<usize> = Vec::new();
    for (at, section) in old.iter().enumerate() {
        match by_id.get(section.id).filter(|to| !taken[**to]) {
            Some(to) => {
                taken[*to] = true;
                pairs.push((at, *to));
            }
            None => gone.push(at),
        }
    }
    let come: Vec<usize> = (0..new.len()).filter(|at| !taken[*at]).collect();
    let words = |sections: &[Section<'_>], which: &[usize]| which.iter().map(|at| Words::of(sections[*at].text)).collect::<Vec<_>>();
    pairs.extend(likely(&words(old, &gone), &words(new, &come), LIKE).into_iter().map(|(a, b)| (gone[a], come[b])));
    pairs.sort_unstable();
    pairs
}

fn changed(was: &Section<'_>, is: &Section<'_>, moved: bool) -> Option<ProseChange> {
    let pieces = if was.means_the_same(is) { Vec::new() } else { told(was, is) };
    let renamed = was.heading != is.heading;
    let any = moved || renamed || !pieces.is_empty();
    let was = renamed.then(|| was.heading.clone());
    any.then(|| ProseChange { fate: Fate::Same, heading: is.heading.clone(), anchor: is.id.to_owned(), was, moved, pieces })
}

/// What changed in words; where only links lead elsewhere, those; where neither can be told apart, all of the text.
fn told(was: &Section<'_>, is: &Section<'_>) -> Vec<Piece> {
    let pieces = if was.drawn == is.drawn { elsewhere(was, is) } else { compare(was.text, is.text) };
    match pieces.iter().any(|piece| piece.fate != Fate::Same) {
        true => pieces,
        false => vec![Piece { fate: Fate::Removed, text: was.text.to_owned() }, Piece { fate: Fate::Added, text: is.text.to_owned() }],
    }
}

/// The links that lead elsewhere.
fn elsewhere(was: &Section<'_>, is: &Section<'_>) -> Vec<Piece> {
    let pairs = was.links.iter().zip(&is.links).filter(|(before, after)| before.key != after.key && before.words != after.words);
    let told = pairs.flat_map(|(before, after)| [(Fate::Removed, &before.words), (Fate::Added, &after.words)]);
    told.map(|(fate, words)| Piece { fate, text: words.clone() }).collect()
}

fn alone(fate: Fate, section: &Section<'_>) -> Option<ProseChange> {
    if section.heading.is_empty() && section.text.is_empty() {
        return None;
    }
    let pieces = if section.text.is_empty() { Vec::new() } else { vec![Piece { fate, text: clipped(section.text) }] };
    let anchor = if fate == Fate::Added { section.id.to_owned() } else { String::new() };
    Some(ProseChange { fate, heading: section.heading.clone(), anchor, was: None, moved: false, pieces })
}

/// Words of a whole section that are told.
const CLIPPED: usize = 60;

fn clipped(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= CLIPPED { words.join(" ") } else { format!("{} …", words[..CLIPPED].join(" ")) }
}
