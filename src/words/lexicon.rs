//! The words of one handbook, shared by views and templates. Records and types are named by text here, as templates know them.
use std::ops::Deref;
use std::sync::Arc;

use super::Strings;
use crate::base::Date;
use crate::markup::Language;
use crate::model::CustomerTerm;

/// The words of one handbook. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lexicon(Arc<Strings>);

/// Everything that the language offers: numbers, dates, plurals.
impl Deref for Lexicon {
    type Target = Strings;

    fn deref(&self) -> &Strings {
        &self.0
    }
}

impl Lexicon {
    /// The words of a language with a handbook's word for its customers.
    pub fn new(language: Language, term: Option<&CustomerTerm>) -> Lexicon {
        Lexicon(Arc::new(Strings::new(language, term)))
    }

    /// The words of a key, to keep.
    pub fn get(&self, key: &str) -> String {
        self.0.get(key).to_owned()
    }

    fn own_or_plain(&self, section: &str, record: &str, name: &str) -> Option<String> {
        let own = self.0.find(&format!("{section}.{record}.{name}"));
        own.or_else(|| self.0.find(&format!("{section}.{name}"))).map(str::to_owned)
    }

    /// The label of a field of a record.
    pub fn field(&self, record: &str, field: &str) -> String {
        self.own_or_plain("field", record, field).unwrap_or_else(|| field.to_owned())
    }

    /// The label of a word that a field of a record takes.
    pub fn choice(&self, record: &str, field: &str, word: &str) -> String {
        self.own_or_plain("choice", record, &format!("{field}.{word}")).unwrap_or_else(|| word.to_owned())
    }

    /// How references of a type by a field are headed at their other end; those in texts have no type.
    pub fn relation(&self, kind: &str, field: &str) -> String {
        self.own_or_plain("relation", kind, field).unwrap_or_else(|| self.get("relation.text"))
    }

    /// A month in words.
    pub fn month(&self, year: i16, month: i8) -> String {
        Date::parse(&format!("{year:04}-{month:02}-01")).map(|date| self.0.month(date)).unwrap_or_default()
    }

    /// The word for a feeling.
    pub fn feeling(&self, value: f64) -> String {
        self.0.feeling(value).to_owned()
    }
}
