//! Handbooks on disk, with what each program needs beside the content.
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::Outcome;
use crate::generate::{self, BOOK, Dialect, Plan};

/// Writes a handbook, and the settings and templates of the program that it is for.
pub fn generate(plan: &Plan, dialect: Dialect, root: &Path) -> Outcome {
    fs::create_dir_all(root)?;
    match dialect {
        Dialect::Journeybook => fs::write(root.join("book.toml"), BOOK)?,
        Dialect::Hugo => copy(&peer("hugo"), root)?,
        Dialect::Cobalt => copy(&peer("cobalt"), root)?,
    }
    let content = if dialect == Dialect::Cobalt { root.to_owned() } else { root.join("content") };
    Ok(generate::write(plan, dialect, &content)?)
}

fn peer(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(name)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&path, target)?;
    }
    Ok(())
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    walk.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// How many files a folder holds, and how many bytes.
pub fn size(folder: &Path) -> (usize, u64) {
    let files = files(folder);
    let bytes = files.iter().filter_map(|path| path.metadata().ok()).map(|meta| meta.len()).sum();
    (files.len(), bytes)
}
