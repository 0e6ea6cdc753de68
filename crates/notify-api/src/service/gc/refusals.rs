//! The service's own wording of refusals.

use crate::ErrorKind;
use crate::error::Line;
use crate::error::Text::{Any, Begins, Holds, Is};

/// Class, text, and the kind that they mean.
pub(super) const LINES: [Line; 39] = [
    ("LiveServiceTooManySMSRequestsError", Any, ErrorKind::DailyLimit),
    ("LiveServiceTooManyEmailRequestsError", Any, ErrorKind::DailyLimit),
    ("TrialServiceTooManySMSRequestsError", Any, ErrorKind::DailyLimit),
    ("TrialServiceTooManyEmailRequestsError", Any, ErrorKind::DailyLimit),
    ("LiveServiceRequestExceedsSMSAnnualLimitError", Any, ErrorKind::AnnualLimit),
    ("LiveServiceRequestExceedsEmailAnnualLimitError", Any, ErrorKind::AnnualLimit),
    ("TrialServiceRequestExceedsSMSAnnualLimitError", Any, ErrorKind::AnnualLimit),
    ("TrialServiceRequestExceedsEmailAnnualLimitError", Any, ErrorKind::AnnualLimit),
    ("RateLimitExceeded", Any, ErrorKind::RateLimit),
    ("ForbiddenError", Any, ErrorKind::Permission),
    ("TemplateCategoryValidationError", Any, ErrorKind::Field),
    ("TemplateCategoryNotFoundError", Any, ErrorKind::Field),
    ("BadRequestError", Is("Service is suspended"), ErrorKind::Permission),
    ("BadRequestError", Holds(" before you reach your daily limit"), ErrorKind::DailyLimit),
    ("BadRequestError", Holds(" before you reach your annual limit"), ErrorKind::AnnualLimit),
    ("BadRequestError", Holds("because you used a team and safelist API key"), ErrorKind::KeyType),
    (
        "BadRequestError",
        Begins("Missing personalisation for template ID "),
        ErrorKind::MissingPersonalisation,
    ),
    ("BadRequestError", Begins("Missing column headers: "), ErrorKind::MissingPersonalisation),
    ("BadRequestError", Begins("Duplicate column headers: "), ErrorKind::Field),
    ("BadRequestError", Begins("Some rows have errors"), ErrorKind::Field),
    ("BadRequestError", Begins("Too many rows"), ErrorKind::Field),
    ("BadRequestError", Begins("You should specify either rows or csv"), ErrorKind::Field),
    ("BadRequestError", Begins("Error converting to CSV"), ErrorKind::Field),
    ("BadRequestError", Begins("Bulk sending to testing and non-testing numbers"), ErrorKind::Recipient),
    ("BadRequestError", Begins("Message is empty"), ErrorKind::MessageEmpty),
    ("BadRequestError", Holds("has a character count greater than"), ErrorKind::MessageTooLong),
    ("BadRequestError", Is("Template is already archived."), ErrorKind::Template),
    ("BadRequestError", Begins("Template name must be"), ErrorKind::Field),
    ("BadRequestError", Begins("Template "), ErrorKind::Template),
    ("BadRequestError", Is("parent_folder_id not found"), ErrorKind::Field),
    ("BadRequestError", Begins("Unsupported document type "), ErrorKind::File),
    ("BadRequestError", Begins("Uploaded document exceeds "), ErrorKind::File),
    ("BadRequestError", Begins("Report is not ready for download"), ErrorKind::NotReady),
    ("BadRequestError", Begins("Error decoding arguments"), ErrorKind::Malformed),
    ("BadRequestError", Begins("UnsupportedMediaType"), ErrorKind::Malformed),
    ("ValidationError", Begins("Personalisation variables size of "), ErrorKind::MessageTooLong),
    ("ValidationError", Holds(" : File size for "), ErrorKind::File),
    ("ValidationError", Begins("File number exceed"), ErrorKind::File),
    ("ValidationError", Holds("Error decoding base64 field"), ErrorKind::File),
];
