//! Durations, sums of money, numbers with so many decimals.
use std::fmt;

/// A span of time as an author writes it: `45 min`, `2 hours`, `90 days`, `6 weeks`, `6 months`, `1 year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a [`Duration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

const UNITS: [(Unit, &[&str]); 6] = [
    (Unit::Minute, &["min", "minute", "minutes", "mins"]),
    (Unit::Hour, &["hour", "hours", "h"]),
    (Unit::Day, &["day", "days", "d"]),
    (Unit::Week, &["week", "weeks"]),
    (Unit::Month, &["month", "months"]),
    (Unit::Year, &["year", "years"]),
];

impl Duration {
    /// Reads a whole number and a unit, with or without a space between.
    pub fn parse(text: &str) -> Option<Duration> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let amount = text[..digits].parse().ok()?;
        let word = text[digits..].trim();
        let (unit, _) = UNITS.iter().find(|(_, names)| names.contains(&word))?;
        Some(Duration { amount, unit: *unit })
    }

    /// The unit's name in the singular, as it is keyed in the string tables.
    pub fn unit_name(self) -> &'static str {
        UNITS.iter().find(|(unit, _)| *unit == self.unit).map_or("", |(_, names)| names[0])
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 || self.unit == Unit::Minute { "" } else { "s" };
        write!(f, "{} {}{plural}", self.amount, self.unit_name())
    }
}

/// A sum of money in hundredths, with its currency if one was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Hundredths of the currency's unit.
    pub cents: i64,
    /// Three capital letters (ISO 4217); none means the handbook's own currency.
    pub currency: Option<[u8; 3]>,
}

impl Money {
    /// Reads `12000`, `12000.50` or `12000 EUR`.
    pub fn parse(text: &str) -> Option<Money> {
        let text = text.trim();
        let (number, currency) = match text.split_once(char::is_whitespace) {
            Some((number, code)) => (number, Some(parse_currency(code.trim())?)),
            None => (text, None),
        };
        Some(Money { cents: parse_cents(number)?, currency })
    }

    /// The currency's code, or the handbook's own.
    pub fn currency_or(self, own: &str) -> String {
        self.currency.map_or_else(|| own.to_owned(), |code| String::from_utf8_lossy(&code).into_owned())
    }

    /// As it is written out in full: `12000 EUR`.
    pub fn in_full(self, own: &str) -> String {
        format!("{} {}", self.amount(), self.currency_or(own))
    }

    /// The amount alone, with two decimals only where there are any.
    pub fn amount(self) -> String {
        let (sign, cents) = (if self.cents < 0 { "-" } else { "" }, self.cents.unsigned_abs());
        match cents % 100 {
            0 => format!("{sign}{}", cents / 100),
            rest => format!("{sign}{}.{rest:02}", cents / 100),
        }
    }
}

fn parse_currency(code: &str) -> Option<[u8; 3]> {
    let code: [u8; 3] = code.as_bytes().try_into().ok()?;
    code.iter().all(u8::is_ascii_uppercase).then_some(code)
}

fn parse_cents(number: &str) -> Option<i64> {
    let (sign, digits) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(part) || part.len() > 2 || whole.len() > 15 {
        return None;
    }
    let part: i64 = part.parse::<i64>().ok()? * if part.len() == 1 { 10 } else { 1 };
    Some(sign * (whole.parse::<i64>().ok()? * 100 + part))
}

/// A number with one or two decimals, as `{:.places$}` writes it. Most numbers lie far from the middle between two results, and need no
/// exact arithmetic.
pub fn fixed(value: f64, places: usize) -> String {
    let unit = 10u64.pow(places as u32);
    let scaled = value.abs() * unit as f64;
    let near = scaled.round();
    if places == 0 || !value.is_finite() || near > 1e9 || (scaled - near).abs() >= 0.499 {
        return format!("{value:.places$}");
    }
    let (whole, part) = (near as u64 / unit, near as u64 % unit);
    let mut out = String::with_capacity(12);
    if value.is_sign_negative() {
        out.push('-');
    }
    push_digits(&mut out, whole, 1);
    out.push('.');
    push_digits(&mut out, part, places);
    out
}

/// Writes a number with at least so many digits.
fn push_digits(out: &mut String, mut number: u64, least: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let from = at.min(digits.len() - least);
    out.extend(digits[from..].iter().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, shown) in [("45 min", "45 min"), ("1 year", "1 year"), ("6 months", "6 months"), ("14days", "14 days")] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), shown);
        }
        for bad in ["soon", "6", "-1 day", "1.5 hours", "6 maanden", ""] {
            assert!(Duration::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn money() {
        assert_eq!(Money::parse("12000 EUR").unwrap().in_full("USD"), "12000 EUR");
        assert_eq!(Money::parse("12000.5").unwrap().in_full("EUR"), "12000.50 EUR");
        for bad in ["€12000", "12.000,00 EUR", "12000 euro", "12000 E", "1e9", "", "99999999999999999999"] {
            assert!(Money::parse(bad).is_none(), "{bad}");
        }
    }
}
