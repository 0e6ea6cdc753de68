//! A message that is waited for.

use notify_http::ApiResponse;
use notify_http::model::{Notification, NotificationId, Status};

use crate::exit::CommandError;

/// A message, and what is known of it.
pub(super) struct PolledMessage {
    id: NotificationId,
    answer: Option<ApiResponse<Notification>>,
    failure: Option<CommandError>,
}

impl PolledMessage {
    pub(super) fn new(id: NotificationId) -> Self {
        Self { id, answer: None, failure: None }
    }

    pub(super) fn id(&self) -> NotificationId {
        self.id
    }

    /// The service's last answer.
    pub(super) fn answer(&self) -> Option<&ApiResponse<Notification>> {
        self.answer.as_ref()
    }

    pub(super) fn status(&self) -> Option<&Status> {
        self.answer.as_ref().map(|answer| &answer.status)
    }

    /// Takes an answer; `true` if its status is new.
    pub(super) fn answered(&mut self, answer: ApiResponse<Notification>) -> bool {
        let is_news = self.status() != Some(&answer.status);
        self.answer = Some(answer);
        is_news
    }

    /// Gives up on this message: asking again would not help.
    pub(super) fn refused(&mut self, failure: CommandError) {
        self.failure = Some(failure);
    }

    /// Whether there is nothing more to wait for.
    pub(super) fn is_over(&self) -> bool {
        self.failure.is_some() || self.status().is_some_and(|status| status.is_final() || fails(status))
    }

    pub(super) fn has_failed(&self) -> bool {
        self.status().is_some_and(fails)
    }

    /// Why the message could not be polled.
    pub(super) fn into_failure(self) -> Option<CommandError> {
        self.failure
    }
}

/// Whether a status says that the message will not arrive. The services have words of their own for that, such as
/// `provider-failure` and `pii-check-failed`.
pub(in super::super) fn fails(status: &Status) -> bool {
    let is_own_word = |word: &str| word.ends_with("-failure") || word.ends_with("-failed");
    status.is_failure() || matches!(status, Status::Other(word) if is_own_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_services_own_word_for_a_failure_is_one() {
        for (word, is_failure) in [
            ("provider-failure", true),
            ("pii-check-failed", true),
            ("virus-scan-failed", true),
            ("held", false),
        ] {
            assert_eq!(fails(&Status::from(word)), is_failure, "{word}");
        }
    }
}
