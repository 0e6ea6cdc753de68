//! The meaning of refusals that were not recorded: they are in the service's source, or only in its documentation.

/// Words as in [`MEANINGS`](super::meanings::MEANINGS), the status, the class, and the texts with that meaning.
pub(super) const UNRECORDED: &[(&str, u16, &str, &[&str])] = &[
    ("recipient", 400, "InvalidPhoneError", &["Not a UK mobile number", "Not enough digits"]),
    ("recipient", 400, "InvalidEmailError", &["Not a valid email address"]),
    (
        "recipient phone_number",
        400,
        "ValidationError",
        &[
            "phone_number Not enough digits",
            "phone_number Too many digits",
            "phone_number Must not contain letters or symbols",
            "phone_number Not a valid country prefix",
            "phone_number Number is not valid – double check the phone number you entered",
        ],
    ),
    (
        "recipient",
        400,
        "ValidationError",
        &[
            "Address must be at least 3 lines",
            "Address must be no more than 7 lines",
            "The first 2 lines of the address must both include at least one alphanumeric character",
            "The last line of a BFPO address must not be a country.",
            "Last line of address must be a real UK postcode or another country",
            "Must be a real UK postcode",
            "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
            "Must be a real address",
        ],
    ),
    (
        "field scheduled_for",
        400,
        "ValidationError",
        &["scheduled_for datetime can only be 24 hours in the future"],
    ),
    ("field version", 400, "ValidationError", &["version 0 is less than the minimum of 1"]),
    (
        "field one_click_unsubscribe_url",
        400,
        "ValidationError",
        &["one_click_unsubscribe_url is not a valid https url"],
    ),
    (
        "field sms_sender_id",
        400,
        "BadRequestError",
        &["sms_sender_id X does not exist in database for service id Y"],
    ),
    (
        "field email_reply_to_id",
        400,
        "BadRequestError",
        &["email_reply_to_id X does not exist in database for service id Y"],
    ),
    // Only in the documentation.
    (
        "field letter_contact_id",
        400,
        "BadRequestError",
        &["letter_contact_id X does not exist in database for service id Y"],
    ),
    ("message_empty", 400, "BadRequestError", &["Your message is empty."]),
    (
        "message_too_long",
        400,
        "BadRequestError",
        &[
            "Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long.",
            "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000001 bytes.",
        ],
    ),
    ("message_too_long", 400, "ValidationError", &["Cannot create a usable QR code - the link is too long"]),
    (
        "key_type",
        400,
        "BadRequestError",
        &[
            "Can’t send to this recipient using a team-only API key",
            // As the documentation spells it.
            "Can't send to this recipient using a team-only API key",
        ],
    ),
    ("key_type", 403, "BadRequestError", &["Cannot send letters with a team api key"]),
    (
        "trial_mode",
        400,
        "BadRequestError",
        &[
            "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode",
            // As in the documentation.
            "Cannot send letters when service is in trial mode, see https://www.notifications.service.gov.uk/trial-mode",
        ],
    ),
    ("trial_mode", 403, "BadRequestError", &["Cannot send letters when service is in trial mode"]),
    (
        "not_permitted",
        400,
        "BadRequestError",
        &[
            "Service is not allowed to send text messages",
            "Service is not allowed to send emails",
            "Service is not allowed to send letters",
            "Cannot send to international mobile numbers",
            "Send files by email has not been set up - add contact details for your service at https://www.notifications.service.gov.uk/services/x/service-settings/send-files-by-email",
        ],
    ),
    (
        "template",
        400,
        "BadRequestError",
        &[
            "Template not found",
            "Template has been deleted",
            "sms template is not suitable for email notification",
        ],
    ),
    ("personalisation_missing a b", 400, "BadRequestError", &["Missing personalisation: a, b"]),
    (
        "file",
        400,
        "BadRequestError",
        &[
            "Can only send a file by email",
            "Unsupported file type '.exe'. Supported types are: '.csv', '.doc'",
            "Unsupported file type 'application/x-dosexec'. Supported types are: '.csv', '.doc'",
            "`filename` cannot be longer than 100 characters",
            "Document is not base64 encoded",
            "Document must not be empty",
            "File did not pass the virus scan",
            "Uploaded file exceeds file size limit",
            // Only in the documentation.
            "Letter content is not a valid PDF",
        ],
    ),
    ("malformed", 400, "BadRequestError", &["Invalid JSON supplied in POST data"]),
    ("malformed", 400, "BadRequestError", &["Cannot decode letter content (invalid base64 encoding)"]),
    ("not_ready", 400, "PDFNotReadyError", &["PDF not available yet, try again later"]),
    ("not_found", 404, "DataError", &["No result found"]),
    (
        "key",
        403,
        "AuthError",
        &["Invalid token: API key expired", "Invalid token: something that is not said yet"],
    ),
    (
        "daily_limit 250000",
        429,
        "TooManyRequestsError",
        &[
            "Exceeded send limits (sms: 250000) for today",
            "Exceeded send limits (international_sms: 250000) for today",
            // From a sibling.
            "Exceeded send limits (250000) for today",
        ],
    ),
    (
        "rate_limited 3000",
        429,
        "RateLimitError",
        &["Exceeded rate limit for key type TEAM of 3000 requests per 60 seconds"],
    ),
    ("may_have_been_sent server_error", 500, "Exception", &["Internal server error"]),
    ("may_have_been_sent server_error", 504, "EventletTimeout", &["Timeout serving request"]),
    // An unknown class and text: no predicate holds, but status and text are kept.
    ("", 400, "NewError", &["Something new"]),
    ("", 409, "BadRequestError", &["Something new"]),
];
