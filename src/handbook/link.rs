//! From files to one handbook: what this build may not show is taken out first, then everything is linked.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use super::again::Known;
use super::corpus::{Corpus, path_of, unlistable_at};
use super::index::Index;
use super::labels::Labels;
use super::resolve::{Guesses, Resolver};
use super::{Backlink, Backlog, Handbook, History, Ix, Node, Redirect, Target, Value, check, table};
use crate::base::{Diagnostic, RelPath, Rule, is_id};
use crate::document::{Document, Entity, Role};
use crate::markup::encode_path;
use crate::model::{Common, FieldLink, Type};

/// What a build shows besides what everybody may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Audiences whose pages are shown.
    pub audiences: BTreeSet<String>,
    /// Everything is shown, whoever it is for.
    pub everyone: bool,
    /// Drafts are shown.
    pub drafts: bool,
    /// What is not shown whatever it says of itself: what another revision of the handbook hides.
    pub withheld: Withheld,
}

/// Entities and files that are not shown whatever they say of themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withheld {
    ids: BTreeSet<(Type, Box<str>)>,
    files: BTreeSet<RelPath>,
}

impl Scope {
    /// Everything that is no draft.
    pub fn everything() -> Scope {
        Scope { everyone: true, ..Scope::default() }
    }

    /// The same for an earlier revision: it shows nothing that this one hides.
    pub fn for_earlier(&self, corpus: &Corpus) -> Scope {
        let mut withheld = Withheld::default();
        for (document, entity) in self.hidden(corpus) {
            let former = entity.common.was.iter().map(|was| was.text.clone());
            withheld.ids.extend(former.chain([entity.id.clone()]).map(|id| (entity.kind, id)));
            if document.role != Role::Backlog || !self.shows(&document.common) {
                withheld.files.insert(document.source.path.clone());
            }
        }
        Scope { withheld, ..self.clone() }
    }

    /// The same without these entities.
    pub fn without(mut self, entities: impl IntoIterator<Item = (Type, Box<str>)>) -> Scope {
        self.withheld.ids.extend(entities);
        self
    }

    /// What is read and not shown.
    pub fn hidden<'c>(&'c self, corpus: &'c Corpus) -> impl Iterator<Item = (&'c Document, &'c Entity)> {
        let all = corpus.documents.iter().flat_map(|document| document.entities.iter().map(|entity| (&**document, &**entity)));
        all.filter(|(document, entity)| !self.shows_item(document, entity))
    }

    fn shows(&self, common: &Common) -> bool {
        let audience =
            self.everyone || common.audience.is_empty() || common.audience.iter().any(|name| self.audiences.contains(&*name.text));
        audience && (self.drafts || common.draft != Some(true))
    }

    /// Whether a byte of a shown document stands in an item that is not shown.
    fn hides_place(&self, document: &Document, at: u32) -> bool {
        let mut items = document.entities.iter().filter(|entity| (entity.range.start..entity.range.end).contains(&at));
        document.role == Role::Backlog && items.any(|entity| !self.shows_item(document, entity))
    }

    fn shows_item(&self, document: &Document, entity: &Entity) -> bool {
        let withheld = self.withheld.files.contains(&document.source.path) || self.withheld.ids.contains(&(entity.kind, entity.id.clone()));
        !withheld && self.shows(&entity.common) && (document.role != Role::Backlog || self.shows(&document.common))
    }
}

impl Handbook {
    /// Links what was read, as far as the scope shows it.
    pub fn link(corpus: &Corpus, scope: Scope, history: Arc<History>) -> Handbook {
        let (nodes, documents, backlogs, found) = Default::default();
        let mut linker = Linker { corpus, scope, index: Index::default(), nodes, documents, backlogs, found };
        linker.select();
        linker.number();
        let redirects = linker.former_names();
        linker.section_paths();
        linker.resolve(redirects).finish(corpus, history)
    }
}

struct Linker<'c> {
    corpus: &'c Corpus,
    scope: Scope,
    index: Index,
    nodes: Vec<Node>,
    documents: Vec<Arc<Document>>,
    backlogs: Vec<Backlog>,
    /// What is wrong with names.
    found: Vec<Diagnostic>,
}

