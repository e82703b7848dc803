//! Words as they are looked up: without capitals, accents and hyphens. `search.js` takes a reader's words apart in the same way.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer ones are addresses and other things that nobody types.
const LONGEST: usize = 40;

/// Takes texts apart; keeps its buffers.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    word: String,
    whole: String,
}

impl Splitter {
    /// Calls `each` with every word of a text. A word with hyphens comes part by part, and once more in one piece.
    pub(super) fn text(&mut self, text: &str, each: &mut dyn FnMut(&str)) {
        self.whole.clear();
        let mut parts = 0;
        let mut rest = text;
        while let Some(start) = rest.find(char::is_alphanumeric) {
            rest = &rest[start..];
            // An accent may be a character of its own, behind its letter.
            let end = rest.find(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).unwrap_or(rest.len());
            self.part(&rest[..end], each);
            parts += 1;
            rest = &rest[end..];
            let joined = rest.strip_prefix(['-', '\u{2010}', '\u{2011}']).filter(|next| next.starts_with(char::is_alphanumeric));
            if joined.is_none() {
                if parts > 1 && self.whole.len() <= LONGEST {
                    each(&self.whole);
                }
                self.whole.clear();
                parts = 0;
            }
        }
    }

    fn part(&mut self, written: &str, each: &mut dyn FnMut(&str)) {
        self.word.clear();
        fold_into(written, &mut self.word);
        self.whole.push_str(&self.word);
        if self.word.len() <= LONGEST && self.word.chars().nth(1).is_some() {
            each(&self.word);
        }
    }

    /// The same for HTML: what stands between its tags.
    pub(super) fn html(&mut self, html: &str, each: &mut dyn FnMut(&str)) {
        let mut rest = html;
        while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
            self.text(&rest[..at], each);
            let close = if rest.as_bytes()[at] == b'<' { b'>' } else { b';' };
            let end = memchr::memchr(close, &rest.as_bytes()[at..]).map_or(rest.len(), |end| at + end + 1);
            rest = &rest[end..];
        }
        self.text(rest, each);
    }
}

/// Appends a word without capitals and accents.
pub(super) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        out.extend(word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(html: &str) -> Vec<String> {
        let mut found = Vec::new();
        Splitter::default().html(html, &mut |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn words_are_plain() {
        assert_eq!(words("<p class=\"no\">Één caf\u{e9} &amp; <b>IJs</b>bar, 42 x</p>"), ["een", "cafe", "ijs", "bar", "42"]);
        assert_eq!(words("e\u{301}te\u{301}, cafe\u{301}-bar"), ["ete", "cafe", "bar", "cafebar"]);
        assert_eq!(words("Check-in, e-mail - to-be-done"), ["check", "in", "checkin", "mail", "email", "to", "be", "done", "tobedone"]);
        assert_eq!(words("a < b &"), Vec::<String>::new());
    }
}
