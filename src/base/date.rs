//! Calendar days.
use std::fmt;

use super::{Duration, Unit};

/// A day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// The day that "stale" and "overdue" are measured against.
pub type Today = Date;

impl Date {
    /// Reads `YYYY-MM-DD`, and nothing else; none for a day that no calendar has.
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let shaped =
            bytes.len() == 10 && bytes.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return None;
        }
        let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        jiff::civil::Date::new(year, month, day).ok().map(Date)
    }

    /// The day (in UTC) of a number of seconds since 1970; none outside the years -9999 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Date> {
        let time = jiff::Timestamp::from_second(seconds).ok()?;
        Some(Date(jiff::tz::Offset::UTC.to_datetime(time).date()))
    }

    /// Year, month (1–12), day (1–31).
    pub fn ymd(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// The day that lies a duration later; the last day there is, where that is beyond the calendar.
    pub fn plus(self, duration: Duration) -> Date {
        let amount = i64::from(duration.amount);
        let span = jiff::Span::new();
        let span = match duration.unit {
            Unit::Minute => span.try_minutes(amount),
            Unit::Hour => span.try_hours(amount),
            Unit::Day => span.try_days(amount),
            Unit::Week => span.try_weeks(amount),
            Unit::Month => span.try_months(amount),
            Unit::Year => span.try_years(amount),
        };
        Date(span.map_or(jiff::civil::Date::MAX, |span| self.0.saturating_add(span)))
    }

    /// Days from `earlier` to this day; negative if that one is later.
    pub fn days_since(self, earlier: Date) -> i64 {
        (self.0 - earlier.0).get_days().into()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_days_in_one_form() {
        assert_eq!(Date::parse("2026-02-28").unwrap().to_string(), "2026-02-28");
        for bad in ["2026-02-30", "2026-2-3", "28-02-2026", "2026-02-28T10:00", "", "２０２６-02-28"] {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_month_later_is_clamped_to_its_last_day() {
        let plus = |day: &str, text: &str| Date::parse(day).unwrap().plus(Duration::parse(text).unwrap()).to_string();
        assert_eq!(plus("2026-01-31", "1 month"), "2026-02-28");
        assert_eq!(plus("2026-01-31", "90 days"), "2026-05-01");
        assert_eq!(plus("9999-01-31", "4000000000 years"), "9999-12-31");
    }

    #[test]
    fn days_between() {
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(day("2026-03-01").days_since(day("2026-01-01")), 59);
        assert_eq!(day("2026-01-01").days_since(day("2026-03-01")), -59);
    }
}
