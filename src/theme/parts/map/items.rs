//! What stands in the cells of a map.
use super::Draw;
use crate::theme::parts::val;
use crate::view::{Feel, Item, LinkView, Val};

/// Behaviours of a touchpoint that a cell shows before the others are folded: there may be a dozen, and the map is read across.
const SHOWN: usize = 2;

impl<'w> Draw<'w> {
    /// The items of a cell; a text that stands alone needs no paragraph.
    pub(super) fn items(&mut self, items: &'w [Item]) {
        match items {
            [Item::Text { html }] => self.out.push_str(html),
            _ => self.several(items),
        }
    }

    fn several(&mut self, items: &'w [Item]) {
        let mut rest = items;
        while let Some(first) = rest.first() {
            let together = rest.iter().take_while(|item| matches!(item, Item::Behaviour { .. })).count();
            let (shown, folded) = if together > SHOWN + 1 { (SHOWN, together - SHOWN) } else { (1, 0) };
            if folded == 0 {
                self.item(first);
            } else {
                rest[..shown].iter().for_each(|item| self.item(item));
                self.push(&["<details><summary>", &self.words.words.count("ui.count.more", folded), "</summary>"]);
                rest[shown..shown + folded].iter().for_each(|item| self.item(item));
                self.out.push_str("</details>");
            }
            rest = &rest[shown + folded..];
        }
    }

    fn item(&mut self, item: &'w Item) {
        match item {
            Item::Text { html } => self.push(&["<p>", html]),
            Item::Goal { html } => self.push(&["<p class=\"goal\">", html]),
            Item::Says { html } => self.push(&["<q>", html, "</q>"]),
            Item::Feel(feel) => self.feel(feel),
            Item::Value { value } => self.value(value),
            Item::Question { html, answer } => self.question(html, answer.as_ref()),
            Item::Chip { .. } => self.chip(item),
            Item::Labelled { link: to, html } => {
                self.out.push_str("<p><b>");
                self.link(to);
                self.push(&["</b> ", html]);
            }
            Item::Role { duty, word, html } => self.role(duty, word, html),
            Item::Lead { link: to, handed } => self.lead(to.as_ref(), *handed),
            Item::Bars { .. } => self.bars(item),
            Item::Score { .. } => self.score(item),
            Item::Place { link: to, told } => {
                self.out.push_str("<p class=\"at\">");
                self.link(to);
                if *told {
                    self.push(&[" <small>← ", &self.words.as_before, "</small>"]);
                }
            }
            Item::Behaviour { role, html } => self.behaviour(role, html),
            Item::Next { link: to, number, html } => {
                self.push(&["<p>→ ", &number.to_string(), " "]);
                self.link(to);
                self.push(&[if html.is_empty() { "" } else { ": " }, html]);
            }
            Item::Known { known, word, evidence } => {
                self.mark(known, "");
                self.text(word);
                self.sources(evidence);
            }
            Item::Alone => {
                self.out.push_str("<p class=\"ghost\">");
                self.icon("none");
                self.text(&self.words.alone);
            }
        }
    }

    /// A dot for what is known, a ring for what is assumed; the word for those who cannot see it.
    fn mark(&mut self, known: &str, word: &str) {
        if !known.is_empty() {
            self.push(&[
                "<i class=\"",
                if known == "known" { "k" } else { "a" },
                "\">",
                word,
                if word.is_empty() { "" } else { ": " },
                "</i>",
            ]);
        }
    }

    fn value(&mut self, value: &Val) {
        self.out.push_str("<p>");
        let Val::Claim { html, known, word, evidence } = value else { return val(&mut self.out, value) };
        self.mark(known, word);
        self.out.push_str(html);
        self.sources(evidence);
    }

    /// What backs a statement, by its number in the list below the map.
    fn sources(&mut self, evidence: &[LinkView]) {
        for link in evidence {
            let number = self.map.evidence.iter().position(|known| known.url == link.url && known.title == link.title);
            let Some(number) = number.map(|at| (at + 1).to_string()) else { continue };
            self.out.push_str(" <sup>");
            self.link(&LinkView { title: number, ..link.clone() });
            self.out.push_str("</sup>");
        }
    }

    fn question(&mut self, html: &str, answer: Option<&LinkView>) {
        self.push(&["<p>", html, " "]);
        match answer {
            Some(answer) => {
                self.out.push_str("<small>");
                self.link(answer);
                self.out.push_str("</small>");
            }
            None => {
                self.out.push_str("<small class=\"low\">");
                self.icon("warn");
                self.push(&[&self.words.unanswered, "</small>"]);
            }
        }
    }

