//! One declaration makes a field. For every declared field of every record a handbook is made that sets it, with a value made from
//! what it is declared to take; then it has to come out everywhere. A field that is declared tomorrow is among them by itself.
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use journeybook::base::{Date, RelPath, Rule, Severity, slug};
use journeybook::document::Document;
use journeybook::handbook::{Corpus, Handbook, History, Ix, Scope};
use journeybook::markup::Options;
use journeybook::model::{Accepts, Field, Kind, Need, NumberKind, PartKind, RecordKind, Type, common_record, record_of};
use journeybook::site::{Page, Site, lexicon};
use journeybook::theme::Theme;
use journeybook::tree::Memory;
use journeybook::{exchange, rules};
use serde_json::{Map, Value, json};

/// A word that stands nowhere else.
const MARK: &str = "sample-mark";

/// A declared field, and the way to it from the type that holds it.
struct Case {
    kind: Type,
    /// The fields that lead to the record, and the record itself.
    way: Vec<&'static Field>,
    record: &'static RecordKind,
    field: &'static Field,
}

impl Case {
    fn name(&self) -> String {
        let way: Vec<&str> = self.way.iter().map(|field| field.name).chain([self.field.name]).collect();
        format!("{} {}", self.kind.name(), way.join("."))
    }

    /// The front matter: what has to be there, and the field, which is called so.
    fn front(&self, called: &str) -> Map<String, Value> {
        let mut inner = required(self.record, self.field.name);
        inner.insert(called.to_owned(), sample(&self.field.kind, self.field.name));
        let mut front = inner;
        for (at, field) in self.way.iter().enumerate().rev() {
            let around = if at == 0 { record_of(self.kind) } else { self.way[at - 1].kind.record().unwrap() };
            let mut outer = required(around, field.name);
            outer.insert(field.name.to_owned(), wrapped(&field.kind, front.into()));
            front = outer;
        }
        front.entry("title").or_insert_with(|| "A sample".into());
        front
    }
}

/// A record as the value of a field that holds it.
fn wrapped(kind: &Kind, record: Value) -> Value {
    match kind {
        Kind::Record(_) => record,
        Kind::List(inner) => json!([wrapped(inner, record)]),
        Kind::Map(key, inner) => json!({key_of(key): wrapped(inner, record)}),
        Kind::Either(_, full) => wrapped(full, record),
        _ => panic!("{kind:?} holds no record"),
    }
}

fn required(record: &RecordKind, but: &str) -> Map<String, Value> {
    let needed = record.fields.iter().filter(|field| field.name != but && (field.need == Need::Required || field.name == "title"));
    let mut out: Map<String, Value> = needed.map(|field| (field.name.to_owned(), sample(&field.kind, field.name))).collect();
    // Parts of one page need ids of their own.
    if but != "id" && record.fields.iter().any(|field| field.name == "id") {
        out.insert("id".into(), slug(record.name).into());
    }
    out
}

/// A value that a field takes.
fn sample(kind: &Kind, field: &str) -> Value {
    match kind {
        Kind::Text => format!("{MARK} *{field}*").into(),
        Kind::Plain => MARK.into(),
        Kind::Id => MARK.into(),
        Kind::Bool => true.into(),
        Kind::Date => "2026-05-01".into(),
        Kind::Duration => "6 months".into(),
        Kind::Money => "1200 EUR".into(),
        Kind::Number(limits) => number(limits),
        Kind::Choice(words) => words[0].into(),
        Kind::Rule => Rule::NoBefore.name().into(),
        Kind::Reference(accepts) => reference(accepts).into(),
        Kind::Owner => MARK.into(),
        Kind::File | Kind::WebOrFile => "../sample.csv".into(),
        Kind::Web => "https://example.org/sample".into(),
        Kind::List(item) => json!([sample(item, field)]),
        Kind::Map(key, value) => json!({key_of(key): sample(value, field)}),
        Kind::Record(record) => whole(record).into(),
        Kind::Either(_, full) => sample(full, field),
    }
}

/// A record with something in it.
fn whole(record: &RecordKind) -> Map<String, Value> {
    let mut out = required(record, "");
    let first = record.fields.iter().find(|field| field.kind.record().is_none() && field.name != "id");
    if let Some(first) = first.filter(|_| out.is_empty()) {
        out.insert(first.name.to_owned(), sample(&first.kind, first.name));
    }
    out
}

fn key_of(kind: &Kind) -> String {
    match sample(kind, "") {
        Value::String(key) => key,
        other => other.to_string(),
    }
}

