//! Signs that look like others, or like nothing at all: office programs put them where plain ones are meant.

/// The first character of a name that cannot be seen, or that only looks like a space.
pub fn unseen(text: &str) -> Option<char> {
    let hides = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.chars().find(|c| hides(*c) || (c.is_whitespace() && !c.is_ascii()))
}

/// What to do about a value that is written in curly quotes.
pub fn curly_quotes(text: &str) -> Option<&'static str> {
    text.starts_with(is_curly).then_some("Curly quotes belong to the text: take them out, or write straight ones.")
}

/// Whether a character is a quote that only typesetters use.
pub fn is_curly(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»')
}
