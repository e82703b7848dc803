//! "Did you mean …?"

use std::collections::HashMap;
use std::sync::Mutex;

/// The candidate nearest to what was written, if any is near enough to be a slip of the pen. Of equally near ones the first
/// by name wins, so the answer does not depend on the order of the candidates.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    among(written, candidates.into_iter().map(Candidate::of))
}

/// Names among which lost ones are looked for again and again. A folder that was moved away breaks thousands of links: what was
/// once looked for is kept.
#[derive(Debug, Default)]
pub struct Names<'a> {
    candidates: Vec<Candidate<'a>>,
    found: Mutex<HashMap<String, Option<&'a str>>>,
}

impl<'a> Names<'a> {
    /// These names.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Names<'a> {
        Names { candidates: names.into_iter().map(Candidate::of).collect(), found: Mutex::default() }
    }

    /// The one [`nearest`] to what was written.
    pub fn nearest(&self, written: &str) -> Option<&'a str> {
        let known = self.found.lock().ok().and_then(|found| found.get(written).copied());
        known.unwrap_or_else(|| {
            let near = among(written, self.candidates.iter().copied());
            if let Ok(mut found) = self.found.lock() {
                found.insert(written.to_owned(), near);
            }
            near
        })
    }
}

/// A name, and which letters it holds.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    name: &'a str,
    letters: u64,
}

impl<'a> Candidate<'a> {
    fn of(name: &'a str) -> Candidate<'a> {
        Candidate { name, letters: letters(name) }
    }
}

fn among<'a>(written: &str, candidates: impl Iterator<Item = Candidate<'a>>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let length = lower.chars().count();
    if length == 0 || length > 100 {
        return None;
    }
    // Of one or two letters, one slip leaves too little to guess from.
    let allowed = if length < 3 { 0 } else { (length / 3).clamp(1, 4) };
    let letters = letters(&lower);
    let mut best: Option<(usize, &str)> = None;
    for Candidate { name, letters: other } in candidates {
        // Most candidates are ruled out here: each slip changes at most two letters of the set.
        let far = (letters ^ other).count_ones() as usize > 2 * allowed;
        if far || name.len().abs_diff(lower.len()) > 2 * allowed + 2 {
            continue;
        }
        let distance = if letters == other && same_word(&lower, name) {
            0
        } else if allowed == 0 {
            continue;
        } else {
            strsim::osa_distance(&lower, &name.to_lowercase())
        };
        if distance <= allowed && best.is_none_or(|(d, first)| (distance, name) < (d, first)) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Which letters and digits a word holds, as bits; signs that may come and go do not count.
fn letters(word: &str) -> u64 {
    word.chars().filter(|c| !is_joint(*c)).fold(0, |set, c| match c.to_ascii_lowercase() {
        c @ 'a'..='z' => set | 1 << (c as u32 - 'a' as u32),
        c @ '0'..='9' => set | 1 << (c as u32 - '0' as u32 + 26),
        // Capitals outside ASCII have the same bit as their small letters.
        c => c.to_lowercase().fold(set, |set, c| set | 1 << (36 + c as u32 % 28)),
    })
}

/// The two differ in capitals and joining signs only: as near as can be.
fn same_word(lower: &str, candidate: &str) -> bool {
    let plain = |word: &str| word.chars().filter(|c| !is_joint(*c)).flat_map(char::to_lowercase).collect::<String>();
    let counted = |word: &str| word.chars().filter(|c| !is_joint(*c)).count();
    counted(lower) == counted(candidate) && counted(lower) > 0 && plain(lower) == plain(candidate)
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '_' | ' ')
}

#[cfg(test)]
mod tests {
    use super::{Names, nearest};

    #[test]
    fn finds_slips_and_nothing_else() {
        assert_eq!(nearest("ana", ["anna", "bob"]), Some("anna"));
        assert_eq!(nearest("frontdesk", ["front-door", "front-desk"]), Some("front-desk"));
        assert_eq!(nearest("Titel", ["title", "type"]), Some("title"));
        assert_eq!(nearest("zebra", ["anna", "bob"]), None);
        assert_eq!(nearest("b", ["a"]), None);
        assert_eq!(nearest("É", ["é"]), Some("é"));
        let names = Names::new(["anna", "bob"]);
        assert_eq!([names.nearest("ana"), names.nearest("zebra"), names.nearest("ana")], [Some("anna"), None, Some("anna")]);
    }
}
