//! Markdown to HTML with its links left open.
//!
//! A text is parsed once, when its file is read. What comes out is HTML in which every link, image and wikilink label is a
//! [`Mark`]: a place where the page that shows the text puts the address, which only the whole handbook knows. So no text is
//! parsed twice, and a page that moves or is hidden changes no parsed text.
mod body;
mod escape;
mod inline;
mod rich;
mod slips;
mod url;
mod writer;

pub use body::{Body, block};
pub use escape::{escape, escape_into};
pub use inline::{Asides, inline};
pub use rich::{Context, Destinations, Heading, HeadingPlace, Link, LinkKind, Mark, MarkKind, Rich, Target};
pub use slips::{CALLOUTS, Slip, SlipKind};
pub use url::{Address, UnsafeAddress, encode_path, encoded, parse_address};
pub(crate) use writer::COMMENT;

/// The language of the few words that Markdown itself brings to a page (alert titles, footnotes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Language {
    /// The language's code, as in `book.toml` and in `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Nl => "nl",
        }
    }
}

/// Whether raw HTML in Markdown is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RawHtml {
    /// It is left out, and said.
    #[default]
    Removed,
    /// It is passed through, because `book.toml` says so.
    Kept,
}

/// How Markdown is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The language of titles that Markdown itself brings.
    pub language: Language,
    /// What happens to raw HTML.
    pub html: RawHtml,
}
