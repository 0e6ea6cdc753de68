//! Tables of what the real service said, read where they lie. They are no part of the project: where they are absent, a
//! test says so and passes over them.

use serde_json::Value;
use std::path::PathBuf;

/// One table of cases, or `None` where the tables are absent.
pub(crate) fn read(table: &str) -> Option<Value> {
    let folder = std::env::var_os("NOTIFY_CONTRACT_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/contract")),
        PathBuf::from,
    );
    let path = folder.join("cases").join(table);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the tables are JSON")),
        Err(error) => {
            eprintln!(
                "passed over: {table} is not at hand ({error}); set NOTIFY_CONTRACT_DIR to compare with it"
            );
            None
        }
    }
}

/// The cases of a table; none where the tables are absent.
pub(crate) fn cases(table: &str) -> Vec<Value> {
    let Some(Value::Object(mut table)) = read(table) else { return Vec::new() };
    match table.remove("cases") {
        Some(Value::Array(cases)) => cases,
        _ => panic!("a table has cases"),
    }
}
