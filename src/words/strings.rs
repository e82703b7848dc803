//! The words of the pages: English and Dutch, with dates, numbers, sums and lists as each language writes them.
//!
//! Both languages are tables of the same keys, `section.name`. A key that is in no table is shown as it is, so that a slip of a
//! template is seen on the page and breaks nothing.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::base::{Date, Duration, HashMap, Money, fixed};
use crate::markup::Language;
use crate::model::{CustomerTerm, Field, Plain, RecordKind, Type};

type Table = BTreeMap<String, String>;

static ENGLISH: LazyLock<Table> = LazyLock::new(|| parse(include_str!("strings/en.toml")));
static DUTCH: LazyLock<Table> = LazyLock::new(|| parse(include_str!("strings/nl.toml")));

/// Shown where there is no value to show.
const NONE: &str = "–";

/// The words of one handbook: its language, with its own word for its customers filled in.
#[derive(Debug, Clone)]
pub struct Strings {
    language: Language,
    words: HashMap<&'static str, Cow<'static, str>>,
}

impl Strings {
    /// The words of a language. The customer's word is that of the organisation, or else the language's plain one.
    pub fn new(language: Language, customer: Option<&CustomerTerm>) -> Strings {
        let table: &'static Table = match language {
            Language::En => &ENGLISH,
            Language::Nl => &DUTCH,
        };
        let (one, many) = match language {
            Language::En => ("customer", "customers"),
            Language::Nl => ("klant", "klanten"),
        };
        let word = |given: Option<&Option<Plain>>, plain: &str| {
            given.and_then(Option::as_ref).map_or_else(|| plain.to_owned(), |word| word.text.to_string())
        };
        let one = word(customer.map(|term| &term.singular), one);
        let many = word(customer.map(|term| &term.plural), many);
        let (big_one, big_many) = (capitalised(&one), capitalised(&many));
        let names = [("customer", &*one), ("customers", &*many), ("Customer", &*big_one), ("Customers", &*big_many)];
        let words = table.iter().map(|(key, text)| (key.as_str(), with_customer(text, &names))).collect();
        Strings { language, words }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key such as `ui.review.title`; the key itself where there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key, if there is one.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(|text| &**text)
    }

    /// All texts with their keys, in any order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().map(|(key, text)| (*key, &**text))
    }

    /// The text of a key with its places filled: `{name}` by the value of that name.
    pub fn fmt(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// The text for a number of things: that of `key.one` or of `key.other`, with the number for `{n}`.
    pub fn count(&self, key: &str, n: usize) -> String {
        let form = if n == 1 { ".one" } else { ".other" };
        self.fmt(&[key, form].concat(), &[("n", &self.number(n as f64))])
    }

    /// What a page of a type is called.
    pub fn one(&self, kind: Type) -> &str {
        self.find(&["type.", kind.name(), ".one"].concat()).unwrap_or(kind.name())
    }

    /// What the overview of a type is called.
    pub fn heading(&self, kind: Type) -> &str {
        self.find(&["type.", kind.name(), ".heading"].concat()).unwrap_or(kind.name())
    }

    /// `12 journeys`.
    pub fn entities(&self, kind: Type, n: usize) -> String {
        let form = if n == 1 { "one" } else { "many" };
        let word = self.find(&format!("type.{}.{form}", kind.name())).unwrap_or(kind.name());
        format!("{} {word}", self.number(n as f64))
    }
}

// Labels of what is declared in the content model.
impl Strings {
    /// What a field of a record is called: the record's own word for it, or the plain one, or else the field's key.
    pub fn field(&self, record: &str, name: &str) -> String {
        self.own_or_plain("field", record, name).unwrap_or(name).to_owned()
    }

    /// What a field means, in one line: the declaration's own words in English, the table's in other languages.
    pub fn prompt<'a>(&'a self, record: &RecordKind, field: &'a Field) -> &'a str {
        self.own_or_plain("prompt", record.name, field.name).unwrap_or(field.help.trim())
    }

