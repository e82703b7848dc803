//! The words of one handbook: the language's own, with the handbook's word for its customers put in.
use super::Strings;
use crate::base::{Date, Duration, Money};
use crate::markup::Language;

/// The words of one handbook.
#[derive(Debug, Clone)]
pub struct Lexicon {
    strings: &'static Strings,
    customer: String,
    customers: String,
}

impl Lexicon {
    /// The words of a language with a handbook's words for one customer and for many.
    pub fn new(language: Language, term: Option<(&str, &str)>) -> Lexicon {
        let (customer, customers) = term.unwrap_or(match language {
            Language::En => ("customer", "customers"),
            Language::Nl => ("klant", "klanten"),
        });
        Lexicon { strings: Strings::of(language), customer: customer.to_owned(), customers: customers.to_owned() }
    }

    /// The words of a key.
    pub fn get(&self, key: &str) -> String {
        self.with_customer(self.strings.get(key))
    }

    /// The words of a key with names put in.
    pub fn fmt(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.with_customer(&self.strings.fmt(key, values))
    }

    /// A number with what it counts.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.with_customer(&self.strings.count(key, n as u64))
    }

    fn with_customer(&self, text: &str) -> String {
        if !text.contains("ustomer") {
            return text.to_owned();
        }
        let text = text.replace("{customers}", &self.customers).replace("{customer}", &self.customer);
        if !text.contains("{Customer") {
            return text;
        }
        text.replace("{Customers}", &capital(&self.customers)).replace("{Customer}", &capital(&self.customer))
    }

    /// The label of a field of a record.
    pub fn field(&self, record: &str, field: &str) -> String {
        self.with_customer(self.strings.field(record, field))
    }

    /// The label of a word that a field of a record takes.
    pub fn choice(&self, record: &str, field: &str, word: &str) -> String {
        self.with_customer(self.strings.choice(record, field, word))
    }

    /// How references of a type by a field are headed at their other end.
    pub fn relation(&self, kind: &str, field: &str) -> String {
        self.with_customer(self.strings.relation(kind, field))
    }

    /// A day in words.
    pub fn date(&self, date: Date) -> String {
        self.strings.date(date)
    }

    /// A month in words.
    pub fn month(&self, year: i16, month: i8) -> String {
        self.strings.month(year, month)
    }

    /// A number as the language writes it.
    pub fn number(&self, number: f64) -> String {
        self.strings.number(number)
    }

    /// A share of a hundred.
    pub fn percent(&self, number: f64) -> String {
        self.strings.percent(number)
    }

    /// A sum of money, in the handbook's currency where none is named.
    pub fn money(&self, money: Money, currency: &str) -> String {
        self.strings.money(money, currency)
    }

    /// A span of time in words.
    pub fn duration(&self, duration: Duration) -> String {
        self.strings.duration(duration)
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
