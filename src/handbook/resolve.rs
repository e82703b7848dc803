//! Where a written reference leads, or what is wrong with it.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::corpus::Corpus;
use super::index::{Index, Place};
use super::{Backlog, Ix, Node, Target};
use crate::base::{Diagnostic, Names, PathError, RelPath, Rule, Span, curly_quotes, is_id, nearest, slug, unseen};
use crate::document::Document;
use crate::markup::{Address, UnsafeAddress, encode_path, parse_address};
use crate::model::{Accepts, Data, FieldLink, PartKind, RawLink, Type};

pub(super) struct Resolver<'h> {
    pub corpus: &'h Corpus,
    pub index: &'h Index,
    pub nodes: &'h [Node],
    pub content: &'h RelPath,
    pub guesses: Guesses<'h>,
}

/// A reference that leads nowhere, and why.
type Failure = Box<Diagnostic>;

/// A reference being resolved: who refers, and how. The fields and the body of a backlog's file belong to no entity.
struct Asking<'a> {
    from: Option<Ix>,
    document: &'a Document,
    link: &'a RawLink,
}

impl Asking<'_> {
    fn fail(&self, rule: Rule, span: Span, message: String) -> Diagnostic {
        Diagnostic::new(rule, &self.document.source.path, span, message)
    }

    /// The field that refers. Tables refer by one column.
    fn field(&self) -> &'static str {
        if self.document.source.path.extension() == "csv" { "touchpoint" } else { self.link.relation }
    }

    /// The span of a part of what is written, given by byte offsets into it.
    fn sub(&self, start: usize, end: usize) -> Span {
        let whole = self.link.span;
        // Escapes make the written text differ from what is in the file; then the whole is marked.
        if (whole.end - whole.start) as usize == self.link.written.len() {
            Span::new(whole.start as usize + start, whole.start as usize + end)
        } else {
            whole
        }
    }
}

impl<'h> Resolver<'h> {
    /// Where all links of an entity lead.
    pub fn entity(&self, from: Ix) -> (Vec<Target>, Vec<Diagnostic>) {
        let node = &self.nodes[from.0 as usize];
        self.all(Some(from), &node.document, own_links(&node.document, node.first_link, node.item))
    }

    /// Follows the links of backlogs' files that belong to none of their items.
    pub fn backlogs(&self, mut backlogs: Vec<Backlog>) -> (Vec<Backlog>, Vec<Diagnostic>) {
        let mut said = Vec::new();
        for backlog in &mut backlogs {
            let document = &backlog.document;
            let (targets, found) = self.all(None, document, own_links(document, backlog.first_link, document.entities.len() as u32));
            backlog.targets = targets;
            said.extend(found);
        }
        (backlogs, said)
    }

    fn all(&self, from: Option<Ix>, document: &Document, links: &[RawLink]) -> (Vec<Target>, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let targets = links
            .iter()
            .map(|link| {
                self.link(&Asking { from, document, link }).unwrap_or_else(|failure| {
                    found.push(*failure);
                    Target::Nowhere
                })
            })
            .collect();
        (targets, found)
    }

    fn link(&self, asking: &Asking<'_>) -> Result<Target, Failure> {
        match asking.link.how {
            FieldLink::Field(accepts) => self.field(asking, accepts),
            FieldLink::Wiki => self.wiki(asking),
            FieldLink::Half => self.half(asking),
            FieldLink::Address | FieldLink::Image => self.address(asking),
            FieldLink::File => self.file(asking, &asking.link.written),
            FieldLink::Web => web(asking),
        }
    }

    // ---- fields ----

    fn field(&self, asking: &Asking<'_>, accepts: &'static Accepts) -> Result<Target, Failure> {
        self.by_id(asking, accepts).map_err(|failure| self.path_for_id(asking, accepts).unwrap_or(failure))
    }

    /// A page's path where its id belongs.
    fn path_for_id(&self, asking: &Asking<'_>, accepts: &'static Accepts) -> Option<Failure> {
        let written = &*asking.link.written;
        let (folders, name) = written.rsplit_once('/')?;
        let is_folder = |name: &str| matches!(name, "." | ".." | "content") || Type::ALL.iter().any(|kind| kind.folder() == name);
        let id = name.strip_suffix(".md").unwrap_or(name);
        let is_meant = folders.split('/').all(is_folder) && accepts.types.iter().any(|kind| self.index.find(*kind, id).is_some());
        let message = format!("`{written}` is a path; `{}` takes the id of {}", asking.field(), accepts.what);
        let found = is_meant.then(|| asking.fail(Rule::BrokenReference, asking.link.span, format!("{message}; did you mean `{id}`?")))?;
        Some(Box::new(found.suggest(Some(id))))
    }

