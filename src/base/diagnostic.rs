//! The one way in which anything tells an author that something is wrong.
use std::fmt;

use super::{RelPath, Rule, Span};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The handbook is wrong, or cannot be built safely.
    Error,
    /// It is probably wrong.
    Warning,
    /// It is right, but not yet good.
    Advice,
}

impl Severity {
    /// The name as it is written in `book.toml` and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A second place that belongs to a finding.
#[derive(Debug, Clone)]
pub struct Label {
    /// The file it stands in.
    pub file: RelPath,
    /// Where in the file.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// One finding: what is wrong, where, and what to do.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: Rule,
    /// How serious it is here; starts as the rule's own severity.
    pub severity: Severity,
    /// One terse sentence in the words of somebody who edits Markdown.
    pub message: String,
    /// The file it stands in.
    pub file: RelPath,
    /// Where in the file.
    pub span: Span,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// What to put in the span's place, where something is near.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// A finding of a rule at a place.
    pub fn new(rule: Rule, file: &RelPath, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule,
            severity: rule.default_severity(),
            message: message.into(),
            file: file.clone(),
            span,
            labels: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    /// With advice on what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// With the text that would mend it, if there is one.
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Diagnostic {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// With a second place.
    pub fn label(mut self, file: &RelPath, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { file: file.clone(), span, text: text.into() });
        self
    }

    /// The key by which findings are told: by file, then by place, then by rule and message.
    pub fn order(&self) -> (&RelPath, u32, u32, Rule, &str) {
        (&self.file, self.span.start, self.span.end, self.rule, &self.message)
    }
}
