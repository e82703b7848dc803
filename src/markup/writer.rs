//! Markdown events to HTML with open places. Events are filtered here, one by one; no HTML is ever cleaned up afterwards.
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::{Heading, Language, Link, LinkKind, Mark, MarkKind, Options, RawHtml, Rich, escape_into};
use crate::base::slug;

/// A removed piece of raw HTML: bytes of the parsed text, and the element's name.
pub(super) type Removed = (Range<usize>, String);

#[derive(Default)]
struct Out {
    html: String,
    marks: Vec<Mark>,
}

/// Turns events into a [`Rich`] and what a body needs besides.
pub(super) struct Writer<'t> {
    text: &'t str,
    options: Options,
    out: Out,
    outer: Vec<(Out, String)>,
    notes: BTreeMap<usize, Out>,
    note_numbers: HashMap<String, usize>,
    links: Vec<Link>,
    open_links: Vec<OpenLink>,
    image: Option<(usize, String)>,
    anchors: HashMap<String, usize>,
    heading: Option<OpenHeading>,
    block: Block,
    alignments: Vec<Alignment>,
    cell: usize,
    head: bool,
    code: bool,
    metadata: bool,
    html_block: Option<(usize, String)>,
    pending: String,
    pending_at: usize,
    pub(super) top_level: u8,
    pub(super) plain: String,
    pub(super) headings: Vec<Heading>,
    pub(super) removed: Vec<Removed>,
    pub(super) excerpt: Option<String>,
}

/// The plain text of the block being read, and which links stand in it where.
#[derive(Default)]
struct Block {
    plain: String,
    links: Vec<(usize, usize)>,
}

struct OpenLink {
    index: usize,
    /// A wikilink without label: its only text is the id, which the target's title replaces.
    bare: bool,
}

struct OpenHeading {
    level: u8,
    id: Option<String>,
    start: usize,
    marks: usize,
    plain: usize,
    span: Range<usize>,
}

