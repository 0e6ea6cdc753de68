//! The text by which a message can be found.

use serde::Serialize;
use uuid::Uuid;

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

    /// The text, if no other message has it.
    pub(crate) fn if_unique(&self) -> Option<&str> {
        self.is_unique.then_some(&*self.text)
    }
}
