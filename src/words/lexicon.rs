//! The words of one handbook, shared by views and templates. Records and types are named by text here, as templates know them.
use std::ops::Deref;
use std::sync::Arc;

use super::Strings;
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
}
