//! The quiet mark on a page that changed.
use serde::Serialize;

use super::{NAMED, anchor};
use crate::handbook::Ix;
use crate::review::{Fate, Say};
use crate::view::Cx;

/// A quiet mark on the page of what changed.
#[derive(Debug, Serialize)]
pub struct ChangeMark {
    /// What changed, in words.
    pub text: String,
    /// Where all of it is told.
    pub url: String,
}

/// The mark on the page of an entity that changed.
pub fn change_mark(cx: &Cx<'_>, ix: Ix) -> Option<ChangeMark> {
    let comparison = cx.changes?;
    let change = comparison.of(ix)?;
    let say = Say::new(cx.words, &cx.handbook.settings.currency);
    let url = format!("{}#{}", cx.url_to("changes.html"), anchor(change));
    let base = say.revision(&comparison.base);
    if change.fate == Fate::Added {
        return Some(ChangeMark { text: say.with("new_since", "base", &base), url });
    }
    let mut what: Vec<String> = Vec::new();
    let fields = change.rows.iter().map(|row| say.label(row));
    let parts = change.parts.iter().filter_map(|part| part.after.as_ref().or(part.before.as_ref())).map(|part| part.title.clone());
    let prose = change.prose.iter().map(|prose| say.section(prose));
    for name in say.notes(change).into_iter().chain(fields).chain(parts).chain(prose) {
        if !what.contains(&name) {
            what.push(name);
        }
    }
    let more = what.len().saturating_sub(NAMED);
    what.truncate(NAMED);
    what.extend((more > 0).then(|| say.more(more)));
    let text = cx.words.fmt("ui.changes.changed_since", &[("base", &base), ("what", &what.join(", "))]);
    Some(ChangeMark { text, url })
}
