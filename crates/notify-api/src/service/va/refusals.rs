//! The service's own wording of refusals.

use crate::ErrorKind;
use crate::error::Line;
use crate::error::Text::{Any, Begins, Holds};

/// Class, text, and the kind that they mean.
pub(super) const LINES: [Line; 11] = [
    ("AuthError", Begins("The service does not have permission to send"), ErrorKind::Permission),
    ("UnsupportedMimeTypeException", Any, ErrorKind::File),
    ("Request entity too large", Any, ErrorKind::File),
    ("BadRequestError", Begins("You must supply a value for sms_sender_id"), ErrorKind::Field),
    ("BadRequest", Holds("is not a valid phone number"), ErrorKind::Recipient),
    ("BadRequest", Begins("(0) Missing or invalid default region"), ErrorKind::Recipient),
    ("BadRequest", Begins("(1) The string supplied did not seem to be a phone number"), ErrorKind::Recipient),
    ("BadRequest", Begins("The scheduled time cannot be"), ErrorKind::Field),
    ("BadRequest", Begins("Invalid isoformat string"), ErrorKind::Field),
    ("BadRequest", Begins("400 Bad Request: Failed to decode JSON"), ErrorKind::Malformed),
    ("ValidationError", Holds(" is not a 'email'"), ErrorKind::Recipient),
];
