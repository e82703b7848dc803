//! Markdown events to HTML with open places. Events are filtered here, one by one; no HTML is ever cleaned up afterwards.
use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::slips::{self, Slip};
use super::{Context, Heading, HeadingPlace, Language, Link, LinkKind, Mark, MarkKind, Options, RawHtml, Rich, escape_into};
use crate::base::{HashMap, slug};

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
    gathers: Gathers,
    out: Out,
    outer: Vec<(Out, String)>,
    notes: HashMap<String, Out>,
    note_numbers: HashMap<String, usize>,
    links: Vec<Link>,
    open_links: Vec<OpenLink>,
    image: Option<OpenImage>,
    /// Where the definition of the reference link that begins now stands.
    pub(super) definition: Option<Range<usize>>,
    /// Where the event before this one ended: the label of a link that ends now.
    seen: usize,
    /// How many quotes, lists and definitions are open.
    nested: usize,
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
    pub(super) plain: String,
    pub(super) headings: Vec<Heading>,
    pub(super) removed: Vec<Removed>,
    pub(super) excerpt: Option<String>,
    /// What looks like Markdown and is none.
    pub(super) slips: Vec<Slip>,
    /// Where plain text stands that holds a bracket.
    runs: Vec<Range<usize>>,
    /// A quote begins: its first text may say what kind of box it is.
    quote_begins: bool,
    /// Where the footnotes begin in the HTML.
    pub(super) notes_at: usize,
}

/// Of what the text without markup is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gathers {
    /// Of all of it.
    All,
    /// Of its headings.
    Headings,
}

/// The plain text of the block being read, and which links stand in it where.
#[derive(Default)]
struct Block {
    plain: String,
    links: Vec<(usize, usize)>,
    /// Where the ids of wikilinks without label stand.
    bare: Vec<Range<usize>>,
}

struct OpenLink {
    index: usize,
    /// Where its label begins in the plain text of its block.
    start: usize,
    /// A wikilink without label: its only text is the id, which the target's title replaces.
    bare: bool,
    written: Written,
}

struct OpenImage {
    index: usize,
    alt: String,
    written: Written,
}

/// How a link is written, which tells where its address stands.
enum Written {
    Wiki,
    Inline,
    Angles,
    Reference(Option<Range<usize>>),
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
    pub(super) fn new(text: &'t str, options: Options, gathers: Gathers) -> Writer<'t> {
        Writer {
            text,
            options,
            gathers,
            out: Out { html: String::with_capacity(text.len() * 5 / 4), marks: Vec::new() },
            outer: Vec::new(),
            notes: HashMap::default(),
            note_numbers: HashMap::default(),
            links: Vec::new(),
            open_links: Vec::new(),
            image: None,
            definition: None,
            seen: 0,
            nested: 0,
            anchors: HashMap::default(),
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
            plain: String::new(),
            headings: Vec::new(),
            removed: Vec::new(),
            excerpt: None,
            slips: Vec::new(),
            runs: Vec::new(),
            quote_begins: false,
            notes_at: 0,
        }
    }

    /// The finished text; footnotes come last.
    pub(super) fn finish(mut self) -> (Rich, Self) {
        self.flush();
        self.end_block();
        self.notes_at = self.out.html.len();
        self.append_notes();
        self.level_headings();
        self.links.shrink_to_fit();
        self.headings.shrink_to_fit();
        self.slips.extend(slips::find(self.text, &self.runs));
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
            self.quote_begins &= matches!(event, Event::Start(Tag::Paragraph));
        }
        let seen = match &event {
            Event::Start(_) => span.start,
            _ => span.end,
        };
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
        self.seen = seen;
    }

