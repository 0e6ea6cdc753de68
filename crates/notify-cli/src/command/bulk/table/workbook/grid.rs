//! The cells of a sheet as text. Only rows with text are kept, and each only up to its last text, so that a stray cell at
//! the far end of a sheet costs nothing.

use anyhow::{Result, bail};
use calamine::Dimensions;

use super::super::clean;
use super::hidden::Hidden;

/// How far a sheet is read: the service's limit of rows, and as many columns as a spreadsheet program has.
const MOST_ROWS: u32 = 200_000;
const MOST_COLUMNS: u32 = 16_384;
/// How many cells may repeat the value of a merged one.
const MOST_REPEATED: u64 = 1_000_000;

/// A row as a spreadsheet program shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct SheetRow {
    /// Its number, from 1.
    pub(in super::super) line: u64,
    /// Empty if nothing is in it.
    pub(in super::super) cells: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Vec<String>>,
    repeated: u64,
}

impl Grid {
    /// Sets a cell, unless nothing is in it.
    pub(super) fn set(&mut self, row: u32, column: u32, text: String) -> Result<()> {
        if clean(&text).is_none() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            bail!(
                "the sheet has a value in the cell {}, and may have {MOST_ROWS} rows and {MOST_COLUMNS} columns: delete \
                 what is beyond, or save it as CSV",
                name_of(row, column)
            );
        }
        let (row, column) = (row as usize, column as usize);
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize_with(column + 1, String::new);
        }
        cells[column] = text;
        Ok(())
    }

    /// Repeats the first value of a merged range in each of its cells.
    pub(super) fn merge(&mut self, range: &Dimensions) -> Result<()> {
        let (first_row, first_column) = range.start;
        let cells = self.rows.get(first_row as usize);
        let Some(value) = cells.and_then(|cells| cells.get(first_column as usize)).cloned() else {
            return Ok(());
        };
        let rows = first_row..=range.end.0.min(MOST_ROWS - 1);
        let columns = first_column..=range.end.1.min(MOST_COLUMNS - 1);
        let size = |range: &std::ops::RangeInclusive<u32>| u64::from(range.end() + 1 - range.start());
        self.repeated += size(&rows) * size(&columns);
        if self.repeated > MOST_REPEATED {
            bail!("its merged cells cover more than {MOST_REPEATED} cells: unmerge them");
        }
        for row in rows {
            for column in columns.clone() {
                self.set(row, column, value.clone())?;
            }
        }
        Ok(())
    }

    /// The rows that are not hidden, from the first with a text to the last.
    pub(super) fn into_rows(self, hidden: &Hidden) -> Vec<SheetRow> {
        let rows = (0..).zip(self.rows).filter(|(row, _)| !hidden.has_row(*row));
        let mut rows: Vec<SheetRow> = rows
            .map(|(row, cells)| SheetRow { line: u64::from(row) + 1, cells: shown(cells, hidden) })
            .skip_while(|row| row.cells.is_empty())
            .collect();
        let last = rows.iter().rposition(|row| !row.cells.is_empty());
        rows.truncate(last.map_or(0, |last| last + 1));
        rows
    }
}

/// The cells of a row that are not hidden, up to the last with a text.
fn shown(cells: Vec<String>, hidden: &Hidden) -> Vec<String> {
    let cells = (0..).zip(cells).filter(|(column, _)| !hidden.has_column(*column));
    let mut cells: Vec<String> = cells.map(|(_, cell)| cell).collect();
    let last = cells.iter().rposition(|cell| !cell.is_empty());
    cells.truncate(last.map_or(0, |last| last + 1));
    cells
}

/// A cell's name, such as `B7`.
fn name_of(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.extend(char::from_digit(rest % 26 + 10, 36));
        rest /= 26;
    }
    let letters: String = letters.iter().rev().map(char::to_ascii_uppercase).collect();
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(cells: &[(u32, u32, &str)]) -> Grid {
        let mut grid = Grid::default();
        for (row, column, text) in cells {
            grid.set(*row, *column, (*text).to_owned()).unwrap();
        }
        grid
    }

    fn rows(grid: Grid) -> Vec<(u64, Vec<String>)> {
        let rows = grid.into_rows(&Hidden::default()).into_iter();
        rows.map(|row| (row.line, row.cells)).collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn rows_keep_their_numbers_and_lose_what_is_empty_at_the_ends() {
        let grid = grid(&[(2, 1, "a"), (4, 0, "b"), (4, 3, " "), (7, 0, "\u{a0}")]);
        assert_eq!(rows(grid), [row(3, &["", "a"]), row(4, &[]), row(5, &["b"])]);
        assert_eq!(rows(Grid::default()), []);
    }

    #[test]
    fn a_merged_value_counts_for_each_cell_of_its_range() {
        let mut grid = grid(&[(0, 0, "a"), (1, 1, "b")]);
        grid.merge(&Dimensions { start: (1, 1), end: (2, 2) }).unwrap();
        grid.merge(&Dimensions { start: (5, 5), end: (6, 6) }).unwrap();
        assert_eq!(rows(grid), [row(1, &["a"]), row(2, &["", "b", "b"]), row(3, &["", "b", "b"])]);
    }

    #[test]
    fn a_value_beyond_the_limits_is_named_by_its_cell() {
        let mut grid = grid(&[(1, 1, "a")]);
        assert!(grid.set(1_048_575, 16_383, String::new()).is_ok());
        for (row, column, cell) in
            [(1_048_575, 16_383, "XFD1048576"), (200_000, 0, "A200001"), (0, 16_384, "XFE1")]
        {
            let error = grid.set(row, column, "x".to_owned()).unwrap_err().to_string();
            assert!(error.contains(&format!(" {cell},")), "{error}");
        }
        let whole = Dimensions { start: (1, 1), end: (1_048_575, 16_383) };
        assert!(grid.merge(&whole).unwrap_err().to_string().contains("unmerge"));
    }

    #[test]
    fn cells_are_named_as_spreadsheet_programs_name_them() {
        for (column, name) in [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")] {
            assert_eq!(name_of(0, column), name);
        }
    }
}