impl Linker<'_> {
    /// Takes out what this build does not show.
    fn select(&mut self) {
        for document in &self.corpus.documents {
            let shown: Vec<bool> = document.entities.iter().map(|entity| self.scope.shows_item(document, entity)).collect();
            self.index.hide(document, |at| !shown[at]);
            let file_shown =
                if document.role == Role::Backlog { self.scope.shows(&document.common) } else { shown.iter().any(|shown| *shown) };
            let lost = document.lost.iter().map(|item| document.source.slice(*item));
            let whole = is_wholly_unread(document).then(|| document.source.text.get(..document.body_at).unwrap_or(""));
            lost.chain(whole).for_each(|text| self.index.unread(text));
            let is_empty_table = document.entities.is_empty() && document.role != Role::Backlog;
            if !file_shown && !is_empty_table {
                self.index.hide_path(&document.source.path);
                continue;
            }
            self.documents.push(document.clone());
            let first_links = first_links(document);
            for (at, entity) in document.entities.iter().enumerate().filter(|(at, _)| shown[*at]) {
                self.nodes.push(Node {
                    document: document.clone(),
                    entity: entity.clone(),
                    targets: Arc::default(),
                    item: at as u32,
                    first_link: first_links[at],
                    backlinks: Arc::default(),
                    url: url_of(entity),
                });
            }
            if document.role == Role::Backlog {
                self.backlogs.push(Backlog::of(document.clone()));
            }
        }
    }

    /// Numbers the entities by type and id; of two with one id the first by path counts.
    fn number(&mut self) {
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.sort_by(|a, b| {
            (a.entity.kind, &a.entity.id, &a.document.source.path, a.item).cmp(&(
                b.entity.kind,
                &b.entity.id,
                &b.document.source.path,
                b.item,
            ))
        });
        for node in nodes {
            match self.nodes.last().filter(|last| (last.entity.kind, &last.entity.id) == (node.entity.kind, &node.entity.id)) {
                Some(first) => {
                    self.found.push(duplicate(&node, first));
                    // One of the two may have had another name.
                    [&node, first].into_iter().for_each(|node| self.index.unread(former_words(node)));
                }
                None => self.nodes.push(node),
            }
        }
        for (at, node) in self.nodes.iter().enumerate() {
            self.index.add(Ix(at as u32), node);
        }
        for document in &self.documents {
            if document.role == Role::Backlog {
                self.index.listing(&document.source.path, Type::Improvement);
            }
        }
    }

    /// Former ids and addresses.
    fn former_names(&mut self) -> Vec<Redirect> {
        let mut redirects: BTreeMap<RelPath, Redirect> = BTreeMap::new();
        let taken: HashMap<&RelPath, &Node> = self.nodes.iter().map(|node| (&node.url, node)).collect();
        let mut named: Vec<(&Node, Ix)> =
            self.nodes.iter().zip((0..).map(Ix)).filter(|(node, _)| !node.entity.common.was.is_empty()).collect();
        named.sort_by_key(|(node, _)| (&node.document.source.path, node.item));
        for (node, ix) in named {
            for former in node.entity.common.was.iter() {
                let path = &node.document.source.path;
                let id_taken = is_id(&former.text) && !self.index.add_former(node.entity.kind, &former.text, ix);
                let from = match former_url(&former.text, node.entity.kind) {
                    Ok(from) => from,
                    Err(message) => {
                        self.found.push(Diagnostic::new(Rule::PathOutsideRoot, path, former.span, message));
                        continue;
                    }
                };
                let clash = redirects.get(&from).map(|other| self.nodes[other.to.0 as usize].entity.title.to_string()).or_else(|| {
                    let other = taken.get(&from)?;
                    Some(other.entity.title.to_string())
                });
                match clash.or_else(|| id_taken.then(|| former.text.to_string())) {
                    Some(other) => self.found.push(
                        Diagnostic::new(
                            Rule::OutputCollision,
                            path,
                            former.span,
                            format!("the former name `{}` is in use: it leads to “{other}”", former.text),
                        )
                        .help("Take it out here, or rename the other page."),
                    ),
                    None => drop(redirects.insert(from.clone(), Redirect { from, to: ix, span: former.span })),
                }
            }
        }
        redirects.into_values().collect()
    }

    /// A link to `journeys/index.md` leads to the overview, also where nobody wrote an introduction.
    fn section_paths(&mut self) {
        for kind in Type::ALL.iter().filter(|kind| !kind.folder().is_empty()) {
            for name in ["index.md", ""] {
                let path = self.corpus.settings.content.join(&format!("{}/{name}", kind.folder()));
                let used = || self.nodes.iter().any(|node| node.entity.kind == *kind);
                if let Some(path) = path.ok().filter(|_| used()) {
                    self.index.listing(&path, *kind);
                }
            }
        }
    }

    /// Finds out where every link leads.
    fn resolve(self, redirects: Vec<Redirect>) -> Linked {
        let Linker { corpus, scope, index, mut nodes, documents, backlogs, found: names } = self;
        let resolver = Resolver { corpus, index: &index, nodes: &nodes, content: &corpus.settings.content, guesses: Guesses::default() };
        let resolved: Vec<(Vec<Target>, Vec<Diagnostic>)> =
            (0..nodes.len()).into_par_iter().map(|at| resolver.entity(Ix(at as u32))).collect();
        let (backlogs, said) = resolver.backlogs(backlogs);
        drop(resolver);
        let mut links = BTreeMap::new();
        for (at, (targets, found)) in resolved.into_iter().enumerate() {
            nodes[at].targets = targets.into();
            links.extend((!found.is_empty()).then_some((Ix(at as u32), found)));
        }
        add_backlinks(&mut nodes);
        let (files, outside) = (corpus.files.clone(), corpus.outside.clone());
        let known = Known { documents: corpus.documents.clone(), files, outside, names, links };
        let labels = Arc::new(Labels::of(&nodes));
        Linked { scope, index: Arc::new(index), labels, nodes, documents, backlogs, redirects, said, known }
    }
}

