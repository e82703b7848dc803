//! Front matter: where it begins and ends, and what it holds.
use gray_matter::{Matter, Pod, engine::Engine};

use super::{FRONT_LIMIT, toml, yaml};
use crate::base::{Rule, Source, Span};
use crate::model::{Decoder, Node};

/// A file taken apart.
pub(super) struct Front<'s> {
    /// The decoded front matter; none where there is none or it is broken.
    pub node: Option<Node<'s>>,
    /// Whether the file has front matter at all.
    pub present: bool,
    /// Whether it could not be read.
    pub broken: bool,
    /// The front matter's text.
    pub raw: &'s str,
    /// The opening line.
    pub opening: Span,
    /// The Markdown body.
    pub body: &'s str,
    /// Where the body begins in the file.
    pub body_at: usize,
    /// Where the file ends.
    pub end: usize,
}

/// Leaves the front matter unread: gray_matter splits, our own parsers keep the places.
struct Unread;

impl Engine for Unread {
    fn parse(_: &str) -> gray_matter::Result<Pod> {
        Ok(Pod::Null)
    }
}

const BOM: &str = "\u{feff}";

impl<'s> Front<'s> {
    /// Front matter of which nothing can be read: what is there of it, and where the file ends.
    pub fn nothing(raw: &'s str, opening: Span, end: usize) -> Front<'s> {
        Front { node: None, present: true, broken: true, raw, opening, body: "", body_at: end, end }
    }

    /// Takes a file apart and says what is wrong with its front matter.
    pub fn split(source: &'s Source, cx: &mut Decoder<'_>) -> Front<'s> {
        let text: &'s str = &source.text;
        let start = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let first_line = text[start..].split('\n').next().unwrap_or("");
        let opening = Span::new(start, start + first_line.trim_end().len());
        let mut front =
            Front { node: None, present: false, broken: false, raw: "", opening, body: &text[start..], body_at: start, end: text.len() };
        match first_line.trim_end() {
            "---" => front.read(text, "---", start + first_line.len(), cx),
            "+++" => front.read(text, "+++", start + first_line.len(), cx),
            _ => front.misplaced(text, start, cx),
        }
        front
    }

    /// Front matter that Markdown would show as text because its opening line is not the file's first, or not just `---`.
    fn misplaced(&mut self, text: &'s str, start: usize, cx: &mut Decoder<'_>) {
        let body = &text[start..];
        let blank = body.len() - body.trim_start().len();
        let line = body[blank..].lines().next().unwrap_or("");
        let next = body[blank..].lines().nth(1).unwrap_or("");
        let (message, help) = match line.trim_end() {
            "---" if blank > 0 && is_key(next) => ("front matter has to begin on the file's first line", "Take out what stands before it."),
            opener if opener.starts_with("---") && !opener.contains(' ') && is_key(next) => {
                ("front matter opens with a line that holds `---` and nothing else", "Write just `---`.")
            }
            opener if blank == 0 && is_worn(opener) && is_key(next) && (next.starts_with("title:") || closes_soon(after_line(body))) => {
                ("front matter opens with a line that holds `---` and nothing else", "Write just `---`.")
            }
            first if is_key(first) && closes_soon(&body[blank..]) => {
                ("front matter has to begin with a line that holds just `---`", "Write `---` on a line above this one.")
            }
            _ => return,
        };
        let at = start + blank;
        cx.report(Rule::FrontMatterSyntax, Span::new(at, at + line.trim_end().len()), message).help = Some(help.into());
        self.broken = true;
        self.raw = &text[at..];
        self.opening = Span::new(at, at + line.trim_end().len());
        self.present = true;
        if let Some((close, body_at)) = closing(text, (at + line.len() + 1).min(text.len()), "---") {
            (self.raw, self.body, self.body_at) = (&text[at..close], &text[body_at..], body_at);
        }
    }

    fn read(&mut self, text: &'s str, fence: &str, first_end: usize, cx: &mut Decoder<'_>) {
        self.present = true;
        let from = (first_end + 1).min(text.len());
        let Some((close, body_at)) = closing(text, from, fence) else {
            self.raw = &text[from..];
            self.unclosed(text, from, fence, cx);
            return;
        };
        self.raw = &text[from..close];
        self.body = &text[body_at..];
        self.body_at = body_at;
        if self.raw.len() > FRONT_LIMIT {
            let message = format!("front matter has {} KiB; at most {} KiB are read", self.raw.len() / 1024, FRONT_LIMIT / 1024);
            cx.report(Rule::FileTooLarge, self.opening, message).help = Some("Move long texts into the body.".into());
            self.broken = true;
            return;
        }
        let head = &text[self.opening.start as usize..body_at];
        if !holds_matter(head, fence) {
            return;
        }
        if let Some((at, c)) = first_unseen(self.raw) {
            let span = Span::new(from + at, from + at + c.len_utf8());
            let message = format!("a character that cannot be seen stands here (U+{:04X})", c as u32);
            cx.report(Rule::FrontMatterSyntax, span, message).help = Some("Delete it and type the text around it again.".into());
            self.broken = true;
            return;
        }
        let parsed = if fence == "---" { yaml::parse(self.raw, from, cx) } else { toml::front(self.raw, from, cx) };
        self.broken = parsed.is_err();
        self.node = parsed.ok().flatten();
        if let Some(node) = self.node.take_if(|node| node.entries().is_none() && !node.is_null()) {
            let message = format!("front matter holds {}, not fields such as `title: …`", node.describe());
            cx.report(Rule::FrontMatterSyntax, cx.visible_span(&node), message).help =
                Some("Write one field a line: its name, a colon, a space, its value.".into());
            self.broken = true;
        }
        self.node.take_if(|node| node.is_null());
    }

