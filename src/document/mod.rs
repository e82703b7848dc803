//! One file in, one document out. It never fails: a broken file still has a type, an id, a title and a page.
mod front;
mod place;
mod scan;
mod slips;
mod toml;
mod yaml;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

pub use self::front::is_review;
pub use self::place::{FieldPlace, field_place};
pub use self::toml::{TomlError, parse as parse_toml};
use crate::base::{Date, Diagnostic, RelPath, Rule, Source, Span, is_id, nearest, slug};
use crate::markup::{self, Body, HeadingPlace};
use crate::model::{
    Common, Data, Decoder, Entries, Node, Owner, PartDecl, Plain, RawLink, RecordExt, Shape, Text, Type, Written, common_record, misspelt,
    record_of, take_data,
};
use front::Front;

/// Largest file that is read, in bytes.
pub const FILE_LIMIT: u64 = 8 * 1024 * 1024;
/// Largest front matter, in bytes.
pub const FRONT_LIMIT: usize = 256 * 1024;
/// Deepest nesting of front matter.
pub const DEPTH_LIMIT: usize = 32;

/// One parsed Markdown file.
#[derive(Debug)]
pub struct Document {
    /// Path and text.
    pub source: Source,
    /// What the file is to the handbook.
    pub role: Role,
    /// The entities it declares: one, or the items of a backlog.
    pub entities: Vec<Arc<Entity>>,
    /// All references and links, in order of writing; entities refer to them by index.
    pub links: Vec<RawLink>,
    /// For each link, the entity (of this document) that it belongs to.
    pub link_entity: Vec<u32>,
    /// What is wrong with the file by itself.
    pub diagnostics: Vec<Diagnostic>,
    /// Those of them that may be why the file is hidden, and are said then too.
    pub guards: Vec<Diagnostic>,
    /// Audiences and drafts that the file as a whole is for (a backlog's items inherit it).
    pub common: Arc<Common>,
    /// Which of a backlog's own fields were written but could not be read.
    pub written: Vec<Written>,
    /// The items of a backlog of which nobody knows the name.
    pub lost: Vec<Span>,
    /// Body of a backlog file, which no entity owns.
    pub body: Option<Body>,
    /// Where the Markdown begins in the text, behind the front matter.
    pub body_at: usize,
}

/// What a file is to the handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One entity.
    Entity,
    /// Many improvements.
    Backlog,
    /// `content/index.md`.
    Home,
    /// The introduction of a type's folder.
    Section(Type),
}

/// One entity of the handbook, before anything is linked.
#[derive(Debug)]
pub struct Entity {
    /// Its type.
    pub kind: Type,
    /// Its id.
    pub id: Box<str>,
    /// Its title without markup.
    pub title: Box<str>,
    /// Its title or, where there is none, the opening of its file or item.
    pub span: Span,
    /// From its first to its last byte in the file.
    pub range: Span,
    /// The fields that every type has.
    pub common: Common,
    /// The fields of its type.
    pub data: Data,
    /// Its Markdown; none of a backlog's item.
    pub body: Body,
    /// The number of the body's first link.
    pub body_link: u32,
    /// Its phases, steps or tasks.
    pub parts: Vec<PartDecl>,
    /// Where its dates stand, and which fields were written but could not be read.
    pub written: Vec<Written>,
    /// Whether names of its parts could not be read as they were meant, so that one that others write may be missing.
    pub names_lost: bool,
    /// Whether some of its phases, steps or tasks could not be told from others.
    pub items_lost: bool,
    /// Whether its front matter could not be read, so that nothing may be concluded from what is absent.
    pub broken: bool,
    /// Where its id stands, if one is given.
    pub id_span: Option<Span>,
    /// The numbers of its parts in order of their ids.
    parts_by_id: Box<[u32]>,
}

impl Document {
    /// Reads one file. `content` is the content folder.
    pub fn parse(source: Source, content: &RelPath, options: markup::Options) -> Document {
        let place = Place::of(&source.path, content);
        let mut cx = Decoder::new(&source, options);
        let front = Front::split(&source, &mut cx);
        let mut draft = Draft { place, front, links: Vec::new(), entities: Vec::new(), lost: Vec::new() };
        let made = draft.read(&mut cx);
        let (diagnostics, guards) = (std::mem::take(&mut cx.diagnostics), std::mem::take(&mut cx.guards));
        let Draft { links, entities, front, lost, .. } = draft;
        let body_at = front.body_at;
        let (link_entity, links) = apart(links);
        let Made { role, common, body, written } = made;
        let (common, entities) = (Arc::new(common), shared(entities));
        Document { role, common, written, lost, body, body_at, entities, links, link_entity, diagnostics, guards, source }
    }

