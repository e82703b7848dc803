//! Every link seen from its other end.
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Cx, LinkView};
use crate::handbook::{Backlink, Ix};
use crate::model::{FieldLink, RawLink, Type};

/// Those who refer to a page in one way.
#[derive(Debug, Serialize)]
pub struct BackGroup {
    /// How they refer: a heading.
    pub heading: String,
    /// The relation's name, for an anchor.
    pub relation: String,
    /// Who.
    pub items: Vec<BackItem>,
}

/// One who refers.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct BackItem {
    /// The page.
    pub link: LinkView,
    /// The step, phase or task of that page in which it refers.
    pub part: Option<LinkView>,
    /// The part of this page that it refers to.
    pub to: Option<LinkView>,
    /// The sentence in which it refers.
    pub context: String,
}

/// Whether it is in a text, the type that refers, the relation.
type Group<'h> = (bool, Type, &'h str);

/// What makes two references the same line: who refers, from which part, to which part, in which sentence.
type Seen<'h> = (Ix, Option<u32>, Option<u32>, &'h str);

/// Who refers to an entity, grouped by relation and type, in a stable order.
pub fn back_groups(cx: &Cx<'_>, ix: Ix) -> Vec<BackGroup> {
    let mut groups: BTreeMap<Group<'_>, Vec<(Seen<'_>, BackItem)>> = BTreeMap::new();
    for link in cx.node(ix).backlinks.iter() {
        let raw = cx.node(link.from).link(link.link);
        if link.from == ix && link.relation == "to" {
            continue;
        }
        let in_text = matches!(raw.how, FieldLink::Wiki | FieldLink::Address | FieldLink::Image);
        let key = if in_text { (true, Type::Section, "body") } else { (false, cx.handbook.kind(link.from), link.relation) };
        let items = groups.entry(key).or_default();
        // Backlinks come in the order of those who refer, so that a double stands near.
        let seen = (link.from, raw.part, link.to_part, &*raw.context.text);
        if !items.iter().rev().take_while(|(earlier, _)| earlier.0 == link.from).any(|(earlier, _)| *earlier == seen) {
            items.push((seen, item(cx, ix, link, raw)));
        }
    }
    groups
        .into_iter()
        .map(|((in_text, kind, relation), items)| BackGroup {
            heading: cx.words.relation(if in_text { "" } else { kind.name() }, relation),
            relation: if in_text { relation.to_owned() } else { format!("{}-{}", kind.name(), relation.replace('_', "-")) },
            items: items.into_iter().map(|(_, item)| item).collect(),
        })
        .collect()
}

fn item(cx: &Cx<'_>, ix: Ix, link: &Backlink, raw: &RawLink) -> BackItem {
    BackItem {
        link: cx.link(link.from),
        part: raw.part.map(|part| cx.part_link(link.from, part)),
        to: link.to_part.map(|part| cx.part_link(ix, part)),
        context: context(cx, ix, raw),
    }
}

/// The sentence around a link; where it was written as a bare id, the title of this page stands for that.
fn context(cx: &Cx<'_>, ix: Ix, raw: &RawLink) -> String {
    match raw.how {
        FieldLink::Wiki => raw.context.naming(&raw.written, &cx.node(ix).entity.title),
        _ => raw.context.text.to_string(),
    }
}
