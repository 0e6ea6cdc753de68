//! The cells of tables. No service shows them, but their contents count: a note gets its number where it is first
//! referred to.

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::render::mistune::pattern::{Captures, group, pattern};

/// The cells of a table in reading order. In a closed table, each line begins with a bar.
pub(super) fn cells(found: &Captures<'_>, is_closed: bool) -> Vec<String> {
    static HEADER_ENDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ *| *\| *$"));
    static ROW_ENDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ *\| *| *\| *$"));
    static BAR: LazyLock<Regex> = LazyLock::new(|| pattern(r" *\| *"));
    static ROW_BAR: LazyLock<Regex> = LazyLock::new(|| pattern(r" *(?<!\\)\| *"));
    let header = HEADER_ENDS.replace_all(group(found, 1), "");
    let mut cells = split(&BAR, &header);
    let rows = group(found, 3);
    let rows = rows.strip_suffix('\n').map_or(rows, |rows| {
        if is_closed {
            rows.trim_end_matches(' ').strip_suffix('|').map_or(rows, |row| row.trim_end_matches(' '))
        } else {
            rows
        }
    });
    for row in rows.split('\n') {
        let row = if is_closed { ROW_ENDS.replace_all(row, "") } else { row.into() };
        cells.extend(split(&ROW_BAR, &row).into_iter().map(|cell| cell.replace(r"\|", "|")));
    }
    cells
}

fn split(at: &Regex, text: &str) -> Vec<String> {
    at.split(text).filter_map(Result::ok).map(str::to_owned).collect()
}
