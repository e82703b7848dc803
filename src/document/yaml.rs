//! YAML 1.2 to nodes that know their place. Aliases and tags are refused, so no text can grow beyond what was written.
use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError};

use super::DEPTH_LIMIT;
use super::slips::{self, Complaint};
use crate::base::{Rule, Span};
use crate::model::{Decoder, Entry, Key, Node, Shape, Style};

/// Says what is wrong was said.
pub(super) struct Broken;

/// Parses front matter that stands `at` bytes into the file. None where it holds nothing.
pub(super) fn parse<'t>(text: &'t str, at: usize, cx: &mut Decoder<'_>) -> Result<Option<Node<'t>>, Broken> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.emit_unresolved_aliases = true;
    options.disallow_directives = true;
    options.flow_nesting_limit = DEPTH_LIMIT;
    options.block_nesting_limit = DEPTH_LIMIT;
    let mut reader = Reader { parser: Parser::new_from_str_with_options(text, options), text, at, open: Vec::new(), cx };
    reader.document()
}

struct Reader<'t, 'c, 's> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    text: &'t str,
    at: usize,
    /// Where the brackets that are open now begin, in the text.
    open: Vec<usize>,
    cx: &'c mut Decoder<'s>,
}

impl<'t> Reader<'t, '_, '_> {
    fn document(&mut self) -> Result<Option<Node<'t>>, Broken> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    return self.refuse(
                        span,
                        "front matter is one document; this begins a second one",
                        "Close front matter with a line that holds just `---`.",
                    );
                }
                Event::DocumentStart(..) => {}
                Event::StreamEnd => return Ok(root),
                event => root = Some(self.node(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Broken> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let span = self.span(span.start.byte_offset().unwrap_or(0), span.end.byte_offset().unwrap_or(0));
                Ok((event, span))
            }
            Some(Err(error)) => self.syntax(&error),
            None => Ok((Event::StreamEnd, self.span(self.text.len(), self.text.len()))),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start + self.at, end + self.at)
    }

    fn refuse<T>(&mut self, span: Span, message: &str, help: &str) -> Result<T, Broken> {
        self.cx.report(Rule::FrontMatterSyntax, span, message).help = Some(help.into());
        Err(Broken)
    }

    fn syntax<T>(&mut self, error: &ScanError) -> Result<T, Broken> {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let mut at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        // An error at the end of the text is shown at the last thing that was written.
        if self.text[at..].trim().is_empty() {
            at = self.text.trim_end().len();
        }
        let width = self.text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        let (message, help) = in_plain_words(error.kind());
        let (start, end, message, help) = self.place(error.kind(), at, message.clone(), help).unwrap_or((at, at + width, message, help));
        let span = self.span(start, end);
        self.refuse(span, &message, help)
    }

    /// The last quote before a line that begins a value and is not closed on its own line.
    fn unclosed_quote(&self, line_start: usize) -> Option<usize> {
        let mut end = line_start;
        while end > 0 {
            let start = self.text[..end - 1].rfind('\n').map_or(0, |at| at + 1);
            let line = self.text[start..end].trim_end();
            let value = value_on(line);
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            if quote.is_some_and(|quote| value.matches(quote).count() % 2 == 1) {
                return Some(start + line.len() - value.len());
            }
            end = start;
        }
        None
    }

    /// What is often the matter, whatever the parser complains of.
    fn common_slip(&self, line: &str, line_start: usize) -> Option<Complaint> {
        let value = value_on(line);
        let start = line_start + line.len() - value.len();
        if value.starts_with("[[") && !value.ends_with("]]") {
            let message = "a text that begins with `[[` is taken for a list".to_owned();
            return Some((start, start + value.len(), message, "Put the whole text in quotes: `\"[[id]] and more\"`."));
        }
        if goes_on_behind_bracket(value) {
            let message = format!("a text that begins with `{}` is taken for a list", &value[..1]);
            return Some((start, start + value.len(), message, "Put the whole text in quotes."));
        }
        let tab = self.tab_near(line_start)?;
        let (message, help) = in_plain_words(&ErrorKind::TabInIndentation);
        Some((tab, tab + 1, message, help))
    }

    /// A better place for a complaint than where the parser gave up, and better words where the slip is a common one.
    fn place(&self, kind: &ErrorKind, at: usize, message: String, help: &'static str) -> Option<Complaint> {
        let line_start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[line_start..].lines().next().unwrap_or("").trim_end();
        self.unclosed_bracket(kind, line_start)
            .or_else(|| self.common_slip(line, line_start))
            .or_else(|| slips::find(self.text, at, kind))
            .or_else(|| self.by_kind(kind, at, (line, line_start), (message, help)))
    }

    /// Where a bracket was opened on an earlier line, that is where its end is missing.
    fn unclosed_bracket(&self, kind: &ErrorKind, line_start: usize) -> Option<Complaint> {
        let in_brackets = matches!(
            kind,
            ErrorKind::UnexpectedEofFlowSequence
                | ErrorKind::ExpectedFlowSequenceSeparator
                | ErrorKind::UnexpectedEofFlowMapping
                | ErrorKind::ExpectedFlowMappingSeparator
                | ErrorKind::UnexpectedEofImplicitFlowMapping
                | ErrorKind::InvalidColonPlacement
                | ErrorKind::BlockEntryInFlowCollection
                | ErrorKind::InvalidFlowScalarIndent
                | ErrorKind::BlockSequenceEntryNotAllowed
                | ErrorKind::MappingValueNotAllowed
        );
        let open = self.open.last().copied().filter(|open| in_brackets && *open < line_start)?;
        let bracket = self.text.get(open..open + 1).unwrap_or("[");
        Some((open, open + 1, format!("`{bracket}` is opened here and not closed on its line"), "Close the bracket."))
    }

    /// What the parser complains of, at the place that shows it best.
    fn by_kind(
        &self,
        kind: &ErrorKind,
        at: usize,
        (line, line_start): (&str, usize),
        (message, help): (String, &'static str),
    ) -> Option<Complaint> {
        let start = line_start + line.len() - line.trim_start().len();
        match kind {
            ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed if !line.trim_start().starts_with('-') => {
                let message = "this line begins in another column than the fields that it stands among".to_owned();
                Some((start, line_start + line.len(), message, "Let fields of one level begin in the same column."))
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                let open = self.unclosed_quote(line_start)?;
                Some((open, open + 1, "a quote is opened here and not closed on its line".to_owned(), "Close the quote."))
            }
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::InvalidIndentation
            | ErrorKind::ExpectedDocumentStart => {
                if line.trim_start().starts_with("- ") {
                    let (message, help) = in_plain_words(&ErrorKind::ExpectedBlockSequenceEntry);
                    return Some((start, start + 1, message, help));
                }
                Some((start, line_start + line.len(), message, help))
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => {
                let tab = self.text[..self.text.len().min(at + 1)].rfind('\t').filter(|tab| *tab >= line_start)?;
                Some((tab, tab + 1, message, help))
            }
            ErrorKind::InvalidBlockScalarHeader => {
                let sign = line_start + line.len() - value_on(line).len();
                Some((sign, line_start + line.len(), message, help))
            }
            ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape | ErrorKind::InvalidUnicodeEscape => {
                let start = at + bad_escape(&self.text[at..])?;
                Some((start, start + 2, message, help)).filter(|_| self.text.is_char_boundary(start + 2))
            }
            _ => None,
        }
    }

    /// A tab in the indentation of this line, or of the one before or behind: the parser gives up on either side of it.
    fn tab_near(&self, line_start: usize) -> Option<usize> {
        let before = self.text[..line_start].trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
        let mut start = before;
        for line in self.text[before..].split_inclusive('\n').take(3) {
            let indent = line.len() - line.trim_start().len();
            if let Some(tab) = line[..indent].find('\t').filter(|_| !line.trim().is_empty()) {
                return Some(start + tab);
            }
            start += line.len();
        }
        None
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node<'t>, Broken> {
        if depth > DEPTH_LIMIT {
            return self.too_deep(span);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_node(anchor, tag.is_some(), span)?;
                Ok(scalar(text, style, span))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain_node(anchor, tag.is_some(), span)?;
                self.within(span, |reader| reader.list(span, depth))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain_node(anchor, tag.is_some(), span)?;
                self.within(span, |reader| reader.map(span, depth))
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(span, "a value cannot begin with `*`", "Put the text in quotes; an item of a list begins with `- `.")
            }
            _ => self.refuse(span, "this is no value", "Check the indentation of this line and the one before."),
        }
    }

    /// Reads a collection, remembering where its bracket is if it has one. After an error the brackets stay as they are.
    fn within(&mut self, span: Span, read: impl FnOnce(&mut Self) -> Result<Node<'t>, Broken>) -> Result<Node<'t>, Broken> {
        let flow = !span.is_empty();
        if flow {
            self.open.push(span.start as usize - self.at);
        }
        let node = read(self)?;
        if flow {
            self.open.pop();
        }
        Ok(node)
    }

    fn too_deep<T>(&mut self, span: Span) -> Result<T, Broken> {
        let message = format!("front matter is nested more than {DEPTH_LIMIT} levels deep");
        self.refuse(span, &message, "Take some of the nesting out.")
    }

    fn plain_node(&mut self, anchor: usize, tagged: bool, value: Span) -> Result<(), Broken> {
        if anchor == 0 && !tagged {
            return Ok(());
        }
        let span = self.property(if anchor == 0 { '!' } else { '&' }, value);
        if anchor != 0 {
            return self.refuse(span, "a value cannot begin with `&`", "Put the text in quotes, or take the `&` and its word out.");
        }
        if tagged {
            return self.refuse(span, "a value cannot begin with `!`", "Put the text in quotes, or take the `!` and its word out.");
        }
        Ok(())
    }

    /// The anchor or tag before a value.
    fn property(&self, sign: char, value: Span) -> Span {
        let end = (value.start as usize).saturating_sub(self.at);
        let before = self.text.get(..end).unwrap_or("");
        let Some(start) = before.rfind(|c: char| c == '\n' || c.is_whitespace()).map_or(Some(0), |_| before.rfind(sign)) else {
            return value;
        };
        let start = before[..start].rfind(|c: char| c.is_whitespace() || matches!(c, '[' | '{' | ',')).map_or(start.min(end), |at| at + 1);
        let length =
            self.text[start..].find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(self.text.len() - start);
        self.span(start, start + length)
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node<'t>, Broken> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Node { span: whole(start, span, items.last().map(|item: &Node<'t>| item.span)), shape: Shape::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, start: Span, depth: usize) -> Result<Node<'t>, Broken> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(Node { span: whole(start, span, entries.last().map(|entry| entry.value.span)), shape: Shape::Map(entries) });
            }
            let key = self.key(event, span)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push(Entry { key, value });
        }
    }

    fn key(&mut self, event: Event<'t>, span: Span) -> Result<Key<'t>, Broken> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_node(anchor, tag.is_some(), span)?;
                Ok(Key { span: scalar(Cow::Borrowed(&text), style, span).inner_span(), text })
            }
            _ => self.refuse(span, "a field's name has to be a word", "Put the value in quotes if it begins with `[`, `{` or `*`."),
        }
    }
}

