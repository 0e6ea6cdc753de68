//! The answer, on stdout.

pub(crate) mod fields;
pub(crate) mod json;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;

use std::io::{self, Write};

use notify_http::RawResponse;
use notify_http::model::UnreadableItem;

use crate::args::{Format, Options};
use crate::exit::Failure;
use fields::Fields;
use text::escape;

/// Writes an answer: its fields for people, or the service's own JSON.
pub(crate) fn answer(options: &Options, raw: &RawResponse, fields: &Fields) -> Result<(), Failure> {
    match options.format() {
        Format::Text => print_styled(&fields.to_string()),
        format => print(json::answer(format, raw)?.as_bytes()),
    }
}

/// Says what a table leaves out, since it cannot be read; in JSON it is there as the service wrote it.
pub(crate) fn say_left_out<'i>(items: impl IntoIterator<Item = &'i UnreadableItem>) {
    for item in items {
        // Whoever closed stderr does not want to hear it.
        let _ = writeln!(
            anstream::stderr().lock(),
            "left out, since it cannot be read: {}; --output jsonl shows it",
            escape(&item.fault)
        );
    }
}

/// Writes text that may be styled; the styles reach a terminal only, and not under `NO_COLOR`.
pub(crate) fn print_styled(text: &str) -> Result<(), Failure> {
    write(anstream::stdout().lock(), text.as_bytes())
}

/// Writes bytes as they stand.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    write(io::stdout().lock(), bytes)
}

/// Writes and flushes, so that what is followed by a wait is seen at once.
fn write(mut stdout: impl Write, bytes: &[u8]) -> Result<(), Failure> {
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(Failure::from_output)
}