    fn by_id(&self, asking: &Asking<'_>, accepts: &'static Accepts) -> Result<Target, Failure> {
        let written = &*asking.link.written;
        if let (true, false, Some(own)) = (accepts.own_parts, written.contains('/'), asking.from) {
            return self.named_part(asking, own, written, 0, accepts.parts).and_then(|part| self.of_kind(asking, accepts, part));
        }
        let (prefix, rest, offset) = split_prefix(written);
        if let Some(prefix) = prefix {
            self.check_prefix(asking, accepts, prefix, rest)?;
        }
        let (id, part) = match rest.split_once('/') {
            Some((id, part)) => (id, Some(part)),
            None => (rest, None),
        };
        match part {
            Some(part) if !accepts.parts.is_empty() => self.part_of(asking, accepts, prefix, id, part, offset),
            // A name may hold a slash; one that begins with a page's id is meant as that.
            Some(_) if accepts.soft && allowed_types(accepts, prefix).all(|kind| self.index.find(kind, id).is_none()) => {
                Ok(Target::Nowhere)
            }
            Some(_) => {
                let message = format!("`{}` takes {}, not a part of one", asking.field(), accepts.what);
                let is_known = allowed_types(accepts, prefix).any(|kind| self.index.find(kind, id).is_some());
                let whole = is_known.then_some(&written[..offset + id.len()]);
                Err(Box::new(asking.fail(Rule::WrongReferenceType, asking.link.span, message).suggest(whole)))
            }
            None if accepts.bare_parts => self.bare_part(asking, accepts, id),
            None => self.whole(asking, accepts, prefix, id, offset),
        }
    }

    /// The part itself, if it is one of those that the field takes.
    fn of_kind(&self, asking: &Asking<'_>, accepts: &'static Accepts, target: Target) -> Result<Target, Failure> {
        let Target::Part(owner, at) = target else { return Ok(target) };
        let kind = self.nodes[owner.0 as usize].entity.parts[at as usize].kind;
        if accepts.parts.contains(&kind) {
            return Ok(target);
        }
        let written = &asking.link.written;
        let message = format!("`{written}` is {}; `{}` takes {}", with_article(kind.name()), asking.field(), accepts.what);
        Err(Box::new(asking.fail(Rule::WrongReferenceType, asking.link.span, message)))
    }

    /// The type that is written before an id is one that the field takes.
    fn check_prefix(&self, asking: &Asking<'_>, accepts: &'static Accepts, prefix: &str, rest: &str) -> Result<(), Failure> {
        let owners = owner_types(accepts.parts);
        let taken = || accepts.types.iter().chain(&owners).copied();
        let Some(kind) = Type::named(prefix) else {
            return if accepts.soft { Ok(()) } else { Err(Box::new(unknown_prefix(asking, prefix, taken().map(Type::name)))) };
        };
        if taken().any(|other| other == kind) || accepts.soft {
            return Ok(());
        }
        let id = rest.split('/').next().unwrap_or(rest);
        let mend = taken().any(|kind| self.index.find(kind, id).is_some()).then_some(rest);
        let message = format!("`{}` takes {}, not {}", asking.field(), accepts.what, with_article(prefix));
        // Only where the id is right without its type, both are to be replaced.
        let start = prefix.len() + 1;
        let span = if mend.is_some() { asking.link.span } else { asking.sub(start, start + id.len()) };
        Err(Box::new(asking.fail(Rule::WrongReferenceType, span, message).suggest(mend)))
    }

    /// Whether nothing can be said of an id, because a file could not be read that may declare it.
    fn is_unsure(&self, id: &str) -> bool {
        self.index.may_be(id) || self.index.named(id).iter().any(|ix| self.nodes[ix.0 as usize].entity.broken)
    }