fn add_backlinks(nodes: &mut [Node]) {
    let mut backlinks: Vec<Vec<Backlink>> = (0..nodes.len()).map(|_| Vec::new()).collect();
    for (ix, node) in (0..).map(Ix).zip(nodes.iter()) {
        node.references(ix).for_each(|(to, backlink)| backlinks[to.0 as usize].push(backlink));
    }
    for (node, backlinks) in nodes.iter_mut().zip(backlinks) {
        node.backlinks = backlinks.into();
    }
}

/// Entities whose links are followed.
pub(super) struct Linked {
    pub scope: Scope,
    pub index: Arc<Index>,
    pub labels: Arc<Labels>,
    pub nodes: Vec<Node>,
    pub documents: Vec<Arc<Document>>,
    pub backlogs: Vec<Backlog>,
    pub redirects: Vec<Redirect>,
    /// What is wrong with the links of backlogs' files.
    pub said: Vec<Diagnostic>,
    pub known: Known,
}

impl Linked {
    /// The handbook, with everything that is said of it.
    pub fn finish(self, corpus: &Corpus, history: Arc<History>) -> Handbook {
        let linked = self;
        let (series, complaints) = all_series(&linked.nodes, corpus);
        let mut found = linked.findings(corpus);
        found.extend(complaints);
        let targets = linked.nodes.iter().flat_map(|node| node.targets.iter());
        let targets = targets.chain(linked.backlogs.iter().flat_map(|backlog| &backlog.targets));
        let copied: BTreeSet<&RelPath> =
            targets.filter_map(|target| if let Target::File(path) = target { Some(path) } else { None }).collect();
        let mut handbook = Handbook {
            settings: corpus.settings.clone(),
            files: copied.into_iter().cloned().collect(),
            labels: linked.labels,
            starts: starts(&linked.nodes),
            unread: linked.documents.iter().filter(|document| is_unread(document)).cloned().collect(),
            documents: linked.documents,
            entities: linked.nodes,
            images: corpus.images.clone(),
            series,
            backlogs: linked.backlogs,
            redirects: linked.redirects,
            diagnostics: found,
            history,
            scope: linked.scope,
            index: linked.index,
            known: linked.known,
        };
        let more = check::all(&handbook);
        handbook.diagnostics.extend(more);
        say_once(&mut handbook.diagnostics);
        handbook
    }