    /// What a word that a field of a record takes is called: the record's own label, or the field's, or else the word.
    pub fn choice(&self, record: &str, field: &str, word: &str) -> String {
        self.own_or_plain("choice", record, &[field, ".", word].concat()).unwrap_or(word).to_owned()
    }

    /// How references of a type by a field are headed at their other end: the type's own words, or the field's, or "Mentioned in".
    pub fn relation(&self, kind: &str, field: &str) -> String {
        self.own_or_plain("relation", kind, field).unwrap_or_else(|| self.get("relation.text")).to_owned()
    }

    fn own_or_plain(&self, section: &str, record: &str, name: &str) -> Option<&str> {
        let own = if record.is_empty() { None } else { self.find(&[section, record, name].join(".")) };
        own.or_else(|| self.find(&[section, name].join(".")))
    }
}

// Dates, numbers, sums, lists.
impl Strings {
    /// `25 November 2026`.
    pub fn date(&self, date: Date) -> String {
        self.dated(date, "month")
    }

    /// `25 Nov 2026`.
    pub fn date_short(&self, date: Date) -> String {
        self.dated(date, "month.short")
    }

    fn dated(&self, date: Date, months: &str) -> String {
        let (year, month, day) = date.ymd();
        let month = self.get(&format!("{months}.{month}")).to_owned();
        self.fmt("format.date", &[("day", &day.to_string()), ("month", &month), ("year", &year.to_string())])
    }

    /// `November 2026`.
    pub fn month(&self, year: i16, month: i8) -> String {
        let month = self.get(&format!("month.{month}")).to_owned();
        self.fmt("format.month", &[("month", &month), ("year", &year.to_string())])
    }

    /// `Q4 2026`.
    pub fn quarter(&self, date: Date) -> String {
        let (year, month, _) = date.ymd();
        self.fmt("format.quarter", &[("n", &((month + 2) / 3).to_string()), ("year", &year.to_string())])
    }

    /// `1 May 2026 – 30 June 2026`, or one end alone; empty where neither is given.
    pub fn period(&self, from: Option<Date>, to: Option<Date>) -> String {
        let (from, to) = (from.map(|date| self.date(date)), to.map(|date| self.date(date)));
        match (&from, &to) {
            (Some(from), Some(to)) => self.fmt("format.range", &[("from", from), ("to", to)]),
            (Some(from), None) => self.fmt("format.from", &[("from", from)]),
            (None, Some(to)) => self.fmt("format.until", &[("to", to)]),
            (None, None) => String::new(),
        }
    }

    /// `12,000.5`: at most two decimals, and only where there are any.
    pub fn number(&self, value: f64) -> String {
        let (sign, digits) = self.digits(value);
        if sign.is_empty() { digits } else { [sign, &digits].concat() }
    }

    /// `+1.5`, `−2`, `0`: a score on the emotion scale, or a difference.
    pub fn signed(&self, value: f64) -> String {
        let (sign, digits) = self.digits(value);
        let plus = if sign.is_empty() && digits != "0" && digits != NONE { "+" } else { "" };
        format!("{plus}{sign}{digits}")
    }

    /// `40%`, of a number from 0 to 100.
    pub fn percent(&self, value: f64) -> String {
        self.fmt("format.percent", &[("n", &self.number(value))])
    }

    /// `€12,000`; cents only where there are any. `own` is the handbook's currency.
    pub fn money(&self, money: Money, own: &str) -> String {
        let code = money.currency_or(own);
        let (key, symbol) = match (code.as_str(), self.language) {
            ("EUR", _) => ("format.money", "€"),
            ("GBP", _) => ("format.money", "£"),
            ("USD", Language::En) => ("format.money", "$"),
            ("USD", Language::Nl) => ("format.money", "US$"),
            (code, _) => ("format.money_code", code),
        };
        let cents = money.cents.unsigned_abs();
        let part = match cents % 100 {
            0 => String::new(),
            rest => format!("{}{rest:02}", self.get("format.decimal")),
        };
        let amount = format!("{}{part}", self.grouped(&(cents / 100).to_string()));
        let sign = if money.cents < 0 { "−" } else { "" };
        self.fmt(key, &[("sign", sign), ("symbol", symbol), ("n", &amount)])
    }

