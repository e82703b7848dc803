//! Slips of the pen in front matter: found by what its lines look like once a parser has given up, which it often does further down.
use granit_parser::ErrorKind;

use crate::base::is_curly;

/// From where to where in the front matter, what is wrong, and what to do.
pub(super) type Complaint = (usize, usize, String, &'static str);

const ONE_COLUMN: &str = "Let fields of one level begin in the same column.";
const DASH: &str = "Begin each item of a list with `- `.";

/// The slip that is behind an error at a byte of the text, if it is a common one.
pub(super) fn find(text: &str, at: usize, kind: &ErrorKind) -> Option<Complaint> {
    let lines = lines(text);
    let here = lines.iter().rposition(|line| line.start <= at)?;
    let page = Page { lines, here };
    page.unclosed_above().or_else(|| page.malformed()).or_else(|| page.in_line(at, kind)).or_else(|| page.misplaced(at, kind))
}

/// One line of front matter.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
    /// Spaces it begins with.
    indent: usize,
    /// Whether it is blank, a remark, or part of a text that began above.
    counts: bool,
}

impl<'t> Line<'t> {
    fn body(&self) -> &'t str {
        &self.text[self.indent..]
    }

    fn is_item(&self) -> bool {
        self.body() == "-" || self.body().starts_with("- ")
    }

    /// What stands behind its dashes, and in which column.
    fn inner(&self) -> (&'t str, usize) {
        let mut rest = self.body();
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start_matches(' ');
        }
        (rest, self.text.len() - rest.len())
    }

    /// Where the colon behind its field's name stands, from the line's start.
    fn colon(&self) -> Option<usize> {
        let (inner, column) = self.inner();
        let end = inner.find(": ").or_else(|| inner.len().checked_sub(1).filter(|_| inner.ends_with(':')))?;
        Some(column + end)
    }

    /// Whether it looks as a line of front matter does: an item, or a name with a colon.
    fn is_in_form(&self) -> bool {
        foreign_space(self).is_none() && (self.is_item() || self.colon().is_some())
    }

    /// What it says behind the name of its field, or behind its dash.
    fn value(&self) -> (&'t str, usize) {
        let from = self.colon().map_or(self.inner().1, |colon| colon + 1);
        let value = self.text[from..].trim_start();
        (value, self.start + self.text.len() - value.len())
    }

    fn whole(&self, message: &str, help: &'static str) -> Complaint {
        (self.start + self.indent, self.start + self.text.len(), message.to_owned(), help)
    }

    fn at(&self, column: usize, length: usize, message: String, help: &'static str) -> Complaint {
        (self.start + column, self.start + column + length, message, help)
    }
}

/// Takes a text apart. Lines that belong to a block below `|` or `>` do not count.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut start, mut block) = (0, None);
    for piece in text.split_inclusive('\n') {
        let text = piece.trim_end();
        let indent = text.len() - text.trim_start_matches(' ').len();
        let inside = block.is_some_and(|column| text.is_empty() || indent > column);
        let mut line = Line { start, text, indent, counts: !inside && !text.is_empty() && !text[indent..].starts_with('#') };
        if line.counts {
            block = opens_block(&line);
        }
        line.counts &= !matches!(text, "---");
        lines.push(line);
        start += piece.len();
    }
    lines
}

/// Beyond which column the lines below belong to the text that this line begins.
fn opens_block(line: &Line<'_>) -> Option<usize> {
    let (value, _) = line.value();
    let head = value.split(" #").next().unwrap_or("").trim_end();
    let is_head = head.strip_prefix(['|', '>']).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-')));
    let column = if line.colon().is_some() { line.inner().1 } else { line.indent };
    is_head.then_some(column)
}

struct Page<'t> {
    lines: Vec<Line<'t>>,
    /// The line at which the parser gave up.
    here: usize,
}