    /// What was said while files were read and links followed.
    fn findings(&self, corpus: &Corpus) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = corpus.diagnostics.iter().chain(&self.known.names).chain(&self.said).cloned().collect();
        found.extend(self.known.links.values().flatten().cloned());
        for document in &self.documents {
            found.extend(document.diagnostics.iter().filter(|finding| !self.scope.hides_place(document, finding.span.start)).cloned());
        }
        found.extend(corpus.documents.iter().flat_map(|document| &document.guards).cloned());
        let unused = unused_files(corpus, &found);
        found.extend(unused);
        found
    }
}

/// The file that is suggested where one is missing.
fn meant_by(found: &Diagnostic) -> impl Iterator<Item = RelPath> {
    let ways = [FieldLink::File, FieldLink::Address].into_iter();
    ways.filter_map(|how| path_of(found.suggestion.as_deref()?, how, &found.file))
}

/// The texts of the fields of a document that could not be read.
fn unread_fields(document: &Document) -> Vec<&str> {
    let written = document.entities.iter().flat_map(|entity| &entity.written).chain(&document.written);
    written.filter(|written| !written.read).map(|written| document.field_text(written)).collect()
}

/// For each type, the number of its first entity, of entities that are sorted by type.
fn starts(nodes: &[Node]) -> Vec<u32> {
    let before = |kind: &Type| nodes.partition_point(|node| node.entity.kind < *kind) as u32;
    Type::ALL.iter().map(before).chain([nodes.len() as u32]).collect()
}

/// Whether a file, or some item of it, could not be read as it was meant.
pub(super) fn is_unread(document: &Document) -> bool {
    is_wholly_unread(document) || !document.lost.is_empty()
}

fn is_wholly_unread(document: &Document) -> bool {
    let has_lost_its_items = document.role == Role::Backlog && document.entities.is_empty();
    has_lost_its_items || document.entities.iter().any(|entity| entity.broken)
}

/// One mistake is said once, however often it is come upon: a link's definition may be used, and a table's cell be read, many times.
fn say_once(found: &mut Vec<Diagnostic>) {
    let mut said = HashSet::new();
    found
        .retain(|finding| said.insert((finding.file.clone(), finding.span.start, finding.span.end, finding.rule, finding.message.clone())));
}

/// For each entity of a document, the number of its first link; then that of the first link that belongs to none.
pub(super) fn first_links(document: &Document) -> Vec<u32> {
    let mut first = vec![document.links.len() as u32; document.entities.len() + 1];
    for (link, entity) in document.link_entity.iter().enumerate().rev() {
        first[*entity as usize] = link as u32;
    }
    first
}

fn url_of(entity: &Entity) -> RelPath {
    let text = match entity.kind {
        Type::Organisation => "index.html".to_owned(),
        Type::Section => format!("{}/index.html", entity.id),
        kind => format!("{}/{}.html", kind.folder(), entity.id),
    };
    RelPath::new(&text).unwrap_or_else(|_| RelPath::root())
}

/// The page that a former name was: an id of the same type, or an address relative to the site's root.
fn former_url(written: &str, kind: Type) -> Result<RelPath, String> {
    if is_id(written) && !kind.folder().is_empty() {
        return RelPath::new(&format!("{}/{written}.html", kind.folder())).map_err(|_| String::new());
    }
    let path = written.trim_start_matches('/');
    let path = match path {
        path if path.ends_with('/') || path.is_empty() => format!("{path}index.html"),
        path if path.ends_with(".html") || path.ends_with(".htm") => path.to_owned(),
        path => format!("{path}/index.html"),
    };
    match RelPath::new(&path) {
        Ok(path) if path.parts().all(|part| !part.contains(['?', '#', ':'])) => Ok(path),
        _ => Err(format!("the former address `{written}` is no path inside the site")),
    }
}

/// The words among which the name may be that an entity had before it took another's: an item's own, or its file's name.
fn former_words(node: &Node) -> &str {
    if node.document.role == Role::Backlog { node.document.source.slice(node.entity.range) } else { node.document.source.path.stem() }
}

