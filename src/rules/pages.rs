//! Rules that speak of any page, or of several types alike: what backs it, whether it was checked in time, whether anybody needs it.
use std::fmt;
use std::sync::Arc;

use super::context::Context;
use super::facts::{count, title};
use crate::base::{Date, Diagnostic, RelPath, Rule};
use crate::handbook::{Handbook, Ix, Node, Target};
use crate::insight::{self, Freshness};
use crate::model::{TouchpointStatus, Type};

pub(super) fn all_assumed(cx: &Context<'_>, ix: Ix, node: &Node, out: &mut Vec<Diagnostic>) {
    let unread = || node.entity.written.iter().any(|written| !written.read && written.field == "evidence");
    if cx.surely(unread) || insight::is_backed(cx.handbook, ix) {
        return;
    }
    let message = format!("no evidence backs {} or any part of it: all of it is assumed", title(node));
    out.push(
        cx.say(Rule::AllAssumed, ix, node.entity.span, message)
            .help("Name the research under `evidence:`, here or at what it backs, or plan some: five interviews are a beginning."),
    );
}

/// A review that no longer holds stands at its own date; that of a backlog's item, whose date is its file's, at the item's title.
pub(super) fn stale(cx: &Context<'_>, ix: Ix, node: &Node, out: &mut Vec<Diagnostic>) {
    let of_settings = node.entity.common.review_every.is_none();
    let [reviewed, every] = ["reviewed", "review_every"].map(|field| cx.perhaps_any(ix, None, field));
    let held = every || (of_settings && cx.perhaps(|| cx.reviews_are_unread()));
    if reviewed || (held && insight::reviewed(cx.handbook, ix).is_some()) {
        cx.might_say(Rule::Stale, ix, out);
    }
    let Freshness::Stale(reviewed, until) = insight::freshness(cx.handbook, ix, cx.today) else { return };
    if cx.unread(ix, None, "review_every") || cx.unread(ix, None, "reviewed") || (of_settings && cx.surely(|| cx.reviews_are_unread())) {
        return;
    }
    let late = count(cx.today.days_since(until).unsigned_abs() as usize, "day");
    let message = format!("{} was reviewed on {reviewed}, which held until {until}: {late} ago", title(node));
    out.push(
        cx.say(Rule::Stale, ix, cx.place_of(ix, "reviewed"), message)
            .help("Hold the page against reality, mend what has changed, and set `reviewed:` to that day."),
    );
}

/// Like every date that has run out, it is told of at the date.
pub(super) fn evidence_expired(cx: &Context<'_>, ix: Ix, node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(evidence) = node.entity.data.evidence() else { return };
    let [day, long] = ["date", "valid_for"].map(|field| cx.perhaps_any(ix, None, field));
    if (day || evidence.date.is_some()) && (long || evidence.valid_for.is_some()) && (day || long) {
        cx.might_say(Rule::EvidenceExpired, ix, out);
    }
    let (Some(date), Some(valid)) = (evidence.date, evidence.valid_for) else { return };
    let until = date.plus(valid);
    if until >= cx.today {
        return;
    }
    let message = format!("{} of {date} held for {valid}, until {until}", title(node));
    out.push(
        cx.say(Rule::EvidenceExpired, ix, cx.place_of(ix, "date"), message)
            .help("Repeat the research, or mark what it backs as assumed; if it still holds, say so with a longer `valid_for:`."),
    );
}

pub(super) fn suspect<'h>(cx: &Context<'h>, ix: Ix, node: &'h Node, out: &mut Vec<Diagnostic>) {
    if cx.handbook.history.changed.is_empty() {
        return;
    }
    let unread = cx.perhaps_any(ix, None, "reviewed");
    if unread || (insight::reviewed(cx.handbook, ix).is_some() && cx.perhaps(|| cx.has_lost_link(ix))) {
        cx.might_say(Rule::Suspect, ix, out);
    }
    let Some(reviewed) = insight::reviewed(cx.handbook, ix).filter(|_| !cx.unread(ix, None, "reviewed")) else { return };
    let newer = newer(cx, node, reviewed);
    let Some(first) = newer.iter().max_by(|a, b| (a.date, b.link).cmp(&(b.date, a.link))) else { return };
    let more = if newer.len() > 1 { format!(", and {} more", newer.len() - 1) } else { String::new() };
    let message = format!("{} changed on {}{more}, after {} was reviewed ({reviewed})", first.name, first.date, title(node));
    out.push(
        cx.say(Rule::Suspect, ix, cx.place_of(ix, "reviewed"), message)
            .help("See whether the page still holds, and set `reviewed:` to the day you looked.")
            .label(&node.document.source.path, node.link(first.link).span, "referred to here"),
    );
}

