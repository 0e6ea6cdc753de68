//! Several things, with a row for each.

mod layout;

use std::fmt::Write;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::fields::Fields;
use super::style::{PLAIN, STRONG};
use super::text::escape;
pub(crate) use crate::screen::screen;
pub(crate) use layout::Column;
use layout::{GAP, Layout, shortened};

/// A value in a table.
pub(crate) struct Cell {
    text: String,
    /// Its short form, where space is short.
    short: Option<String>,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self::styled(text, PLAIN)
    }

    pub(crate) fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self { text: escape(text.as_ref()).into_owned(), short: None, style }
    }

    /// The same, with a shorter text where there is little room.
    pub(crate) fn or_short(self, short: impl AsRef<str>) -> Self {
        Self { short: Some(escape(short.as_ref()).into_owned()), ..self }
    }

    fn text(&self, is_short: bool) -> &str {
        self.short.as_deref().filter(|_| is_short).unwrap_or(&self.text)
    }
}

/// Rows of aligned values. On a narrow screen, values are shortened and columns left out; if that is not enough, the
/// values of a row are listed below each other instead.
pub(crate) struct Table<const N: usize> {
    columns: [Column; N],
    /// The widest value of each column so far, in full and short.
    widths: [[usize; N]; 2],
    screen: usize,
    is_begun: bool,
}

impl<const N: usize> Table<N> {
    /// A table for a screen with this many columns.
    pub(crate) fn new(columns: [impl Into<Column>; N], screen: usize) -> Self {
        let columns = columns.map(Into::into);
        let widths = [columns.map(|column| column.name.width()); 2];
        Self { columns, widths, screen, is_begun: false }
    }

    /// The text of the next rows. A column grows when a value needs it, and never shrinks.
    pub(crate) fn rows(&mut self, rows: &[[Cell; N]]) -> String {
        for row in rows {
            for (widths, is_short) in self.widths.iter_mut().zip([false, true]) {
                for (width, cell) in widths.iter_mut().zip(row) {
                    *width = (*width).max(cell.text(is_short).width());
                }
            }
        }
        let layout = Layout::find(&self.columns, &self.widths, self.screen);
        let is_begun = std::mem::replace(&mut self.is_begun, true);
        match layout {
            Some(layout) => self.aligned(rows, &layout, is_begun),
            None => self.stacked(rows, is_begun),
        }
    }

    fn aligned(&self, rows: &[[Cell; N]], layout: &Layout<N>, is_begun: bool) -> String {
        let mut text = String::new();
        if !is_begun {
            let names = self.columns.map(|column| Cell::styled(column.name.to_uppercase(), STRONG));
            row(&mut text, &names, layout);
        }
        for cells in rows {
            row(&mut text, cells, layout);
        }
        text
    }

    fn stacked(&self, rows: &[[Cell; N]], is_begun: bool) -> String {
        let stack = |row: &[Cell; N]| {
            let fields = self.columns.iter().map(|column| column.name).zip(row);
            let fields = fields.filter(|(_, cell)| !cell.text.is_empty());
            let add = |fields: Fields, (name, cell): (_, &Cell)| fields.styled(name, &cell.text, cell.style);
            fields.fold(Fields::new(), add).to_string()
        };
        let stacks: Vec<String> = rows.iter().map(stack).collect();
        let gap = if is_begun && !stacks.is_empty() { "\n" } else { "" };
        gap.to_owned() + &stacks.join("\n")
    }
}

fn row<const N: usize>(text: &mut String, cells: &[Cell; N], layout: &Layout<N>) {
    let mut gap = "";
    for (cell, width) in cells.iter().zip(layout.widths) {
        let Some(width) = width else { continue };
        let value = shortened(cell.text(layout.is_short), width);
        let style = cell.style;
        let _ = write!(text, "{gap}{style}{value}{style:#}");
        let _ = write!(text, "{:1$}", "", width - value.width());
        gap = GAP;
    }
    // Trailing white space would only make lines wrap.
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
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
    fn a_narrow_screen_has_short_values_then_shortened_ones_then_fewer_columns() {
        let rows = |screen| {
            let columns = [Column::fixed("id"), Column::fixed("when"), Column::down_to("name", 4).optional()];
            let row = [Cell::new("17"), Cell::new("2026-11-29 UTC").or_short("1m ago"), Cell::new("Kim Lee")];
            plain(&Table::new(columns, screen).rows(&[row]))
        };
        assert_eq!(rows(29), "ID  WHEN            NAME\n17  2026-11-29 UTC  Kim Lee\n");
        assert_eq!(rows(26), "ID  WHEN    NAME\n17  1m ago  Kim Lee\n");
        assert_eq!(rows(17), "ID  WHEN    NAME\n17  1m ago  Kim …\n");
        assert_eq!(rows(15), "ID  WHEN\n17  1m ago\n");
        assert_eq!(rows(9), "id    17\nwhen  2026-11-29 UTC\nname  Kim Lee\n");
    }

    #[test]
    fn a_narrower_screen_has_values_under_each_other() {
        let mut table = Table::new(["name", "type"], 8);
        let rows = table.rows(&[[Cell::new("longer"), Cell::new("sms")], [Cell::new("a"), Cell::new("")]]);
        assert_eq!(plain(&rows), "name  longer\ntype  sms\n\nname  a\n");
        let rows = table.rows(&[[Cell::new("b"), Cell::new("sms")]]);
        assert_eq!(plain(&rows), "\nname  b\ntype  sms\n");
    }
}
