//! The numbers of a handbook in `handbook.json`.
use serde_json::{Map, Value, json};

use super::json::number;
use crate::base::{Money, Today};
use crate::handbook::{Handbook, Ix};
use crate::insight;
use crate::model::Type;

/// The numbers, by type and id. They do not depend on the day yet; those that will get it from here.
pub(super) fn insights(handbook: &Handbook, _today: Today) -> Value {
    json!({
        "journeys": by_id(handbook, Type::Journey, journey),
        "improvements": by_id(handbook, Type::Improvement, improvement),
        "touchpoints": by_id(handbook, Type::Touchpoint, touchpoint),
        "backlog": backlog(handbook),
    })
}

fn by_id(handbook: &Handbook, kind: Type, of: fn(&Handbook, Ix) -> Value) -> Value {
    let all: Map<String, Value> = handbook.of_type(kind).map(|ix| (handbook.node(ix).entity.id.to_string(), of(handbook, ix))).collect();
    all.into()
}

fn journey(handbook: &Handbook, ix: Ix) -> Value {
    let numbers = insight::journey(handbook, ix);
    let part = |part: u32| handbook.node(ix).entity.parts.get(part as usize).map(|part| part.id.to_string());
    let felt = |extreme: Option<(usize, f64)>| extreme.map(|(_, value)| number(value));
    let step = |extreme: Option<(usize, f64)>| extreme.and_then(|(at, _)| part(numbers.steps.get(at)?.part));
    let gap = |gap: &insight::Gap| {
        let (relevance, presence) = (number(gap.relevance), number(gap.presence));
        json!({"phase": part(gap.phase), "relevance": relevance, "presence": presence, "gap": number(gap.size())})
    };
    json!({
        "steps": numbers.steps.len(),
        "known": numbers.known,
        "assumed": numbers.assumed,
        "unknown": numbers.unknown,
        "alone": numbers.alone(),
        "unowned": numbers.unowned(),
        "lowest": felt(numbers.lowest),
        "lowest_step": step(numbers.lowest),
        "highest": felt(numbers.highest),
        "highest_step": step(numbers.highest),
        "gaps": numbers.gaps.iter().map(gap).collect::<Vec<Value>>(),
    })
}

fn improvement(handbook: &Handbook, ix: Ix) -> Value {
    let rice = handbook.node(ix).entity.data.improvement().and_then(insight::rice);
    json!({"rice": rice.map(|rice| number((rice * 100.0).round() / 100.0))})
}

fn touchpoint(handbook: &Handbook, ix: Ix) -> Value {
    let scores = insight::scores(handbook, ix);
    let target = handbook.node(ix).entity.data.touchpoint().and_then(|touchpoint| touchpoint.target);
    let score = |score: &insight::Score| json!({"date": score.date.to_string(), "score": number(score.score)});
    json!({
        "scores": scores.iter().map(score).collect::<Vec<Value>>(),
        "latest": scores.last().map(|score| number(score.score)),
        "target": target.map(|target| number(target.0)),
    })
}

fn backlog(handbook: &Handbook) -> Value {
    let totals = insight::totals(handbook, handbook.of_type(Type::Improvement));
    let money = |cents: i64| Money { cents, currency: None }.in_full(&handbook.settings.currency);
    json!({
        "open": totals.open,
        "done": totals.done,
        "budget": money(totals.budget),
        "spent": money(totals.spent),
        "benefit": money(totals.benefit),
    })
}