    /// The ids of these types, in any order.
    fn ids(&self, types: &[Type]) -> impl Iterator<Item = &'h str> {
        types.iter().flat_map(|kind| {
            let start = self.nodes.partition_point(|node| node.entity.kind < *kind);
            self.nodes[start..].iter().take_while(move |node| node.entity.kind == *kind).map(|node| &*node.entity.id)
        })
    }

    fn near_id(&self, types: &[Type], id: &str) -> Option<String> {
        let mut known = self.guesses.ids.lock().ok()?;
        let names = known.entry(types.to_vec()).or_insert_with(|| Arc::new(Names::new(self.ids(types)))).clone();
        drop(known);
        names.nearest(id).map(str::to_owned)
    }

    fn whole(
        &self,
        asking: &Asking<'_>,
        accepts: &'static Accepts,
        prefix: Option<&str>,
        id: &str,
        offset: usize,
    ) -> Result<Target, Failure> {
        let mut found = allowed_types(accepts, prefix).filter_map(|kind| self.index.find(kind, id));
        match (found.next(), found.next()) {
            (Some(one), None) => return Ok(Target::Entity(one)),
            (None, _) => {}
            (Some(one), Some(other)) => {
                let many: Vec<Ix> = [one, other].into_iter().chain(found).collect();
                return Err(Box::new(self.ambiguous(asking, id, &many)));
            }
        }
        let types: Vec<Type> = allowed_types(accepts, prefix).collect();
        if types.iter().any(|kind| self.index.is_hidden(*kind, id)) {
            return Ok(Target::Hidden);
        }
        // A text that happens to be no id is a text; one that says `department:` is meant as an id.
        if (accepts.soft && !prefix.is_some_and(|prefix| accepts.types.iter().any(|kind| kind.name() == prefix))) || self.is_unsure(id) {
            return Ok(Target::Nowhere);
        }
        let span = asking.sub(offset, offset + id.len());
        let elsewhere: Vec<Ix> = self.index.named(id);
        if let Some(other) = elsewhere.first() {
            let kind = self.nodes[other.0 as usize].entity.kind;
            let message = format!("`{id}` is {}; `{}` takes {}", with_article(kind.name()), asking.field(), accepts.what);
            return Err(Box::new(asking.fail(Rule::WrongReferenceType, span, message)));
        }
        if self.index.is_hidden_id(id) {
            return Ok(Target::Hidden);
        }
        let near = self.near_id(&types, id);
        let found = broken(asking, span, accepts.what, id, near);
        // Several ids with spaces between them.
        let words: Vec<&str> = id.split_whitespace().filter(|word| !matches!(*word, "and" | "en" | "&" | "+")).collect();
        let is_known = |word: &&str| types.iter().any(|kind| self.index.find(*kind, word).is_some());
        let are_several = words.len() > 1 && found.help.is_none() && words.iter().all(is_known);
        Err(Box::new(if are_several { found.help(format!("Write several of them as `[{}]`.", words.join(", "))) } else { found }))
    }

    fn part_of(
        &self,
        asking: &Asking<'_>,
        accepts: &'static Accepts,
        prefix: Option<&str>,
        id: &str,
        part: &str,
        offset: usize,
    ) -> Result<Target, Failure> {
        let owners = owner_types(accepts.parts);
        let types: Vec<Type> = match prefix.and_then(Type::named) {
            Some(kind) => vec![kind],
            None => owners.clone(),
        };
        let found: Vec<Ix> = types.iter().filter_map(|kind| self.index.find(*kind, id)).collect();
        let owner = match found.as_slice() {
            [one] => *one,
            [] if types.iter().any(|kind| self.index.is_hidden(*kind, id)) => return Ok(Target::Hidden),
            [] if self.is_unsure(id) => return Ok(Target::Nowhere),
            [] => {
                let span = asking.sub(offset, offset + id.len());
                let what = with_article(owners.first().map_or("page", |kind| kind.name()));
                if let Some(other) = self.index.named(id).first() {
                    let kind = self.nodes[other.0 as usize].entity.kind;
                    return Err(Box::new(asking.fail(
                        Rule::WrongReferenceType,
                        span,
                        format!("`{id}` is {}, not {what}", with_article(kind.name())),
                    )));
                }
                if self.index.is_hidden_id(id) {
                    return Ok(Target::Hidden);
                }
                let near = self.near_id(&types, id);
                return Err(Box::new(broken(asking, span, &what, id, near)));
            }
            many => return Err(Box::new(self.ambiguous(asking, id, many))),
        };
        let start = offset + id.len() + 1;
        self.named_part(asking, owner, part, start, accepts.parts)
    }

    /// The part of an entity by its id; only that id is marked where it is wrong.
    fn named_part(&self, asking: &Asking<'_>, owner: Ix, part: &str, start: usize, kinds: &[PartKind]) -> Result<Target, Failure> {
        let entity = &self.nodes[owner.0 as usize].entity;
        if let Some(at) = entity.part_named(part) {
            return Ok(Target::Part(owner, at));
        }
        if entity.may_declare(part) {
            return Ok(Target::Nowhere);
        }
        let what = kinds.last().map_or("part", |kind| kind.name());
        if part.is_empty() {
            let message = format!("`{}` names no {what}", asking.link.written);
            let mend = format!("Write the {what}'s id behind the `/`.");
            return Err(Box::new(asking.fail(Rule::BrokenReference, asking.link.span, message).help(mend)));
        }
        let near = nearest(part, entity.parts.iter().map(|part| &*part.id).filter(|id| !id.is_empty()));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let span = asking.sub(start, start + part.len());
        let message = format!("the {} `{}` has no {what} `{part}`{hint}", entity.kind.name(), entity.id);
        Err(Box::new(asking.fail(Rule::BrokenReference, span, message).suggest(near)))
    }

    /// A part named alone. What the page itself leans on (its framework, its personas) comes first.
    fn bare_part(&self, asking: &Asking<'_>, accepts: &'static Accepts, id: &str) -> Result<Target, Failure> {
        let mut found = self.index.parts(accepts.parts, id);
        found.sort_unstable();
        if let (true, Some(from)) = (found.len() > 1, asking.from) {
            let node = &self.nodes[from.0 as usize];
            let near: Vec<(Ix, u32)> = found.iter().copied().filter(|(owner, _)| self.leans_on(node, *owner)).collect();
            if near.len() == 1 {
                found = near;
            }
        }
        match found.as_slice() {
            [(owner, part)] => Ok(Target::Part(*owner, *part)),
            [] if self.index.is_hidden_part(id) => Ok(Target::Hidden),
            // A part's id may be made of a title in a file that could not be read.
            [] if self.broken_owners(accepts) || self.index.may_be(id) => Ok(Target::Nowhere),
            [] => {
                let near = self.near_part(accepts.parts, id);
                Err(Box::new(broken(asking, asking.link.span, accepts.what, id, near)))
            }
            many => {
                let owners: Vec<String> =
                    many.iter().map(|(owner, _)| format!("`{}/{id}`", self.nodes[owner.0 as usize].entity.id)).collect();
                let message = format!("`{id}` is {} in more than one place", accepts.what);
                Err(Box::new(asking.fail(Rule::AmbiguousLink, asking.link.span, message).help(format!("Write {}.", owners.join(" or ")))))
            }
        }
    }

    fn near_part(&self, kinds: &'static [PartKind], id: &str) -> Option<String> {
        let mut known = self.guesses.parts.lock().ok()?;
        let names = known.entry(kinds).or_insert_with(|| Arc::new(Names::new(self.index.part_ids(kinds)))).clone();
        drop(known);
        names.nearest(id).map(str::to_owned)
    }

    fn broken_owners(&self, accepts: &Accepts) -> bool {
        let owners = owner_types(accepts.parts);
        self.nodes.iter().any(|node| (node.entity.broken || node.entity.names_lost) && owners.contains(&node.entity.kind))
    }

    fn leans_on(&self, node: &Node, owner: Ix) -> bool {
        let Data::Journey(journey) = &node.entity.data else { return false };
        let owner = &self.nodes[owner.0 as usize].entity;
        let named = |link: u32| {
            let written = &*node.link(link).written;
            let id = split_prefix(written).1;
            id == &*owner.id || owner.common.was.iter().any(|former| *former.text == *id)
        };
        match owner.kind {
            Type::Framework => journey.framework.is_some_and(|framework| named(framework.link)),
            Type::Persona => journey.personas.iter().any(|persona| named(persona.link)),
            _ => false,
        }
    }

    fn ambiguous(&self, asking: &Asking<'_>, id: &str, found: &[Ix]) -> Diagnostic {
        let names: Vec<String> = found.iter().map(|ix| format!("`{}:{id}`", self.nodes[ix.0 as usize].entity.kind.name())).collect();
        let message = format!("`{id}` may be {}", names.join(" or "));
        asking.fail(Rule::AmbiguousLink, asking.link.span, message).help("Put the type before the id.")
    }

    // ---- wikilinks ----

    fn wiki(&self, asking: &Asking<'_>) -> Result<Target, Failure> {
        let (named, anchor) = match asking.link.written.split_once('#') {
            Some((named, anchor)) => (named.trim_end(), Some(anchor)),
            None => (&*asking.link.written, None),
        };
        let (prefix, rest, offset) = split_prefix(named);
        let (id, part) = match rest.split_once('/') {
            Some((id, part)) => (id, Some(part)),
            None => (rest, None),
        };
        let mut found = match prefix.map(Type::named) {
            Some(Some(kind)) => self.index.find(kind, id).into_iter().collect(),
            Some(None) => return Err(Box::new(unknown_prefix(asking, prefix.unwrap_or(""), public_types().map(Type::name)))),
            None if id.is_empty() => {
                let found = asking.fail(Rule::BrokenReference, asking.link.span, "this link names no page".to_owned());
                return Err(Box::new(found.help("Write the page's id between the brackets.")));
            }
            None => self.index.named(id),
        };
        if part.is_some() && found.len() > 1 {
            found.retain(|ix| !self.nodes[ix.0 as usize].entity.parts.is_empty());
        }
        match found.as_slice() {
            [one] => self.wiki_within(asking, *one, part, anchor, offset + id.len() + 1),
            [] if self.index.is_hidden_id(id) => Ok(Target::Hidden),
            [] if self.is_unsure(id) => Ok(Target::Nowhere),
            [] => {
                let types: Vec<Type> = match prefix.and_then(Type::named) {
                    Some(kind) => vec![kind],
                    None => public_types().collect(),
                };
                let near = self.near_id(&types, id);
                let span = asking.sub(offset, offset + id.len());
                let what = prefix.map_or_else(|| "a page".to_owned(), with_article);
                if let (Some(_), Some(other)) = (prefix, self.index.named(id).first()) {
                    let kind = self.nodes[other.0 as usize].entity.kind.name();
                    return Err(Box::new(asking.fail(
                        Rule::WrongReferenceType,
                        span,
                        format!("`{id}` is {}, not {what}", with_article(kind)),
                    )));
                }
                Err(Box::new(broken(asking, span, &what, id, near)))
            }
            many => Err(Box::new(self.ambiguous(asking, id, many))),
        }
    }

    /// A wikilink that lacks a bracket; a text in brackets that names nothing is a text.
    fn half(&self, asking: &Asking<'_>) -> Result<Target, Failure> {
        let written = &*asking.link.written;
        let whole = written.trim_matches(['[', ']']).split('|').next().unwrap_or("").trim();
        let closed = written.ends_with(']');
        let Some(named) = beginnings(whole).find(|named| self.is_meant(named, closed)) else { return Ok(Target::Nowhere) };
        let (label, id) = match written.trim_matches(['[', ']']).split_once('|') {
            Some((_, label)) if named == whole => (format!("|{}", label.trim()), self.meant_id(named)),
            _ => (String::new(), self.meant_id(named)),
        };
        let end = if closed { written.len() } else { written.find(named).unwrap_or(0) + named.len() };
        let message = format!("`{}` is shown as it stands and leads nowhere", &written[..end]);
        let found = asking.fail(Rule::BrokenLink, asking.sub(0, end), message);
        Err(Box::new(found.help(format!("Write `[[{id}{label}]]`."))))
    }

    /// Whether a name can only be meant as an id: it is one or nearly one, or has a type before it.
    fn is_meant(&self, named: &str, closed: bool) -> bool {
        let (prefix, rest, _) = split_prefix(named);
        let id = rest.split(['/', '#']).next().unwrap_or("");
        let typed = prefix.is_some_and(|prefix| Type::named(prefix).is_some()) && is_id(id);
        let near = || (closed || id.contains('-')) && !slug(id).is_empty() && self.near_id(&every_type(), &slug(id)).is_some();
        let titled = || id.contains(' ') && id.starts_with(char::is_uppercase) && !self.index.named(&slug(id)).is_empty();
        typed || (prefix.is_none() && (!self.index.named(id).is_empty() || titled() || near()))
    }

    /// The id itself, or the one that is near.
    fn meant_id(&self, named: &str) -> String {
        let (prefix, rest, _) = split_prefix(named);
        let id = rest.split(['/', '#']).next().unwrap_or("");
        if prefix.is_some() || !self.index.named(id).is_empty() {
            return named.to_owned();
        }
        self.near_id(&every_type(), &slug(id)).map_or_else(|| named.to_owned(), |near| format!("{near}{}", &rest[id.len()..]))
    }

    fn wiki_within(&self, asking: &Asking<'_>, to: Ix, part: Option<&str>, anchor: Option<&str>, start: usize) -> Result<Target, Failure> {
        match (part, anchor) {
            (Some(part), _) => self.named_part(asking, to, part, start, &[PartKind::Step]),
            (None, Some(anchor)) => self.anchor(asking, to, anchor),
            (None, None) => Ok(Target::Entity(to)),
        }
    }

    // ---- addresses ----

    fn address(&self, asking: &Asking<'_>) -> Result<Target, Failure> {
        let written = &*asking.link.written;
        match parse_address(written) {
            Ok(Address::Outside(_)) => Ok(Target::Outside),
            Ok(Address::Here(anchor)) => self.here(asking, &anchor),
            Ok(Address::Path { path, .. }) if path.is_empty() => {
                let found = asking.fail(Rule::BrokenLink, asking.link.span, "this link has no address".to_owned());
                Err(Box::new(found.help("Write where it leads between the brackets: `[text](page.md)`.")))
            }
            Ok(Address::Path { path, .. }) if matches!(asking.link.how, FieldLink::Image) => self.file(asking, &path),
            Ok(Address::Path { path, anchor }) => self.path(asking, &path, anchor.as_deref()),
            Err(refused) => Err(Box::new(unsafe_link(asking, &refused))),
        }
    }

    fn resolve_path(&self, asking: &Asking<'_>, path: &str) -> Result<RelPath, Failure> {
        asking.document.source.path.beside(path).map_err(|why| {
            let near = self.below_content(asking, path);
            let hint = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = match why {
                PathError::Outside if path.starts_with('/') => {
                    format!("`{path}` begins at the top of the disk; links are relative to this file{hint}")
                }
                PathError::Outside => format!("`{path}` leads out of the handbook's folder"),
                PathError::Malformed => "this is no path".to_owned(),
            };
            let found = asking.fail(Rule::PathOutsideRoot, asking.link.span, message);
            Box::new(found.help("Write the path as it is seen from this file, such as `../personas/anna.md`.").suggest(near))
        })
    }

    /// What is meant by a path that begins at the top, seen from the content folder or the handbook's: written as a link from here.
    fn below_content(&self, asking: &Asking<'_>, path: &str) -> Option<String> {
        let below = path.strip_prefix('/')?;
        let is_there = |path: &RelPath| self.corpus.files.contains(path) || matches!(self.index.place(path), Some(Place::Entity(_)));
        let meant = [self.content, &RelPath::root()].into_iter().filter_map(|folder| folder.join(below).ok()).find(is_there)?;
        Some(as_written(asking, &meant))
    }

    /// A heading of the page that the link stands in. A backlog's text is shown on the overview.
    fn here(&self, asking: &Asking<'_>, anchor: &str) -> Result<Target, Failure> {
        match asking.from {
            Some(from) if anchor.is_empty() => Ok(Target::Entity(from)),
            Some(from) => self.anchor(asking, from, anchor),
            None => Ok(Target::Listing(Type::Improvement)),
        }
    }

    fn path(&self, asking: &Asking<'_>, written: &str, anchor: Option<&str>) -> Result<Target, Failure> {
        let path = self.resolve_path(asking, written)?;
        let in_folder = || path.join("index.md").ok().and_then(|index| self.index.place(&index));
        match self.index.place(&path).or_else(in_folder) {
            Some(Place::Hidden) => return Ok(Target::Hidden),
            Some(Place::Listing(kind)) => return Ok(Target::Listing(kind)),
            Some(Place::Entity(ix)) => return anchor.map_or(Ok(Target::Entity(ix)), |anchor| self.anchor(asking, ix, anchor)),
            None => {}
        }
        if path.extension() == "md" && self.corpus.outside.contains(&path) {
            return Err(Box::new(self.outside(asking, Rule::BrokenLink, written)));
        }
        if path.extension() == "md" {
            let near = self.near_page(asking, &path);
            let hint = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("there is no page at `{written}`{hint}");
            return Err(Box::new(asking.fail(Rule::BrokenLink, asking.link.span, message).suggest(near)));
        }
        self.file(asking, written)
    }

    /// The page that was most likely meant, written as a link from here.
    fn near_page(&self, asking: &Asking<'_>, path: &RelPath) -> Option<String> {
        let pages = || Shelf::of(self.index.paths().filter(|path| path.name().ends_with(".md")));
        near_path(asking, path, self.guesses.pages.get_or_init(pages))
    }

    fn file(&self, asking: &Asking<'_>, written: &str) -> Result<Target, Failure> {
        match parse_address(written) {
            Ok(Address::Outside(_)) => {
                let message = format!("`{}` takes the path of a file, not a web address", asking.link.relation);
                let found = asking.fail(Rule::WrongKind, asking.link.span, message);
                return Err(Box::new(found.help("Put the file beside this one and write its name.")));
            }
            Ok(_) => {}
            Err(refused) => return Err(Box::new(unsafe_link(asking, &refused))),
        }
        let path = self.resolve_path(asking, written)?;
        if self.corpus.files.contains(&path) {
            return Ok(Target::File(path));
        }
        match (self.index.place(&path), asking.link.how) {
            (None, _) => {}
            (Some(Place::Hidden), _) => return Ok(Target::Hidden),
            (Some(Place::Entity(ix)), FieldLink::File) => return Ok(Target::Entity(ix)),
            (Some(_), FieldLink::Image) => {
                let message = format!("`{written}` is a page and cannot be shown as an image");
                return Err(Box::new(asking.fail(Rule::MissingFile, asking.link.span, message).help("Take the `!` out.")));
            }
            (Some(_), _) => {}
        }
        if self.corpus.outside.contains(&path) {
            return Err(Box::new(self.outside(asking, Rule::MissingFile, written)));
        }
        let may_be_page = path.extension().is_empty() && matches!(asking.link.how, FieldLink::Address);
        let page = || self.near_page(asking, &path).filter(|_| may_be_page);
        // What is written may be Markdown around a path.
        let inner = || written.split_once("](")?.1.strip_suffix(')').and_then(|inner| asking.document.source.path.beside(inner).ok());
        let meant = inner().unwrap_or_else(|| path.clone());
        let file = || near_path(asking, &meant, self.guesses.files.get_or_init(|| Shelf::of(self.corpus.files.iter())));
        let near = page().or_else(file);
        let hint = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let outside = path.below(self.content).is_none();
        let failure = asking.fail(Rule::MissingFile, asking.link.span, format!("there is no file `{written}`{hint}")).suggest(near);
        Err(Box::new(if outside { failure.help(format!("Files that pages refer to lie in `{}`.", self.content)) } else { failure }))
    }

    /// A file that is there, but not where what pages refer to has to lie.
    fn outside(&self, asking: &Asking<'_>, rule: Rule, written: &str) -> Diagnostic {
        let message = format!("`{written}` lies outside the folder `{}` and is not part of the site", self.content);
        asking.fail(rule, asking.link.span, message).help(format!("Move it into `{}`, and link to it there.", self.content))
    }

    fn anchor(&self, asking: &Asking<'_>, to: Ix, anchor: &str) -> Result<Target, Failure> {
        let entity = &self.nodes[to.0 as usize].entity;
        if let Some(part) = entity.part_named(anchor) {
            return Ok(Target::Part(to, part));
        }
        // A git host makes other anchors of a heading than we do, of the same words.
        let plain = slug(anchor);
        if plain != anchor && entity.body.headings.iter().any(|heading| *heading.id == *plain) {
            return Ok(Target::Anchor(to, plain.into()));
        }
        if anchor.is_empty() || entity.body.headings.iter().any(|heading| &*heading.id == anchor) || entity.may_declare(anchor) {
            return Ok(Target::Anchor(to, anchor.into()));
        }
        let known = entity.body.headings.iter().map(|heading| &*heading.id).chain(entity.parts.iter().map(|part| &*part.id));
        let near = nearest(anchor, known.filter(|id| !id.is_empty()));
        let hint = near.map(|near| format!("; did you mean `#{near}`?")).unwrap_or_default();
        let written = &*asking.link.written;
        let (span, suggestion) = match written.find('#') {
            Some(at) => (asking.sub(at + 1, written.len()), near.map(str::to_owned)),
            None => (asking.link.span, None),
        };
        let message = format!("“{}” has no heading `#{anchor}`{hint}", entity.title);
        Err(Box::new(asking.fail(Rule::BrokenAnchor, span, message).suggest(suggestion)))
    }
}

