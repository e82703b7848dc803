//! Handbooks written down in one text, and what is found in them written down in another.
use std::fmt::Write as _;
use std::sync::Arc;

use journeybook::base::{Diagnostic, RelPath, Source};
use journeybook::handbook::{Corpus, CorpusError, Handbook, History, Scope};
use journeybook::tree::{Memory, Tree};

/// A handbook small enough to be known by heart, which cases refer to.
pub const BASE: &[(&str, &str)] = &[
    ("content/segments/guests.md", "---\ntitle: Guests\n---\n"),
    ("content/personas/anna.md", "---\ntitle: Anna\ncore_tasks: [Sleep well]\n---\n\n## Her house {#house}\n"),
    ("content/personas/bob.md", "---\ntitle: Bob\n---\n"),
    ("content/channels/web.md", "---\ntitle: Web\n---\n"),
    ("content/departments/desk.md", "---\ntitle: Desk\n---\n"),
    (
        "content/touchpoints/front-desk.md",
        "---\ntitle: Front desk\nchannel: web\nbehaviours:\n  - {id: smile, text: Smile}\n---\n\n## Tone of voice\n",
    ),
    ("content/principles/calm.md", "---\ntitle: Calm\nstatement: Be calm\n---\n"),
    ("content/evidence/survey.md", "---\ntitle: Survey\nmethod: survey\ndate: 2026-01-01\n---\n"),
    ("content/frameworks/goal.md", "---\ntitle: Goal\nphases:\n  - title: Decide\n    steps: [{title: Look around}]\n---\n"),
    ("content/roadmaps/plan.md", "---\ntitle: Plan\nphases: [{title: Explore}]\n---\n"),
    (
        "content/journeys/trip.md",
        "---\ntitle: Trip\npersonas: anna\nphases:\n  - title: Before\n    steps:\n      - title: Pack\n      - title: Check in\n---\n\n## Packing {#pack}\n",
    ),
    ("content/improvements/faster.md", "---\ntitle: Faster\nsolves: trip/pack\nproblem: Slow\n---\n"),
];

/// One case: its name and its files.
pub struct Case {
    pub name: String,
    pub files: Vec<(RelPath, Vec<u8>)>,
}

impl Case {
    /// Takes a text with `#### name` and `=== path (flags)` lines apart. Flags: `crlf`, `bom`, `escaped` (`\u{…}`, `\xNN`, `\t`,
    /// `\r`), `no-newline`. The line `=== base` brings the files of [`BASE`].
    pub fn all(text: &str) -> Vec<Case> {
        text.split("#### ").skip(1).map(Case::one).collect()
    }

    fn one(text: &str) -> Case {
        let (name, rest) = text.split_once('\n').unwrap_or((text, ""));
        let mut files: Vec<(String, Vec<u8>)> = vec![("book.toml".into(), b"title = \"Test\"\n".to_vec())];
        for file in rest.split("=== ").skip(1) {
            let (head, text) = file.split_once('\n').unwrap_or((file, ""));
            if head.trim() == "base" {
                files.extend(BASE.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
                continue;
            }
            let (path, flags) = head.split_once(" (").unwrap_or((head, ""));
            let path = String::from_utf8(unescaped(path.trim())).unwrap();
            files.retain(|(known, _)| *known != path);
            files.push((path, bytes(text, flags)));
        }
        let files = files.into_iter().map(|(path, bytes)| (RelPath::new(&path).unwrap(), bytes)).collect();
        Case { name: name.trim().to_owned(), files }
    }
}

fn bytes(text: &str, flags: &str) -> Vec<u8> {
    // The blank line before the next file or case belongs to the layout.
    let mut text = text.strip_suffix("\n\n").map_or_else(|| text.to_owned(), |text| format!("{text}\n"));
    if flags.contains("no-newline") {
        text.truncate(text.trim_end_matches('\n').len());
    }
    if flags.contains("crlf") {
        text = text.replace('\n', "\r\n");
    }
    if flags.contains("bom") {
        text.insert(0, '\u{feff}');
    }
    if flags.contains("escaped") { unescaped(&text) } else { text.into_bytes() }
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        if let Some(more) = rest.strip_prefix("u{") {
            let (hex, more) = more.split_once('}').unwrap();
            out.extend(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap().to_string().bytes());
            rest = more;
        } else if let Some(more) = rest.strip_prefix('x') {
            out.push(u8::from_str_radix(&more[..2], 16).unwrap());
            rest = &more[2..];
        } else if let Some(more) = rest.strip_prefix('t') {
            out.push(b'\t');
            rest = more;
        } else if let Some(more) = rest.strip_prefix('r') {
            out.push(b'\r');
            rest = more;
        } else {
            out.push(b'\\');
        }
    }
    out.extend(rest.as_bytes());
    out
}

/// Reads and links files.
pub fn link(files: &[(RelPath, Vec<u8>)], scope: Scope) -> Result<Handbook, CorpusError> {
    let corpus = Corpus::read(&Memory::new(files.iter().cloned()))?;
    Ok(Handbook::link(&corpus, scope, Arc::new(History::default())))
}

/// Everything there is, drafts too: what `check` looks at.
pub fn everything() -> Scope {
    Scope { everyone: true, drafts: true, ..Scope::default() }
}

/// What is found in a case, one line a finding.
pub fn findings(case: &Case) -> String {
    match link(&case.files, everything()) {
        Ok(handbook) => describe(&handbook, &Memory::new(case.files.iter().cloned())),
        Err(CorpusError::NoBook(why)) => format!("no book: {why}\n"),
        Err(CorpusError::Syntax(source, error)) => {
            let at = source.position(error.span.start);
            format!("book.toml:{}:{}: {}\n", at.line, at.column, error.message)
        }
    }
}

/// Findings as lines, sorted, each with the text that it marks.
pub fn describe(handbook: &Handbook, tree: &dyn Tree) -> String {
    let source = |path: &RelPath| {
        let read = handbook.documents.iter().map(|document| &document.source).find(|source| source.path == *path).cloned();
        read.unwrap_or_else(|| {
            Source::new(path.clone(), String::from_utf8_lossy(&tree.read(path, u64::MAX).unwrap_or_default()).into_owned())
        })
    };
    let mut found: Vec<&Diagnostic> = handbook.diagnostics.iter().collect();
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut out = String::new();
    for finding in found {
        describe_one(finding, &source, &mut out);
    }
    if out.is_empty() { "nothing\n".into() } else { out }
}

fn describe_one(finding: &Diagnostic, source: &dyn Fn(&RelPath) -> Source, out: &mut String) {
    let text = source(&finding.file);
    let (start, end) = (text.position(finding.span.start), text.position(finding.span.end));
    let _ = write!(out, "{}:{}:{}-{}:{}", finding.file, start.line, start.column, end.line, end.column);
    let marked = visible(text.slice(finding.span));
    let _ = writeln!(out, " {}[{}] {}  «{marked}»", finding.severity, finding.rule.name(), finding.message);
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "  help: {help}");
    }
    if let Some(suggestion) = &finding.suggestion {
        let _ = writeln!(out, "  put: {suggestion}");
    }
    for label in &finding.labels {
        let at = source(&label.file).position(label.span.start);
        let _ = writeln!(out, "  see {}:{}:{}: {}", label.file, at.line, at.column, label.text);
    }
}

fn visible(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "␍").replace('\t', "→")
}
