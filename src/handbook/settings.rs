//! `book.toml` made into settings.
use std::collections::BTreeMap;

use crate::base::{Diagnostic, Duration, PathError, Position, RelPath, Rule, Severity, Source, Span, nearest};
use crate::document::{TomlError, parse_toml};
use crate::markup::{self, Address, Language, RawHtml, parse_address};
use crate::model::{Book, BookLanguage, Decoder, Node, Plain, Shape, Type};
use crate::tree::Authors;

/// The settings of a handbook.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The handbook's title.
    pub title: String,
    /// The language of its pages.
    pub language: Language,
    /// The folder of its Markdown files.
    pub content: RelPath,
    /// Where that is said.
    pub content_span: Span,
    /// The folder the site is written to.
    pub output: RelPath,
    /// A folder whose files replace the built-in theme's.
    pub theme: Option<RelPath>,
    /// Where that is said.
    pub theme_span: Span,
    /// The site's address, with a slash at its end.
    pub base_url: Option<String>,
    /// The repository's address.
    pub repository: Option<String>,
    /// The edit link's address, with `{path}`.
    pub edit: Option<String>,
    /// Whether pages name who changed them.
    pub authors: Authors,
    /// The address that opens a file in an editor, with `{path}`, `{line}` and `{column}`.
    pub editor: Option<String>,
    /// The currency of bare sums.
    pub currency: String,
    /// How Markdown is read.
    pub markup: markup::Options,
    /// After how long a page is stale, where nothing else is said.
    pub review_default: Option<Duration>,
    /// The same per type.
    pub review_every: BTreeMap<Type, Duration>,
    /// Rules whose severity was set; none means off.
    pub severities: BTreeMap<Rule, Option<Severity>>,
    /// Tables of mystery visits, each with the place that names it.
    pub visits: Vec<(RelPath, Span)>,
    /// Audience names and what they mean.
    pub audiences: BTreeMap<String, String>,
    /// The file itself.
    pub source: Source,
}

/// The name of the file.
pub const BOOK: &str = "book.toml";

impl Settings {
    /// Reads `book.toml`. An error only where it is no TOML at all; everything else is a finding.
    pub fn read(source: Source) -> Result<(Settings, Vec<Diagnostic>), TomlError> {
        let node = parse_toml(&source.text)?;
        Ok(Settings::decode(&node, source))
    }

    /// The settings that hold where nothing is set; `source` is the text in which that might have been.
    pub fn unset(source: Source) -> Settings {
        Settings::decode(&Node { span: Span::default(), shape: Shape::Map(Vec::new()) }, source).0
    }

    fn decode(node: &Node<'_>, source: Source) -> (Settings, Vec<Diagnostic>) {
        let mut cx = Decoder::new(&source, markup::Options::default());
        cx.opening = Some(Span::new(0, source.text.lines().next().unwrap_or("").len()));
        let book = Book::read(node, &mut cx);
        let settings = Reader { cx: &mut cx }.settings(&book, source.clone());
        let found = std::mem::take(&mut cx.diagnostics);
        (settings, found)
    }

    /// How serious a rule's findings are here; none where it is off.
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        self.severities.get(&rule).copied().unwrap_or(Some(rule.default_severity()))
    }

    /// After how long a page of a type is stale.
    pub fn review_every(&self, kind: Type) -> Option<Duration> {
        self.review_every.get(&kind).copied().or(self.review_default)
    }

    /// The address that opens a file, given by its full path, at a place in the author's editor.
    pub fn editor_url(&self, file: &str, at: Position) -> Option<String> {
        let path = markup::encode_path(&file.replace('\\', "/"));
        let url = self.editor.as_ref()?.replace("{path}", path.trim_start_matches('/'));
        Some(url.replace("{line}", &at.line.to_string()).replace("{column}", &at.column.to_string()))
    }

    /// The edit link of a file.
    pub fn edit_url(&self, path: &RelPath) -> Option<String> {
        let repository = self.repository.as_deref().unwrap_or("").trim_end_matches('/');
        let url = self.edit.as_ref()?.replace("{repository}", repository).replace("{path}", &markup::encode_path(path.as_str()));
        matches!(parse_address(&url), Ok(Address::Outside(_))).then_some(url)
    }
}

