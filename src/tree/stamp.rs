//! Whether a file was written since, without reading it.
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::SystemTime;

/// What the file system says of a file. It differs where the file was written or exchanged; times are never compared as earlier or
/// later, since clocks jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// How many bytes it has.
    pub length: u64,
    modified: Option<SystemTime>,
    /// When the system last noted a change of it, whatever time a program has given it: seconds and nanoseconds.
    noted: (i64, i64),
    place: (u64, u64),
}

impl Stamp {
    /// The stamp of what lies at a path, links followed; none where nothing does.
    pub fn of(path: &Path) -> Option<Stamp> {
        let meta = fs::metadata(path).ok()?;
        Some(Stamp { length: meta.len(), modified: meta.modified().ok(), noted: (meta.ctime(), meta.ctime_nsec()), place: place(&meta) })
    }

    /// Whether two stamps are of one file or folder, whatever was written to it in between.
    pub fn is_same_file(&self, other: &Stamp) -> bool {
        self.place == other.place
    }
}

/// Which file it is: its device and its number there.
fn place(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}