/// The links of a document that belong to one of its entities.
fn own_links(document: &Document, first: u32, item: u32) -> &[RawLink] {
    let first = first as usize;
    let count = document.link_entity[first..].iter().take_while(|entity| **entity == item).count();
    &document.links[first..first + count]
}

/// The path that was most likely meant, as it is written from here: of the same name elsewhere, or of a like name in the same folder.
fn near_path(asking: &Asking<'_>, path: &RelPath, known: &Shelf<'_>) -> Option<String> {
    let from = &asking.document.source.path;
    let pick = |found: Option<&Vec<&RelPath>>, stem: &str| {
        let like = |known: &&&RelPath| known.stem() == stem && known.extension() == path.extension() && **known != from;
        found.and_then(|found| found.iter().filter(like).min().copied().cloned())
    };
    let same = || pick(known.by_stem.get(path.stem()), path.stem()).filter(|_| path.stem() != "index");
    let in_folder = || {
        let siblings = known.by_folder.get(&path.parent());
        let near = known.stems_of.get(&path.parent())?.nearest(path.stem())?;
        pick(siblings, near)
    };
    let with_ending = || {
        let pages = known.by_stem.get(path.name())?.iter().filter(|known| known.name().ends_with(".md"));
        pages.min().copied().cloned().filter(|_| path.extension().is_empty())
    };
    let anywhere = || {
        let near = known.stems.nearest(path.stem())?;
        pick(known.by_stem.get(near), near)
    };
    // A file of that very name with another ending, or with one where none is written.
    let other_ending = || {
        let is_file = |known: &&&RelPath| known.extension() != "md" && path.extension() != "md";
        let like = |known: &&&RelPath| is_file(known) && (known.stem() == path.stem() || known.stem() == path.name());
        let found = |known: Option<&Vec<&RelPath>>| known.and_then(|known| known.iter().filter(like).min().copied().cloned());
        let named = |stem: &str| found(known.by_stem.get(stem));
        found(known.by_folder.get(&path.parent())).or_else(|| named(path.stem())).or_else(|| named(path.name()))
    };
    let near = same().or_else(in_folder).or_else(with_ending).or_else(other_ending).or_else(anywhere)?;
    Some(as_written(asking, &near))
}

