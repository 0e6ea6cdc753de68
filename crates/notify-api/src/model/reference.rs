//! The text by which a message can be found.

use serde::Serialize;
use uuid::Uuid;

use crate::InvalidRequest;

/// How many characters a reference may have. That of a precompiled letter may be longer.
const MAX_CHARACTERS: usize = 1_000;

/// The text by which a message can be found, and whether no other message of the service has it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Reference {
    text: String,
    #[serde(skip)]
    is_unique: bool,
}

impl Reference {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_unique: false }
    }

    pub(crate) fn unique(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_unique: true }
    }

    pub(crate) fn generate() -> Self {
        Self::unique(Uuid::new_v4().hyphenated().to_string())
    }

    pub(crate) fn into_unique(self) -> Self {
        Self { is_unique: true, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether no other message has it.
    pub(crate) fn is_unique(&self) -> bool {
        self.is_unique
    }

    /// Checks what the service checks for every message made from a template.
    pub(crate) fn check(&self) -> Result<(), InvalidRequest> {
        if self.text.chars().count() > MAX_CHARACTERS {
            let reason = "must not be longer than 1,000 characters";
            return Err(InvalidRequest::new(reason).in_field("reference"));
        }
        self.check_characters()
    }

    /// Checks what holds for all references: the service's database refuses U+0000, and the service then answers with
    /// an internal error.
    pub(crate) fn check_characters(&self) -> Result<(), InvalidRequest> {
        if self.text.contains('\0') {
            return Err(InvalidRequest::new("must not contain the character U+0000").in_field("reference"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_up_to_a_thousand_characters_and_not_bytes() {
        assert_eq!(Reference::new("é".repeat(1_000)).check(), Ok(()));
        let long = Reference::new("r".repeat(1_001));
        let error = long.check().unwrap_err();
        assert_eq!(error.to_string(), "reference must not be longer than 1,000 characters");
        assert_eq!(error.field(), Some("reference"));
        assert_eq!(long.check_characters(), Ok(()));
        assert!(Reference::new("a\0b").check().is_err());
    }
}
