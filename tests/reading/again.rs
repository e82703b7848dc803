//! Linking again after an edit comes to what linking from the beginning comes to, whatever was edited.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use journeybook::base::{Diagnostic, RelPath};
use journeybook::document::Document;
use journeybook::handbook::{Corpus, Direct, Handbook, History, Reader, Scope, Settings, read_settings};
use journeybook::tree::{Memory, Tree, TreeError};
use journeybook::{base::Source, handbook::Ix};
use proptest::prelude::*;

use crate::harness::BASE;

/// The handbook's files, and every document that was read: one text of a file is read once.
pub struct Desk {
    pub files: BTreeMap<String, String>,
    read: Mutex<BTreeMap<(RelPath, String), Arc<Document>>>,
    scope: Scope,
    /// As `book.toml` says, which nobody edits, and what was said of it.
    settings: (Arc<Settings>, Vec<Diagnostic>),
    history: Arc<History>,
}

struct Remembering<'d> {
    desk: &'d Desk,
    tree: Memory,
}

impl Reader for Remembering<'_> {
    fn document(&self, path: &RelPath, settings: &Settings) -> Arc<Document> {
        let text = self.desk.files[path.as_str()].clone();
        let read = || Direct(&self.tree).document(path, settings);
        self.desk.read.lock().unwrap().entry((path.clone(), text)).or_insert_with(read).clone()
    }

    fn visits(&self, path: &RelPath, settings: &Settings) -> Result<Arc<Document>, TreeError> {
        let key = (path.clone(), self.desk.files[path.as_str()].clone());
        if let Some(known) = self.desk.read.lock().unwrap().get(&key) {
            return Ok(known.clone());
        }
        let document = Direct(&self.tree).visits(path, settings)?;
        self.desk.read.lock().unwrap().insert(key, document.clone());
        Ok(document)
    }

    fn table(&self, path: &RelPath) -> Result<Source, TreeError> {
        Direct(&self.tree).table(path)
    }

    fn image(&self, path: &RelPath) -> Option<(usize, usize)> {
        Direct(&self.tree).image(path)
    }
}

impl Desk {
    fn new(scope: Scope) -> Desk {
        let more = [
            ("book.toml", "title = \"T\"\n[audiences]\nstaff = \"Us\"\n"),
            ("content/pages/plan.png", "a picture"),
            (
                "content/improvements/list.md",
                "---\ntype: backlog\nitems:\n  - {id: one, title: One, solves: trip}\n---\n\nSee [[faster]].\n",
            ),
        ];
        let files = BASE.iter().chain(&more).map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Desk::of(files, scope, History::default())
    }

    pub fn of(files: BTreeMap<String, String>, scope: Scope, history: History) -> Desk {
        let (settings, said) = read_settings(&tree_of(&files)).unwrap();
        Desk { files, read: Mutex::default(), scope, settings: (Arc::new(settings), said), history: Arc::new(history) }
    }

    pub fn corpus(&self) -> Corpus {
        let tree = tree_of(&self.files);
        let (settings, said) = self.settings.clone();
        let listing = tree.list(&settings.content);
        Corpus::gather(settings, said, listing, &Remembering { desk: self, tree })
    }

    pub fn link(&self, corpus: &Corpus) -> Handbook {
        Handbook::link(corpus, self.scope.clone(), self.history.clone())
    }

    pub fn link_again(&self, before: &Handbook, corpus: &Corpus) -> Handbook {
        before.link_again(corpus, self.scope.clone(), self.history.clone())
    }

