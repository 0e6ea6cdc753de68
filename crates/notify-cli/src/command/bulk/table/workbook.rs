//! Workbooks of spreadsheet programs: the first sheet that is not hidden, with each cell as the service writes it.

mod grid;
mod hidden;
mod value;

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use calamine::{Data, Ods, Range, Reader, SheetVisible, Xls, Xlsx};

use super::file::FileReader;
use grid::Grid;
pub(super) use grid::SheetRow;
use hidden::Hidden;

/// The largest workbook that is read, in bytes: the service has the same limit.
const LARGEST: u64 = 10 * 1024 * 1024;

/// The kind of program that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
    Ods,
}

impl Kind {
    /// The extension of such a file.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Xls => ".xls",
            Self::Ods => ".ods",
        }
    }
}

/// The sheet of a workbook that is read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) rows: Vec<SheetRow>,
    /// What is unusual about it.
    pub(super) warning: Option<String>,
}

impl From<Vec<SheetRow>> for Sheet {
    fn from(rows: Vec<SheetRow>) -> Self {
        Self { rows, warning: None }
    }
}

/// The first sheet that is not hidden, as text. Of an xlsx, each cell of a merged range has the value of its first, and what
/// is hidden is left out.
pub(super) fn sheet(file: &Arc<File>, kind: Kind) -> Result<Sheet> {
    let size = file.metadata()?.len();
    if size > LARGEST {
        bail!("a spreadsheet may have 10 MB, and this one has {:.1}: save it as CSV", megabytes(size));
    }
    let mut bytes = Vec::new();
    FileReader::new(file.clone(), 0).read_to_end(&mut bytes)?;
    let bytes = io::Cursor::new(bytes);
    let what = "the file is not a spreadsheet that can be read";
    match kind {
        Kind::Xlsx => {
            let mut hidden_from = bytes.clone();
            let mut book = Xlsx::new(BufReader::new(bytes)).context(what)?;
            let (index, name) = first_visible(book.sheets_metadata())?;
            let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            let mut grid = Grid::default();
            let mut cells = book.worksheet_cells_reader(&name).context(what)?;
            while let Some(cell) = cells.next_cell().context(what)? {
                let (row, column) = cell.get_position();
                grid.set(row, column, value::as_xlsx(&cell.get_value().clone().into()))?;
            }
            for range in &merged {
                grid.merge(range)?;
            }
            hidden_from.rewind()?;
            let hidden = Hidden::of_sheet(hidden_from, index).context(what)?;
            Ok(grid.into_rows(&hidden).into())
        }
        Kind::Xls => {
            let mut book = Xls::new(bytes).context(what)?;
            let (_, name) = first_visible(book.sheets_metadata())?;
            text_of(&book.worksheet_range(&name).context(what)?, value::as_xls).map(Sheet::from)
        }
        Kind::Ods => {
            let mut book = Ods::new(BufReader::new(bytes.clone())).context(what)?;
            let (_, name) = first_visible(book.sheets_metadata())?;
            let rows = text_of(&book.worksheet_range(&name).context(what)?, value::as_ods)?;
            let hides = hidden::hides_any(bytes, &name).context(what)?;
            let warning = "the sheet hides rows or columns, which count like others in an ods";
            Ok(Sheet { rows, warning: hides.then(|| warning.to_owned()) })
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "to be read by people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

/// The first visible sheet: its place among the sheets, and its name.
fn first_visible(sheets: &[calamine::Sheet]) -> Result<(usize, String)> {
    let shown = sheets.iter().enumerate().find(|(_, sheet)| sheet.visible == SheetVisible::Visible);
    let (index, sheet) = shown.context("the workbook has no sheet that is not hidden")?;
    Ok((index, sheet.name.clone()))
}

/// All cells of a range, as text.
fn text_of(sheet: &Range<Data>, text: impl Fn(&Data) -> String) -> Result<Vec<SheetRow>> {
    let mut grid = Grid::default();
    let (first_row, first_column) = sheet.start().unwrap_or_default();
    for (row, cells) in (first_row..).zip(sheet.rows()) {
        for (column, cell) in (first_column..).zip(cells) {
            grid.set(row, column, text(cell))?;
        }
    }
    Ok(grid.into_rows(&Hidden::default()))
}