    fn unclosed(&mut self, text: &'s str, from: usize, fence: &str, cx: &mut Decoder<'_>) {
        let dots = fence == "---" && text[from..].lines().any(|line| line.trim_end() == "...");
        let found = cx.report(Rule::FrontMatterUnclosed, self.opening, "front matter begins here and never ends");
        let but = if dots { "; `...` does not close it".to_owned() } else { nearly(text, from).unwrap_or_default() };
        found.help = Some(format!("Close it with a line that holds just `{fence}`{but}."));
        self.broken = true;
        // What follows the last line that looks like a field is most likely the body.
        self.body = "";
        self.body_at = text.len();
    }
}

/// The line that was most likely meant to close front matter: of dashes, but too many, too few or too long ones.
fn nearly(text: &str, from: usize) -> Option<String> {
    let is_rule = |line: &str| line.chars().all(|c| matches!(c, '-' | '–' | '—')) && line.len() > 1;
    let (at, line) = text[from..].lines().map(str::trim_end).enumerate().find(|(_, line)| is_rule(line))?;
    Some(format!("; line {} holds `{line}`", text[..from].matches('\n').count() + at + 1))
}

/// Whether two versions of a file say the same but for the day on which they, or a backlog's items in them, were reviewed.
pub fn is_review(before: &[u8], after: &[u8]) -> bool {
    but_reviews(before).eq(but_reviews(after))
}

/// A file's lines, without those of its front matter that say when it was reviewed.
fn but_reviews(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_prefix(BOM.as_bytes()).unwrap_or(text);
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).peekable();
    let fence = lines.peek().copied().filter(|line| matches!(*line, b"---" | b"+++"));
    let mut fences = 0;
    lines.filter(move |line| {
        fences += usize::from(fence == Some(*line));
        fences != 1 || !says_reviewed(line)
    })
}

fn says_reviewed(line: &[u8]) -> bool {
    let rest = line.trim_ascii_start().strip_prefix(b"reviewed").map(<[u8]>::trim_ascii_start);
    rest.is_some_and(|rest| rest.starts_with(b":") || rest.starts_with(b"="))
}

/// Whether a line begins as a field does.
fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, value)| {
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        plain && (value.is_empty() || value.starts_with([' ', '\r']))
    })
}

/// Whether a text begins as front matter does that lacks its first line: several lines without a blank one, then `---`. Of one line
/// that would be a heading.
fn closes_soon(text: &str) -> bool {
    let close = text.lines().take_while(|line| !line.trim().is_empty()).position(|line| line.trim_end() == "---");
    close.is_some_and(|lines| lines > 1 || text.starts_with("title:"))
}

/// Whether a line is a few strokes that may be meant for `---`.
fn is_worn(line: &str) -> bool {
    (1..=5).contains(&line.chars().count()) && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// Control characters, which neither YAML nor TOML takes.
fn is_unseen(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// The first character that cannot be seen. Only where a byte is found that such a character begins with, characters are looked at.
fn first_unseen(text: &str) -> Option<(usize, char)> {
    let begins = |byte: &u8| {
        ((*byte < b' ') & (*byte != b'\n') & (*byte != b'\t') & (*byte != b'\r')) | (*byte == 0x7f) | (*byte == 0xc2) | (*byte == 0xef)
    };
    // Whole blocks are told to be clean in a few instructions.
    let (blocks, rest) = text.as_bytes().as_chunks::<16>();
    if !blocks.iter().any(|block| block.iter().fold(false, |found, byte| found | begins(byte))) && !rest.iter().any(begins) {
        return None;
    }
    text.char_indices().find(|(_, c)| is_unseen(*c))
}

/// Whether gray_matter finds anything between the fences.
fn holds_matter(head: &str, fence: &str) -> bool {
    let mut matter: Matter<Unread> = Matter::new();
    matter.delimiter = fence.to_owned();
    matter.parse::<()>(head).is_ok_and(|parsed| !parsed.matter.is_empty())
}

/// Where the closing line begins, and where what follows it begins.
fn closing(text: &str, from: usize, fence: &str) -> Option<(usize, usize)> {
    let line_ends = memchr::memchr_iter(b'\n', &text.as_bytes()[from..]).map(|end| from + end + 1);
    let starts = std::iter::once(from).chain(line_ends).filter(|start| text[*start..].starts_with(fence));
    let line = |start: usize| text[start..].split_inclusive('\n').next().unwrap_or("");
    starts.map(|start| (start, line(start))).find(|(_, line)| line.trim_end() == fence).map(|(start, line)| (start, start + line.len()))
}