    /// The text of a field: its line, and those below that are indented deeper or hold items of its list. In TOML all that follows.
    pub fn field_text(&self, written: &Written) -> &str {
        let (text, at) = (&*self.source.text, written.span.start as usize);
        let text = text.get(..self.body_at).filter(|front| at < front.len()).unwrap_or(text);
        let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        if text.starts_with("+++") {
            return &text[start..];
        }
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
        let own = indent(text[start..].lines().next().unwrap_or(""));
        let goes_on = |line: &str| {
            let item = line.trim_start_matches(' ');
            line.trim().is_empty() || line.len() - item.len() > own || (item.starts_with('-') && line.len() - item.len() == own)
        };
        let lines = text[start..].split_inclusive('\n');
        let length: usize = lines.enumerate().take_while(|(at, line)| *at == 0 || goes_on(line)).map(|(_, line)| line.len()).sum();
        let end = (start + length).max((written.span.end as usize).min(text.len()));
        text.get(start..end).unwrap_or(&text[start..])
    }

    /// A document for a file that cannot be read as it is meant: it has a page with a title, and no more. `source` holds what can be
    /// shown of the file.
    pub fn unreadable(source: Source, content: &RelPath, finding: Diagnostic) -> Document {
        let place = Place::of(&source.path, content);
        let (front, _) = source.text.split_once("\n---").unwrap_or((&source.text, ""));
        let kind = scan::value(front, "type").and_then(Type::named).unwrap_or(place.kind);
        let at = Span::default();
        let front_matter = Front::nothing(front, at, source.text.len());
        let mut draft = Draft { place, front: front_matter, links: Vec::new(), entities: Vec::new(), lost: Vec::new() };
        let entity = draft.broken_entity(kind, Body::default());
        let role = draft.role(kind);
        draft.entities.push(entity);
        Document {
            role,
            common: Arc::default(),
            written: Vec::new(),
            lost: Vec::new(),
            body: None,
            entities: shared(draft.entities),
            links: Vec::new(),
            link_entity: Vec::new(),
            diagnostics: vec![finding],
            guards: Vec::new(),
            body_at: front.len(),
            source,
        }
    }
}

/// Links and whose they are. What is kept takes no more room than it needs.
fn apart(links: Vec<(u32, RawLink)>) -> (Vec<u32>, Vec<RawLink>) {
    let of_entity = links.iter().map(|(entity, _)| *entity).collect();
    let mut links: Vec<RawLink> = links.into_iter().map(|(_, link)| link).collect();
    links.shrink_to_fit();
    (of_entity, links)
}

fn shared(entities: Vec<Entity>) -> Vec<Arc<Entity>> {
    let mut entities: Vec<Arc<Entity>> = entities.into_iter().map(Arc::new).collect();
    entities.shrink_to_fit();
    entities
}

/// What the path says of a file.
struct Place {
    kind: Type,
    role: Role,
    stem: String,
}

impl Place {
    fn of(path: &RelPath, content: &RelPath) -> Place {
        let below = path.below(content).unwrap_or(path.as_str());
        let folders: Vec<&str> = below.split('/').rev().skip(1).collect();
        let first = folders.last().copied().unwrap_or("");
        let kind = Type::of_folder(first).unwrap_or(Type::Page);
        let stem = path.stem().to_owned();
        if stem != "index" {
            return Place { kind, role: Role::Entity, stem };
        }
        match (folders.as_slice(), Type::of_folder(first)) {
            ([], _) => Place { kind: Type::Organisation, role: Role::Home, stem },
            ([_], Some(section)) => Place { kind: Type::Section, role: Role::Section(section), stem: first.to_owned() },
            // A folder that is no type's is not a section of the site; its introduction is a page of its name.
            (folders, _) => Place { kind: Type::Page, role: Role::Entity, stem: folders[0].to_owned() },
        }
    }
}

struct Draft<'s> {
    place: Place,
    front: Front<'s>,
    links: Vec<(u32, RawLink)>,
    entities: Vec<Entity>,
    /// The items of a backlog of which nobody knows the name.
    lost: Vec<Span>,
}

struct Made {
    role: Role,
    common: Common,
    written: Vec<Written>,
    body: Option<Body>,
}

