//! Where the receipts of one message go.

use serde::Serialize;

use crate::InvalidRequest;
use crate::service::message::check_callback_url;

/// How many characters a bearer token must have at least.
const MIN_TOKEN_CHARACTERS: usize = 10;

/// Where the receipts of one message go, and the bearer token that they carry.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct StatusCallback {
    #[serde(rename = "status_callback_url", skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(rename = "status_callback_bearer_token", skip_serializing_if = "Option::is_none")]
    pub(super) bearer_token: Option<String>,
}

impl StatusCallback {
    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        if let Some(url) = &self.url {
            check_callback_url("status_callback_url", url, usize::MAX)?;
        }
        match &self.bearer_token {
            Some(token) if token.chars().count() < MIN_TOKEN_CHARACTERS => {
                Err(InvalidRequest::new("must have at least 10 characters")
                    .in_field("status_callback_bearer_token"))
            }
            _ => Ok(()),
        }
    }
}

/// Setters for a message that can have its own callback.
macro_rules! status_callback_options {
    () => {
        /// Has the receipts of this message posted to `url` instead of the service's own callback, with this bearer
        /// token. The URL must begin with `https`, and the token must have at least 10 characters.
        ///
        /// Verify them with [`CallbackToken`](crate::callback::CallbackToken). A receipt comes for every status, not
        /// only for the last.
        pub fn status_callback(mut self, url: impl Into<String>, bearer_token: impl Into<String>) -> Self {
            self.status_callback.url = Some(url.into());
            self.status_callback.bearer_token = Some(bearer_token.into());
            self
        }

        /// Has the receipts of this message carry another bearer token, of at least 10 characters. Their URL stays the
        /// same.
        pub fn status_callback_bearer_token(mut self, bearer_token: impl Into<String>) -> Self {
            self.status_callback.bearer_token = Some(bearer_token.into());
            self
        }
    };
}
pub(super) use status_callback_options;
