//! What authors have silenced, and what to say of silences themselves.
use std::collections::{HashMap, HashSet};

use super::context::words;
use crate::base::{Diagnostic, RelPath, Rule, Severity, Span, Today};
use crate::document::{Document, Role};
use crate::handbook::{Handbook, Ix};
use crate::model::{RuleName, Silence, Written};

/// Takes out what is silenced with reason and in time, and adds what is to be said of silences that are not heeded or not needed.
/// `might_say_more` tells whether a rule would have more to say of an entity, if all could be read that it looks at: a silence of it is not
/// unused then.
pub(super) fn heed(
    handbook: &Handbook,
    today: Today,
    found: Vec<Diagnostic>,
    might_say_more: impl Fn(Rule, Ix) -> bool,
) -> Vec<Diagnostic> {
    let mut silences = all(handbook);
    let unread = unread(handbook);
    let misspelt = misspelt(handbook);
    if silences.is_empty() && unread.is_empty() && misspelt.is_empty() {
        return found;
    }
    let mut by_file: HashMap<&RelPath, Vec<usize>> = HashMap::new();
    for (at, silence) in silences.iter().enumerate() {
        by_file.entry(silence.file).or_default().push(at);
    }
    let mut said = Vec::with_capacity(found.len());
    for finding in found {
        let here = by_file.get(&finding.file).map_or(&[][..], Vec::as_slice);
        match here.iter().find(|at| silences[**at].keeps_quiet(&finding, today)) {
            Some(at) => silences[*at].used = true,
            None if is_unread(&unread, here.iter().map(|at| &silences[*at]), &finding)
                || misspelt.contains(&(&finding.file, finding.rule)) => {}
            None => said.push(finding),
        }
    }
    for silence in silences.iter_mut().filter(|silence| !silence.used) {
        silence.used = silence.might_be_used(handbook, &might_say_more);
    }
    // Where something is hidden it may be what a silence is there for.
    let all_is_seen = handbook.scope.everyone || !handbook.hides_anything();
    said.extend(
        silences
            .iter()
            .filter_map(|silence| silence.complaint(today))
            .filter(|complaint| complaint.certain || all_is_seen)
            .map(|complaint| complaint.finding),
    );
    said
}

/// The silences that could not be read, by file, each with what it reaches: what they name may have been silenced.
fn unread<'h>(handbook: &'h Handbook) -> HashMap<&'h RelPath, Vec<(Span, &'h str)>> {
    let mut unread: HashMap<&'h RelPath, Vec<(Span, &'h str)>> = HashMap::new();
    let mut hear = |document: &'h Document, written: &[Written], range: Span| {
        for written in written.iter().filter(|written| !written.read && written.part.is_none() && written.field == "allow") {
            unread.entry(&document.source.path).or_default().push((range, document.field_text(written)));
        }
    };
    for node in &handbook.entities {
        hear(&node.document, &node.entity.written, node.entity.range);
    }
    for document in handbook.documents.iter().filter(|document| document.role == Role::Backlog) {
        hear(document, &document.written, Span::new(0, document.body_at));
    }
    unread
}

/// The rules that names in silences are meant for which are none, by file.
fn misspelt(handbook: &Handbook) -> HashSet<(&RelPath, Rule)> {
    let of_entities = handbook.entities.iter().map(|node| (&node.document, &node.entity.common));
    let of_files = handbook.documents.iter().map(|document| (document, &*document.common));
    let silences = of_entities.chain(of_files).flat_map(|(document, common)| common.allow.iter().map(move |silence| (document, silence)));
    let with_reason = silences.filter(|(_, silence)| silence.because.is_some());
    with_reason.filter_map(|(document, silence)| Some((&document.source.path, silence.rule.as_ref()?.meant?))).collect()
}

/// Whether an advice may have been silenced by what could not be read. A rule that another silence there names is not.
fn is_unread<'h>(
    unread: &HashMap<&RelPath, Vec<(Span, &str)>>,
    mut here: impl Iterator<Item = &'h Reach<'h>>,
    finding: &Diagnostic,
) -> bool {
    let Some(texts) = unread.get(&finding.file) else { return false };
    let names = |text: &str| words(text).any(|word| word == finding.rule.name());
    let reaches = |(range, text): &(Span, &str)| (range.start..range.end).contains(&finding.span.start) && names(text);
    finding.rule.default_severity() == Severity::Advice && texts.iter().any(reaches) && !here.any(|silence| silence.rule == finding.rule)
}

