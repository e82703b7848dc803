//! What only the whole handbook can tell: cycles, audiences, behaviours that visits speak of, pages that collide.
use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{Handbook, Ix, Node};
use crate::base::{Diagnostic, HashMap, RelPath, Rule, Span, nearest, slug};
use crate::document::{NOBODY, Role};
use crate::model::{Plain, Touchpoint, Type};

pub(super) fn all(handbook: &Handbook) -> Vec<Diagnostic> {
    type Check = fn(&Handbook) -> Vec<Diagnostic>;
    let checks: [Check; 5] = [
        audiences,
        behaviours,
        |handbook| cycles(handbook, Type::Journey, parents, "`parent`"),
        |handbook| cycles(handbook, Type::Improvement, dependencies, "`depends_on`"),
        collisions,
    ];
    checks.par_iter().flat_map_iter(|check| check(handbook)).collect()
}

fn audiences(handbook: &Handbook) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for document in &handbook.documents {
        let file = (document.role == Role::Backlog).then_some(&*document.common);
        for common in document.entities.iter().filter(|entity| !entity.broken).map(|entity| &entity.common).chain(file) {
            let known = |name: &Plain| &*name.text == NOBODY || handbook.settings.audiences.contains_key(&*name.text);
            for name in common.audience.iter().filter(|name| !known(name)) {
                found.push(unknown_audience(handbook, &document.source.path, name));
            }
        }
    }
    found
}

fn unknown_audience(handbook: &Handbook, path: &RelPath, name: &Plain) -> Diagnostic {
    let near = nearest(&name.text, handbook.settings.audiences.keys().map(String::as_str));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Diagnostic::new(Rule::UnknownValue, path, name.span, format!("book.toml names no audience `{}`{hint}", name.text))
        .help("Audiences are named under `[audiences]` in book.toml.")
        .suggest(near)
}

/// Visits speak of behaviours that the touchpoint's service concept has.
fn behaviours(handbook: &Handbook) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ix in handbook.of_type(Type::Visit) {
        let node = handbook.node(ix);
        let Some(visit) = node.entity.data.visit() else { continue };
        for (touchpoint, seen) in visit.behaviours.iter() {
            let Some(to) = handbook.follow(ix, *touchpoint).map(|to| handbook.node(to)) else { continue };
            let target = &to.entity;
            let Some(concept) = target.data.touchpoint().filter(|_| !target.broken) else { continue };
            let known: Vec<String> = concept.behaviours.iter().map(|behaviour| behaviour.key()).collect();
            let is_known = |key: &str| known.iter().any(|known| known == key) || may_declare(to, concept, key);
            for (key, _) in seen.iter().filter(|(key, _)| !is_known(&key.text)) {
                let near = nearest(&key.text, known.iter().map(String::as_str));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let message = format!("the touchpoint `{}` has no behaviour `{}`{hint}", target.id, key.text);
                found.push(Diagnostic::new(Rule::BrokenReference, &node.document.source.path, key.span, message).suggest(near));
            }
        }
    }
    found
}

/// Whether a touchpoint's service concept could not be read, and may be meant to have that behaviour.
fn may_declare(touchpoint: &Node, concept: &Touchpoint, key: &str) -> bool {
    let names = |text: &str| format!("-{}-", slug(text)).contains(&format!("-{key}-"));
    let mut texts = touchpoint.document.source.slice(touchpoint.entity.range).split(['\n', ',', '{']);
    let unread = touchpoint.entity.written.iter().any(|written| !written.read && written.field == "behaviours");
    unread && (concept.behaviours.is_empty() || touchpoint.entity.items_lost || texts.any(names))
}

/// The entities that one leads to directly, with the number of the link that does.
type Edges = fn(&Handbook, Ix) -> Vec<(Ix, u32)>;

fn parents(handbook: &Handbook, ix: Ix) -> Vec<(Ix, u32)> {
    let node = handbook.node(ix);
    let parent = node.entity.data.journey().and_then(|journey| journey.parent);
    parent.and_then(|parent| Some((node.of(parent).entity()?, parent.link))).into_iter().collect()
}

