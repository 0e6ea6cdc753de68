//! What a failed call comes down to.

use std::fmt;

/// What a failed call comes down to: one kind for each thing that you can do about it.
///
/// Match on it, or label a metric with it ([`as_str`](Self::as_str)). The predicates of [`Error`](super::Error) say the
/// same and more: a refusal can give several reasons, and this is the kind of the first.
///
/// # Examples
///
/// ```
/// use notify_api::{Error, ErrorKind};
///
/// fn action(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Recipient => "ask for another address",
///         ErrorKind::ApiKey | ErrorKind::Clock => "wake whoever is on call",
///         _ if error.is_retryable() => "send it again later",
///         _ => "look into it",
///     }
/// }
/// # assert_eq!(ErrorKind::DailyLimit.as_str(), "daily_limit");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The arguments are invalid: nothing was sent.
    InvalidRequest,
    /// The service does not offer what was asked: nothing was sent.
    NotOffered,
    /// The call's time ran out, or would have run out, before the request could leave: nothing was sent.
    DeadlineExceeded,
    /// The request did not reach the service: there was no connection.
    NotSent,
    /// No whole answer came back. A message [may have been sent](super::Error::may_have_been_sent).
    Lost,
    /// The service did what was asked, but its answer cannot be read.
    Unreadable,
    /// The answer was about another message.
    MixedUp,
    /// A gateway or proxy in front of the service answered that it is in trouble.
    Gateway,
    /// What answered is not a Notify service.
    NotFromService,
    /// The service reported an internal error.
    ServerError,
    /// The service refused the token's time: this machine's clock is off, or the request took too long to arrive.
    Clock,
    /// The service refused the API key, or the token made with it.
    ApiKey,
    /// This type of key may not do this.
    KeyType,
    /// The service is in trial mode.
    TrialMode,
    /// The service's settings do not allow it.
    Permission,
    /// Too many messages in the last seconds.
    RateLimit,
    /// Today's messages are used up.
    DailyLimit,
    /// This year's messages are used up.
    AnnualLimit,
    /// The service cannot send to this phone number, e-mail address or postal address.
    Recipient,
    /// The template is missing, archived, or of another type.
    Template,
    /// Placeholders of the template have no value.
    MissingPersonalisation,
    /// With its placeholders filled in, the message is empty.
    MessageEmpty,
    /// With its placeholders filled in, the message is too long.
    MessageTooLong,
    /// The service does not accept a file.
    File,
    /// A file has a virus, or the letter whose PDF was requested has one.
    Virus,
    /// A field of the request, other than the recipient, is wrong.
    Field,
    /// The service cannot read the request as a whole.
    Malformed,
    /// There is no such message or template.
    NotFound,
    /// The PDF of the letter is still being made.
    NotReady,
    /// There will never be a PDF of this message.
    NoPdf,
    /// The service at this address has no such operation.
    UnknownOperation,
    /// The service refused it in words that this version does not know.
    Unknown,
}

impl ErrorKind {
    /// The kind as a word of lower-case letters and underscores. It does not change between versions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::NotOffered => "not_offered",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::NotSent => "not_sent",
            Self::Lost => "lost",
            Self::Unreadable => "unreadable",
            Self::MixedUp => "mixed_up",
            Self::Gateway => "gateway",
            Self::NotFromService => "not_from_service",
            Self::ServerError => "server_error",
            Self::Clock => "clock",
            Self::ApiKey => "api_key",
            Self::KeyType => "key_type",
            Self::TrialMode => "trial_mode",
            Self::Permission => "permission",
            Self::RateLimit => "rate_limit",
            Self::DailyLimit => "daily_limit",
            Self::AnnualLimit => "annual_limit",
            Self::Recipient => "recipient",
            Self::Template => "template",
            Self::MissingPersonalisation => "missing_personalisation",
            Self::MessageEmpty => "message_empty",
            Self::MessageTooLong => "message_too_long",
            Self::File => "file",
            Self::Virus => "virus",
            Self::Field => "field",
            Self::Malformed => "malformed",
            Self::NotFound => "not_found",
            Self::NotReady => "not_ready",
            Self::NoPdf => "no_pdf",
            Self::UnknownOperation => "unknown_operation",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same request can succeed later without anyone changing anything.
    ///
    /// For a message, ask [`Error::is_retryable`](super::Error::is_retryable), which knows whether the service may have
    /// taken it.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::DeadlineExceeded
                | Self::NotSent
                | Self::Lost
                | Self::Gateway
                | Self::ServerError
                | Self::RateLimit
                | Self::DailyLimit
                | Self::NotReady
        )
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
