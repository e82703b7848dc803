//! The search index: what is in it, what is not, and that a browser can find its way in it.
#![allow(clippy::disallowed_methods)] // The samples are read as any program would read them.
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use journeybook::base::{Date, RelPath};
use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::search::{Index, names};
use journeybook::site::{Page, RouteKind, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::{Disk, Memory, Tree};

fn handbook(tree: &dyn Tree) -> Arc<Handbook> {
    Arc::new(Handbook::link(&Corpus::read(tree).unwrap(), Scope::default(), Arc::new(History::default())))
}

fn memory(files: &[(&str, &str)]) -> Memory {
    let book = [("book.toml", "title = \"Desk\"\nlanguage = \"en\"\n[audiences]\nstaff = \"Us\"\n")];
    Memory::new(book.iter().chain(files).map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec())))
}

/// Every file of the index, as a browser gets its part.
fn parts(handbook: &Handbook) -> BTreeMap<String, serde_json::Value> {
    let index = Index::new(handbook, &|kind| kind.to_owned());
    let part = |name: String| {
        let script = index.file(&name).strip_prefix(&format!("journeybookSearch({name:?},")).unwrap();
        let part = serde_json::from_str(script.strip_suffix(")\n").unwrap()).unwrap();
        (name, part)
    };
    names(handbook).into_iter().map(part).collect()
}

/// The lines of the files of one sort, in order: words with their places.
fn lines(parts: &BTreeMap<String, serde_json::Value>, sort: char) -> Vec<(String, String)> {
    let files = (0..).map_while(|at| parts.get(&format!("{sort}{at}")));
    let text: Vec<&str> = files.flat_map(|part| part.as_str().unwrap().lines()).collect();
    text.iter().map(|line| line.split_once(' ').unwrap()).map(|(word, places)| (word.to_owned(), places.to_owned())).collect()
}

/// The pages of a line.
fn pages(places: &str, room: u32) -> Vec<u32> {
    const DIGITS: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    let (mut out, mut number, mut scale, mut page) = (Vec::new(), 0, 1, 0);
    for c in places.chars() {
        let digit = DIGITS.find(c).unwrap() as u32;
        number += digit % 32 * scale;
        scale *= 32;
        if digit < 32 {
            page += number / room;
            out.push(page);
            (number, scale) = (0, 1);
        }
    }
    out
}

/// What a browser does with a word: it tries the word, then what is left of it without an ending that the index names.
fn lead<'l>(lines: &'l BTreeMap<String, String>, endings: &[&str], word: &str) -> Option<&'l String> {
    let cut = |at: usize| lines.get(&word[..at]).filter(|_| at == word.len() || endings.contains(&&word[at..]));
    (2..=word.len()).rev().filter(|at| word.is_char_boundary(*at)).find_map(cut)
}

#[test]
fn every_page_is_found_by_every_telling_word_of_its_title() {
    for folder in ["", "tests/handbooks/de-linde"] {
        let handbook = handbook(&Disk::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap());
        let parts = parts(&handbook);
        let titles: BTreeMap<String, String> = lines(&parts, 't').into_iter().collect();
        let split = |key: &str| parts["index"][key].as_str().unwrap().split(' ').collect::<Vec<_>>();
        let (stops, endings) = (split("stops"), split("endings"));
        let mut looked = 0;
        for (at, node) in handbook.entities.iter().enumerate() {
            let title = node.entity.title.to_lowercase();
            let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 1 && title.is_ascii());
            for word in words.filter(|word| !stops.contains(word)) {
                let places = lead(&titles, &endings, word).unwrap_or_else(|| panic!("`{word}` of `{title}` leads nowhere"));
                assert!(pages(places, 8).contains(&(at as u32)), "`{word}` does not lead to `{title}`");
                looked += 1;
            }
        }
        assert!(looked > 200, "{looked} words");
    }
}

#[test]
fn files_are_in_order_and_of_a_size() {
    let handbook = handbook(&Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap());
    let parts = parts(&handbook);
    for (sort, firsts) in [('t', "titles"), ('x', "texts")] {
        let lines = lines(&parts, sort);
        assert!(lines.is_sorted(), "the words of `{sort}` are in order");
        for (at, first) in parts["index"][firsts].as_array().unwrap().iter().enumerate() {
            let file = parts[&format!("{sort}{at}")].as_str().unwrap();
            assert!(file.starts_with(&format!("{} ", first.as_str().unwrap())), "{sort}{at} begins with {first}");
        }
    }
    let pages: usize = parts.iter().filter(|(name, _)| name.starts_with('d')).map(|(_, part)| part.as_array().unwrap().len()).sum();
    assert_eq!(pages, handbook.entities.len());
}

