//! What others wrote, as it may be shown in a terminal.

/// One line of text that no terminal takes for a command.
pub fn plain(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(&text.replace(['\n', '\r', '\t'], " "))
}
