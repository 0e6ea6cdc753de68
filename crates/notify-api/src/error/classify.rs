//! The kind of a refusal, read from the service's words.

use http::StatusCode;

use super::ErrorKind;
use crate::Service;

/// The text with which the service says that a token's time is off (docs/service-behaviour.md#authentication).
pub(super) const CLOCK_MESSAGE: &str = "Error: Your system clock must be accurate to within 30 seconds";

/// Which texts a line of a table is about.
#[derive(PartialEq, Eq)]
pub(crate) enum Text {
    Any,
    Is(&'static str),
    Begins(&'static str),
    Holds(&'static str),
}
use Text::{Any, Begins, Holds, Is};

/// A line of a table: the class, the text, and the kind that they mean. The first line that matches counts.
pub(crate) type Line = (&'static str, Text, ErrorKind);

/// The refusals of GOV.UK Notify, most of which every service shares. The service asks clients to branch on classes,
/// but two classes cover nearly everything that a caller would want to tell apart (docs/service-behaviour.md#classes).
const BY_CLASS: [Line; 44] = [
    ("AuthError", Is(CLOCK_MESSAGE), ErrorKind::Clock),
    ("AuthError", Any, ErrorKind::ApiKey),
    ("RateLimitError", Any, ErrorKind::RateLimit),
    ("TooManyRequestsError", Any, ErrorKind::DailyLimit),
    ("PDFNotReadyError", Any, ErrorKind::NotReady),
    ("NoResultFound", Any, ErrorKind::NotFound),
    ("DataError", Any, ErrorKind::NotFound),
    ("InvalidPhoneError", Any, ErrorKind::Recipient),
    ("InvalidEmailError", Any, ErrorKind::Recipient),
    ("BadRequestError", Holds("team-only API key"), ErrorKind::KeyType),
    ("BadRequestError", Holds("with a team api key"), ErrorKind::KeyType),
    ("BadRequestError", Holds("trial mode"), ErrorKind::TrialMode),
    ("BadRequestError", Begins("Service is not allowed to send "), ErrorKind::Permission),
    ("BadRequestError", Begins("Cannot send to international mobile numbers"), ErrorKind::Permission),
    ("BadRequestError", Begins("Send files by email has not been set up"), ErrorKind::Permission),
    ("BadRequestError", Is("Template not found"), ErrorKind::Template),
    ("BadRequestError", Is("Template has been deleted"), ErrorKind::Template),
    ("BadRequestError", Holds(" template is not suitable for "), ErrorKind::Template),
    ("BadRequestError", Begins(MISSING), ErrorKind::MissingPersonalisation),
    ("BadRequestError", Begins("Your message is empty"), ErrorKind::MessageEmpty),
    ("BadRequestError", Begins("Your message is too long"), ErrorKind::MessageTooLong),
    ("BadRequestError", Begins("File did not pass the virus scan"), ErrorKind::Virus),
    ("BadRequestError", Begins("File size too large"), ErrorKind::File),
    ("BadRequestError", Begins("Uploaded file "), ErrorKind::File),
    ("BadRequestError", Begins("Unsupported file type "), ErrorKind::File),
    ("BadRequestError", Begins("`filename` "), ErrorKind::File),
    ("BadRequestError", Begins("Document "), ErrorKind::File),
    ("BadRequestError", Is("Can only send a file by email"), ErrorKind::File),
    ("BadRequestError", Begins("Letter content is not a valid PDF"), ErrorKind::File),
    ("BadRequestError", Is("Notification is not a letter"), ErrorKind::NoPdf),
    ("BadRequestError", Begins("PDF not available for letters in status"), ErrorKind::NoPdf),
    ("BadRequestError", Holds(NO_SUCH_SENDER), ErrorKind::Field),
    ("BadRequestError", Is("Invalid JSON supplied in POST data"), ErrorKind::Malformed),
    ("BadRequestError", Begins("Cannot decode letter content"), ErrorKind::Malformed),
    ("ValidationError", Begins("Cannot create a usable QR code"), ErrorKind::MessageTooLong),
    ("ValidationError", Begins("filename `filename`"), ErrorKind::File),
    ("ValidationError", Holds(" Unsupported value for "), ErrorKind::File),
    ("ValidationError", Begins("Do not set a value for `is_csv`"), ErrorKind::File),
    ("ValidationError", Begins("Address "), ErrorKind::Recipient),
    ("ValidationError", Begins("The first 2 lines of the address"), ErrorKind::Recipient),
    ("ValidationError", Begins("The last line of a BFPO address"), ErrorKind::Recipient),
    ("ValidationError", Begins("Last line of address"), ErrorKind::Recipient),
    ("ValidationError", Begins("Must be a real "), ErrorKind::Recipient),
    ("ValidationError", Any, ErrorKind::Field),
];

/// The same for the envelope that names no class.
const WITHOUT_CLASS: [(StatusCode, Text, ErrorKind); 7] = [
    (StatusCode::BAD_REQUEST, Begins("The browser (or proxy) sent a request"), ErrorKind::Malformed),
    (StatusCode::UNAUTHORIZED, Any, ErrorKind::ApiKey),
    (StatusCode::PAYLOAD_TOO_LARGE, Any, ErrorKind::File),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, Any, ErrorKind::Malformed),
    (StatusCode::NOT_FOUND, Begins("Notification not found"), ErrorKind::NotFound),
    (StatusCode::NOT_FOUND, Any, ErrorKind::UnknownOperation),
    (StatusCode::METHOD_NOT_ALLOWED, Any, ErrorKind::UnknownOperation),
];

/// The text before the names of placeholders without a value.
const MISSING: &str = "Missing personalisation: ";
/// The same for GC Notify, which puts the template in between, or names the columns of a table.
const MISSING_OF_TEMPLATE: &str = "Missing personalisation for template ID ";
const MISSING_COLUMNS: &str = "Missing column headers: ";
/// The text between the field and the service.
const NO_SUCH_SENDER: &str = " does not exist in database for service id ";
/// The text around the names of fields that the service does not know.
const UNEXPECTED: (&str, [&str; 2]) =
    ("Additional properties are not allowed (", [" was unexpected)", " were unexpected)"]);
/// The fields that hold a recipient. They count as such unless the complaint is that they are missing or of the wrong
/// type.
const RECIPIENTS: [&str; 2] = ["phone_number", "email_address"];
const NOT_OF_THE_RECIPIENT: [&str; 2] = [" is a required property", " is not of type "];

impl Text {
    /// The service's words, which hold no value of a request.
    fn own(&self) -> Option<&'static str> {
        match self {
            Any => None,
            Is(text) | Begins(text) | Holds(text) => Some(text),
        }
    }

    fn fits(&self, message: &str) -> bool {
        match self {
            Any => true,
            Is(text) => message == *text,
            Begins(text) => message.starts_with(text),
            Holds(text) => message.contains(text),
        }
    }
}

/// The texts by which refusals are recognised, of all services.
pub(super) fn own_texts() -> impl Iterator<Item = &'static str> {
    let by_class =
        Service::ALL.into_iter().flat_map(Service::refusals).chain(&BY_CLASS).map(|(_, text, _)| text);
    by_class.chain(WITHOUT_CLASS.iter().map(|(_, text, _)| text)).filter_map(Text::own)
}

impl ErrorKind {
    pub(super) fn of(status: StatusCode, class: Option<&str>, message: &str) -> Self {
        if status.is_server_error() {
            return Self::ServerError;
        }
        let found = class.map_or_else(|| without_class(status, message), |class| by_class(class, message));
        match found {
            Some(Self::Field) if is_about_recipient(message) => Self::Recipient,
            Some(kind) => kind,
            None => Self::Unknown,
        }
    }

