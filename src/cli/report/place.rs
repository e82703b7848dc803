//! Lines and columns of many findings in one text.
use crate::base::{Position, Span};

const BOM: char = '\u{feff}';

/// Where a finding stands, as people count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub start: Position,
    pub end: Position,
}

/// Finds places in one text. Findings come in order, so each is counted from the one before: a long line with many findings would
/// otherwise be counted from its start again and again.
pub(super) struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
    last: (usize, Position),
}

impl<'t> Places<'t> {
    pub fn of(text: &'t str) -> Places<'t> {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Places { text, starts, last: (0, Position { line: 1, column: 1 }) }
    }

    /// Line and column of both ends.
    pub fn place(&mut self, span: Span) -> Place {
        let range = span.range();
        let start = self.position(range.start);
        self.last = (self.boundary(range.start), start);
        Place { start, end: self.position(range.end.max(range.start)) }
    }

    fn position(&self, offset: usize) -> Position {
        let offset = self.boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let line_start = self.starts.get(line - 1).copied().unwrap_or(0);
        let (from, column) = match self.last {
            (from, at) if at.line == line && from <= offset => (from, at.column),
            _ => (line_start, 1),
        };
        let counted = self.text[from..offset].chars().filter(|c| *c != BOM || from > 0).count();
        Position { line, column: column + counted }
    }

    /// The offset, or the start of the character that it lies in.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{RelPath, Source};

    #[test]
    fn places_are_those_of_the_source() {
        let text = "\u{feff}é: x\r\n\tß 𝄞y\n\nz";
        let source = Source::new(RelPath::new("a.md").unwrap(), text);
        let mut places = Places::of(text);
        let forward = 0..=text.len() + 2;
        for start in forward.clone().chain(forward.rev()) {
            let place = places.place(Span::new(start, start + 3));
            assert_eq!(place.start, source.position(start as u32), "{start}");
            assert_eq!(place.end, source.position(start as u32 + 3), "{start}");
        }
    }
}
