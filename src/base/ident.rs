//! Ids and the way a title becomes one.

/// True for `[a-z0-9]` words joined by single `-`.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// A title made into an id: letters folded to ASCII, everything else a `-`. Empty where the title holds no letter or digit.
pub fn slug(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut gap = false;
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            push_word(&mut out, &mut gap, &[c.to_ascii_lowercase()]);
        } else if matches!(c, '\'' | '’' | '\u{ad}') {
            // "'s" and soft hyphens belong to the word around them.
        } else if c.is_ascii() {
            gap = true;
        } else {
            fold(c, &mut out, &mut gap);
        }
        if out.len() > 120 {
            break;
        }
    }
    out
}

fn fold(c: char, out: &mut String, gap: &mut bool) {
    let ascii = deunicode::deunicode_char(c).unwrap_or(" ");
    let letters: Vec<char> = ascii.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if letters.is_empty() {
        *gap = true;
    } else {
        push_word(out, gap, &letters);
    }
}

fn push_word(out: &mut String, gap: &mut bool, letters: &[char]) {
    if *gap && !out.is_empty() {
        out.push('-');
    }
    *gap = false;
    out.extend(letters);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_become_ids() {
        assert_eq!(slug("  Één dag in ’t café & bar "), "een-dag-in-t-cafe-bar");
        assert_eq!(slug("Packing — the night before!"), "packing-the-night-before");
        assert_eq!(slug("✨"), "sparkles");
        assert_eq!(slug("..."), "");
    }

    proptest! {
        #[test]
        fn a_slug_is_an_id_or_empty_and_stays_itself(title in "\\PC{0,60}") {
            let made = slug(&title);
            prop_assert!(made.is_empty() || is_id(&made), "{made:?}");
            prop_assert_eq!(slug(&made), made);
        }
    }
}
