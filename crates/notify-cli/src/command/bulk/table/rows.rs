//! The rows of a list, without empty ones that a program left at the end.

use std::io;
use std::sync::Arc;

use super::TextRecords;
use super::text::Record;
use super::workbook::SheetRow;

/// One row of recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Row {
    /// Its number, as a spreadsheet program shows it.
    pub(in super::super) line: u64,
    /// Its position in the file.
    pub(in super::super) at: u64,
    /// Empty if all its cells are empty.
    pub(in super::super) cells: Vec<String>,
    /// Whether the last cell goes on to the end of the file, since its quote is never closed.
    pub(in super::super) quote_is_open: bool,
}

/// Rows one after the other.
pub(in super::super) struct Rows(Source);

enum Source {
    Text(TextRows),
    /// The rows, and the place of the next.
    Sheet(Arc<Vec<SheetRow>>, usize),
}

impl Rows {
    /// The rows of a text, of which the first has this number.
    pub(super) fn of_text(records: TextRecords, line: u64) -> Self {
        Self(Source::Text(TextRows { records, line, held: None, blanks: 0, blanks_before: 0 }))
    }

    pub(super) fn of_sheet(rows: Arc<Vec<SheetRow>>) -> Self {
        Self(Source::Sheet(rows, 0))
    }

    /// The next row, unless there is none.
    pub(in super::super) fn read(&mut self) -> io::Result<Option<Row>> {
        match &mut self.0 {
            Source::Text(rows) => rows.read(),
            Source::Sheet(rows, next) => {
                let at = *next;
                *next += 1;
                Ok(rows.get(at).map(|row| Row {
                    line: row.line,
                    at: at as u64,
                    cells: row.cells.clone(),
                    quote_is_open: false,
                }))
            }
        }
    }
}

/// The rows of a text. Empty rows count only if others follow, and so do empty cells at the end of the last row.
struct TextRows {
    records: TextRecords,
    /// The number of the next row.
    line: u64,
    /// Read, but it may be the last.
    held: Option<HeldRow>,
    /// Empty rows after it.
    blanks: u64,
    /// Empty rows before it.
    blanks_before: u64,
}

struct HeldRow {
    row: Row,
    bare: usize,
}

impl TextRows {
    fn read(&mut self) -> io::Result<Option<Row>> {
        loop {
            if self.blanks_before > 0 {
                self.blanks_before -= 1;
                // The held row comes right after them.
                let line = self.line - 2 - self.blanks_before;
                return Ok(Some(Row { line, at: 0, cells: Vec::new(), quote_is_open: false }));
            }
            let line = self.line;
            let record = self.records.read();
            let record =
                record.map_err(|error| io::Error::new(error.kind(), format!("line {line}: {error}")))?;
            let Some(record) = record else {
                return Ok(self.held.take().map(|HeldRow { mut row, bare }| {
                    row.cells.truncate(row.cells.len() - bare);
                    row
                }));
            };
            self.line += 1;
            if record.is_bare() {
                self.blanks += 1;
                continue;
            }
            self.blanks_before = std::mem::take(&mut self.blanks);
            let Record { at, cells, quote_is_open, bare } = record;
            let row = Row { line, at, cells, quote_is_open };
            if let Some(before) = self.held.replace(HeldRow { row, bare }) {
                return Ok(Some(before.row));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::text::Dialect;
    use super::super::{records, spool};
    use super::*;

    fn lines(text: &str) -> Vec<(u64, usize)> {
        let mut file = spool::nameless().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut rows = Rows::of_text(records(&Arc::new(file), Dialect::COMMAS, 0), 2);
        std::iter::from_fn(|| rows.read().unwrap()).map(|row| (row.line, row.cells.len())).collect()
    }

    #[test]
    fn blank_rows_count_only_between_others() {
        assert_eq!(lines(""), []);
        assert_eq!(lines(", \n\n"), []);
        assert_eq!(lines("a,\n,\n \n"), [(2, 1)]);
        assert_eq!(lines("\na,\n\n,\nb,,\nc\n \n"), [(2, 0), (3, 2), (4, 0), (5, 0), (6, 3), (7, 1)]);
    }
}