    fn edit(&mut self, edit: &Edit) {
        let paths: Vec<String> = self.files.keys().filter(|path| path.ends_with(".md")).cloned().collect();
        let path = &paths[edit.file % paths.len()];
        let text = &self.files[path];
        let text = match edit.how {
            How::Say => format!("{text}\nMore words with {}.\n", LINKS[edit.what % LINKS.len()]),
            How::Field => text.replacen("---\n", &format!("---\n{}\n", FIELDS[edit.what % FIELDS.len()]), 1),
            How::Exchange => {
                let (old, new) = EXCHANGES[edit.what % EXCHANGES.len()];
                text.replace(old, new)
            }
            How::Break => format!("---\ntitle: [{text}"),
            How::Delete => {
                self.files.remove(&path.clone());
                return;
            }
            How::Restore => {
                let (path, text) = BASE[edit.what % BASE.len()];
                self.files.insert(path.to_owned(), text.to_owned());
                return;
            }
            How::Picture => {
                let path = format!("content/pages/p{}.png", edit.what % 3);
                if self.files.remove(&path).is_none() {
                    self.files.insert(path, String::new());
                }
                return;
            }
        };
        self.files.insert(path.clone(), text);
    }
}

fn tree_of(files: &BTreeMap<String, String>) -> Memory {
    Memory::new(files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.clone())))
}

const LINKS: &[&str] = &[
    "[[anna]]",
    "[[ana]]",
    "[[trip/pack]]",
    "[[anna#house]]",
    "[[one]]",
    "[Anna](../personas/anna.md)",
    "[heading](#house)",
    "![p](../pages/plan.png)",
    "![p](../pages/p1.png)",
    "[[old]]",
    "\n\n## House {#house}\n\n",
];
const FIELDS: &[&str] = &[
    "draft: true",
    "audience: [staff]",
    "audience: [nobody]",
    "was: [old]",
    "was: [../out]",
    "id: anna",
    "id: trip",
    "owner: desk",
    "summary: Words with [[bob]]",
    "tags: [x]",
];
const EXCHANGES: &[(&str, &str)] = &[
    ("title: A", "title: B"),
    ("title: Pack", "title: Unpack"),
    ("title: Pack", "titel: Pack"),
    ("titel: Pack", "title: Pack"),
    ("phases:", "phase:"),
    ("pack", "unpack"),
    ("house", "home"),
    ("anna", "bob"),
    ("draft: true", "draft: false"),
    ("staff", "partners"),
    ("id: one", "id: two"),
    ("title: Before", "title: After"),
    ("solves: trip", "solves: trip/check-in"),
    ("was: [old]", "was: [older]"),
];

#[derive(Debug, Clone, Copy)]
enum How {
    Say,
    Field,
    Exchange,
    Break,
    Delete,
    Restore,
    Picture,
}

#[derive(Debug, Clone)]
struct Edit {
    how: How,
    file: usize,
    what: usize,
}

fn edit() -> impl Strategy<Value = Edit> {
    use How::{Break, Delete, Exchange, Field, Picture, Restore, Say};
    let how = prop::sample::select(vec![Say, Say, Say, Field, Exchange, Exchange, Break, Delete, Restore, Restore, Picture]);
    (how, any::<usize>(), any::<usize>()).prop_map(|(how, file, what)| Edit { how, file, what })
}

/// Everything that follows from linking, as text.
fn all_of(handbook: &Handbook) -> String {
    let node = |ix: Ix| {
        let node = handbook.node(ix);
        let parts: Vec<_> = (0..node.entity.parts.len() as u32).map(|part| handbook.part_label(ix, part)).collect();
        let links = (&node.targets, &node.backlinks, node.first_link, node.item);
        format!("{:?} {} {:?} {parts:?} {links:?} {:?}\n", ix, node.url, handbook.label(ix), node.entity)
    };
    let nodes: String = handbook.all().map(node).collect();
    let documents: Vec<_> = handbook.documents.iter().map(|document| (&document.source.path, document.source.text.len())).collect();
    let backlogs: Vec<_> = handbook.backlogs.iter().map(|backlog| (&backlog.document.source.path, &backlog.targets)).collect();
    let mut said: Vec<String> = handbook.diagnostics.iter().map(|finding| format!("{finding:?}")).collect();
    said.sort();
    let ids = ["anna", "bob", "old", "older", "trip", "two"];
    let found: Vec<_> = ids.map(|id| journeybook::model::Type::ALL.iter().map(|kind| handbook.find(*kind, id)).collect::<Vec<_>>()).into();
    let rest = (&handbook.files, &handbook.images, &handbook.series, &handbook.redirects, handbook.unread.len(), handbook.hides_anything());
    format!("{nodes}\n{documents:?}\n{backlogs:?}\n{}\n{found:?}\n{rest:?}", said.join("\n"))
}

