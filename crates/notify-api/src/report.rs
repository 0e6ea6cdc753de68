//! The attempts and the time of a call.

use std::time::Duration;

use crate::Operation;

/// The attempts and the time that a call has taken so far: part of every answer and every error.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) operation: Operation,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// The reference under which the message can be looked up, if it has one.
    pub(crate) reference: Option<String>,
}

impl Report {
    /// The report of a call that has not begun, or whose answer is being read.
    pub(crate) fn before(operation: &Operation) -> Self {
        Self { operation: operation.clone(), attempts: 0, elapsed: Duration::ZERO, reference: None }
    }
}
