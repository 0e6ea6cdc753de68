//! The statuses of a message, and the order in which it goes through them.

use crate::world::MessageType;

/// The status of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Accepted, not yet with a provider.
    Created,
    /// With a provider.
    Sending,
    /// With a provider abroad that sends no receipts.
    Sent,
    /// Received by the phone, the mailbox or the letter box.
    Delivered,
    /// The provider could not say yet.
    Pending,
    /// Failed, in the terms of an older version of the service.
    Failed,
    /// Failed inside the service.
    TechnicalFailure,
    /// The recipient could not be reached this time.
    TemporaryFailure,
    /// The recipient does not exist.
    PermanentFailure,
    /// A PDF that is being checked for viruses.
    PendingVirusCheck,
    /// A PDF that cannot be printed.
    ValidationFailed,
    /// A PDF with a virus.
    VirusScanFailed,
    /// A letter that came back.
    ReturnedLetter,
    /// A letter that was stopped before printing.
    Cancelled,
}

impl Status {
    /// The word for the state inside the service, which is also what a text message or an e-mail shows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::TechnicalFailure => "technical-failure",
            Self::TemporaryFailure => "temporary-failure",
            Self::PermanentFailure => "permanent-failure",
            Self::PendingVirusCheck => "pending-virus-check",
            Self::ValidationFailed => "validation-failed",
            Self::VirusScanFailed => "virus-scan-failed",
            Self::ReturnedLetter => "returned-letter",
            Self::Cancelled => "cancelled",
        }
    }

    /// The word that a message of this type shows: letters have words of their own.
    pub(crate) const fn shown_for(self, message: MessageType) -> &'static str {
        match (message, self) {
            (MessageType::Letter, Self::Created | Self::Sending) => "accepted",
            (MessageType::Letter, Self::Delivered | Self::ReturnedLetter) => "received",
            _ => self.as_str(),
        }
    }

    /// Whether this word selects or shows this status for some type of message.
    pub(crate) fn may_show_as(self, word: &str) -> bool {
        let types = [MessageType::Sms, MessageType::Email, MessageType::Letter];
        types.into_iter().any(|message| self.has_word(word, message))
    }

    /// Whether the word stands for this status of a message of this type, inside the service or in its answers.
    pub(crate) fn has_word(self, word: &str, message: MessageType) -> bool {
        self.matches(word) || word == self.as_str() || word == self.shown_for(message)
    }

    /// Whether the time of the last change is shown as the time of completion.
    pub(crate) const fn is_completed(self) -> bool {
        !matches!(
            self,
            Self::Created | Self::Sending | Self::Pending | Self::PendingVirusCheck | Self::VirusScanFailed
        )
    }

    /// Whether the service posts a receipt when a text message or an e-mail reaches this status.
    pub(crate) const fn gets_receipt(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::TechnicalFailure | Self::TemporaryFailure | Self::PermanentFailure
        )
    }

    /// The status that a word stands for.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        const ALL: [Status; 14] = [
            Status::Created,
            Status::Sending,
            Status::Sent,
            Status::Delivered,
            Status::Pending,
            Status::Failed,
            Status::TechnicalFailure,
            Status::TemporaryFailure,
            Status::PermanentFailure,
            Status::PendingVirusCheck,
            Status::ValidationFailed,
            Status::VirusScanFailed,
            Status::ReturnedLetter,
            Status::Cancelled,
        ];
        ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a word is a status, or covers several.
    pub(crate) fn is_filter(word: &str) -> bool {
        matches!(word, "accepted" | "received") || Self::from_word(word).is_some()
    }

    /// Whether a filter of a list selects this state, for a message of any type.
    pub(crate) fn matches(self, filter: &str) -> bool {
        match filter {
            "failed" => matches!(
                self,
                Self::TechnicalFailure
                    | Self::TemporaryFailure
                    | Self::PermanentFailure
                    | Self::ValidationFailed
                    | Self::VirusScanFailed
                    | Self::ReturnedLetter
            ),
            "accepted" => matches!(self, Self::Created | Self::Sending),
            "received" => self == Self::Delivered,
            word => self.as_str() == word,
        }
    }
}

/// The states that a message goes through by itself, one step of time apart; the last stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Journey(&'static [Status]);

