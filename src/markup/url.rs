//! Addresses that authors write: which are allowed, and what they point at.
use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// A written address, decoded and sorted by what it points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `http`, `https`, `mailto` or `tel`.
    Outside(String),
    /// A path relative to the file it stands in (decoded), with an anchor if one was written.
    Path {
        /// The decoded path.
        path: String,
        /// The decoded anchor, without its `#`.
        anchor: Option<String>,
    },
    /// An anchor on the same page.
    Here(String),
}

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsafeAddress(pub String);

const ALLOWED: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Sorts a written address. Schemes are allowed by list, after decoding, so that no spelling of `javascript:` gets through.
pub fn parse_address(written: &str) -> Result<Address, UnsafeAddress> {
    let trimmed = written.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let decoded = decode(trimmed);
    let hidden = || if let Cow::Owned(decoded) = &decoded { scheme(decoded) } else { None };
    if let Some(scheme) = scheme(trimmed).or_else(hidden) {
        if ALLOWED.contains(&scheme.as_str()) && !trimmed.chars().any(char::is_control) {
            return Ok(Address::Outside(trimmed.to_owned()));
        }
        return Err(UnsafeAddress(scheme));
    }
    if matches!(decoded.as_bytes(), [b'/' | b'\\', b'/' | b'\\', ..]) {
        return Err(UnsafeAddress("//".to_owned()));
    }
    if decoded.contains('\0') {
        return Err(UnsafeAddress("NUL".to_owned()));
    }
    let (path, anchor) = trimmed.split_once('#').map_or((trimmed, None), |(path, anchor)| (path, Some(decode(anchor).into_owned())));
    let path = decode(path.split_once('?').map_or(path, |(path, _)| path)).into_owned();
    Ok(match (path.is_empty(), anchor) {
        (true, Some(anchor)) => Address::Here(anchor),
        (_, anchor) => Address::Path { path, anchor },
    })
}

/// Most addresses have nothing to decode, and are not copied.
fn decode(text: &str) -> Cow<'_, str> {
    if text.contains('%') { percent_decode_str(text).decode_utf8_lossy() } else { Cow::Borrowed(text) }
}

/// What stands before the first `:`, if that comes before any `/`, `?` or `#`: browsers drop white space and control characters in it.
fn scheme(text: &str) -> Option<String> {
    let (before, _) = text.split_once(':')?;
    if before.contains(['/', '?', '#', '\\']) {
        return None;
    }
    Some(before.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect())
}

const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'[')
    .add(b']')
    .add(b'|')
    .add(b'&')
    .add(b'\'')
    .add(b':');

/// A path as it stands in a link.
pub fn encode_path(path: &str) -> String {
    encoded(path.to_owned())
}

/// The same of a path that nobody else needs: most stay as they are.
pub fn encoded(path: String) -> String {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_'));
    if plain { path } else { utf8_percent_encode(&path, IN_PATH).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_allowed_by_list_after_decoding() {
        for bad in [
            "javascript:alert(1)",
            "JaVa\tScript:x",
            " javascript:x",
            "java%0ascript:x",
            "javascript%3ax",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil.example/x",
            "\\\\evil.example",
            "/\\evil.example",
            "blob:x",
            "C:\\x",
        ] {
            assert!(parse_address(bad).is_err(), "{bad}");
        }
        for good in ["https://a.example/x?y#z", "mailto:a@b.example", "tel:+31", "HTTP://a.example"] {
            assert!(matches!(parse_address(good), Ok(Address::Outside(_))), "{good}");
        }
    }

    #[test]
    fn paths_and_anchors() {
        let path = |path: &str, anchor: Option<&str>| Ok(Address::Path { path: path.into(), anchor: anchor.map(Into::into) });
        assert_eq!(parse_address("../a%20b.md#to%C3%A9"), path("../a b.md", Some("toé")));
        assert_eq!(parse_address("a.md?x=1"), path("a.md", None));
        assert_eq!(parse_address("#here"), Ok(Address::Here("here".into())));
        assert_eq!(encode_path("a b/100%#é.png"), "a%20b/100%25%23%C3%A9.png");
    }
}