/// Something that changed after it was last looked at from here.
struct Newer<'h> {
    link: u32,
    date: Date,
    name: Name<'h>,
}

/// How to speak of something.
#[derive(Clone, Copy, PartialEq)]
enum Name<'h> {
    File(&'h RelPath),
    Page(&'h str),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::File(path) => write!(f, "`{path}`"),
            Name::Page(title) => write!(f, "“{title}”"),
        }
    }
}

/// Everything outside an entity's own file that it refers to, in fields or body, and that changed after a day in more than its own review; each thing once.
fn newer<'h>(cx: &Context<'h>, node: &'h Node, reviewed: Date) -> Vec<Newer<'h>> {
    let mut found: Vec<Newer<'_>> = Vec::new();
    for (link, target) in node.targets.iter().enumerate() {
        let date = match target {
            Target::File(path) => cx.handbook.history.revised(path),
            target => target.entity().and_then(|to| cx.latest_revision(to)),
        };
        let Some(date) = date.filter(|date| *date > reviewed) else { continue };
        let Some(name) = name_outside(cx.handbook, node, target).filter(|name| !found.iter().any(|known| known.name == *name)) else {
            continue;
        };
        found.push(Newer { link: link as u32, date, name });
    }
    found
}

/// How to speak of what a link leads to; none where that is in the same file.
fn name_outside<'h>(handbook: &'h Handbook, from: &Node, target: &'h Target) -> Option<Name<'h>> {
    match target {
        Target::File(path) => Some(Name::File(path)),
        target => {
            let to = handbook.node(target.entity()?);
            (!Arc::ptr_eq(&to.document, &from.document)).then_some(Name::Page(&to.entity.title))
        }
    }
}

pub(super) fn orphan(cx: &Context<'_>, ix: Ix, node: &Node, out: &mut Vec<Diagnostic>) {
    let by: &[Type] = match node.entity.kind {
        Type::Segment => &[Type::Persona],
        Type::Persona | Type::Touchpoint => &[Type::Journey],
        _ => Type::ALL,
    };
    if is_orphan(cx, ix, node) && !cx.may_be_named(ix, by) {
        let (message, help) = lonely(node);
        out.push(cx.say(Rule::Orphan, ix, node.entity.span, message).help(help));
    }
}

fn is_orphan(cx: &Context<'_>, ix: Ix, node: &Node) -> bool {
    let named_by =
        |kind: Type, field: &str| node.backlinks.iter().any(|link| link.relation == field && cx.handbook.kind(link.from) == kind);
    match node.entity.kind {
        Type::Segment => !named_by(Type::Persona, "segment"),
        Type::Persona => !named_by(Type::Journey, "personas"),
        Type::Touchpoint => {
            let retired = node.entity.data.touchpoint().is_some_and(|touchpoint| touchpoint.status() == TouchpointStatus::Retired);
            !retired && !cx.unread(ix, None, "status") && !named_by(Type::Journey, "touchpoints")
        }
        // A link in a text field names it too; only a body's does not.
        _ => node.backlinks.iter().all(|link| link.relation == "body"),
    }
}

fn lonely(node: &Node) -> (String, String) {
    let (title, id) = (title(node), &node.entity.id);
    match node.entity.kind {
        Type::Segment => {
            (format!("no persona stands for {title}"), format!("Give a persona `segment: {id}`; a target group is met through people."))
        }
        Type::Persona => (format!("{title} is in no journey"), format!("Map what this person goes through, with `personas: [{id}]`.")),
        Type::Touchpoint => (
            format!("{title} is in no step of any journey"),
            format!("Name it in a step's `touchpoints: [{id}]`, or set `status: retired`."),
        ),
        _ => (format!("no field names {title} as evidence"), format!("Name it in `evidence: [{id}]` of what it backs.")),
    }
}
