//! The map of a journey: a table of lanes by steps, with the curve laid over one of its rows. A long journey is a row of such
//! tables, each as wide as a sheet of paper. End tags that HTML lets out are let out: a map has a thousand of them.
mod curve;
mod fit;
mod heads;
mod items;

use super::{icon, link, push};
use crate::markup::escape_into;
use crate::view::{Lane, LinkView, MapView, Sheet};
use crate::words::Lexicon;
use fit::Fit;

/// The words that a map needs, looked up once.
pub(super) struct MapWords {
    lanes: String,
    unsaid: String,
    alone: String,
    alone_short: String,
    star: String,
    truth: String,
    nobody: String,
    not_mapped: String,
    unanswered: String,
    relevance: String,
    presence: String,
    influence: String,
    target: String,
    gap: String,
    close: String,
    handed: String,
    as_before: String,
    lines: [String; 3],
    words: Lexicon,
}

impl MapWords {
    pub(super) fn new(words: &Lexicon) -> MapWords {
        let get = |key: &str| words.get(key);
        MapWords {
            lanes: get("ui.journey.lanes"),
            unsaid: get("ui.moment.unsaid"),
            alone: get("ui.journey.alone"),
            alone_short: get("ui.journey.alone_short"),
            star: get("ui.journey.star"),
            truth: get("ui.journey.moment_of_truth"),
            nobody: get("ui.journey.nobody_leads"),
            not_mapped: get("ui.journey.not_mapped"),
            unanswered: get("ui.lane.unanswered"),
            relevance: words.field("phase", "relevance"),
            presence: words.field("phase", "presence"),
            influence: words.field("phase", "influence"),
            target: get("ui.touchpoint.target"),
            gap: get("ui.journey.gap"),
            close: get("ui.journey.close"),
            handed: get("ui.lane.handed"),
            as_before: get("ui.lane.as_before"),
            lines: ["interaction", "visibility", "internal"].map(|line| get(&format!("ui.lane.{line}"))),
            words: words.clone(),
        }
    }

    fn line(&self, line: &str) -> &str {
        &self.lines[match line {
            "interaction" => 0,
            "visibility" => 1,
            _ => 2,
        }]
    }
}

/// The tables of a map, one for each sheet.
pub(super) fn tables(map: &MapView, words: &MapWords) -> String {
    let mut draw = Draw { out: String::with_capacity(map.columns * 4000), words, map, fit: Fit::default() };
    for sheet in &map.sheets {
        draw.table(*sheet);
    }
    let widest = map.sheets.iter().map(|sheet| sheet.to - sheet.from).max().unwrap_or(1);
    draw.out.replacen(fit::PLACE, draw.fit.class(widest), map.sheets.len())
}

struct Draw<'w> {
    out: String,
    words: &'w MapWords,
    map: &'w MapView,
    fit: Fit,
}

impl<'w> Draw<'w> {
    fn push(&mut self, pieces: &[&str]) {
        push(&mut self.out, pieces);
    }

    fn text(&mut self, text: &str) {
        escape_into(&mut self.out, text);
    }

    fn icon(&mut self, name: &str) {
        icon(&mut self.out, name);
    }

    fn link(&mut self, to: &LinkView) {
        link(&mut self.out, to);
    }

    fn table(&mut self, sheet: Sheet) {
        self.fit.sheet();
        self.push(&["<table class=\"map ", fit::PLACE, "\"><caption class=\"vh\">"]);
        self.caption(sheet);
        self.out.push_str("</caption><colgroup><col class=\"c0\">");
        for column in &self.map.steps[sheet.from..sheet.to] {
            self.out.push_str(match (column.alone, column.edge) {
                (true, true) => "<col class=\"n e\">",
                (true, false) => "<col class=\"n\">",
                (false, true) => "<col class=\"e\">",
                _ => "<col>",
            });
        }
        self.out.push_str("</colgroup>\n");
        self.head(sheet);
        self.body(sheet);
        self.out.push_str("</table>\n");
    }

    fn caption(&mut self, sheet: Sheet) {
        self.text(&self.map.caption);
        if self.map.sheets.len() > 1 {
            let numbers = self.map.steps[sheet.from..sheet.to].iter().map(|step| step.number).filter(|number| *number > 0);
            let (from, to) = (numbers.clone().min().unwrap_or(0).to_string(), numbers.max().unwrap_or(0).to_string());
            self.push(&[" (", &self.words.words.fmt("ui.journey.sheet", &[("from", &from), ("to", &to)]), ")"]);
        }
    }

