//! Text with a separator between cells, read as the service reads it: by the rules of Python's `csv`, where any line
//! separator of Unicode ends a row.
//!
//! The csv crate reads rows by other rules: it knows no quote behind a space (`a, "b, c"`), and only two ways to end a row.

use std::io::{self, BufRead};

use super::blank;

/// How long a cell may be, in bytes. A quote that is never closed turns the rest of the file into one cell.
const LONGEST_CELL: usize = 131_072;

/// The separator between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) separator: u8,
    /// Whether spaces before a cell are dropped, also before its quote.
    pub(super) drops_space: bool,
}

impl Dialect {
    pub(super) const COMMAS: Self = Self { separator: b',', drops_space: true };
    pub(super) const SEMICOLONS: Self = Self { separator: b';', drops_space: true };
    pub(super) const TABS: Self = Self { separator: b'\t', drops_space: false };
}

/// One row, as it is in the file.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) cells: Vec<String>,
    /// Where it begins, in bytes.
    pub(super) at: u64,
    /// How many of its last cells are empty, even without quotes.
    pub(super) bare: usize,
    /// Whether the file is over before the quote of the last cell is closed.
    pub(super) quote_is_open: bool,
}

impl Record {
    pub(super) fn is_bare(&self) -> bool {
        self.bare == self.cells.len()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartOfCell,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// Reads one record after another.
pub(super) struct Records<R> {
    from: R,
    dialect: Dialect,
    /// Where the next byte is.
    at: u64,
}

impl<R: BufRead> Records<R> {
    /// Continues here, this many bytes into the file.
    pub(super) fn new(from: R, dialect: Dialect, at: u64) -> Self {
        Self { from, dialect, at }
    }

    /// Where the next record begins.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.from.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.from.fill_buf()?.first().copied())
    }

    /// The next record, or `None` at the end of the file.
    pub(super) fn read(&mut self) -> io::Result<Option<Record>> {
        let mut cells = Cells { record: Record { at: self.at, ..Record::default() }, ..Cells::default() };
        let mut state = State::StartOfCell;
        let mut is_empty = true;
        loop {
            let Some(byte) = self.byte()? else {
                if is_empty && self.at == cells.record.at {
                    return Ok(None);
                }
                if !is_empty {
                    cells.finish_cell();
                }
                cells.record.quote_is_open = state == State::Quoted;
                return Ok(Some(cells.record));
            };
            if state == State::Quoted {
                match byte {
                    b'"' => state = State::QuoteInQuoted,
                    b'\r' if self.peek()? == Some(b'\n') => cells.push(byte)?,
                    b'\n' => cells.push(byte)?,
                    byte if cells.ends_line(byte) => cells.push_line_end()?,
                    byte => cells.push(byte)?,
                }
                continue;
            }
            if byte == b'\n' || cells.ends_line(byte) {
                if byte == b'\r' && self.peek()? == Some(b'\n') {
                    self.byte()?;
                }
                if !is_empty {
                    cells.finish_cell();
                }
                return Ok(Some(cells.record));
            }
            is_empty = false;
            state = match (state, byte) {
                (State::QuoteInQuoted, b'"') => {
                    cells.push(byte)?;
                    State::Quoted
                }
                (_, byte) if byte == self.dialect.separator => {
                    cells.finish_cell();
                    State::StartOfCell
                }
                (State::StartOfCell, b' ') if self.dialect.drops_space => State::StartOfCell,
                (State::StartOfCell, b'"') => {
                    cells.is_quoted = true;
                    State::Quoted
                }
                (_, byte) => {
                    cells.push(byte)?;
                    State::Plain
                }
            };
        }
    }
}

/// A record being read.
#[derive(Default)]
struct Cells {
    record: Record,
    cell: Vec<u8>,
    is_quoted: bool,
}

impl Cells {
    fn push(&mut self, byte: u8) -> io::Result<()> {
        if self.cell.len() >= LONGEST_CELL {
            let problem = format!("a cell is longer than {LONGEST_CELL} bytes: a quote may never be closed");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        self.cell.push(byte);
        Ok(())
    }

    fn push_line_end(&mut self) -> io::Result<()> {
        self.push(b'\r')?;
        self.push(b'\n')
    }

    /// Whether a line ends with this byte, which is not a line feed. The first bytes of a longer separator are removed
    /// from the cell.
    fn ends_line(&mut self, byte: u8) -> bool {
        let before = match byte {
            b'\r' | 0x0b | 0x0c | 0x1c..=0x1e => return true,
            0x85 => &[0xc2][..],
            0xa8 | 0xa9 => &[0xe2, 0x80],
            _ => return false,
        };
        let is_end = self.cell.ends_with(before);
        if is_end {
            self.cell.truncate(self.cell.len() - before.len());
        }
        is_end
    }

    fn finish_cell(&mut self) {
        let cell = String::from_utf8(std::mem::take(&mut self.cell))
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let is_bare = !std::mem::take(&mut self.is_quoted) && cell.chars().all(blank::is_dropped);
        self.record.bare = if is_bare { self.record.bare + 1 } else { 0 };
        self.record.cells.push(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
        let mut records = Records::new(text.as_bytes(), dialect, 0);
        std::iter::from_fn(|| records.read().unwrap()).map(|record| record.cells).collect()
    }

    #[test]
    fn cells_may_hold_separators_quotes_and_line_ends() {
        let rows = read("a, b, \"c,\"\"d\"\"\ne\"\r\n,\n\n\"x\"y\"z\n \"q\"", Dialect::COMMAS);
        assert_eq!(rows, [vec!["a", "b", "c,\"d\"\ne"], vec!["", ""], vec![], vec!["xy\"z"], vec!["q"]]);
        assert_eq!(read("a\t \"b\"\tc d", Dialect::TABS), [vec!["a", " \"b\"", "c d"]]);
        assert_eq!(read("é;\"a;b\"\n", Dialect::SEMICOLONS), [["é", "a;b"]]);
    }

    #[test]
    fn every_line_separator_ends_a_row_and_inside_quotes_stays_one() {
        for separator in
            ["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{1c}", "\u{1e}", "\u{85}", "\u{2028}", "\u{2029}"]
        {
            assert_eq!(read(&format!("é,b{separator}c"), Dialect::COMMAS), [vec!["é", "b"], vec!["c"]]);
            let inside = read(&format!("\"a{separator}b\""), Dialect::COMMAS);
            let expected = if separator == "\n" { "a\nb" } else { "a\r\nb" };
            assert_eq!(inside, [[expected]], "{separator:?}");
        }
        assert_eq!(read("\u{c5}\u{2026}\u{a8}x", Dialect::COMMAS), [["\u{c5}\u{2026}\u{a8}x"]]);
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let text = format!("a,\"{}", "b\n".repeat(LONGEST_CELL));
        let error = Records::new(text.as_bytes(), Dialect::COMMAS, 0).read().unwrap_err();
        assert!(error.to_string().contains("never be closed"), "{error}");
    }

    #[test]
    fn a_record_says_whether_the_file_ends_within_its_quotes() {
        for (text, is_open) in
            [("a,\"b", true), ("a,\"b\n\"", false), ("a,\"b\"\"", true), ("a,\"", true), ("a\"", false)]
        {
            let record = Records::new(text.as_bytes(), Dialect::COMMAS, 0).read().unwrap().unwrap();
            assert_eq!(record.quote_is_open, is_open, "{text}");
        }
    }

    #[test]
    fn a_record_says_where_it_begins_and_how_it_ends() {
        let mut records = Records::new("a,b\r\nc,\"\",,\u{a0}\n".as_bytes(), Dialect::COMMAS, 7);
        let first = records.read().unwrap().unwrap();
        assert_eq!((first.at, first.bare), (7, 0));
        let second = records.read().unwrap().unwrap();
        assert_eq!((second.at, second.bare, second.cells.len()), (12, 2, 4));
        assert!(records.read().unwrap().is_none());
        // Another separator than the list's own is text.
        let mut records = Records::new("a,;\n".as_bytes(), Dialect::COMMAS, 0);
        assert_eq!(records.read().unwrap().unwrap().bare, 0);
    }
}
