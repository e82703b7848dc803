//! The sample handbook is worth reading: it is large enough, and shows every field of the content model.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use journeybook::handbook::{Corpus, Handbook, History, Scope};
use journeybook::model::{ImprovementStatus, Record, Reflect, Type, all_records};
use journeybook::tree::Disk;

fn sample(folder: &str) -> Handbook {
    let disk = Disk::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("the sample is there");
    let corpus = Corpus::read(&disk).expect("the sample can be read");
    let scope = Scope { everyone: true, drafts: true, ..Scope::default() };
    Handbook::link(&corpus, scope, Arc::new(History::default()))
}

type Found = BTreeSet<(&'static str, &'static str)>;

fn record(record: &dyn Record, found: &mut Found) {
    for (field, held) in record.present() {
        found.insert((record.kind().name, field.name));
        value(&held, found);
    }
}

fn value(held: &Reflect<'_>, found: &mut Found) {
    match held {
        Reflect::List(items) => items.iter().for_each(|item| value(item, found)),
        Reflect::Map(entries) => entries.iter().for_each(|(_, item)| value(item, found)),
        Reflect::Record(inner) => record(*inner, found),
        Reflect::Claim(claim) => claim.full().into_iter().for_each(|full| record(full, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_the_model_occurs() {
    let handbook = sample(".");
    let mut found = Found::new();
    for node in &handbook.entities {
        record(&node.entity.common, &mut found);
        record(node.entity.data.record(), &mut found);
    }
    let absent: Vec<_> = all_records()
        .flat_map(|record| record.fields.iter().map(|field| (record.name, field.name)))
        .filter(|field| !found.contains(field))
        .collect();
    assert!(absent.is_empty(), "the sample never sets {absent:?}");
}

#[test]
fn the_samples_are_large_enough() {
    let count = |handbook: &Handbook, kind: Type| handbook.of_type(kind).count();
    let hotel = sample(".");
    let wanted = [
        (Type::Persona, 5),
        (Type::Segment, 3),
        (Type::Journey, 7),
        (Type::Touchpoint, 30),
        (Type::Improvement, 35),
        (Type::Visit, 12),
        (Type::Metric, 2),
        (Type::Framework, 5),
    ];
    for (kind, least) in wanted {
        assert!(count(&hotel, kind) >= least, "{} {}", count(&hotel, kind), kind.name());
    }
    let mut statuses: BTreeMap<ImprovementStatus, usize> = BTreeMap::new();
    for ix in hotel.of_type(Type::Improvement) {
        *statuses.entry(hotel.node(ix).entity.data.improvement().expect("an improvement").status()).or_default() += 1;
    }
    assert_eq!(statuses.len(), ImprovementStatus::ALL.len(), "{statuses:?}");
    let public = |handbook: &Handbook| handbook.entities.iter().filter(|node| node.entity.kind.is_public()).count();
    assert!(public(&hotel) >= 90 && public(&sample("tests/handbooks/de-linde")) >= 30);
}
