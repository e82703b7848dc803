//! Everything that is read from a tree, file by file, before anything is linked.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::settings::{BOOK, Settings};
use super::table;
use crate::base::{Diagnostic, RelPath, Rule, Source, Span, nearest};
use crate::document::{Document, FILE_LIMIT, TomlError};
use crate::markup::{Address, parse_address};
use crate::model::{Data, FieldLink};
use crate::tree::{Listing, Tree, TreeError};

/// Everything that was read.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The settings.
    pub settings: Arc<Settings>,
    /// All documents, sorted by path.
    pub documents: Vec<Arc<Document>>,
    /// All other files of the content folder.
    pub files: BTreeSet<RelPath>,
    /// Sizes in pixels of images that are linked to.
    pub images: BTreeMap<RelPath, (usize, usize)>,
    /// The files that any document refers to.
    pub(super) linked: BTreeSet<RelPath>,
    /// Files that documents refer to although they lie outside the content folder.
    pub(super) outside: BTreeSet<RelPath>,
    /// Tables that metrics name, or why they cannot be read.
    pub tables: BTreeMap<RelPath, Result<Source, TreeError>>,
    /// What is wrong with settings, tables and files that are no documents.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is no handbook to read.
#[derive(Debug)]
pub enum CorpusError {
    /// There is no `book.toml`, or it cannot be read.
    NoBook(TreeError),
    /// `book.toml` is no TOML.
    Syntax(Source, TomlError),
}

/// Reads single files. One that remembers what it read need not read again what did not change.
pub trait Reader: Sync {
    /// A Markdown file; whatever is wrong with it, there is a document.
    fn document(&self, path: &RelPath, settings: &Settings) -> Arc<Document>;
    /// A table of mystery visits.
    fn visits(&self, path: &RelPath, settings: &Settings) -> Result<Arc<Document>, TreeError>;
    /// A table of a metric's values.
    fn table(&self, path: &RelPath) -> Result<Source, TreeError>;
    /// The size of an image, if it is one.
    fn image(&self, path: &RelPath) -> Option<(usize, usize)>;
    /// Whether there is a file.
    fn has(&self, path: &RelPath) -> bool {
        !matches!(self.table(path), Err(TreeError::Missing | TreeError::Outside))
    }
    /// The files that lie in the same folder, where that can be told and is not the root.
    fn siblings(&self, _path: &RelPath) -> Vec<RelPath> {
        Vec::new()
    }
}

/// Reads every file when it is asked for.
pub struct Direct<'t>(pub &'t dyn Tree);

impl Reader for Direct<'_> {
    fn document(&self, path: &RelPath, settings: &Settings) -> Arc<Document> {
        Arc::new(read_document(self.0, path, settings))
    }

    fn visits(&self, path: &RelPath, settings: &Settings) -> Result<Arc<Document>, TreeError> {
        self.table(path).map(|source| Arc::new(table::visits(source, settings.markup)))
    }

    fn table(&self, path: &RelPath) -> Result<Source, TreeError> {
        read_text(self.0, path)
    }

    fn image(&self, path: &RelPath) -> Option<(usize, usize)> {
        image_size(self.0, path)
    }

    fn has(&self, path: &RelPath) -> bool {
        matches!(self.0.read(path, 0), Ok(_) | Err(TreeError::TooLarge(_)))
    }

    fn siblings(&self, path: &RelPath) -> Vec<RelPath> {
        let folder = path.parent();
        if folder == RelPath::root() {
            return Vec::new();
        }
        self.0.list(&folder).files.into_iter().filter(|file| file.parent() == folder).collect()
    }
}

impl Corpus {
    /// Reads a handbook from the root of a tree.
    pub fn read(tree: &dyn Tree) -> Result<Corpus, CorpusError> {
        Corpus::read_by(tree, &Direct(tree))
    }

    /// The same with a reader that may know some of its files already.
    pub fn read_by(tree: &dyn Tree, reader: &dyn Reader) -> Result<Corpus, CorpusError> {
        let (settings, diagnostics) = read_settings(tree)?;
        let listing = tree.list(&settings.content);
        Ok(Corpus::gather(Arc::new(settings), diagnostics, listing, reader))
    }

