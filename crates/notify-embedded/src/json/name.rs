//! The names of fields.

/// The fields of the service's answers that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// An item of a list.
    Item,
    Current,
    EmailAddress,
    Error,
    Errors,
    Id,
    Links,
    Message,
    Notifications,
    PhoneNumber,
    Reference,
    Result,
    Status,
    StatusCode,
    Template,
    Type,
    /// Any other field.
    Other,
}

/// How they are spelt.
const NAMES: [(&[u8], Name); 15] = [
    (b"current", Name::Current),
    (b"email_address", Name::EmailAddress),
    (b"error", Name::Error),
    (b"errors", Name::Errors),
    (b"id", Name::Id),
    (b"links", Name::Links),
    (b"message", Name::Message),
    (b"notifications", Name::Notifications),
    (b"phone_number", Name::PhoneNumber),
    (b"reference", Name::Reference),
    (b"result", Name::Result),
    (b"status", Name::Status),
    (b"status_code", Name::StatusCode),
    (b"template", Name::Template),
    (b"type", Name::Type),
];

impl Name {
    pub(super) fn of(text: &[u8]) -> Self {
        NAMES.iter().find(|(name, _)| *name == text).map_or(Self::Other, |(_, name)| *name)
    }
}