impl<'t> Page<'t> {
    fn line(&self) -> &Line<'t> {
        &self.lines[self.here]
    }

    /// The nearest line above that counts.
    fn above(&self, line: usize) -> Option<usize> {
        (0..line).rev().find(|above| self.lines[*above].counts)
    }

    /// A line that is in no form, here or above: a parser takes it for the second line of a text and stumbles later.
    fn malformed(&self) -> Option<Complaint> {
        let mut top = self.here;
        while let Some(above) = self.above(top).filter(|above| !self.lines[*above].is_in_form() || self.lines[*above].colon().is_none()) {
            top = above;
        }
        let next = self.above(self.here);
        let suspects = (top..=self.here).filter(|at| self.lines[*at].counts);
        // An item further up that holds a `:` or `=` is a text like any other.
        suspects.map(|at| (at, &self.lines[at])).find_map(|(at, line)| match line.is_item() && Some(at) != next {
            true => foreign_space(line),
            false => slip_in(line),
        })
    }

    /// A bracket on a line above that is open still: all that follows is taken for what it holds.
    fn unclosed_above(&self) -> Option<Complaint> {
        let mut open: Vec<usize> = Vec::new();
        for line in self.lines[..self.here].iter().filter(|line| line.counts) {
            let values = [line.inner().0, line.value().0];
            if open.is_empty() && !values.iter().any(|value| value.starts_with(['[', '{'])) {
                continue;
            }
            for (at, c) in brackets(line.text) {
                match c {
                    '[' | '{' => open.push(line.start + at),
                    _ => _ = open.pop(),
                }
            }
        }
        let open = *open.last()?;
        let line = self.lines.iter().rfind(|line| line.start <= open)?;
        let message = format!("`{}` is opened here and not closed on its line", &line.text[open - line.start..][..1]);
        Some((open, open + 1, message, "Close the bracket."))
    }

    /// What can be told from the line itself.
    fn in_line(&self, at: usize, kind: &ErrorKind) -> Option<Complaint> {
        let line = self.line();
        let (value, start) = line.value();
        if let Some(bullet) = value.strip_prefix("- ").filter(|_| line.colon().is_some()) {
            let message = "a text that begins with `- ` is taken for a list's item".to_owned();
            return Some((start, start + 2 + bullet.len(), message, "Put the text in quotes, or begin the list on the next line."));
        }
        let second = line.colon().is_some_and(|colon| at > line.start + colon);
        if matches!(kind, ErrorKind::MappingValueNotAllowed) && second && value.starts_with(is_curly) {
            let length = value.chars().next().map_or(0, char::len_utf8);
            let message = "curly quotes do not hold a text together".to_owned();
            return Some((start, start + length, message, "Write straight ones: `\"…\"`."));
        }
        let closes_nothing = matches!(
            kind,
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidTrailingDoubleQuotedScalar | ErrorKind::InvalidTrailingSingleQuotedScalar
        );
        if let Some((close, sign)) = unopened(line.text).filter(|_| closes_nothing) {
            let help = match sign {
                '}' => "Write `{` where it begins, or take the `}` out.",
                _ => "Write `[` where it begins, or take the `]` out.",
            };
            return Some(line.at(close, 1, format!("`{sign}` closes a bracket that is not opened"), help));
        }
        comma(line, at, kind)
    }

    /// What can be told from where the line stands among the others.
    fn misplaced(&self, at: usize, kind: &ErrorKind) -> Option<Complaint> {
        if !self.line().counts {
            return None;
        }
        if self.line().is_item() {
            return self.lost_first_dash().or_else(|| self.shifted_item());
        }
        if !self.line().is_in_form() && self.follows_block() {
            let message = "this line belongs to the text above and has lost its indentation";
            return Some(self.line().whole(message, "Indent it like the lines of that text."));
        }
        if matches!(kind, ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed) {
            return self.field_among_items();
        }
        if matches!(kind, ErrorKind::ExpectedDocumentStart | ErrorKind::ExpectedBlockMappingKey) {
            let first = self.lines.iter().find(|line| line.counts)?;
            if first.indent > self.line().indent && first.start < self.line().start {
                return Some(first.whole("this line is indented, and the fields below it are not", ONE_COLUMN));
            }
        }
        let unexpected = self.line().colon().is_some_and(|colon| at == self.line().start + colon);
        if unexpected && matches!(kind, ErrorKind::MappingValueNotAllowed) { self.wrong_indent() } else { None }
    }

    /// Whether the line above belongs to a block below `|` or `>`, or begins one.
    fn follows_block(&self) -> bool {
        let above = self.here.checked_sub(1).map(|above| &self.lines[above]);
        above.is_some_and(|above| match above.counts {
            true => opens_block(above).is_some(),
            false => !above.text.is_empty() && !above.body().starts_with('#'),
        })
    }

    /// A field beside the items of a list: one lone item among fields has a dash too many.
    fn field_among_items(&self) -> Option<Complaint> {
        let field = self.line();
        let beside = |at: &usize| self.lines[*at].counts && self.lines[*at].indent <= field.indent;
        let item = (0..self.here).rev().find(beside).filter(|at| self.lines[*at].is_item() && self.lines[*at].indent == field.indent)?;
        // What is deeper between the two are the item's own fields: then it is this one that is not deep enough.
        if (item + 1..self.here).any(|at| self.lines[at].counts) {
            return None;
        }
        let before = (0..item).rev().find(beside);
        if before.is_none_or(|before| self.lines[before].indent < field.indent) {
            let message = "this `-` makes a list of the fields".to_owned();
            return Some(self.lines[item].at(
                self.lines[item].indent,
                1,
                message,
                "Take it out, or begin each item of the list with `- `.",
            ));
        }
        Some(field.whole("this line is no item of the list above it", DASH))
    }

    /// A list whose first line lacks its dash, so that the next item stands among fields.
    fn lost_first_dash(&self) -> Option<Complaint> {
        let item = self.line();
        let parent = (0..self.here).rev().find(|at| self.lines[*at].counts && self.lines[*at].indent < item.indent)?;
        let first = (parent + 1..self.here).find(|at| self.lines[*at].counts)?;
        let siblings = (first..self.here).filter(|at| self.lines[*at].counts && self.lines[*at].indent == item.indent).count();
        let lost = !self.lines[first].is_item() && !self.lines[parent].is_item() && siblings <= 1;
        lost.then(|| self.lines[first].whole("the list begins here without a `-`", DASH))
    }

    /// An item that stands a little beside those before it.
    fn shifted_item(&self) -> Option<Complaint> {
        let item = self.line();
        let mut at = self.here;
        let before = loop {
            at = self.above(at)?;
            let line = &self.lines[at];
            if line.is_item() || line.indent < item.indent {
                break line;
            }
        };
        let shift = before.indent.abs_diff(item.indent);
        let shifted = before.is_item() && (1..=2).contains(&shift);
        shifted.then(|| {
            item.whole("this item begins in another column than the one before it", "Let the items of a list begin in the same column.")
        })
    }

    /// A field that is deeper than the line above allows: one of the two is indented wrongly.
    fn wrong_indent(&self) -> Option<Complaint> {
        let here = self.line();
        let above = self.above(self.here)?;
        let line = &self.lines[above];
        if line.indent >= here.indent {
            return None;
        }
        let below = self.lines[self.here + 1..].iter().filter(|line| line.counts);
        let is_first_item =
            below.take_while(|below| below.indent >= line.indent).any(|below| below.indent == line.indent && below.is_item());
        if is_first_item && !line.is_item() {
            return Some(line.whole("the list begins here without a `-`", DASH));
        }
        let before = self.above(above).map(|before| &self.lines[before]);
        let outdented = before.is_some_and(|before| {
            let parent = before.indent == line.indent && before.value().0.is_empty();
            before.inner().1 == here.indent || parent
        });
        if outdented && line.inner().1 < here.indent {
            return Some(line.whole("this line has lost its indentation", ONE_COLUMN));
        }
        Some(here.whole("this line is indented further than the field above it", ONE_COLUMN))
    }
}

