//! One request's answer, taken in pieces of any size.

use crate::answer::{Contents, Reader, Sought};
use crate::http::{Age, Head, RetryAfter};
use crate::json::Json;

/// The longest wait that an answer can ask for. One wrong header must not silence a device.
pub(crate) const LONGEST_RETRY_AFTER: u32 = 5 * 60;

/// An answer as far as it has arrived.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) head: Head,
    json: Json,
    pub(crate) contents: Contents,
}

impl Exchange {
    pub(crate) const fn new() -> Self {
        Self { head: Head::new(), json: Json::new(), contents: Contents::nothing() }
    }

    /// Starts anew, for the next request.
    pub(crate) fn reset(&mut self) {
        self.head = Head::new();
        self.json.reset();
        self.contents = Contents::nothing();
    }

    /// Takes a piece. Returns whether the answer is over: it is complete, or is not an answer.
    pub(crate) fn feed(&mut self, piece: &[u8], sought: Sought<'_>) -> bool {
        for byte in piece {
            if let Some(byte) = self.head.feed(*byte) {
                self.json.feed(byte, &mut Reader { contents: &mut self.contents, sought });
            }
        }
        self.head.is_whole() || self.head.is_broken()
    }

    /// The connection was closed. Returns whether the answer is complete.
    pub(crate) fn close(&mut self) -> bool {
        self.head.close();
        self.head.is_whole()
    }

    /// The status, if the answer is complete.
    pub(crate) fn status(&self) -> Option<u16> {
        self.head.is_whole().then_some(self.head.status)
    }

    /// What the body said, if it was JSON from beginning to end.
    pub(crate) fn contents(&self) -> Option<&Contents> {
        (self.head.is_whole() && self.json.is_whole()).then_some(&self.contents)
    }

    /// Whether it comes from a cache, so that it does not answer this request.
    pub(crate) fn is_kept(&self) -> bool {
        self.head.age == Age::Kept
    }

    /// How many seconds it asks to wait, if the service's time is `believed`.
    pub(crate) fn retry_after(&self, believed: u64) -> u32 {
        let asked = match self.head.retry_after {
            None => 0,
            Some(RetryAfter::Seconds(seconds)) => seconds,
            Some(RetryAfter::Date(date)) => {
                let wait = date.saturating_sub(self.head.date.unwrap_or(believed));
                u32::try_from(wait).unwrap_or(u32::MAX)
            }
        };
        asked.min(LONGEST_RETRY_AFTER)
    }
}