#[test]
fn forms_of_a_word_are_one_line() {
    let files = [
        ("content/pages/a.md", "---\ntitle: Lenses\n---\nCompanies arrive."),
        ("content/pages/b.md", "---\ntitle: Lens\n---\nA company's arrivals."),
    ];
    let handbook = handbook(&memory(&files));
    let parts = parts(&handbook);
    let endings: Vec<&str> = parts["index"]["endings"].as_str().unwrap().split(' ').collect();
    for (sort, room, words) in [('t', 8, &["lens", "lenses"][..]), ('x', 2, &["company", "companies", "arrive", "arrivals", "arrived"])] {
        let lines: BTreeMap<String, String> = lines(&parts, sort).into_iter().collect();
        for word in words {
            let found = lead(&lines, &endings, word).unwrap_or_else(|| panic!("`{word}` leads nowhere: {lines:?}"));
            assert_eq!(pages(found, room), [0, 1], "{word}");
        }
    }
}

#[test]
fn what_is_hidden_is_not_in_the_index() {
    let files = [
        ("content/pages/open.md", "---\ntitle: Open\n---\nFor all."),
        ("content/pages/draft.md", "---\ntitle: Unfinished zebra\ndraft: true\n---\nA giraffe."),
        ("content/pages/staff.md", "---\ntitle: Walrus\naudience: [staff]\nsummary: An ocelot.\ntags: [lynx]\n---\nA badger."),
    ];
    let index = Index::new(&handbook(&memory(&files)), &|kind| kind.to_owned());
    let all: String = names(&handbook(&memory(&files))).iter().map(|name| index.file(name)).collect();
    assert!(all.contains("\"Open\""));
    for animal in ["zebra", "giraf", "walrus", "Walrus", "ocelot", "lynx", "badger"] {
        assert!(!all.contains(animal), "{animal}");
    }
}

#[test]
fn the_site_has_the_index_and_its_page_names_it() {
    let tree = memory(&[("content/pages/a.md", "---\ntitle: A\n---\nText")]);
    let handbook = handbook(&tree);
    let (theme, _) = Theme::load(&tree, None, lexicon(&handbook));
    let site = Site::new(handbook.clone(), theme, Vec::new(), Date::parse("2026-11-25").unwrap());
    let draw = |path: &str| {
        let route = site.find(&RelPath::new(path).unwrap()).unwrap_or_else(|| panic!("there is no {path}"));
        match site.render(route) {
            Ok(Page::Bytes(bytes)) => String::from_utf8(bytes.into_owned()).unwrap(),
            other => panic!("{other:?}"),
        }
    };
    for name in names(&handbook) {
        assert!(draw(&format!("assets/search/{name}.js")).starts_with("journeybookSearch("), "{name}");
    }
    let version = Index::new(&handbook, &|kind| lexicon(&handbook).get(&format!("type.{kind}.heading"))).version().to_owned();
    assert!(draw("search.html").contains(&format!("data-search=\"assets/search/index.js?v={version}\"")));
    let indexed = site.routes().iter().filter(|route| matches!(route.kind, RouteKind::Index(_))).count();
    assert_eq!(indexed, names(&handbook).len());
}

#[test]
fn an_empty_handbook_has_an_index() {
    let handbook = handbook(&memory(&[]));
    let parts = parts(&handbook);
    assert_eq!(parts["index"]["titles"], serde_json::json!([]));
}

#[test]
fn the_list_of_everything_ends_where_it_would_be_long() {
    let page = |at: usize| (format!("content/pages/p{at}.md"), format!("---\ntitle: Page {at}\n---\n"));
    let many: Vec<(String, String)> = (0..600).map(page).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    for (files, listed) in [(&many[..100], true), (&many[..], false)] {
        let tree = memory(files);
        let handbook = handbook(&tree);
        let (theme, _) = Theme::load(&tree, None, lexicon(&handbook));
        let site = Site::new(handbook, theme, Vec::new(), Date::parse("2026-11-25").unwrap());
        let Ok(Page::Bytes(page)) = site.render(site.find(&RelPath::new("search.html").unwrap()).unwrap()) else { panic!("no page") };
        let page = String::from_utf8(page.into_owned()).unwrap();
        assert_eq!(page.contains("pages/p99.html"), listed);
        assert!(page.contains("href=\"pages/index.html\"") && page.len() < 60_000, "{} bytes", page.len());
    }
}
