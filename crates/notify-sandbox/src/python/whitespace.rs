//! White space and lines as Python's `str` methods see them.

/// Whether `c` is space to Python's `str` methods: Unicode white space and the four information separators.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Splits at every line boundary that Python knows: more than just `\n`.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            lines.push(&text[start..at]);
            if c == '\r' {
                chars.next_if(|&(_, next)| next == '\n');
            }
            start = chars.peek().map_or(text.len(), |&(next, _)| next);
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_python_line_boundary_ends_a_line_and_a_final_one_adds_none() {
        assert_eq!(lines("a\r\nb\rc\u{2028}d\u{85}e\n"), ["a", "b", "c", "d", "e"]);
        assert_eq!(lines("\n\n"), ["", ""]);
        assert!(lines("").is_empty());
    }
}
