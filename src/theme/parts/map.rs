//! The map of a journey: a table of lanes by steps, with the curve laid over one of its rows.
use super::{icon, link, links, mark, push, val};
use crate::markup::escape_into;
use crate::view::{Band, Cell, Column, CurveView, Item, Lane, LineView, MapView, PointView};
use crate::words::Lexicon;

/// Where the values of points are read: beside them, or, where many lines cross, only in the cells below.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    AtPoints,
    InCells,
}

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
            words: words.clone(),
        }
    }
}

/// The table's head and body.
pub(super) fn table(map: &MapView, words: &MapWords) -> String {
    let mut draw = Draw { out: String::with_capacity(map.columns * 6000), words };
    draw.head(map);
    draw.out.push_str("<tbody>\n");
    for lane in &map.lanes {
        draw.lane(lane, map);
    }
    draw.out.push_str("</tbody>\n");
    draw.out
}

struct Draw<'w> {
    out: String,
    words: &'w MapWords,
}

impl Draw<'_> {
    fn push(&mut self, pieces: &[&str]) {
        push(&mut self.out, pieces);
    }

    fn text(&mut self, text: &str) {
        escape_into(&mut self.out, text);
    }

    fn head(&mut self, map: &MapView) {
        self.out.push_str("<colgroup><col class=\"c-label\">");
        for _ in 0..map.columns {
            self.out.push_str("<col class=\"c-step\">");
        }
        self.out.push_str("</colgroup>\n<thead>\n");
        if !map.moments.is_empty() {
            self.out.push_str("<tr class=\"r-phase\"><td class=\"corner\"></td>");
            for band in &map.moments {
                self.moment(band);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("<tr class=\"r-stage\"><td class=\"corner\"></td>");
        for band in &map.phases {
            self.phase(band);
        }
        self.push(&[
            "</tr>\n<tr class=\"r-step\"><th scope=\"col\" class=\"corner corner--step\"><span class=\"vh\">",
            &self.words.lanes,
            "</span></th>\n",
        ]);
        for column in &map.steps {
            self.column(column);
        }
        self.out.push_str("</tr></thead>\n");
    }

    fn moment(&mut self, band: &Band) {
        let title = if band.title.is_empty() { self.words.unsaid.as_str() } else { &band.title };
        let count = self.words.words.count("ui.count.steps", band.steps);
        self.push(&[
            "<th scope=\"colgroup\" colspan=\"",
            &band.span.to_string(),
            "\" class=\"phase ph ph--",
            band.moment,
            "\"><span class=\"stick\">",
        ]);
        self.text(title);
        self.push(&[" <span class=\"phase__n\">", &count, "</span></span></th>"]);
    }

    fn phase(&mut self, band: &Band) {
        self.push(&["<th scope=\"colgroup\" colspan=\"", &band.span.to_string(), "\" class=\"stage stage--", band.moment, "\""]);
        self.anchor(&band.id);
        self.out.push_str("><span class=\"stick\">");
        self.text(&band.title);
        self.out.push_str("</span></th>");
    }

    fn anchor(&mut self, id: &str) {
        if !id.is_empty() {
            self.push(&[" id=\"", id, "\""]);
        }
    }

    fn column(&mut self, column: &Column) {
        if column.number == 0 {
            let words = self.words;
            self.push(&[
                "<th scope=\"col\" class=\"step is-edge\"><span class=\"nil\" aria-hidden=\"true\">–</span><span class=\"vh\">",
                &words.not_mapped,
                "</span></th>\n",
            ]);
            return;
        }
        let (alone, edge) = (if column.alone { " is-non" } else { "" }, if column.edge { " is-edge" } else { "" });
        self.push(&["<th scope=\"col\" class=\"step", alone, edge, "\""]);
        self.anchor(&column.id);
        self.push(&[
            "><span class=\"step__n\">",
            &column.number.to_string(),
            "</span><span class=\"step__t\">",
            &column.title_html,
            "</span>",
        ]);
        let words = self.words;
        self.tag(column.alone, "tag--non", "none", &words.alone_short);
        self.tag(column.star, "tag--star", "star", &words.star);
        self.tag(column.truth, "tag--truth", "goal", &words.truth);
        self.tag(column.unowned, "tag--non", "warn", &words.nobody);
        if let Some(journey) = &column.journey {
            self.out.push_str("<span class=\"tag\">");
            link(&mut self.out, journey);
            self.out.push_str("</span>");
        }
        self.out.push_str("</th>\n");
    }

    fn tag(&mut self, wanted: bool, class: &str, name: &str, word: &str) {
        if wanted {
            self.push(&["<span class=\"tag ", class, "\">"]);
            icon(&mut self.out, name);
            self.text(word);
            self.out.push_str("</span>");
        }
    }

    fn lane(&mut self, lane: &Lane, map: &MapView) {
        self.push(&["<tr class=\"lane lane-", lane.group, " lane--", lane.key, "\"><th scope=\"row\"><span class=\"lane__n\">"]);
        match &lane.link {
            Some(to) => link(&mut self.out, to),
            None => self.text(&lane.label),
        }
        self.out.push_str("</span></th>\n");
        for (at, cell) in lane.cells.iter().enumerate() {
            let curve = (lane.key == "feel" && at == 0).then_some(map);
            self.cell(lane, cell, curve);
        }
        self.out.push_str("</tr>\n");
    }

    fn cell(&mut self, lane: &Lane, cell: &Cell, curve: Option<&MapView>) {
        self.out.push_str("<td");
        if cell.span > 1 {
            self.push(&[" colspan=\"", &cell.span.to_string(), "\""]);
        }
        let (alone, edge) = (if cell.alone { " is-non" } else { "" }, if cell.edge { " is-edge" } else { "" });
        let role = if lane.key == "department" { " cell--role" } else { "" };
        self.push(&[" class=\"cell", alone, edge, role, "\" data-lane=\""]);
        self.text(&lane.label);
        self.out.push_str("\">");
        if let Some(map) = curve {
            self.curve(&map.curve, map.columns);
        }
        if cell.items.is_empty() {
            self.out.push_str("<span class=\"nil\" aria-hidden=\"true\">–</span>");
        }
        for item in &cell.items {
            self.item(item);
        }
        self.out.push_str("</td>\n");
    }

    fn curve(&mut self, curve: &CurveView, columns: usize) {
        let width = (columns * 100).to_string();
        self.push(&[
            "<svg class=\"curve curve--map\" width=\"",
            &width,
            "%\" aria-hidden=\"true\"><line class=\"curve__zero\" x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/>",
        ]);
        let values = if curve.lines.len() > 2 { Values::InCells } else { Values::AtPoints };
        for (at, line) in curve.lines.iter().enumerate() {
            self.line(line, at, values);
        }
        self.out.push_str("</svg>");
    }

    fn line(&mut self, line: &LineView, at: usize, values: Values) {
        self.out.push_str("<svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\">");
        if at == 0 {
            self.out.push_str("<clipPath id=\"_up\"><rect width=\"1000\" height=\"50\"/></clipPath><clipPath id=\"_down\"><rect y=\"50\" width=\"1000\" height=\"50\"/></clipPath>");
            for area in &line.path.area {
                self.push(&[
                    "<path class=\"curve__up\" clip-path=\"url(#_up)\" d=\"",
                    area,
                    "\"/><path class=\"curve__down\" clip-path=\"url(#_down)\" d=\"",
                    area,
                    "\"/>",
                ]);
            }
        }
        let other = if at == 0 { "" } else { " curve__line--other" };
        for path in &line.path.solid {
            self.push(&["<path class=\"curve__line", other, "\" d=\"", path, "\"/>"]);
        }
        for path in &line.path.dashed {
            self.push(&["<path class=\"curve__line curve__line--assumed", other, "\" d=\"", path, "\"/>"]);
        }
        self.out.push_str("</svg>");
        for point in &line.points {
            self.point(point, values);
        }
        if let (false, Some(_)) = (line.name.is_empty(), line.points.last()) {
            self.push(&["<text class=\"mk__t mk__t--name\" x=\"100%\" dx=\"-4.5em\" y=\"", &line.end, "%\" dy=\"-.7em\">"]);
            self.text(&line.name);
            self.out.push_str("</text>");
        }
    }

    fn point(&mut self, point: &PointView, values: Values) {
        let (tone, shape, dy) = match point.extreme {
            "high" => ("high", "M0-7 7 5H-7Z", "-1em"),
            "low" => ("low", "M0 7-7-5H7Z", "1.75em"),
            _ => {
                let guess = if point.assumed { " mk--guess" } else { "" };
                return self.push(&["<circle class=\"mk--pt", guess, "\" cx=\"", &point.x, "%\" cy=\"", &point.y, "%\" r=\"3.5\"/>"]);
            }
        };
        self.push(&["<svg class=\"mk mk--", tone, "\" x=\"", &point.x, "%\" y=\"", &point.y, "%\"><path d=\"", shape, "\"/></svg>"]);
        if values == Values::InCells {
            return;
        }
        self.push(&[
            "<text class=\"mk__t mk__t--",
            tone,
            "\" x=\"",
            &point.x,
            "%\" y=\"",
            &point.y,
            "%\" dy=\"",
            dy,
            "\">",
            &point.value,
            "</text>",
        ]);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Text { html } => self.push(&["<p>", html, "</p>"]),
            Item::Goal { html } => self.push(&["<p class=\"goal stick\">", html, "</p>"]),
            Item::Says { html } => self.push(&["<p class=\"says\"><q>", html, "</q></p>"]),
            Item::Feel { face, value, word, who, tone } => self.feel(face, value, word, who, tone),
            Item::Value { value } => {
                self.out.push_str("<p class=\"note\">");
                val(&mut self.out, value);
                self.out.push_str("</p>");
            }
            Item::Question { html, answer } => {
                self.push(&["<p class=\"note\">", html, " "]);
                match answer {
                    Some(answer) => self.reference(answer),
                    None => self.push(&["<span class=\"lead--none\">", &self.words.unanswered, "</span>"]),
                }
                self.out.push_str("</p>");
            }
            Item::Chip { link: to, tag, star } => self.chip(&to.url, &to.title, tag, *star),
            Item::Labelled { link: to, html } => {
                self.out.push_str("<p><b>");
                link(&mut self.out, to);
                self.push(&["</b> ", html, "</p>"]);
            }
            Item::Role { duty, word, html } => self.role(duty, word, html),
            Item::Lead { link: to } => self.lead(to.as_ref()),
            Item::Bars { .. } => self.bars(item),
            Item::Score { .. } => self.score(item),
            Item::Behaviour { role, html, link: to } => self.behaviour(role, html, to),
            Item::Next { link: to, html } => {
                self.out.push_str("<p class=\"note\">→ ");
                link(&mut self.out, to);
                self.push(&[if html.is_empty() { "" } else { ": " }, html, "</p>"]);
            }
            Item::Known { known, word, evidence } => {
                self.out.push_str("<p class=\"ev\">");
                mark(&mut self.out, known, word);
                self.push(&["<span class=\"ev__t\">", word, "</span> <span class=\"refs\">"]);
                links(&mut self.out, evidence);
                self.out.push_str("</span></p>");
            }
            Item::Alone => {
                self.out.push_str("<p class=\"ghost\">");
                icon(&mut self.out, "none");
                let words = self.words;
                self.text(&words.alone);
                self.out.push_str("</p>");
            }
        }
    }

    fn behaviour(&mut self, role: &str, html: &str, to: &crate::view::LinkView) {
        self.out.push_str("<p class=\"note\">");
        if !role.is_empty() {
            self.out.push_str("<b>");
            self.text(role);
            self.out.push_str(":</b> ");
        }
        self.push(&[html, " "]);
        self.reference(to);
        self.out.push_str("</p>");
    }

    fn reference(&mut self, to: &crate::view::LinkView) {
        self.out.push_str("<span class=\"refs\">(");
        link(&mut self.out, to);
        self.out.push_str(")</span>");
    }

    fn feel(&mut self, face: &str, value: &str, word: &str, who: &str, tone: &str) {
        self.push(&[
            "<p class=\"feel feel--",
            if tone.is_empty() { "mid" } else { tone },
            "\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-face-",
            face,
            "\"/></svg>",
        ]);
        if !who.is_empty() {
            self.out.push_str("<span class=\"feel__w\">");
            self.text(who);
            self.out.push_str(":</span> ");
        }
        self.push(&[word, " ", value, "</p>"]);
    }

    fn chip(&mut self, url: &str, title: &str, tag: &str, star: bool) {
        self.out.push_str("<p><a class=\"chip chip--a\" href=\"");
        self.text(url);
        self.out.push_str("\">");
        if star {
            icon(&mut self.out, "star");
            self.push(&["<span class=\"vh\">", &self.words.star, ": </span>"]);
        }
        self.text(title);
        self.out.push_str("</a>");
        if !tag.is_empty() {
            self.out.push_str(" <small class=\"chip__t\">");
            self.text(tag);
            self.out.push_str("</small>");
        }
        self.out.push_str("</p>");
    }

    fn role(&mut self, duty: &str, word: &str, html: &str) {
        let (letter, name) = match duty {
            "leads" => ("L", "lead"),
            "supports" => ("S", "support"),
            _ => ("I", "informed"),
        };
        self.push(&["<p class=\"role role--", letter, "\">"]);
        icon(&mut self.out, name);
        if html.is_empty() {
            self.push(&[word, "</p>"]);
        } else {
            self.push(&["<span class=\"vh\">", word, ": </span><span>", html, "</span></p>"]);
        }
    }

    fn lead(&mut self, to: Option<&crate::view::LinkView>) {
        match to {
            Some(to) => {
                self.out.push_str("<span class=\"lead\">");
                link(&mut self.out, to);
            }
            None => {
                self.out.push_str("<span class=\"lead lead--none\">");
                icon(&mut self.out, "warn");
                let words = self.words;
                self.text(&words.nobody);
            }
        }
        self.out.push_str("</span>");
    }

    fn bars(&mut self, item: &Item) {
        let Item::Bars { relevance, presence, influence, gap, relevance_at, presence_at } = item else { return };
        let (at, to) = (relevance_at.to_string(), presence_at.to_string());
        self.push(&["<div class=\"rel", if gap.is_empty() { "" } else { " rel--gap" }, "\"><svg class=\"relbar\" width=\"100%\" aria-hidden=\"true\"><rect class=\"relbar__bg\" y=\"4\" width=\"100%\" height=\"8\" rx=\"1\"/>"]);
        self.push(&["<rect class=\"relbar__p\" y=\"4\" width=\"", &to, "%\" height=\"8\" rx=\"1\"/>"]);
        if relevance_at > presence_at {
            let wide = (relevance_at - presence_at).to_string();
            self.push(&["<rect class=\"relbar__g\" x=\"", &to, "%\" y=\"4\" width=\"", &wide, "%\" height=\"8\"/>"]);
        }
        self.push(&["<rect class=\"relbar__r\" x=\"", &at, "%\" y=\"0\" width=\"2.5\" height=\"16\"/></svg><p>"]);
        let words = self.words;
        let mut first = true;
        for (label, value) in [(&words.relevance, relevance), (&words.presence, presence), (&words.influence, influence)] {
            if !value.is_empty() {
                self.push(&[if first { "" } else { " · " }, label, " <b>", value, "</b>"]);
                first = false;
            }
        }
        if !gap.is_empty() {
            self.out.push_str(" <span class=\"gap\">");
            icon(&mut self.out, "low");
            self.push(&[&words.gap.replace("{n}", gap), "</span>"]);
        }
        self.out.push_str("</p></div>");
    }

    fn score(&mut self, item: &Item) {
        let Item::Score { link: to, score, date, below, target } = item else { return };
        self.push(&["<p class=\"mv", if *below { " mv--below" } else { "" }, "\"><b>", score, "</b> <span class=\"mv__d\">"]);
        link(&mut self.out, to);
        self.push(&[" · ", date]);
        if *below {
            self.push(&[" · ", &self.words.target, " ", target]);
        }
        self.out.push_str("</span></p>");
    }
}
