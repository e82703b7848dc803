//! `book.toml`, declared like everything else.
use super::Decoder;
use super::node::Node;
use super::record::{RecordExt, record};
use super::value::{List, Map, Plain, choice};
use crate::base::{Duration, Severity};

choice! {
    /// The language of a handbook.
    BookLanguage { En = "en", Nl = "nl" }
    /// What a rule counts as.
    RuleSeverity { Error = "error", Warning = "warning", Advice = "advice", Off = "off" }
}

impl RuleSeverity {
    /// The severity, or none where the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            RuleSeverity::Error => Some(Severity::Error),
            RuleSeverity::Warning => Some(Severity::Warning),
            RuleSeverity::Advice => Some(Severity::Advice),
            RuleSeverity::Off => None,
        }
    }
}

record! {
    /// The settings of a handbook.
    Book = "book.toml" {
        /// The handbook's title.
        title: Option<Plain>, required;
        /// The language of its pages: en or nl.
        language: Option<BookLanguage>;
        /// The folder of its Markdown files; `content` if not given.
        content: Option<Plain>;
        /// The folder the site is written to; `public` if not given.
        output: Option<Plain>;
        /// A folder whose files replace the built-in theme's.
        theme: Option<Plain>;
        /// The site's address, for the sitemap, the feed and canonical links.
        base_url: Option<Plain>;
        /// The address of its repository.
        repository: Option<Plain>;
        /// The address of the edit link, with {repository} and {path}.
        edit: Option<Plain>;
        /// The address that opens a file in your editor, with {path}, {line} and {column}.
        editor: Option<Plain>;
        /// The currency of bare sums, three capital letters.
        currency: Option<Plain>;
        /// Whether raw HTML in Markdown is kept.
        allow_html: Option<bool>;
        /// After how long a page is stale: default, and per type.
        review_every: Map<Plain, Duration>;
        /// What each rule counts as: error, warning, advice or off.
        rules: Map<Plain, RuleSeverity>;
        /// Tables of data.
        data: Option<Box<BookData>>;
        /// The names that `audience:` may use, each with what it means.
        audiences: Map<Plain, Plain>;
    }
}

record! {
    /// Tables of data.
    BookData = "[data]" {
        /// A CSV file of mystery visits.
        visits: List<Plain>;
    }
}

impl Book {
    /// Reads the settings and complains of what is left.
    pub fn read(node: &Node, cx: &mut Decoder<'_>) -> Book {
        Book::decode_record(node, cx).unwrap_or_default()
    }
}
