//! Checks a callback, prints it, and answers it.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::io::Write as _;

use notify_http::callback::{Callback, CallbackError};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::forward::Forward;
use super::proof::Proof;
use crate::args::Format;
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::style::{self, BAD, FAINT, GOOD};
use crate::output::text::escape;
use crate::output::value::Stream;
use crate::output::{json, print, print_styled};
use crate::progress::time_of_day;

/// How many callbacks are remembered, to recognise repetitions.
const REMEMBERED: usize = 10_000;

/// The columns of a row, for a callback of any kind.
const COLUMNS: Columns = &[
    ("id", "/id"),
    ("notification_id", "/notification_id"),
    ("reference", "/reference"),
    ("notification_type", "/notification_type"),
    ("status", "/status"),
    ("to", "/to"),
    ("template_id", "/template_id"),
    ("template_version", "/template_version"),
    ("created_at", "/created_at"),
    ("sent_at", "/sent_at"),
    ("completed_at", "/completed_at"),
    ("source_number", "/source_number"),
    ("destination_number", "/destination_number"),
    ("message", "/message"),
    ("date_received", "/date_received"),
    ("date_sent", "/date_sent"),
    ("complaint_id", "/complaint_id"),
    ("complaint_date", "/complaint_date"),
];

/// Takes callbacks.
pub(super) struct Receiver {
    proof: Proof,
    forward: Option<Forward>,
    format: Format,
    rows: Stream,
    seen: RefCell<Seen>,
}

/// The keys of the latest callbacks, oldest first.
#[derive(Default)]
struct Seen {
    keys: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether this one came before.
    fn has(&mut self, key: String) -> bool {
        if !self.keys.insert(key.clone()) {
            return true;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        false
    }
}

impl Receiver {
    /// Begins to print what is received.
    pub(super) fn begin(
        proof: Proof,
        forward: Option<Forward>,
        format: Format,
    ) -> Result<Self, CommandError> {
        let rows = Stream::begin(format, COLUMNS)?;
        Ok(Self { proof, forward, format, rows, seen: RefCell::default() })
    }

    /// The status with which to answer a request. Fails if nobody reads the output any more.
    pub(super) async fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, CommandError> {
        let callback = match self.proof.verify(headers, body) {
            Ok(callback) => callback,
            Err(error) => {
                // The error shows the names of fields, but no values.
                say(&format!("{BAD}refused{BAD:#} {}", escape(&error.to_string())));
                return Ok(match error {
                    CallbackError::Unauthorized => StatusCode::UNAUTHORIZED,
                    CallbackError::Empty => StatusCode::BAD_REQUEST,
                    // The service posts it again, when a newer version may be able to read it.
                    _ => StatusCode::SERVICE_UNAVAILABLE,
                });
            }
        };
        let is_repeated = self.seen.borrow_mut().has(callback.deduplication_key());
        self.print(&callback, body, is_repeated)?;
        Ok(match &self.forward {
            None => StatusCode::NO_CONTENT,
            Some(forward) => pass_on(forward, headers, body).await,
        })
    }

    fn print(&self, callback: &Callback, body: &[u8], is_repeated: bool) -> Result<(), CommandError> {
        match self.format {
            Format::Text => {}
            // A verified callback is JSON.
            Format::Csv => return self.rows.print(&serde_json::from_slice(body).unwrap_or_default()),
            // As the service wrote it.
            Format::Json | Format::Jsonl => {
                return print(json::line(&String::from_utf8_lossy(body)).as_bytes());
            }
        }
        let again = if is_repeated { " (again)" } else { "" };
        let time = time_of_day(std::time::SystemTime::now());
        print_styled(&format!("{FAINT}{time}{FAINT:#}  {}{FAINT}{again}{FAINT:#}\n", described(callback)))
    }
}

/// Posts a callback on, and returns the answer.
async fn pass_on(forward: &Forward, headers: &HeaderMap, body: &[u8]) -> StatusCode {
    match forward.post(headers, body.to_vec()).await {
        Ok(status) => {
            let style = if status.is_success() { GOOD } else { BAD };
            say(&format!("forwarded: {style}{}{style:#}", status.as_u16()));
            status
        }
        Err(error) => {
            let reason = if error.is_timeout() { "it took too long" } else { "it cannot be reached" };
            say(&format!("{BAD}not forwarded{BAD:#}: {reason}; the service will post it again"));
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// A callback, for people to read.
fn described(callback: &Callback) -> String {
    match callback {
        Callback::DeliveryReceipt(receipt) => {
            let style = style::of_status(&receipt.status);
            let to = receipt.to.as_deref().map(|to| format!(" to {}", escape(to))).unwrap_or_default();
            let status = receipt.status.as_str();
            format!("delivery receipt  {}{to}: {style}{}{style:#}", receipt.id, escape(status))
        }
        Callback::ReceivedText(text) => format!(
            "received text     {} from {}: {}",
            text.id,
            escape(&text.source_number),
            escape(&text.message)
        ),
        Callback::ReturnedLetter(letter) => format!("returned letter   {}", letter.notification_id),
        Callback::Complaint(complaint) => {
            let to = complaint.to.as_deref().map(|to| format!(" by {}", escape(to))).unwrap_or_default();
            format!("complaint         {}{to}", complaint.notification_id)
        }
        other => escape(&format!("{other:?}")).into_owned(),
    }
}

/// Prints a line that is not an answer.
pub(super) fn say(line: &str) {
    // If stderr is closed, nobody wants to read this.
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_callbacks_are_remembered() {
        let mut seen = Seen::default();
        for number in 0..=REMEMBERED {
            assert!(!seen.has(number.to_string()));
        }
        assert!(seen.has("1".to_owned()));
        assert!(!seen.has("0".to_owned()), "it was forgotten");
    }
}
