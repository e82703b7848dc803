//! How pages look: templates, styles and icons. Built in; each file can be replaced by one of the same name in the handbook's
//! own theme folder.
mod assets;
mod parts;

use std::collections::BTreeMap;

use memchr::memmem;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};
use serde::Serialize;

pub use assets::{Asset, Assets};

use crate::base::{Diagnostic, HashMap, RelPath, Rule, Source, Span};
use crate::markup::escape;
use crate::tree::{Tree, TreeError};
use crate::words::Lexicon;

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_str!(concat!("../../themes/default/", $name)))),+] };
}

/// The built-in theme's files.
const BUILT_IN: &[(&str, &str)] = built_in![
    "templates/404.html",
    "templates/base.html",
    "templates/changes.html",
    "templates/channel.html",
    "templates/coverage.html",
    "templates/department.html",
    "templates/entity.html",
    "templates/evidence.html",
    "templates/framework.html",
    "templates/home.html",
    "templates/improvement.html",
    "templates/improvements.html",
    "templates/journey.html",
    "templates/listing.html",
    "templates/metric.html",
    "templates/persona.html",
    "templates/pieces.html",
    "templates/principle.html",
    "templates/redirect.html",
    "templates/review.html",
    "templates/roadmap-items.html",
    "templates/roadmap.html",
    "templates/roadmaps.html",
    "templates/search.html",
    "templates/segment.html",
    "templates/tag.html",
    "templates/touchpoint.html",
    "templates/visit.html",
    "assets/changes.css",
    "assets/changes.js",
    "assets/icon.svg",
    "assets/icons.svg",
    "assets/journeybook.css",
    "assets/journeybook.js",
    "assets/search.css",
    "assets/search.js",
    "assets/map.css",
    "assets/map.js",
];

/// Largest file of a theme that is read.
const THEME_FILE_LIMIT: u64 = 16 * 1024 * 1024;

/// What one page may take in instructions and, at one for 64 bytes, in text: ten times what the longest page of a handbook of
/// 20,000 entities takes. So a theme's endless loop ends, before it fills the memory.
const FUEL: u64 = 20_000_000;

/// The largest page that is drawn.
const LONGEST_PAGE: usize = 256 * 1024 * 1024;

/// A theme ready to draw pages.
pub struct Theme {
    environment: Environment<'static>,
    sources: BTreeMap<String, Source>,
    icons: BTreeMap<String, String>,
    /// Styles, scripts and pictures.
    pub assets: Assets,
    /// The words that templates and views use.
    pub words: Lexicon,
}

/// A template that cannot be drawn.
#[derive(Debug)]
pub struct RenderError {
    /// Where and why, as a finding in the template's file.
    pub finding: Box<Diagnostic>,
    /// The template's text, for the excerpt.
    pub source: Option<Source>,
}

impl Theme {
    /// The built-in theme with the files of the handbook's own folder laid over it, and what is wrong with those.
    pub fn load(tree: &dyn Tree, folder: Option<&RelPath>, words: Lexicon) -> (Theme, Vec<RenderError>) {
        let mut files: BTreeMap<String, (RelPath, Vec<u8>)> = BTreeMap::new();
        for (name, text) in BUILT_IN {
            files.insert((*name).to_owned(), (built_in_path(name), text.as_bytes().to_vec()));
        }
        let listing = folder.map(|folder| tree.list(folder)).unwrap_or_default();
        let mut wrong: Vec<RenderError> = listing.problems.iter().map(|(path, why)| unreadable(path, why)).collect();
        for path in listing.files {
            let Some(name) = folder.and_then(|folder| path.below(folder)).map(str::to_owned) else { continue };
            match tree.read(&path, THEME_FILE_LIMIT) {
                Ok(bytes) => drop(files.insert(name, (path, bytes))),
                Err(why) => wrong.push(unreadable(&path, &why)),
            }
        }
        let mut theme = Theme::empty(words);
        for (name, (path, bytes)) in files {
            theme.add(&name, path, bytes, &mut wrong);
        }
        theme.assets.finish();
        (theme, wrong)
    }

