//! One save after another, each waited for until its page shows it.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::preview::Preview;

/// The pages that are saved in turns: some of each folder.
const OF_EACH: usize = 3;
const FOLDERS: [&str; 4] = ["personas", "journeys", "touchpoints", "improvements"];
/// Memory is noted after the first save, and then so often in a series.
const NOTES: usize = 8;

/// Where a series ends.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub saves: usize,
    pub minutes: u64,
}

/// What was measured of a preview.
#[derive(Debug)]
pub struct Series {
    pub first_page: Duration,
    /// From before a file is written to after its page's new bytes are read.
    pub saves: Vec<Duration>,
    /// After how many saves it held how many bytes of memory.
    pub resident: Vec<(usize, u64)>,
}

/// A page that is saved.
struct Page {
    file: PathBuf,
    address: String,
    text: String,
}

/// Saves until one of the bounds is reached.
pub fn run(preview: &mut Preview, folder: &Path, bounds: Bounds) -> Outcome<Series> {
    let pages = pages(&folder.join("content"))?;
    let mut series = Series { first_page: preview.first_page, saves: Vec::new(), resident: Vec::new() };
    let begun = Instant::now();
    let every = bounds.saves.div_ceil(NOTES).max(1);
    for (number, page) in (1..=bounds.saves).zip(pages.iter().cycle()) {
        if begun.elapsed() > Duration::from_secs(bounds.minutes * 60) {
            break;
        }
        series.saves.push(save(preview, page, number)?);
        if number == 1 || number.is_multiple_of(every) {
            series.resident.extend(preview.resident().map(|bytes| (number, bytes)));
        }
    }
    Ok(series)
}

fn save(preview: &Preview, page: &Page, number: usize) -> Outcome<Duration> {
    // The page is open before it is saved.
    preview.get(&page.address)?;
    let words = format!("These words were saved as number {number}.");
    let text = format!("{}\n\n{words}\n", page.text);
    let begun = Instant::now();
    fs::write(&page.file, text)?;
    preview.until(&page.address, &words)?;
    Ok(begun.elapsed())
}

fn pages(content: &Path) -> Outcome<Vec<Page>> {
    let mut pages = Vec::new();
    for folder in FOLDERS {
        let mut files: Vec<PathBuf> =
            fs::read_dir(content.join(folder))?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files.into_iter().filter(|file| !file.ends_with("index.md")).take(OF_EACH) {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            pages.push(Page { text: fs::read_to_string(&file)?, address: format!("/{folder}/{name}.html"), file });
        }
    }
    Ok(pages)
}
