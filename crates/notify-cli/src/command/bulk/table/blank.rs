//! White space in a list of recipients, as the service tidies it.

/// Characters that the service deletes wherever they are: without width, or white space in disguise.
const OBSCURE: [char; 10] = [
    '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2028}', '\u{2029}', '\u{2060}', '\u{feff}', '\u{a0}',
    '\u{202f}',
];

fn is_obscure(c: char) -> bool {
    OBSCURE.contains(&c)
}

/// White space as Python has it: the separators of files, groups, records and units count too.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Whether it is dropped at the start and at the end of a file.
pub(super) fn is_dropped(c: char) -> bool {
    is_space(c) || is_obscure(c)
}

/// A cell as the service cleans it: without obscure characters, and without white space at its ends. `None` if nothing
/// is left.
pub(in super::super) fn clean(cell: &str) -> Option<String> {
    let is_ascii_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let shown = if cell.is_ascii() {
        cell.trim_matches(is_ascii_space).to_owned()
    } else {
        let shown: String = cell.chars().filter(|c| !is_obscure(*c)).collect();
        shown.trim_matches(is_ascii_space).to_owned()
    };
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_loses_what_nobody_sees() {
        assert_eq!(clean(" Kim\u{a0}Bird\u{200b}\r\n").as_deref(), Some("KimBird"));
        assert_eq!(clean("a b").as_deref(), Some("a b"));
        for nothing in ["", "  ", "\u{a0}", "\u{feff}\t"] {
            assert_eq!(clean(nothing), None);
        }
    }
}