    /// Puts together what lies in the content folder under these settings; `diagnostics` is what was said of them.
    pub fn gather(settings: Arc<Settings>, mut diagnostics: Vec<Diagnostic>, listing: Listing, reader: &dyn Reader) -> Corpus {
        for (path, why) in &listing.problems {
            diagnostics.push(match (path == &settings.content, settings.content_span) {
                (true, span) => unlistable_at(&settings.source.path, span, path, why),
                (false, _) => unlistable(path, why),
            });
        }
        let (pages, files): (Vec<RelPath>, Vec<RelPath>) = listing.files.into_iter().partition(|path| path.extension() == "md");
        let mut documents: Vec<Arc<Document>> = pages.par_iter().map(|path| reader.document(path, &settings)).collect();
        for (path, span) in &settings.visits {
            match reader.visits(path, &settings) {
                Ok(document) => documents.push(document),
                Err(TreeError::Missing) => diagnostics.push(missing_table(&settings, path, *span, &reader.siblings(path))),
                Err(why) => diagnostics.push(unlistable_at(&settings.source.path, *span, path, &why)),
            }
        }
        documents.sort_by(|a, b| a.source.path.cmp(&b.source.path));
        let files: BTreeSet<RelPath> = files.into_iter().collect();
        let linked = linked_files(&documents, &files);
        let outside = outside_files(&documents, &settings.content).into_iter().filter(|path| reader.has(path)).collect();
        let images = linked.par_iter().filter_map(|path| reader.image(path).map(|size| (path.clone(), size))).collect();
        let tables = metric_tables(&documents)
            .into_iter()
            .filter(|path| files.contains(path))
            .map(|path| (path.clone(), reader.table(&path)))
            .collect();
        Corpus { settings, documents, files, images, linked, outside, tables, diagnostics }
    }

    /// The same with other readings of some of its documents; none where they name other files than before.
    pub fn exchanged<'d>(&self, documents: impl Iterator<Item = &'d Arc<Document>>) -> Option<Corpus> {
        let mut corpus = self.clone();
        for document in documents {
            let at = self.documents.binary_search_by(|known| known.source.path.cmp(&document.source.path)).ok()?;
            let named = |document| {
                let alone = std::slice::from_ref(document);
                (linked_files(alone, &self.files), outside_files(alone, &self.settings.content), metric_tables(alone))
            };
            if named(&self.documents[at]) != named(document) {
                return None;
            }
            corpus.documents[at] = document.clone();
        }
        Some(corpus)
    }

    /// The document that was read from a file.
    pub fn document(&self, path: &RelPath) -> Option<&Arc<Document>> {
        self.documents.binary_search_by(|document| document.source.path.cmp(path)).ok().map(|at| &self.documents[at])
    }

    /// The text of a file that findings may speak of.
    pub fn source(&self, path: &RelPath) -> Option<&Source> {
        let document = self.document(path).map(|document| &document.source);
        let table = || self.tables.get(path).and_then(|table| table.as_ref().ok());
        document.or_else(table).or_else(|| Some(&self.settings.source).filter(|source| source.path == *path))
    }
}

/// Reads `book.toml`, and says what is wrong with it.
pub fn read_settings(tree: &dyn Tree) -> Result<(Settings, Vec<Diagnostic>), CorpusError> {
    let path = RelPath::new(BOOK).unwrap_or_else(|_| RelPath::root());
    let source = read_text(tree, &path).map_err(CorpusError::NoBook)?;
    Settings::read(source.clone()).map_err(|error| CorpusError::Syntax(source.clone(), error))
}

fn read_text(tree: &dyn Tree, path: &RelPath) -> Result<Source, TreeError> {
    let bytes = tree.read(path, FILE_LIMIT)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let (byte, line) = first_wrong(&error);
        TreeError::NotText(byte, line)
    })?;
    Ok(Source::new(path.clone(), text))
}

/// Reads one Markdown file; whatever is wrong with it, there is a document.
pub fn read_document(tree: &dyn Tree, path: &RelPath, settings: &Settings) -> Document {
    match tree.read(path, FILE_LIMIT) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Document::parse(Source::new(path.clone(), text), &settings.content, settings.markup),
            Err(error) => {
                let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Document::unreadable(Source::new(path.clone(), lossy), &settings.content, not_utf8(path, &error))
            }
        },
        Err(why) => Document::unreadable(Source::new(path.clone(), ""), &settings.content, unlistable(path, &why)),
    }
}

/// The first byte that is no text, and its line, both from 1.
fn first_wrong(error: &std::string::FromUtf8Error) -> (usize, usize) {
    let good = error.utf8_error().valid_up_to();
    (good + 1, error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1)
}

fn not_utf8(path: &RelPath, error: &std::string::FromUtf8Error) -> Diagnostic {
    let (byte, line) = first_wrong(error);
    // In the text as it is shown, the sign for an unreadable character stands here.
    let span = Span::new(byte - 1, byte - 1 + char::REPLACEMENT_CHARACTER.len_utf8());
    no_text(path, span, byte, line)
}

fn no_text(path: &RelPath, span: Span, byte: usize, line: usize) -> Diagnostic {
    let message = format!("the file is not UTF-8 text: byte {byte} (on line {line}) is none");
    Diagnostic::new(Rule::NotUtf8, path, span, message).help("Save it as UTF-8 in your editor.")
}

fn unlistable(path: &RelPath, why: &TreeError) -> Diagnostic {
    unlistable_at(path, Span::default(), path, why)
}

/// Says that there is no such table of visits, and which one may be meant.
fn missing_table(settings: &Settings, path: &RelPath, span: Span, siblings: &[RelPath]) -> Diagnostic {
    let mut found = unlistable_at(&settings.source.path, span, path, &TreeError::Missing);
    if let Some(near) = nearest(path.as_str(), siblings.iter().map(RelPath::as_str)) {
        found.message += &format!("; did you mean `{near}`?");
        found.suggestion = Some(near.to_owned());
    }
    found
}

