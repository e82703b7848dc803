//! A comparison as the comment on a merge request: Markdown of at most 60 kB, with a line by which a bot finds its own.
use super::entities::EntityChange;
use super::findings::Finding;
use super::parts::PartChange;
use super::prose::ProseChange;
use super::rows::{Row, What};
use super::say::{Say, clipped};
use super::wording::{Fate, Piece};
use super::{Comparison, Value};

/// The line by which a bot finds the comment that it wrote before.
const MARKER: &str = "<!-- journeybook-diff -->";

/// The most bytes that the comment has.
const LIMIT: usize = 60_000;
/// What is kept free for the end.
const SPARE: usize = 400;
/// The most lines that one entity has, and entries of the lists before them.
const LINES: usize = 40;
const LISTED: usize = 20;
/// The most bytes that one line has.
const LINE: usize = 1200;
/// The most bytes that the lines of one list have, so that all of them together leave room for the entities.
const LIST: usize = 9_000;

/// The comparison as a comment.
pub fn markdown(comparison: &Comparison, say: &Say<'_>) -> String {
    let (base, head) = (escaped(&say.revision(&comparison.base)), escaped(&say.revision(&comparison.head)));
    if comparison.is_empty() {
        let reformatted = comparison.reformatted.len();
        let more = if reformatted > 0 { format!(" {}.", say.count("reformatted", reformatted)) } else { String::new() };
        return format!("{MARKER}\n{base} → {head}: {}{more}\n", say.word("none"));
    }
    let mut out = Out { text: format!("{MARKER}\n### {}: {base} → {head}\n\n", say.word("title")), say };
    let same = say.count("n_same", comparison.same);
    out.text.push_str(&format!("**{}**; {same}\n", say.tally(comparison)));
    out.lists(comparison);
    out.entities(&comparison.entities);
    out.text
}

struct Out<'o> {
    text: String,
    say: &'o Say<'o>,
}

impl Out<'_> {
    fn list(&mut self, heading: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.text.push_str(&format!("\n#### {heading}\n\n"));
        let end = self.text.len() + LIST;
        let mut left = lines.len();
        for line in lines.iter().take(LISTED).map(|line| format!("- {}\n", short(line))) {
            if self.text.len() + line.len() > end {
                break;
            }
            self.text.push_str(&line);
            left -= 1;
        }
        if left > 0 {
            self.text.push_str(&format!("- {}\n", self.say.more(left)));
        }
    }

    fn lists(&mut self, comparison: &Comparison) {
        let say = self.say;
        self.list(&say.word("introduced"), comparison.introduced.iter().map(finding).collect());
        self.list(&say.word("cured"), comparison.cured.iter().map(finding).collect());
        let mut effects: Vec<String> = comparison.effects.measures.iter().map(|measure| escaped(&say.measure_line(measure))).collect();
        let pages = comparison.effects.pages.len();
        effects.extend((pages > 0).then(|| say.count("ripples", pages)));
        self.list(&say.word("effects"), effects);
        let reviewers = comparison.reviewers.iter().map(|reviewer| {
            let names: Vec<String> = reviewer.own.iter().map(|title| escaped(title)).collect();
            let refers = Some(reviewer.refers.len()).filter(|n| *n > 0).map(|n| say.count("n_refer", n));
            let why: Vec<String> = Some(names.join(", ")).filter(|names| !names.is_empty()).into_iter().chain(refers).collect();
            format!("**{}**: {}", escaped(&reviewer.name), why.join("; "))
        });
        self.list(&say.word("reviewers"), reviewers.collect());
        let mut other: Vec<String> = comparison.settings.iter().map(|row| format!("`book.toml`: {}", self.row(row))).collect();
        for backlog in &comparison.backlogs {
            let path = code(backlog.path.as_str());
            other.extend(backlog.rows.iter().map(|row| format!("{path}: {}", self.row(row))));
            other.extend(backlog.prose.iter().map(|prose| format!("{path}: {}", self.prose(prose))));
        }
        other.extend(comparison.files.iter().map(|file| format!("{} {}", sign(file.fate), code(file.path.as_str()))));
        let reformatted = comparison.reformatted.len();
        other.extend((reformatted > 0).then(|| say.count("reformatted", reformatted)));
        self.list(&say.word("other"), other);
    }

    /// Entity by entity, as many as find room.
    fn entities(&mut self, changes: &[EntityChange]) {
        let mut kind = None;
        for (at, change) in changes.iter().enumerate() {
            let Some(thing) = change.thing() else { continue };
            let heading = if kind == Some(thing.kind) { String::new() } else { format!("\n#### {}\n\n", self.say.heading(thing.kind)) };
            let block = format!("{heading}{}", self.entity(change));
            if self.text.len() + block.len() > LIMIT - SPARE {
                let more = self.say.more(changes.len() - at);
                return self.text.push_str(&format!("\n**{more}**\n"));
            }
            kind = Some(thing.kind);
            self.text.push_str(&block);
        }
    }

    fn entity(&self, change: &EntityChange) -> String {
        let Some(thing) = change.thing() else { return String::new() };
        let mut lines = vec![format!("- {} **{}** {}", sign(change.fate), escaped(&thing.title), code(thing.path.as_str()))];
        lines.extend(self.say.notes(change).iter().map(|note| format!("  - {}", escaped(note))));
        if change.fate == Fate::Same {
            lines.extend(change.rows.iter().map(|row| format!("  - {}", self.row(row))));
            change.parts.iter().for_each(|part| self.part(part, &mut lines));
            lines.extend(change.prose.iter().map(|prose| format!("  - {}", self.prose(prose))));
        }
        let more = lines.len().saturating_sub(LINES);
        lines.truncate(LINES);
        lines.extend((more > 0).then(|| format!("  - {}", self.say.more(more))));
        lines.iter().map(|line| format!("{}\n", short(line))).collect()
    }

    fn part(&self, part: &PartChange, lines: &mut Vec<String>) {
        let Some(thing) = part.after.as_ref().or(part.before.as_ref()) else { return };
        let within = if thing.within.is_empty() { String::new() } else { format!(" ({})", escaped(&thing.within)) };
        lines.push(format!("  - {} {} **{}**{within}", sign(part.fate), self.say.part_kind(thing.kind), escaped(&thing.title)));
        lines.extend(self.say.part_notes(part).iter().map(|note| format!("    - {}", escaped(note))));
        if part.fate == Fate::Same {
            lines.extend(part.rows.iter().map(|row| format!("    - {}", self.row(row))));
        }
    }

    fn row(&self, row: &Row) -> String {
        let tone = self.say.in_brackets(row.tone);
        let what = match &row.what {
            What::Value(before, after) => {
                format!("{} → **{}**", marked(&self.say.or_none(before.as_ref())), marked(&self.say.or_none(after.as_ref())))
            }
            What::Set(removed, added) => self.set(removed, added),
            What::Words(pieces) => words(pieces),
        };
        format!("{}: {what}{tone}", escaped(&self.say.label(row)))
    }

    fn set(&self, removed: &[Value], added: &[Value]) -> String {
        let told = |value: &Value| marked(&clipped(&self.say.value(value)));
        let gone = removed.iter().map(|value| format!("~~{}~~", told(value)));
        gone.chain(added.iter().map(|value| format!("**{}**", told(value)))).collect::<Vec<_>>().join(", ")
    }

    fn prose(&self, prose: &ProseChange) -> String {
        let heading = if prose.heading.is_empty() { self.say.section(prose) } else { format!("“{}”", escaped(&prose.heading)) };
        let notes: Vec<String> = self.say.section_notes(prose).iter().map(|note| escaped(note)).collect();
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let words = if prose.pieces.is_empty() { String::new() } else { format!(": {}", words(&prose.pieces)) };
        format!("{} {heading}{notes}{words}", sign(prose.fate))
    }
}