    /// Plain HTML between events (the inline reader's paragraph breaks).
    pub(super) fn push_break(&mut self) {
        self.flush();
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
        } else if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            self.block.plain.push_str(text);
        } else if self.code {
            escape_into(&mut self.out.html, text);
        } else if self.open_links.last().is_some_and(|link| link.bare) {
            self.block.plain.push_str(text);
        } else {
            if self.pending.is_empty() {
                self.pending_at = span.start;
            }
            self.take_run(text, &span);
            // Smart punctuation opens a quote before Dutch 's, 't and 'n; they want the closing one.
            if self.pending.ends_with('‘') && is_clitic(text) {
                self.pending.pop();
                self.pending.push('’');
            }
            self.pending.push_str(text);
        }
    }

    /// Takes up where plain text stands, which comes in pieces.
    fn take_run(&mut self, text: &str, span: &Range<usize>) {
        if std::mem::take(&mut self.quote_begins) {
            self.slips.extend(slips::callout(self.text, span.start));
        }
        if !self.open_links.is_empty() {
            return;
        }
        match self.runs.last_mut().filter(|last| last.end == span.start) {
            Some(last) => last.end = span.end,
            None if memchr::memchr2(b'[', b'(', text.as_bytes()).is_some() => self.runs.push(span.clone()),
            None => {}
        }
    }

    /// Writes the text gathered so far, with bare addresses made into links.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut text = std::mem::take(&mut self.pending);
        let mut rest = text.as_str();
        let none = !self.open_links.is_empty() || !may_hold_url(rest);
        while let Some((before, url, after)) = if none { None } else { bare_url(rest) } {
            self.plain_text(before);
            self.bare_link(url, before.len());
            rest = after;
        }
        self.plain_text(rest);
        text.clear();
        self.pending = text;
    }

    fn plain_text(&mut self, text: &str) {
        escape_into(&mut self.out.html, text);
        self.block.plain.push_str(text);
    }

    /// A bare address, `skipped` bytes of text behind the last one. Escapes make the file's text longer than what was read of it, so it
    /// is looked for a little further on.
    fn bare_link(&mut self, url: &str, skipped: usize) {
        let from = floor(self.text, self.pending_at);
        let to = floor(self.text, from + 2 * skipped + url.len() + 64);
        let at = self.text[from..to].find(url).map_or(from, |at| from + at);
        self.pending_at = at + url.len();
        let dest = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
        let index = self.add_link(LinkKind::Address, dest.into(), at..at + url.len(), Box::default());
        let end = floor(self.text, at + url.len());
        self.links[index].span = at..end;
        self.mark(MarkKind::Open(index as u32));
        self.plain_text(url);
        self.mark(MarkKind::Close(index as u32));
    }

    fn inline_code(&mut self, code: &str) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(code);
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
        let at = span.start;
        self.links.push(Link { kind, dest, span, at, context: Context::default(), text });
        index
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        if self.image.is_some() {
            return;
        }
        self.nested += usize::from(is_container(&tag.to_end()));
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
            Tag::Image { link_type, dest_url, .. } => {
                let written = self.written(&link_type);
                let index = self.add_link(LinkKind::Image, dest_url.into_string().into(), span, Box::default());
                self.image = Some(OpenImage { index, alt: String::new(), written });
            }
            Tag::MetadataBlock(_) => self.metadata = true,
        }
    }

    fn end(&mut self, tag: TagEnd, span: Range<usize>) {
        if let Some(image) = self.image.take_if(|_| tag == TagEnd::Image) {
            self.links[image.index].text = image.alt.into_boxed_str();
            self.place(image.index, &image.written, &span);
            self.mark(MarkKind::Image(image.index as u32));
            return;
        }
        if self.image.is_some() {
            return;
        }
        self.nested = self.nested.saturating_sub(usize::from(is_container(&tag)));
        match tag {
            TagEnd::Paragraph => self.close("</p>\n"),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(kind) => self.close(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" }),
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
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.out.html.push_str("</em>"),
            TagEnd::Strong => self.out.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.html.push_str("</del>"),
            TagEnd::Superscript => self.out.html.push_str("</sup>"),
            TagEnd::Subscript => self.out.html.push_str("</sub>"),
            TagEnd::Link => {
                if let Some(link) = self.open_links.pop() {
                    self.block.bare.extend(link.bare.then_some(link.start..self.block.plain.len()));
                    self.place(link.index, &link.written, &span);
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
        // A block of hundreds of links is a list, not a sentence.
        for (at, index) in self.block.links.drain(..).take(200) {
            self.links[index].context = context(&self.block.plain, &self.block.bare, at);
        }
        self.block.bare.clear();
        if self.excerpt.is_none() && self.heading.is_none() && self.block.plain.trim().len() > 30 {
            self.excerpt = Some(self.block.plain.trim().to_owned());
        }
        if self.gathers == Gathers::All || self.heading.is_some() {
            self.plain.push_str(&self.block.plain);
        }
        self.block.plain.clear();
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<CowStr<'_>>, span: Range<usize>) {
        self.end_block();
        let level = level as u8;
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
            let place = if self.nested == 0 { HeadingPlace::Top } else { HeadingPlace::Nested };
            self.headings.push(Heading { level: open.level, place, id: id.into(), text: text.into(), html, span: open.span });
        }
    }

    /// Makes the highest level of the text the second: the first is the page's own title.
    fn level_headings(&mut self) {
        let opens = self.out.marks.iter().filter_map(|mark| if let MarkKind::HeadingOpen(level) = mark.kind { Some(level) } else { None });
        let Some(top) = opens.min() else { return };
        let shown = |level: u8| (level + 2 - top).min(6);
        for mark in &mut self.out.marks {
            match &mut mark.kind {
                MarkKind::HeadingOpen(level) | MarkKind::HeadingClose(level) => *level = shown(*level),
                _ => {}
            }
        }
        for heading in &mut self.headings {
            heading.level = shown(heading.level.max(top));
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
        let Some(kind) = kind else {
            self.quote_begins = true;
            return self.open("<blockquote>\n");
        };
        let (class, en, nl) = match kind {
            BlockQuoteKind::Note => ("note", "Note", "Let op"),
            BlockQuoteKind::Tip => ("tip", "Tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important", "Belangrijk"),
            BlockQuoteKind::Warning => ("warning", "Warning", "Waarschuwing"),
            BlockQuoteKind::Caution => ("caution", "Caution", "Voorzichtig"),
        };
        let title = self.word(en, nl);
        self.open(&format!("<div class=\"alert alert--{class}\">\n<p class=\"alert__t\">{title}</p>\n"));
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

    /// A head that is empty is the head of nothing: an ordinary cell.
    fn end_cell(&mut self) {
        // Nothing was written since the cell was opened if its tag is still the last thing there is.
        let last = self.out.html.rfind('<').filter(|_| self.head && self.out.html.ends_with('>'));
        let opened = last.filter(|at| self.out.html[*at..].starts_with("<th"));
        match opened {
            Some(at) => {
                self.out.html.truncate(at);
                self.close("<td></td>");
            }
            None => self.close(if self.head { "</th>" } else { "</td>" }),
        }
    }

    fn start_link(&mut self, kind: LinkType, dest: &str, title: &str, span: Range<usize>) {
        let written = self.written(&kind);
        let (kind, bare, dest) = match kind {
            // In a table the bar of `[[a\|b]]` has to be escaped; the backslash stays behind on the id.
            LinkType::WikiLink { has_pothole } => (LinkKind::Wiki, !has_pothole, dest.trim_end_matches('\\').trim().to_owned()),
            LinkType::Email => (LinkKind::Address, false, format!("mailto:{dest}")),
            _ => (LinkKind::Address, false, dest.to_owned()),
        };
        let index = self.add_link(kind, dest.into(), span, title.into());
        self.mark(MarkKind::Open(index as u32));
        if bare {
            self.mark(MarkKind::Label(index as u32));
        }
        self.open_links.push(OpenLink { index, start: self.block.plain.len(), bare, written });
    }

    fn written(&mut self, kind: &LinkType) -> Written {
        match kind {
            LinkType::WikiLink { .. } => Written::Wiki,
            LinkType::Inline => Written::Inline,
            LinkType::Autolink | LinkType::Email => Written::Angles,
            _ => Written::Reference(self.definition.take()),
        }
    }

    /// Finds where a link's address stands, now that its label is known to end at `seen`.
    fn place(&mut self, index: usize, written: &Written, span: &Range<usize>) {
        let end = floor(self.text, span.end);
        let whole = self.text.get(span.start..end).unwrap_or("");
        let found = match written {
            Written::Wiki => {
                let dest = &*self.links[index].dest;
                whole.find(dest).filter(|_| !dest.is_empty()).map(|at| span.start + at..span.start + at + dest.len())
            }
            Written::Angles => Some(span.start + 1..end.saturating_sub(1).max(span.start + 1)),
            Written::Inline => {
                let label_end = self.seen.clamp(span.start, end);
                let behind = self.text.get(label_end..end).and_then(|rest| rest.find("](")).map(|at| label_end + at + 2);
                behind.map(|from| raw_dest(self.text, from, end))
            }
            Written::Reference(definition) => definition.as_ref().and_then(|span| {
                let from = self.text.get(span.clone())?.find("]:")? + span.start + 2;
                Some(raw_dest(self.text, from, span.end))
            }),
        };
        if let Some(found) = found.filter(|found| !found.is_empty()) {
            self.links[index].span = found;
        }
    }

    fn raw_html(&mut self, html: &str, span: Range<usize>) {
        if let Some((_, block)) = &mut self.html_block {
            block.push_str(html);
        } else if self.options.html == RawHtml::Kept {
            self.out.html.push_str(html);
        } else if self.image.is_none() {
            let at = span.start;
            self.removed.extend(elements(html).map(|(tag, name)| (at + tag.start..at + tag.end, name.to_owned())));
        }
    }

    fn end_html_block(&mut self, span: Range<usize>) {
        let Some((start, html)) = self.html_block.take() else { return };
        if self.options.html == RawHtml::Kept {
            self.out.html.push_str(&html);
            return;
        }
        let source = self.text.get(start..span.end.max(start)).unwrap_or(&html);
        self.removed.extend(elements(source).map(|(tag, name)| (start + tag.start..start + tag.end, name.to_owned())));
    }

    fn note_reference(&mut self, label: &str) {
        if self.image.is_some() {
            return;
        }
        let next = self.note_numbers.len() + 1;
        let first = !self.note_numbers.contains_key(label);
        let number = *self.note_numbers.entry(label.to_owned()).or_insert(next);
        let id = if first { format!(" id=\"_fnref-{number}\"") } else { String::new() };
        // There is no link within a link.
        let html = if self.open_links.is_empty() {
            format!("<sup><a class=\"fnref\" href=\"#_fn-{number}\"{id}>{number}</a></sup>")
        } else {
            format!("<sup{id}>{number}</sup>")
        };
        self.out.html.push_str(&html);
    }

    fn end_note(&mut self) {
        self.end_block();
        let Some((out, label)) = self.outer.pop() else { return };
        let note = std::mem::replace(&mut self.out, out);
        self.notes.entry(label).or_insert(note);
    }

    /// The notes that the text speaks of, in the order in which it does.
    fn append_notes(&mut self) {
        let mut notes = std::mem::take(&mut self.notes);
        let numbers: BTreeMap<usize, String> = self.note_numbers.drain().map(|(label, number)| (number, label)).collect();
        let shown: Vec<(usize, Out)> = numbers.into_iter().filter_map(|(number, label)| Some((number, notes.remove(&label)?))).collect();
        if shown.is_empty() {
            return;
        }
        let (title, back) = (self.word("Footnotes", "Voetnoten"), self.word("Back to the text", "Terug naar de tekst"));
        self.out.html.push_str(&format!("<section class=\"footnotes\" aria-label=\"{title}\">\n<ol>\n"));
        for (number, note) in shown {
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

/// What a heading may stand in without beginning a section of the page.
fn is_container(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::DefinitionList | TagEnd::FootnoteDefinition)
}

fn is_clitic(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('s' | 't' | 'n')) && chars.next().is_none_or(|c| !c.is_alphanumeric())
}

/// An anchor as an author may set it: no character that could end an attribute or be mistaken for one of the page's own.
fn clean_anchor(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')).collect::<String>().trim_start_matches('_').to_owned()
}

/// The elements that begin in a piece of raw HTML, with where their start tags stand; comments and end tags apart, but for a comment
/// that is never closed.
fn elements(html: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + html[at..].find('<')?;
            if html[open..].starts_with(COMMENT) {
                let Some(end) = html[open..].find("-->") else {
                    at = html.len();
                    return Some((open..open + COMMENT.len(), COMMENT));
                };
                at = open + end + 3;
                continue;
            }
            at = open + 1;
            let name = html[at..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
            if name > 0 && html.as_bytes()[at].is_ascii_alphabetic() {
                let name = &html[at..at + name];
                at += name.len();
                let end = html[at..].find(['<', '>']).filter(|end| html.as_bytes()[at + end] == b'>').map_or(at, |end| at + end + 1);
                return Some((open..end, name));
            }
        }
    })
}

/// How a comment begins.
pub(crate) const COMMENT: &str = "<!--";

/// Where the address stands that begins at or after `from`, as CommonMark reads it.
fn raw_dest(text: &str, from: usize, end: usize) -> Range<usize> {
    let inner = text.get(from..end).unwrap_or("");
    let start = from + inner.len() - inner.trim_start().len();
    let rest = inner.trim_start();
    let (start, rest, angles) = match rest.strip_prefix('<') {
        Some(rest) => (start + 1, rest, true),
        None => (start, rest, false),
    };
    let (mut depth, mut escaped) = (0usize, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '>' if angles => return start..start + at,
            _ if angles => {}
            ')' if depth == 0 => return start..start + at,
            '(' => depth += 1,
            ')' => depth -= 1,
            c if c.is_whitespace() => return start..start + at,
            _ => {}
        }
    }
    start..start + rest.len()
}

/// The nearest place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Longest bare address that is made into a link.
const URL_LIMIT: usize = 2048;

/// Whether a text holds what every bare web address holds: `://` or `www.`. A quick look; most texts have none.
fn may_hold_url(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b':', b'.', bytes).any(|at| bytes[at..].starts_with(b"://") || bytes[..at].ends_with(b"www"))
}

/// The first bare web address in a text: what stands before it, the address, what follows.
fn bare_url(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(['h', 'w'])?;
        from = at + 1;
        let run = &text[at..floor(text, at + URL_LIMIT)];
        let Some(scheme) = ["https://", "http://", "www."].into_iter().find(|scheme| run.starts_with(scheme)) else { continue };
        let at_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let end = run
            .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '“' | '”' | '|' | '`'))
            .unwrap_or(run.len());
        let url = trim_url(&run[..end]);
        let host = url.get(scheme.len()..).unwrap_or("").trim_start_matches("www.");
        if at_word && host.chars().next().is_some_and(char::is_alphanumeric) && (scheme != "www." || host.contains('.')) {
            return Some((&text[..at], url, &text[at + url.len()..]));
        }
        // What is none here is none further on in the same word.
        from = at + end.max(1);
    }
}