    /// `6 months`.
    pub fn duration(&self, duration: Duration) -> String {
        self.count(&format!("unit.{}", duration.unit_name()), duration.amount as usize)
    }

    /// The word for a score on the emotion scale, in steps of 1 from −2 to +2.
    pub fn feeling(&self, score: f64) -> String {
        let key = match score {
            score if score < -1.5 => "feeling.low2",
            score if score < -0.5 => "feeling.low1",
            score if score <= 0.5 => "feeling.mid",
            score if score <= 1.5 => "feeling.high1",
            _ => "feeling.high2",
        };
        self.get(key).to_owned()
    }

    /// The sign and the digits of a number.
    fn digits(&self, value: f64) -> (&'static str, String) {
        if !value.is_finite() {
            return ("", NONE.to_owned());
        }
        let text = fixed(value.abs(), 2);
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let part = part.trim_end_matches('0');
        let sign = if value < 0.0 && text != "0.00" { "−" } else { "" };
        let mut digits = self.grouped(whole);
        if !part.is_empty() {
            digits.push_str(self.get("format.decimal"));
            digits.push_str(part);
        }
        (sign, digits)
    }

    /// Digits in groups of three.
    fn grouped(&self, digits: &str) -> String {
        if digits.len() <= 3 {
            return digits.to_owned();
        }
        let group = self.get("format.group");
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(group);
            }
            out.push(digit);
        }
        out
    }
}

/// A file of strings as a flat table: `[ui.search]` `title` is `ui.search.title`. A test sees to it that it parses.
fn parse(text: &str) -> Table {
    let mut table = Table::new();
    if let Ok(root) = toml::from_str::<toml::Table>(text) {
        flatten("", &root, &mut table);
    }
    table
}

