//! The heads of a map: what lies before, during and after, the phases, the steps, and under them the ways that do not lead to the
//! next step. Here too are the texts that open beside the map: a step's address is the cell under its head.
use super::Draw;
use crate::view::{Band, Column, Sheet};

impl<'w> Draw<'w> {
    pub(super) fn head(&mut self, sheet: Sheet) {
        let map = self.map;
        self.out.push_str("<thead>\n");
        if !map.moments.is_empty() {
            self.out.push_str("<tr class=\"m\"><td>");
            self.bands(&map.moments, sheet, Draw::moment);
        }
        self.out.push_str("<tr class=\"p\"><td>");
        self.bands(&map.phases, sheet, Draw::phase);
        if map.phases.iter().any(|phase| !phase.text_html.is_empty()) {
            self.out.push_str("<tr class=\"o\"><td>");
            self.bands(&map.phases, sheet, Draw::phase_text);
        }
        self.push(&["<tr class=\"s\"><td><span class=\"vh\">", &self.words.lanes, "</span>\n"]);
        for column in &map.steps[sheet.from..sheet.to] {
            self.column(column);
        }
        self.openings(sheet);
        self.out.push_str("</thead>\n");
    }

    /// The bands of a sheet, each with the number of columns that it has there and whether it begins there.
    fn bands(&mut self, bands: &'w [Band], sheet: Sheet, draw: fn(&mut Self, &'w Band, usize, bool)) {
        for band in bands {
            let (from, to) = (band.from.max(sheet.from), (band.from + band.span).min(sheet.to));
            if from < to {
                draw(self, band, to - from, from == band.from);
            }
        }
        self.out.push('\n');
    }

    fn moment(&mut self, band: &'w Band, columns: usize, _first: bool) {
        let title = if band.title.is_empty() { self.words.unsaid.as_str() } else { &band.title };
        let class = if band.moment.is_empty() { "unsaid" } else { band.moment };
        self.span(&format!("<th scope=\"colgroup\" class=\"{class}\""), columns);
        self.out.push_str("<span>");
        self.text(title);
        self.push(&[" <small>", &self.words.words.count("ui.count.steps", band.steps), "</small></span>"]);
    }

    fn phase(&mut self, band: &'w Band, columns: usize, first: bool) {
        let own = first && !band.id.is_empty() && band.text_html.is_empty();
        let id = if own { format!(" id=\"{}\"", band.id) } else { String::new() };
        self.span(&format!("<th scope=\"colgroup\"{id}"), columns);
        self.out.push_str("<span>");
        if band.text_html.is_empty() {
            self.text(&band.title);
        } else {
            self.push(&["<a href=\"#", &band.id, "\">"]);
            self.text(&band.title);
            self.out.push_str("</a>");
        }
        self.out.push_str("</span>");
    }

    fn phase_text(&mut self, band: &'w Band, columns: usize, first: bool) {
        if first && !band.text_html.is_empty() {
            self.span(&format!("<td id=\"{}\"", band.id), columns);
            self.panel(0, &band.title, &band.text_html, ["", ""]);
        } else {
            self.span("<td", columns);
        }
    }

    fn column(&mut self, column: &'w Column) {
        let words = self.words;
        if column.number == 0 {
            return self.push(&[
                "<th scope=\"col\"><span class=\"nil\" aria-hidden=\"true\">–</span><span class=\"vh\">",
                &words.not_mapped,
                "</span>\n",
            ]);
        }
        self.push(&["<th scope=\"col\"", if column.alone { " class=\"n\"" } else { "" }, "><a href=\"#", &column.id, "\"><b>"]);
        self.push(&[&column.number.to_string(), "</b> "]);
        self.text(&column.title);
        self.out.push_str("</a>");
        self.tag(column.alone, "low", "none", &words.alone_short);
        self.tag(column.unowned, "low", "warn", &words.nobody);
        self.tag(column.star, "star", "star", &words.star);
        self.tag(column.truth, "", "goal", &words.truth);
        if let Some(journey) = &column.journey {
            self.out.push_str("<p class=\"tag\">→&nbsp;");
            self.link(journey);
        }
        self.out.push('\n');
    }

    fn tag(&mut self, wanted: bool, class: &str, name: &str, word: &str) {
        if wanted {
            self.push(&["<p class=\"tag ", class, "\">"]);
            self.icon(name);
            self.text(word);
        }
    }

    /// The row of the steps' addresses, with the ways that leave the straight line drawn over it.
    fn openings(&mut self, sheet: Sheet) {
        let map = self.map;
        self.out.push_str("<tr class=\"o\"><td>");
        for (at, column) in map.steps.iter().enumerate().take(sheet.to).skip(sheet.from) {
            if column.id.is_empty() {
                self.out.push_str("<td>");
            } else {
                self.push(&["<td id=\"", &column.id, if column.alone { "\" class=\"n\">" } else { "\">" }]);
            }
            if at == sheet.from {
                self.flows(sheet);
            }
            if !column.text_html.is_empty() {
                let before = map.steps[..at].iter().rfind(|step| !step.id.is_empty());
                let after = map.steps[at + 1..].iter().find(|step| !step.id.is_empty());
                self.panel(column.number, &column.title, &column.text_html, [before, after].map(|step| step.map_or("", |step| &step.id)));
            }
        }
        self.out.push('\n');
    }

    /// A long text that opens beside the map when its address is called.
    fn panel(&mut self, number: usize, title: &str, html: &str, [before, after]: [&str; 2]) {
        self.out.push_str("<div class=\"panel\"><h2>");
        if number > 0 {
            self.push(&[&number.to_string(), " "]);
        }
        self.text(title);
        self.push(&["</h2><div class=\"prose\">", html, "</div><p class=\"go\">"]);
        if !before.is_empty() {
            self.push(&["<a href=\"#", before, "\">← ", &(number - 1).to_string(), "</a>"]);
        }
        if !after.is_empty() {
            self.push(&["<a href=\"#", after, "\">", &(number + 1).to_string(), " →</a>"]);
        }
        self.push(&["<a href=\"#_map\">", &self.words.close, "</a></div>"]);
    }

    fn flows(&mut self, sheet: Sheet) {
        let columns = sheet.to - sheet.from;
        let within = |flow: &&crate::view::Flow| (sheet.from..sheet.to).contains(&flow.from) || (sheet.from..sheet.to).contains(&flow.to);
        let flows: Vec<_> = self.map.flows.iter().filter(within).collect();
        let Some(deepest) = flows.iter().map(|flow| flow.track).max() else { return };
        let height = (deepest * 7 + 13).to_string();
        self.push(&["<svg class=\"flow\" width=\"", &(columns * 100).to_string(), "%\" height=\"", &height, "\" aria-hidden=\"true\">"]);
        self.push(&["<svg viewBox=\"0 0 ", &(columns * 100).to_string(), " ", &height, "\" preserveAspectRatio=\"none\">"]);
        let along = |column: usize, aside: i64| (column as i64 - sheet.from as i64) * 100 + 50 + aside;
        for flow in &flows {
            let back = flow.to <= flow.from;
            let (a, b) =
                (along(flow.from, if flow.to == flow.from { 14 } else { 6 }), along(flow.to, if flow.to == flow.from { -14 } else { -6 }));
            let deep = (flow.track * 7 + 9).to_string();
            self.push(&[
                "<path",
                if back { " class=\"b\"" } else { "" },
                " d=\"M",
                &a.to_string(),
                " 0V",
                &deep,
                "H",
                &b.to_string(),
                "V2\"/>",
            ]);
        }
        self.out.push_str("</svg>");
        for flow in flows.iter().filter(|flow| (sheet.from..sheet.to).contains(&flow.to)) {
            let at = along(flow.to, if flow.to == flow.from { -14 } else { -6 }) as f64 / columns as f64;
            self.push(&["<svg x=\"", &format!("{at:.2}"), "%\"><path d=\"M0 0 4 6H-4Z\"/></svg>"]);
        }
        self.out.push_str("</svg>");
    }
}