fn dependencies(handbook: &Handbook, ix: Ix) -> Vec<(Ix, u32)> {
    let node = handbook.node(ix);
    let Some(improvement) = node.entity.data.improvement() else { return Vec::new() };
    improvement.depends_on.iter().filter_map(|on| Some((node.of(*on).entity()?, on.link))).collect()
}

/// One finding for each cycle among the entities of a type, at its first file by path.
fn cycles(handbook: &Handbook, kind: Type, edges: Edges, field: &str) -> Vec<Diagnostic> {
    let state = vec![State::Unseen; handbook.entities.len()];
    let mut search = Search { handbook, edges, state, path: Vec::new(), found: BTreeMap::new() };
    for ix in handbook.of_type(kind) {
        search.visit(ix);
    }
    search.found.into_values().map(|cycle| describe(handbook, edges, &cycle, field)).collect()
}

struct Search<'h> {
    handbook: &'h Handbook,
    edges: Edges,
    /// By the entities' numbers.
    state: Vec<State>,
    path: Vec<Ix>,
    found: BTreeMap<Vec<Ix>, Vec<Ix>>,
}

/// What a search knows of an entity.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    OnPath,
    Done,
}

impl Search<'_> {
    /// Depth first, with a stack of its own: a long chain must not overflow ours.
    fn visit(&mut self, start: Ix) {
        if self.state(start) != State::Unseen {
            return;
        }
        let edges = (self.edges)(self.handbook, start);
        if edges.is_empty() {
            self.set(start, State::Done);
            return;
        }
        let mut todo = vec![(start, edges, 0usize)];
        self.enter(start);
        while let Some((ix, edges, next)) = todo.last_mut() {
            let Some((to, _)) = edges.get(*next).copied() else {
                self.set(*ix, State::Done);
                self.path.pop();
                todo.pop();
                continue;
            };
            *next += 1;
            match self.state(to) {
                State::OnPath => self.close(to),
                State::Done => {}
                State::Unseen => {
                    self.enter(to);
                    todo.push((to, (self.edges)(self.handbook, to), 0));
                }
            }
        }
    }

    fn state(&self, ix: Ix) -> State {
        self.state[ix.0 as usize]
    }

    fn set(&mut self, ix: Ix, state: State) {
        self.state[ix.0 as usize] = state;
    }

    fn enter(&mut self, ix: Ix) {
        self.set(ix, State::OnPath);
        self.path.push(ix);
    }

    fn close(&mut self, to: Ix) {
        let Some(at) = self.path.iter().position(|ix| *ix == to) else { return };
        let cycle = self.path[at..].to_vec();
        let mut key = cycle.clone();
        key.sort_unstable();
        self.found.entry(key).or_insert(cycle);
    }
}

fn describe(handbook: &Handbook, edges: Edges, cycle: &[Ix], field: &str) -> Diagnostic {
    let place = |ix: &Ix| (&handbook.node(*ix).document.source.path, handbook.node(*ix).entity.span.start);
    let first = (0..cycle.len()).min_by_key(|at| place(&cycle[*at])).unwrap_or(0);
    let turned: Vec<Ix> = cycle[first..].iter().chain(&cycle[..first]).copied().collect();
    let node: &Node = handbook.node(turned[0]);
    let next = turned.get(1).copied().unwrap_or(turned[0]);
    let span =
        edges(handbook, turned[0]).into_iter().find(|(to, _)| *to == next).map_or(node.entity.span, |(_, link)| node.link(link).span);
    let names: Vec<String> = turned.iter().chain([&turned[0]]).map(|ix| format!("`{}`", handbook.node(*ix).entity.id)).collect();
    Diagnostic::new(Rule::Cycle, &node.document.source.path, span, format!("{field} leads in a circle: {}", names.join(" → ")))
        .help("Take one of these references out.")
}

