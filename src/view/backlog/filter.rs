//! What the overview can be narrowed down by.
use std::collections::BTreeSet;

use serde::Serialize;

use super::super::Cx;
use super::super::improvement::capital;
use super::Row;
use crate::base::slug;
use crate::handbook::Ix;
use crate::insight;
use crate::model::{Ref, Type};

/// A word among those that an improvement is found by, and its label.
type Choice = (String, String);

/// A choice to narrow the page down by.
#[derive(Debug, Serialize)]
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What can be chosen: a word among those that an improvement is found by, and its label.
    pub options: Vec<Choice>,
}

/// What an improvement is found by: a word for each choice that it answers to, with spaces between.
pub fn keys(cx: &Cx<'_>, ix: Ix) -> String {
    let Some(item) = cx.node(ix).entity.data.improvement() else { return String::new() };
    let ids = |sort: &'static str, found: Vec<Ix>| found.into_iter().map(move |ix| format!("{sort}-{}", cx.node(ix).entity.id));
    let mut words = vec![item.status().word().to_owned()];
    words.extend(item.horizon.map(|horizon| horizon.word().to_owned()));
    words.extend(ids("j", insight::journeys_of(cx.handbook, ix)));
    words.extend(ids("d", followed(cx, ix, &item.departments)));
    words.extend(cx.owner(ix).map(|owner| format!("o-{}", slug(&owner.title))));
    words.extend(ids("c", followed(cx, ix, &item.channels)));
    words.join(" ")
}

fn followed<A: Copy>(cx: &Cx<'_>, ix: Ix, references: &[Ref<A>]) -> Vec<Ix> {
    references.iter().filter_map(|reference| cx.handbook.follow(ix, *reference)).collect()
}

/// The choices that the rows of the table offer; those with nothing to choose from are left out.
pub fn filters(cx: &Cx<'_>, rows: &[Row]) -> Vec<Filter> {
    let status = |key: &str| capital(&cx.words.choice("improvement", "status", key));
    let horizon = |key: &str| capital(&cx.words.choice("improvement", "horizon", key));
    let of = |names: &[&'static str], label: &dyn Fn(&str) -> String| names.iter().map(|name| ((*name).to_owned(), label(name))).collect();
    let entities = |sort: &'static str, kind: Type| {
        cx.handbook.of_type(kind).map(move |ix| (format!("{sort}-{}", cx.node(ix).entity.id), cx.node(ix).entity.title.to_string()))
    };
    let owners =
        rows.iter().filter_map(|row| row.item.owner.as_ref()).map(|owner| (format!("o-{}", slug(&owner.title)), owner.title.clone()));
    let choices: [(&'static str, &str, Vec<Choice>); 6] = [
        ("horizon", "field.improvement.horizon", of(&HORIZONS, &horizon)),
        ("status", "field.status", of(&STATUSES, &status)),
        ("journey", "type.journey.one", sorted(entities("j", Type::Journey))),
        ("department", "field.department", sorted(entities("d", Type::Department))),
        ("owner", "field.owner", sorted(owners)),
        ("channel", "type.channel.one", sorted(entities("c", Type::Channel))),
    ];
    let used: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys.split(' ')).collect();
    let filter = |(name, label, mut options): (&'static str, &str, Vec<Choice>)| {
        options.retain(|(key, _)| used.contains(&**key));
        Filter { name, label: capital(&cx.words.get(label)), options }
    };
    choices.into_iter().map(filter).filter(|filter| filter.options.len() > 1).collect()
}

/// Horizons and statuses, in the order in which they are passed through.
const HORIZONS: [&str; 3] = ["quick-win", "long-term", "personalisation"];
const STATUSES: [&str; 6] = ["idea", "proposed", "committed", "in-progress", "done", "dropped"];

/// By label, each once.
fn sorted(options: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let mut options: Vec<Choice> = options.collect();
    options.sort_by_cached_key(|(key, label)| (label.to_lowercase(), key.clone()));
    options.dedup();
    options
}
