//! What only some services know about a message.

use uuid::Uuid;

/// Extra facts about a message.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Extras {
    /// Additional fields, as its service shows them.
    pub(crate) fields: serde_json::Map<String, serde_json::Value>,
    /// Where its receipt goes, instead of the service's own callback.
    pub(crate) callback: Option<MessageCallback>,
    /// It is scheduled for a time that never comes.
    pub(crate) is_scheduled: bool,
    /// Whether it came with a job.
    pub(crate) job: Option<Uuid>,
}

impl Extras {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.callback.is_none() && !self.is_scheduled && self.job.is_none()
    }
}

/// Where the receipt of one message goes.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct MessageCallback {
    pub(crate) url: Option<String>,
    /// The token, or the key that signs.
    pub(crate) secret: String,
}

/// `Debug` leaves out the secret.
impl std::fmt::Debug for MessageCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageCallback").finish_non_exhaustive()
    }
}