    /// The names in a text of this kind: fields, or placeholders without a value.
    pub(super) fn names(self, message: &str) -> Vec<&str> {
        match self {
            Self::MissingPersonalisation => {
                let of_template =
                    || message.strip_prefix(MISSING_OF_TEMPLATE)?.split_once(": ").map(|(_, names)| names);
                let columns = || message.strip_prefix(MISSING_COLUMNS);
                let names = message.strip_prefix(MISSING).or_else(of_template).or_else(columns);
                names.map(|names| names.split(", ").collect()).unwrap_or_default()
            }
            Self::Field | Self::Recipient | Self::File => fields(message),
            _ => Vec::new(),
        }
    }
}

fn by_class(class: &str, message: &str) -> Option<ErrorKind> {
    let own = Service::ALL.into_iter().flat_map(Service::refusals);
    own.chain(&BY_CLASS).find(|(name, text, _)| *name == class && text.fits(message)).map(|(.., kind)| *kind)
}

fn without_class(status: StatusCode, message: &str) -> Option<ErrorKind> {
    let mut lines = WITHOUT_CLASS.iter();
    lines.find(|(code, text, _)| *code == status && text.fits(message)).map(|(.., kind)| *kind)
}

fn is_about_recipient(message: &str) -> bool {
    message.split_once(' ').is_some_and(|(field, _)| RECIPIENTS.contains(&field))
        && !NOT_OF_THE_RECIPIENT.iter().any(|text| message.contains(text))
}

fn fields(message: &str) -> Vec<&str> {
    let (before, after) = UNEXPECTED;
    if let Some(names) = message.strip_prefix(before) {
        let names = after.iter().find_map(|after| names.strip_suffix(after)).unwrap_or(names);
        return names.split(", ").collect();
    }
    // A sentence begins with a capital letter; a field begins with its name.
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    message.split(' ').next().filter(is_name).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(class: &str, message: &str) -> (ErrorKind, Vec<String>) {
        let kind = ErrorKind::of(StatusCode::BAD_REQUEST, Some(class), message);
        (kind, kind.names(message).into_iter().map(str::to_owned).collect())
    }

    /// These texts were not recorded. Other tests check the recorded ones from outside.
    #[test]
    fn texts_known_from_the_services_source_rest_on_something() {
        for (class, message, expected, names) in [
            ("InvalidPhoneError", "Not a UK mobile number", ErrorKind::Recipient, vec![]),
            ("InvalidEmailError", "Not a valid email address", ErrorKind::Recipient, vec![]),
            ("DataError", "No result found", ErrorKind::NotFound, vec![]),
            ("BadRequestError", "Your message is empty.", ErrorKind::MessageEmpty, vec![]),
            ("BadRequestError", "Cannot send to international mobile numbers", ErrorKind::Permission, vec![]),
            (
                "BadRequestError",
                "Send files by email has not been set up - add contact details",
                ErrorKind::Permission,
                vec![],
            ),
            ("BadRequestError", "`filename` cannot be longer than 100 characters", ErrorKind::File, vec![]),
            ("BadRequestError", "Document must not be empty", ErrorKind::File, vec![]),
            ("BadRequestError", "Document is not base64 encoded", ErrorKind::File, vec![]),
            ("BadRequestError", "Uploaded file exceeds file size limit", ErrorKind::File, vec![]),
            (
                "BadRequestError",
                "sms_sender_id X does not exist in database for service id Y",
                ErrorKind::Field,
                vec!["sms_sender_id"],
            ),
            (
                "ValidationError",
                "Cannot create a usable QR code - the link is too long",
                ErrorKind::MessageTooLong,
                vec![],
            ),
            (
                "ValidationError",
                "The first 2 lines of the address must both include at least one alphanumeric character",
                ErrorKind::Recipient,
                vec![],
            ),
            ("ValidationError", "Address must be no more than 7 lines", ErrorKind::Recipient, vec![]),
            ("ValidationError", "version 0 is less than the minimum of 1", ErrorKind::Field, vec!["version"]),
            ("BadRequestError", "something new", ErrorKind::Unknown, vec![]),
            ("NewError", "something new", ErrorKind::Unknown, vec![]),
        ] {
            let names = names.into_iter().map(str::to_owned).collect();
            assert_eq!(kind(class, message), (expected, names), "{message}");
        }
    }

    #[test]
    fn each_line_of_the_table_can_be_reached() {
        for (index, (class, text, expected)) in BY_CLASS.iter().enumerate() {
            let message = match text {
                Any => "something",
                Is(text) | Begins(text) | Holds(text) => text,
            };
            let found = BY_CLASS.iter().position(|(name, text, _)| name == class && text.fits(message));
            assert_eq!(found, Some(index), "{class} {message} {expected:?}");
        }
    }
}
