//! Placeholder until the words are merged.
use crate::base::{Date, Duration, Money};
use crate::markup::Language;
/// x
#[derive(Debug)]
pub struct Strings;
static S: Strings = Strings;
#[allow(missing_docs)]
impl Strings {
    pub fn of(_: Language) -> &'static Strings {
        &S
    }
    pub fn get<'a>(&self, key: &'a str) -> &'a str {
        key
    }
    pub fn fmt(&self, key: &str, values: &[(&str, &str)]) -> String {
        format!("{key}{values:?}")
    }
    pub fn count(&self, key: &str, n: u64) -> String {
        format!("{n} {key}")
    }
    pub fn field<'a>(&self, _: &str, f: &'a str) -> &'a str {
        f
    }
    pub fn choice<'a>(&self, _: &str, _: &str, f: &'a str) -> &'a str {
        f
    }
    pub fn relation<'a>(&self, _: &str, f: &'a str) -> &'a str {
        f
    }
    pub fn date(&self, d: Date) -> String {
        d.to_string()
    }
    pub fn month(&self, y: i16, m: i8) -> String {
        format!("{y}-{m}")
    }
    pub fn number(&self, n: f64) -> String {
        n.to_string()
    }
    pub fn percent(&self, n: f64) -> String {
        format!("{n}%")
    }
    pub fn money(&self, m: Money, c: &str) -> String {
        m.in_full(c)
    }
    pub fn duration(&self, d: Duration) -> String {
        d.to_string()
    }
}
