//! What differs each time that a server answers: ids and times.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// Ids in any case, and times exactly as the service writes them. A time in any other format is not masked, and so
/// shows up as a difference.
pub(super) static ID_OR_TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?<id> [0-9A-Fa-f]{8} (?:-[0-9A-Fa-f]{4}){3} -[0-9A-Fa-f]{12} )
        | \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|\+00:00) ",
    )
    .expect("the pattern is a constant, and tests use it")
});

/// All ids and times in a text, as [`name`]s.
pub(super) fn ids_and_times(text: &str) -> impl Iterator<Item = String> {
    ID_OR_TIME.captures_iter(text).map(|found| name(&found))
}

/// The normal form of an id, which may be in any case, or of a time.
pub(super) fn name(found: &Captures<'_>) -> String {
    match found.name("id") {
        Some(id) => id.as_str().to_ascii_lowercase(),
        None => found[0].to_owned(),
    }
}
