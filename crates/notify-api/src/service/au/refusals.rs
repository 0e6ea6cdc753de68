//! The service's own wording of refusals.

use crate::ErrorKind;
use crate::error::Line;
use crate::error::Text::{Begins, Is};

/// Class, text, and the kind that they mean.
pub(super) const LINES: [Line; 6] = [
    ("BadRequestError", Is("Cannot send text messages"), ErrorKind::Permission),
    ("BadRequestError", Is("Cannot send emails"), ErrorKind::Permission),
    ("BadRequestError", Is("Cannot send letters"), ErrorKind::Permission),
    ("BadRequestError", Is("Cannot send precompiled_letters"), ErrorKind::Permission),
    ("BadRequestError", Begins("Cannot schedule notifications"), ErrorKind::Permission),
    (
        "BadRequestError",
        Begins("Content for template has a character count greater than"),
        ErrorKind::MessageTooLong,
    ),
];
