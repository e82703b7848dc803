//! What the bar in the browser shows: each error with its source line, and the ways to it. Plain data; the browser lays it out.
use serde::Serialize;

use super::scene::{Scene, Trouble};
use crate::base::{Position, RelPath, Source, Span};
use crate::markup::encode_path;
use crate::tree::Disk;

/// Most errors that are listed.
const MOST: usize = 100;
/// The longest part of a line that is shown, in characters.
const LONGEST: usize = 240;

/// What the bar shows.
#[derive(Debug, Serialize)]
pub struct Problems {
    lang: &'static str,
    title: String,
    problems: Vec<Problem>,
    more: String,
}

#[derive(Debug, Serialize)]
struct Problem {
    message: String,
    rule: &'static str,
    place: String,
    excerpt: Excerpt,
    help: Vec<String>,
    links: Vec<Link>,
}

/// The line that an error begins on, cut at the ends of what is wrong.
#[derive(Debug, Default, Serialize)]
struct Excerpt {
    line: usize,
    before: String,
    marked: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct Link {
    title: String,
    url: String,
}

impl Problems {
    /// The errors of a scene.
    pub fn of(scene: &Scene, disk: &Disk) -> Problems {
        let words = scene.site.words();
        let errors = scene.errors();
        let more = errors.len().saturating_sub(MOST);
        Problems {
            lang: scene.site.handbook().settings.language.code(),
            title: words.count("ui.serve.errors", errors.len()),
            problems: errors.iter().take(MOST).map(|trouble| problem(scene, disk, trouble)).collect(),
            more: if more > 0 { words.count("ui.serve.more", more) } else { String::new() },
        }
    }
}

fn problem(scene: &Scene, disk: &Disk, trouble: &Trouble) -> Problem {
    let (finding, words) = (&trouble.finding, scene.site.words());
    let at = trouble.source.position(finding.span.start);
    let named = finding.suggestion.as_ref().filter(|text| !finding.message.contains(&format!("did you mean `{text}`")));
    let suggestion = named.map(|text| words.fmt("ui.serve.write", &[("text", text)]));
    let editor = scene.site.handbook().settings.editor_url(&disk.path(&finding.file).to_string_lossy(), at);
    let page = page_of(scene, &finding.file, finding.span);
    let page = page.map(|(title, url)| Link { title: words.fmt("ui.serve.page", &[("title", &title)]), url });
    let editor = editor.map(|url| Link { title: words.get("ui.serve.editor"), url });
    Problem {
        message: words.told(&finding.message),
        rule: finding.rule.name(),
        place: format!("{}:{}:{}", finding.file, at.line, at.column),
        excerpt: excerpt(&trouble.source, finding.span, at),
        help: finding.help.iter().map(|help| words.told(help)).chain(suggestion).collect(),
        links: page.into_iter().chain(editor).collect(),
    }
}

/// The page that a place in a file belongs to: its title and address.
fn page_of(scene: &Scene, file: &RelPath, span: Span) -> Option<(String, String)> {
    let handbook = scene.site.handbook();
    let node = handbook.node(handbook.entity_at(file, span.start)?);
    Some((node.entity.title.to_string(), format!("/{}", encode_path(node.url.as_str()))))
}

fn excerpt(source: &Source, span: Span, at: Position) -> Excerpt {
    let text = &*source.text;
    let Some(start) = text.get(..span.range().start).map(|before| before.rfind('\n').map_or(0, |at| at + 1)) else {
        return Excerpt::default();
    };
    let end = text[span.range().start..].find('\n').map_or(text.len(), |end| span.range().start + end);
    let stop = span.range().end.clamp(span.range().start, end);
    let (Some(before), Some(marked), Some(after)) =
        (text.get(start..span.range().start), text.get(span.range().start..stop), text.get(stop..end))
    else {
        return Excerpt::default();
    };
    Excerpt { line: at.line, before: last(before.trim_start_matches('\u{feff}')), marked: first(marked), after: first(after.trim_end()) }
}

/// The beginning of a long text.
fn first(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// The end of a long text.
fn last(text: &str) -> String {
    let count = text.chars().count();
    if count <= LONGEST {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(count - LONGEST)).collect()
}
