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
        let mut end = 0;
        loop {
            let start = after(text, end, |c| !c.is_alphanumeric());
            // An accent may be a character of its own, behind its letter.
            end = after(text, start, |c| c.is_alphanumeric() || is_combining_mark(c));
            if start == end {
                return;
            }
            self.part(&text[start..end], &text[end..], each);
        }
    }

    /// A word, or a part of one, and what stands behind it.
    fn part(&mut self, written: &str, rest: &str, each: &mut dyn FnMut(&str)) {
        let joined = is_joined(rest);
        self.word.clear();
        fold_into(written, &mut self.word);
        if self.word.len() <= LONGEST && (self.word.len() > 4 || self.word.chars().nth(1).is_some()) {
            each(&self.word);
        }
        if joined || !self.whole.is_empty() {
            self.whole.push_str(&self.word);
        }
        if !joined && !self.whole.is_empty() {
            if self.whole.len() <= LONGEST {
                each(&self.whole);
            }
            self.whole.clear();
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

/// Where the characters end that are `inside`, from a place on. A byte tells what an ASCII character is.
fn after(text: &str, from: usize, inside: impl Fn(char) -> bool) -> usize {
    let mut at = from;
    while let Some(&byte) = text.as_bytes().get(at) {
        let c = if byte.is_ascii() { char::from(byte) } else { text[at..].chars().next().unwrap_or_default() };
        if !inside(c) {
            break;
        }
        at += c.len_utf8();
    }
    at
}

/// Whether what stands behind a word is a hyphen and a further part.
fn is_joined(rest: &str) -> bool {
    rest.strip_prefix(['-', '\u{2010}', '\u{2011}']).is_some_and(|next| next.starts_with(char::is_alphanumeric))
}

/// Appends a word without capitals and accents.
pub(super) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let from = out.len();
        out.push_str(word);
        out[from..].make_ascii_lowercase();
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
