//! Names of placeholders, matched as the service matches them.

/// The capitals that are newer than Unicode 15.1, the version that the service knows. To the service they are not
/// letters, and have no lower case. The long ranges are Garay and Beria Erfe.
const RECENT_CAPITALS: [(char, char); 9] = [
    ('\u{1c89}', '\u{1c89}'),
    ('\u{a7cb}', '\u{a7cc}'),
    ('\u{a7ce}', '\u{a7ce}'),
    ('\u{a7d2}', '\u{a7d2}'),
    ('\u{a7d4}', '\u{a7d4}'),
    ('\u{a7da}', '\u{a7da}'),
    ('\u{a7dc}', '\u{a7dc}'),
    ('\u{10d50}', '\u{10d65}'),
    ('\u{16ea0}', '\u{16eb8}'),
];

/// What does not count.
const SEPARATORS: [char; 3] = [' ', '_', '-'];

/// The form in which the service compares the names of placeholders: without spaces, `_` and `-`, in lower case. Two names
/// with the same key are one.
///
/// # Examples
///
/// ```
/// use notify_api::check::placeholder_key;
///
/// assert_eq!(placeholder_key("First name"), placeholder_key("FIRST_NAME"));
/// assert_ne!(placeholder_key("First\tname"), placeholder_key("First name"));
/// ```
// The whole name is folded at once, because the lower case of a sigma depends on its neighbours.
pub fn key(name: &str) -> String {
    if name.is_ascii() {
        let mut key = name.to_ascii_lowercase();
        key.retain(|c| !SEPARATORS.contains(&c));
        return key;
    }
    let mut rest: &str = &name.replace(SEPARATORS, "");
    let mut key = String::with_capacity(rest.len());
    while let Some(at) = rest.find(is_recent_capital) {
        let (before, from) = rest.split_at(at);
        let (recent, behind) = from.split_at(from.chars().next().map_or(0, char::len_utf8));
        key.push_str(&before.to_lowercase());
        key.push_str(recent);
        rest = behind;
    }
    key.push_str(&rest.to_lowercase());
    key
}

fn is_recent_capital(c: char) -> bool {
    RECENT_CAPITALS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_neither_case_nor_separators() {
        for (name, other) in [
            ("First name", "FIRST_NAME"),
            ("ΟΔΟΣ", "Οδος"),
            ("ΟΔΟ-Σ", "οδος"),
            ("Σ-Α", "σα"),
            ("ΑΣ.", "ας."),
            ("İ", "i\u{307}"),
        ] {
            assert_eq!(key(name), key(other), "{name}");
        }
        for (name, other) in [
            ("ΟΔΟΣ", "οδοσ"),
            ("a\tb", "ab"),
            ("ß", "SS"),
            ("\u{1c89}", "\u{1c8a}"),
            ("Ы\u{10d50}", "ы\u{10d70}"),
        ] {
            assert_ne!(key(name), key(other), "{name}");
        }
    }
}