impl Draft<'_> {
    fn read(&mut self, cx: &mut Decoder<'_>) -> Made {
        let node = self.front.node.take();
        let broken = self.front.broken;
        let written_type = node.as_ref().and_then(written_type).cloned();
        let is_backlog = written_type.as_ref().and_then(Node::scalar) == Some("backlog");
        let untold = node.as_ref().filter(|_| written_type.is_none()).and_then(|node| self.untold_backlog(node));
        if let Some(node) = node.as_ref().filter(|_| !broken && (is_backlog || untold.is_some())) {
            let said = untold.map(|items| Diagnostic::new(Rule::UnknownField, &cx.source.path, items, NO_BACKLOG).help(SAY_BACKLOG));
            cx.diagnostics.extend(said);
            return self.read_backlog(node, cx);
        }
        let (kind, unknown) = if broken { (self.guessed_kind(), false) } else { self.kind(written_type.as_ref(), cx) };
        let role = self.role(kind);
        let titled = node.as_ref().and_then(|node| node.get("title")).is_some_and(|title| !title.is_null()) || broken;
        let body = markup::block(self.front.body, cx.options, titled);
        let empty = Node { span: self.front.opening, shape: Shape::Map(Vec::new()) };
        let mut entity = match (&node, broken) {
            (_, true) => self.broken_entity(kind, body),
            (Some(node), false) if unknown => self.strange_entity(kind, node, body, cx),
            (node, false) => self.entity(kind, node.as_ref().unwrap_or(&empty), body, cx),
        };
        entity.broken = broken || unknown;
        self.read_body(&mut entity, cx);
        let common = entity.common.clone();
        self.push(entity, cx);
        Made { role, common, written: Vec::new(), body: None }
    }

    /// Where the list of a backlog begins that does not say what it is.
    fn untold_backlog(&self, node: &Node) -> Option<Span> {
        let is_one = ["solves", "problem"].iter().any(|field| node.get(field).is_some());
        let items = node.entries()?.iter().find(|entry| &*entry.key.text == "items")?;
        let Shape::List(list) = &items.value.shape else { return None };
        let meant = self.place.kind == Type::Improvement && !is_one && list.iter().any(|item| item.entries().is_some());
        meant.then_some(items.key.span)
    }

    fn role(&self, kind: Type) -> Role {
        if kind == Type::Section || kind == Type::Organisation { self.place.role } else { Role::Entity }
    }

    /// The type that broken front matter most likely meant.
    fn guessed_kind(&self) -> Type {
        let place = self.place.kind;
        let written = scan::value(self.front.raw, "type").and_then(Type::named);
        written.filter(|kind| self.place.role == Role::Entity && *kind != Type::Organisation).unwrap_or(place)
    }

    /// The type that is written, or else that of the folder; and whether what is written is none.
    fn kind(&self, written: Option<&Node>, cx: &mut Decoder<'_>) -> (Type, bool) {
        let place = self.place.kind;
        if !self.front.present {
            return (if place == Type::Organisation || place == Type::Section { place } else { Type::Page }, false);
        }
        let Some(node) = written.filter(|node| !node.is_null()) else { return (place, false) };
        let Some(name) = node.scalar() else {
            let found = cx.report(Rule::WrongKind, node.span, format!("`type` takes the name of a type, not {}", node.describe()));
            found.help = Some("Write one, such as `type: persona`.".into());
            return (place, true);
        };
        match Type::named(name) {
            Some(kind) if place == Type::Organisation && kind != Type::Organisation => {
                cx.report(Rule::UnknownValue, node.span, "this file is the handbook's home; its type is `organisation`").suggestion =
                    Some("organisation".into());
                (place, false)
            }
            Some(Type::Organisation) if place != Type::Organisation => {
                cx.report(Rule::UnknownType, node.span, "there is one `organisation`, in the content folder's `index.md`").help =
                    Some("Give this file another type, or take `type:` out; then its folder decides.".into());
                (place, true)
            }
            Some(_) if place == Type::Section => (place, false),
            Some(kind) => (kind, false),
            None => {
                let near = nearest(name, type_names());
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let found = cx.report(Rule::UnknownType, node.span, format!("no type `{}`{hint}", name.lines().next().unwrap_or("")));
                found.suggestion = near.map(Into::into);
                found.help = Some(format!("Types are {}; without `type:` the folder decides.", type_names().join(", ")));
                (place, true)
            }
        }
    }

    fn entity(&mut self, kind: Type, node: &Node, body: Body, cx: &mut Decoder<'_>) -> Entity {
        cx.opening = Some(self.front.opening);
        cx.waive = (body.title.is_some() || kind == Type::Section).then_some("title");
        let Some(mut entries) = cx.entries(node, common_record()) else { return self.broken_entity(kind, body) };
        entries.mark("type");
        let id_span = entries.peek("id").map(|entry| entry.value.inner_span());
        let id = self.id(kind, &mut entries, cx);
        let (common, data) = take_fields(kind, &mut entries, cx);
        cx.waive = None;
        let (title, span) = self.title(common.title.as_ref(), &body);
        let range = Span::new(0, self.front.end);
        Entity { range, body, id_span, ..Entity::new(kind, id.into(), title, span, common, data).with_parts(cx) }
    }

    /// An entity of a type that nobody knows: what all types have is read, and nothing is said of it.
    fn strange_entity(&self, kind: Type, node: &Node, body: Body, cx: &mut Decoder<'_>) -> Entity {
        let said = cx.diagnostics.len();
        let common = cx.entries(node, common_record()).map(|mut entries| take_common(&mut entries, cx));
        cx.diagnostics.truncate(said);
        let common = common.unwrap_or_default();
        let broken = self.broken_entity(kind, body);
        let title = common.title.as_ref().map(|title| (Box::from(title.plain()), title.span));
        let (title, span) = title.unwrap_or_else(|| (broken.title.clone(), broken.span));
        Entity { title, span, common, ..broken }
    }

    fn broken_entity(&self, kind: Type, body: Body) -> Entity {
        let written = scan::value(self.front.raw, "id").filter(|id| is_id(id));
        let id = written.map(str::to_owned).unwrap_or_else(|| scan::id_of(&self.place.stem));
        let title = scan::value(self.front.raw, "title").map(Into::into).unwrap_or_else(|| self.title(None, &body).0);
        let entity = Entity::new(kind, id.into(), title, self.front.opening, self.guarded(), Data::empty(kind));
        Entity { range: Span::new(0, self.front.end), body, broken: true, ..entity }
    }

    /// Broken front matter that speaks of an audience or a draft hides its page as if it could be read: nobody may see more of a page
    /// because of a slip of the pen in it.
    fn guarded(&self) -> Common {
        let named = |key: &str| self.front.raw.lines().any(|line| line.trim_start_matches(['"', '\'']).starts_with(key));
        let words = scan::value(self.front.raw, "audience").unwrap_or("");
        let words = words.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).filter(|word| !word.is_empty());
        let mut audience: Vec<Plain> = words.map(|word| Plain { text: word.into(), span: self.front.opening }).collect();
        if named("audience") && audience.is_empty() {
            audience.push(Plain { text: NOBODY.into(), span: self.front.opening });
        }
        let draft = scan::value(self.front.raw, "draft").map(|value| !value.starts_with("false"));
        Common { audience: audience.into(), draft, ..Common::default() }
    }

    /// The id that is given, or the file's stem.
    fn id(&self, kind: Type, entries: &mut Entries<'_>, cx: &mut Decoder<'_>) -> String {
        let given = entries.peek("id").filter(|entry| !entry.value.is_null()).map(|entry| entry.value.clone());
        entries.mark("id");
        if let Some(node) = &given {
            let id = cx.within("id", None, |cx| <crate::model::Id as crate::model::FieldValue>::decode(node, cx));
            if id.as_ref().is_some_and(|id| &*id.text == "index") && kind != Type::Organisation {
                cx.report(Rule::OutputCollision, node.inner_span(), "the id `index` would take the place of its folder's overview").help =
                    Some("Give it another id.".into());
                return "index-page".into();
            }
            return id.map(|id| id.text.into()).unwrap_or_else(|| scan::id_of(&self.place.stem));
        }
        if is_id(&self.place.stem) {
            return self.place.stem.clone();
        }
        let made = slug(&self.place.stem);
        let found = cx.report(Rule::InvalidId, self.front.opening, format!("the file name `{}` makes no id", self.place.stem));
        found.help = Some(format!(
            "Rename the file to words of a–z and 0–9 joined by `-`{}, or give it an `id:`.",
            if made.is_empty() { String::new() } else { format!(", such as `{made}.md`") }
        ));
        scan::id_of(&self.place.stem)
    }

    fn title(&self, given: Option<&Text>, body: &Body) -> (Box<str>, Span) {
        if let Some(text) = given {
            return (text.plain().into(), text.span);
        }
        match &body.title {
            Some(heading) => {
                // A heading's range goes on to the next line; its place does not.
                let written = self.front.body.get(heading.span.clone()).unwrap_or("").trim_end().len();
                (heading.text.clone(), Span::new(heading.span.start, heading.span.start + written).shifted(self.front.body_at))
            }
            None => (scan::title_of(&self.place.stem).into(), self.front.opening),
        }
    }

    /// Takes up the body's links: each belongs to the step whose long text it stands in.
    fn read_body(&mut self, entity: &mut Entity, cx: &mut Decoder<'_>) {
        let at = self.front.body_at;
        self.say_asides(&mut entity.body, cx);
        let first = cx.links.len() as u32;
        entity.body_link = first;
        let mut links = std::mem::take(&mut entity.body.rich.links);
        let sections = entity.sections();
        for link in &mut links {
            let part = part_at(&sections, link.at);
            cx.within("body", part, |cx| {
                cx.add_text_links(std::slice::from_mut(link), |range| Span::new(range.start + at, range.end + at));
            });
        }
        entity.body.rich.links = links;
    }

    /// Says what of a body is not shown as it was meant. Half links are taken up before the body's own.
    fn say_asides(&self, body: &mut Body, cx: &mut Decoder<'_>) {
        let at = self.front.body_at;
        for (range, element) in &body.removed {
            crate::model::raw_html(cx, Span::new(range.start + at, range.end + at), element);
        }
        for slip in std::mem::take(&mut body.slips) {
            let written = self.front.body.get(slip.span.clone()).unwrap_or("");
            let span = Span::new(slip.span.start + at, slip.span.end + at);
            cx.within("body", None, |cx| crate::model::half_markdown(cx, span, written, &slip.kind));
        }
    }

    fn push(&mut self, entity: Entity, cx: &mut Decoder<'_>) {
        let index = self.entities.len() as u32;
        self.links.extend(cx.links.drain(..).map(|link| (index, link)));
        self.entities.push(entity);
    }

    /// A file with many improvements.
    fn read_backlog(&mut self, node: &Node, cx: &mut Decoder<'_>) -> Made {
        cx.opening = Some(self.front.opening);
        let mut body = markup::block(self.front.body, cx.options, node.get("title").is_some());
        cx.waive = body.title.is_some().then_some("title");
        let mut made = Made { role: Role::Backlog, common: Common::default(), written: Vec::new(), body: None };
        let Some(mut entries) = cx.entries(node, common_record()) else { return made };
        entries.mark("type");
        entries.mark("id");
        made.common = take_common(&mut entries, cx);
        cx.waive = None;
        let of_file = std::mem::take(&mut cx.links);
        let items = entries.all("items").find(|items| !items.is_null()).or(entries.all("items").next()).cloned();
        let missing_at = entries.missing_at();
        // Of a list that stands twice the items are not read.
        self.lost.extend(entries.all("items").filter(|items| !items.is_null()).skip(1).map(|items| items.span));
        entries.mark("items");
        cx.leftovers(&entries, &[common_record()]);
        // What was written for the file is not the first item's.
        made.written = std::mem::take(&mut cx.written);
        cx.names_lost = false;
        let listed = items.as_ref().map(|node| match &node.shape {
            Shape::List(items) => items.as_slice(),
            _ if is_item(node) => std::slice::from_ref(node),
            _ => &[],
        });
        match (listed, &items) {
            (Some([]), Some(node)) if matches!(node.shape, Shape::Null | Shape::List(_)) => {
                cx.report(Rule::MissingField, node.span, "`items` needs at least one improvement");
            }
            (Some([]), Some(node)) => {
                cx.report(Rule::WrongKind, node.span, format!("`items` takes a list of improvements, not {}", node.describe()));
            }
            (Some(items), _) => {
                let owner = made.common.owner.as_ref().and_then(|owner| of_file.get(owner.department.link as usize));
                self.read_items(items, owner, cx);
            }
            (None, _) => {
                let meant = made.written.iter().find(|written| written.field == "items").map(|written| written.span);
                let file = cx.source.path.clone();
                let found = cx.report(Rule::MissingField, missing_at, "`items` is missing");
                found.help = Some("A backlog holds its improvements in a list: `items:`.".into());
                found.labels.extend(meant.map(|key| misspelt(&file, key)));
            }
        }
        self.read_file_links(of_file, &mut body, cx);
        made.body = Some(body);
        made
    }

    /// The links of the backlog's own fields and body come last; they belong to none of its items.
    fn read_file_links(&mut self, of_file: Vec<RawLink>, body: &mut Body, cx: &mut Decoder<'_>) {
        let at = self.front.body_at;
        cx.links = of_file;
        self.say_asides(body, cx);
        cx.within("body", None, |cx| cx.add_text_links(&mut body.rich.links, |range| Span::new(range.start + at, range.end + at)));
        let index = self.entities.len() as u32;
        self.links.extend(cx.links.drain(..).map(|link| (index, link)));
    }

    fn read_items(&mut self, items: &[Node], owner: Option<&RawLink>, cx: &mut Decoder<'_>) {
        let items = cx.items(items);
        for (at, node) in items.iter().enumerate() {
            let end = items.get(at + 1).map_or(self.front.end as u32, |next| next.span.start);
            let range = Span { start: node.span.start, end };
            let Some(mut item) = self.item(node, range, cx) else {
                self.lost.push(range);
                cx.forget();
                continue;
            };
            // Who answers for the file answers for each of its items that names nobody else: the reference is the item's own.
            if let (None, Some(owner)) = (&item.common.owner, owner) {
                item.common.owner = Some(Owner::again(owner, cx));
            }
            item.body_link = cx.links.len() as u32;
            self.push(item, cx);
        }
    }

    fn item(&mut self, node: &Node, range: Span, cx: &mut Decoder<'_>) -> Option<Entity> {
        let kind = Type::Improvement;
        let mut entries = cx.within("items", None, |cx| cx.entries(node, record_of(kind)))?;
        let at = entries.at();
        let id = entries.peek("id").map(|entry| entry.value.clone());
        let id_span = id.as_ref().map(Node::inner_span);
        entries.mark("id");
        let is_given = id.as_ref().is_some_and(|id| !id.is_null());
        let id = match id.filter(|id| !id.is_null()) {
            Some(node) => {
                let given = cx.within("id", None, |cx| <crate::model::Id as crate::model::FieldValue>::decode(&node, cx));
                given.map(|id| id.text).or_else(|| meant_id(&node).filter(|id| self.entities.iter().all(|other| other.id != *id)))
            }
            None => {
                let meant = entries.misspelt_id();
                let file = cx.source.path.clone();
                let found = cx.report(Rule::MissingField, at, "`id` is missing");
                found.help = Some("Each item of a backlog has an `id` of its own.".into());
                found.labels.extend(meant.map(|entry| misspelt(&file, entry.key.span)));
                meant.and_then(|entry| meant_id(&entry.value))
            }
        };
        cx.opening = None;
        let (common, data) = take_fields(kind, &mut entries, cx);
        let title = common.title.as_ref().map(|title| (Box::<str>::from(title.plain()), title.span));
        let (title, span) = title.unwrap_or_else(|| (id.clone().unwrap_or_else(|| "improvement".into()), at));
        let is_named = is_given || id.is_some();
        let id = id.unwrap_or_else(|| slug(&title).into());
        let item = (!id.is_empty()).then(|| Entity { range, id_span, ..Entity::new(kind, id, title, span, common, data) });
        let item = item?.with_parts(cx);
        // Where two items could not be told apart, the second has lost its name.
        if item.items_lost || !is_named {
            self.lost.push(range);
        }
        Some(item)
    }
}

