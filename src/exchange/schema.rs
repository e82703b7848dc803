//! The declarations of the content model as JSON Schema (draft 2020-12).
use serde_json::{Map, Value, json};

use super::json::public_types;
use crate::base::{Rule, slug};
use crate::model::{Field, Kind, Need, NumberKind, RecordKind, Type, all_records, common_record, record_of};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const BACKLOG: &str = "backlog";

/// The names that [`schema_of`] knows.
pub fn schema_types() -> impl Iterator<Item = &'static str> {
    public_types().map(Type::name).chain([BACKLOG])
}

/// The schema of one type's front matter; none where there is no such type.
pub fn schema_of(name: &str) -> Option<Value> {
    let mut schema = typed(name)?;
    schema.insert("$defs".into(), records().into());
    Some(titled(&format!("Front matter: {name}"), schema))
}

/// The schema of all front matter: `type` says which fields there are; without it any type's will do.
pub fn schema() -> Value {
    let mut defs = records();
    for name in schema_types() {
        defs.insert(type_key(name), typed(name).unwrap_or_default().into());
    }
    let by_type = schema_types().map(|name| {
        json!({"if": {"required": ["type"], "properties": {"type": {"const": name}}}, "then": {"$ref": format!("#/$defs/{}", type_key(name))}})
    });
    let any: Vec<Value> = schema_types().map(|name| json!({"$ref": format!("#/$defs/{}", type_key(name))})).collect();
    let untyped = json!({"if": {"not": {"required": ["type"]}}, "then": {"anyOf": any}});
    let mut schema = Map::new();
    schema.insert("type".into(), json!(["object", "null"]));
    schema.insert("properties".into(), json!({"type": {"enum": schema_types().collect::<Vec<&str>>()}}));
    schema.insert("allOf".into(), by_type.chain([untyped]).collect());
    schema.insert("$defs".into(), defs.into());
    titled("Front matter of a journeybook handbook", schema)
}

fn titled(title: &str, rest: Map<String, Value>) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".into(), DRAFT.into());
    schema.insert("title".into(), title.into());
    schema.extend(rest);
    schema.into()
}

fn type_key(name: &str) -> String {
    format!("type-{name}")
}

/// The fields of a type, its own before the common ones.
fn typed(name: &str) -> Option<Map<String, Value>> {
    let kind = if name == BACKLOG { None } else { Some(Type::named(name)?) };
    let own = kind.map(|kind| record_of(kind).fields).unwrap_or_default();
    let common = common_record().fields.iter().filter(|field| !own.iter().any(|known| known.name == field.name));
    let mut properties = Map::new();
    properties.insert("type".into(), json!({"const": name, "description": "What this file is; the folder says so if this does not."}));
    properties.insert("id".into(), described(id(), "The id that others refer to; the file's name if not given."));
    properties.extend(own.iter().chain(common).map(|field| (field.name.to_owned(), property(field))));
    // The title may also be the body's first heading.
    let mut required: Vec<&str> = own.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    if kind.is_none() {
        properties.insert("items".into(), items());
        required.extend(["type", "items"]);
    }
    Some(object(properties, &required))
}

/// The items of a backlog: improvements, each with an id of its own.
fn items() -> Value {
    let mut item = typed(Type::Improvement.name()).unwrap_or_default();
    if let Some(properties) = item.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("type");
    }
    if let Some(required) = item.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        required.push("id".into());
        required.push("title".into());
    }
    json!({"anyOf": [{"type": "array", "minItems": 1, "items": item}, item], "description": "The improvements."})
}

/// Every mapping that a field may hold.
fn records() -> Map<String, Value> {
    let tops: Vec<&str> = public_types().map(|kind| record_of(kind).name).chain([common_record().name]).collect();
    let nested = all_records().filter(|record| !tops.contains(&record.name));
    nested.map(|record| (slug(record.name), record_schema(record).into())).collect()
}

fn record_schema(record: &RecordKind) -> Map<String, Value> {
    let properties = record.fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let required: Vec<&str> = record.fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    object(properties, &required)
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    if !required.is_empty() {
        object.insert("required".into(), json!(required));
    }
    object.insert("additionalProperties".into(), false.into());
    object
}

fn property(field: &Field) -> Value {
    let schema = match (field.need, &field.kind) {
        (Need::Required, Kind::List(item)) => list(item, 1),
        (Need::Required, kind) => of(kind),
        (Need::Optional, kind) => nullable(of(kind)),
    };
    described(schema, field.help.trim())
}

fn described(mut schema: Value, help: &str) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), help.into());
    }
    schema
}

/// A field may be left empty: `summary:` with nothing behind it counts as not written.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(mut object) if object.len() == 1 && object.contains_key("anyOf") => {
            if let Some(Value::Array(kinds)) = object.get_mut("anyOf") {
                kinds.push(json!({"type": "null"}));
            }
            object.into()
        }
        schema => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

fn of(kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::Plain => json!({"type": ["string", "number", "boolean"]}),
        Kind::Owner => json!({"type": ["string", "number"], "description": "A department's id, or a name."}),
        Kind::Id => id(),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Date => json!({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
        Kind::Duration => json!({"type": "string", "pattern": DURATION}),
        Kind::Money => json!({"type": ["number", "string"], "pattern": MONEY}),
        Kind::Number(number) => of_number(number),
        Kind::Choice(words) => json!({"enum": words}),
        Kind::Rule => json!({"enum": Rule::ALL.iter().map(|rule| rule.name()).collect::<Vec<&str>>()}),
        Kind::Reference(accepts) => json!({"type": ["string", "integer"], "description": format!("The id of {}.", accepts.what)}),
        Kind::File => json!({"type": "string", "description": "A path from this file."}),
        Kind::Web => json!({"type": "string", "format": "uri"}),
        Kind::WebOrFile => json!({"type": "string", "description": "A web address, or a path from this file."}),
        Kind::List(item) => list(item, 0),
        Kind::Map(_, value) => json!({"type": "object", "additionalProperties": of(value)}),
        Kind::Record(record) => json!({"$ref": format!("#/$defs/{}", slug(record.name))}),
        Kind::Either(short, full) => json!({"anyOf": [of(short), of(full)]}),
    }
}

const DURATION: &str = r"^\s*\d+\s*(min|mins|minute|minutes|h|hour|hours|d|day|days|week|weeks|month|months|year|years)\s*$";
const MONEY: &str = r"^\s*-?\d+(\.\d{1,2})?(\s+[A-Z]{3})?\s*$";

fn id() -> Value {
    json!({"type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})
}

/// Many, or a single one that stands for a list of one.
fn list(item: &Kind, least: usize) -> Value {
    let one = of(item);
    let mut many = json!({"type": "array", "items": one});
    if least > 0 {
        many["minItems"] = least.into();
    }
    json!({"anyOf": [many, one]})
}

fn of_number(limits: &NumberKind) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), if limits.whole { "integer" } else { "number" }.into());
    if limits.min != f64::MIN {
        schema.insert("minimum".into(), super::json::number(limits.min));
    }
    if limits.max != f64::MAX {
        schema.insert("maximum".into(), super::json::number(limits.max));
    }
    match limits.percent {
        true => json!({"anyOf": [schema, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$"}]}),
        false => schema.into(),
    }
}
