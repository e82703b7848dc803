//! What can be had of front matter that cannot be parsed.
use crate::base::slug;

/// The text after `key:` at the start of a line.
pub(super) fn value<'t>(raw: &'t str, key: &str) -> Option<&'t str> {
    let line = raw.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix([':', '=']))?;
    let text = line.trim().trim_matches(['"', '\'']).trim();
    (!text.is_empty() && text.len() <= 200).then_some(text)
}

/// An id for a stem that may be none.
pub(super) fn id_of(stem: &str) -> String {
    Some(slug(stem))
        .filter(|id| !id.is_empty() && id != "index")
        .unwrap_or_else(|| format!("file-{}", &blake3::hash(stem.as_bytes()).to_hex()[..8]))
}

/// A title made of a stem.
pub(super) fn title_of(stem: &str) -> String {
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