/// Says why a path cannot be read, at the place that names it.
pub(super) fn unlistable_at(file: &RelPath, span: Span, path: &RelPath, why: &TreeError) -> Diagnostic {
    let found = |rule, message: String, help: &str| Diagnostic::new(rule, file, span, message).help(help);
    match why {
        TreeError::TooLarge(bytes) => found(
            Rule::FileTooLarge,
            format!("the file has {} MiB; at most {} MiB are read", bytes / 1024 / 1024, FILE_LIMIT / 1024 / 1024),
            "Split it, or move what is not text out of it.",
        ),
        TreeError::Outside => found(
            Rule::PathOutsideRoot,
            format!("`{path}` is a link that leads out of the handbook's folder"),
            "Copy the file into the handbook.",
        ),
        TreeError::BadName => found(
            Rule::NotUtf8,
            format!("the file name `{path}` is not UTF-8, or holds a control character or a backslash"),
            "Rename the file.",
        ),
        // What is wrong with its bytes is wrong in the file itself, wherever it is named.
        TreeError::NotText(byte, line) => no_text(path, Span::default(), *byte, *line),
        TreeError::Missing => found(Rule::MissingFile, format!("there is no file `{path}`"), "Check its name and where it lies."),
        TreeError::Unreadable(_) => found(Rule::UnreadableFile, format!("`{path}`: {why}"), "Check the file and its permissions."),
    }
}

/// The path that a link names, seen from the file it stands in.
pub(super) fn path_of(written: &str, how: FieldLink, from: &RelPath) -> Option<RelPath> {
    match how {
        FieldLink::File => from.beside(written).ok(),
        FieldLink::Address | FieldLink::Image => match parse_address(written).ok()? {
            Address::Path { path, .. } => from.beside(&path).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The files that any document refers to.
fn linked_files(documents: &[Arc<Document>], files: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
    if files.is_empty() {
        return BTreeSet::new();
    }
    let of_document = |document: &'_ Arc<Document>| {
        let paths = document.links.iter().filter_map(|link| path_of(&link.written, link.how, &document.source.path));
        paths.filter(|path| files.contains(path)).collect::<Vec<RelPath>>()
    };
    documents.par_iter().flat_map_iter(of_document).collect()
}

/// The paths outside the content folder that any document refers to.
fn outside_files(documents: &[Arc<Document>], content: &RelPath) -> BTreeSet<RelPath> {
    let of_document = |document: &'_ Arc<Document>| {
        let from = &document.source.path;
        let depth = from.parts().count().saturating_sub(content.parts().count() + 1);
        // Most links stay inside, which can be seen without following them.
        let climbs = |written: &str| written.contains("../") && written.matches("..").count() > depth;
        let links = document.links.iter().filter(|link| climbs(&link.written));
        let paths = links.filter_map(|link| path_of(&link.written, link.how, from));
        paths.filter(|path| path.below(content).is_none()).collect::<Vec<RelPath>>()
    };
    documents.par_iter().flat_map_iter(of_document).collect()
}

fn metric_tables(documents: &[Arc<Document>]) -> BTreeSet<RelPath> {
    let entities = documents.iter().flat_map(|document| document.entities.iter().map(move |entity| (document, entity)));
    entities
        .filter_map(|(document, entity)| match &entity.data {
            Data::Metric(metric) => document.source.path.beside(&metric.data.as_ref()?.written).ok(),
            _ => None,
        })
        .collect()
}

/// Largest image whose size is looked up.
const IMAGE_LIMIT: u64 = 64 * 1024 * 1024;

fn image_size(tree: &dyn Tree, path: &RelPath) -> Option<(usize, usize)> {
    if path.extension() == "svg" {
        return svg_size(&String::from_utf8_lossy(&tree.read(path, IMAGE_LIMIT).ok()?));
    }
    if !matches!(path.extension().as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "ico") {
        return None;
    }
    let bytes = tree.read(path, IMAGE_LIMIT).ok()?;
    let size = imagesize::blob_size(&bytes).ok()?;
    Some((size.width, size.height))
}

/// The size that a drawing gives itself: by `width` and `height`, else by its `viewBox`.
fn svg_size(text: &str) -> Option<(usize, usize)> {
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok().filter(|n| (1.0..=1e5).contains(n));
    let attribute = |name: &str| {
        let rest = tag.split_once(&format!(" {name}=")).or_else(|| tag.split_once(&format!("\n{name}=")))?.1;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    };
    let own = attribute("width").and_then(number).zip(attribute("height").and_then(number));
    let framed = || {
        let mut numbers = attribute("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).skip(2).map(number);
        Some((numbers.next()??, numbers.next()??))
    };
    own.or_else(framed).map(|(width, height)| (width.round() as usize, height.round() as usize))
}
