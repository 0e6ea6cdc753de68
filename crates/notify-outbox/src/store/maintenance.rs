//! Maintenance of a store: its activity, personal data, and retention.

use std::fmt;
use std::time::Duration;

use super::listing::{ListRequest, ListedMessage};
use super::{Store, StoreError};

/// Looks after a store: its activity, what it keeps about a person, and for how long. Each method is one commit, as in
/// [`Store`].
pub trait Maintenance: Store {
    /// How old the oldest unfinished message is, and how many were sent lately. This is for people: it goes by the
    /// clock of the machine where the store is, and no rule depends on it.
    fn activity(&self) -> impl Future<Output = Result<Activity, StoreError>> + Send;

    /// A page of messages: which of them failed or are in doubt, and why.
    fn list(&self, which: ListRequest)
    -> impl Future<Output = Result<Vec<ListedMessage>, StoreError>> + Send;

    /// The messages whose payload contains this text, such as a phone number as it was put.
    ///
    /// A payload is erased as soon as its message is finished. So only messages that are still to be sent, in doubt, or
    /// waiting for a decision contain anything about a person.
    fn export(&self, text: &str) -> impl Future<Output = Result<Vec<StoredMessage>, StoreError>> + Send;

    /// Erases the messages whose payload contains this text. They will not be sent, and their references are free
    /// again. Messages on their way or being looked up stay until they are finished, and are erased then.
    fn erase(&self, text: &str) -> impl Future<Output = Result<Erased, StoreError>> + Send;

    /// Forgets messages that were finished longer ago than this, up to ten thousand at once, and returns how many. If a
    /// producer puts one of them again, it is a new message.
    fn forget_finished(
        &self,
        longer_ago_than: Duration,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// Erases the payloads of messages that were put longer ago than this and are still not sent, up to ten thousand at
    /// once, and returns how many. Such a message fails when its turn comes. Messages on their way or being looked up
    /// keep theirs.
    fn erase_payloads(
        &self,
        longer_ago_than: Duration,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;
}

/// The activity of a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activity {
    /// How long ago the oldest unfinished message was put, including those that wait for a person.
    pub oldest: Option<Duration>,
    /// How many were sent within the last minute.
    pub sent_last_minute: u64,
}

/// A message that a store keeps, with its payload.
///
/// `Debug` shows neither reference nor payload.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// The reference.
    pub reference: String,
    /// The message, as it was put.
    pub payload: Vec<u8>,
}

impl fmt::Debug for StoredMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredMessage").field("bytes", &self.payload.len()).finish_non_exhaustive()
    }
}

/// How many messages were erased, and how many stayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Erased.
    pub erased: u64,
    /// Left until they are finished.
    pub left: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_stored_message() {
        let stored = StoredMessage { reference: "kim-17".to_owned(), payload: b"+447900900123".to_vec() };
        assert_eq!(format!("{stored:?}"), "StoredMessage { bytes: 13, .. }");
    }
}
