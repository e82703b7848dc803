//! The five characters that end or begin something in HTML.

/// How many bytes are looked at together: most hold nothing to escape, and a whole block is told to be such in a few instructions.
const BLOCK: usize = 16;

/// Appends text so that HTML reads it as text, also inside a quoted attribute.
pub fn escape_into(out: &mut String, text: &str) {
    out.reserve(text.len());
    let (mut done, mut at) = (0, 0);
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    for block in blocks {
        if block.iter().fold(false, |found, byte| found | is_special(*byte)) {
            done = escape_block(out, text, done, at, block);
        }
        at += BLOCK;
    }
    done = escape_block(out, text, done, at, rest);
    out.push_str(&text[done..]);
}

/// Escapes the bytes of a block that begins at `at`; what comes before them from `done` on is copied. Returns what is done then.
fn escape_block(out: &mut String, text: &str, mut done: usize, at: usize, block: &[u8]) -> usize {
    for (at, byte) in (at..).zip(block) {
        let entity = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            0 => "\u{fffd}",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    done
}

fn is_special(byte: u8) -> bool {
    (byte == b'<') | (byte == b'>') | (byte == b'&') | (byte == b'"') | (byte == b'\'') | (byte == 0)
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One character after the other.
    fn slowly(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                '\0' => out.push('\u{fffd}'),
                c => out.push(c),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn blocks_are_escaped_like_single_characters(text in "[a-zé\u{2019}<>&\"'\0 ]{0,120}") {
            prop_assert_eq!(escape(&text), slowly(&text));
        }
    }
}
