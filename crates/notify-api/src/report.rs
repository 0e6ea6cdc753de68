//! What a call took.

use std::time::Duration;

use crate::Operation;

/// What it took to come this far: part of every answer and every error.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) operation: Operation,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// The reference under which the message can be looked up, if it has one.
    pub(crate) reference: Option<String>,
}
