//! Markdown bodies of 2 to 6 KB: headings, paragraphs, lists, tables, quotes and links.
use super::plan::{Plan, STEPS, Sort};
use super::random::Random;
use super::{Dialect, words};

/// The anchor that every generated body has, so that links can lead to it.
const ANCHOR: &str = "background";

/// A body and what it refers to.
pub struct Body {
    pub text: String,
    pub refs: Vec<String>,
}

/// Writes the body of an entity. A journey's body speaks of some of its steps under their own headings.
pub fn body(plan: &Plan, dialect: Dialect, random: &mut Random, steps: &[usize]) -> Body {
    let length = random.between(2000, 6000);
    let mut writer = Writer { plan, dialect, random, text: String::with_capacity(length + 1000), refs: Vec::new() };
    writer.paragraph();
    writer.line(&format!("## Background {{#{ANCHOR}}}\n"));
    writer.paragraph();
    let mut steps = steps.iter();
    while writer.text.len() < length {
        match steps.next() {
            Some(step) => writer.line(&format!("## {} {{#{}}}\n", STEPS[*step].1, STEPS[*step].0)),
            None => writer.heading(),
        }
        writer.paragraph();
        writer.block();
    }
    Body { text: writer.text, refs: writer.refs }
}

struct Writer<'a> {
    plan: &'a Plan,
    dialect: Dialect,
    random: &'a mut Random,
    text: String,
    refs: Vec<String>,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self) {
        let marks = if self.random.one_in(3) { "###" } else { "##" };
        let heading = words::heading(self.random);
        self.line(&format!("{marks} {heading}\n"));
    }

    fn paragraph(&mut self) {
        for _ in 0..self.random.between(2, 4) {
            let sentence = words::sentence(self.random);
            self.line(&sentence);
        }
        let link = self.link();
        let words = words::sentence(self.random);
        self.line(&format!("See {link}. {words}\n"));
    }

    /// Something else than a paragraph.
    fn block(&mut self) {
        match self.random.below(8) {
            0 | 1 => self.list("- "),
            2 => self.list("1. "),
            3 => self.list("- [ ] "),
            4 | 5 => self.table(),
            6 => self.quote("> "),
            _ => self.quote("> [!NOTE]\n> "),
        }
    }

    fn list(&mut self, mark: &str) {
        for _ in 0..self.random.between(3, 6) {
            let item = words::plain(self.random);
            self.line(&format!("{mark}{item}"));
        }
        self.line("");
    }

    fn table(&mut self) {
        self.line("| what | today | then |\n|---|--:|--:|");
        for _ in 0..self.random.between(3, 6) {
            let (what, now, then) = (words::cell(self.random), self.random.below(90), self.random.below(90));
            self.line(&format!("| {what} | {now} | {then} |"));
        }
        self.line("");
    }

    fn quote(&mut self, start: &str) {
        let (first, second) = (words::sentence(self.random), words::sentence(self.random));
        self.line(&format!("{start}{first}\n> {second}\n"));
    }

    /// A link to any entity, in one of the ways that the program knows.
    fn link(&mut self) -> String {
        let sort = self.random.pick(&[Sort::Touchpoint, Sort::Touchpoint, Sort::Journey, Sort::Improvement, Sort::Persona]);
        let number = self.random.below(self.plan.count(sort));
        let (id, title, form) = (self.plan.id(sort, number), self.plan.title(sort, number), self.random.below(4));
        let link = match (self.dialect, form) {
            (Dialect::Journeybook, 0) => format!("[[{id}]]"),
            (Dialect::Journeybook, 1) => format!("[[{id}|{title}]]"),
            (Dialect::Cobalt, _) => format!("[{title}](../{}/{id}.html)", sort.folder()),
            (_, 2) => format!("[{title}](../{}/{id}.md#{ANCHOR})", sort.folder()),
            _ => format!("[{title}](../{}/{id}.md)", sort.folder()),
        };
        self.refs.push(id);
        link
    }
}