/// What a backlog lacks that does not say what it is.
const NO_BACKLOG: &str = "no field `items` in improvement; a file that holds many says `type: backlog`";
const SAY_BACKLOG: &str = "Write `type: backlog` on a line above it.";

/// The type that is written, also where its key is misspelt: what it says is a type.
fn written_type<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    let is_type = |value: &Node| value.scalar().is_some_and(|name| type_names().contains(&name));
    let misspelt = || node.entries()?.iter().find(|entry| nearest(&entry.key.text, ["type"]).is_some() && is_type(&entry.value));
    node.get("type").or_else(|| misspelt().map(|entry| &entry.value))
}

/// The id that a text was to be which is none.
fn meant_id(node: &Node) -> Option<Box<str>> {
    node.scalar().map(slug).filter(|id| !id.is_empty()).map(Into::into)
}

fn type_names() -> Vec<&'static str> {
    Type::ALL.iter().filter(|kind| kind.is_public()).map(|kind| kind.name()).chain(["backlog"]).collect()
}

/// Whether a value is an improvement by itself, which stands for a list of one, and not a mapping of something else.
fn is_item(node: &Node) -> bool {
    let fields = || record_of(Type::Improvement).fields.iter().chain(common_record().fields).map(|field| field.name).chain(["id"]);
    node.entries().is_some_and(|entries| entries.iter().any(|entry| fields().any(|name| name == &*entry.key.text)))
}

