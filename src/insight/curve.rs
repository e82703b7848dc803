//! The emotion curve: a monotone cubic through the steps' values, after Fritsch and Carlson (SIAM J. Numer. Anal. 17, 1980) with the
//! harmonic-mean tangents of Fritsch and Butland, so that a peak is exactly its value and nothing overshoots.

use crate::base::fixed;

/// A curve as SVG path data, in a box whose width is 1000 and whose height is 100.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurvePath {
    /// Pieces that are known: one for each run of steps without a gap.
    pub solid: Vec<String>,
    /// Pieces that end at an assumed value.
    pub dashed: Vec<String>,
    /// The whole runs, closed to the zero line, for shading.
    pub area: Vec<String>,
}

/// A low or high point of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// A local or global maximum.
    Peak,
    /// A local or global minimum.
    Low,
}

/// One value of a curve.
#[derive(Debug, Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
    assumed: bool,
}

/// Height of a value from −2 to 2 in a box of 100, with a margin of `pad` above and below.
pub fn height(value: f64, pad: f64) -> f64 {
    pad + (2.0 - value) / 4.0 * (100.0 - 2.0 * pad)
}

/// The path through values (none is a gap), each with whether it is assumed.
pub fn path(values: &[(Option<f64>, bool)], pad: f64) -> CurvePath {
    let width = 1000.0 / values.len().max(1) as f64;
    let mut curve = CurvePath::default();
    let mut run: Vec<Point> = Vec::new();
    for (at, (value, assumed)) in values.iter().enumerate() {
        match value {
            Some(value) => run.push(Point { x: (at as f64 + 0.5) * width, y: height(*value, pad), assumed: *assumed }),
            None => flush(&mut run, width, &mut curve),
        }
    }
    flush(&mut run, width, &mut curve);
    curve
}

/// The path through values, which bridges the gaps: of a curve that is laid over another one whose steps it has not all.
pub fn bridged(values: &[Option<f64>], pad: f64) -> String {
    let width = 1000.0 / values.len().max(1) as f64;
    let point = |(at, value): (usize, &Option<f64>)| {
        value.map(|value| Point { x: (at as f64 + 0.5) * width, y: height(value, pad), assumed: false })
    };
    let mut run: Vec<Point> = values.iter().enumerate().filter_map(point).collect();
    let mut curve = CurvePath::default();
    flush(&mut run, width, &mut curve);
    curve.solid.pop().unwrap_or_default()
}

fn flush(run: &mut Vec<Point>, width: f64, curve: &mut CurvePath) {
    let points = std::mem::take(run);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let tangents = tangents(&points);
    let (left, right) = (first.x - width / 2.0, last.x + width / 2.0);
    let mut whole = drawn("M", &[left, first.y]);
    whole.push_str(&drawn("H", &[first.x]));
    let mut pieces: Vec<(String, bool)> = vec![(whole.clone(), first.assumed)];
    for (at, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let third = (b.x - a.x) / 3.0;
        let segment = drawn("C", &[a.x + third, a.y + tangents[at] * third, b.x - third, b.y - tangents[at + 1] * third, b.x, b.y]);
        whole.push_str(&segment);
        let assumed = a.assumed || b.assumed;
        match pieces.last_mut() {
            Some((piece, kind)) if *kind == assumed => piece.push_str(&segment),
            _ => pieces.push((drawn("M", &[a.x, a.y]) + &segment, assumed)),
        }
    }
    let end = drawn("H", &[right]);
    whole.push_str(&end);
    if let Some((piece, _)) = pieces.last_mut() {
        piece.push_str(&end);
    }
    curve.area.push(whole + &drawn("V50H", &[left]) + "Z");
    for (piece, assumed) in pieces {
        if assumed { curve.dashed.push(piece) } else { curve.solid.push(piece) }
    }
}

