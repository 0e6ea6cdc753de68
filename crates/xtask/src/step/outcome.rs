//! What became of a step.

use std::time::Duration;

/// What became of a step.
pub(super) struct Outcome {
    /// Its name.
    pub(super) name: &'static str,
    /// How long it ran.
    pub(super) took: Duration,
    /// Why it failed, if it did.
    pub(super) failure: Option<String>,
}

impl Outcome {
    pub(super) fn verdict(&self) -> &'static str {
        if self.failure.is_some() { "FAILED" } else { "ok" }
    }

    pub(super) fn took(&self) -> String {
        format!("{:.1} s", self.took.as_secs_f64())
    }
}
