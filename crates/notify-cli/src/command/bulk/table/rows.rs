//! The rows of a list, without empty ones that a program left at the end.

use std::io;
use std::sync::Arc;

use super::text::Record;
use super::{TextRecords, clean};

/// One row of recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Row {
    /// Its number, as a spreadsheet program shows it: the header is 1.
    pub(in super::super) line: u64,
    /// Its position in the file.
    pub(in super::super) at: u64,
    /// Empty if all its cells are empty.
    pub(in super::super) cells: Vec<String>,
    /// Whether the last cell goes on to the end of the file, since its quote is never closed.
    pub(in super::super) quote_is_open: bool,
}

/// Rows one after the other. Empty rows count only if others follow, and so do empty cells at the end of the last row.
pub(in super::super) struct Rows {
    source: Source,
    /// The number of the next row.
    line: u64,
    /// Read, but it may be the last.
    held: Option<Held>,
    /// Empty rows after it.
    blanks: u64,
    /// Empty rows before it.
    blanks_before: u64,
}

struct Held {
    row: Row,
    bare: usize,
}

enum Source {
    Text(TextRecords),
    Sheet(Arc<Vec<Vec<String>>>, usize),
}

impl Rows {
    pub(super) fn of_text(records: TextRecords) -> Self {
        Self::new(Source::Text(records))
    }

    pub(super) fn of_sheet(rows: Arc<Vec<Vec<String>>>) -> Self {
        Self::new(Source::Sheet(rows, 0))
    }

    fn new(source: Source) -> Self {
        Self { source, line: 2, held: None, blanks: 0, blanks_before: 0 }
    }

    /// The next row, unless there is none.
    pub(in super::super) fn read(&mut self) -> io::Result<Option<Row>> {
        loop {
            if self.blanks_before > 0 {
                self.blanks_before -= 1;
                // The held row comes right after them.
                let line = self.line - 2 - self.blanks_before;
                return Ok(Some(Row { line, at: 0, cells: Vec::new(), quote_is_open: false }));
            }
            let Some((row, bare)) = self.source.next(self.line)? else {
                return Ok(self.held.take().map(|Held { mut row, bare }| {
                    row.cells.truncate(row.cells.len() - bare);
                    row
                }));
            };
            self.line += 1;
            if bare == row.cells.len() {
                self.blanks += 1;
                continue;
            }
            self.blanks_before = std::mem::take(&mut self.blanks);
            if let Some(before) = self.held.replace(Held { row, bare }) {
                return Ok(Some(before.row));
            }
        }
    }
}

impl Source {
    /// The next row, and how many of its last cells are empty.
    fn next(&mut self, line: u64) -> io::Result<Option<(Row, usize)>> {
        Ok(match self {
            Self::Text(records) => {
                let record = records.read();
                let record =
                    record.map_err(|error| io::Error::new(error.kind(), format!("line {line}: {error}")))?;
                record.map(|record| {
                    let bare = if record.is_bare() { record.cells.len() } else { record.bare };
                    let Record { at, cells, quote_is_open, .. } = record;
                    (Row { line, at, cells, quote_is_open }, bare)
                })
            }
            Self::Sheet(rows, next) => rows.get(*next).map(|cells| {
                let at = *next as u64;
                *next += 1;
                let bare = cells.iter().rev().take_while(|cell| clean(cell).is_none()).count();
                (Row { line, at, cells: cells.clone(), quote_is_open: false }, bare)
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&[&str]]) -> Vec<(u64, usize)> {
        let rows = rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let mut rows = Rows::of_sheet(Arc::new(rows));
        std::iter::from_fn(|| rows.read().unwrap()).map(|row| (row.line, row.cells.len())).collect()
    }

    #[test]
    fn blank_rows_count_only_between_others() {
        assert_eq!(lines(&[]), []);
        assert_eq!(lines(&[&["", " "], &[]]), []);
        assert_eq!(lines(&[&["a", ""], &["", ""], &[""]]), [(2, 1)]);
        assert_eq!(
            lines(&[&[""], &["a", ""], &[""], &["", ""], &["b", "", ""], &["c"], &[""]]),
            [(2, 0), (3, 2), (4, 0), (5, 0), (6, 3), (7, 1)]
        );
    }
}