/// A step of a path: its letter and its numbers, with one decimal at most.
fn drawn(letter: &str, numbers: &[f64]) -> String {
    let mut out = String::with_capacity(letter.len() + numbers.len() * 6);
    out.push_str(letter);
    for (at, number) in numbers.iter().enumerate() {
        out.push_str(if at > 0 { " " } else { "" });
        let text = fixed(*number, 1);
        let text = text.strip_suffix(".0").unwrap_or(&text);
        out.push_str(if text == "-0" { "0" } else { text });
    }
    out
}

/// Slopes at the points: 0 at a turning point and at the ends, else the harmonic mean of the slopes on both sides.
fn tangents(points: &[Point]) -> Vec<f64> {
    let slopes: Vec<f64> = points.windows(2).map(|pair| (pair[1].y - pair[0].y) / (pair[1].x - pair[0].x)).collect();
    (0..points.len())
        .map(|at| match (at.checked_sub(1).and_then(|before| slopes.get(before)), slopes.get(at)) {
            (Some(a), Some(b)) if a * b > 0.0 => 2.0 * a * b / (a + b),
            _ => 0.0,
        })
        .collect()
}

/// Which values are turning points: the highest and lowest of all, and every value higher or lower than both neighbours. Of a plateau
/// the first counts.
pub fn extremes(values: &[Option<f64>]) -> Vec<Option<Extreme>> {
    let present: Vec<(usize, f64)> = values.iter().enumerate().filter_map(|(at, value)| value.map(|value| (at, value))).collect();
    let mut out = vec![None; values.len()];
    let best = present.iter().map(|(_, value)| *value).fold(f64::MIN, f64::max);
    let worst = present.iter().map(|(_, value)| *value).fold(f64::MAX, f64::min);
    if present.len() < 2 || best == worst {
        return out;
    }
    let (mut peaked, mut dipped) = (false, false);
    for (place, (at, value)) in present.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| present[before].1);
        let after = present[place + 1..].iter().map(|(_, next)| *next).find(|next| next != value);
        let turns = |above: bool| match (before, after) {
            (Some(a), Some(b)) if above => *value > a && *value > b,
            (Some(a), Some(b)) => *value < a && *value < b,
            _ => false,
        };
        if (*value == best && !peaked) || turns(true) {
            peaked |= *value == best;
            out[*at] = Some(Extreme::Peak);
        } else if (*value == worst && !dipped) || turns(false) {
            dipped |= *value == worst;
            out[*at] = Some(Extreme::Low);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_gap_parts_the_curve_and_an_assumption_dashes_it() {
        let curve = path(&[(Some(0.0), false), (Some(1.0), false), (None, false), (Some(-1.0), true)], 10.0);
        assert_eq!(curve.solid, ["M0 50H125C208.3 50 291.7 30 375 30H500"]);
        assert_eq!(curve.dashed, ["M750 70H875H1000"]);
        assert_eq!(curve.area.len(), 2);
    }

    #[test]
    fn peaks_and_lows() {
        let values = [0.0, 1.0, -2.0, -2.0, 0.5, 0.0, 2.0].map(Some);
        let found = extremes(&values);
        assert_eq!(
            found,
            [None, Some(Extreme::Peak), Some(Extreme::Low), None, Some(Extreme::Peak), Some(Extreme::Low), Some(Extreme::Peak)]
        );
        assert!(extremes(&[Some(1.0), Some(1.0)]).iter().all(Option::is_none));
    }

    proptest! {
        #[test]
        fn tangents_never_overshoot(values in proptest::collection::vec(-2.0..2.0f64, 2..20)) {
            let points: Vec<Point> = values.iter().enumerate().map(|(at, v)| Point { x: at as f64, y: height(*v, 10.0), assumed: false }).collect();
            let tangents = tangents(&points);
            for (at, pair) in points.windows(2).enumerate() {
                let slope = pair[1].y - pair[0].y;
                for tangent in [tangents[at], tangents[at + 1]] {
                    prop_assert!(tangent.abs() <= 3.0 * slope.abs() + 1e-9 && tangent * slope >= -1e-9);
                }
            }
        }
    }
}
