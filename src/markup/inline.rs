//! Inline Markdown: the texts of front matter.
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::body::{definition, syntax};
use super::writer::{Gathers, Removed, Writer};
use super::{Options, Rich, Slip};

/// Marks the start of a line that Markdown would take for a list, a heading or a quote.
const JOINER: char = '\u{2060}';

/// What was found in a text besides its HTML.
#[derive(Debug, Default)]
pub struct Asides {
    /// Raw HTML that was left out.
    pub removed: Vec<Removed>,
    /// What looks like Markdown and is none.
    pub slips: Vec<Slip>,
}

/// Parses a text field. None where the text is plain, so that it can be shown as it is; most are.
pub fn inline(text: &str, options: Options) -> Option<(Rich, Asides)> {
    if !has_markup(text.as_bytes()) {
        return None;
    }
    let (guarded, inserted) = guard_lines(text);
    let original = |at: usize| at - inserted.partition_point(|place| *place < at) * JOINER.len_utf8();
    let mut writer = Writer::new(&guarded, options, Gathers::All);
    let mut paragraphs = 0;
    let mut events = Parser::new_ext(&guarded, syntax(&guarded)).into_offset_iter();
    while let Some((event, span)) = events.next() {
        writer.definition = definition(&event, &events);
        match event {
            Event::Start(Tag::Paragraph) => {
                if paragraphs > 0 {
                    writer.push_break();
                }
                paragraphs += 1;
            }
            Event::End(TagEnd::Paragraph) => {}
            Event::Text(text) if text.contains(JOINER) => writer.event(Event::Text(text.replace(JOINER, "").into()), span),
            Event::Code(text) if text.contains(JOINER) => writer.event(Event::Code(text.replace(JOINER, "").into()), span),
            event => writer.event(event, span),
        }
    }
    let (mut rich, rest) = writer.finish();
    for link in &mut rich.links {
        link.span = original(link.span.start)..original(link.span.end);
        link.at = original(link.at);
    }
    rich.plain = rest.plain.trim().into();
    let removed = rest.removed.into_iter().map(|(span, name)| (original(span.start)..original(span.end), name)).collect();
    let placed = |slip: Slip| Slip { span: original(slip.span.start)..original(slip.span.end), ..slip };
    Some((rich, Asides { removed, slips: rest.slips.into_iter().map(placed).collect() }))
}

/// Whether a text holds anything that Markdown would not show as it is: one of its signs, or `--`, `...`, `://`, `www.`.
fn has_markup(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, byte)| match byte {
        b'*' | b'_' | b'[' | b'`' | b'<' | b'\\' | b'~' | b'&' | b'"' | b'\'' | b'\n' => true,
        b'-' => text[at..].starts_with(b"--"),
        b'.' => text[at..].starts_with(b"...") || text[..at].ends_with(b"www"),
        b':' => text[at..].starts_with(b"://"),
        _ => false,
    })
}

/// The text with a word joiner before each line that could open a block, and where the joiners are.
fn guard_lines(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len() + 8);
    let mut inserted = Vec::new();
    for line in text.trim_end().split_inclusive('\n') {
        let opens_block = line.starts_with(|c: char| {
            c.is_ascii_digit() || matches!(c, '#' | '>' | '-' | '+' | '*' | '=' | '|' | '`' | '~' | ':' | '<' | ' ' | '\t')
        }) || (line.starts_with('[') && line.contains("]:"));
        if opens_block && !line.trim().is_empty() {
            inserted.push(out.len());
            out.push(JOINER);
        }
        out.push_str(line);
    }
    (out, inserted)
}