fn number(limits: &NumberKind) -> Value {
    let value = if limits.min == f64::MIN { 1.0 } else { limits.min.max(0.0) + 1.0 };
    json!(value as i64)
}

/// What every reference finds in the handbook: of each type one, with one phase, step and task.
fn reference(accepts: &Accepts) -> String {
    let Some(part) = accepts.parts.last() else { return target(accepts.types[0]) };
    if accepts.own_parts {
        return "step".to_owned();
    }
    let part = match part {
        PartKind::Step | PartKind::FrameworkStep => "only-step",
        PartKind::Phase | PartKind::FrameworkPhase | PartKind::RoadmapPhase => "only-phase",
        PartKind::Task => "only-task",
    };
    let holder = match part {
        "only-task" => Type::Persona,
        "only-phase" if accepts.types.is_empty() => Type::Roadmap,
        _ => accepts.types.first().copied().unwrap_or(Type::Framework),
    };
    format!("{}/{part}", target(holder))
}

fn target(kind: Type) -> String {
    format!("the-{}", kind.name())
}

/// All declared fields, wherever they can be written.
fn cases() -> Vec<Case> {
    let mut out = Vec::new();
    for kind in Type::ALL.iter().filter(|kind| kind.is_public()) {
        walk(*kind, record_of(*kind), &[], &mut out);
    }
    walk(Type::Page, common_record(), &[], &mut out);
    assert!(out.len() > 200, "fields are found");
    out
}

fn walk(kind: Type, record: &'static RecordKind, way: &[&'static Field], out: &mut Vec<Case>) {
    for field in record.fields {
        out.push(Case { kind, way: way.to_vec(), record, field });
        if let Some(inner) = field.kind.record() {
            let way: Vec<&Field> = way.iter().copied().chain([field]).collect();
            walk(kind, inner, &way, out);
        }
    }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn markdown(front: &Map<String, Value>) -> String {
    let lines: Vec<String> = front.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
    format!("---\n{}---\n", lines.concat())
}

fn place(kind: Type, id: &str) -> RelPath {
    match kind {
        Type::Organisation => path("content/index.md"),
        kind => path(&format!("content/{}/{id}.md", kind.folder())),
    }
}

/// Cases that live in one handbook, each in a file of its own. There is but one organisation.
struct Book {
    cases: Vec<(Case, Ix)>,
    handbook: Arc<Handbook>,
    site: Site,
}

fn book(cases: Vec<Case>) -> Book {
    let mut files = vec![
        (path("book.toml"), "title = \"Samples\"\nlanguage = \"en\"\n[audiences]\nsample-mark = \"Some\"\n".to_owned()),
        (path("content/sample.csv"), "date,value\n2026-01-01,1\n".to_owned()),
    ];
    for kind in Type::ALL.iter().filter(|kind| kind.is_public() && **kind != Type::Organisation) {
        let mut front = required(record_of(*kind), "");
        front.insert("title".into(), "A target".into());
        if record_of(*kind).fields.iter().any(|field| field.name == "phases") {
            let step = json!({"id": "only-step", "title": "Only step"});
            front.insert("phases".into(), json!([{"id": "only-phase", "title": "Only phase", "steps": [step]}]));
        }
        match kind {
            Type::Persona => drop(front.insert("core_tasks".into(), json!([{"id": "only-task", "title": "Only task"}]))),
            Type::Touchpoint => drop(front.insert("behaviours".into(), json!([{"id": MARK, "text": "Smiles"}]))),
            Type::Roadmap => drop(front.insert("phases".into(), json!([{"id": "only-phase", "title": "Only phase"}]))),
            _ => {}
        }
        files.push((place(*kind, &target(*kind)), markdown(&front)));
    }
    for (at, case) in cases.iter().enumerate() {
        files.push((place(case.kind, &format!("case-{at}")), markdown(&case.front(case.field.name))));
    }
    let tree = Memory::new(files);
    let corpus = Corpus::read(&tree).unwrap();
    let scope = Scope { drafts: true, ..Scope::everything() };
    let handbook = Arc::new(Handbook::link(&corpus, scope, Arc::new(History::default())));
    let today = Date::parse("2026-11-25").unwrap();
    let (theme, wrong) = Theme::load(&tree, None, lexicon(&handbook));
    assert!(wrong.is_empty(), "{wrong:?}");
    let site = Site::new(handbook.clone(), theme, rules::findings(&handbook, today), today);
    let find = |at: usize, case: &Case| match case.kind {
        Type::Organisation => handbook.organisation(),
        kind => handbook.find(kind, &format!("case-{at}")),
    };
    let cases = cases.into_iter().enumerate().map(|(at, case)| (find(at, &case).expect("every case is an entity"), case));
    Book { cases: cases.map(|(ix, case)| (case, ix)).collect(), handbook: handbook.clone(), site }
}

static BOOKS: LazyLock<Vec<Book>> = LazyLock::new(|| {
    let (alone, mut together): (Vec<Case>, Vec<Case>) = cases().into_iter().partition(|case| case.kind == Type::Organisation);
    let mut alone = alone.into_iter();
    together.extend(alone.next());
    [book(together)].into_iter().chain(alone.map(|case| book(vec![case]))).collect()
});

fn all() -> impl Iterator<Item = (&'static Book, &'static Case, Ix)> {
    BOOKS.iter().flat_map(|book| book.cases.iter().map(move |(case, ix)| (book, case, *ix)))
}

fn report(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(60)].join("\n"));
}

