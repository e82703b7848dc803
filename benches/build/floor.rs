//! The floor: what the machine takes for reading the inputs, for bare Markdown, and for writing the same output.
use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;

use crate::{Outcome, sites};

/// Does it with as many threads as cores, and prints the nanoseconds for reading with rendering, and for writing.
pub fn run(content: &Path, site: Option<&Path>, out: &Path) -> Outcome {
    let site = site.map(load).transpose()?.unwrap_or_default();
    rayon::broadcast(|_| ());
    let start = Instant::now();
    let inputs = sites::files(content);
    let bytes: usize = inputs.par_iter().map(|path| render(path)).sum();
    let rendered = start.elapsed();
    black_box(bytes);
    write(&site, out)?;
    println!("{} {}", rendered.as_nanos(), (start.elapsed() - rendered).as_nanos());
    Ok(())
}

type Loaded = Vec<(PathBuf, Vec<u8>)>;

/// The files of the site are in memory before the clock starts: making them is what is being compared.
fn load(site: &Path) -> Outcome<Loaded> {
    let files = sites::files(site).into_iter();
    files.map(|path| Ok((path.strip_prefix(site)?.to_owned(), fs::read(&path)?))).collect()
}

fn render(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap_or_default();
    let body = text.split_once("\n---\n").map_or(&*text, |(_, body)| body);
    let mut out = String::with_capacity(body.len() * 3 / 2);
    html::push_html(&mut out, Parser::new_ext(body, syntax()));
    black_box(&out).len()
}

/// The same syntax that journeybook reads.
fn syntax() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

fn write(site: &Loaded, out: &Path) -> Outcome {
    let folders: BTreeSet<PathBuf> = site.iter().filter_map(|(path, _)| path.parent()).map(|folder| out.join(folder)).collect();
    for folder in folders {
        fs::create_dir_all(folder)?;
    }
    Ok(site.par_iter().try_for_each(|(path, bytes)| fs::write(out.join(path), bytes))?)
}
