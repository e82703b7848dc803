//! What was most likely meant as Markdown and is none: half links, boxes and notes that do not exist. It is shown as text, so it is said.
use std::ops::Range;

use crate::base::{HashSet, nearest};

/// Something that looks like Markdown and is not.
#[derive(Debug, Clone)]
pub struct Slip {
    /// What it is.
    pub kind: SlipKind,
    /// Bytes of the parsed text that hold it.
    pub span: Range<usize>,
}

/// The sorts of [`Slip`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipKind {
    /// `[[id]` or `[[id`, if that is an id.
    HalfLink,
    /// A link whose parts are not joined as they have to be, and how it is written.
    Link(String),
    /// The kind of a box that there is not, and the one that is near.
    Callout(Option<&'static str>),
    /// The mark of a note that there is not.
    Note,
}

/// The kinds of boxes that begin with `> [!NOTE]`.
pub const CALLOUTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

/// The slips in the runs of plain text that were found in a text.
pub(super) fn find(text: &str, runs: &[Range<usize>]) -> Vec<Slip> {
    let mut slips = Vec::new();
    for run in runs {
        let Some(plain) = text.get(run.clone()) else { continue };
        let (mut at, mut depth) = (0, 0);
        while let Some(open) = plain[at..].find(['[', '(']).map(|open| at + open) {
            let escaped = text[..run.start + open].ends_with('\\');
            depth = deeper(depth, &plain[at..open]);
            let found = (!escaped).then(|| slip_at(&plain[open..], depth)).flatten();
            let length = found.as_ref().map_or(1, |(length, _)| *length);
            depth = deeper(depth, &plain[open..open + length]);
            match found {
                Some((_, SlipKind::Link(mend))) if plain[..open].ends_with('!') => {
                    slips.push(Slip { kind: SlipKind::Link(format!("!{mend}")), span: run.start + open - 1..run.start + open + length });
                }
                Some((_, kind)) => slips.push(Slip { kind, span: run.start + open..run.start + open + length }),
                None => {}
            }
            at = open + length;
        }
    }
    // In a text without any note, `[^2]` is as likely a power or a pattern. A note that several marks lead to is missed once.
    let has_notes = text.lines().any(|line| line.trim_start().strip_prefix("[^").is_some_and(|note| note.contains("]:")));
    let mut missed: HashSet<&str> = HashSet::default();
    slips.retain(|slip| slip.kind != SlipKind::Note || has_notes && missed.insert(&text[slip.span.clone()]));
    slips
}

/// How many square brackets are open behind a text, of which so many were before it.
fn deeper(depth: usize, text: &str) -> usize {
    text.bytes().fold(depth, |depth, byte| match byte {
        b'[' => depth + 1,
        b']' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// The slip that a text begins with, and how long it is; before it so many brackets are open.
fn slip_at(text: &str, depth: usize) -> Option<(usize, SlipKind)> {
    half_link(text, depth).or_else(|| note(text)).or_else(|| parted(text)).or_else(|| turned(text)).or_else(|| spaced(text))
}

/// `[[id]`, `[[id`, `[id]]`. Whether it is an id is for others to know.
fn half_link(text: &str, depth: usize) -> Option<(usize, SlipKind)> {
    if let Some(inner) = text.strip_prefix("[[") {
        let end = inner.find([']', '[']).unwrap_or(inner.len());
        let length = 2 + end + usize::from(inner[end..].starts_with(']'));
        return (!inner[end..].starts_with("]]") && !inner[..end].trim().is_empty()).then_some((length, SlipKind::HalfLink));
    }
    // Where another bracket is open, one of the two closes that.
    let inner = text.strip_prefix('[').filter(|_| depth == 0)?;
    let end = inner.find([']', '['])?;
    (end > 0 && inner[end..].starts_with("]]")).then_some((1 + end + 2, SlipKind::HalfLink))
}

/// `[^1]` where no note has that mark.
fn note(text: &str) -> Option<(usize, SlipKind)> {
    let label = text.strip_prefix("[^")?;
    let end = label.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))?;
    let behind = label[end..].strip_prefix(']')?;
    // What is followed by a colon was meant as the note itself.
    (end > 0 && !behind.trim_start().starts_with(':')).then_some((2 + end + 1, SlipKind::Note))
}

/// `[text] (target.md)`.
fn parted(text: &str) -> Option<(usize, SlipKind)> {
    let (label, rest) = within(text, '[', ']')?;
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let (target, _) = within(&rest[spaces..], '(', ')').filter(|_| spaces > 0)?;
    let length = label.len() + 2 + spaces + target.len() + 2;
    is_target(target).then(|| (length, SlipKind::Link(format!("[{label}]({target})"))))
}

/// `(text)[target.md]`.
fn turned(text: &str) -> Option<(usize, SlipKind)> {
    let (label, rest) = within(text, '(', ')')?;
    let (target, behind) = within(rest, '[', ']')?;
    let length = label.len() + target.len() + 4;
    (is_target(target) && !behind.starts_with('(')).then(|| (length, SlipKind::Link(format!("[{label}]({target})"))))
}

/// `[text](a page.md)`, and `[text](page.md` to which the end is missing.
fn spaced(text: &str) -> Option<(usize, SlipKind)> {
    let (label, rest) = within(text, '[', ']')?;
    let inner = rest.strip_prefix('(')?;
    let Some((target, _)) = within(rest, '(', ')') else {
        let target = inner.split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')')).next().unwrap_or("");
        let target = target.trim_end_matches(['.', ',', ';', ':']);
        return is_target(target).then(|| (label.len() + 3 + target.len(), SlipKind::Link(format!("[{label}]({target})"))));
    };
    let is_path = target.contains(' ') && !target.contains(['"', '\'', '“', '‘']) && is_target(&target.replace(' ', "-"));
    is_path.then(|| (label.len() + target.len() + 4, SlipKind::Link(format!("[{label}](<{target}>)"))))
}

