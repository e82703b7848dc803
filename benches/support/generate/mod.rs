//! Handbooks of any size, the same from the same seed, in the mix of real ones.
//!
//! The numbers and words are drawn per entity, so that an entity reads the same in a handbook of any program. What differs is how a
//! link is written, because no two programs agree on that.
mod body;
mod entities;
mod fixed;
mod plan;
mod random;
mod words;

use std::fs;
use std::io;
use std::path::Path;

pub use plan::Plan;

/// The program that a handbook is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Wikilinks and relative links to files; references in front matter.
    Journeybook,
    /// Relative links to files; what a page refers to also as a flat list, for a taxonomy.
    Hugo,
    /// Links to addresses; all fields but the title below `data`.
    Cobalt,
}

/// A generated file: its path in the content folder, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// `book.toml` of every generated handbook.
pub const BOOK: &str = "title = \"The house by the sea\"\nlanguage = \"en\"\nbase_url = \"https://handbook.example.org/\"\n\n[review_every]\ndefault = \"2 years\"\n";

/// All files of a handbook's content folder, one at a time.
pub fn files(plan: &Plan, dialect: Dialect) -> impl Iterator<Item = File> + '_ {
    fixed::pages(plan).chain(entities::pages(plan, dialect)).map(move |page| page.written(dialect))
}

/// Writes a handbook's content folder.
pub fn write(plan: &Plan, dialect: Dialect, folder: &Path) -> io::Result<()> {
    for file in files(plan, dialect) {
        let path = folder.join(file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, file.text)?;
    }
    Ok(())
}

/// A page before it is put into a program's form.
struct Page {
    folder: &'static str,
    id: String,
    front: Front,
    body: String,
}

/// Front matter as it grows, and the ids it speaks of.
#[derive(Default)]
struct Front {
    title: String,
    summary: String,
    fields: String,
    refs: Vec<String>,
}

impl Front {
    fn new(title: impl Into<String>, summary: impl Into<String>) -> Front {
        Front { title: title.into(), summary: summary.into(), ..Front::default() }
    }

    /// A line of YAML, as it is.
    fn line(&mut self, line: impl AsRef<str>) {
        self.fields.push_str(line.as_ref());
        self.fields.push('\n');
    }

    /// A key with a plain value.
    fn field(&mut self, key: &str, value: impl std::fmt::Display) {
        self.line(format!("{key}: {value}"));
    }

    /// A key with a reference.
    fn reference(&mut self, key: &str, id: impl Into<String>) {
        let id = id.into();
        self.field(key, &id);
        self.refs.push(id);
    }

    /// A key with a list of references.
    fn references(&mut self, key: &str, ids: Vec<String>) {
        if !ids.is_empty() {
            self.field(key, format!("[{}]", ids.join(", ")));
            self.refs.extend(ids);
        }
    }

    /// A key with a list of texts.
    fn texts(&mut self, key: &str, texts: Vec<String>) {
        self.line(format!("{key}:"));
        for text in texts {
            self.line(format!("  - {text}"));
        }
    }
}

impl Page {
    fn written(self, dialect: Dialect) -> File {
        let path = match (self.folder, self.id.as_str(), dialect) {
            ("", "index", Dialect::Hugo) => "_index.md".to_owned(),
            ("", id, _) => format!("{id}.md"),
            (folder, id, _) => format!("{folder}/{id}.md"),
        };
        File { path, text: format!("---\n{}---\n\n{}", self.front.written(dialect), self.body) }
    }
}

impl Front {
    fn written(mut self, dialect: Dialect) -> String {
        let Front { title, summary, .. } = &self;
        match dialect {
            Dialect::Journeybook => format!("title: {title}\nsummary: {summary}\n{}", self.fields),
            Dialect::Hugo => {
                self.refs = self.refs.iter().map(|id| bare(id).to_owned()).collect();
                self.refs.sort();
                self.refs.dedup();
                format!("title: {}\nsummary: {}\nrefs: [{}]\n{}", self.title, self.summary, self.refs.join(", "), self.fields)
            }
            Dialect::Cobalt => {
                let data: String = self.fields.lines().map(|line| format!("  {line}\n")).collect();
                format!("title: {title}\ndescription: {summary}\ndata:\n{data}")
            }
        }
    }
}

/// The id of the page in a reference that may name a type and a step.
fn bare(reference: &str) -> &str {
    let id = reference.split_once(':').map_or(reference, |(_, id)| id);
    id.split_once('/').map_or(id, |(page, _)| page)
}
