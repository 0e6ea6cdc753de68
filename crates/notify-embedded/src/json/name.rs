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

impl Name {
    pub(super) fn of(text: &[u8]) -> Self {
        match text {
            b"current" => Self::Current,
            b"email_address" => Self::EmailAddress,
            b"error" => Self::Error,
            b"errors" => Self::Errors,
            b"id" => Self::Id,
            b"links" => Self::Links,
            b"message" => Self::Message,
            b"notifications" => Self::Notifications,
            b"phone_number" => Self::PhoneNumber,
            b"reference" => Self::Reference,
            b"result" => Self::Result,
            b"status" => Self::Status,
            b"status_code" => Self::StatusCode,
            b"template" => Self::Template,
            b"type" => Self::Type,
            _ => Self::Other,
        }
    }
}
