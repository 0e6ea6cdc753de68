//! Values that this program makes itself, in the formats for scripts.

use serde_json::{Value, json};

use super::csv::{self, Columns};
use super::json::{line, lines};
use super::print;
use crate::args::Format;
use crate::exit::CommandError;

/// One value: over several lines, on one, or as a row with these columns.
pub(crate) fn one(format: Format, value: &Value, columns: Columns) -> Result<String, CommandError> {
    Ok(match format {
        Format::Csv => csv::header(columns)? + &csv::row_of(columns, value)?,
        Format::Json => lines(&format!("{value:#}")),
        Format::Text | Format::Jsonl => line(&value.to_string()),
    })
}

/// A list: as one object that holds it under this name, or with a line or a row for each item.
pub(crate) fn list(
    format: Format,
    name: &str,
    items: &[Value],
    columns: Columns,
) -> Result<String, CommandError> {
    if format == Format::Json {
        return one(format, &json!({ name: items }), columns);
    }
    let rows: Result<String, CommandError> = items.iter().map(|item| next(format, item, columns)).collect();
    Ok(if format == Format::Csv { csv::header(columns)? + &rows? } else { rows? })
}

fn next(format: Format, value: &Value, columns: Columns) -> Result<String, CommandError> {
    match format {
        Format::Csv => csv::row_of(columns, value),
        _ => Ok(line(&value.to_string())),
    }
}

/// Values that are printed as they come: a line or a row for each.
#[derive(Clone, Copy)]
pub(crate) struct Stream(Format, Columns);

impl Stream {
    /// Begins to print: the header, if the format has one.
    pub(crate) fn begin(format: Format, columns: Columns) -> Result<Self, CommandError> {
        if format == Format::Csv {
            print(csv::header(columns)?.as_bytes())?;
        }
        Ok(Self(format, columns))
    }

    /// Prints the next value.
    pub(crate) fn print(self, value: &Value) -> Result<(), CommandError> {
        print(next(self.0, value, self.1)?.as_bytes())
    }
}