    fn empty(words: Lexicon) -> Theme {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html });
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(written);
        let (plain, filled, counted) = (words.clone(), words.clone(), words.clone());
        let table: HashMap<String, Value> = plain.all().map(|(key, text)| (key.to_owned(), Value::from(text))).collect();
        environment.add_function("t", move |key: &str| table.get(key).cloned().unwrap_or_else(|| Value::from(key)));
        environment.add_function("fmt", move |key: &str, name: &str, value: &str| filled.fmt(key, &[(name, value)]));
        environment.add_function("count", move |key: &str, n: usize| counted.count(key, n));
        parts::register(&mut environment, &words);
        Theme { environment, sources: BTreeMap::new(), icons: BTreeMap::new(), assets: Assets::default(), words }
    }

    fn add(&mut self, name: &str, path: RelPath, bytes: Vec<u8>, wrong: &mut Vec<RenderError>) {
        let Some(template) = name.strip_prefix("templates/") else {
            if name == "assets/icons.svg" {
                self.icons = assets::symbols(&String::from_utf8_lossy(&bytes));
            } else if let Some(asset) = name.strip_prefix("assets/") {
                self.assets.add(asset, bytes);
            }
            return;
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                return wrong.push(RenderError {
                    finding: Box::new(Diagnostic::new(Rule::NotUtf8, &path, Span::default(), "the template is not UTF-8 text")),
                    source: None,
                });
            }
        };
        let source = Source::new(path, text.as_str());
        self.sources.insert(template.to_owned(), source);
        if let Err(error) = self.environment.add_template_owned(template.to_owned(), text) {
            wrong.push(self.explain(&error, template, None));
        }
    }

    /// Draws a page.
    pub fn render(&self, template: &str, page: &impl Serialize, path: &RelPath) -> Result<String, RenderError> {
        let mut drawn = Drawn(Vec::with_capacity(32 * 1024));
        let found = self.environment.get_template(template);
        let done = found.and_then(|template| template.render_captured_to(Value::from(Serde(page)), &mut drawn).map(drop));
        done.map_err(|error| self.explain(&error, template, Some(path)))?;
        let html = String::from_utf8(drawn.0).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(if template.ends_with(".html") { self.with_icons(html) } else { html })
    }

    /// Puts the symbols that a page uses where it wants them.
    fn with_icons(&self, html: String) -> String {
        const PLACE: &str = "<!--icons-->";
        const USE: &[u8] = b"href=\"#i-";
        let Some(place) = memmem::find(html.as_bytes(), PLACE.as_bytes()) else { return html };
        let mut used: Vec<&str> = Vec::new();
        for at in memmem::find_iter(html.as_bytes(), USE) {
            let rest = &html[at + USE.len()..];
            let name = memchr::memchr(b'"', rest.as_bytes()).map_or("", |end| &rest[..end]);
            if let Err(place) = used.binary_search(&name) {
                used.insert(place, name);
            }
        }
        let mut pieces = vec![&html[..place]];
        pieces.extend(used.iter().filter_map(|name| self.icons.get(*name)).map(String::as_str));
        pieces.push(&html[place + PLACE.len()..]);
        pieces.concat()
    }

    /// A template's error at its own line, with the page that was being drawn. One in an included file is told of that file.
    fn explain(&self, error: &minijinja::Error, template: &str, page: Option<&RelPath>) -> RenderError {
        let error = innermost(error);
        let name = error.name().unwrap_or(template);
        let source = self.sources.get(name).cloned();
        let path = source.as_ref().map_or_else(|| built_in_path(&format!("templates/{name}")), |source| source.path.clone());
        let span = source.as_ref().map_or_else(Span::default, |source| line_span(source, error));
        let too_long = error.kind() == ErrorKind::WriteFailure;
        let why = error.detail().filter(|_| !too_long).map_or_else(|| error.kind().to_string(), str::to_owned);
        let why = if too_long { "the page becomes larger than 256 MiB".to_owned() } else { why };
        let on = page.map(|page| format!(", while drawing {page}")).unwrap_or_default();
        let help = match error.kind() {
            ErrorKind::TemplateNotFound => "Templates are named by their path below `templates/`.",
            ErrorKind::OutOfFuel | ErrorKind::WriteFailure => "Look for a loop that never ends.",
            _ => "Compare the template with the built-in one of the same name.",
        };
        RenderError { finding: Box::new(Diagnostic::new(Rule::BrokenTemplate, &path, span, format!("{why}{on}")).help(help)), source }
    }
}

/// A page as far as it is drawn, kept from filling the memory by a loop that never ends.
struct Drawn(Vec<u8>);

impl std::io::Write for Drawn {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_PAGE {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    let mut inner = error;
    while let Some(cause) = std::error::Error::source(inner).and_then(|cause| cause.downcast_ref::<minijinja::Error>()) {
        inner = cause;
    }
    inner
}

/// A file or folder of a theme that cannot be read is no reason to draw the built-in one without a word.
fn unreadable(path: &RelPath, why: &TreeError) -> RenderError {
    let rule = if *why == TreeError::Outside { Rule::PathOutsideRoot } else { Rule::UnreadableFile };
    let finding = Diagnostic::new(rule, path, Span::default(), format!("the theme's `{path}`: {why}"));
    RenderError { finding: Box::new(finding.help("Mend it, or set another folder as `theme` in book.toml.")), source: None }
}

/// Writes a value into a page: nothing where there is none, safe HTML as it is, text escaped as everywhere else.
fn written(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str() {
        _ if value.is_none() => Ok(()),
        Some(text) if value.is_safe() || matches!(state.auto_escape(), AutoEscape::None) => out.write_str(text).map_err(Into::into),
        Some(text) => out.write_str(&escape(text)).map_err(Into::into),
        None => minijinja::escape_formatter(out, state, value),
    }
}

fn built_in_path(name: &str) -> RelPath {
    RelPath::new(&format!("themes/default/{name}")).unwrap_or_else(|_| RelPath::root())
}

/// The error's own range, or else its line.
fn line_span(source: &Source, error: &minijinja::Error) -> Span {
    if let Some(range) = error.range() {
        return Span::new(range.start, range.end.min(source.text.len()));
    }
    let line = error.line().unwrap_or(1).max(1);
    let start: usize = source.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let width = source.text[start..].lines().next().map_or(0, str::len);
    Span::new(start, start + width)
}