/// A sentence's own punctuation at the end of an address does not belong to it; a closing bracket only if one was opened in it.
fn trim_url(mut url: &str) -> &str {
    let mut unopened = url.matches(')').count().saturating_sub(url.matches('(').count());
    loop {
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', '…']);
        let trimmed = match trimmed.strip_suffix(')') {
            Some(inner) if unopened > 0 => {
                unopened -= 1;
                inner
            }
            _ => trimmed,
        };
        if trimmed == url {
            return url;
        }
        url = trimmed;
    }
}

/// How far around a link its sentence is looked for, in bytes.
const SENTENCE: usize = 600;

/// The most characters of a sentence that are shown.
const SHOWN: usize = 200;

/// The sentence around a place in plain text, and which of the bare ids stand in it where.
fn context(text: &str, bare: &[Range<usize>], at: usize) -> Context {
    let at = floor(text, at);
    let whole = sentence(text, at);
    let shown = cut(text, whole.clone(), at);
    let (before, after) = (if shown.start > whole.start { "…" } else { "" }, if shown.end < whole.end { "…" } else { "" });
    let first = bare.partition_point(|range| range.start < shown.start);
    let within = bare[first..].iter().take_while(|range| range.end <= shown.end);
    let place = |place: usize| (before.len() + place - shown.start) as u32;
    Context {
        text: format!("{before}{}{after}", &text[shown.clone()]).into(),
        bare: within.map(|range| place(range.start)..place(range.end)).collect(),
    }
}