/// What stands behind a field's name or a list's dash.
fn value_on(line: &str) -> &str {
    line.split_once(": ").map_or_else(|| line.trim_start().trim_start_matches("- "), |(_, value)| value.trim_start())
}

/// Whether a value begins with a bracket, and text follows where that is closed.
fn goes_on_behind_bracket(value: &str) -> bool {
    if !value.starts_with(['[', '{']) {
        return false;
    }
    let mut depth = 0_usize;
    let close = value.find(|c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    close.is_some_and(|close| value[close + 1..].trim_start().starts_with(|c: char| c != '#' && c != ','))
}

/// Where the first escape that does not exist stands behind an opening quote.
fn bad_escape(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find('\\')?;
        let escape = text[at + 1..].chars().next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let hex = text.get(at + 2..at + 2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        let known = "0abt\tnvfre \"/\\N_LPxuU\n\r".contains(escape) && (digits == 0 || hex.is_some());
        if !known {
            return Some(at);
        }
        at += 1 + escape.len_utf8();
    }
}

/// A flow collection from bracket to bracket; of a block the start alone, since its end lies beyond its last line.
fn whole(start: Span, end: Span, last: Option<Span>) -> Span {
    if start.is_empty() {
        Span { start: start.start, end: last.map_or(start.start, |last| last.end) }
    } else {
        Span { start: start.start, end: end.end }
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, span: Span) -> Node<'_> {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        _ => Style::Block,
    };
    let null = style == Style::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
    Node { span, shape: if null { Shape::Null } else { Shape::Scalar(text, style) } }
}