/// A type's own fields first: where they share a name with a common one (`status`), theirs counts.
fn take_fields(kind: Type, entries: &mut Entries<'_>, cx: &mut Decoder<'_>) -> (Common, Data) {
    let data = take_data(kind, entries, cx);
    let common = take_common(entries, cx);
    cx.leftovers(entries, &[record_of(kind), common_record()]);
    check_parts(cx);
    check_behaviours(&data, cx);
    check_order(&data, cx);
    (common, data)
}

/// An audience for nobody, where one was meant and cannot be read.
pub const NOBODY: &str = "?";

/// The fields that all types have. What was to hide a page and cannot be read hides it still: nobody may see more of a page because
/// of a slip of the pen in it.
fn take_common(entries: &mut Entries<'_>, cx: &mut Decoder<'_>) -> Common {
    let written =
        |name: &str| entries.all(name).any(|node| !node.is_null() && !matches!(&node.shape, Shape::List(items) if items.is_empty()));
    let (for_some, is_draft) = (written("audience"), written("draft"));
    let said = cx.diagnostics.len();
    let mut common = Common::take(entries, cx);
    if is_draft && common.draft.is_none() {
        let slips = cx.diagnostics[said..].iter().filter(|found| entries.all("draft").any(|node| node.span.start == found.span.start));
        cx.guards.extend(slips.cloned());
    }
    if for_some && common.audience.is_empty() {
        common.audience = vec![Plain { text: NOBODY.into(), span: entries.at() }].into();
    }
    common.draft = common.draft.or(is_draft.then_some(true));
    common
}

