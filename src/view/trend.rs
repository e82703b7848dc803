//! A line of values over time, drawn to scale.
use serde::Serialize;

use super::Cx;
use super::pieces::short_month;
use crate::base::Date;

/// A chart of values over time.
#[derive(Debug, Serialize)]
pub struct Trend {
    /// What it says, for those who cannot see it.
    pub label: String,
    /// Lines across with what they stand for.
    pub ticks: Vec<Mark>,
    /// The line of the target.
    pub target: Option<Mark>,
    /// The target is written at the beginning of its line, where the values are further from it than at the end.
    pub target_first: bool,
    /// The line's points in a box of 1000 by 100.
    pub line: String,
    /// The points.
    pub points: Vec<TrendPoint>,
}

/// A line across.
#[derive(Debug, Serialize)]
pub struct Mark {
    /// Per cent of the height.
    pub y: String,
    /// What it stands for.
    pub label: String,
}

/// A value.
#[derive(Debug, Serialize)]
pub struct TrendPoint {
    /// Per cent of the width.
    pub x: String,
    /// Per cent of the height.
    pub y: String,
    /// The value; empty where there is no room for it.
    pub value: String,
    /// Where the value is written: `above` its point; where it would lie on the target's line, `under` it, or if another point is there,
    /// `beside` it.
    pub place: &'static str,
    /// When; empty where there is no room for it.
    pub date: String,
    /// Where the day is written: `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// Left out on narrow screens.
    pub spare: bool,
}

/// A chart of at least two values in order of date; none for fewer. `title` is what the values are.
pub(super) fn trend(cx: &Cx<'_>, title: &str, values: &[(Date, f64)], target: Option<f64>) -> Option<Trend> {
    let (first, last) = (values.first()?, values.last()?);
    if values.len() < 2 {
        return None;
    }
    let (low, high, step) = scale(values.iter().map(|(_, value)| *value).chain(target));
    let height = |value: f64| 8.0 + (high - value) / (high - low) * 76.0;
    let days = last.0.days_since(first.0).max(1) as f64;
    let place = |date: Date| 8.0 + date.days_since(first.0) as f64 / days * 88.0;
    let line: Vec<String> = values.iter().map(|(date, value)| format!("{:.1},{:.2}", place(*date) * 10.0, height(*value))).collect();
    let lines = ((high - low) / step).round() as u32;
    let tick = |at: u32| high - f64::from(at) * step;
    Some(Trend {
        label: label(cx, title, *first, *last, target),
        ticks: (0..=lines).map(|at| Mark { y: format!("{:.2}", height(tick(at))), label: cx.words.number(tick(at)) }).collect(),
        target: target.map(|target| Mark {
            y: format!("{:.2}", height(target)),
            label: format!("{} {}", cx.words.get("ui.touchpoint.target"), cx.words.number(target)),
        }),
        target_first: target.is_some_and(|target| (first.1 - target).abs() >= (last.1 - target).abs()),
        line: line.join(" "),
        points: points(cx, values, place, height, target),
    })
}

fn label(cx: &Cx<'_>, title: &str, first: (Date, f64), last: (Date, f64), target: Option<f64>) -> String {
    let words = &cx.words;
    let (from, to) = (words.number(first.1), words.number(last.1));
    let (since, until) = (words.date(first.0), words.date(last.0));
    let said = words.fmt("ui.trend.label", &[("title", title), ("from", &from), ("since", &since), ("to", &to), ("until", &until)]);
    match target {
        Some(target) => format!("{said} {}", words.fmt("ui.trend.target", &[("n", &words.number(target))])),
        None => said,
    }
}

fn points(
    cx: &Cx<'_>,
    values: &[(Date, f64)],
    place: impl Fn(Date) -> f64,
    height: impl Fn(f64) -> f64,
    target: Option<f64>,
) -> Vec<TrendPoint> {
    let (mut valued, mut dated, mut kept) = (f64::MIN, f64::MIN, f64::MIN);
    let end = values.last().map_or(0.0, |(date, _)| place(*date));
    let point = |(at, (date, value)): (usize, &(Date, f64))| {
        let (x, y) = (place(*date), height(*value));
        let last = at + 1 == values.len();
        let room = |taken: f64, width: f64, before_end: f64| last || (x - taken >= width && end - x >= before_end);
        let (show_value, show_date) = (room(valued, 5.0, 5.0), room(dated, 13.0, 18.0));
        let keep = show_date && room(kept, 20.0, 24.0);
        valued = if show_value { x } else { valued };
        dated = if show_date { x } else { dated };
        kept = if keep { x } else { kept };
        let near = target.is_some_and(|target| height(target) < y && y - height(target) < 11.0);
        let in_the_way = |(date, value): &(Date, f64)| (place(*date) - x).abs() < 6.0 && height(*value) > y;
        let crowded = values[at.saturating_sub(1)..].iter().take(3).any(in_the_way);
        TrendPoint {
            x: format!("{x:.2}"),
            y: format!("{y:.2}"),
            value: if show_value { cx.words.number(*value) } else { String::new() },
            place: match (near, crowded) {
                (false, _) => "above",
                (true, false) => "under",
                (true, true) => "beside",
            },
            date: if show_date { short_month(cx, date.ymd().0, date.ymd().1) } else { String::new() },
            anchor: if last { "end" } else { "middle" },
            spare: !keep,
        }
    };
    values.iter().enumerate().map(point).collect()
}

/// Round ends of a scale that holds all values, and the step between its lines.
fn scale(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let (low, high) = values.map(|value| value.clamp(-1e300, 1e300)).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
    if low > high {
        return (0.0, 1.0, 1.0);
    }
    let wide = (high - low).max(high.abs() * 0.02).max(1e-6);
    let power = 10f64.powf((wide / 4.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step * 4.0 >= wide).unwrap_or(wide);
    let (bottom, top) = ((low / step).floor() * step, (high / step).ceil() * step);
    if bottom < top { (bottom, top, step) } else { (bottom - step, bottom + step, step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_ends_and_holds_every_value() {
        assert_eq!(scale([62.0, 81.0, 85.0].into_iter()), (60.0, 90.0, 10.0));
        let (low, high, _) = scale([3.0, 3.0].into_iter());
        assert!(low < 3.0 && high > 3.0 && high - low < 1.0);
        let (low, high, step) = scale([-1e300, 1e300].into_iter());
        assert!(low <= -1e300 && high >= 1e300 && step > 0.0);
        assert_eq!(scale(std::iter::empty()), (0.0, 1.0, 1.0));
    }
}
