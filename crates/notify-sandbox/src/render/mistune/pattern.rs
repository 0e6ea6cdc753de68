//! Patterns of the grammar, with the meaning that Python gives them.

use fancy_regex::{Regex, RegexBuilder};

pub(super) type Captures<'t> = fancy_regex::Captures<'t, str>;

/// What Python takes for part of a word, for use within brackets.
const WORD: &str = r"\p{L}\p{N}_";

/// What Python takes for space, for use within brackets.
const SPACE: &str = r"\s\x1c-\x1f";

/// A pattern of the grammar. A search that exceeds the backtracking limit counts as no match: the library itself would
/// hang.
pub(super) fn pattern(source: &str) -> Regex {
    const BACKTRACK_LIMIT: usize = 5_000_000;
    RegexBuilder::new(&translated(source))
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
        .expect("the grammar is a constant, and tests use all of it")
}

/// The same pattern with Python's words and spaces, which are not quite those of Rust.
fn translated(source: &str) -> String {
    let mut translated = String::with_capacity(source.len() * 2);
    let mut in_class = false;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), in_class) {
                (Some('w'), true) => translated.push_str(WORD),
                (Some('w'), false) => translated.extend(["[", WORD, "]"]),
                (Some('s'), true) => translated.push_str(SPACE),
                (Some('s'), false) => translated.extend(["[", SPACE, "]"]),
                (Some('b'), false) => {
                    let edge = format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))");
                    translated.push_str(&edge);
                }
                (escaped, _) => {
                    translated.push(c);
                    translated.extend(escaped);
                }
            },
            '[' => {
                in_class = true;
                translated.push(c);
            }
            ']' => {
                in_class = false;
                translated.push(c);
            }
            c => translated.push(c),
        }
    }
    translated
}

/// What a pattern matches at the start of a text.
pub(super) fn captures<'t>(pattern: &Regex, text: &'t str) -> Option<Captures<'t>> {
    pattern.captures(text).ok().flatten()
}

/// A group of what was matched; nothing if it took no part.
pub(super) fn group<'t>(captures: &Captures<'t>, index: usize) -> &'t str {
    captures.get(index).map_or("", |group| group.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_spaces_are_those_of_python() {
        let word = pattern(r"^\w+$");
        assert!(["½", "Ⅷ", "²", "é", "_1"].iter().all(|text| word.is_match(text).unwrap()));
        assert!(["\u{301}", "-", "\u{200d}"].iter().all(|text| !word.is_match(text).unwrap()));
        assert!(pattern(r"^\s[^\s]$").is_match("\u{1f}x").unwrap());
        assert!(pattern(r"^x\b.").is_match("x\u{301}").unwrap());
        assert!(!pattern(r"^x\b.").is_match("x²").unwrap());
    }
}
