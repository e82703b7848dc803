//! The Markdown body of a file.
use std::ops::Range;

use pulldown_cmark::{DefaultBrokenLinkCallback, Event, HeadingLevel, LinkType, OffsetIter, Options as Syntax, Parser, Tag};

use super::writer::{Gathers, Removed, Writer};
use super::{Heading, Options, Rich, Slip};

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
    /// What looks like Markdown and is none; whoever says it takes it away.
    pub slips: Vec<Slip>,
    /// Where the footnotes begin in the HTML: no section holds them.
    pub notes_at: usize,
}

/// How bodies and texts are read: CommonMark and what authors know from GitHub, Obsidian and Pandoc.
pub(super) fn syntax(text: &str) -> Syntax {
    // The parser takes any line that begins with a colon for a definition, a wrapped ":42" too; authors put a space behind theirs.
    let defines = memchr::memchr(b':', text.as_bytes()).is_some()
        && text.lines().any(|line| line.trim_start().strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\t'])));
    let definitions = if defines { Syntax::ENABLE_DEFINITION_LIST } else { Syntax::empty() };
    definitions
        | Syntax::ENABLE_TABLES
        | Syntax::ENABLE_FOOTNOTES
        | Syntax::ENABLE_STRIKETHROUGH
        | Syntax::ENABLE_TASKLISTS
        | Syntax::ENABLE_SMART_PUNCTUATION
        | Syntax::ENABLE_HEADING_ATTRIBUTES
        | Syntax::ENABLE_GFM
        | Syntax::ENABLE_WIKILINKS
}

/// Parses a body. `titled` says whether the title is given elsewhere; if not, a leading `# heading` is taken out as the title.
pub fn block(text: &str, options: Options, titled: bool) -> Body {
    if text.trim().is_empty() {
        return Body::default();
    }
    let takes_title = !titled && begins_with_only_title(text);
    let mut writer = Writer::new(text, options, Gathers::Headings);
    let mut title_writer = takes_title.then(|| Writer::new(text, options, Gathers::Headings));
    let mut in_title = false;
    let mut events = Parser::new_ext(text, syntax(text)).into_offset_iter();
    while let Some((event, span)) = events.next() {
        writer.definition = definition(&event, &events);
        if let (Some(title), true) = (&mut title_writer, is_title(&event)) {
            in_title = matches!(event, Event::Start(_));
            title.event(event, span);
        } else if let (Some(title), true) = (&mut title_writer, in_title) {
            title.event(event, span);
        } else {
            writer.event(event, span);
        }
    }
    let (mut rich, mut rest) = writer.finish();
    let mut title = None;
    if let Some((of_title, mut found)) = title_writer.map(Writer::finish) {
        title = found.headings.pop().filter(|heading| !heading.text.trim().is_empty());
        // The title is shown elsewhere and without its links; that they lead somewhere is checked with the others.
        rich.links.extend(of_title.links);
        rest.removed.extend(found.removed);
        rest.slips.extend(found.slips);
    }
    let excerpt = rest.excerpt.unwrap_or_default().into();
    Body { rich, headings: rest.headings, excerpt, title, removed: rest.removed, slips: rest.slips, notes_at: rest.notes_at }
}

/// Where the definition stands that a reference link beginning here leans on.
pub(super) fn definition(event: &Event<'_>, events: &OffsetIter<'_, DefaultBrokenLinkCallback>) -> Option<Range<usize>> {
    match event {
        Event::Start(
            Tag::Link { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. }
            | Tag::Image { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. },
        ) => events.reference_definitions().get(id).map(|definition| definition.span.clone()),
        _ => None,
    }
}

fn is_title(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) | Event::End(pulldown_cmark::TagEnd::Heading(HeadingLevel::H1))
    )
}

/// Whether a text begins with a `# heading` and has no second one. A quick look at lines that could be such headings decides whether
/// the events are looked at.
fn begins_with_only_title(text: &str) -> bool {
    let may_have = text.lines().any(|line| {
        let line = line.trim_start_matches([' ', '>', '-', '*', '+']);
        line.starts_with("# ") || line.starts_with("#\t") || (line.starts_with('=') && line.trim_end().bytes().all(|b| b == b'='))
    });
    if !may_have {
        return false;
    }
    let mut events = Parser::new_ext(text, syntax(text));
    events.next().is_some_and(|event| is_title(&event)) && !events.any(|event| matches!(event, Event::Start(_)) && is_title(&event))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        block(text, Options::default(), true).rich.html.to_string()
    }

    #[test]
    fn a_time_at_the_start_of_a_wrapped_line_is_no_definition() {
        assert_eq!(html("The buses of :12 and\n:42 set down six."), "<p>The buses of :12 and\n:42 set down six.</p>\n");
        assert!(html("Guest\n: Who sleeps here.").starts_with("<dl>"));
    }
}