fn flatten(prefix: &str, from: &toml::Table, into: &mut Table) {
    for (key, value) in from {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::String(text) => drop(into.insert(path, text.clone())),
            toml::Value::Table(inner) => flatten(&path, inner, into),
            _ => {}
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn with_customer(text: &'static str, names: &[(&str, &str)]) -> Cow<'static, str> {
    if text.contains("ustomer") { fill(text, names).into() } else { text.into() }
}

/// Fills the places of a text once: what is put in is not looked through again, and a place without a value stays as it is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let named = from.find('}').and_then(|close| Some((close, values.iter().find(|(name, _)| *name == &from[1..close])?)));
        match named {
            Some((close, (_, value))) => {
                out.push_str(value);
                rest = &from[close + 1..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{Kind, all_records, common_record, record_of};

    fn both() -> [Strings; 2] {
        [Strings::new(Language::En, None), Strings::new(Language::Nl, None)]
    }

    #[test]
    fn both_languages_have_the_same_keys_and_places() {
        let keys = |table: &'static Table| table.keys().filter(|key| !key.starts_with("prompt.")).collect::<BTreeSet<_>>();
        let (english, dutch) = (keys(&ENGLISH), keys(&DUTCH));
        assert!(english.len() > 500, "the table parses");
        assert_eq!(english.symmetric_difference(&dutch).collect::<Vec<_>>(), Vec::<&&String>::new());
        for key in english {
            assert_eq!(places(&ENGLISH[key]), places(&DUTCH[key]), "{key}");
        }
    }

    /// The places of a text, the customer's word apart: each language needs it where it needs it.
    fn places(text: &str) -> BTreeSet<&str> {
        let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        names.filter(|name| !name.to_lowercase().starts_with("customer")).collect()
    }

    #[test]
    fn everything_declared_has_its_words() {
        for strings in both() {
            for kind in Type::ALL {
                for form in ["one", "many", "heading"] {
                    assert!(strings.find(&format!("type.{}.{form}", kind.name())).is_some(), "{kind:?} {form}");
                }
            }
            for record in all_records() {
                for field in record.fields {
                    assert!(strings.own_or_plain("field", record.name, field.name).is_some(), "label of {} {}", record.name, field.name);
                    for word in words(&field.kind) {
                        let key = format!("{}.{word}", field.name);
                        assert!(strings.own_or_plain("choice", record.name, &key).is_some(), "label of {} {key}", record.name);
                    }
                }
            }
        }
    }

    #[test]
    fn every_field_has_a_dutch_prompt_of_its_own() {
        let [english, dutch] = both();
        for record in all_records() {
            for field in record.fields {
                assert!(dutch.own_or_plain("prompt", record.name, field.name).is_some(), "prompt of {} {}", record.name, field.name);
                assert_eq!(english.prompt(record, field), field.help.trim());
            }
        }
    }

    #[test]
    fn no_word_is_left_over() {
        let known: BTreeSet<String> = all_records()
            .flat_map(|record| record.fields.iter().map(move |field| (record, field)))
            .flat_map(|(record, field)| {
                let words = words(&field.kind);
                let names = words
                    .into_iter()
                    .map(|word| format!("choice.{}.{word}", field.name))
                    .chain([format!("field.{}", field.name), format!("prompt.{}", field.name)]);
                names.flat_map(|name| {
                    let (section, rest) = name.split_once('.').unwrap();
                    [format!("{section}.{}.{rest}", record.name), name.clone()]
                })
            })
            .collect();
        let about_model = |key: &&String| ["field.", "choice.", "prompt."].iter().any(|section| key.starts_with(section));
        let stray: Vec<&String> = DUTCH.keys().filter(about_model).filter(|key| !known.contains(*key)).collect();
        assert!(stray.is_empty(), "{stray:?}");
    }

    fn words(kind: &Kind) -> Vec<&'static str> {
        match kind {
            Kind::Choice(words) => words.to_vec(),
            Kind::List(inner) | Kind::Map(_, inner) | Kind::Either(_, inner) => words(inner),
            _ => Vec::new(),
        }
    }

    /// The names of all fields below a record that refer to something.
    fn relations(record: &'static RecordKind, out: &mut BTreeSet<&'static str>) {
        for field in record.fields {
            if refers(&field.kind) {
                out.insert(field.name);
            }
            if let Some(inner) = field.kind.record() {
                relations(inner, out);
            }
        }
    }

    fn refers(kind: &Kind) -> bool {
        match kind {
            Kind::Reference(_) | Kind::Owner => true,
            Kind::List(inner) => refers(inner),
            Kind::Map(a, b) | Kind::Either(a, b) => refers(a) || refers(b),
            _ => false,
        }
    }

    #[test]
    fn every_relation_has_its_heading() {
        let mut known = BTreeSet::new();
        for kind in Type::ALL.iter().filter(|kind| kind.is_public()) {
            let mut names = BTreeSet::new();
            relations(common_record(), &mut names);
            relations(record_of(*kind), &mut names);
            for name in names {
                known.insert(format!("relation.{}.{name}", kind.name()));
                for strings in both() {
                    assert!(strings.find(&format!("relation.{}.{name}", kind.name())).is_some(), "heading of {} {name}", kind.name());
                }
            }
        }
        let plain = ["relation.text", "relation.body", "relation.owner", "relation.evidence"];
        let stray: Vec<_> = DUTCH.keys().filter(|key| key.starts_with("relation.") && !known.contains(*key)).collect();
        assert!(stray.iter().all(|key| plain.contains(&key.as_str())), "{stray:?}");
    }

    /// Words that are the same in both languages.
    const SAME: &[&str] = &[
        "type.persona.one",
        "field.status",
        "field.id",
        "field.phase.id",
        "field.behaviour.id",
        "field.phase.moment",
        "field.budget",
        "field.visit.scores",
        "field.improvement.tracker",
        "choice.horizon.quick-win",
        "choice.visit.method.chat",
        "choice.visit.method.online",
        "choice.evidence.method.interview",
        "month.4",
        "month.9",
        "month.11",
        "month.12",
        "unit.week.one",
        "ui.frame.menu",
        "ui.frame.details",
        "ui.frame.id",
        "ui.lane.lead",
        "ui.improvements.quick_wins",
        "ui.improvements.open",
        "ui.improvements.budget",
        "ui.touchpoint.target",
        "ui.touchpoint.star",
        "ui.touchpoint.score",
        "ui.changes.measure.budget",
    ];

    #[test]
    fn dutch_is_dutch() {
        let letters = |text: &str| {
            let bare = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<String>();
            bare.chars().any(char::is_alphabetic)
        };
        let same: Vec<&String> = ENGLISH
            .iter()
            .filter(|(key, text)| DUTCH.get(*key) == Some(text) && letters(text))
            .map(|(key, _)| key)
            .filter(|key| !SAME.contains(&key.as_str()) && !key.starts_with("month.short") && !key.starts_with("unit.min"))
            .collect();
        assert!(same.is_empty(), "{same:?}");
    }

    #[test]
    fn dates_numbers_and_sums() {
        let [english, dutch] = both();
        let date = Date::parse("2026-03-25").unwrap();
        assert_eq!(english.date(date), "25 March 2026");
        assert_eq!(dutch.date(date), "25 maart 2026");
        assert_eq!((english.date_short(date), dutch.date_short(date)), ("25 Mar 2026".into(), "25 mrt 2026".into()));
        assert_eq!((english.quarter(date), dutch.month(2026, 3)), ("Q1 2026".into(), "maart 2026".into()));
        assert_eq!(dutch.period(None, Some(date)), "tot en met 25 maart 2026");
        assert_eq!((english.number(1234567.5), dutch.number(1234567.5)), ("1,234,567.5".into(), "1.234.567,5".into()));
        assert_eq!((english.number(-0.001), english.number(999.0), english.number(f64::NAN)), ("0".into(), "999".into(), "–".into()));
        assert_eq!((english.signed(1.5), dutch.signed(-1.5), dutch.signed(0.0)), ("+1.5".into(), "−1,5".into(), "0".into()));
        let money = |strings: &Strings, text: &str| strings.money(Money::parse(text).unwrap(), "EUR");
        assert_eq!((money(&english, "12000"), money(&dutch, "12000")), ("€12,000".into(), "€\u{a0}12.000".into()));
        assert_eq!((money(&english, "-12.5 GBP"), money(&dutch, "12.5 SEK")), ("−£12.50".into(), "SEK\u{a0}12,50".into()));
        assert_eq!((english.percent(12.5), dutch.percent(12.5)), ("12.5%".into(), "12,5%".into()));
    }

    #[test]
    fn plurals_durations_and_lists() {
        let [english, dutch] = both();
        let lasts = |strings: &Strings, text: &str| strings.duration(Duration::parse(text).unwrap());
        assert_eq!((lasts(&english, "1 year"), lasts(&dutch, "2 years")), ("1 year".into(), "2 jaar".into()));
        assert_eq!((lasts(&english, "6 weeks"), lasts(&dutch, "90 days")), ("6 weeks".into(), "90 dagen".into()));
        assert_eq!(
            (english.entities(Type::Journey, 1), dutch.entities(Type::Journey, 1200)),
            ("1 journey".into(), "1.200 klantreizen".into())
        );
        assert_eq!(dutch.count("ui.count.steps", 1), "1 stap");
        assert_eq!(
            (english.feeling(-2.0), dutch.feeling(-1.2), english.feeling(0.5), english.feeling(1.6)),
            ("awful".into(), "vervelend".into(), "neutral".into(), "delighted".into())
        );
    }

    #[test]
    fn the_customers_own_word_is_used() {
        let plain = |text: &str| Some(Plain { text: text.into(), span: Default::default() });
        let term = CustomerTerm { singular: plain("patiënt"), plural: plain("{n} {customer}"), ..CustomerTerm::default() };
        let strings = Strings::new(Language::Nl, Some(&term));
        assert_eq!(strings.get("ui.journey.alone"), "Hier staat een patiënt er alleen voor");
        // What an author writes is not looked through for places.
        assert_eq!(strings.get("ui.touchpoint.concept_note"), "Waar {n} {customer} hier op mogen rekenen.");
        assert_eq!(Strings::new(Language::En, None).get("ui.journey.alone"), "The customer is alone here");
        assert_eq!(strings.get("ui.no.such"), "ui.no.such");
    }

    /// What stands between quotes in sources, templates and scripts, with the name of the file.
    fn quoted() -> Vec<(String, String)> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let entries = ["src", "themes"].into_iter().flat_map(|folder| walkdir::WalkDir::new(root.join(folder))).map(Result::unwrap);
        let name = |entry: &walkdir::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let read = entries.filter(|entry| entry.file_type().is_file() && name(entry) != "strings.rs" && !name(entry).ends_with(".toml"));
        read.flat_map(|entry| {
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
            text.split(['"', '\'']).map(|quoted| (name(&entry), quoted.to_owned())).collect::<Vec<_>>()
        })
        .collect()
    }

    /// A slip in a key would show the key to readers: no compiler sees it, so the sources are read.
    #[test]
    fn every_key_that_sources_and_templates_name_is_there() {
        let [english, _] = both();
        let keys: Vec<(String, String)> = quoted().into_iter().filter(|(_, text)| is_key(text)).collect();
        assert!(!keys.is_empty(), "keys are found");
        for (name, key) in keys {
            let known = english.find(&key).is_some() || english.find(&format!("{key}.other")).is_some();
            assert!(known, "{name} names `{key}`");
        }
    }

    fn is_key(text: &str) -> bool {
        let mut parts = text.split('.');
        matches!(parts.next(), Some("ui" | "feeling" | "relation"))
            && parts.next().is_some_and(|part| !part.is_empty())
            && !text.ends_with('.')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
    }

    /// A key is named as it is, or put together from a beginning that ends with a place, and an end that is named.
    #[test]
    fn every_key_of_the_pages_is_read_somewhere() {
        fn is_named(key: &str, quoted: &BTreeSet<String>, beginnings: &BTreeSet<String>) -> bool {
            let mut ends = beginnings.iter().filter_map(|before| key.strip_prefix(&**before));
            quoted.contains(key) || ends.any(|end| is_named(end, quoted, beginnings))
        }
        let quoted: BTreeSet<String> = quoted().into_iter().map(|(_, text)| text).collect();
        let beginning =
            |text: &String| text.split_once('{').map(|(before, _)| before.to_owned()).filter(|before| before.ends_with(['.', '_']));
        let beginnings: BTreeSet<String> = quoted.iter().filter_map(beginning).collect();
        let is_read = |key: &str| is_named(key, &quoted, &beginnings);
        let plural = |key: &str| key.strip_suffix(".one").or(key.strip_suffix(".other")).is_some_and(is_read);
        let unread: Vec<&String> = ENGLISH.keys().filter(|key| key.starts_with("ui.") && !is_read(key) && !plural(key)).collect();
        assert!(unread.is_empty(), "{unread:?}");
    }

    #[test]
    fn labels_fall_back_from_the_record_to_the_field() {
        let [english, dutch] = both();
        assert_eq!(
            (english.field("touchpoint", "target"), dutch.field("persona", "summary")),
            ("Target score".into(), "Samenvatting".into())
        );
        assert_eq!(english.choice("touchpoint", "status", "live"), "live");
        assert_eq!(dutch.choice("improvement", "status", "done"), "klaar");
        assert_eq!(dutch.relation("journey", "personas"), "Klantreizen met deze persona");
        assert_eq!((english.relation("section", "owner"), english.relation("page", "no")), ("Answers for".into(), "Mentioned in".into()));
    }
}