/// The parser's complaint in the words of somebody who edits Markdown.
fn in_plain_words(kind: &ErrorKind) -> (String, &'static str) {
    let said = |message: &str, help| (message.to_owned(), help);
    match kind {
        ErrorKind::MappingValueNotAllowed => said(
            "a second `:` on this line, or a field that is indented too far",
            "Put a text that holds `: ` in quotes, and let fields of one level begin in the same column.",
        ),
        ErrorKind::UnclosedQuotedScalar => {
            said("a quote is opened here and never closed", "Close it with the same quote; inside single quotes write `''` for one.")
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            (format!("`{open}` is opened here and never closed"), "Close the bracket, or put the text in quotes if it is no list.")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (format!("`{open}` is closed with `{close}`"), "Let each bracket be closed by its own kind.")
        }
        ErrorKind::MisplacedFlowCollectionEnd => said("a closing bracket that closes nothing", "Take it out, or put the text in quotes."),
        ErrorKind::UnexpectedEofFlowSequence | ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::InvalidColonPlacement => {
            said("a list in `[ ]` is not closed, or a comma is missing", "Write `[one, two]`.")
        }
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            said("fields in `{ }` are not closed, or a comma is missing", "Write `{one: 1, two: 2}`.")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => said("a tab stands where only spaces may", "Indent with spaces."),
        ErrorKind::UnexpectedCharacter { character: '`' } => said("a value cannot begin with a backtick", "Put the text in quotes."),
        ErrorKind::UnexpectedCharacter { character } => (format!("a value cannot begin with `{character}`"), "Put the text in quotes."),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            said("list items (`- …`) and fields (`name: …`) stand side by side", "Indent the list under the field it belongs to.")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedDocumentStart => {
            said("this line is no field, and does not belong to the one before", "Write `name: value`, and indent what belongs to a field.")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => {
            said("a backslash in double quotes begins an escape that does not exist", "Write `\\\\` for a backslash, or use single quotes.")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            said("text stands behind a closing quote", "Put the whole text in quotes; inside single quotes write `''` for one.")
        }
        ErrorKind::RecursionLimitExceeded => {
            (format!("front matter is nested more than {DEPTH_LIMIT} levels deep"), "Take some of the nesting out.")
        }
        ErrorKind::UndeclaredTagHandle | ErrorKind::ExpectedTagBang | ErrorKind::InvalidTagTerminator | ErrorKind::MissingTagUri => {
            said("a value cannot begin with `!`", "Put the text in quotes, or take the `!` and its word out.")
        }
        ErrorKind::MissingAnchorOrAliasName => said("a value cannot begin with `&` or `*`", "Put the text in quotes."),
        ErrorKind::DirectiveDisallowed => said("a line cannot begin with `%`", "Put the text in quotes."),
        ErrorKind::InvalidBlockScalarHeader => said(
            "a text cannot follow `>` or `|` on its line: they begin one on the lines below",
            "Write just `>-` or `|` and the text below, indented; or put the text in quotes.",
        ),
        ErrorKind::InvalidBlockScalarIndent | ErrorKind::ZeroBlockScalarIndent => {
            said("the lines of this text do not begin in one column", "Indent them by the same number of spaces.")
        }
        ErrorKind::BomInsideDocument => {
            said("a character that cannot be seen stands here (U+FEFF)", "Delete it and type the text around it again.")
        }
        ErrorKind::DocumentIndicatorInQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => {
            said("a quote that was opened above is not closed before this line", "Close it where its text ends.")
        }
        ErrorKind::InvalidFlowScalarIndent => {
            said("a bracket that was opened above is not closed before this line", "Close it where its list ends.")
        }
        ErrorKind::PlainScalarStartsWithDashFlowIndicator | ErrorKind::InvalidBlockEntryWhitespace => {
            said("a `-` stands here where no item of a list can begin", "Put the text in quotes if it begins with `-`.")
        }
        ErrorKind::CommentNotSeparated | ErrorKind::CommentInterceptedScalar => {
            said("a `#` begins a remark here, and what follows is not read", "Put the text in quotes if the `#` belongs to it.")
        }
        _ => said("this line cannot be read", "Write `name: value`; look at its quotes, brackets and indentation."),
    }
}