impl<'t> Writer<'t> {
    pub(super) fn new(text: &'t str, options: Options) -> Writer<'t> {
        Writer {
            text,
            options,
            out: Out { html: String::with_capacity(text.len() * 5 / 4), marks: Vec::new() },
            outer: Vec::new(),
            notes: BTreeMap::new(),
            note_numbers: HashMap::new(),
            links: Vec::new(),
            open_links: Vec::new(),
            image: None,
            anchors: HashMap::new(),
            heading: None,
            block: Block::default(),
            alignments: Vec::new(),
            cell: 0,
            head: false,
            code: false,
            metadata: false,
            html_block: None,
            pending: String::new(),
            pending_at: 0,
            top_level: 1,
            plain: String::new(),
            headings: Vec::new(),
            removed: Vec::new(),
            excerpt: None,
        }
    }

    /// The finished text; footnotes come last.
    pub(super) fn finish(mut self) -> (Rich, Self) {
        self.flush();
        self.end_block();
        self.append_notes();
        let rich = Rich {
            html: std::mem::take(&mut self.out.html).into_boxed_str(),
            marks: std::mem::take(&mut self.out.marks).into_boxed_slice(),
            links: std::mem::take(&mut self.links),
            plain: Box::default(),
        };
        (rich, self)
    }

    pub(super) fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        if !matches!(event, Event::Text(_)) {
            self.flush();
        }
        match event {
            Event::Text(text) => self.text(&text, span),
            Event::Code(code) => self.inline_code(&code),
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Html(html) | Event::InlineHtml(html) => self.raw_html(&html, span),
            Event::SoftBreak => self.gap("\n"),
            Event::HardBreak => self.gap("<br>\n"),
            Event::Rule => self.out.html.push_str("<hr>\n"),
            Event::FootnoteReference(label) => self.note_reference(&label),
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, span),
        }
    }

    /// Plain HTML between events (the inline reader's paragraph breaks).
    pub(super) fn push_break(&mut self) {
        self.gap("<br>\n");
    }

    fn gap(&mut self, html: &str) {
        if self.image.is_none() {
            self.out.html.push_str(html);
        }
        self.block.plain.push(' ');
    }

    fn text(&mut self, text: &str, span: Range<usize>) {
        if self.metadata {
            return;
        }
        if let Some((_, html)) = &mut self.html_block {
            html.push_str(text);
        } else if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
            self.block.plain.push_str(text);
        } else if self.code {
            escape_into(&mut self.out.html, text);
        } else if self.open_links.last().is_some_and(|link| link.bare) {
            self.block.plain.push_str(text);
        } else {
            if self.pending.is_empty() {
                self.pending_at = span.start;
            }
            // Smart punctuation opens a quote before Dutch 's, 't and 'n; they want the closing one.
            if self.pending.ends_with('‘') && is_clitic(text) {
                self.pending.pop();
                self.pending.push('’');
            }
            self.pending.push_str(text);
        }
    }

    /// Writes the text gathered so far, with bare addresses made into links.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.pending);
        let mut rest = text.as_str();
        let linked = !self.open_links.is_empty();
        while let Some((before, url, after)) = if linked { None } else { bare_url(rest) } {
            self.plain_text(before);
            self.bare_link(url);
            rest = after;
        }
        self.plain_text(rest);
    }

    fn plain_text(&mut self, text: &str) {
        escape_into(&mut self.out.html, text);
        self.block.plain.push_str(text);
    }

    fn bare_link(&mut self, url: &str) {
        let at = self.text[self.pending_at..].find(url).map_or(self.pending_at, |at| self.pending_at + at);
        let dest = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
        let index = self.add_link(LinkKind::Address, dest.into(), at..at + url.len(), Box::default());
        self.mark(MarkKind::Open(index as u32));
        self.plain_text(url);
        self.mark(MarkKind::Close(index as u32));
    }

    fn inline_code(&mut self, code: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(code);
        } else {
            self.wrap("<code>", code, "</code>");
        }
        self.block.plain.push_str(code);
    }

    fn wrap(&mut self, before: &str, text: &str, after: &str) {
        self.out.html.push_str(before);
        escape_into(&mut self.out.html, text);
        self.out.html.push_str(after);
    }

    fn mark(&mut self, kind: MarkKind) {
        let at = self.out.html.len() as u32;
        self.out.marks.push(Mark { at, kind });
    }

    fn add_link(&mut self, kind: LinkKind, dest: Box<str>, span: Range<usize>, text: Box<str>) -> usize {
        let index = self.links.len();
        self.block.links.push((self.block.plain.len(), index));
        self.links.push(Link { kind, dest, span, context: Box::default(), text });
        index
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        if self.image.is_some() {
            return;
        }
        match tag {
            Tag::Paragraph => self.open("<p>"),
            Tag::Heading { level, id, .. } => self.start_heading(level, id, span),
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => self.html_block = Some((span.start, String::new())),
            Tag::List(Some(1)) => self.open("<ol>\n"),
            Tag::List(Some(first)) => self.open(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.open("<ul>\n"),
            Tag::Item => self.open("<li>"),
            Tag::FootnoteDefinition(label) => {
                self.end_block();
                self.outer.push((std::mem::take(&mut self.out), label.into_string()));
            }
            Tag::DefinitionList => self.open("<dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>"),
            Tag::DefinitionListDefinition => self.open("<dd>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.open("<div class=\"tscroll\"><table>\n");
            }
            Tag::TableHead => {
                self.head = true;
                self.cell = 0;
                self.open("<thead><tr>");
            }
            Tag::TableRow => {
                self.cell = 0;
                self.open("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.out.html.push_str("<em>"),
            Tag::Strong => self.out.html.push_str("<strong>"),
            Tag::Strikethrough => self.out.html.push_str("<del>"),
            Tag::Superscript => self.out.html.push_str("<sup>"),
            Tag::Subscript => self.out.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, span),
            Tag::Image { dest_url, title: _, .. } => {
                let at = self.dest_span(&dest_url, &span);
                let index = self.add_link(LinkKind::Image, dest_url.into_string().into(), at, Box::default());
                self.image = Some((index, String::new()));
            }
            Tag::MetadataBlock(_) => self.metadata = true,
        }
    }

    fn end(&mut self, tag: TagEnd, span: Range<usize>) {
        if let (Some((index, alt)), TagEnd::Image) = (&mut self.image, tag) {
            let (index, alt) = (*index, std::mem::take(alt));
            self.links[index].text = alt.into_boxed_str();
            self.image = None;
            self.mark(MarkKind::Image(index as u32));
            return;
        }
        if self.image.is_some() {
            return;
        }
        match tag {
            TagEnd::Paragraph => self.close("</p>\n"),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(kind) => self.close(if kind.is_some() { "</aside>\n" } else { "</blockquote>\n" }),
            TagEnd::CodeBlock => {
                self.code = false;
                self.out.html.push_str("</code></pre>\n");
            }
            TagEnd::HtmlBlock => self.end_html_block(span),
            TagEnd::List(true) => self.close("</ol>\n"),
            TagEnd::List(false) => self.close("</ul>\n"),
            TagEnd::Item => self.close("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::DefinitionList => self.close("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close("</dd>\n"),
            TagEnd::Table => self.close("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.head = false;
                self.close("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.close("</tr>\n"),
            TagEnd::TableCell => self.close(if self.head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.html.push_str("</em>"),
            TagEnd::Strong => self.out.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.html.push_str("</del>"),
            TagEnd::Superscript => self.out.html.push_str("</sup>"),
            TagEnd::Subscript => self.out.html.push_str("</sub>"),
            TagEnd::Link => {
                if let Some(link) = self.open_links.pop() {
                    self.mark(MarkKind::Close(link.index as u32));
                }
            }
            TagEnd::Image => {}
            TagEnd::MetadataBlock(_) => self.metadata = false,
        }
    }

    fn open(&mut self, html: &str) {
        self.end_block();
        self.out.html.push_str(html);
    }

    fn close(&mut self, html: &str) {
        self.end_block();
        self.out.html.push_str(html);
    }

    /// Ends a block of text: its links learn the sentence they stand in, and the first one is the excerpt.
    fn end_block(&mut self) {
        if self.block.plain.is_empty() && self.block.links.is_empty() {
            return;
        }
        let block = std::mem::take(&mut self.block);
        for (at, index) in block.links {
            self.links[index].context = sentence(&block.plain, at).into();
        }
        if self.excerpt.is_none() && self.heading.is_none() && block.plain.trim().len() > 30 {
            self.excerpt = Some(block.plain.trim().to_owned());
        }
        self.plain.push_str(&block.plain);
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<CowStr<'_>>, span: Range<usize>) {
        self.end_block();
        let level = (level as u8 + 2).saturating_sub(self.top_level).min(6);
        let id = id.map(|id| clean_anchor(&id)).filter(|id| !id.is_empty());
        self.heading =
            Some(OpenHeading { level, id, start: self.out.html.len(), marks: self.out.marks.len(), plain: self.plain.len(), span });
        self.mark(MarkKind::HeadingOpen(level));
    }

    fn end_heading(&mut self) {
        self.end_block();
        let Some(open) = self.heading.take() else { return };
        let text = self.plain[open.plain..].trim().to_owned();
        let wanted = open.id.unwrap_or_else(|| Some(slug(&text)).filter(|id| !id.is_empty()).unwrap_or_else(|| "section".into()));
        let id = self.unique_anchor(wanted);
        let attribute = format!(" id=\"{id}\">");
        self.out.html.insert_str(open.start, &attribute);
        for mark in &mut self.out.marks[open.marks + 1..] {
            mark.at += attribute.len() as u32;
        }
        self.mark(MarkKind::HeadingClose(open.level));
        // Every mark needs a place of its own after it, so that a part of the HTML can begin behind the heading.
        self.out.html.push('\n');
        if self.outer.is_empty() {
            let html = open.start..self.out.html.len();
            self.headings.push(Heading { level: open.level, id: id.into(), text: text.into(), html, span: open.span });
        }
    }

    fn unique_anchor(&mut self, wanted: String) -> String {
        let mut id = wanted.clone();
        while self.anchors.contains_key(&id) {
            let count = self.anchors.entry(wanted.clone()).or_default();
            *count += 1;
            id = format!("{wanted}-{count}");
        }
        self.anchors.insert(id.clone(), 0);
        id
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let Some(kind) = kind else { return self.open("<blockquote>\n") };
        let (class, en, nl) = match kind {
            BlockQuoteKind::Note => ("note", "Note", "Let op"),
            BlockQuoteKind::Tip => ("tip", "Tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important", "Belangrijk"),
            BlockQuoteKind::Warning => ("warning", "Warning", "Waarschuwing"),
            BlockQuoteKind::Caution => ("caution", "Caution", "Voorzichtig"),
        };
        let title = self.word(en, nl);
        self.open(&format!("<aside class=\"alert alert--{class}\">\n<p class=\"alert__t\">{title}</p>\n"));
    }

    fn word(&self, en: &'static str, nl: &'static str) -> &'static str {
        match self.options.language {
            Language::En => en,
            Language::Nl => nl,
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.end_block();
        self.code = true;
        let language = match kind {
            CodeBlockKind::Fenced(info) => slug(info.split([' ', ',', '{']).next().unwrap_or("")),
            CodeBlockKind::Indented => String::new(),
        };
        if language.is_empty() {
            self.out.html.push_str("<pre><code>");
        } else {
            self.out.html.push_str(&format!("<pre><code class=\"language-{language}\">"));
        }
    }

    fn start_cell(&mut self) {
        self.end_block();
        let class = match self.alignments.get(self.cell) {
            Some(Alignment::Right) => " class=\"a-r\"",
            Some(Alignment::Center) => " class=\"a-c\"",
            _ => "",
        };
        self.cell += 1;
        let html = if self.head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") };
        self.out.html.push_str(&html);
    }

    fn start_link(&mut self, kind: LinkType, dest: &str, title: &str, span: Range<usize>) {
        let (kind, bare, dest) = match kind {
            // In a table the bar of `[[a\|b]]` has to be escaped; the backslash stays behind on the id.
            LinkType::WikiLink { has_pothole } => (LinkKind::Wiki, !has_pothole, dest.trim_end_matches('\\').trim().to_owned()),
            LinkType::Email => (LinkKind::Address, false, format!("mailto:{dest}")),
            _ => (LinkKind::Address, false, dest.to_owned()),
        };
        let at = self.dest_span(dest.strip_prefix("mailto:").unwrap_or(&dest), &span);
        let index = self.add_link(kind, dest.into(), at, title.into());
        self.mark(MarkKind::Open(index as u32));
        if bare {
            self.mark(MarkKind::Label(index as u32));
        }
        self.open_links.push(OpenLink { index, bare });
    }

    /// Where a link's address stands in the text: behind the label where it is written as it is, else the whole link.
    fn dest_span(&self, dest: &str, span: &Range<usize>) -> Range<usize> {
        let Some(whole) = self.text.get(span.clone()).filter(|_| !dest.is_empty()) else { return span.clone() };
        let found = if whole.starts_with("[[") || whole.starts_with("![[") || whole.starts_with('<') {
            whole.find(dest)
        } else {
            whole.rfind("](").and_then(|at| whole[at..].find(dest).map(|more| at + more)).or_else(|| whole.rfind(dest))
        };
        found.map_or(span.clone(), |at| span.start + at..span.start + at + dest.len())
    }

    fn raw_html(&mut self, html: &str, span: Range<usize>) {
        if let Some((_, block)) = &mut self.html_block {
            block.push_str(html);
        } else if self.options.html == RawHtml::Kept {
            self.out.html.push_str(html);
        } else if self.image.is_none() {
            self.removed.extend(elements(html).map(|(at, name)| (span.start + at..span.start + at + name.len() + 1, name.to_owned())));
        }
    }

    fn end_html_block(&mut self, span: Range<usize>) {
        let Some((start, html)) = self.html_block.take() else { return };
        if self.options.html == RawHtml::Kept {
            self.out.html.push_str(&html);
            return;
        }
        let source = self.text.get(start..span.end.max(start)).unwrap_or(&html);
        self.removed.extend(elements(source).map(|(at, name)| (start + at..start + at + name.len() + 1, name.to_owned())));
    }

    fn note_reference(&mut self, label: &str) {
        if self.image.is_some() {
            return;
        }
        let next = self.note_numbers.len() + 1;
        let first = !self.note_numbers.contains_key(label);
        let number = *self.note_numbers.entry(label.to_owned()).or_insert(next);
        let id = if first { format!(" id=\"_fnref-{number}\"") } else { String::new() };
        self.out.html.push_str(&format!("<sup><a class=\"fnref\" href=\"#_fn-{number}\"{id}>{number}</a></sup>"));
    }

    fn end_note(&mut self) {
        self.end_block();
        let Some((out, label)) = self.outer.pop() else { return };
        let note = std::mem::replace(&mut self.out, out);
        let next = self.note_numbers.len() + 1;
        let number = *self.note_numbers.entry(label).or_insert(next);
        self.notes.entry(number).or_insert(note);
    }

    fn append_notes(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        let (title, back) = (self.word("Footnotes", "Voetnoten"), self.word("Back to the text", "Terug naar de tekst"));
        self.out.html.push_str(&format!("<section class=\"footnotes\" aria-label=\"{title}\">\n<ol>\n"));
        for (number, note) in std::mem::take(&mut self.notes) {
            self.out.html.push_str(&format!("<li id=\"_fn-{number}\" value=\"{number}\">"));
            let shift = self.out.html.len() as u32;
            self.out.marks.extend(note.marks.iter().map(|mark| Mark { at: mark.at + shift, kind: mark.kind }));
            self.out.html.push_str(&note.html);
            self.out.html.push_str(&format!("<a class=\"fnback\" href=\"#_fnref-{number}\" aria-label=\"{back}\">↩</a></li>\n"));
        }
        self.out.html.push_str("</ol>\n</section>\n");
    }

    fn task(&mut self, done: bool) {
        let (class, word) = if done { (" task--done", self.word("Done:", "Gedaan:")) } else { ("", self.word("To do:", "Te doen:")) };
        self.out.html.push_str(&format!("<span class=\"task{class}\"><span class=\"vh\">{word} </span></span>"));
    }
}

fn is_clitic(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('s' | 't' | 'n')) && chars.next().is_none_or(|c| !c.is_alphanumeric())
}

/// An anchor as an author may set it: no character that could end an attribute or be mistaken for one of the page's own.
fn clean_anchor(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')).collect::<String>().trim_start_matches('_').to_owned()
}

/// The elements that begin in a piece of raw HTML, with where their `<` stands; comments and end tags apart.
fn elements(html: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + html[at..].find('<')?;
            if html[open..].starts_with("<!--") {
                at = html[open..].find("-->").map_or(html.len(), |end| open + end + 3);
                continue;
            }
            at = open + 1;
            let name = html[at..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
            if name > 0 && html.as_bytes()[at].is_ascii_alphabetic() {
                at += name;
                return Some((open, &html[open + 1..at]));
            }
        }
    })
}

/// The first bare web address in a text: what stands before it, the address, what follows.
fn bare_url(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = ["https://", "http://", "www."].iter().filter_map(|scheme| text[from..].find(scheme)).min()? + from;
        let at_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let run = &text[at..];
        let end = run
            .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '“' | '”' | '|' | '`'))
            .unwrap_or(run.len());
        let url = trim_url(&run[..end]);
        let host = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
        if at_word && host.chars().next().is_some_and(char::is_alphanumeric) && (!url.starts_with("www.") || host.contains('.')) {
            return Some((&text[..at], url, &text[at + url.len()..]));
        }
        from = at + 4;
    }
}

