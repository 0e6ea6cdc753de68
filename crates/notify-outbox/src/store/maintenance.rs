//! Maintenance of a store: its activity, personal data, and retention.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::listing::{Listed, Listing};
use super::{Store, StoreError};

/// Looks after a store: its activity, what it keeps about a person, and for how long. Each method is one commit, as in
/// [`Store`].
pub trait Maintenance: Store {
    /// How old the oldest unfinished message is, and how many were sent lately. This is for people: it goes by the
    /// clock of the machine where the store is, and no rule depends on it.
    fn activity(&self) -> impl Future<Output = Result<Activity, StoreError>> + Send;

    /// A page of messages: which of them failed or are in doubt, and why.
    fn list(&self, which: Listing) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

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

/// The forms in which a text can appear in a payload: as it is, and as JSON may write it.
pub(crate) fn spellings(text: &str) -> [Vec<u8>; 3] {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let quoted = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default();
    let mut ascii = String::new();
    for character in quoted.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    [text.as_bytes().to_vec(), quoted.as_bytes().to_vec(), ascii.into_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_as_json_writes_it() {
        let spelled = spellings("Zoë \"Z\" 😀").map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(
            spelled,
            ["Zoë \"Z\" 😀", r#"Zoë \"Z\" 😀"#, r#"Zo\u00eb \"Z\" \ud83d\ude00"#].map(str::to_owned)
        );
        assert_eq!(spellings("+447900900123")[2], b"+447900900123");
    }

    #[test]
    fn debug_shows_nothing_of_a_stored_message() {
        let stored = StoredMessage { reference: "kim-17".to_owned(), payload: b"+447900900123".to_vec() };
        assert_eq!(format!("{stored:?}"), "StoredMessage { bytes: 13, .. }");
    }
}