/// What stands at the end of a way through exported fields.
fn at_end<'v>(case: &Case, fields: &'v Map<String, Value>) -> Option<&'v Value> {
    let mut here = fields;
    for field in &case.way {
        let mut value = here.get(field.name)?;
        if let (true, Value::Object(keys)) = (is_map(&field.kind), value) {
            value = keys.values().next()?;
        }
        while let Value::Array(items) = value {
            value = items.first()?;
        }
        match value {
            Value::Object(record) => here = record,
            // The simple form says but one field.
            short => return Some(short),
        }
    }
    here.get(case.field.name)
}

fn is_map(kind: &Kind) -> bool {
    match kind {
        Kind::Map(..) => true,
        Kind::List(inner) | Kind::Either(_, inner) => is_map(inner),
        _ => false,
    }
}

#[test]
fn it_is_read_and_exported() {
    let mut faults = Vec::new();
    for (book, case, ix) in all() {
        let file = &book.handbook.node(ix).document.source.path;
        let wrong = book.handbook.diagnostics.iter().filter(|found| found.file == *file && found.severity == Severity::Error);
        faults.extend(wrong.map(|found| format!("{}: {}: {}", case.name(), found.rule.name(), found.message)));
        let exported = exchange::entity_json(&book.handbook, ix);
        let value = at_end(case, exported["fields"].as_object().unwrap());
        match (value, sample(&case.field.kind, case.field.name)) {
            (None, _) => faults.push(format!("{}: not exported", case.name())),
            (Some(value), wanted @ (Value::String(_) | Value::Bool(_) | Value::Number(_))) if *value != wanted => {
                faults.push(format!("{}: exported as {value}, not {wanted}", case.name()));
            }
            _ => {}
        }
        let table = exchange::csv(&book.handbook, Some(ix));
        let columns: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        if case.kind != Type::Journey && case.way.is_empty() && !columns.contains(&case.field.name) {
            faults.push(format!("{}: no column of {columns:?}", case.name()));
        }
    }
    report(faults);
}

#[test]
fn a_slip_in_its_name_is_told() {
    let mut faults = Vec::new();
    for (_, case, _) in all() {
        let slip = format!("{}x", case.field.name);
        let source = journeybook::base::Source::new(place(case.kind, "slip"), markdown(&case.front(&slip)));
        let document = Document::parse(source, &path("content"), Options::default());
        let told = document.diagnostics.iter().filter(|found| found.rule == Rule::UnknownField).collect::<Vec<_>>();
        match told.as_slice() {
            [found] if found.message.contains(&format!("`{slip}`")) => {
                // Two letters may mean anything.
                if case.field.name.len() > 2 && found.suggestion.as_deref() != Some(case.field.name) {
                    faults.push(format!("{}: `{slip}` suggests {:?}", case.name(), found.suggestion));
                }
            }
            told => faults.push(format!("{}: {} findings", case.name(), told.len())),
        }
    }
    report(faults);
}

