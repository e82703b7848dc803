//! Paths inside the handbook's root, always relative, always with `/`.
use std::fmt;
use std::sync::Arc;

/// A normalised path below the root: no `.`, no `..`, no leading `/`, parts joined by `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Arc<str>);

/// Why a written path is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// It climbs out of the root, or starts at the top of the disk.
    Outside,
    /// It holds a NUL, or nothing.
    Malformed,
}

impl RelPath {
    /// The root itself.
    pub fn root() -> RelPath {
        RelPath(Arc::from(""))
    }

    /// Normalises a path written relative to the root.
    pub fn new(path: &str) -> Result<RelPath, PathError> {
        RelPath::root().join(path)
    }

    /// A path written relative to this folder, normalised.
    pub fn join(&self, path: &str) -> Result<RelPath, PathError> {
        joined(&self.0, path)
    }

    /// A path written relative to the folder that this file lies in, normalised.
    pub fn beside(&self, path: &str) -> Result<RelPath, PathError> {
        joined(folder(&self.0), path)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts, from the top.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The folder that holds it; the root's is the root.
    pub fn parent(&self) -> RelPath {
        RelPath(Arc::from(folder(&self.0)))
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The last part without its extension.
    pub fn stem(&self) -> &str {
        match self.name().rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => self.name(),
        }
    }

    /// The extension in lower case, without its dot; empty if there is none.
    pub fn extension(&self) -> String {
        match self.name().rsplit_once('.') {
            Some((stem, ext)) if !stem.is_empty() => ext.to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    /// What is left below `folder`, or none if it lies elsewhere.
    pub fn below(&self, folder: &RelPath) -> Option<&str> {
        if folder.0.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(&*folder.0)?.strip_prefix('/')
    }

    /// How a page at this path names another path of the same tree, as text with `/` (not yet percent-encoded).
    pub fn relative_to(&self, page: &RelPath) -> String {
        page.way_to(&self.0)
    }

    /// How a page at this path names another normalised path of the same tree.
    pub fn way_to(&self, to: &str) -> String {
        let mut folder = folder_with_slash(&self.0);
        let mut ups = 0;
        while !to.starts_with(folder) {
            folder = folder_with_slash(&folder[..folder.len() - 1]);
            ups += 1;
        }
        let below = &to[folder.len()..];
        let mut out = String::with_capacity(ups * 3 + below.len());
        for _ in 0..ups {
            out.push_str("../");
        }
        out.push_str(below);
        out
    }
}

/// What stands before the last part of a normalised path, up to and with its slash.
fn folder_with_slash(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or("", |at| &path[..=at])
}

/// What stands before the last part of a normalised path.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path written relative to a normalised folder.
fn joined(folder: &str, path: &str) -> Result<RelPath, PathError> {
    if path.contains('\0') {
        return Err(PathError::Malformed);
    }
    if path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':') {
        return Err(PathError::Outside);
    }
    let mut whole = String::with_capacity(folder.len() + 1 + path.len());
    whole.push_str(folder);
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if whole.is_empty() => return Err(PathError::Outside),
            ".." => whole.truncate(whole.rfind('/').unwrap_or(0)),
            part => {
                if !whole.is_empty() {
                    whole.push('/');
                }
                whole.push_str(part);
            }
        }
    }
    Ok(RelPath(Arc::from(whole)))
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_stay_inside() {
        let page = RelPath::new("content/journeys").unwrap();
        assert_eq!(page.join("../touchpoints/desk.md").unwrap().as_str(), "content/touchpoints/desk.md");
        assert_eq!(page.join("../../../x"), Err(PathError::Outside));
        assert_eq!(page.join("/etc/passwd"), Err(PathError::Outside));
        assert_eq!(page.join("C:\\x"), Err(PathError::Outside));
    }

    #[test]
    fn relative_links() {
        let to = |a: &str, b: &str| RelPath::new(a).unwrap().relative_to(&RelPath::new(b).unwrap());
        assert_eq!(to("journeys/a.html", "journeys/b.html"), "a.html");
        assert_eq!(to("index.html", "journeys/b.html"), "../index.html");
        assert_eq!(to("assets/x.css", "index.html"), "assets/x.css");
        assert_eq!(to("journeys/index.html", "journeys/index.html"), "index.html");
    }

    proptest! {
        #[test]
        fn following_a_relative_link_leads_there(a in "[a-c]{1,2}(/[a-c]{1,2}){0,3}", b in "[a-c]{1,2}(/[a-c]{1,2}){0,3}") {
            let (to, from) = (RelPath::new(&a).unwrap(), RelPath::new(&b).unwrap());
            prop_assert_eq!(from.parent().join(&to.relative_to(&from)).unwrap(), to);
        }
    }
}
