//! Impact against effort: a point for each improvement that has both.
use std::collections::BTreeMap;

use serde::Serialize;

use super::super::improvement::{Item, item};
use super::super::{Cx, LinkView};
use crate::handbook::Ix;
use crate::insight;
use crate::model::ImprovementStatus;

/// Impact against effort.
#[derive(Debug, Serialize)]
pub struct Matrix {
    /// The points, where they are few enough to be told apart.
    pub points: Vec<MatrixPoint>,
    /// How many lie where, where they are not: a row for each impact, highest first.
    pub counts: Vec<CountRow>,
    /// What has no place yet.
    pub tray: Vec<Unscored>,
    /// How many more have none, in words.
    pub more: String,
    /// Where the frame and its middle lines stand.
    pub frame: Frame,
}

/// Where the frame and its lines stand, in per cent.
#[derive(Debug, Serialize)]
pub struct Frame {
    /// Where much effort begins.
    pub x: String,
    /// Where little impact begins.
    pub y: String,
    /// Width of the quick wins.
    pub width: String,
    /// Height of the quick wins.
    pub height: String,
}

/// An improvement on the matrix.
#[derive(Debug, Serialize)]
pub struct MatrixPoint {
    /// Its number in the table.
    pub n: usize,
    /// It.
    pub item: Item,
    /// Per cent of the width.
    pub x: String,
    /// Per cent of the height.
    pub y: String,
    /// Whether there is room for its number.
    pub numbered: bool,
    /// Not on a narrow screen.
    pub spare: bool,
}

/// How many improvements have an impact, effort by effort.
#[derive(Debug, Serialize)]
pub struct CountRow {
    /// The impact.
    pub impact: u8,
    /// How many have effort 1, 2, 3, 4, 5.
    pub cells: Vec<usize>,
}

/// An improvement without a place.
#[derive(Debug, Serialize)]
pub struct Unscored {
    /// Its number in the table.
    pub n: usize,
    /// Its page.
    pub link: LinkView,
}

/// Points that can be told apart, those of one place that can be numbered, and what the tray holds.
const POINTS: usize = 300;
const NUMBERED: usize = 16;
/// Points of one place that stand in two columns, which is what a phone has room for beside their numbers.
const IN_TWO: usize = 10;
const TRAY: usize = 60;

/// All improvements (dropped ones apart) by impact and effort; `all` is in the order of the table.
pub fn matrix(cx: &Cx<'_>, all: &[Ix]) -> Matrix {
    let mut places: BTreeMap<(u64, u64), Vec<(usize, Ix)>> = BTreeMap::new();
    let mut tray = Vec::new();
    let mut scored = 0;
    for (at, ix) in all.iter().enumerate() {
        let item = cx.node(*ix).entity.data.improvement().filter(|item| item.status() != ImprovementStatus::Dropped);
        match item.map(insight::place) {
            Some(Some((effort, impact))) => {
                scored += 1;
                places.entry((effort.to_bits(), impact.to_bits())).or_default().push((at + 1, *ix));
            }
            Some(None) => tray.push((at + 1, *ix)),
            None => {}
        }
    }
    let few = scored <= POINTS;
    Matrix {
        points: if few { points(cx, &places) } else { Vec::new() },
        counts: if few { Vec::new() } else { counts(&places) },
        more: super::super::pieces::more(cx, tray.len(), TRAY),
        tray: tray.into_iter().take(TRAY).map(|(n, ix)| Unscored { n, link: cx.link(ix) }).collect(),
        frame: Frame {
            x: percent(across(3.5)),
            y: percent(down(2.5)),
            width: percent(across(3.5) - across(0.5)),
            height: percent(down(2.5) - down(5.5)),
        },
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}")
}

/// Where an effort lies, in per cent of the width.
fn across(effort: f64) -> f64 {
    3.0 + 0.94 * (effort - 0.5) * 20.0
}

/// Where an impact lies, in per cent of the height.
fn down(impact: f64) -> f64 {
    93.0 - 0.86 * (impact - 0.5) * 20.0
}

fn points(cx: &Cx<'_>, places: &BTreeMap<(u64, u64), Vec<(usize, Ix)>>) -> Vec<MatrixPoint> {
    let mut points = Vec::new();
    for ((effort, impact), here) in places {
        let (effort, impact) = (f64::from_bits(*effort), f64::from_bits(*impact));
        for (at, (n, ix)) in here.iter().enumerate() {
            let Some(item) = item(cx, *ix) else { continue };
            let (dx, dy) = spread(at, here.len());
            points.push(MatrixPoint {
                n: *n,
                item,
                x: percent(across(effort + dx)),
                y: percent(down(impact + dy)),
                numbered: here.len() <= NUMBERED,
                spare: here.len() > IN_TWO,
            });
        }
    }
    points
}

/// Points of one place share it: in rows and columns around its middle, a little to the left of it, for their numbers stand to the
/// right. So they neither meet nor leave it.
fn spread(at: usize, of: usize) -> (f64, f64) {
    let columns = match of {
        0 | 1 => return (0.0, 0.0),
        2..=IN_TWO => 2,
        ..=NUMBERED => 3,
        _ => (of as f64 * 1.5).sqrt().ceil() as usize,
    };
    let place = |at: usize, of: usize| (at as f64 + 0.5) / of as f64 - 0.5;
    let (width, left) = if of <= NUMBERED { (1.0, 0.1) } else { (0.88, 0.0) };
    (place(at % columns, columns) * width - left, -place(at / columns, of.div_ceil(columns)) * 0.86)
}

fn counts(places: &BTreeMap<(u64, u64), Vec<(usize, Ix)>>) -> Vec<CountRow> {
    let mut rows: Vec<CountRow> = (1..=5).rev().map(|impact| CountRow { impact, cells: vec![0; 5] }).collect();
    let index = |bits: u64| (f64::from_bits(bits).round().clamp(1.0, 5.0)) as usize - 1;
    for ((effort, impact), here) in places {
        rows[4 - index(*impact)].cells[index(*effort)] += here.len();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_one_place_neither_meet_nor_leave_it() {
        for of in 1..60 {
            let places: Vec<(f64, f64)> = (0..of).map(|at| spread(at, of)).collect();
            for (at, a) in places.iter().enumerate() {
                assert!(a.0.abs() < 0.5 && a.1.abs() < 0.5, "{of}: {a:?} is outside");
                for b in &places[..at] {
                    let apart = ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
                    assert!(apart > 0.04, "{of}: {a:?} meets {b:?}");
                }
            }
        }
        assert_eq!(spread(0, 1), (0.0, 0.0));
    }
}
