//! What the overview can be narrowed down by.
use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Cx;
use super::super::improvement::capital;
use super::Row;
use crate::base::slug;
use crate::handbook::Ix;
use crate::insight;
use crate::model::Ref;

/// A choice to narrow the page down by.
#[derive(Debug, Serialize)]
pub struct Filter {
    /// The name of the attribute it looks at.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What can be chosen: values and their labels.
    pub options: Vec<(String, String)>,
}

/// What an improvement is found by: words with spaces between.
#[derive(Debug, Default, Serialize)]
pub struct Keys {
    /// How far away it lies.
    pub horizon: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// The journeys it is for.
    pub journey: String,
    /// The departments that take part.
    pub department: String,
    /// Who answers for it.
    pub owner: String,
    /// The channels it touches.
    pub channel: String,
}

/// What an improvement is found by.
pub fn keys(cx: &Cx<'_>, ix: Ix) -> Keys {
    let Some(item) = cx.node(ix).entity.data.improvement() else { return Keys::default() };
    let ids = |found: Vec<Ix>| found.iter().map(|ix| &*cx.node(*ix).entity.id).collect::<Vec<_>>().join(" ");
    Keys {
        horizon: item.horizon.map_or("", |horizon| horizon.word()),
        status: item.status().word(),
        journey: ids(insight::journeys_of(cx.handbook, ix)),
        department: ids(followed(cx, ix, &item.departments)),
        owner: cx.owner(ix).map(|owner| slug(&owner.title)).unwrap_or_default(),
        channel: ids(followed(cx, ix, &item.channels)),
    }
}

fn followed<A: Copy>(cx: &Cx<'_>, ix: Ix, references: &[Ref<A>]) -> Vec<Ix> {
    references.iter().filter_map(|reference| cx.handbook.follow(ix, *reference)).collect()
}

/// The choices that the rows of the table offer; those with nothing to choose from are left out.
pub fn filters(cx: &Cx<'_>, rows: &[Row]) -> Vec<Filter> {
    type Pick = fn(&Row) -> &str;
    let picks: [(&'static str, &str, Pick); 6] = [
        ("horizon", "field.improvement.horizon", |row| row.keys.horizon),
        ("status", "field.status", |row| row.keys.status),
        ("journey", "type.journey.one", |row| &row.keys.journey),
        ("department", "field.department", |row| &row.keys.department),
        ("owner", "field.owner", |row| &row.keys.owner),
        ("channel", "type.channel.one", |row| &row.keys.channel),
    ];
    let filter = |(name, label, pick): (&'static str, &str, Pick)| {
        let mut labels: BTreeMap<String, String> = BTreeMap::new();
        for row in rows {
            for key in pick(row).split(' ').filter(|key| !key.is_empty()) {
                labels.entry(key.to_owned()).or_insert_with(|| self::label(cx, name, key, row));
            }
        }
        let mut options: Vec<(String, String)> = labels.into_iter().collect();
        options.sort_by_key(|(_, label)| label.to_lowercase());
        Filter { name, label: capital(&cx.words.get(label)), options }
    };
    picks.into_iter().map(filter).filter(|filter| filter.options.len() > 1).collect()
}

fn label(cx: &Cx<'_>, name: &str, key: &str, row: &Row) -> String {
    let title = |kind| cx.handbook.find(kind, key).map_or_else(|| key.to_owned(), |ix| cx.node(ix).entity.title.to_string());
    match name {
        "horizon" | "status" => capital(&cx.words.choice("improvement", name, key)),
        "owner" => row.item.owner.as_ref().map_or_else(|| key.to_owned(), |owner| owner.title.clone()),
        "journey" => title(crate::model::Type::Journey),
        "department" => title(crate::model::Type::Department),
        _ => title(crate::model::Type::Channel),
    }
}
