//! How the service tidies the white space of a text message.

use super::super::content::ZERO_WIDTH;

/// Removes space before commas and full stops, reduces each run of space to one, keeps at most one empty line between
/// others, and none at the ends.
pub(super) fn tidy(text: &str) -> String {
    let text = without_space_before_punctuation(text).replace("\r\n", "\n");
    let mut lines: Vec<String> = text.split(is_line_break).map(tidy_line).collect();
    let mut empty = 0;
    lines.retain(|line| {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        empty < 2
    });
    lines.join("\n").trim_matches(is_space).to_owned()
}

/// Here, space means the plain one and the tab: a line that begins with a full stop remains a line.
fn without_space_before_punctuation(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '.') {
            tidied.truncate(tidied.trim_end_matches([' ', '\t']).len());
        }
        tidied.push(c);
    }
    tidied
}

fn tidy_line(line: &str) -> String {
    let visible: String = line.chars().filter(|c| !ZERO_WIDTH.contains(c)).collect();
    visible.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// White space as the service's language defines it: the separators of files, groups, records and units count, too.
pub(in crate::check) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_tidied_as_the_service_does() {
        for (text, tidied) in [
            ("  a \t b  ", "a b"),
            ("a , b .  c", "a, b. c"),
            ("a\n , b", "a\n, b"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\n\n\n\nb\n\nc\nd", "a\n\nb\n\nc\nd"),
            ("a\n \n \nb", "a\n\nb"),
            ("\n\na\n\n", "a"),
            ("a\u{200b}\u{a0}\u{a0}b", "a b"),
        ] {
            assert_eq!(tidy(text), tidied, "{text:?}");
        }
    }
}