/// A sentence's own punctuation at the end of an address does not belong to it; a closing bracket only if one was opened in it.
fn trim_url(mut url: &str) -> &str {
    loop {
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', '…']);
        let trimmed = match trimmed.strip_suffix(')') {
            Some(inner) if trimmed.matches(')').count() > trimmed.matches('(').count() => inner,
            _ => trimmed,
        };
        if trimmed == url {
            return url;
        }
        url = trimmed;
    }
}

/// The sentence around a place in plain text, at most about 200 characters of it.
fn sentence(text: &str, at: usize) -> String {
    let at = at.min(text.len());
    let is_end = |pair: &str| matches!(pair.as_bytes(), [b'.' | b'!' | b'?', b' ']);
    let start = (0..at).rev().find(|from| text.get(*from..*from + 2).is_some_and(is_end)).map_or(0, |from| from + 2);
    let end = (at..text.len()).find(|from| text.get(*from..*from + 2).is_some_and(is_end)).map_or(text.len(), |from| from + 1);
    let whole = text[start.min(at)..end].trim();
    if whole.chars().count() <= 200 {
        return whole.to_owned();
    }
    let before: usize = text[start..at].chars().count();
    let skip = before.saturating_sub(100);
    let mut cut: String = whole.chars().skip(skip).take(200).collect();
    if skip > 0 {
        cut.insert(0, '…');
    }
    cut.push('…');
    cut
}
