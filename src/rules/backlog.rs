//! Rules that speak of an improvement.
use super::context::Context;
use super::facts::{count, title};
use crate::base::{Diagnostic, Rule};
use crate::handbook::{Ix, Node};
use crate::model::Improvement;
use crate::model::ImprovementStatus::{Committed, Done, Dropped, InProgress};

pub(super) fn unplanned(cx: &Context<'_>, ix: Ix, node: &Node, item: &Improvement, out: &mut Vec<Diagnostic>) {
    if !matches!(item.status(), Committed | InProgress) && !cx.perhaps_any(ix, None, "status") {
        return;
    }
    let dated = item.due.is_some() || cx.unread(ix, None, "due");
    let Some(lacks) = lacking([("owner", cx.may_be_owned(ix)), ("due date", dated)]) else { return };
    let status = if item.status() == Committed { "is committed" } else { "is in progress" };
    out.push(
        cx.say(Rule::Unplanned, ix, node.entity.span, format!("{} {status} and has {lacks}", title(node)))
            .help("Say who sees to it with `owner:` and until when with `due:`."),
    );
}

/// Like every date that has run out, it is told of at the date.
pub(super) fn overdue(cx: &Context<'_>, ix: Ix, node: &Node, item: &Improvement, out: &mut Vec<Diagnostic>) {
    let is_open = !matches!(item.status(), Done | Dropped) && !cx.unread(ix, None, "status");
    if is_open && cx.perhaps_any(ix, None, "due") {
        cx.might_say(Rule::Overdue, ix, out);
    }
    let Some(due) = item.due.filter(|due| is_open && *due < cx.today) else { return };
    let late = count(cx.today.days_since(due).unsigned_abs() as usize, "day");
    let message = format!("{} was due on {due}, {late} ago, and is neither done nor dropped", title(node));
    out.push(
        cx.say(Rule::Overdue, ix, cx.place_of(ix, "due"), message)
            .help("Set `status: done` or `dropped`, or agree on a new day with its owner."),
    );
}

pub(super) fn unscored(cx: &Context<'_>, ix: Ix, node: &Node, item: &Improvement, out: &mut Vec<Diagnostic>) {
    let impact = item.impact.is_some() || cx.unread(ix, None, "impact");
    let effort = item.effort.is_some() || cx.unread(ix, None, "effort");
    let is_live = item.status() != Dropped && !cx.unread(ix, None, "status");
    let Some(lacks) = lacking([("impact", impact), ("effort", effort)]).filter(|_| is_live) else { return };
    out.push(
        cx.say(Rule::Unscored, ix, node.entity.span, format!("{} has {lacks}", title(node)))
            .help("Guess `impact:` and `effort:` from 1 to 5, so that it can be weighed against the others."),
    );
}

/// `no impact`, `no impact and no effort`; none where nothing is lacking.
fn lacking<const N: usize>(fields: [(&str, bool); N]) -> Option<String> {
    let lacks: Vec<String> = fields.iter().filter(|(_, there)| !there).map(|(name, _)| format!("no {name}")).collect();
    (!lacks.is_empty()).then(|| lacks.join(" and "))
}
