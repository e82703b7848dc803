//! The home page: who we are, every journey with its curve, how the handbook is doing, what changed and what comes next.
mod atlas;
mod health;

use serde::Serialize;

use super::entity::{EntityPage, entity_page};
use super::pieces::more;
use super::review::{self, Group};
use super::roadmap::{PhaseView, phases_of};
use super::{Cx, LinkView, Shell};
use crate::handbook::{Change, Ix};
use crate::markup::escape;
use crate::model::{Data, Type};
pub use atlas::Atlas;
pub use health::Health;

/// The home page.
#[derive(Debug, Serialize)]
pub struct HomePage {
    /// The frame.
    pub shell: Shell,
    /// The organisation, or the handbook's title where nobody says who.
    pub title_html: String,
    /// What `index.md` says, if there is one.
    pub page: Option<EntityPage>,
    /// The journeys.
    pub atlas: Atlas,
    /// How the handbook is doing.
    pub health: Health,
    /// What is most serious.
    pub attention: Vec<Group>,
    /// Where all of it is.
    pub review: String,
    /// The latest changes.
    pub recent: Vec<Recent>,
    /// What the organisation stands for.
    pub principles: Vec<PrincipleView>,
    /// How many more of them there are.
    pub more_principles: usize,
    /// All of them.
    pub principles_link: LinkView,
    /// The plan.
    pub roadmaps: Vec<RoadmapBrief>,
}

/// A change.
#[derive(Debug, Serialize)]
pub struct Recent {
    /// The day in words.
    pub date: String,
    /// The day for machines.
    pub iso: String,
    /// What was changed.
    pub links: Vec<LinkView>,
    /// How much more was changed with it, in words.
    pub more: String,
    /// Why, in the words of who did.
    pub subject: String,
}

/// A principle in brief.
#[derive(Debug, Serialize)]
pub struct PrincipleView {
    /// Its page.
    pub link: LinkView,
    /// What it says.
    pub statement_html: String,
}

/// A roadmap in brief.
#[derive(Debug, Serialize)]
pub struct RoadmapBrief {
    /// Its page.
    pub link: LinkView,
    /// Its phases.
    pub phases: Vec<PhaseView>,
}

/// Changes, principles and roadmaps that are shown.
const RECENT: usize = 6;
const TOGETHER: usize = 3;
const PRINCIPLES: usize = 8;
const ROADMAPS: usize = 3;

/// The home page.
pub fn home_page(cx: &Cx<'_>) -> HomePage {
    let mut page = cx.handbook.organisation().map(|ix| entity_page(cx, ix, &[]));
    let title = &cx.handbook.settings.title;
    let shell = page.as_mut().map_or_else(|| Shell::new(cx, title, "", ""), |page| std::mem::take(&mut page.shell));
    let principles = cx.handbook.of_type(Type::Principle);
    HomePage {
        shell: Shell { class: "p-home".into(), previous: None, next: None, crumbs: Vec::new(), ..shell },
        title_html: page.as_ref().map_or_else(|| escape(title), |page| page.title_html.clone()),
        page,
        atlas: atlas::atlas(cx),
        health: health::health(cx),
        attention: review::worst(cx),
        review: cx.url_to("review.html"),
        recent: recent(cx),
        principles: principles.clone().take(PRINCIPLES).filter_map(|ix| principle(cx, ix)).collect(),
        more_principles: principles.count().saturating_sub(PRINCIPLES),
        principles_link: cx.listing_link(Type::Principle),
        roadmaps: cx
            .handbook
            .of_type(Type::Roadmap)
            .take(ROADMAPS)
            .map(|ix| RoadmapBrief { link: cx.link(ix), phases: phases_of(cx, ix) })
            .collect(),
    }
}

fn principle(cx: &Cx<'_>, ix: Ix) -> Option<PrincipleView> {
    let Data::Principle(principle) = &cx.node(ix).entity.data else { return None };
    Some(PrincipleView { link: cx.link(ix), statement_html: cx.html_or(ix, &principle.statement) })
}

/// The latest changes of files that have a page, newest first; what was changed together stands together.
fn recent(cx: &Cx<'_>) -> Vec<Recent> {
    let mut changes: Vec<_> = cx.handbook.history.changed.iter().collect();
    changes.sort_by(|a, b| (b.1.date, &a.1.subject, &a.1.commit, a.0).cmp(&(a.1.date, &b.1.subject, &b.1.commit, b.0)));
    let mut pages = std::collections::BTreeMap::new();
    for ix in cx.handbook.all() {
        pages.entry(&cx.node(ix).document.source.path).or_insert(ix);
    }
    let mut recent: Vec<(Recent, &Change, usize)> = Vec::new();
    for (path, change) in changes {
        let Some(ix) = pages.get(path).copied() else { continue };
        let many = cx.node(ix).document.role == crate::document::Role::Backlog;
        let link = if many { cx.listing_link(Type::Improvement) } else { cx.link(ix) };
        let (date, iso) = (cx.words.date_short(change.date), change.date.to_string());
        let full = recent.len() == RECENT;
        match recent.last_mut().filter(|(_, last, _)| *last == change) {
            Some((last, _, n)) => {
                *n += 1;
                last.links.extend(Some(link).filter(|_| *n <= TOGETHER));
            }
            None if full => break,
            None => recent.push((Recent { date, iso, links: vec![link], more: String::new(), subject: change.subject.clone() }, change, 1)),
        }
    }
    recent.into_iter().map(|(recent, _, n)| Recent { more: more(cx, n, TOGETHER), ..recent }).collect()
}
