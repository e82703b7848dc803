//! Where the characters of a decoded text stand in the file.
use super::node::{Node, Shape, Style};
use crate::base::{Source, Span};

/// For each byte of a decoded scalar, its place in the file: quotes, escapes, folds and indents lie between.
pub(super) struct Places {
    /// First byte in the file of what a decoded byte stands for; and the end.
    starts: Vec<u32>,
    /// One past the last byte in the file of what a decoded byte stands for.
    ends: Vec<u32>,
}

/// How a scalar's characters are written.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    /// As they are.
    Plain,
    /// A quote is written twice.
    Single,
    /// A backslash begins an escape.
    Escaped,
}

impl Places {
    /// The places of a scalar's text, which may have been trimmed.
    pub(super) fn of(node: &Node, source: &Source, text: &str) -> Places {
        let span = node.inner_span();
        let (start, writing) = opening(node, source);
        // Only a block keeps its lines; elsewhere a line's end and the indent behind it are one space.
        let folds = !matches!(node.shape, Shape::Scalar(_, Style::Block));
        let mut walk = Walk { raw: source.slice(span), at: start, writing, folds, owed: 0 };
        let base = span.start;
        let mut places = Places { starts: Vec::with_capacity(text.len() + 1), ends: Vec::with_capacity(text.len()) };
        for c in text.chars() {
            let (from, to) = walk.next(c);
            for _ in 0..c.len_utf8() {
                places.starts.push(base + from as u32);
                places.ends.push(base + to as u32);
            }
        }
        places.starts.push(base + walk.at as u32);
        places
    }

    /// The place of a range of the text: from its first character to its last, so that no fold behind it counts.
    pub(super) fn span(&self, range: &std::ops::Range<usize>) -> Span {
        let last = self.starts.len() - 1;
        let start = self.starts[range.start.min(last)];
        let end = match range.end.min(last) {
            end if end > range.start => self.ends[end - 1],
            _ => start,
        };
        Span { start, end: end.max(start) }
    }
}

/// Where the text begins behind what opens it, and how it is written.
fn opening(node: &Node, source: &Source) -> (usize, Writing) {
    let whole = source.slice(node.span);
    match &node.shape {
        Shape::Scalar(_, Style::Quoted) if whole.starts_with('"') => (0, Writing::Escaped),
        Shape::Scalar(_, Style::Quoted) if source.text.starts_with("+++") || source.text.starts_with("\u{feff}+++") => (0, Writing::Plain),
        Shape::Scalar(_, Style::Quoted) => (0, Writing::Single),
        Shape::Scalar(_, Style::Block) if whole.starts_with("\"\"\"") => (3, Writing::Escaped),
        Shape::Scalar(_, Style::Block) if whole.starts_with("'''") => (3, Writing::Plain),
        // A block's text begins on the line below its `|` or `>`.
        Shape::Scalar(_, Style::Block) if whole.starts_with(['|', '>']) && first_line_is_header(whole) => {
            (whole.find('\n').map_or(whole.len(), |at| at + 1), Writing::Plain)
        }
        _ => (0, Writing::Plain),
    }
}

fn first_line_is_header(block: &str) -> bool {
    let line = block.lines().next().unwrap_or("");
    let (header, _) = line.split_once('#').unwrap_or((line, ""));
    header.chars().skip(1).all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '\t'))
}

struct Walk<'r> {
    raw: &'r str,
    at: usize,
    writing: Writing,
    folds: bool,
    /// How many more line ends the fold behind us stands for.
    owed: usize,
}

impl Walk<'_> {
    /// Where the next decoded character stands; the walk goes on behind it.
    fn next(&mut self, wanted: char) -> (usize, usize) {
        if self.owed > 0 && wanted == '\n' {
            self.owed -= 1;
            return (self.at, self.at);
        }
        loop {
            let rest = self.raw.get(self.at..).unwrap_or("");
            if let Some((length, lines)) = fold(rest).filter(|_| self.folds && wanted.is_whitespace()) {
                let from = self.at;
                self.at += length;
                self.owed = lines.saturating_sub(2);
                return (from, self.at);
            }
            let Some(c) = rest.chars().next() else { return (self.raw.len(), self.raw.len()) };
            let (decoded, length) = match self.writing {
                Writing::Single if rest.starts_with("''") => (Some('\''), 2),
                Writing::Escaped if c == '\\' => escape(rest),
                _ => (Some(c), c.len_utf8()),
            };
            let white = |c: char| c.is_whitespace();
            let found = decoded == Some(wanted) || (white(wanted) && white(c));
            // A line that goes on, an indent, a fold: nothing of the text.
            let skipped = decoded.is_none() || (white(c) && !white(wanted));
            let from = self.at;
            if found || !skipped {
                self.at += length;
                return (from, self.at);
            }
            self.at += length;
        }
    }
}

/// The white space that holds a line's end: how long it is, and how many line ends it holds.
fn fold(rest: &str) -> Option<(usize, usize)> {
    let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let lines = rest[..length].matches('\n').count();
    (lines > 0).then_some((length, lines))
}

/// What an escape in double quotes stands for, and how long it is; nothing where it just continues the line.
fn escape(rest: &str) -> (Option<char>, usize) {
    let Some(kind) = rest[1..].chars().next() else { return (Some('\\'), 1) };
    let hex = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (code.and_then(char::from_u32), 2 + digits)
    };
    let plain = |c: char| (Some(c), 1 + kind.len_utf8());
    match kind {
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        '0' => plain('\0'),
        'a' => plain('\u{7}'),
        'b' => plain('\u{8}'),
        't' | '\t' => plain('\t'),
        'n' => plain('\n'),
        'v' => plain('\u{b}'),
        'f' => plain('\u{c}'),
        'r' => plain('\r'),
        'e' => plain('\u{1b}'),
        'N' => plain('\u{85}'),
        '_' => plain('\u{a0}'),
        'L' => plain('\u{2028}'),
        'P' => plain('\u{2029}'),
        '\r' | '\n' => {
            let white = rest[1..].len() - rest[1..].trim_start().len();
            (None, 1 + white)
        }
        c => plain(c),
    }
}
