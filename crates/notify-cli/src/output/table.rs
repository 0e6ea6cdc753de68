//! Several things, with a row for each.

use std::fmt::Write;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::fields::Fields;
use super::style::{PLAIN, STRONG};
use super::text::escape;

/// The spaces between two columns.
const GAP: &str = "  ";

/// A value in a table.
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self::styled(text, PLAIN)
    }

    pub(crate) fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self { text: escape(text.as_ref()).into_owned(), style }
    }
}

/// Rows of aligned values; if the screen is too narrow for a row, its values are listed below each other instead.
pub(crate) struct Table<const N: usize> {
    names: [&'static str; N],
    widths: [usize; N],
    screen: usize,
    is_begun: bool,
}

impl<const N: usize> Table<N> {
    /// A table for a screen with this many columns.
    pub(crate) fn new(names: [&'static str; N], screen: usize) -> Self {
        Self { widths: names.map(str::width), names, screen, is_begun: false }
    }

    /// The text of the next rows. A column grows when a value needs it, and never shrinks.
    pub(crate) fn rows(&mut self, rows: &[[Cell; N]]) -> String {
        for row in rows {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        let needed = self.widths.iter().sum::<usize>() + GAP.len() * (N - 1);
        let is_begun = std::mem::replace(&mut self.is_begun, true);
        if needed > self.screen { self.stacked(rows, is_begun) } else { self.aligned(rows, is_begun) }
    }

    fn aligned(&self, rows: &[[Cell; N]], is_begun: bool) -> String {
        let mut text = String::new();
        if !is_begun {
            let names = self.names.map(|name| Cell::styled(name.to_uppercase(), STRONG));
            self.row(&mut text, &names);
        }
        for row in rows {
            self.row(&mut text, row);
        }
        text
    }

    fn row(&self, text: &mut String, row: &[Cell; N]) {
        for (index, (Cell { text: value, style }, width)) in row.iter().zip(self.widths).enumerate() {
            let gap = if index == 0 { "" } else { GAP };
            let _ = write!(text, "{gap}{style}{value}{style:#}");
            let _ = write!(text, "{:1$}", "", width - value.width());
        }
        // Trailing white space would only make lines wrap.
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }

    fn stacked(&self, rows: &[[Cell; N]], is_begun: bool) -> String {
        let stack = |row: &[Cell; N]| {
            let fields = self.names.into_iter().zip(row);
            let fields = fields.filter(|(_, cell)| !cell.text.is_empty());
            let add = |fields: Fields, (name, cell): (_, &Cell)| fields.styled(name, &cell.text, cell.style);
            fields.fold(Fields::new(), add).to_string()
        };
        let stacks: Vec<String> = rows.iter().map(stack).collect();
        let gap = if is_begun && !stacks.is_empty() { "\n" } else { "" };
        gap.to_owned() + &stacks.join("\n")
    }
}

/// The width of the screen: from `COLUMNS` or the terminal; unlimited if there is neither.
pub(crate) fn screen() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into());
    said.or_else(terminal).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let mut table = Table::new(["name", "type"], 80);
        let rows = table.rows(&[[Cell::new("李"), Cell::new("sms")], [Cell::new("Kim"), Cell::new("e\n")]]);
        assert_eq!(plain(&rows), "NAME  TYPE\n李    sms\nKim   e\\n\n");
        let rows = table.rows(&[[Cell::new("longer"), Cell::new("")]]);
        assert_eq!(plain(&rows), "longer\n");
    }

    #[test]
    fn a_narrow_screen_has_values_under_each_other() {
        let mut table = Table::new(["name", "type"], 8);
        let rows = table.rows(&[[Cell::new("longer"), Cell::new("sms")], [Cell::new("a"), Cell::new("")]]);
        assert_eq!(plain(&rows), "name  longer\ntype  sms\n\nname  a\n");
        let rows = table.rows(&[[Cell::new("b"), Cell::new("sms")]]);
        assert_eq!(plain(&rows), "\nname  b\ntype  sms\n");
    }
}