/// Ids of phases, steps and tasks are unique within their entity.
fn check_parts(cx: &mut Decoder<'_>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let named = cx.parts.iter().enumerate().filter(|(_, part)| !part.id.is_empty());
    let twice: Vec<(usize, usize)> = named
        .filter_map(|(at, part)| {
            let first = *seen.entry(&part.id).or_insert(at);
            (first != at).then_some((at, first))
        })
        .collect();
    for (at, first) in twice {
        // That one has no proper id was told.
        if let Some(guessed) = [at, first].into_iter().find(|part| cx.parts[*part].guessed) {
            cx.parts[guessed].id = Box::default();
            continue;
        }
        let (part, earlier) = (cx.parts[at].clone(), cx.parts[first].clone());
        let spans = (part.id_span.unwrap_or(part.span), earlier.id_span.unwrap_or(earlier.span));
        cx.diagnostics.push(doubled(&cx.source.path, spans, format!("two parts of this page have the id `{}`", part.id)));
        cx.parts[at].id = Box::default();
    }
}

/// An id that stands twice in one file: where it is the second time, and where the first.
fn doubled(path: &RelPath, (second, first): (Span, Span), message: String) -> Diagnostic {
    let found = Diagnostic::new(Rule::DuplicateId, path, second, message).help("Give one of them an `id:` of its own.");
    found.label(path, first, "the first is here")
}

