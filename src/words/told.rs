//! What the rules say, told to the readers of a site: in the handbook's language, with its dates and numbers.
use std::sync::LazyLock;

use super::Lexicon;
use crate::base::{Date, Duration};
use crate::markup::{Language, escape_into};

#[derive(serde::Deserialize)]
struct Table {
    pairs: Vec<(String, String)>,
}

/// A broken table would leave everything in English; a test says so.
static PAIRS: LazyLock<Vec<(Pattern, String)>> = LazyLock::new(|| {
    let pairs = toml::from_str::<Table>(include_str!("told.toml")).map(|table| table.pairs).unwrap_or_default();
    pairs.into_iter().map(|(english, dutch)| (Pattern::new(english), dutch)).collect()
});

/// A text with places. What stands before the first and behind the last one tells most texts apart without a search.
struct Pattern {
    text: String,
    before: usize,
    behind: usize,
}

impl Pattern {
    fn new(text: String) -> Pattern {
        let (before, behind) = (text.find('{').unwrap_or(text.len()), text.rfind('}').map_or(0, |at| at + 1));
        Pattern { text, before, behind }
    }

    /// What stands in the places, if a text follows the pattern.
    fn places<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let fits = text.starts_with(&self.text[..self.before]) && text.ends_with(&self.text[self.behind..]);
        if fits { places(&self.text, text) } else { None }
    }
}

impl Lexicon {
    /// A finding's text for a page, as HTML; what no pattern knows stays as it is.
    pub fn told_html(&self, text: &str) -> String {
        let told = capitalised(&self.told(text));
        let mut out = String::with_capacity(told.len() + 32);
        for (at, piece) in told.split('`').enumerate() {
            out.push_str(match at {
                0 => "",
                odd if odd % 2 == 1 => "<code>",
                _ => "</code>",
            });
            escape_into(&mut out, piece);
        }
        if told.matches('`').count() % 2 == 1 {
            out.push_str("</code>");
        }
        out
    }

    /// A finding's text in the handbook's language.
    pub fn told(&self, text: &str) -> String {
        let found = PAIRS.iter().find_map(|(english, dutch)| Some((&english.text, dutch, english.places(text)?)));
        let Some((english, dutch, places)) = found else { return text.to_owned() };
        let mut out = if self.language() == Language::Nl { dutch.clone() } else { english.clone() };
        for (name, value) in places {
            let value = if name == "{status}" { self.choice("improvement", "status", &value.replace(' ', "-")) } else { self.value(value) };
            out = out.replacen(name, &value, 1);
        }
        out
    }

    /// Days, spans of time and feelings as the language writes them; all else as it is.
    fn value(&self, value: &str) -> String {
        if let Some(date) = Date::parse(value) {
            return self.date(date);
        }
        if let Some(duration) = Duration::parse(value) {
            return self.duration(duration);
        }
        match value.replace('−', "-").parse::<f64>() {
            Ok(number) if value.starts_with(['+', '−']) => self.signed(number),
            Ok(number) => self.number(number),
            Err(_) => value.to_owned(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What stands in the places of a pattern, if a text follows it.
fn places<'a>(pattern: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut out = Vec::new();
    let (mut pattern, mut text) = (pattern, text);
    while let Some(open) = pattern.find('{') {
        text = text.strip_prefix(&pattern[..open])?;
        let close = open + pattern[open..].find('}')? + 1;
        let next = pattern[close..].find('{').map_or(pattern.len(), |at| close + at);
        let literal = &pattern[close..next];
        let end = if next == pattern.len() { text.strip_suffix(literal)?.len() } else { text.find(literal)? };
        out.push((&pattern[open..close], &text[..end]));
        (pattern, text) = (&pattern[close..], &text[end..]);
    }
    (pattern == text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dutch(text: &str) -> String {
        Lexicon::new(Language::Nl, None).told(text)
    }

    #[test]
    fn patterns_are_told_in_the_handbooks_language() {
        assert_eq!(
            dutch("“Aan tafel” is a low point (−1.4) and no improvement solves it"),
            "“Aan tafel” is een dieptepunt (−1,4) en geen verbetering lost het op"
        );
        assert_eq!(
            dutch("“A” changed on 2026-11-25, and 3 more, after “B” was reviewed (2026-06-23)"),
            "“A” is veranderd op 25 november 2026, en 3 andere ook, nadat “B” getoetst is (23 juni 2026)"
        );
        assert_eq!(dutch("something new"), "something new");
        let english = Lexicon::new(Language::En, None).told_html("“<b>” changed on 2026-11-05, after “B” was reviewed (2026-06-23)");
        assert_eq!(english, "“&lt;b&gt;” changed on 5 November 2026, after “B” was reviewed (23 June 2026)");
    }

    #[test]
    fn both_sides_have_the_same_places() {
        assert!(PAIRS.len() > 50, "the table cannot be read");
        let names = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.into()).collect();
            found.sort();
            found
        };
        for (english, dutch) in PAIRS.iter() {
            assert_eq!(names(&english.text), names(dutch), "{}", english.text);
        }
    }
}
