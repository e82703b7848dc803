//! Source text, places in it, and lines and columns as people count them.
use std::sync::Arc;

use super::RelPath;

/// A range of bytes in one file, end exclusive. Never compared or hashed: two equal values may stand anywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`; files are at most 8 MiB, so 32 bits are enough.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    /// The same range, `by` bytes further on.
    pub fn shifted(self, by: usize) -> Span {
        Span { start: self.start + by as u32, end: self.end + by as u32 }
    }

    /// The range as indexes.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True where the range holds nothing.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A place as people count it: line and column from 1, columns in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters; a byte-order mark is none.
    pub column: usize,
}

/// One text file: where it lies and what it says. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the handbook's root.
    pub path: RelPath,
    /// The text as it is on disk, byte-order mark and all.
    pub text: Arc<str>,
}

const BOM: char = '\u{feff}';

impl Source {
    /// A source from its path and text.
    pub fn new(path: RelPath, text: impl Into<Arc<str>>) -> Source {
        Source { path, text: text.into() }
    }

    /// The text of a span; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset. An offset inside a character counts as that character's start.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[line_start..].chars().filter(|c| *c != BOM || line_start > 0).count() + 1;
        Position { line: before.bytes().filter(|b| *b == b'\n').count() + 1, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_no_bom() {
        let source = Source::new(RelPath::new("a.md").unwrap(), "\u{feff}é: x\r\n\tß 𝄞y\n");
        let at = |needle: &str| source.position(source.text.find(needle).unwrap() as u32);
        assert_eq!(at("é"), Position { line: 1, column: 1 });
        assert_eq!(at("x"), Position { line: 1, column: 4 });
        assert_eq!(at("ß"), Position { line: 2, column: 2 });
        assert_eq!(at("y"), Position { line: 2, column: 5 });
    }
}
