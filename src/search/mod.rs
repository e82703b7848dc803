//! The search index: which words stand on which pages, in small files that a browser loads as it needs them.
//!
//! A page opened from disk may load scripts, and nothing else, so each file of the index is a script that hands over its part. There is
//! a table of contents (`index`), the words of titles (`t…`) and of all other texts (`x…`) in alphabetical order with the numbers of their
//! pages, the words by length for whoever mistypes one (`w…`), and the pages by number (`d…`). How many files there are follows from the
//! number of pages alone: the addresses of a site are known before a single word is looked at, and `serve` need not make an index for
//! every edit.
mod gather;
mod shards;
mod stems;
mod words;

use std::collections::BTreeMap;

use crate::handbook::Handbook;

/// How many pages one file of the index describes: a result loads no more than a few kilobytes.
const PAGES: usize = 32;
/// How many pages' titles are indexed in one file.
const TITLES: usize = 1000;
/// The same for all other texts.
const TEXTS: usize = 40;
/// The lengths of the words that may be mistyped; all longer ones are in the last file.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=16;

/// How many files of each sort there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    titles: usize,
    texts: usize,
    pages: usize,
}

impl Layout {
    fn of(handbook: &Handbook) -> Layout {
        let pages = handbook.entities.len();
        Layout { titles: pages.div_ceil(TITLES), texts: pages.div_ceil(TEXTS), pages: pages.div_ceil(PAGES) }
    }
}

/// The names of the index's files.
pub fn names(handbook: &Handbook) -> Vec<String> {
    let layout = Layout::of(handbook);
    let numbered = |sort: char, count: usize| (0..count).map(move |at| format!("{sort}{at}"));
    let words = LENGTHS.map(|length| format!("w{length}"));
    let all = numbered('t', layout.titles).chain(numbered('x', layout.texts)).chain(numbered('d', layout.pages)).chain(words);
    std::iter::once("index".to_owned()).chain(all).collect()
}

/// A handbook's search index.
#[derive(Debug)]
pub struct Index {
    files: BTreeMap<String, String>,
    version: String,
}

impl Index {
    /// The index of a handbook; `heading` tells what pages of a type are called together, by the type's name.
    pub fn new(handbook: &Handbook, heading: &dyn Fn(&str) -> String) -> Index {
        let files = shards::files(handbook, Layout::of(handbook), heading);
        let mut hash = blake3::Hasher::new();
        for text in files.values() {
            hash.update(text.as_bytes());
        }
        Index { version: hash.finalize().to_hex()[..10].to_owned(), files }
    }

    /// The script of that name.
    pub fn file(&self, name: &str) -> &str {
        self.files.get(name).map_or("", String::as_str)
    }

    /// Differs between indexes that differ, so that a browser may keep what it loaded.
    pub fn version(&self) -> &str {
        &self.version
    }
}
