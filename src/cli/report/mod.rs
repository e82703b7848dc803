//! Findings made readable: for people, for editors, for CI. The one place that knows how.
mod human;
mod json;
mod place;
mod sarif;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::base::{Diagnostic, RelPath, Severity, Source, Span, plain};
use place::{Place, Places};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// With the source line, for people
    Human,
    /// One line each
    Short,
    /// One object, for programs
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// The worst that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Errors,
    Warnings,
    Advice,
    Nothing,
}

/// The findings of one run, and the texts they speak of.
pub(super) struct Report<'a> {
    findings: &'a [Diagnostic],
    sources: BTreeMap<&'a RelPath, &'a Source>,
    /// Where the lines of the files begin that were spoken of.
    places: RefCell<BTreeMap<RelPath, Places<'a>>>,
    files: usize,
}

impl<'a> Report<'a> {
    /// A report on findings (sorted by file and place) of so many files.
    pub fn new(findings: &'a [Diagnostic], sources: &'a [Source], files: usize) -> Report<'a> {
        let sources = sources.iter().map(|source| (&source.path, source)).collect();
        Report { findings, sources, places: RefCell::default(), files }
    }

    /// The findings in a format, each line ended.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Human => self.each(human::finding),
            Format::Short => self.each(short),
            Format::Github => self.each(github),
            Format::Json => json::report(self),
            Format::Sarif => sarif::report(self),
        }
    }

    /// The findings that make a build fail or could, for people.
    pub fn render_wrong(&self) -> String {
        let wrong = self.findings.iter().filter(|finding| finding.severity != Severity::Advice);
        self.places(wrong).map(|(finding, place)| human::finding(self, finding, &place)).collect()
    }

    /// The worst that was found.
    pub fn verdict(&self) -> Verdict {
        match self.findings.iter().map(|finding| finding.severity).min() {
            Some(Severity::Error) => Verdict::Errors,
            Some(Severity::Warning) => Verdict::Warnings,
            Some(Severity::Advice) => Verdict::Advice,
            None => Verdict::Nothing,
        }
    }

    /// How many findings are that serious.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many were found of each sort: `2 errors, 1 warning`.
    pub fn counts(&self) -> String {
        let some = [
            counted(self.count(Severity::Error), "error", "errors"),
            counted(self.count(Severity::Warning), "warning", "warnings"),
            counted(self.count(Severity::Advice), "piece of advice", "pieces of advice"),
        ];
        let some: Vec<String> = some.into_iter().flatten().collect();
        if some.is_empty() { "nothing to mend".to_owned() } else { some.join(", ") }
    }

    /// The last line: what was found, and what to look at first.
    pub fn summary(&self) -> String {
        let files = counted(self.files, "file", "files").unwrap_or_else(|| "no files".to_owned());
        let worst = self.findings.iter().min_by_key(|finding| finding.severity);
        let Some((first, place)) = self.places(worst.into_iter()).next() else {
            return format!("{files}: nothing to mend.\n");
        };
        let at = format!("{}:{}:{}", first.file, place.start.line, place.start.column);
        let rule = first.rule.name();
        plain(&format!("{files}: {}. Look first at {at}; `journeybook explain {rule}` says why.", self.counts())) + "\n"
    }

    fn each(&self, write: fn(&Report<'a>, &Diagnostic, &Place) -> String) -> String {
        self.placed().map(|(finding, place)| write(self, finding, &place)).collect()
    }

    /// The findings with their lines and columns.
    fn placed(&self) -> impl Iterator<Item = (&'a Diagnostic, Place)> {
        self.places(self.findings.iter())
    }

    /// Some of the findings, in their order, with their lines and columns.
    fn places(&self, findings: impl Iterator<Item = &'a Diagnostic>) -> impl Iterator<Item = (&'a Diagnostic, Place)> {
        findings.map(|finding| (finding, self.place(&finding.file, finding.span)))
    }

    /// The lines and columns of a span.
    fn place(&self, file: &RelPath, span: Span) -> Place {
        let mut places = self.places.borrow_mut();
        if let Some(places) = places.get_mut(file) {
            return places.place(span);
        }
        places.entry(file.clone()).or_insert(Places::of(self.text(file))).place(span)
    }

    /// The text of a file; empty where it could not be read.
    fn text(&self, file: &RelPath) -> &'a str {
        self.sources.get(file).map_or("", |source| &source.text)
    }
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    }
}

fn short(_: &Report<'_>, finding: &Diagnostic, place: &Place) -> String {
    let (line, column) = (place.start.line, place.start.column);
    let said = format!("{}:{line}:{column}: {}[{}] {}", finding.file, finding.severity, finding.rule.name(), finding.message);
    plain(&said) + "\n"
}

/// A workflow command. GitHub shows annotations on lines that exist, so the end is told only where it lies on the same line.
fn github(_: &Report<'_>, finding: &Diagnostic, place: &Place) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let end = match place.end.line == place.start.line {
        true => format!(",endLine={},endColumn={}", place.end.line, place.end.column),
        false => format!(",endLine={}", place.end.line),
    };
    let file = property(finding.file.as_str());
    let (line, column, rule) = (place.start.line, place.start.column, finding.rule.name());
    let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    format!("::{command} file={file},line={line},col={column}{end},title={rule}::{}\n", data(&format!("{}{help}", finding.message)))
}

/// The text of a workflow command, in which a line's end would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command, which besides ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
