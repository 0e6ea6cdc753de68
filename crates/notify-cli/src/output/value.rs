//! Values that this program makes itself, as JSON.

use serde_json::{Value, json};

use super::json::{line, lines};
use crate::args::Format;

/// One value: over several lines, or on one.
pub(crate) fn one(format: Format, value: &Value) -> String {
    if format == Format::Json { lines(&format!("{value:#}")) } else { line(&value.to_string()) }
}

/// A list: as one object that holds it under this name, or with a line for each item.
pub(crate) fn list(format: Format, name: &str, items: &[Value]) -> String {
    if format == Format::Json {
        return one(format, &json!({ name: items }));
    }
    items.iter().map(|item| line(&item.to_string())).collect()
}