    fn behaviour(&mut self, role: &str, html: &str) {
        self.out.push_str("<p>");
        if !role.is_empty() {
            self.out.push_str("<b>");
            self.text(role);
            self.out.push_str(":</b> ");
        }
        self.out.push_str(html);
    }

    fn feel(&mut self, Feel { face, value, word, who, tone }: &Feel) {
        self.push(&["<p", if tone.is_empty() { "" } else { " class=\"" }, tone, if tone.is_empty() { ">" } else { "\">" }]);
        if self.map.curve.lines.len() > 2 {
            self.icon(&format!("face-{face}"));
        }
        if !who.is_empty() {
            self.text(who);
            self.out.push_str(": ");
        }
        self.push(&[word, " ", value]);
    }

    fn chip(&mut self, item: &Item) {
        let Item::Chip { link: to, tag, medium, star } = item else { return };
        self.out.push_str("<p><a href=\"");
        self.text(&to.url);
        self.out.push_str("\">");
        if !medium.is_empty() {
            self.icon(medium_icon(medium));
        }
        self.text(&to.title);
        if *star {
            self.icon("star");
            self.push(&["<span class=\"vh\"> ", &self.words.star, "</span>"]);
        }
        self.out.push_str("</a>");
        if !tag.is_empty() {
            self.out.push_str(" <small>");
            self.text(tag);
            self.out.push_str("</small>");
        }
    }

    fn role(&mut self, duty: &str, word: &str, html: &str) {
        let letter = match duty {
            "leads" => "L",
            "supports" => "S",
            _ => "I",
        };
        if html.is_empty() {
            self.push(&["<i class=\"", letter, "\"></i>", word]);
        } else {
            self.push(&["<i class=\"", letter, "\">", word, ": </i>", html]);
        }
    }

    fn lead(&mut self, to: Option<&LinkView>, handed: bool) {
        let words = self.words;
        match to {
            Some(to) => {
                self.out.push_str("<b>");
                self.link(to);
                self.out.push_str("</b>");
                if handed {
                    self.push(&[" <small class=\"ho\">", &words.handed, "</small>"]);
                }
            }
            None => {
                self.out.push_str("<b class=\"low\">");
                self.icon("warn");
                self.push(&[&words.nobody, "</b>"]);
            }
        }
    }

    fn bars(&mut self, item: &Item) {
        let Item::Bars { relevance, presence, influence, gap, relevance_at, presence_at } = item else { return };
        let (at, to) = (relevance_at.to_string(), presence_at.to_string());
        self.push(&["<svg class=\"rel", if gap.is_empty() { "" } else { " low" }, "\" aria-hidden=\"true\"><rect width=\"100%\"/>"]);
        if relevance_at > presence_at {
            let wide = (relevance_at - presence_at).to_string();
            self.push(&["<rect class=\"g\" x=\"", &to, "%\" width=\"", &wide, "%\"/>"]);
        }
        self.push(&["<rect class=\"p\" width=\"", &to, "%\"/><rect class=\"r\" x=\"", &at, "%\"/></svg><p class=\"note\">"]);
        let words = self.words;
        let mut first = true;
        for (label, value) in [(&words.relevance, relevance), (&words.presence, presence), (&words.influence, influence)] {
            if !value.is_empty() {
                self.push(&[if first { "" } else { " · " }, label, " <b>", value, "</b>"]);
                first = false;
            }
        }
        if !gap.is_empty() {
            self.push(&[" <b class=\"low\">▼ ", &words.gap.replace("{n}", gap), "</b>"]);
        }
    }

    fn score(&mut self, item: &Item) {
        let Item::Score { link: to, score, date, below, target } = item else { return };
        self.push(&["<p", if *below { " class=\"below\"" } else { "" }, "><b>", score, "</b> "]);
        self.link(to);
        self.push(&[" <small>", date]);
        if *below {
            self.push(&[" · ▼ ", &self.words.target, " ", target]);
        }
        self.out.push_str("</small>");
    }
}

/// The icon of a channel's medium.
fn medium_icon(medium: &str) -> &'static str {
    match medium {
        "digital" => "web",
        "physical" => "key",
        "phone" => "phone",
        "paper" => "ev",
        "person" => "desk",
        _ => "chan",
    }
}
