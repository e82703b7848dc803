//! What authors have silenced, and what to say of silences themselves.
use std::collections::HashMap;

use crate::base::{Diagnostic, RelPath, Rule, Span, Today};
use crate::document::{Document, Role};
use crate::handbook::Handbook;
use crate::model::{RuleName, Silence};

/// Takes out what is silenced with reason and in time, and adds what is to be said of silences that are not heeded or not needed.
pub(super) fn heed(handbook: &Handbook, today: Today, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut silences = all(handbook);
    if silences.is_empty() {
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
            None => said.push(finding),
        }
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

/// A silence, and where it reaches.
struct Reach<'h> {
    file: &'h RelPath,
    /// The item of a backlog; none is the whole file.
    item: Option<Span>,
    silence: &'h Silence,
    name: &'h RuleName,
    rule: Rule,
    used: bool,
}

/// Every silence that names a rule; where it names none, that was told of when the file was read.
fn all(handbook: &Handbook) -> Vec<Reach<'_>> {
    let files = handbook.documents.iter().filter(|document| document.role == Role::Backlog);
    let of_files = files.flat_map(|document| reaches(document, &document.common.allow, None));
    let of_entities = handbook.entities.iter().flat_map(|node| {
        let item = (node.document.role == Role::Backlog).then_some(node.entity.range);
        reaches(&node.document, &node.entity.common.allow, item)
    });
    // An item's own silence comes before its file's, which would otherwise leave it unused.
    of_entities.chain(of_files).collect()
}

fn reaches<'h>(document: &'h Document, allow: &'h [Box<Silence>], item: Option<Span>) -> impl Iterator<Item = Reach<'h>> {
    allow.iter().filter_map(move |silence| {
        let name = silence.rule.as_ref()?;
        Some(Reach { file: &document.source.path, item, silence, name, rule: name.rule?, used: false })
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

    fn has_reason(&self) -> bool {
        self.silence.because.as_ref().is_some_and(|because| !because.source.is_empty())
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
