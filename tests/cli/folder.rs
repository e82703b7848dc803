//! Small handbooks in folders of their own.
use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The day that all tests are run on.
pub const TODAY: &str = "2026-11-25";

/// A handbook of these files, besides a `book.toml`.
pub fn handbook(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let book = ("book.toml", "title = \"T\"\n[audiences]\nstaff = \"Us\"\n");
    let home = ("content/index.md", "---\ntitle: Home\n---\n");
    for (path, text) in [book, home].iter().chain(files) {
        write(folder.path(), path, text);
    }
    folder
}

pub fn write(folder: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
