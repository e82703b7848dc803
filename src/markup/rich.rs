//! HTML with open places, and how a page fills them.
use std::ops::Range;

use super::escape_into;

/// A parsed text: HTML in which addresses are still missing.
#[derive(Debug, Clone, Default)]
pub struct Rich {
    /// HTML without its links' tags.
    pub html: Box<str>,
    /// The open places, in order.
    pub marks: Box<[Mark]>,
    /// The links that the marks speak of.
    pub links: Vec<Link>,
    /// The text without markup (of inline texts only).
    pub plain: Box<str>,
}

/// An open place in the HTML of a [`Rich`].
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Byte offset into the HTML.
    pub at: u32,
    /// What belongs there.
    pub kind: MarkKind,
}

/// What belongs at a [`Mark`]; numbers are indexes into [`Rich::links`], or a heading's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// The start tag of a link.
    Open(u32),
    /// The end tag of a link.
    Close(u32),
    /// The title of the target of a wikilink that has no label of its own.
    Label(u32),
    /// An image.
    Image(u32),
    /// `<h2`, with the level that fits where the text is shown.
    HeadingOpen(u8),
    /// `</h2>`.
    HeadingClose(u8),
}

/// A link as it is written.
#[derive(Debug, Clone)]
pub struct Link {
    /// What sort of link.
    pub kind: LinkKind,
    /// The address, or the id of a wikilink.
    pub dest: Box<str>,
    /// Bytes of the parsed text that hold the address or the id; of a reference link, those of its definition.
    pub span: Range<usize>,
    /// Where the link itself begins in the parsed text.
    pub at: usize,
    /// The sentence around it; whoever takes up the link takes it away.
    pub context: Context,
    /// What is shown of an image that cannot be seen; the title of a link.
    pub text: Box<str>,
}

/// The sentence around a link, without markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// What it says; wikilinks without a label of their own with the id that is written.
    pub text: Box<str>,
    /// Where those ids stand in it.
    pub bare: Box<[Range<u32>]>,
}

impl Context {
    /// The text with another name for what is written as a bare id.
    pub fn naming(&self, id: &str, name: &str) -> String {
        let mut out = String::with_capacity(self.text.len() + name.len());
        let mut done = 0;
        for range in self.bare.iter().map(|range| range.start as usize..range.end as usize) {
            if self.text[range.clone()] == *id {
                out.push_str(&self.text[done..range.start]);
                out.push_str(name);
                done = range.end;
            }
        }
        out.push_str(&self.text[done..]);
        out
    }
}

/// The sorts of [`Link`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// `[[id]]`, with or without `|label`.
    Wiki,
    /// `[label](address)` and its relatives, and bare addresses.
    Address,
    /// `![text](address)`.
    Image,
}

/// A heading of a body.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 1–6 as shown, after the body's top level was made 2.
    pub level: u8,
    /// Whether it stands in the body itself, not in a quote or a list: only then does it begin a section.
    pub place: HeadingPlace,
    /// Its anchor.
    pub id: Box<str>,
    /// Its text without markup.
    pub text: Box<str>,
    /// Where the heading begins and where what follows it begins, in the HTML.
    pub html: Range<usize>,
    /// Bytes of the parsed text.
    pub span: Range<usize>,
}

/// Where a [`Heading`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingPlace {
    /// In the body itself.
    Top,
    /// In a quote, a list or a definition.
    Nested,
}

/// Where a link leads from the page that shows it.
#[derive(Debug, Clone)]
pub enum Target {
    /// Nowhere: the label stays as text.
    Nowhere,
    /// A page or file of the site, as a relative address.
    Inside(String),
    /// Another host.
    Outside(String),
    /// An image of the site, with its size in pixels where it is known.
    Image {
        /// Relative address.
        url: String,
        /// Width and height.
        size: Option<(usize, usize)>,
    },
}

/// Knows where links lead from one page.
pub trait Destinations {
    /// Where the link of that number leads.
    fn target(&self, link: u32) -> Target;
    /// The title of what the link of that number leads to.
    fn label(&self, link: u32) -> String;
}

impl Rich {
    /// The HTML with all places filled; headings `deeper` levels further down.
    pub fn fill(&self, to: &dyn Destinations, deeper: u8) -> String {
        self.fill_range(0..self.html.len(), to, deeper)
    }

    /// The same for a part of the HTML.
    pub fn fill_range(&self, range: Range<usize>, to: &dyn Destinations, deeper: u8) -> String {
        let mut out = String::with_capacity(range.len() + 64);
        let mut done = range.start;
        let first = self.marks.partition_point(|mark| (mark.at as usize) < range.start);
        let whole = range.end == self.html.len();
        // HTML knows no link in a link: what stands in one is shown without its own.
        let mut inside = None;
        for mark in self.marks[first..].iter().take_while(|mark| (mark.at as usize) < range.end || whole) {
            out.push_str(&self.html[done..mark.at as usize]);
            done = mark.at as usize;
            self.fill_mark(&mut out, mark.kind, to, deeper, &mut inside);
        }
        out.push_str(&self.html[done..range.end]);
        out
    }

    fn fill_mark(&self, out: &mut String, kind: MarkKind, to: &dyn Destinations, deeper: u8, inside: &mut Option<u32>) {
        match kind {
            MarkKind::Open(link) => {
                if inside.is_none() && open(out, &to.target(link), &self.links[link as usize]) {
                    *inside = Some(link);
                }
            }
            MarkKind::Close(link) => {
                if inside.take_if(|open| *open == link).is_some() {
                    out.push_str("</a>");
                }
            }
            MarkKind::Label(link) => escape_into(out, &to.label(link)),
            MarkKind::Image(link) => match (to.target(link), inside) {
                (target @ Target::Image { .. }, _) | (target, None) => image(out, &target, &self.links[link as usize]),
                (_, Some(_)) => escape_into(out, &self.links[link as usize].text),
            },
            MarkKind::HeadingOpen(level) => {
                out.push_str("<h");
                out.push(char::from(b'0' + (level + deeper).min(6)));
            }
            MarkKind::HeadingClose(level) => {
                out.push_str("</h");
                out.push(char::from(b'0' + (level + deeper).min(6)));
                out.push_str(">\n");
            }
        }
    }
}

/// Writes the start tag of a link; false where it leads nowhere.
fn open(out: &mut String, target: &Target, link: &Link) -> bool {
    let (url, rel) = match target {
        Target::Nowhere => return false,
        Target::Inside(url) | Target::Image { url, .. } => (url, ""),
        Target::Outside(url) => (url, " rel=\"noopener noreferrer\""),
    };
    attribute(out, "<a href", url);
    if !link.text.is_empty() && link.kind == LinkKind::Address {
        attribute(out, " title", &link.text);
    }
    out.push_str(rel);
    out.push('>');
    true
}

fn image(out: &mut String, target: &Target, link: &Link) {
    match target {
        Target::Image { url, size } => {
            attribute(out, "<img src", url);
            attribute(out, " alt", &link.text);
            if let Some((width, height)) = size {
                out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
            }
            out.push_str(" loading=\"lazy\">");
        }
        Target::Inside(url) | Target::Outside(url) => {
            attribute(out, "<a href", url);
            out.push_str(" rel=\"noopener noreferrer\">");
            escape_into(out, if link.text.is_empty() { &link.dest } else { &link.text });
            out.push_str("</a>");
        }
        Target::Nowhere => escape_into(out, &link.text),
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str("=\"");
    escape_into(out, value);
    out.push('"');
}
