//! How far a message has come.

use super::word::words;

words!(
    /// How far a message has come.
    ///
    /// Text messages and e-mails go through `created`, `sending`, `delivered`; letters through `accepted`, `received`.
    Status {
        /// Taken by the service, not yet handed to a provider.
        Created = "created",
        /// Handed to a provider.
        Sending = "sending",
        /// A text message whose provider has not heard back from the network.
        Pending = "pending",
        /// An international text message that was handed over. No receipt will come.
        Sent = "sent",
        /// Delivered.
        Delivered = "delivered",
        /// Any failure. The service now uses a more exact word.
        Failed = "failed",
        /// The recipient does not exist. Sending again will not help.
        PermanentFailure = "permanent-failure",
        /// The recipient could not be reached for now. Sending again may help.
        TemporaryFailure = "temporary-failure",
        /// Something failed between the service and its provider. Send again.
        TechnicalFailure = "technical-failure",
        /// A letter taken by the service.
        Accepted = "accepted",
        /// A letter that was printed and posted.
        Received = "received",
        /// A letter that was cancelled.
        Cancelled = "cancelled",
        /// A precompiled letter that is waiting for its virus check.
        PendingVirusCheck = "pending-virus-check",
        /// A precompiled letter that did not pass its virus check.
        VirusScanFailed = "virus-scan-failed",
        /// A precompiled letter that breaks the letter specification.
        ValidationFailed = "validation-failed",
        /// A letter that came back. Only filters use this word; the message itself shows `received`.
        ReturnedLetter = "returned-letter",
    }
);

impl Status {
    /// Whether the status is final.
    ///
    /// An unknown word does not count as final.
    pub fn is_final(&self) -> bool {
        !matches!(
            self,
            Self::Created
                | Self::Sending
                | Self::Pending
                | Self::Accepted
                | Self::PendingVirusCheck
                | Self::Other(_)
        )
    }

    /// Whether the message will not arrive.
    pub fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::Failed
                | Self::PermanentFailure
                | Self::TemporaryFailure
                | Self::TechnicalFailure
                | Self::Cancelled
                | Self::VirusScanFailed
                | Self::ValidationFailed
                | Self::ReturnedLetter
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_word_is_kept() {
        let status: Status = serde_json::from_str("\"held-by-dragon\"").unwrap();
        assert_eq!(status, Status::Other("held-by-dragon".to_owned()));
        assert_eq!(serde_json::to_string(&status).unwrap(), "\"held-by-dragon\"");
        assert!(!status.is_final() && !status.is_failure());
    }

    #[test]
    fn a_new_word_reaches_no_terminal_raw() {
        let status = Status::from("\u{1b}[2J");
        assert_eq!(status.as_str(), "\u{1b}[2J");
        assert_eq!(status.to_string(), r"\u{1b}[2J");
    }

    #[test]
    fn a_message_that_arrived_is_final_and_no_failure() {
        for word in ["delivered", "sent", "received"] {
            let status = Status::from(word);
            assert!(status.is_final() && !status.is_failure(), "{word}");
        }
    }
}
