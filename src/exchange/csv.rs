//! Tables: one for each type, or a journey's steps. No cell can be taken for a formula.
use serde_json::{Map, Value};

use super::json::{fields, public_types};
use crate::handbook::{Handbook, Ix};
use crate::model::{Type, common_record, record_of};

type Row = Vec<(String, String)>;

/// A table for each type, with an empty line between; or for one entity its row, or the steps of a journey.
pub fn csv(handbook: &Handbook, ix: Option<Ix>) -> String {
    match ix {
        None => {
            let tables = public_types()
                .filter(|kind| handbook.of_type(*kind).next().is_some())
                .map(|kind| type_table(handbook, kind, handbook.of_type(kind)));
            tables.collect::<Vec<String>>().join("\n")
        }
        Some(ix) if handbook.node(ix).entity.kind == Type::Journey => steps(handbook, ix),
        Some(ix) => type_table(handbook, handbook.node(ix).entity.kind, [ix]),
    }
}

fn type_table(handbook: &Handbook, kind: Type, shown: impl IntoIterator<Item = Ix>) -> String {
    let own = record_of(kind).fields.iter().map(|field| field.name);
    let common = common_record().fields.iter().map(|field| field.name).filter(|name| *name != "title");
    let mut columns = vec!["type", "id", "title"];
    for name in own.chain(common) {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let rows = shown.into_iter().map(|ix| entity_row(handbook, ix)).collect();
    table(&columns, rows)
}

fn entity_row(handbook: &Handbook, ix: Ix) -> Row {
    let node = handbook.node(ix);
    let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut row = vec![named("type", node.entity.kind.name()), named("id", &node.entity.id), named("title", &node.entity.title)];
    row.extend(cells(&fields(handbook, ix)));
    row
}

/// The steps of a journey in order, each with the phase that it stands in.
fn steps(handbook: &Handbook, ix: Ix) -> String {
    let step = crate::model::all_records().find(|record| record.name == "step").map_or(&[][..], |record| record.fields);
    let columns: Vec<&str> = ["phase", "moment"].into_iter().chain(step.iter().map(|field| field.name)).collect();
    let fields = fields(handbook, ix);
    let mut rows: Vec<Row> = Vec::new();
    for phase in items(fields.get("phases")) {
        for step in items(phase.get("steps")) {
            let text = |name: &str| phase.get(name).map(cell).unwrap_or_default();
            let mut row = vec![("phase".to_owned(), text("id")), ("moment".to_owned(), text("moment"))];
            row.extend(step.as_object().map(cells).unwrap_or_default());
            rows.push(row);
        }
    }
    table(&columns, rows)
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn cells(fields: &Map<String, Value>) -> Row {
    fields.iter().map(|(name, value)| (name.clone(), cell(value))).collect()
}

/// A value in one cell: a list of plain values with `; ` between, anything deeper as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(cell).collect::<Vec<String>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn table(columns: &[&str], rows: Vec<Row>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let mut write = |cells: Vec<String>| {
        // Writing to memory does not fail, and all rows have as many cells as there are columns.
        let _ = writer.write_record(cells);
    };
    write(columns.iter().map(|name| (*name).to_owned()).collect());
    for row in rows {
        let find = |column: &&str| row.iter().find(|(name, _)| name == column).map(|(_, text)| guarded(text)).unwrap_or_default();
        write(columns.iter().map(find).collect());
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// A text that a spreadsheet would run as a formula gets a quote before it; a number is none.
fn guarded(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && text.parse::<f64>().is_err();
    if risky { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for risky in ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(guarded(risky), format!("'{risky}"));
        }
        for plain in ["-0.5", "a=b", "", "2026-05-01"] {
            assert_eq!(guarded(plain), plain);
        }
    }
}
