//! What is said in a new file, in the handbook's language.
use crate::markup::Language;
use crate::model::{Accepts, Field, Kind, RecordKind};
use crate::words::Strings;

/// The words of one language.
pub(super) struct Words {
    language: Language,
    strings: Strings,
}

impl Words {
    pub fn of(language: Language) -> Words {
        Words { language, strings: Strings::new(language, None) }
    }

    /// What a field means, in one line.
    pub fn prompt<'w>(&'w self, record: &RecordKind, field: &'w Field) -> &'w str {
        self.strings.prompt(record, field).trim()
    }

    pub fn required(&self) -> &'static str {
        self.pick("REQUIRED.", "VERPLICHT.")
    }

    /// The title of a phase or step to begin with.
    pub fn first(&self, record: &RecordKind) -> &'static str {
        match record.name.contains("phase") {
            true => self.pick("First phase", "Eerste fase"),
            false => self.pick("First step", "Eerste stap"),
        }
    }

    /// What a field takes, where its prompt does not say it: `YYYY-MM-DD`, `a list`.
    pub fn takes(&self, kind: &Kind) -> Option<String> {
        Some(match kind {
            Kind::Text | Kind::Plain | Kind::Id | Kind::Owner | Kind::Record(_) | Kind::Number(_) => return None,
            Kind::Rule => self.pick("a rule's name", "naam van een regel").into(),
            Kind::Bool => "true, false".into(),
            Kind::Date => self.pick("YYYY-MM-DD", "JJJJ-MM-DD").into(),
            Kind::Duration => "90 days, 6 months".into(),
            Kind::Money => "12000 EUR".into(),
            Kind::Choice(words) => words.join(", "),
            Kind::Reference(accepts) => self.reference(accepts),
            Kind::File => self.pick("path of a file", "pad van een bestand").into(),
            Kind::Web => "https://…".into(),
            Kind::WebOrFile => self.pick("https://… or path of a file", "https://… of pad van een bestand").into(),
            Kind::List(item) => self.many(self.pick("list", "lijst"), item),
            Kind::Map(key, value) => self.pair(key, value),
            Kind::Either(short, full) => match (self.takes(short), self.takes(full)) {
                (Some(short), Some(full)) => format!("{short}; {full}"),
                (short, full) => short.or(full)?,
            },
        })
    }

    fn many(&self, list: &str, item: &Kind) -> String {
        self.takes(item).map_or_else(|| list.to_owned(), |item| format!("{list}: {item}"))
    }

    fn pair(&self, key: &Kind, value: &Kind) -> String {
        format!("{}: {}", self.word(key), self.word(value))
    }

    fn word(&self, kind: &Kind) -> String {
        match kind {
            Kind::Reference(accepts) => accepts.types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("/"),
            Kind::Number(_) => self.pick("number", "getal").into(),
            Kind::Plain => self.pick("name", "naam").into(),
            Kind::Either(short, _) => self.word(short),
            kind => self.takes(kind).unwrap_or_else(|| self.pick("text", "tekst").into()),
        }
    }

    fn reference(&self, accepts: &Accepts) -> String {
        let types = accepts.types.iter().map(|kind| kind.name().to_owned());
        let parts = accepts.parts.last().map(|part| match accepts.types.is_empty() {
            true => part.name().to_owned(),
            false => format!("id/{}", part.name()),
        });
        let all: Vec<String> = types.chain(parts).collect();
        format!("id: {}", all.join(", "))
    }

    fn pick(&self, english: &'static str, dutch: &'static str) -> &'static str {
        match self.language {
            Language::En => english,
            Language::Nl => dutch,
        }
    }
}
