//! The curve of a map: an outer picture as wide as its columns, in which points stand at percentages, and an inner one that is
//! stretched over it.
use super::Draw;
use crate::view::{LineView, PointView, Sheet};

/// What is told at the points: where many lines cross, only the cells below say how much.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    AtPoints,
    InCells,
}

impl<'w> Draw<'w> {
    pub(super) fn curve(&mut self, sheet: Sheet) {
        let map = self.map;
        let columns = sheet.to - sheet.from;
        self.push(&["<svg class=\"curve curve--map\" width=\"", &(columns * 100).to_string(), "%\" aria-hidden=\"true\">"]);
        self.out.push_str("<line class=\"curve__zero\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/>");
        self.paths(sheet);
        let told = if map.curve.lines.len() > 2 { Told::InCells } else { Told::AtPoints };
        for (at, line) in map.curve.lines.iter().enumerate().rev() {
            self.push(&["<g class=\"y", &at.to_string(), "\">"]);
            for point in line.points.iter().filter(|point| (sheet.from..sheet.to).contains(&point.column)) {
                self.point(point, if at == 0 { told } else { Told::InCells }, sheet);
            }
            self.name(line, sheet);
            self.out.push_str("</g>");
        }
        self.out.push_str("</svg>");
    }

    /// The lines: drawn on the first sheet, seen again through the windows of the others.
    fn paths(&mut self, sheet: Sheet) {
        let map = self.map;
        let unit = 1000.0 / map.columns.max(1) as f64;
        let window = format!("{:.2} 0 {:.2} 100", sheet.from as f64 * unit, (sheet.to - sheet.from) as f64 * unit);
        let window = if map.sheets.len() == 1 { "0 0 1000 100" } else { &window };
        self.push(&["<svg viewBox=\"", window, "\" preserveAspectRatio=\"none\" height=\"100%\">"]);
        if sheet.from > 0 {
            return self.out.push_str("<use href=\"#_c\"/></svg>");
        }
        self.out.push_str("<linearGradient id=\"_g\" gradientUnits=\"userSpaceOnUse\" x2=\"0\" y2=\"100\"><stop offset=\".5\"/><stop offset=\".5\"/></linearGradient>");
        self.out.push_str("<g id=\"_c\" class=\"ln\">");
        for area in map.curve.lines.first().into_iter().flat_map(|line| &line.path.area) {
            self.push(&["<path class=\"ar\" d=\"", area, "\"/>"]);
        }
        for (at, line) in map.curve.lines.iter().enumerate().rev() {
            self.push(&["<g class=\"y", &at.to_string(), "\">"]);
            line.path.solid.iter().for_each(|path| self.push(&["<path d=\"", path, "\"/>"]));
            line.path.dashed.iter().for_each(|path| self.push(&["<path class=\"a\" d=\"", path, "\"/>"]));
            self.out.push_str("</g>");
        }
        self.out.push_str("</g></svg>");
    }

    fn point(&mut self, point: &PointView, told: Told, sheet: Sheet) {
        let x = format!(
            "{:.2}",
            (point.column - sheet.from) as f64 * 100.0 / (sheet.to - sheet.from) as f64 + 50.0 / (sheet.to - sheet.from) as f64
        );
        let guess = if point.assumed { " a" } else { "" };
        if told == Told::InCells {
            return self.push(&["<circle class=\"dot", guess, "\" cx=\"", &x, "%\" cy=\"", &point.y, "%\" r=\"3.5\"/>"]);
        }
        let (class, sign) = match point.extreme {
            "high" => (" high", "▲ "),
            "low" => (" low", "▼ "),
            _ => ("", ""),
        };
        let y = if self.is_below(point) { "2em" } else { "-1.25em" };
        self.push(&[
            "<svg class=\"dot",
            class,
            guess,
            "\" x=\"",
            &x,
            "%\" y=\"",
            &point.y,
            "%\" width=\"1.7em\" height=\"1.7em\"><use href=\"#i-face-",
            point.face,
            "\"/>",
        ]);
        self.push(&["<text y=\"", y, "\">", sign, &point.value, "</text>"]);
        self.marks(point, y);
        self.out.push_str("</svg>");
    }

    /// The number stands on the outer side, where the line does not run, but where another line has its point there, and neither
    /// another point nor the zero line is on the other side. All in per cent of the height.
    fn is_below(&self, point: &PointView) -> bool {
        const NEAR: std::ops::Range<f64> = 2.0..13.0;
        const LETTERS: std::ops::Range<f64> = 4.5..12.0;
        let others = self.map.curve.lines.iter().skip(1).flat_map(|line| &line.points).filter(|other| other.column == point.column);
        let under: Vec<f64> = others.map(|other| other.height - point.height).collect();
        let zero = 50.0 - point.height;
        let above = under.iter().any(|by| NEAR.contains(&-by)) || LETTERS.contains(&-zero);
        let below = under.iter().any(|by| NEAR.contains(by)) || LETTERS.contains(&zero);
        let outer = point.extreme == "low" || (point.extreme.is_empty() && point.value.starts_with('−'));
        if above == below { outer } else { above }
    }

    /// A star touchpoint and a moment of truth, beside the number.
    fn marks(&mut self, point: &PointView, y: &str) {
        let column = &self.map.steps[point.column];
        let up = if y == "2em" { "2.4em" } else { "-2.2em" };
        for (name, x, wanted) in [("star", "3.7em", column.star), ("goal", if column.star { "5.3em" } else { "3.7em" }, column.truth)] {
            if wanted {
                self.push(&["<use href=\"#i-", name, "\" class=\"m\" x=\"", x, "\" y=\"", up, "\"/>"]);
            }
        }
    }

    /// Whose line it is, at its end.
    fn name(&mut self, line: &LineView, sheet: Sheet) {
        let Some(last) = line.points.last().filter(|last| !line.name.is_empty() && (sheet.from..sheet.to).contains(&last.column)) else {
            return;
        };
        let columns = (sheet.to - sheet.from) as f64;
        let x = format!("{:.2}", (last.column - sheet.from) as f64 * 100.0 / columns + 100.0 / columns);
        self.push(&["<text class=\"who\" x=\"", &x, "%\" dx=\"-4\" y=\"", &line.end, "%\" dy=\"-5\">"]);
        self.text(&line.name);
        self.out.push_str("</text>");
    }
}
