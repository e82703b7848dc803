//! The Markdown body of a file.
use pulldown_cmark::{Event, HeadingLevel, Options as Syntax, Parser, Tag};

use super::writer::{Removed, Writer};
use super::{Heading, Options, Rich};

/// A parsed body.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// HTML with open places.
    pub rich: Rich,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// The first paragraph without markup.
    pub excerpt: Box<str>,
    /// The one `# heading` that the body begins with, if there is just one: it may stand for the title.
    pub title: Option<Heading>,
    /// Raw HTML that was left out.
    pub removed: Vec<Removed>,
}

/// How bodies and texts are read: CommonMark and what authors know from GitHub, Obsidian and Pandoc.
pub(super) fn syntax() -> Syntax {
    Syntax::ENABLE_TABLES
        | Syntax::ENABLE_FOOTNOTES
        | Syntax::ENABLE_STRIKETHROUGH
        | Syntax::ENABLE_TASKLISTS
        | Syntax::ENABLE_SMART_PUNCTUATION
        | Syntax::ENABLE_HEADING_ATTRIBUTES
        | Syntax::ENABLE_GFM
        | Syntax::ENABLE_DEFINITION_LIST
        | Syntax::ENABLE_WIKILINKS
}

/// Parses a body. `titled` says whether the title is given elsewhere; if not, a leading `# heading` is taken out as the title.
pub fn block(text: &str, options: Options, titled: bool) -> Body {
    if text.trim().is_empty() {
        return Body::default();
    }
    let (top, ones, leading) = heading_levels(text);
    let takes_title = !titled && leading && ones == 1;
    let mut writer = Writer::new(text, options);
    writer.top_level = match (takes_title, top) {
        (true, _) => 2,
        (false, top) => top,
    };
    let mut title_writer = takes_title.then(|| Writer::new(text, options));
    let mut in_title = false;
    for (event, span) in Parser::new_ext(text, syntax()).into_offset_iter() {
        if let (Some(title), true) = (&mut title_writer, is_title(&event)) {
            in_title = matches!(event, Event::Start(_));
            title.event(event, span);
        } else if let (Some(title), true) = (&mut title_writer, in_title) {
            title.event(event, span);
        } else {
            writer.event(event, span);
        }
    }
    let (rich, rest) = writer.finish();
    let title = title_writer.map(|title| title.finish().1.headings).and_then(|mut headings| headings.pop());
    Body { rich, headings: rest.headings, excerpt: rest.excerpt.unwrap_or_default().into(), title, removed: rest.removed }
}

fn is_title(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) | Event::End(pulldown_cmark::TagEnd::Heading(HeadingLevel::H1))
    )
}

/// The highest heading level of a text, how many `#` headings it has, and whether it begins with one. A quick look at lines that
/// could be headings decides whether the events are looked at.
fn heading_levels(text: &str) -> (u8, usize, bool) {
    let may_have = text.lines().any(|line| {
        let line = line.trim_start_matches([' ', '>', '-', '*', '+']);
        line.starts_with("# ") || line.starts_with("#\t") || (line.starts_with('=') && line.trim_end().bytes().all(|b| b == b'='))
    });
    if !may_have {
        return (2, 0, false);
    }
    let mut levels = Vec::new();
    let mut leading = None;
    for event in Parser::new_ext(text, syntax()) {
        if let Event::Start(Tag::Heading { level, .. }) = &event {
            levels.push(*level as u8);
        }
        leading.get_or_insert(is_title(&event));
    }
    let ones = levels.iter().filter(|level| **level == 1).count();
    (levels.iter().min().copied().unwrap_or(2).min(2), ones, leading == Some(true))
}