/// What is wrong with the form of a line.
fn slip_in(line: &Line<'_>) -> Option<Complaint> {
    foreign_space(line).or_else(|| bullet(line)).or_else(|| no_field(line)).or_else(|| separator(line))
}

/// A space that is none to a parser, where indentation, a dash or a colon wants an ordinary one.
fn foreign_space(line: &Line<'_>) -> Option<Complaint> {
    let is_foreign = |c: &char| c.is_whitespace() && !matches!(c, ' ' | '\t');
    let leading = line.text.char_indices().take_while(|(_, c)| c.is_whitespace()).find(|(_, c)| is_foreign(c));
    let behind = |sign: usize| line.text[sign + 1..].chars().next().filter(is_foreign).map(|c| (sign + 1, c));
    let dash = || line.body().starts_with('-').then(|| behind(line.indent)).flatten();
    let colon = || behind(line.text.find(':').filter(|_| line.colon().is_none())?);
    let (at, c) = leading.or_else(dash).or_else(colon)?;
    let message = format!("a space stands here that only looks like one (U+{:04X})", c as u32);
    Some(line.at(at, c.len_utf8(), message, "Delete it and type an ordinary space."))
}

/// Another sign than a dash before an item, or a dash that touches it.
fn bullet(line: &Line<'_>) -> Option<Complaint> {
    let sign = line.body().chars().next()?;
    let behind = line.body()[sign.len_utf8()..].chars().next();
    if "*•–—−·‣▪●◦+".contains(sign) && behind == Some(' ') {
        return Some(line.at(line.indent, sign.len_utf8(), format!("`{sign}` begins no item of a list"), DASH));
    }
    let touches = sign == '-' && behind.is_some_and(|c| c.is_alphabetic() || matches!(c, '"' | '\'' | '{' | '['));
    touches.then(|| line.at(line.indent, 1, "a space is missing behind the `-`".to_owned(), DASH))
}