/// Schemes of editors, by list: a link with any other could be a script.
const EDITORS: [&str; 14] = [
    "cursor",
    "emacs",
    "idea",
    "jetbrains",
    "mvim",
    "nova",
    "phpstorm",
    "pycharm",
    "subl",
    "txmt",
    "vscode",
    "vscode-insiders",
    "vscodium",
    "zed",
];
/// Editors that listen on this machine.
const LOCAL_EDITORS: [&str; 2] = ["http://localhost:", "http://127.0.0.1:"];

struct Reader<'c, 's> {
    cx: &'c mut Decoder<'s>,
}

impl Reader<'_, '_> {
    fn settings(&mut self, book: &Book, source: Source) -> Settings {
        let content = self.folder(book.content.as_ref(), "content");
        let output = self.output(book, &content);
        let (review_default, review_every) = self.reviews(book);
        Settings {
            content_span: book.content.as_ref().map_or(Span::default(), |content| content.span),
            title: text(&book.title).unwrap_or_else(|| "Handbook".into()),
            language: if book.language == Some(BookLanguage::Nl) { Language::Nl } else { Language::En },
            theme: self.theme(book.theme.as_ref()),
            theme_span: book.theme.as_ref().map_or(Span::default(), |theme| theme.span),
            base_url: self.web(book.base_url.as_ref()).map(|url| format!("{}/", url.trim_end_matches('/'))),
            repository: self.web(book.repository.as_ref()),
            edit: self.edit(book),
            authors: if book.authors == Some(true) { Authors::Named } else { Authors::Unnamed },
            editor: self.editor(book.editor.as_ref()),
            currency: self.currency(book),
            markup: markup::Options {
                language: if book.language == Some(BookLanguage::Nl) { Language::Nl } else { Language::En },
                html: if book.allow_html == Some(true) { RawHtml::Kept } else { RawHtml::Removed },
            },
            review_default,
            review_every,
            severities: self.severities(book),
            visits: self.visits(book),
            audiences: book.audiences.iter().map(|(name, meaning)| (name.text.to_string(), meaning.text.to_string())).collect(),
            content,
            output,
            source,
        }
    }

    fn path(&mut self, written: &Plain) -> Option<RelPath> {
        match RelPath::new(&written.text) {
            Ok(path) => Some(path),
            Err(why) => {
                let message = match why {
                    PathError::Outside => format!("`{}` leads out of the handbook's folder", written.text),
                    PathError::Malformed => "this is no path".to_owned(),
                };
                self.cx.report(Rule::PathOutsideRoot, written.span, message).help =
                    Some("Name a path inside the folder that holds book.toml.".into());
                None
            }
        }
    }

    fn folder(&mut self, written: Option<&Plain>, default: &str) -> RelPath {
        let path = written.and_then(|written| self.path(written));
        path.or_else(|| RelPath::new(default).ok()).unwrap_or_else(RelPath::root)
    }

    fn output(&mut self, book: &Book, content: &RelPath) -> RelPath {
        let output = self.folder(book.output.as_ref(), "public");
        let clashes = output == *content || output.below(content).is_some() || content.below(&output).is_some();
        // Each has a name of its own where none is written; so what is written is what is wrong.
        if let (true, Some(written)) = (clashes, book.output.as_ref().or(book.content.as_ref())) {
            let [output, content] = [&output, content].map(|path| if *path == RelPath::root() { "." } else { path.as_str() });
            let message = format!("the output folder `{output}` and the content folder `{content}` lie in one another");
            self.cx.report(Rule::PathOutsideRoot, written.span, message).help =
                Some("Write the site to a folder beside the content, such as `public`.".into());
        }
        output
    }

    /// The theme's folder; nothing written is none.
    fn theme(&mut self, written: Option<&Plain>) -> Option<RelPath> {
        let written = written.filter(|written| !written.text.trim().is_empty())?;
        let folder = self.path(written)?;
        if folder == RelPath::root() {
            self.cx.report(Rule::PathOutsideRoot, written.span, "the handbook's own folder is no theme".to_owned()).help =
                Some("Put the theme's files into a folder beside the content, such as `theme`.".into());
            return None;
        }
        Some(folder)
    }

