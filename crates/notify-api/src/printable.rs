//! Text from other machines, made harmless for a terminal and a log.

use std::fmt::{self, Write};

/// Shows a text with every character escaped that would control a terminal: control characters, and the marks that
/// change the direction of writing. A line break is one of them, so a message stays on one line of a log.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| {
            if c.is_control() || turns(c) { write!(f, "{}", c.escape_default()) } else { f.write_char(c) }
        })
    }
}

/// The line and paragraph separators, and the bidirectional marks, embeddings, overrides and isolates (UAX 9).
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_that_it_would_obey() {
        let shown = Printable("a\u{1b}[2J\u{9b}1m\r\nb\u{202e}c\0 – é").to_string();
        assert_eq!(shown, r"a\u{1b}[2J\u{9b}1m\r\nb\u{202e}c\u{0} – é");
    }
}
