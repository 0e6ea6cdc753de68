//! A list of recipients in any format: rows of cells, from a file or a pipe.

mod blank;
mod encoding;
mod file;
mod rows;
mod separator;
mod spool;
mod text;
mod workbook;

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

pub(super) use blank::clean;
use file::FileReader;
pub(super) use rows::{Row, Rows};
use text::{Dialect, Records};
use workbook::{Kind, Sheet, SheetRow};

/// How much of the file one record is read with.
const RECORD_BUFFER: usize = 4096;
const BUFFER: usize = 1 << 16;

/// How many columns the service allows in the formats that [limit](Format::limits_columns) them.
const MOST_COLUMNS: usize = 1_000;

/// An open list.
#[derive(Clone, Debug)]
pub(super) struct Table {
    source: Source,
    /// The cells of the first row.
    pub(super) header: Vec<String>,
    /// What is unusual about the file.
    pub(super) warnings: Vec<String>,
}

#[derive(Clone, Debug)]
enum Source {
    Text {
        file: Arc<File>,
        dialect: Dialect,
        /// Where the row after the header begins, and its number.
        rows_at: u64,
        line: u64,
    },
    Sheet(Arc<Vec<SheetRow>>),
}

/// The content of a file.
#[derive(Clone, Copy)]
enum Format {
    Text(&'static [Dialect]),
    Workbook(Kind),
}

impl Format {
    /// Whether the service limits the columns of such a file.
    const fn limits_columns(self) -> bool {
        matches!(self, Self::Workbook(Kind::Xls | Kind::Ods) | Self::Text([Dialect::TABS]))
    }
}

impl Table {
    /// Opens a file, or reads a pipe to its end. Semicolons count as separators only if the header makes sense that
    /// way.
    pub(super) fn open(
        path: &Path,
        pipe: Option<impl io::Read>,
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Self> {
        let (file, format) = if let Some(pipe) = pipe {
            let file = Arc::new(spooled(pipe)?);
            let format = format_by_content(&file)?;
            (file, format)
        } else {
            let format = format_by_name(path)?;
            let file = Arc::new(File::open(path).context("it cannot be opened")?);
            refuse_misnamed(&file, format)?;
            (file, format)
        };
        let table = match format {
            Format::Workbook(kind) => Self::of_sheet(workbook::sheet(&file, kind)?),
            Format::Text(dialects) => Self::of_text(file, dialects, is_header)?,
        };
        let named = table.header.iter().rposition(|name| clean(name).is_some());
        let columns = named.map_or(0, |last| last + 1);
        if format.limits_columns() && columns > MOST_COLUMNS {
            bail!("its first row has {columns} columns, and {MOST_COLUMNS} are allowed");
        }
        Ok(table)
    }

    fn of_sheet(Sheet { rows, warning }: Sheet) -> Self {
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let mut rows = rows.into_iter();
        let mut header = rows.next().map(|row| row.cells).unwrap_or_default();
        if !header.is_empty() {
            // A column of a sheet need not have a name.
            header.resize(width, String::new());
        }
        Self {
            source: Source::Sheet(Arc::new(rows.collect())),
            header,
            warnings: warning.into_iter().collect(),
        }
    }

    fn of_text(
        file: Arc<File>,
        dialects: &'static [Dialect],
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Self> {
        let (file, warning) = encoding::in_utf8(file)?;
        let mut warnings: Vec<String> = warning.into_iter().collect();
        let named = separator::named(&file, start_of(&file, 0, None)?.0)?;
        if let Some((dialect, start)) = named {
            let line = separator::line(dialect);
            warnings.push(format!(
                "the first line, {line}, names the separator of the cells, which the service's website does not \
                 understand; it is read as such"
            ));
            let (start, line) = start_of(&file, start, Some(dialect.separator))?;
            let mut records = records(&file, dialect, start);
            let header = header(&mut records)?;
            let rows_at = records.position();
            return Ok(Self {
                source: Source::Text { file, dialect, rows_at, line: line + 1 },
                header,
                warnings,
            });
        }
        let mut first: Option<(Dialect, Vec<String>, u64, u64)> = None;
        for dialect in dialects {
            let (start, line) = start_of(&file, 0, Some(dialect.separator))?;
            let mut records = records(&file, *dialect, start);
            let header = header(&mut records)?;
            if is_header(&header) {
                if first.is_some() {
                    let name = if *dialect == Dialect::TABS { "tabs" } else { "semicolons" };
                    warnings.push(format!(
                        "the cells are separated by {name}, which the service's website does not understand here; they are \
                         read as such"
                    ));
                }
                first = Some((*dialect, header, records.position(), line + 1));
                break;
            }
            first.get_or_insert((*dialect, header, records.position(), line + 1));
        }
        let (dialect, header, rows_at, line) = first.context("the file has no rows")?;
        Ok(Self { source: Source::Text { file, dialect, rows_at, line }, header, warnings })
    }

    /// All rows but the header.
    pub(super) fn rows(&self) -> Rows {
        match &self.source {
            Source::Text { file, dialect, rows_at, line } => {
                Rows::of_text(records(file, *dialect, *rows_at), *line)
            }
            Source::Sheet(rows) => Rows::of_sheet(rows.clone()),
        }
    }

    /// The cells of the row that begins there and has this many.
    pub(super) fn cells_at(&self, at: u64, count: usize) -> io::Result<Vec<String>> {
        let mut cells = match &self.source {
            Source::Text { file, dialect, .. } => {
                let from = BufReader::with_capacity(RECORD_BUFFER, FileReader::new(file.clone(), at));
                let record = Records::new(from, *dialect, at).read()?;
                record.map(|record| record.cells).unwrap_or_default()
            }
            Source::Sheet(rows) => {
                let row = usize::try_from(at).ok().and_then(|at| rows.get(at));
                row.map(|row| row.cells.clone()).unwrap_or_default()
            }
        };
        cells.truncate(count);
        Ok(cells)
    }
}

type TextRecords = Records<BufReader<FileReader>>;

fn records(file: &Arc<File>, dialect: Dialect, at: u64) -> TextRecords {
    Records::new(BufReader::with_capacity(BUFFER, FileReader::new(file.clone(), at)), dialect, at)
}

/// The cells of the header, or none.
fn header(records: &mut TextRecords) -> Result<Vec<String>> {
    let Some(record) = records.read().context("line 1")? else { return Ok(Vec::new()) };
    if record.quote_is_open {
        bail!("a quote in its first line is never closed");
    }
    Ok(record.cells)
}

/// Where the text begins, from here on, behind a byte order mark and white space other than the separator; and in which line,
/// counted from 1.
fn start_of(file: &Arc<File>, from: u64, separator: Option<u8>) -> io::Result<(u64, u64)> {
    let (mut start, mut line) = (from, 1);
    let mut was_return = false;
    loop {
        let mut chunk = Vec::new();
        FileReader::new(file.clone(), start).take(RECORD_BUFFER as u64).read_to_end(&mut chunk)?;
        let text = String::from_utf8_lossy(&chunk);
        let is_dropped = |c: char| Some(c) != separator.map(char::from) && blank::is_dropped(c);
        let dropped = text.len() - text.trim_start_matches(is_dropped).len();
        for c in text[..dropped].chars() {
            line += u64::from(c == '\r' || c == '\n' && !was_return);
            was_return = c == '\r';
        }
        start += dropped as u64;
        if dropped == 0 || dropped < text.len() {
            return Ok((start, line));
        }
    }
}

/// The format that the end of a file's name stands for, as the service decides it.
fn format_by_name(path: &Path) -> Result<Format> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        Some("csv") => Format::Text(&[Dialect::COMMAS, Dialect::SEMICOLONS]),
        Some("tsv") => Format::Text(&[Dialect::TABS]),
        Some("xlsx" | "xlsm") => Format::Workbook(Kind::Xlsx),
        Some("xls") => Format::Workbook(Kind::Xls),
        Some("ods") => Format::Workbook(Kind::Ods),
        _ => bail!("its name must end with .csv, .tsv, .xlsx, .xlsm, .xls or .ods"),
    })
}