    fn web(&mut self, written: Option<&Plain>) -> Option<String> {
        let written = written?;
        match parse_address(&written.text) {
            Ok(Address::Outside(url)) if url.starts_with("http") => Some(url),
            _ => {
                self.cx.report(Rule::WrongKind, written.span, format!("`{}` is no web address", written.text)).help =
                    Some("Write it in full, with `https://`.".into());
                None
            }
        }
    }

    fn edit(&mut self, book: &Book) -> Option<String> {
        let written = book.edit.as_ref()?;
        let repository = book.repository.as_ref().map(|repository| &*repository.text);
        let filled = written.text.replace("{path}", "x");
        let filled = repository.map_or_else(|| filled.clone(), |repository| filled.replace("{repository}", repository));
        let message = match parse_address(&filled) {
            _ if filled.contains("{repository}") => format!("`{}` needs the setting `repository`", written.text),
            Ok(Address::Outside(_)) if !filled.contains(['{', '}']) => return Some(written.text.to_string()),
            _ => format!("`{}` is no address of a page to edit", written.text),
        };
        self.cx.report(Rule::WrongKind, written.span, message).help =
            Some("Write a web address with `{repository}` and `{path}` in it, such as `{repository}/edit/main/{path}`.".into());
        None
    }

    fn editor(&mut self, written: Option<&Plain>) -> Option<String> {
        let written = written?;
        let scheme = written.text.split(':').next().unwrap_or("");
        let local = LOCAL_EDITORS.iter().any(|start| written.text.starts_with(start));
        let known = local || EDITORS.contains(&scheme);
        if known && written.text.contains("{path}") && !written.text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Some(written.text.to_string());
        }
        let message = match known {
            true => format!("`{}` does not say where the file's path goes", written.text),
            false => format!("`{}` is no address of an editor", written.text),
        };
        self.cx.report(Rule::UnknownValue, written.span, message).help =
            Some(format!("Write it as `vscode://file/{{path}}:{{line}}:{{column}}`; it may begin with {}.", EDITORS.join(", ")));
        None
    }

    fn currency(&mut self, book: &Book) -> String {
        let Some(written) = &book.currency else { return "EUR".into() };
        if written.text.len() != 3 || !written.text.bytes().all(|b| b.is_ascii_uppercase()) {
            self.cx.report(Rule::UnknownValue, written.span, format!("`{}` is no currency code", written.text)).help =
                Some("Write three capital letters, such as `EUR`.".into());
            return "EUR".into();
        }
        written.text.to_string()
    }

    fn reviews(&mut self, book: &Book) -> (Option<Duration>, BTreeMap<Type, Duration>) {
        let mut default = None;
        let mut per_type = BTreeMap::new();
        for (name, every) in book.review_every.iter() {
            match Type::named(&name.text) {
                Some(kind) => drop(per_type.insert(kind, *every)),
                None if &*name.text == "default" => default = Some(*every),
                None => self.unknown(name, "type", Type::ALL.iter().map(|kind| kind.name()).chain(["default"])),
            }
        }
        (default, per_type)
    }

    fn severities(&mut self, book: &Book) -> BTreeMap<Rule, Option<Severity>> {
        let mut severities = BTreeMap::new();
        for (name, severity) in book.rules.iter() {
            match Rule::named(&name.text) {
                Some(rule) => drop(severities.insert(rule, severity.severity())),
                None => self.unknown(name, "rule", Rule::ALL.iter().map(|rule| rule.name())),
            }
        }
        severities
    }

    fn visits(&mut self, book: &Book) -> Vec<(RelPath, Span)> {
        let written: Vec<&Plain> = book.data.iter().flat_map(|data| data.visits.iter()).collect();
        written.into_iter().filter_map(|written| self.path(written).map(|path| (path, written.span))).collect()
    }

    fn unknown<'n>(&mut self, name: &Plain, what: &str, known: impl Iterator<Item = &'n str>) {
        let near = nearest(&name.text, known);
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        self.cx.report(Rule::UnknownField, name.span, format!("no {what} `{}`{hint}", name.text)).suggestion = near.map(Into::into);
    }
}

fn text(plain: &Option<Plain>) -> Option<String> {
    plain.as_ref().map(|plain| plain.text.to_string())
}
