//! In which form errors are reported: for people, or as JSON.

use std::sync::atomic::{AtomicBool, Ordering};

/// An error can come up before the arguments are read, and while several calls run.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Has errors reported as JSON, or for people.
pub(crate) fn set_json(is_json: bool) {
    IS_JSON.store(is_json, Ordering::Relaxed);
}

/// Whether to print an error as one JSON object on the first line of stderr.
pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}
