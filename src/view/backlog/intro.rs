//! What files with many improvements say of themselves: they have no page of their own.
use serde::Serialize;

use super::super::Cx;
use crate::handbook::{Backlog, Target};
use crate::markup::{self, Destinations};
use crate::model::{RawLink, Type};

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
    cx.handbook.backlogs.iter().filter_map(|backlog| intro(cx, backlog)).take(INTROS).collect()
}

fn intro(cx: &Cx<'_>, backlog: &Backlog) -> Option<Intro> {
    let document = &backlog.document;
    let body = document.body.as_ref()?;
    let first = backlog.targets.len().saturating_sub(body.rich.links.len());
    let html = body.rich.fill(&Places { cx, backlog, first }, 1);
    let plain = |text: &Option<crate::model::Text>| text.as_ref().map(|text| text.plain().to_owned());
    let shown = document.entities.iter().filter(|entity| cx.handbook.find(entity.kind, &entity.id).is_some()).count();
    let summary = plain(&document.common.summary).unwrap_or_default();
    let title = plain(&document.common.title).or_else(|| body.title.as_ref().map(|title| title.text.to_string()));
    let intro = Intro {
        title: title.unwrap_or_else(|| document.source.path.stem().to_owned()),
        count: cx.words.entities(Type::Improvement, shown),
        summary,
        html,
    };
    (!intro.html.trim().is_empty() || !intro.summary.is_empty()).then_some(intro)
}

/// Where the links of such a body lead: they are the last of the file's own.
struct Places<'c, 'h> {
    cx: &'c Cx<'h>,
    backlog: &'c Backlog,
    first: usize,
}

impl Places<'_, '_> {
    fn link(&self, link: u32) -> (Option<&RawLink>, &Target) {
        let at = self.first + link as usize;
        let raw = self.backlog.document.links.get(self.backlog.first_link as usize + at);
        (raw, self.backlog.targets.get(at).unwrap_or(&Target::Nowhere))
    }
}

impl Destinations for Places<'_, '_> {
    fn target(&self, link: u32) -> markup::Target {
        let (raw, target) = self.link(link);
        raw.map_or(markup::Target::Nowhere, |raw| self.cx.destination(raw, target))
    }

    fn label(&self, link: u32) -> String {
        let (raw, target) = self.link(link);
        raw.map_or_else(String::new, |raw| self.cx.label(raw, target))
    }
}