/// A path as it is written from here.
fn as_written(asking: &Asking<'_>, path: &RelPath) -> String {
    let path = path.relative_to(&asking.document.source.path);
    if matches!(asking.link.how, FieldLink::File) { path } else { encode_path(&path) }
}

/// Paths in the order in which one looks for a lost one.
#[derive(Default)]
struct Shelf<'h> {
    by_stem: HashMap<&'h str, Vec<&'h RelPath>>,
    by_folder: HashMap<RelPath, Vec<&'h RelPath>>,
    /// The stems of all, and of each folder; an `index` is never what was meant.
    stems: Names<'h>,
    stems_of: HashMap<RelPath, Names<'h>>,
}

impl<'h> Shelf<'h> {
    fn of(paths: impl Iterator<Item = &'h RelPath>) -> Shelf<'h> {
        let mut shelf = Shelf::default();
        for path in paths {
            shelf.by_stem.entry(path.stem()).or_default().push(path);
            shelf.by_folder.entry(path.parent()).or_default().push(path);
        }
        let named = |stem: &&'h str| *stem != "index";
        shelf.stems = Names::new(shelf.by_stem.keys().copied().filter(named));
        let stems = |paths: &[&'h RelPath]| Names::new(paths.iter().map(|path| path.stem()).filter(named));
        shelf.stems_of = shelf.by_folder.iter().map(|(folder, paths)| (folder.clone(), stems(paths))).collect();
        shelf
    }
}

/// What is only needed once something is wrong.
#[derive(Default)]
pub(super) struct Guesses<'h> {
    pages: OnceLock<Shelf<'h>>,
    files: OnceLock<Shelf<'h>>,
    /// The ids of entities of these types.
    ids: Mutex<HashMap<Vec<Type>, Arc<Names<'h>>>>,
    /// The ids of parts of these sorts.
    parts: Mutex<HashMap<&'static [PartKind], Arc<Names<'h>>>>,
}

fn public_types() -> impl Iterator<Item = Type> {
    Type::ALL.iter().copied().filter(|kind| kind.is_public())
}

/// A text, and its first words, as many as a title may have: without its end it is not known how far a name goes.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices(' ').map(|(at, _)| at).take(4);
    let first = ends.map(|end| text[..end].trim_end_matches(['.', ',', ';', '!', '?']));
    std::iter::once(text).chain(first)
}