#[test]
fn the_schema_takes_it_and_nothing_like_it() {
    let mut faults = Vec::new();
    for kind in Type::ALL.iter().filter(|kind| kind.is_public()) {
        let schema = exchange::schema_of(kind.name()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (_, case, _) in all().filter(|(_, case, _)| case.kind == *kind) {
            let declared = match case.way.is_empty() {
                true => &schema["properties"][case.field.name],
                false => &schema["$defs"][slug(case.record.name)]["properties"][case.field.name],
            };
            if declared["description"] != case.field.help.trim() {
                faults.push(format!("{}: the schema says {declared}", case.name()));
            }
            if let Err(error) = validator.validate(&case.front(case.field.name).into()) {
                faults.push(format!("{}: {error}", case.name()));
            }
            if validator.is_valid(&case.front(&format!("{}x", case.field.name)).into()) {
                faults.push(format!("{}: the schema takes a slip", case.name()));
            }
        }
    }
    report(faults);
}

#[test]
fn a_new_file_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("content")).unwrap();
    std::fs::write(folder.path().join("book.toml"), "title = \"Samples\"\nlanguage = \"en\"\n").unwrap();
    let mut faults = Vec::new();
    for kind in Type::ALL.iter().filter(|kind| kind.is_public()) {
        let text = begun(folder.path(), kind.name());
        for (_, case, _) in all().filter(|(_, case, _)| case.kind == *kind && is_asked_for(case)) {
            let asks = |line: &str| {
                let line = line.trim_start_matches([' ', '#', '-']);
                line.starts_with(&format!("{}:", case.field.name)) && line.contains(case.field.help.trim())
            };
            if !text.lines().any(asks) {
                faults.push(format!("{}: a new file does not ask for it", case.name()));
            }
        }
    }
    report(faults);
}

/// What a mapping's values hold is written where there is a key for it; the full form of a statement is for who needs it.
fn is_asked_for(case: &Case) -> bool {
    case.record.name != "a claim" && !case.way.iter().any(|field| is_map(&field.kind))
}

fn begun(folder: &Path, kind: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_journeybook")).current_dir(folder).args(["new", kind, "A sample"]).output().unwrap();
    assert!(done.status.success(), "{kind}: {}", String::from_utf8_lossy(&done.stderr));
    std::fs::read_to_string(folder.join(String::from_utf8(done.stdout).unwrap().trim())).unwrap()
}

#[test]
fn the_reference_tells_of_it() {
    let reference = exchange::reference();
    let told = |case: &Case| {
        let row = reference.lines().filter(|line| line.contains(&format!("`{}`", case.field.name)));
        row.into_iter().any(|line| line.ends_with(&format!("| {} |", case.field.help.trim())))
    };
    report(all().filter(|(_, case, _)| !told(case)).map(|(_, case, _)| case.name()).collect());
}

#[test]
fn its_page_shows_it() {
    let mut faults = Vec::new();
    for (book, case, ix) in all() {
        let html = drawn(book, ix);
        let words = lexicon(&book.handbook);
        let shown = match sample(&case.field.kind, case.field.name) {
            Value::String(text) if matches!(case.field.kind, Kind::Text) => text.replace('*', "").split(' ').map(str::to_owned).collect(),
            Value::String(text) if matches!(case.field.kind, Kind::Plain | Kind::Owner) => vec![text],
            _ if case.way.is_empty() && is_listed(case) => vec![words.field(case.record.name, case.field.name)],
            _ => Vec::new(),
        };
        let missing = shown.iter().filter(|text| !html.contains(&**text));
        faults.extend(missing.map(|text| format!("{}: “{text}” is not on its page", case.name())));
    }
    report(faults);
}

/// What pages show in a form of its own, without its label; and what says itself where it stands.
const IN_ANOTHER_FORM: [(Type, &str); 12] = [
    (Type::Segment, "gets"),
    (Type::Segment, "gives"),
    (Type::Persona, "archetype"),
    (Type::Persona, "portrait"),
    (Type::Persona, "facts"),
    (Type::Framework, "phases"),
    (Type::Touchpoint, "star"),
    (Type::Touchpoint, "target"),
    (Type::Visit, "behaviours"),
    (Type::Metric, "series"),
    (Type::Improvement, "metric"),
    (Type::Roadmap, "phases"),
];

/// Whether a page shows the field under its label. A journey is a map, whose lanes have names of their own.
fn is_listed(case: &Case) -> bool {
    let of_the_frame = matches!(case.field.name, "title" | "summary" | "owner" | "status" | "draft" | "audience");
    case.kind != Type::Journey && !of_the_frame && !IN_ANOTHER_FORM.contains(&(case.kind, case.field.name))
}

fn drawn(book: &Book, ix: Ix) -> String {
    let route = book.site.find(&book.handbook.node(ix).url).expect("every entity has a page");
    match book.site.render(route) {
        Ok(Page::Bytes(bytes)) => String::from_utf8(bytes.into_owned()).unwrap(),
        Ok(Page::CopyOf(path)) => panic!("{path} is a copy"),
        Err(error) => panic!("{}", error.finding.message),
    }
}
