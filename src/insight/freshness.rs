//! Whether a page was checked in time.
use crate::base::{Date, Duration, Today};
use crate::document::Role;
use crate::handbook::{Handbook, Ix};

/// How fresh a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nobody says when it was reviewed.
    NeverReviewed,
    /// Reviewed in time: when, and until when that holds, if there is a limit.
    Fresh(Date, Option<Date>),
    /// Reviewed too long ago: when, and since when it is stale.
    Stale(Date, Date),
}

/// When an entity was reviewed; a backlog's item takes its file's date.
pub fn reviewed(handbook: &Handbook, ix: Ix) -> Option<Date> {
    let node = handbook.node(ix);
    let of_file = (node.document.role == Role::Backlog).then_some(node.document.common.reviewed).flatten();
    node.entity.common.reviewed.or(of_file)
}

/// After how long an entity has to be reviewed again.
fn review_every(handbook: &Handbook, ix: Ix) -> Option<Duration> {
    let node = handbook.node(ix);
    let of_file = (node.document.role == Role::Backlog).then_some(node.document.common.review_every).flatten();
    node.entity.common.review_every.or(of_file).or(handbook.settings.review_every(node.entity.kind))
}

/// How fresh an entity's page is on a day.
pub fn freshness(handbook: &Handbook, ix: Ix, today: Today) -> Freshness {
    let Some(reviewed) = reviewed(handbook, ix) else { return Freshness::NeverReviewed };
    match review_every(handbook, ix).map(|every| reviewed.plus(every)) {
        Some(until) if until < today => Freshness::Stale(reviewed, until),
        until => Freshness::Fresh(reviewed, until),
    }
}

/// When an entity's file was last changed.
pub fn latest_change(handbook: &Handbook, ix: Ix) -> Option<Date> {
    handbook.history.changed.get(&handbook.node(ix).document.source.path).map(|change| change.date)
}

/// When an entity's file was last changed in more than the day of its review.
pub fn latest_revision(handbook: &Handbook, ix: Ix) -> Option<Date> {
    handbook.history.revised(&handbook.node(ix).document.source.path)
}
