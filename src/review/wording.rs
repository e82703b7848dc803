//! Texts against one another, word by word; and how alike two texts are.
use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What becomes of it.
    pub fate: Fate,
    /// The words.
    pub text: String,
}

/// What becomes of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They stay.
    Same,
    /// They go.
    Removed,
    /// They come.
    Added,
}

/// Words of a text that stays the same that are shown on each side of a change.
const AROUND: usize = 8;
/// The most words that two texts may have together to be compared word by word; longer ones are compared by paragraph first.
const WORDS: usize = 4000;
/// The most paragraphs that two texts may have together to be compared one by one.
const PARAGRAPHS: usize = 4000;

/// What changed from one text to another. Of long stretches that stay the same only the words next to a change are told.
pub fn compare(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    whole(before, after, &mut pieces);
    if pieces.iter().all(|piece| piece.fate == Fate::Same) && before != after {
        // They differ in white space alone, where it matters.
        pieces = vec![piece(Fate::Removed, before), piece(Fate::Added, after)];
    }
    shortened(joined(pieces))
}

fn piece(fate: Fate, text: &str) -> Piece {
    Piece { fate, text: text.trim().to_owned() }
}

fn whole(before: &str, after: &str, out: &mut Vec<Piece>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    if old.len() + new.len() <= WORDS {
        return slices(&old, &new, out);
    }
    let (old, new) = (paragraphs(before), paragraphs(after));
    if old.len() + new.len() > PARAGRAPHS {
        return out.extend([piece(Fate::Removed, before), piece(Fate::Added, after)]);
    }
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (was, is) = (old[op.old_range()].join("\n\n"), new[op.new_range()].join("\n\n"));
        let small = was.split_whitespace().count() + is.split_whitespace().count() <= WORDS;
        match op {
            DiffOp::Equal { .. } => out.push(piece(Fate::Same, &was)),
            DiffOp::Replace { .. } if small => whole(&was, &is, out),
            _ => out.extend([piece(Fate::Removed, &was), piece(Fate::Added, &is)]),
        }
    }
}

/// Paragraphs, each with one space wherever it has white space.
fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for line in text.lines() {
        let last = out.len() - 1;
        match line.trim() {
            "" if out[last].is_empty() => {}
            "" => out.push(String::new()),
            line => {
                let space = if out[last].is_empty() { "" } else { " " };
                out[last].push_str(space);
                out[last].push_str(&super::value::spaced(line));
            }
        }
    }
    out
}

fn slices(old: &[&str], new: &[&str], out: &mut Vec<Piece>) {
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (was, is) = (old[op.old_range()].join(" "), new[op.new_range()].join(" "));
        match op {
            DiffOp::Equal { .. } => out.push(piece(Fate::Same, &was)),
            _ => out.extend([piece(Fate::Removed, &was), piece(Fate::Added, &is)]),
        }
    }
}

/// Neighbours of one fate as one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.text.is_empty()) {
        match out.last_mut() {
            Some(last) if last.fate == piece.fate => {
                last.text.push(' ');
                last.text.push_str(&piece.text);
            }
            _ => out.push(piece),
        }
    }
    out
}

fn shortened(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter_mut().enumerate().filter(|(_, piece)| piece.fate == Fate::Same) {
        let words: Vec<&str> = piece.text.split_whitespace().collect();
        let (head, tail) = (if at == 0 { 0 } else { AROUND }, if at == last { 0 } else { AROUND });
        if words.len() > head + tail + 2 {
            let (start, end) = (words[..head].join(" "), words[words.len() - tail..].join(" "));
            piece.text = [&*start, "…", &*end].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        }
    }
    pieces
}

/// A text's words, for finding what is like it.
#[derive(Debug, Default)]
pub struct Words {
    counts: HashMap<u64, u32>,
    total: u32,
}

/// The most words of a text that are looked at to find what is like it.
const LOOKED_AT: usize = 3000;

impl Words {
    /// The words of a text.
    pub fn of(text: &str) -> Words {
        let mut out = Words::default();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(LOOKED_AT) {
            *out.counts.entry(hash(word)).or_default() += 1;
            out.total += 1;
        }
        out
    }

    /// How much two texts have in common: 0 for nothing, 1 for all.
    pub fn likeness(&self, other: &Words) -> f64 {
        if self.total == 0 || other.total == 0 {
            return 0.0;
        }
        let (few, many) = if self.counts.len() <= other.counts.len() { (self, other) } else { (other, self) };
        let common: u32 = few.counts.iter().map(|(word, n)| (*n).min(many.counts.get(word).copied().unwrap_or(0))).sum();
        2.0 * f64::from(common) / f64::from(self.total + other.total)
    }
}

/// FNV-1a: the same on every machine.
fn hash(word: &str) -> u64 {
    word.chars().flat_map(char::to_lowercase).fold(0xcbf2_9ce4_8422_2325, |hash, c| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3))
}

/// The most of each side among which likeness is looked for: beyond that it would cost more than it tells.
const LOOKED_AMONG: usize = 300;

/// Pairs of what is alike, each of either side once: the most alike first, at least as much as `least`.
pub fn likely(old: &[Words], new: &[Words], least: f64) -> Vec<(usize, usize)> {
    if old.len() > LOOKED_AMONG || new.len() > LOOKED_AMONG {
        return Vec::new();
    }
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (a, before) in old.iter().enumerate() {
        found.extend(new.iter().enumerate().map(|(b, after)| (before.likeness(after), a, b)).filter(|(like, ..)| *like >= least));
    }
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut took, mut taken) = (vec![false; old.len()], vec![false; new.len()]);
    found
        .retain(|(_, a, b)| !took[*a] && !taken[*b] && !std::mem::replace(&mut took[*a], true) && !std::mem::replace(&mut taken[*b], true));
    let mut pairs: Vec<(usize, usize)> = found.into_iter().map(|(_, a, b)| (a, b)).collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let mark = |piece: &Piece| match piece.fate {
            Fate::Same => piece.text.clone(),
            Fate::Removed => format!("[-{}-]", piece.text),
            Fate::Added => format!("[+{}+]", piece.text),
        };
        compare(before, after).iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_come_and_go() {
        assert_eq!(told("the desk is far", "the front desk is near"), "the [+front+] desk is [-far-] [+near+]");
        assert_eq!(told("", "new"), "[+new+]");
        assert_eq!(told("a  b", "a\nb"), "[-a  b-] [+a\nb+]");
    }

    #[test]
    fn what_stays_is_cut_short() {
        let long = "w ".repeat(40);
        assert_eq!(told(&format!("{long}x"), &format!("{long}y")), "… w w w w w w w w [-x-] [+y+]");
    }

    #[test]
    fn long_texts_are_compared_by_paragraph() {
        let text = |changed: &str| {
            (0..1500).map(|at| if at == 700 { format!("{changed} here\n\n") } else { format!("a{at} b\n\n") }).collect::<String>()
        };
        let told = told(&text("old"), &text("new"));
        assert!(told.contains("[-old-] [+new+]"), "{told}");
    }

    #[test]
    fn the_most_alike_find_each_other() {
        let words = |texts: &[&str]| texts.iter().map(|text| Words::of(text)).collect::<Vec<_>>();
        let (old, new) = (words(&["the blue chair", "a table of oak"]), words(&["a table of old oak", "nothing", "the red chair"]));
        assert_eq!(likely(&old, &new, 0.5), [(0, 2), (1, 0)]);
    }
}