/// A silence, and where it reaches.
struct Reach<'h> {
    file: &'h RelPath,
    /// The item of a backlog; none is the whole file.
    item: Option<Span>,
    /// The entity that it speaks of; none is a backlog's file, with all of its items.
    of: Option<Ix>,
    document: &'h Document,
    /// Whether a reason was written that could not be read.
    reason_unread: bool,
    silence: &'h Silence,
    name: &'h RuleName,
    rule: Rule,
    used: bool,
}

/// Every silence that names a rule; where it names none, that was told of when the file was read.
fn all(handbook: &Handbook) -> Vec<Reach<'_>> {
    let files = handbook.documents.iter().filter(|document| document.role == Role::Backlog);
    let of_files = files.flat_map(|document| reaches(document, &document.common.allow, &document.written, None, None));
    let of_entities = handbook.entities.iter().zip((0..).map(Ix)).flat_map(|(node, ix)| {
        let item = (node.document.role == Role::Backlog).then_some(node.entity.range);
        reaches(&node.document, &node.entity.common.allow, &node.entity.written, item, Some(ix))
    });
    // An item's own silence comes before its file's, which would otherwise leave it unused.
    of_entities.chain(of_files).collect()
}

fn reaches<'h>(
    document: &'h Document,
    allow: &'h [Box<Silence>],
    written: &'h [Written],
    item: Option<Span>,
    of: Option<Ix>,
) -> impl Iterator<Item = Reach<'h>> {
    let ends = allow.iter().skip(1).map(|next| next.at.start).chain([u32::MAX]);
    allow.iter().zip(ends).filter_map(move |(silence, end)| {
        let name = silence.rule.as_ref()?;
        let is_reason =
            |written: &Written| !written.read && written.field == "because" && (silence.at.start..end).contains(&written.span.start);
        let reason_unread = written.iter().any(is_reason);
        Some(Reach { file: &document.source.path, item, of, document, reason_unread, silence, name, rule: name.rule?, used: false })
    })
}

struct Complaint {
    finding: Diagnostic,
    /// Whether it holds whatever this build shows.
    certain: bool,
}

impl Reach<'_> {
    fn keeps_quiet(&self, finding: &Diagnostic, today: Today) -> bool {
        let reached = self.item.is_none_or(|item| (item.start..item.end).contains(&finding.span.start));
        finding.rule == self.rule && reached && self.rule.can_be_silenced() && self.has_reason() && !self.is_past(today)
    }

    /// Whether its rule might have more to say of what it speaks of; of items that could not be read, anything.
    fn might_be_used(&self, handbook: &Handbook, might_say_more: impl Fn(Rule, Ix) -> bool) -> bool {
        if let Some(ix) = self.of {
            return might_say_more(self.rule, ix);
        }
        let lost = !self.document.lost.is_empty() || self.document.entities.is_empty();
        lost || self.document.entities.iter().any(|item| handbook.find(item.kind, &item.id).is_some_and(|ix| might_say_more(self.rule, ix)))
    }

    fn has_reason(&self) -> bool {
        self.reason_unread || self.silence.because.as_ref().is_some_and(|because| !because.source.is_empty())
    }

    fn is_past(&self, today: Today) -> bool {
        self.silence.until.is_some_and(|until| until < today)
    }

    /// What is to be said of the silence itself: one thing, the first that is wrong.
    fn complaint(&self, today: Today) -> Option<Complaint> {
        let rule = self.rule.name();
        let (message, help) = if !self.rule.can_be_silenced() {
            (format!("`{rule}` cannot be silenced"), "Mend what it speaks of, and take the silence out.".to_owned())
        } else if !self.has_reason() {
            (format!("the silence of `{rule}` gives no reason, and is not heeded"), "Say why under `because:`.".to_owned())
        } else if let Some(until) = self.silence.until.filter(|until| *until < today) {
            let message = format!("the silence of `{rule}` ended on {until}, and is not heeded");
            (message, "Mend what it speaks of, or agree on a new day.".to_owned())
        } else if !self.used {
            let here = if self.item.is_some() { "item" } else { "file" };
            (format!("nothing in this {here} has to be silenced for `{rule}`"), "Take the silence out.".to_owned())
        } else {
            return None;
        };
        let certain = !self.rule.can_be_silenced() || !self.has_reason() || self.is_past(today);
        Some(Complaint { finding: Diagnostic::new(Rule::UnusedSilence, self.file, self.name.span, message).help(help), certain })
    }
}