/// Two pages or files that would be written to one place, also where the system does not tell capitals apart.
fn collisions(handbook: &Handbook) -> Vec<Diagnostic> {
    let mut places = Places::default();
    for node in &handbook.entities {
        places.take(node.url.as_str(), &node.document.source.path);
    }
    let mut found = Vec::new();
    for redirect in &handbook.redirects {
        let path = &handbook.node(redirect.to).document.source.path;
        let from = &redirect.from;
        let message = if from.parts().any(|part| part.len() > LONGEST_NAME) {
            "this former name is longer than a file's name can be".to_owned()
        } else if let Some(other) = places.clash(from.as_str()).as_deref() {
            match other {
                OWN_PAGE => format!("the former name `{from}` is {OWN_PAGE}"),
                other => format!("the former name `{from}` and {other} would be written to the same place"),
            }
        } else {
            places.take(from.as_str(), path);
            continue;
        };
        found.push(Diagnostic::new(Rule::OutputCollision, path, redirect.span, message));
    }
    for path in &handbook.files {
        let place = path.below(&handbook.settings.content).unwrap_or(path.as_str());
        if let Some(other) = places.clash(place) {
            let message = format!("`{path}` and {other} would be written to the same place");
            found.push(
                Diagnostic::new(Rule::OutputCollision, path, Span::default(), message)
                    .help("Rename the file; capitals and accents alone do not make names differ everywhere."),
            );
        }
        places.take(place, path);
    }
    found
}

/// The longest name of a file in bytes, less what a page's `.html` takes.
const LONGEST_NAME: usize = 250;

const OWN_PAGE: &str = "a page of the site itself";

/// Places in the site that are spoken for.
#[derive(Default)]
struct Places<'h> {
    /// By address, the file that is written or shown there.
    files: HashMap<Cow<'h, str>, &'h RelPath>,
    /// By address, a file that lies in that folder.
    folders: HashMap<Cow<'h, str>, &'h RelPath>,
}

impl<'h> Places<'h> {
    fn take(&mut self, place: &'h str, path: &'h RelPath) {
        let key = place_key(place);
        match &key {
            Cow::Borrowed(key) => self.lie_in(folders_of(key).map(Cow::Borrowed), path),
            Cow::Owned(key) => self.lie_in(folders_of(key).map(|folder| Cow::Owned(folder.to_owned())), path),
        }
        self.files.insert(key, path);
    }

    fn lie_in(&mut self, folders: impl Iterator<Item = Cow<'h, str>>, path: &'h RelPath) {
        for folder in folders {
            self.folders.entry(folder).or_insert(path);
        }
    }

    /// What stands in the way of a file at this address.
    fn clash(&self, place: &str) -> Option<String> {
        let key = &*place_key(place);
        if is_own(key) || folders_of(key).any(is_own) {
            return Some(OWN_PAGE.to_owned());
        }
        let other = self.files.get(key).or_else(|| self.folders.get(key));
        let other = other.or_else(|| folders_of(key).find_map(|folder| self.files.get(folder)));
        other.map(|other| format!("`{other}`"))
    }
}

/// An address as systems compare it that do not tell capitals and accents apart.
fn place_key(place: &str) -> Cow<'_, str> {
    if place.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(place);
    }
    Cow::Owned(place.nfc().collect::<String>().to_lowercase())
}

/// The folders that an address lies in.
fn folders_of(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').map(|(at, _)| &key[..at])
}

/// Whether the site itself writes there.
fn is_own(key: &str) -> bool {
    const OWN: [&str; 10] = [
        "index.html",
        "review.html",
        "coverage.html",
        "search.html",
        "404.html",
        "sitemap.xml",
        "feed.xml",
        "llms.txt",
        "handbook.json",
        "changes.html",
    ];
    const FOLDERS: [&str; 3] = ["assets", "__journeybook", ".journeybook"];
    let of_type = |folder: &str| Type::ALL.iter().any(|kind| kind.folder() == folder && !folder.is_empty());
    OWN.contains(&key)
        || FOLDERS.contains(&key)
        || key.strip_suffix("/index.html").is_some_and(of_type)
        || (key.starts_with("tags/") && key.ends_with(".html"))
}
