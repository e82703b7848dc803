//! "Did you mean …?"

/// The candidate nearest to what was written, if any is near enough to be a slip of the pen. Of equally near ones the first
/// by name wins, so the answer does not depend on the order of the candidates.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.is_empty() || written.chars().count() > 100 {
        return None;
    }
    let lower = written.to_lowercase();
    let allowed = (lower.chars().count() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(lower.len()) > 2 * allowed + 2 {
            continue;
        }
        let distance = distance(&lower, candidate);
        if distance <= allowed && best.is_none_or(|(d, name)| (distance, candidate) < (d, name)) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

fn distance(written: &str, candidate: &str) -> usize {
    let candidate = candidate.to_lowercase();
    // One is the other with a plural or a joining sign more: as near as one slip.
    let joined = |text: &str| text.replace(['-', '_', ' '], "");
    if joined(written) == joined(&candidate) {
        return 0;
    }
    strsim::osa_distance(written, &candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_else() {
        assert_eq!(nearest("ana", ["anna", "bob"]), Some("anna"));
        assert_eq!(nearest("frontdesk", ["front-door", "front-desk"]), Some("front-desk"));
        assert_eq!(nearest("Titel", ["title", "type"]), Some("title"));
        assert_eq!(nearest("zebra", ["anna", "bob"]), None);
    }
}
