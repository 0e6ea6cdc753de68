//! What a producer puts into a store.

use std::fmt;

/// The longest reference, in bytes: the longest that can be looked up.
pub const LONGEST_REFERENCE: usize = 255;

/// A message to be sent.
///
/// `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Intent {
    reference: String,
    tag: Vec<u8>,
    payload: Option<Vec<u8>>,
}

impl Intent {
    /// A message with this reference, which no other message of the service has or will have.
    ///
    /// A producer that may put the message again after a crash makes the reference from what it already knows, such as
    /// the number of an appointment and the kind of message. Then it is the same message.
    ///
    /// # Errors
    ///
    /// If the reference is empty, longer than [`LONGEST_REFERENCE`] bytes, or has control characters.
    pub fn new(reference: impl Into<String>) -> Result<Self, InvalidIntent> {
        let reference = reference.into();
        let rule = if reference.is_empty() {
            "must not be empty"
        } else if reference.len() > LONGEST_REFERENCE {
            "must not be longer than 255 bytes"
        } else if reference.chars().any(char::is_control) {
            "must not have control characters"
        } else {
            return Ok(Self { reference, tag: Vec::new(), payload: None });
        };
        Err(InvalidIntent { rule })
    }

    /// Sets the message to send. It is erased as soon as the message is finished. Without a payload, the client must
    /// know from the tag what to send.
    #[must_use]
    pub fn payload(self, payload: impl Into<Vec<u8>>) -> Self {
        Self { payload: Some(payload.into()), ..self }
    }

    /// Sets what is kept with the message for as long as its row exists, such as a line number. It must not be personal
    /// data.
    #[must_use]
    pub fn tag(self, tag: impl Into<Vec<u8>>) -> Self {
        Self { tag: tag.into(), ..self }
    }

    /// The reference.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    pub(crate) fn into_parts(self) -> (String, Vec<u8>, Option<Vec<u8>>) {
        (self.reference, self.tag, self.payload)
    }
}

impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intent").finish_non_exhaustive()
    }
}

/// Why a message cannot be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reference {rule}")]
pub struct InvalidIntent {
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_can_always_be_looked_up() {
        for (reference, why) in [
            (String::new(), "empty"),
            ("r".repeat(256), "longer"),
            ("a\0b".to_owned(), "control"),
            ("a\nb".to_owned(), "control"),
        ] {
            assert!(Intent::new(reference).unwrap_err().to_string().contains(why));
        }
        assert!(Intent::new("é".repeat(127)).is_ok());
    }

    #[test]
    fn debug_shows_nothing_of_a_message() {
        let intent = Intent::new("kim-17").unwrap().payload("+447900900123").tag("line 5");
        assert_eq!(format!("{intent:?}"), "Intent { .. }");
    }
}