/// Where the sentence around a place begins and ends.
fn sentence(text: &str, at: usize) -> Range<usize> {
    let (low, high) = (floor(text, at.saturating_sub(SENTENCE)), floor(text, at + SENTENCE));
    let is_end = |pair: &[u8]| matches!(pair, [b'.' | b'!' | b'?', b' ']);
    let start = text.as_bytes()[low..at].windows(2).rposition(is_end).map_or(low, |from| low + from + 2);
    let end = text.as_bytes()[at..high].windows(2).position(is_end).map_or(high, |from| at + from + 1);
    let whole = &text[start..end];
    let start = start + whole.len() - whole.trim_start().len();
    start..start + whole.trim().len()
}

/// Of a long sentence, what stands around a place in it.
fn cut(text: &str, whole: Range<usize>, at: usize) -> Range<usize> {
    let characters = |range: Range<usize>| text[range].chars().count();
    if characters(whole.clone()) <= SHOWN {
        return whole;
    }
    let after = |from: usize, count: usize| text[from..whole.end].char_indices().nth(count).map_or(whole.end, |(to, _)| from + to);
    let skip = characters(whole.start..at.clamp(whole.start, whole.end)).saturating_sub(SHOWN / 2);
    let start = after(whole.start, skip);
    start..after(start, SHOWN)
}
