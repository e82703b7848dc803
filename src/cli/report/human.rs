//! Findings for people: the source line, a mark under what is wrong, and what to do.
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use super::Report;
use super::place::Place;
use crate::base::{Diagnostic, RelPath, Severity, Span, plain};

const WIDTH: usize = 120;
/// A line longer than this is not shown; its place is.
const LONGEST: usize = 4000;

pub(super) fn finding(report: &Report<'_>, finding: &Diagnostic, place: &Place) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let title = level.primary_title(plain(&finding.message)).id(finding.rule.name());
    let mut group = title.element(view(&finding.file, report.text(&finding.file), finding.span, place, AnnotationKind::Primary, None));
    for label in &finding.labels {
        let text = report.text(&label.file);
        let place = report.place(&label.file, label.span);
        group = group.element(view(&label.file, text, label.span, &place, AnnotationKind::Context, Some(plain(&label.text))));
    }
    let group = group.elements(advice(finding));
    Renderer::styled().term_width(WIDTH).render(&[group]) + "\n\n"
}

/// The line that a span begins on with the span marked; just the place where there is no line to show.
fn view(file: &RelPath, text: &str, span: Span, place: &Place, kind: AnnotationKind, label: Option<String>) -> Element<'static> {
    let path = plain(file.as_str());
    match line_of(text, span) {
        Some((line, marked)) => {
            let snippet = Snippet::source(line).line_start(place.start.line).path(path);
            snippet.annotation(kind.span(marked).label(label)).into()
        }
        None => Origin::path(path).line(place.start.line).char_column(place.start.column).into(),
    }
}

fn line_of(text: &str, span: Span) -> Option<(String, Range<usize>)> {
    let range = span.range();
    let bytes = text.as_bytes();
    // No further than a line may be long: thousands of findings may stand on one.
    let (first, last) = (range.start.saturating_sub(LONGEST), bytes.len().min(range.start.saturating_add(LONGEST)));
    let start = match memchr::memrchr(b'\n', bytes.get(first..range.start)?) {
        Some(at) => first + at + 1,
        None => Some(first).filter(|first| *first == 0)?,
    };
    let end = match memchr::memchr(b'\n', &bytes[range.start..last]) {
        Some(at) => range.start + at,
        None => Some(last).filter(|last| *last == bytes.len())?,
    };
    let line = text.get(start..end)?.trim_end_matches('\r');
    let shown = line.trim_start_matches('\u{feff}');
    let within = |offset: usize| offset.clamp(start, start + line.len()).saturating_sub(start + line.len() - shown.len());
    let marked = within(range.start)..within(range.end);
    let whole = shown.is_char_boundary(marked.start) && shown.is_char_boundary(marked.end);
    (whole && !text.is_empty() && shown.len() <= LONGEST).then(|| (shown.to_owned(), marked))
}

/// What to do: the help, and the suggestion where the message does not name it.
fn advice(finding: &Diagnostic) -> Vec<Element<'static>> {
    let named = |text: &str| finding.message.contains(&format!("did you mean `{text}`"));
    let suggestion = finding.suggestion.as_ref().filter(|text| !named(text)).map(|text| format!("write `{text}`"));
    let help = finding.help.iter().cloned().chain(suggestion);
    help.map(|text| Level::HELP.message(plain(&text)).into()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::{Rule, Source};

    fn render(text: &str, start: usize, end: usize) -> String {
        let file = RelPath::new("a.md").unwrap();
        let span = Span::new(start, end);
        let found =
            Diagnostic::new(Rule::WrongKind, &file, span, "no `x`").help("Do.\nThis.").suggest(Some("y")).label(&file, span, "here");
        let (findings, sources) = ([found], [Source::new(file, text)]);
        Report::new(&findings, &sources, 1).render(super::super::Format::Human)
    }

    proptest! {
        #[test]
        fn no_text_and_no_span_is_too_odd(text in "(?s)(\\PC|[\t\n\r\u{0}-\u{1f}\u{7f}\u{200b}\u{feff}日é👩‍👩]){0,60}", start in 0usize..200, length in 0usize..80) {
            let out = render(&text, start, start + length);
            prop_assert!(out.contains("a.md:") && out.contains("Do. This."), "{out}");
        }
    }

    #[test]
    fn a_very_long_line_is_not_shown() {
        let text = format!("{}x{}", "é".repeat(3000), "y".repeat(3000));
        let out = render(&text, 6000, 6001);
        assert!(out.contains("a.md:1:3001") && out.len() < 2000, "{out}");
    }
}