/// Visits name the behaviours of a touchpoint's service concept by their ids.
fn check_behaviours(data: &Data, cx: &mut Decoder<'_>) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for behaviour in data.touchpoint().into_iter().flat_map(|touchpoint| touchpoint.behaviours.iter()) {
        let key = behaviour.key();
        let given = behaviour.id.as_ref().map(|id| id.span).or(behaviour.text.as_ref().map(|text| text.span));
        let Some(span) = given.filter(|_| !key.is_empty()) else { continue };
        let first = *seen.entry(key.clone()).or_insert(span);
        if first.start != span.start {
            cx.diagnostics.push(doubled(&cx.source.path, (span, first), format!("two behaviours of this touchpoint have the id `{key}`")));
        }
    }
}

/// What ends does not end before it begins.
fn check_order(data: &Data, cx: &mut Decoder<'_>) {
    if let Some(improvement) = data.improvement() {
        ends_after(None, ("started", improvement.started), ("finished", improvement.finished), cx);
    }
    for phase in data.roadmap().into_iter().flat_map(|roadmap| roadmap.phases.iter()) {
        ends_after(Some(phase.index), ("from", phase.from), ("to", phase.to), cx);
    }
}

/// A date and the field that holds it.
type DateOf = (&'static str, Option<Date>);

fn ends_after(part: Option<u32>, (first, from): DateOf, (last, to): DateOf, cx: &mut Decoder<'_>) {
    let Some((from, to)) = from.zip(to).filter(|(from, to)| to < from) else { return };
    let place = |name| cx.written.iter().find(|written| written.part == part && written.field == name).map(|written| written.span);
    let Some((begins, ends)) = place(first).zip(place(last)) else { return };
    let message = format!("`{last}` is {to}, which is before `{first}` ({from})");
    let found = Diagnostic::new(Rule::OutOfRange, &cx.source.path, ends, message).help("Mend one of the two days.");
    let found = found.label(&cx.source.path, begins, "it begins here");
    cx.diagnostics.push(found);
}

impl Entity {
    fn new(kind: Type, id: Box<str>, title: Box<str>, span: Span, common: Common, data: Data) -> Entity {
        Entity {
            kind,
            id,
            title,
            span,
            range: span,
            common,
            data,
            body: Body::default(),
            body_link: 0,
            parts: Vec::new(),
            written: Vec::new(),
            names_lost: false,
            items_lost: false,
            broken: false,
            id_span: None,
            parts_by_id: Box::default(),
        }
    }

    /// Takes over the parts that were read.
    fn with_parts(mut self, cx: &mut Decoder<'_>) -> Entity {
        self.parts = std::mem::take(&mut cx.parts);
        self.parts.shrink_to_fit();
        self.written = std::mem::take(&mut cx.written);
        self.names_lost = std::mem::take(&mut cx.names_lost);
        self.items_lost = std::mem::take(&mut cx.items_lost);
        self.written.shrink_to_fit();
        let mut by_id: Vec<u32> = (0..self.parts.len() as u32).filter(|at| !self.parts[*at as usize].id.is_empty()).collect();
        by_id.sort_by(|a, b| self.parts[*a as usize].id.cmp(&self.parts[*b as usize].id));
        self.parts_by_id = by_id.into();
        self
    }

    /// Where in the body a part's long text begins and where another text does, in order.
    fn sections(&self) -> Vec<(usize, Option<u32>)> {
        let mut open: Option<(u8, u32)> = None;
        let headings = self.body.headings.iter().filter(|heading| heading.place == HeadingPlace::Top);
        headings
            .map(|heading| {
                open = open.filter(|(level, _)| heading.level > *level);
                open = self.part_named(&heading.id).map(|part| (heading.level, part)).or(open);
                (heading.span.start, open.map(|(_, part)| part))
            })
            .collect()
    }

    /// Whether a part may be meant to have that id: names of parts could not be read, or one has taken another's, and the id is in the
    /// words of its title.
    pub fn may_declare(&self, id: &str) -> bool {
        let words = |text: &str| slug(text).split('-').filter(|word| word.len() > 2).map(str::to_owned).collect::<Vec<_>>();
        let is_like = |a: &str, b: &str| a == b || (a.len().min(b.len()) > 3 && (a.starts_with(b) || b.starts_with(a)));
        let speaks = |title: &str| words(title).iter().any(|word| words(id).iter().any(|other| is_like(word, other)));
        let may_have_lost = |part: &PartDecl| (part.id.is_empty() || *part.id != slug(&part.title)) && speaks(&part.title);
        self.broken || self.names_lost || (self.parts.iter().any(|part| part.id.is_empty()) && self.parts.iter().any(may_have_lost))
    }

    /// Whether a field was written, or nearly, but could not be read; of a part, or of the entity itself.
    pub fn is_unread(&self, part: Option<u32>, field: &str) -> bool {
        self.written.iter().any(|written| !written.read && written.part == part && written.field == field)
    }

    /// The number of the part with that id.
    pub fn part_named(&self, id: &str) -> Option<u32> {
        let found = self.parts_by_id.binary_search_by(|at| (*self.parts[*at as usize].id).cmp(id)).ok()?;
        Some(self.parts_by_id[found])
    }

    /// The long text of a part: the range of the body's HTML behind the heading whose anchor is the part's id.
    pub fn part_text(&self, part: u32) -> Option<Range<usize>> {
        let id = &self.parts.get(part as usize)?.id;
        let mut headings = self.body.headings.iter().filter(|heading| heading.place == HeadingPlace::Top);
        let heading = headings.find(|heading| !id.is_empty() && heading.id == *id)?;
        let end = headings.find(|next| next.level <= heading.level || self.part_named(&next.id).is_some());
        Some(heading.html.end..end.map_or(self.body.notes_at, |next| next.html.start))
    }
}

/// The part in whose long text a byte of the body stands.
fn part_at(sections: &[(usize, Option<u32>)], at: usize) -> Option<u32> {
    let after = sections.partition_point(|(start, _)| *start <= at);
    sections[..after].last().and_then(|(_, part)| *part)
}

impl Document {
    /// A table of mystery visits, each given as the node that its front matter would be.
    pub fn of_visits(source: Source, visits: Vec<(&str, Node<'_>)>, found: Vec<Diagnostic>, options: markup::Options) -> Document {
        let mut cx = Decoder::new(&source, options);
        cx.diagnostics = found;
        cx.called = &[("scores", "score"), ("behaviours", "result")];
        let (mut entities, mut links) = (Vec::new(), Vec::new());
        for (id, node) in visits {
            cx.waive = Some("title");
            let Some(mut entries) = cx.entries(&node, record_of(Type::Visit)) else { continue };
            let (common, data) = take_fields(Type::Visit, &mut entries, &mut cx);
            let index = entities.len() as u32;
            links.extend(cx.links.drain(..).map(|link| (index, link)));
            let location = node.get("location").and_then(Node::scalar);
            let title: Vec<&str> = [node.get("date").and_then(Node::scalar), location].into_iter().flatten().collect();
            let entity = Entity::new(Type::Visit, slug(id).into(), title.join(", ").into(), node.span, common, data);
            entities.push(Arc::new(entity.with_parts(&mut cx)));
        }
        entities.shrink_to_fit();
        let diagnostics = std::mem::take(&mut cx.diagnostics);
        let (link_entity, links) = apart(links);
        let (role, body_at) = (Role::Entity, source.text.len());
        let (common, guards, written, lost) = Default::default();
        Document { role, common, written, lost, body: None, body_at, entities, links, link_entity, diagnostics, guards, source }
    }
}