fn every_type() -> Vec<Type> {
    public_types().collect()
}

fn unknown_prefix<'a>(asking: &Asking<'_>, prefix: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let near = nearest(prefix, known);
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let found = asking.fail(Rule::BrokenReference, asking.sub(0, prefix.len()), format!("no type `{prefix}`{hint}"));
    found.help("Before a `:` stands a type, such as `persona:anna`.").suggest(near)
}

fn web(asking: &Asking<'_>) -> Result<Target, Failure> {
    match parse_address(&asking.link.written) {
        Ok(Address::Outside(_)) => Ok(Target::Outside),
        Ok(_) => Err(Box::new(
            asking
                .fail(
                    Rule::WrongKind,
                    asking.link.span,
                    format!("`{}` takes a web address, not `{}`", asking.link.relation, asking.link.written),
                )
                .help("Write it in full, with `https://`."),
        )),
        Err(refused) => Err(Box::new(unsafe_link(asking, &refused))),
    }
}

fn unsafe_link(asking: &Asking<'_>, refused: &UnsafeAddress) -> Diagnostic {
    let message = match refused.0.as_str() {
        "//" => "a link that begins with `//` leads to another host".to_owned(),
        scheme => format!("links to `{scheme}:` are not allowed"),
    };
    asking
        .fail(Rule::UnsafeLink, asking.link.span, message)
        .help("Links may go to http, https, mailto and tel addresses, and to files of the handbook.")
}

