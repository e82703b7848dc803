//! What words have in common: *reizen* and *reis*, *arrivals* and *arrive*.
//!
//! A browser knows no stemmer. It tries what is left of a reader's word without one of the endings that stemming took off somewhere in
//! this handbook. Words for which that leads elsewhere, or nowhere, are listed beside their stem.
use std::collections::{BTreeSet, HashMap};

use rust_stemmers::{Algorithm, Stemmer};

use crate::markup::Language;

/// Words that stand on every page and say nothing.
pub(super) fn stop_words(language: Language) -> &'static str {
    match language {
        Language::En => {
            "an and are as at be been but by can do for from had has have he her his if in into is it its me my no not of on or our she so \
             than that the their them then there they this to us was we were what when where which who will with you your"
        }
        Language::Nl => {
            "aan al als bij dan dat de den der des deze die dit doe door een en er ge had hebben heb heeft het hij hun hem haar ik in is ja je \
             kan maar me met mij mijn na naar niet nog nu of om onder ons ook op over te tot u uit uw van voor wat we wel wie wij worden \
             wordt zal ze zich zij zijn zo"
        }
    }
}

/// Endings that are tried in any handbook, however few words it has.
fn usual_endings(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["s", "es", "d", "ed", "e", "er", "ers", "ing", "ings", "ly", "ment", "ments", "ation", "ations", "ion", "ions"],
        Language::Nl => &["s", "e", "en", "n", "er", "ers", "ing", "ingen", "je", "jes", "heid", "heden", "t", "te", "ten"],
    }
}

/// The stem of a folded word.
pub(super) struct Stems {
    stemmer: Stemmer,
    language: Language,
}

impl Stems {
    pub(super) fn new(language: Language) -> Stems {
        let algorithm = match language {
            Language::En => Algorithm::English,
            Language::Nl => Algorithm::Dutch,
        };
        Stems { stemmer: Stemmer::create(algorithm), language }
    }

    /// The stem. Dutch ones end in a letter that their singular ends in: *huiz* of *huizen* becomes *huis*.
    pub(super) fn of(&self, word: &str) -> String {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return word.to_owned();
        }
        let mut stem = self.stemmer.stem(word).into_owned();
        let last = match (self.language, stem.as_bytes().last()) {
            (Language::Nl, Some(b'z')) => 's',
            (Language::Nl, Some(b'v')) => 'f',
            _ => return stem,
        };
        stem.pop();
        stem.push(last);
        stem
    }
}

/// The endings that take words to their stems.
#[derive(Debug)]
pub(super) struct Endings(BTreeSet<String>);

impl Endings {
    /// Those of a language and those that words of this handbook lost; each pair is a word and its stem.
    pub(super) fn of<'w>(language: Language, pairs: impl Iterator<Item = (&'w str, &'w str)>) -> Endings {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for ending in pairs.filter_map(|(word, stem)| word.strip_prefix(stem)).filter(|ending| !ending.is_empty()) {
            *counts.entry(ending).or_default() += 1;
        }
        // What one word alone ends in is no ending.
        let often = counts.into_iter().filter(|(_, count)| *count > 2).map(|(ending, _)| ending);
        Endings(often.chain(usual_endings(language).iter().copied()).map(str::to_owned).collect())
    }

    /// What a browser makes of a word: itself if that is known, else the longest known beginning before an ending.
    pub(super) fn lead<'w>(&self, word: &'w str, known: &dyn Fn(&str) -> bool) -> Option<&'w str> {
        let cuts = word.char_indices().rev().map(|(at, _)| at).take_while(|at| *at >= 2);
        let mut ways = std::iter::once(word.len()).chain(cuts.filter(|at| self.0.contains(&word[*at..])));
        ways.find(|at| known(&word[..*at])).map(|at| &word[..at])
    }

    /// All of them, as a line.
    pub(super) fn line(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        let dutch = Stems::new(Language::Nl);
        for (one, other) in [("reis", "reizen"), ("huis", "huizen"), ("brief", "brieven"), ("kamer", "kamers"), ("loop", "lopen")] {
            assert_eq!(dutch.of(one), dutch.of(other));
        }
        let english = Stems::new(Language::En);
        for (one, other) in [("arrive", "arrivals"), ("company", "companies"), ("booking", "booked")] {
            assert_eq!(english.of(one), english.of(other));
        }
    }

    #[test]
    fn a_word_is_led_to_the_longest_beginning_that_is_known() {
        let endings = Endings::of(Language::En, std::iter::empty());
        let known = |stem: &str| ["test", "testing", "be"].contains(&stem);
        assert_eq!(endings.lead("testings", &known), Some("testing"));
        assert_eq!(endings.lead("tests", &known), Some("test"));
        assert_eq!(endings.lead("testy", &known), None);
    }
}
