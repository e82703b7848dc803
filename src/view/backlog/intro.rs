//! What files with many improvements say of themselves: they have no page of their own.
use serde::Serialize;

use super::super::Cx;
use crate::document::{Document, Role};
use crate::handbook::{Handbook, Ix};
use crate::markup::{Address, Destinations, Link, LinkKind, Target, parse_address};
use crate::model::Type;

/// The introduction of a file with many improvements.
#[derive(Debug, Serialize)]
pub struct Intro {
    /// The file's title.
    pub title: String,
    /// Its summary.
    pub summary: String,
    /// Its Markdown.
    pub html: String,
    /// How many improvements it holds, in words.
    pub count: String,
}

/// Introductions that are shown.
const INTROS: usize = 20;

/// The introductions of all files with many improvements that say something.
pub fn intros(cx: &Cx<'_>) -> Vec<Intro> {
    let backlogs = cx.handbook.documents.iter().filter(|document| document.role == Role::Backlog);
    backlogs.filter_map(|document| intro(cx, document)).take(INTROS).collect()
}

fn intro(cx: &Cx<'_>, document: &Document) -> Option<Intro> {
    let body = document.body.as_ref()?;
    let html = body.rich.fill(&Places { cx, links: &body.rich.links }, 1);
    let plain = |text: &Option<crate::model::Text>| text.as_ref().map(|text| text.plain().to_owned());
    let shown = document.entities.iter().filter(|entity| cx.handbook.find(entity.kind, &entity.id).is_some()).count();
    let summary = plain(&document.common.summary).unwrap_or_default();
    let title = plain(&document.common.title).or_else(|| body.title.as_ref().map(|title| title.text.to_string()));
    let intro = Intro {
        title: title.unwrap_or_else(|| document.source.path.stem().to_owned()),
        count: cx.words.strings().entities(Type::Improvement, shown),
        summary,
        html,
    };
    (!intro.html.trim().is_empty() || !intro.summary.is_empty()).then_some(intro)
}

/// Where the links of such a body lead: wikilinks by id, addresses of other hosts as they are. No entity owns these links, so nothing
/// else has resolved them.
struct Places<'c, 'h> {
    cx: &'c Cx<'h>,
    links: &'c [Link],
}

impl Places<'_, '_> {
    fn found(&self, link: u32) -> Option<Ix> {
        let link = self.links.get(link as usize).filter(|link| link.kind == LinkKind::Wiki)?;
        let dest = link.dest.split('/').next().unwrap_or("");
        match dest.split_once(':') {
            Some((kind, id)) => self.cx.handbook.find(Type::ALL.iter().copied().find(|known| known.name() == kind)?, id),
            None => only(self.cx.handbook, dest),
        }
    }
}

/// The one entity of that id.
fn only(handbook: &Handbook, id: &str) -> Option<Ix> {
    let mut found = Type::ALL.iter().filter(|kind| kind.is_public()).filter_map(|kind| handbook.find(*kind, id));
    found.next().filter(|_| found.next().is_none())
}

impl Destinations for Places<'_, '_> {
    fn target(&self, link: u32) -> Target {
        if let Some(ix) = self.found(link) {
            return Target::Inside(self.cx.link(ix).url);
        }
        let address = self.links.get(link as usize).filter(|link| link.kind == LinkKind::Address);
        match address.map(|link| parse_address(&link.dest)) {
            Some(Ok(Address::Outside(url))) => Target::Outside(url.to_string()),
            _ => Target::Nowhere,
        }
    }

    fn label(&self, link: u32) -> String {
        let written = || self.links.get(link as usize).map(|link| link.dest.to_string()).unwrap_or_default();
        self.found(link).map_or_else(written, |ix| self.cx.node(ix).entity.title.to_string())
    }
}