impl Journey {
    /// ```text
    /// created ─► sending ─► delivered
    /// ```
    pub(crate) const DELIVERED: Self = Self(&[Status::Created, Status::Sending, Status::Delivered]);
    pub(crate) const TEMPORARY_FAILURE: Self =
        Self(&[Status::Created, Status::Sending, Status::TemporaryFailure]);
    pub(crate) const PERMANENT_FAILURE: Self =
        Self(&[Status::Created, Status::Sending, Status::PermanentFailure]);
    pub(crate) const TECHNICAL_FAILURE: Self =
        Self(&[Status::Created, Status::Sending, Status::TechnicalFailure]);
    /// With a provider that never says more.
    pub(crate) const SENDING: Self = Self(&[Status::Created, Status::Sending]);
    /// For a time that never comes.
    pub(crate) const WAITING: Self = Self(&[Status::Created]);
    /// Abroad, where nobody sends receipts.
    pub(crate) const SENT: Self = Self(&[Status::Created, Status::Sent]);
    /// A letter that is never printed starts where printing would have ended.
    pub(crate) const TEST_LETTER: Self = Self(&[Status::Sending, Status::Sending, Status::Delivered]);
    /// ```text
    /// pending-virus-check ─┬─► created ─► sending ─► delivered
    ///                      ├─► delivered                          (test key)
    ///                      ├─► virus-scan-failed
    ///                      └─► validation-failed
    /// ```
    pub(crate) const PDF_PRINTED: Self =
        Self(&[Status::PendingVirusCheck, Status::Created, Status::Sending, Status::Delivered]);
    pub(crate) const PDF_TESTED: Self = Self(&[Status::PendingVirusCheck, Status::Delivered]);
    pub(crate) const PDF_WITH_VIRUS: Self = Self(&[Status::PendingVirusCheck, Status::VirusScanFailed]);
    pub(crate) const PDF_UNPRINTABLE: Self = Self(&[Status::PendingVirusCheck, Status::ValidationFailed]);

    /// What a state file calls the journeys.
    #[cfg(feature = "state")]
    const NAMES: [(&'static str, Self); 12] = [
        ("delivered", Self::DELIVERED),
        ("temporary-failure", Self::TEMPORARY_FAILURE),
        ("permanent-failure", Self::PERMANENT_FAILURE),
        ("technical-failure", Self::TECHNICAL_FAILURE),
        ("sending", Self::SENDING),
        ("sent", Self::SENT),
        ("waiting", Self::WAITING),
        ("test-letter", Self::TEST_LETTER),
        ("pdf-printed", Self::PDF_PRINTED),
        ("pdf-tested", Self::PDF_TESTED),
        ("pdf-with-virus", Self::PDF_WITH_VIRUS),
        ("pdf-unprintable", Self::PDF_UNPRINTABLE),
    ];

    #[cfg(feature = "state")]
    pub(crate) fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, journey)| *journey == self);
        named.expect("each journey has a name").0
    }

    #[cfg(feature = "state")]
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, journey)| *journey)
    }

    /// The final status.
    pub(crate) fn end(self) -> Status {
        self.after(usize::MAX)
    }

    /// How many steps it takes to reach the final status.
    pub(crate) const fn length(self) -> usize {
        self.0.len() - 1
    }

    /// The status after this many steps.
    pub(crate) fn after(self, steps: usize) -> Status {
        self.0[steps.min(self.0.len() - 1)]
    }

    /// After how many steps the latest change came, up to now.
    pub(crate) fn last_change(self, steps: usize) -> usize {
        let now = self.after(steps);
        self.0.iter().position(|status| *status == now).unwrap_or(0)
    }

    /// After how many steps the message is handed over, if it ever is.
    pub(crate) fn handed_over(self) -> Option<usize> {
        self.0
            .iter()
            .position(|status| matches!(status, Status::Sending | Status::Sent))
            .filter(|step| *step > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_state_of_a_journey_stays() {
        assert_eq!(Journey::DELIVERED.after(0), Status::Created);
        assert_eq!(Journey::DELIVERED.after(usize::MAX), Status::Delivered);
        assert_eq!(Journey::DELIVERED.last_change(usize::MAX), 2);
        assert_eq!(Journey::TEST_LETTER.last_change(1), 0);
    }

    #[test]
    fn a_letter_that_is_never_printed_is_never_handed_over() {
        assert_eq!(Journey::TEST_LETTER.handed_over(), None);
        assert_eq!(Journey::PDF_TESTED.handed_over(), None);
        assert_eq!(Journey::SENT.handed_over(), Some(1));
        assert_eq!(Journey::PDF_PRINTED.handed_over(), Some(2));
    }

    #[test]
    fn filters_select_by_the_state_inside_the_service() {
        assert!(Status::ReturnedLetter.matches("failed"));
        assert!(!Status::ReturnedLetter.matches("received"));
        assert!(!Status::Failed.matches("failed"), "the umbrella does not cover itself");
        assert!(Status::Sending.matches("accepted"));
        assert!(Status::Cancelled.matches("cancelled"));
    }
}
