//! Random mutations of the sample handbooks: nothing panics, nothing hangs, and every finding stands inside its file.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journeybook::base::{RelPath, Source};
use journeybook::document::Document;
use journeybook::handbook::{Corpus, Handbook, History, Scope, Settings};
use journeybook::markup::Options;
use journeybook::tree::{Disk, Memory, Tree};

/// A generator of our own, so that a failure is the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "---\n",
    "+++\n",
    "[[",
    "]]",
    "|",
    "'",
    "\"",
    ": ",
    "- ",
    "\n",
    "\r\n",
    "\u{feff}",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a ",
    "!t ",
    "#",
    "`",
    "~~~",
    "<b>",
    "<!--",
    "\\",
    "\\u00",
    "é",
    "👩‍💻",
    "\u{301}",
    "\t",
    "    ",
    ">",
    "](",
    "[^1]",
    "[^1]: x\n",
    "https://x.example/",
    "javascript:",
    "\0",
    "%",
    "//",
    "../",
    "type: ",
    "id: ",
    "title: ",
    "1e999",
    "-",
    "|\n",
    ">-\n",
    "? ",
    "{#a}",
    "was: [x]\n",
    "\u{2028}",
];

fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut out = text.to_owned();
    for _ in 0..=dice.roll(6) {
        let at = boundary(&out, dice.roll(out.len() + 1));
        match dice.roll(5) {
            0 | 1 => out.insert_str(at, PIECES[dice.roll(PIECES.len())]),
            2 => {
                let end = boundary(&out, (at + dice.roll(40)).min(out.len()));
                out.replace_range(at.min(end)..end, "");
            }
            3 => {
                let end = boundary(&out, (at + dice.roll(200)).min(out.len()));
                let copy = out[at.min(end)..end].to_owned();
                let to = boundary(&out, dice.roll(out.len() + 1));
                out.insert_str(to, &copy);
            }
            _ => out.truncate(at),
        }
    }
    out
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn sample(root: &str) -> Vec<(RelPath, Vec<u8>)> {
    let tree = Disk::new(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(root)).unwrap();
    let list = ["content", "data"].map(|folder| tree.list(&RelPath::new(folder).unwrap()).files).concat();
    let files = list.into_iter().chain([RelPath::new("book.toml").unwrap()]);
    files.map(|path| (path.clone(), tree.read(&path, u64::MAX).unwrap_or_default())).collect()
}

fn check(handbook: &Handbook, files: &[(RelPath, Vec<u8>)], round: usize) {
    for finding in &handbook.diagnostics {
        let text = files.iter().find(|(path, _)| *path == finding.file).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let Some(text) = text else { continue };
        assert!(text.get(finding.span.range()).is_some(), "round {round}: {finding:?}");
        for label in finding.labels.iter().filter(|label| label.file == finding.file) {
            assert!(text.get(label.span.range()).is_some(), "round {round}: {label:?}");
        }
    }
}

#[test]
fn mutated_files_are_read_and_linked() {
    let rounds: usize = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    for root in ["tests/handbooks/de-linde", "."] {
        let files = sample(root);
        assert!(files.len() > 10);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for round in 0..rounds {
            let mut changed = files.clone();
            for _ in 0..=dice.roll(8) {
                let at = dice.roll(changed.len());
                let text = String::from_utf8_lossy(&changed[at].1).into_owned();
                changed[at].1 = mutate(&text, &mut dice).into_bytes();
            }
            let Ok(corpus) = Corpus::read(&Memory::new(changed.iter().cloned())) else { continue };
            for scope in [Scope::default(), Scope::everything()] {
                check(&Handbook::link(&corpus, scope, Arc::new(History::default())), &changed, round);
            }
        }
    }
}

#[test]
fn mutated_texts_alone_are_read() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading/cases");
    let mut texts: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(seeds).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        texts.extend(text.split("=== ").filter_map(|file| file.split_once('\n')).map(|(_, text)| text.to_owned()));
    }
    texts.sort();
    let (content, path) = (RelPath::new("content").unwrap(), RelPath::new("content/journeys/x.md").unwrap());
    let mut dice = Dice(42);
    let rounds: usize = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse::<usize>().ok()).unwrap_or(40) * 100;
    for round in 0..rounds {
        let text = mutate(&texts[dice.roll(texts.len())], &mut dice);
        let document = Document::parse(Source::new(path.clone(), text.as_str()), &content, Options::default());
        for span in document.diagnostics.iter().map(|finding| finding.span).chain(document.links.iter().map(|link| link.span)) {
            assert!(text.get(span.range()).is_some(), "round {round}: {span:?} in {text:?}");
        }
        if let Ok((_, found)) = Settings::read(Source::new(RelPath::new("book.toml").unwrap(), text.as_str())) {
            assert!(found.iter().all(|finding| text.get(finding.span.range()).is_some()), "{text:?}");
        }
    }
}
