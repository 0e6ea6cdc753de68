//! Tables recorded beside the exchanges.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::recording::folder;

/// One table, by its path in `wire/`, such as `cases/sms_fragments.json`.
///
/// # Errors
///
/// If it is missing or not JSON.
pub fn table(path: &str) -> Result<Value> {
    let path = folder().join(path);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}
