//! Workbooks of spreadsheet programs: the first sheet that is not hidden, with each cell as the service writes it.

mod hidden;
mod value;

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use calamine::{Data, Dimensions, Ods, Range, Reader, SheetVisible, Xls, Xlsx};

use super::file::ReadAt;
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

/// The rows of the sheet, as text.
pub(super) fn rows(file: &Arc<File>, kind: Kind) -> Result<Vec<Vec<String>>> {
    let size = file.metadata()?.len();
    if size > LARGEST {
        bail!("a spreadsheet may have 10 MB, and this one has {:.1}: save it as CSV", megabytes(size));
    }
    let mut bytes = Vec::new();
    ReadAt::new(file.clone(), 0).read_to_end(&mut bytes)?;
    let bytes = io::Cursor::new(bytes);
    let what = "the file is not a spreadsheet that can be read";
    match kind {
        Kind::Xlsx => {
            let mut hidden_from = bytes.clone();
            let mut book = Xlsx::new(BufReader::new(bytes)).context(what)?;
            let (index, name) = first_visible(book.sheets_metadata())?;
            let sheet = book.worksheet_range(&name).context(what)?;
            let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            hidden_from.rewind()?;
            let hidden = Hidden::of_sheet(hidden_from, index).context(what)?;
            Ok(text_of(&sheet, &merged, &hidden, value::as_xlsx))
        }
        Kind::Xls => {
            let mut book = Xls::new(bytes).context(what)?;
            let (_, name) = first_visible(book.sheets_metadata())?;
            let sheet = book.worksheet_range(&name).context(what)?;
            Ok(text_of(&sheet, &[], &Hidden::default(), value::as_xls))
        }
        Kind::Ods => {
            let mut book = Ods::new(BufReader::new(bytes)).context(what)?;
            let (_, name) = first_visible(book.sheets_metadata())?;
            let sheet = book.worksheet_range(&name).context(what)?;
            Ok(text_of(&sheet, &[], &Hidden::default(), value::as_xls))
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

/// Cells as text, without hidden ones. Each cell of a merged range has the value of its first.
fn text_of(
    sheet: &Range<Data>,
    merged: &[Dimensions],
    hidden: &Hidden,
    text: impl Fn(&Data) -> String,
) -> Vec<Vec<String>> {
    let Some((first_row, _)) = sheet.start() else { return Vec::new() };
    let Some((last_row, last_column)) = sheet.end() else { return Vec::new() };
    let last_row = merged.iter().map(|range| range.end.0).fold(last_row, u32::max);
    let last_column = merged.iter().map(|range| range.end.1).fold(last_column, u32::max);
    let columns: Vec<u32> = (0..=last_column).filter(|column| !hidden.has_column(*column)).collect();
    let shown = |row: u32, column: u32| {
        let merged = merged.iter().find(|range| range.contains(row, column));
        let place = merged.map_or((row, column), |range| range.start);
        sheet.get_value(place).map_or_else(String::new, &text)
    };
    (first_row..=last_row)
        .filter(|row| !hidden.has_row(*row))
        .map(|row| columns.iter().map(|column| shown(row, *column)).collect())
        .collect()
}