    /// The lanes, those of one group in a body of their own, which is what a switch hides.
    fn body(&mut self, sheet: Sheet) {
        let mut open = "";
        for lane in &self.map.lanes {
            let starts = open != lane.group || !lane.line.is_empty();
            if !lane.line.is_empty() {
                self.line(lane.line, sheet);
            }
            if starts {
                self.push(&["<tbody class=\"l-", lane.group, "\">\n"]);
            }
            self.lane(lane, sheet, if open == lane.group { None } else { Some(group_icon(lane.group)) });
            open = lane.group;
        }
    }

    /// A line of the service blueprint, with its name.
    fn line(&mut self, line: &str, sheet: Sheet) {
        let columns = (sheet.to - sheet.from).to_string();
        self.push(&["<tbody class=\"bl\"><tr><th scope=\"row\">", self.words.line(line), "<td colspan=\"", &columns, "\">"]);
    }

    fn lane(&mut self, lane: &'w Lane, sheet: Sheet, icon: Option<&str>) {
        self.fit.row(matches!(lane.key, "behaviours" | "covers"));
        let class = match lane.key {
            "feel" => "<tr class=\"f\">",
            "phase_improvements" => "<tr class=\"ph c\">",
            "covers" => "<tr class=\"c cv\">",
            "touchpoints" | "core_tasks" | "improvements" => "<tr class=\"c\">",
            _ if lane.by_phase => "<tr class=\"ph\">",
            _ => "<tr>",
        };
        // The break stands between the tags of a row: at its end it would be in the last cell, which then would not be empty.
        self.push(&[class, "\n<th scope=\"row\">"]);
        if let Some(name) = icon {
            self.icon(name);
        }
        match &lane.link {
            Some(to) => self.link(to),
            None if lane.key == "lead" => {
                self.out.push_str("<b>");
                self.text(&lane.label);
                self.out.push_str("</b>");
            }
            None => self.text(&lane.label),
        }
        if lane.key == "feel" {
            let (best, worst) = &self.map.scale;
            self.push(&["<small>+2 ", best, "</small><small>0</small><small>−2 ", worst, "</small>"]);
        }
        for cell in lane.cells.iter().filter(|cell| cell.from < sheet.to && cell.from + cell.span > sheet.from) {
            self.cell(lane, cell, sheet);
        }
    }

    fn cell(&mut self, lane: &'w Lane, cell: &'w crate::view::Cell, sheet: Sheet) {
        let (from, to) = (cell.from.max(sheet.from), (cell.from + cell.span).min(sheet.to));
        let hatched = lane.key == "feel" && self.map.steps[from].alone;
        self.span(if hatched { "<td class=\"n\"" } else { "<td" }, to - from);
        let start = self.out.len();
        if lane.key == "feel" && from == sheet.from {
            self.curve(sheet);
        }
        let drawn = self.out.len();
        if lane.by_phase && !cell.items.is_empty() {
            self.out.push_str("<div>");
        }
        self.items(&cell.items);
        if lane.by_phase && !cell.items.is_empty() {
            self.out.push_str("</div>");
        }
        let from = if drawn > start { drawn } else { start };
        self.fit.cell(to - cell.from.max(sheet.from), &self.out[from..]);
    }

    /// Opens a cell of so many columns.
    fn span(&mut self, open: &str, columns: usize) {
        self.out.push_str(open);
        if columns > 1 {
            self.push(&[" colspan=\"", &columns.to_string(), "\""]);
        }
        self.out.push('>');
    }
}

/// The icon at the head of a group of lanes.
fn group_icon(group: &str) -> &'static str {
    match group {
        "goal" => "goal",
        "feel" => "feel",
        "do" => "person",
        "tp" => "tp",
        "think" => "think",
        "pain" => "pain",
        "opp" => "opp",
        "chan" => "chan",
        "rel" => "bars",
        "next" => "act",
        "beh" => "ok",
        "mv" => "mv",
        "dept" => "dept",
        "stage" => "desk",
        _ => "ev",
    }
}