fn broken(asking: &Asking<'_>, span: Span, what: &str, id: &str, near: Option<String>) -> Diagnostic {
    let what = what.strip_prefix("a ").or(what.strip_prefix("an ")).unwrap_or(what);
    let hint = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let found = asking.fail(Rule::BrokenReference, span, format!("no {what} `{id}`{hint}")).suggest(near);
    let in_field = matches!(asking.link.how, FieldLink::Field(_));
    let help = several(&asking.link.written).filter(|_| in_field).map(|ids| format!("Write several of them as `[{ids}]`."));
    let unseen = || unseen(id).map(|sign| format!("It holds a character that cannot be seen (U+{:04X}): type it again.", sign as u32));
    let is_code = matches!(asking.link.how, FieldLink::Wiki) && id.contains(['[', ']', '{', '}', '$', '=', ',', '<', '>']);
    let code = || is_code.then(|| "If this is no link, put it between backticks, or write `\\[[`.".to_owned());
    match help.or(curly_quotes(id).map(str::to_owned)).or_else(unseen).or_else(code) {
        Some(help) => found.help(help),
        None => found,
    }
}

/// Several ids where one was expected, as a list holds them: with commas, whatever stands between them now.
fn several(written: &str) -> Option<String> {
    let written = written.trim_matches(['[', ']', '(', ')']);
    let apart: Vec<&str> = written.split([',', ';']).map(str::trim).filter(|id| !id.is_empty()).collect();
    (apart.len() > 1).then(|| apart.join(", "))
}

fn allowed_types(accepts: &'static Accepts, prefix: Option<&str>) -> impl Iterator<Item = Type> {
    accepts.types.iter().copied().filter(move |kind| prefix.is_none_or(|prefix| kind.name() == prefix))
}

fn owner_types(parts: &[PartKind]) -> Vec<Type> {
    let mut types: Vec<Type> = parts
        .iter()
        .map(|part| match part {
            PartKind::Phase | PartKind::Step => Type::Journey,
            PartKind::FrameworkPhase | PartKind::FrameworkStep => Type::Framework,
            PartKind::RoadmapPhase => Type::Roadmap,
            PartKind::Task => Type::Persona,
        })
        .collect();
    types.dedup();
    types
}

/// `persona:anna` taken apart: the type, what follows, and where that begins.
pub(super) fn split_prefix(written: &str) -> (Option<&str>, &str, usize) {
    match written.split_once(':') {
        Some((prefix, rest)) => (Some(prefix), rest, prefix.len() + 1),
        None => (None, written, 0),
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun == "evidence" {
        return noun.to_owned();
    } else if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
