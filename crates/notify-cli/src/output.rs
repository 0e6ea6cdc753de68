//! The answer, on stdout.

pub(crate) mod csv;
pub(crate) mod fields;
pub(crate) mod json;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod value;

use std::io::{self, Write};

use notify_http::RawResponse;
use notify_http::model::UnreadableItem;

use crate::args::{Format, Options};
use crate::exit::CommandError;
use csv::Columns;
use fields::Fields;
use style::FAINT;
use text::escape;

/// Prints an answer: its fields for people, a row with these columns, or the service's own JSON.
pub(crate) fn answer(
    options: &Options,
    raw: &RawResponse,
    fields: &Fields,
    columns: Columns,
) -> Result<(), CommandError> {
    match options.format() {
        Format::Text => print_styled(&fields.to_string()),
        Format::Csv => print(csv::table(columns, raw)?.as_bytes()),
        format => print(json::answer(format, raw)?.as_bytes()),
    }
}

/// What is printed in place of the rows of an empty table.
pub(crate) fn empty(what: &str) -> String {
    format!("{FAINT}{what}{FAINT:#}\n")
}

/// Says what a table leaves out because it cannot be read. In JSON it appears as the service wrote it.
pub(crate) fn say_left_out<'i>(items: impl IntoIterator<Item = &'i UnreadableItem>) {
    for item in items {
        // If stderr is closed, nobody wants to read this.
        let _ = writeln!(
            anstream::stderr().lock(),
            "left out because it cannot be read: {}; use --output jsonl to see it",
            escape(&item.problem)
        );
    }
}

/// Prints text that may be styled. The styles reach only terminals, and none under `NO_COLOR`.
pub(crate) fn print_styled(text: &str) -> Result<(), CommandError> {
    write(anstream::stdout().lock(), text.as_bytes())
}

/// Prints bytes unchanged.
pub(crate) fn print(bytes: &[u8]) -> Result<(), CommandError> {
    write(io::stdout().lock(), bytes)
}

/// Writes and flushes, so that output before a wait is seen at once.
fn write(mut stdout: impl Write, bytes: &[u8]) -> Result<(), CommandError> {
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CommandError::from_output)
}
