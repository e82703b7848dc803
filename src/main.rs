//! The `journeybook` command.
use std::sync::Arc;

use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::site::{Page, Site};
use journeybook::theme::Theme;

fn main() {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let out = std::env::args().nth(2);
    let tree = journeybook::tree::Disk::new(root.as_ref()).unwrap();
    let start = std::time::Instant::now();
    let corpus = Corpus::read(&tree).unwrap();
    let read = start.elapsed();
    let handbook = Arc::new(Handbook::link(&corpus, Scope::default(), Arc::new(History::default())));
    let linked = start.elapsed();
    let today = journeybook::base::Date::parse("2026-11-25").unwrap();
    let findings = journeybook::rules::findings(&handbook, today);
    let (theme, wrong) = Theme::load(&tree, handbook.settings.theme.as_ref(), journeybook::site::lexicon(&handbook));
    for w in wrong {
        println!("{w:?}");
    }
    let site = Site::new(handbook.clone(), theme, findings, today);
    if let Some(out) = out {
        use rayon::prelude::*;
        let t = std::time::Instant::now();
        let pages: Vec<_> = site.routes().par_iter().map(|r| (r, site.render(r))).collect();
        println!("render {:?} {}", t.elapsed(), pages.len());
        for (r, p) in pages {
            match p {
                Ok(Page::Bytes(b)) => {
                    let p = std::path::Path::new(&out).join(r.path.as_str());
                    std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                    std::fs::write(p, b).unwrap();
                }
                Ok(Page::CopyOf(f)) => {
                    let p = std::path::Path::new(&out).join(r.path.as_str());
                    std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                    std::fs::copy(tree.path(f), p).unwrap();
                }
                Err(e) => {
                    let s = e.source.as_ref().map(|s| s.position(e.finding.span.start));
                    println!("{} {:?} {}", e.finding.file, s, e.finding.message);
                }
            }
        }
    }
    println!("{} entities, read {:?}, linked {:?}", handbook.entities.len(), read, linked - read);
}
