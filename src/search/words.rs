//! Words as they are looked up: without capitals, accents and hyphens. `search.js` takes a reader's words apart in the same way.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer ones are addresses and other things that nobody types.
const LONGEST: usize = 40;

/// Takes texts apart; keeps its buffer. Words are bytes of UTF-8: a handbook has millions of them, and most are met again.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// The parts of a word with hyphens, one after the other.
    word: Vec<u8>,
}

/// How a run of letters ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With a hyphen, and a letter behind it.
    Joined,
    Free,
}

impl Splitter {
    /// Calls `each` with every word of a text. A word with hyphens comes part by part, and once more in one piece.
    pub(super) fn text(&mut self, text: &str, each: &mut impl FnMut(&[u8])) {
        let mut at = 0;
        let mut parts = 0;
        self.word.clear();
        while let Some(byte) = text.as_bytes().get(at) {
            if is_sign(*byte) {
                at += 1;
                continue;
            }
            let part = self.word.len();
            let end = self.run(text, at);
            if end == at {
                at += width(text, at);
                continue;
            }
            offer(&self.word[part..], each);
            parts += 1;
            let (next, how) = after(text, end);
            if how == End::Free {
                if parts > 1 {
                    offer(&self.word, each);
                }
                self.word.clear();
                parts = 0;
            }
            at = next;
        }
    }

    /// Takes the run of letters and digits at a place over into the word, and tells where it ends.
    fn run(&mut self, text: &str, start: usize) -> usize {
        let mut at = start;
        loop {
            let letters = text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let plain = self.word.len();
            self.word.extend_from_slice(&text.as_bytes()[at..at + letters]);
            self.word[plain..].make_ascii_lowercase();
            at += letters;
            // An accent may be a character of its own, behind its letter.
            let belongs = |c: &char| !c.is_ascii() && (c.is_alphanumeric() || at > start && is_combining_mark(*c));
            let Some(char) = text[at..].chars().next().filter(belongs) else { return at };
            self.fold(char);
            at += char.len_utf8();
        }
    }

    fn fold(&mut self, char: char) {
        for plain in folded(char) {
            self.word.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    /// The same for HTML: what stands between its tags.
    pub(super) fn html(&mut self, html: &str, each: &mut impl FnMut(&[u8])) {
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

/// Single letters and what is no word are not looked up.
fn offer(word: &[u8], each: &mut impl FnMut(&[u8])) {
    let several = word.len() > 1 && (word[0].is_ascii() || word.iter().filter(|byte| !is_inside(**byte)).nth(1).is_some());
    if several && word.len() <= LONGEST {
        each(word);
    }
}

/// Whether a byte is a character that is no part of a word.
fn is_sign(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

/// Whether a byte is one of a character's further bytes.
fn is_inside(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// How many bytes the character at a place takes.
fn width(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[at + 1..].iter().take_while(|byte| is_inside(**byte)).count()
}

/// Where the text goes on behind a run, and how that ends.
fn after(text: &str, end: usize) -> (usize, End) {
    if text.as_bytes().get(end).is_none_or(|byte| is_sign(*byte) && *byte != b'-') {
        return (end, End::Free);
    }
    let rest = &text[end..];
    let joined = rest.strip_prefix(['-', '\u{2010}', '\u{2011}']).filter(|next| next.starts_with(char::is_alphanumeric));
    joined.map_or((end, End::Free), |next| (text.len() - next.len(), End::Joined))
}

/// A character without capitals and accents.
fn folded(char: char) -> impl Iterator<Item = char> {
    std::iter::once(char).nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(html: &str) -> Vec<String> {
        let mut found = Vec::new();
        Splitter::default().html(html, &mut |word| found.push(String::from_utf8_lossy(word).into_owned()));
        found
    }

    #[test]
    fn words_are_plain() {
        assert_eq!(words("<p class=\"no\">Één caf\u{e9} &amp; <b>IJs</b>bar, 42 x</p>"), ["een", "cafe", "ijs", "bar", "42"]);
        assert_eq!(words("e\u{301}te\u{301}, cafe\u{301}-bar"), ["ete", "cafe", "bar", "cafebar"]);
        assert_eq!(words("Check-in, e-mail - to-be-done"), ["check", "in", "checkin", "mail", "email", "to", "be", "done", "tobedone"]);
        assert_eq!(words("a < b &"), Vec::<String>::new());
        assert_eq!(words("Café-Été ß—STRASSE–x- naïef"), ["cafe", "ete", "cafeete", "strasse", "naief"]);
        assert_eq!(words("e\u{301}te\u{301} \u{301}zee \u{4e2d}\u{6587}"), ["ete", "zee", "\u{4e2d}\u{6587}"]);
    }
}