/// What came through a pipe has no name.
fn format_by_content(file: &Arc<File>) -> Result<Format> {
    let mut start = Vec::new();
    FileReader::new(file.clone(), 0).take(512).read_to_end(&mut start)?;
    let contains = |text: &[u8]| start.windows(text.len()).any(|window| window == text);
    Ok(if start.starts_with(b"PK\x03\x04") {
        let is_ods = contains(b"application/vnd.oasis.opendocument.spreadsheet");
        Format::Workbook(if is_ods { Kind::Ods } else { Kind::Xlsx })
    } else if start.starts_with(b"\xd0\xcf\x11\xe0") {
        Format::Workbook(Kind::Xls)
    } else {
        Format::Text(&[Dialect::COMMAS, Dialect::TABS, Dialect::SEMICOLONS])
    })
}

/// Explains that the content of a workbook does not match its name.
fn refuse_misnamed(file: &Arc<File>, named: Format) -> Result<()> {
    let Format::Workbook(is) = format_by_content(file)? else { return Ok(()) };
    match named {
        Format::Workbook(named) if named == is => Ok(()),
        _ => bail!(
            "it is a workbook of another kind than its name says: let the name end with {}",
            is.extension()
        ),
    }
}

/// Everything from a pipe, in a file of its own.
fn spooled(mut pipe: impl io::Read) -> Result<File> {
    let mut file = spool::nameless().context("a file for what comes from stdin cannot be made")?;
    io::copy(&mut pipe, &mut file).context("stdin cannot be read")?;
    Ok(file)
}
