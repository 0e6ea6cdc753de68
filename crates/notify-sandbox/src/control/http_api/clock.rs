//! The clock in JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, Result};
use crate::time::{Clock, Timestamp};

/// A change of the clock. `set` applies first, then `advance_seconds`, then `frozen`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockChange {
    /// A moment as in `2026-11-23T10:42:43Z`.
    #[serde(default)]
    set: Option<Timestamp>,
    /// Seconds forward; back, if negative.
    #[serde(default)]
    advance_seconds: f64,
    #[serde(default)]
    frozen: Option<bool>,
}

pub(super) fn show(clock: &Clock) -> Value {
    json!({ "now": clock.timestamp(), "frozen": clock.is_frozen() })
}

pub(super) fn change(clock: &Clock, change: &ClockChange) -> Result<()> {
    let span = Duration::try_from_secs_f64(change.advance_seconds.abs())
        .map_err(|error| RequestError::Malformed(format!("advance_seconds: {error}")))?;
    if let Some(moment) = change.set {
        clock.set(moment.into());
    }
    if change.advance_seconds < 0.0 {
        clock.set_back(span);
    } else {
        clock.advance(span);
    }
    match change.frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.run(),
        None => {}
    }
    Ok(())
}