fn duplicate(node: &Node, first: &Node) -> Diagnostic {
    let kind = node.entity.kind.name();
    let message = format!("there are two {kind}s with the id `{}`", node.entity.id);
    let span = node.entity.id_span.unwrap_or(node.entity.span);
    Diagnostic::new(Rule::DuplicateId, &node.document.source.path, span, message)
        .help(if node.document.role == Role::Backlog {
            "Give one of them another `id:`."
        } else {
            "Rename one of the files, or give one an `id:` of its own."
        })
        .label(&first.document.source.path, first.entity.id_span.unwrap_or(first.entity.span), "the first is here")
}

fn all_series(nodes: &[Node], corpus: &Corpus) -> (BTreeMap<Ix, Vec<Value>>, Vec<Diagnostic>) {
    let (mut all, mut found) = (BTreeMap::new(), Vec::new());
    for (at, node) in nodes.iter().enumerate() {
        let Some(metric) = node.entity.data.metric() else { continue };
        let mut values: Vec<Value> = metric
            .series
            .iter()
            .filter_map(|point| Some(Value { date: point.date?, value: point.value?.0, n: point.n.map(|n| n.0) }))
            .collect();
        let path = metric.data.as_ref().and_then(|data| path_of(&data.written, FieldLink::File, &node.document.source.path));
        let table = path.as_ref().and_then(|path| Some((path, metric.data.as_ref()?, corpus.tables.get(path)?)));
        match table {
            Some((_, _, Ok(source))) => {
                let (more, complaints) = table::series(source);
                values.extend(more);
                found.extend(complaints);
            }
            Some((path, data, Err(why))) => {
                found.push(unlistable_at(&node.document.source.path, node.link(data.link).span, path, why));
            }
            None => {}
        }
        values.sort_by_key(|value| value.date);
        all.insert(Ix(at as u32), values);
    }
    (all, found)
}

/// Those of these files that are named in some texts; all of them where a text is empty, since nobody knows what stands there.
fn named<'c>(files: &[&'c RelPath], texts: &[&str]) -> BTreeSet<&'c RelPath> {
    if texts.iter().any(|text| text.is_empty()) {
        return files.iter().copied().collect();
    }
    let written = files.iter().flat_map(|path| [path.name().to_owned(), encode_path(path.name())]);
    let Ok(names) = AhoCorasick::new(written) else { return BTreeSet::new() };
    let found = |text: &&str| names.find_overlapping_iter(*text).map(|found| files[found.pattern().as_usize() / 2]).collect::<Vec<_>>();
    texts.par_iter().flat_map_iter(found).collect()
}

/// Files that no page refers to; `said` is what else is wrong. Those are left out that a page may be meant to refer to, which was said of it.
fn unused_files(corpus: &Corpus, said: &[Diagnostic]) -> Vec<Diagnostic> {
    let data: BTreeSet<&RelPath> = corpus.settings.visits.iter().map(|(path, _)| path).collect();
    let mut unused: Vec<&RelPath> = corpus.files.iter().filter(|path| !corpus.linked.contains(*path) && !data.contains(path)).collect();
    if unused.is_empty() {
        return Vec::new();
    }
    let meant: BTreeSet<RelPath> = said.iter().filter(|found| found.rule == Rule::MissingFile).flat_map(meant_by).collect();
    let about_files = [Rule::MissingFile, Rule::PathOutsideRoot, Rule::WrongKind];
    let wrong: HashSet<&RelPath> = said.iter().filter(|found| about_files.contains(&found.rule)).map(|found| &found.file).collect();
    unused.retain(|path| !meant.contains(*path));
    let unheard: Vec<&str> = corpus
        .documents
        .par_iter()
        .flat_map_iter(|document| match wrong.contains(&document.source.path) || is_unread(document) {
            true => vec![&*document.source.text],
            false => unread_fields(document),
        })
        .collect();
    let named = named(&unused, &unheard);
    unused.retain(|path| !named.contains(path));
    unused
        .into_iter()
        .map(|path| {
            Diagnostic::new(Rule::UnusedFile, path, Default::default(), format!("no page refers to `{path}`"))
                .help("Link to it, or move it out of the content folder; it is not part of the site.")
        })
        .collect()
}