fn sign(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "➕",
        Fate::Removed => "➖",
        Fate::Same => "✎",
    }
}

fn finding(finding: &Finding) -> String {
    let place = code(&format!("{}:{}", finding.file, finding.at.line));
    format!("{}, `{}`: {} {place}", finding.severity, finding.rule.name(), marked(&finding.message))
}

/// Text as Markdown that shows the same: what stands between backticks is code, everything else just text.
fn marked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // Backticks that do not come in pairs, or stand side by side, are just signs.
    let mut inner = parts.iter().skip(1).take(parts.len().saturating_sub(2));
    if parts.len().is_multiple_of(2) || inner.any(|part| part.trim().is_empty()) {
        return escaped(text);
    }
    let part = |(at, part): (usize, &&str)| if at.is_multiple_of(2) { escaped(part) } else { code(part) };
    parts.iter().enumerate().map(part).collect()
}

fn words(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| {
        let text = marked(&super::value::spaced(&piece.text));
        match piece.fate {
            Fate::Same => text,
            Fate::Removed => format!("~~{text}~~"),
            Fate::Added => format!("**{text}**"),
        }
    };
    pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
}

/// Text that Markdown takes for nothing else, and that calls nobody's name.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '|' | '!' | '$' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@\u{2060}"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text as code, where it can be: in code nothing is escaped, so it must not begin a comment, which would be a bot's.
fn code(text: &str) -> String {
    if text.contains(['`', '<']) { escaped(text) } else { format!("`{}`", text.replace(char::is_control, " ")) }
}

/// A line that is not too long. It is cut between words and before code that would not end; other marks that stay open end with the line.
fn short(line: &str) -> String {
    if line.len() <= LINE {
        return line.to_owned();
    }
    let mut end = LINE;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &line[..end];
    let cut = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{} …", open_code(cut).map_or(cut, |start| cut[..start].trim_end()))
}

/// Where code begins that does not end.
fn open_code(line: &str) -> Option<usize> {
    let (mut open, mut is_plain) = (None, false);
    for (at, byte) in line.bytes().enumerate() {
        let was_plain = std::mem::take(&mut is_plain);
        match (byte, open) {
            (b'\\', None) => is_plain = !was_plain,
            (b'`', None) if !was_plain => open = Some(at),
            (b'`', Some(_)) => open = None,
            _ => {}
        }
    }
    open
}