/// Signs of other languages at the start of a line.
fn no_field(line: &Line<'_>) -> Option<Complaint> {
    let body = line.body();
    if body.starts_with("**") && body.contains(':') {
        return Some(line.at(line.indent, 2, "a field's name is written without `**`".to_owned(), "Write `name: value`."));
    }
    let is_remark = body.starts_with("//") || body.starts_with("<!--");
    is_remark.then(|| line.whole("in front matter a remark begins with `#`", "Begin the line with `# `, or take it out."))
}

/// Something else than a colon and a space behind a field's name.
fn separator(line: &Line<'_>) -> Option<Complaint> {
    let (inner, column) = line.inner();
    let name = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).len();
    let rest = &inner[name..];
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || line.colon().is_some() {
        return None;
    }
    if rest.starts_with(':') && !rest.starts_with("://") {
        return Some(line.at(column + name, 1, "a space is missing behind the `:`".to_owned(), "Write `name: value`."));
    }
    let gap = rest.len() - rest.trim_start().len();
    let sign = rest.trim_start().chars().next().filter(|sign| matches!(sign, '=' | '：'))?;
    let message = format!("`{sign}` stands where a `:` belongs");
    Some(line.at(column + name + gap, sign.len_utf8(), message, "Write `name: value`."))
}

/// A comma too many or too few within brackets.
fn comma(line: &Line<'_>, at: usize, kind: &ErrorKind) -> Option<Complaint> {
    let rest = line.text.get(at.checked_sub(line.start)?..)?;
    let before = line.text[..line.text.len() - rest.len()].trim_end();
    let within = unclosed(before);
    if within && rest.starts_with(',') && before.ends_with([',', '[', '{']) {
        return Some((at, at + 1, "nothing stands before this comma".to_owned(), "Take it out, or write what it is to follow."));
    }
    let behind_quote = matches!(kind, ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar);
    let word = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
    let goes_on = rest[word..].starts_with(": ") || (before.ends_with(['"', '\'']) && rest.starts_with(['"', '\''])) || in_list(before);
    let apart = line.text[..line.text.len() - rest.len()].ends_with(' ');
    let missing = within && behind_quote && goes_on && apart;
    missing.then(|| {
        (
            at,
            at + word.max(1),
            "a comma is missing before this".to_owned(),
            "Write a comma between the two: `[one, two]`, `{one: 1, two: 2}`.",
        )
    })
}

/// The brackets of a text outside its quotes, each with its place.
fn brackets(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    text.char_indices().filter(move |(_, c)| {
        match quote {
            Some(open) => quote = Some(open).filter(|_| *c != open),
            // Only at the start of a value a quote begins one: an apostrophe does not.
            None if matches!(c, '"' | '\'') && matches!(before, ' ' | '[' | '{' | ',') => quote = Some(*c),
            None => {}
        }
        before = *c;
        quote.is_none() && matches!(c, '[' | ']' | '{' | '}')
    })
}

/// Whether a bracket is open at the end of a text.
fn unclosed(text: &str) -> bool {
    brackets(text).fold(0_i32, |depth, (_, c)| if matches!(c, '[' | '{') { depth + 1 } else { depth - 1 }) > 0
}

/// Whether the bracket that is open at the end of a text is a list's.
fn in_list(text: &str) -> bool {
    let mut open = Vec::new();
    for (_, c) in brackets(text) {
        match c {
            '[' | '{' => open.push(c),
            _ => _ = open.pop(),
        }
    }
    open.last() == Some(&'[')
}

/// Where a bracket stands that closes none.
fn unopened(text: &str) -> Option<(usize, char)> {
    let mut depth = 0_usize;
    brackets(text).find(|(_, c)| match c {
        '[' | '{' => {
            depth += 1;
            false
        }
        _ if depth == 0 => true,
        _ => {
            depth -= 1;
            false
        }
    })
}