/// What stands between two brackets at the start of a text, and what follows.
fn within(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(['[', ']', '(', ')'])?;
    (end > 0 && inner[end..].starts_with(close)).then(|| (&inner[..end], &inner[end + 1..]))
}

/// Whether a word can only be an address or a file. Web addresses are made into links wherever they stand.
fn is_target(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["md", "html", "csv", "pdf", "png", "jpg", "jpeg", "svg", "webp"];
    if word.contains(char::is_whitespace) || word.contains("://") || word.starts_with("www.") {
        return false;
    }
    let path = word.split('#').next().unwrap_or("");
    let ending = path.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, ending)| ending);
    ENDINGS.contains(&ending.to_lowercase().as_str())
        || ["../", "./", "mailto:", "tel:"].iter().any(|start| word.starts_with(start))
        || (word.starts_with('#') && word.len() > 2 && !word[1..].bytes().all(|b| b.is_ascii_digit()))
}

/// The box that begins with the text of a quote, if there is no such kind of box.
pub(super) fn callout(text: &str, at: usize) -> Option<Slip> {
    let line = text.get(at..)?.lines().next()?;
    let word = line.strip_prefix("[!")?.trim_end().strip_suffix(']')?;
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let near = nearest(word, CALLOUTS);
    let span = at + 2..at + 2 + word.len();
    is_word.then_some(Slip { kind: SlipKind::Callout(near), span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slips(text: &str) -> Vec<(&str, SlipKind)> {
        find(text, std::slice::from_ref(&(0..text.len()))).into_iter().map(|slip| (&text[slip.span], slip.kind)).collect()
    }

    #[test]
    fn half_links_are_found_whole() {
        for (text, half) in [("a [[anna] b", "[[anna]"), ("a [anna]] b", "[anna]]"), ("a [[anna goes", "[[anna goes"), ("[[a|b]", "[[a|b]")]
        {
            assert_eq!(slips(text), [(half, SlipKind::HalfLink)]);
        }
    }

    #[test]
    fn links_are_found_that_lack_something() {
        let link = |mend: &str| SlipKind::Link(mend.to_owned());
        assert_eq!(slips("see [a] (b.md), c"), [("[a] (b.md)", link("[a](b.md)"))]);
        assert_eq!(slips("see (a b)[../c.md#d]."), [("(a b)[../c.md#d]", link("[a b](../c.md#d)"))]);
        assert_eq!(slips("see [a](b c.md)."), [("[a](b c.md)", link("[a](<b c.md>)"))]);
        assert_eq!(slips("see ![a] (b.png)"), [("![a] (b.png)", link("![a](b.png)"))]);
        assert_eq!(slips("see [a](b.md, and"), [("[a](b.md", link("[a](b.md)"))]);
    }

    #[test]
    fn ordinary_brackets_are_left_alone() {
        for text in [
            "[sic] (see above)",
            "f(x)[i]",
            "(a)[b]",
            "[a] (e.g. b)",
            "[1] (2)",
            "[^a b]",
            "[^a-z] matches, x[^2]",
            "the list [a, [bar]] is nested",
            "[ ] (x.md and y)",
            "[a](b",
            r"\[a] (b.md)",
            "(a) [b.md]",
        ] {
            assert_eq!(slips(text), [], "{text}");
        }
    }
}
