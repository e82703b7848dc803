//! The field reference: every type and every field, as Markdown, from the declarations alone.
use crate::model::{Book, Field, Kind, Need, RecordExt, RecordKind, Type, all_records, common_record, record_of};

/// The reference as one Markdown page.
pub fn reference() -> String {
    let mut out = String::from(
        "# Fields\n\nEvery type and every field of the front matter, made from the declarations in `src/model/types.rs`. \
         **Bold** fields have to be there. A single value stands for a list of one.\n\n",
    );
    section(&mut out, "Every type", common_record());
    for kind in Type::ALL.iter().filter(|kind| kind.is_public() && **kind != Type::Page) {
        section(&mut out, kind.name(), record_of(*kind));
    }
    out.push_str("## page\n\nOnly the fields of every type.\n\n# Parts\n\nWhat the fields above hold.\n\n");
    let tops: Vec<&str> = Type::ALL.iter().map(|kind| record_of(*kind).name).collect();
    for record in all_records().filter(|record| !tops.contains(&record.name) && record.name != common_record().name) {
        section(&mut out, record.name, record);
    }
    out.push_str("# book.toml\n\n");
    section(&mut out, "Settings", &Book::RECORD);
    out
}

fn section(out: &mut String, title: &str, record: &RecordKind) {
    out.push_str(&format!("## {title}\n\n| field | takes | meaning |\n|---|---|---|\n"));
    for field in record.fields {
        out.push_str(&row(field));
    }
    out.push('\n');
}

fn row(field: &Field) -> String {
    let name = match field.need {
        Need::Required => format!("**`{}`**", field.name),
        Need::Optional => format!("`{}`", field.name),
    };
    format!("| {name} | {} | {} |\n", takes(&field.kind).replace('|', "\\|"), field.help.trim())
}

/// What a field takes, short enough for a table.
fn takes(kind: &Kind) -> String {
    match kind {
        Kind::List(item) => format!("list: {}", takes(item)),
        Kind::Map(key, value) => format!("{} → {}", takes(key), takes(value)),
        Kind::Record(record) => format!("[{}](#{})", record.name, crate::base::slug(record.name)),
        Kind::Either(short, full) => format!("{}, or {}", takes(short), takes(full)),
        Kind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        Kind::Reference(accepts) => format!("id of {}", accepts.what),
        kind => kind.describe(),
    }
}