proptest! {
    #[test]
    fn it_comes_to_the_same(rounds in prop::collection::vec(prop::collection::vec(edit(), 1..3), 1..12), shown in 0..3) {
        let scope = match shown {
            0 => Scope::everything(),
            1 => Scope { drafts: true, ..Scope::default() },
            _ => Scope { audiences: ["staff".to_owned()].into(), ..Scope::default() },
        };
        let mut desk = Desk::new(scope);
        let mut corpus = desk.corpus();
        let mut handbook = desk.link(&corpus);
        for edits in &rounds {
            edits.iter().for_each(|edit| desk.edit(edit));
            let now = desk.corpus();
            let anew = all_of(&desk.link(&now));
            let again = desk.link_again(&handbook, &now);
            prop_assert_eq!(&all_of(&again), &anew);
            let same_files = now.documents.iter().map(|document| &document.source.path).eq(corpus.documents.iter().map(|document| &document.source.path));
            if same_files && now.files == corpus.files && let Some(exchanged) = corpus.exchanged(now.documents.iter()) {
                prop_assert_eq!(&all_of(&desk.link(&exchanged)), &anew);
            }
            (corpus, handbook) = (now, again);
        }
    }
}

#[test]
fn what_was_not_edited_is_not_followed_again() {
    let mut desk = Desk::new(Scope::everything());
    let before = desk.link(&desk.corpus());
    desk.edit(&Edit { how: How::Say, file: 0, what: 0 });
    let after = desk.link_again(&before, &desk.corpus());
    let taken_over = |ix: Ix| Arc::ptr_eq(&before.node(ix).targets, &after.node(ix).targets);
    assert_eq!(after.all().filter(|ix| !taken_over(*ix)).count(), 1);
    // A name that is new may be one that others have written.
    desk.edit(&Edit { how: How::Field, file: 0, what: 3 });
    let renamed = desk.link_again(&after, &desk.corpus());
    assert!(renamed.all().all(|ix| !Arc::ptr_eq(&after.node(ix).targets, &renamed.node(ix).targets)));
}

/// Others may have meant a heading before it is there, and are told of a page by its title.
#[test]
fn another_heading_or_title_concerns_those_that_lead_there() {
    let mut desk = Desk::new(Scope::everything());
    let add = |desk: &mut Desk, path: &str, text: &str| desk.files.get_mut(path).unwrap().push_str(text);
    for (file, heading) in [("personas/bob", "home"), ("departments/desk", "house"), ("principles/calm", "nowhere")] {
        add(&mut desk, &format!("content/{file}.md"), &format!("\nSee [[anna#{heading}]].\n"));
    }
    let before = desk.link(&desk.corpus());
    for (old, new) in [("{#house}", "{#home}"), ("title: Anna", "title: Anne")] {
        let anna = desk.files.get_mut("content/personas/anna.md").unwrap();
        *anna = anna.replace(old, new);
        let corpus = desk.corpus();
        let again = desk.link_again(&before, &corpus);
        assert_eq!(all_of(&again), all_of(&desk.link(&corpus)), "{new}");
        let untouched = again.all().filter(|ix| Arc::ptr_eq(&before.node(*ix).targets, &again.node(*ix).targets)).count();
        assert!(untouched > 5, "{untouched}");
    }
}
