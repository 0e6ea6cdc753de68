//! Every way in which the service says no, in its own words.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::recipient::phone::PhoneError;
use crate::recipient::postal::AddressError;
use crate::render::content::letter;
use crate::wire::upload::UploadError;
use crate::wire::validate::SchemaError;
use crate::world::{KeyType, MessageType};

/// A refusal. [`Display`] gives the service's message, which may quote the request; [`Refusal::hint`] gives what a
/// developer can act on, without personal data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    // Who is asking.
    TokenMissing,
    SchemeNotBearer,
    /// With what is wrong with the token.
    TokenMalformed(&'static str),
    IssuerMissing,
    ServiceIdNotUuid,
    ServiceNotFound,
    ServiceWithoutKeys,
    ServiceArchived,
    /// With what is wrong with the token, if it is more than its signature.
    KeyNotFound(&'static str),
    KeyRevoked,
    AlgorithmNotHs256,
    /// With how the token's time differs from ours.
    ClockSkew(String),

    // How much and how often.
    RateLimit(KeyType, u32),
    DailyLimit(&'static str, u32),
    BodyTooLarge,

    // What is asked.
    /// With how many bytes could be read, and how many there are.
    NotJson {
        at: usize,
        length: usize,
    },
    Schema(Vec<SchemaError>),
    NotPermitted(MessageType),
    TemplateNotFound,
    TemplateUnsuitable {
        template: MessageType,
        message: MessageType,
    },
    TemplateDeleted,
    PersonalisationMissing(Vec<String>),
    /// With what does not fit into a QR code.
    QrCodeTooLong(String),
    MessageEmpty,
    /// With a character on which the service fails where it looks for one to put in its place.
    CharacterNotReplaced(char),
    FileNotByEmail,
    SenderNotFound {
        field: &'static str,
        id: String,
        service: Uuid,
    },
    RecipientNotOnTeam,
    RecipientInTrialMode,
    InternationalNumber,
    PhoneNumber(PhoneError),
    EmailAddress,
    FilesNotSetUp(Uuid),
    Document(UploadError),
    TextTooLong {
        limit: usize,
        characters: usize,
    },
    EmailTooLong {
        limit: usize,
        bytes: usize,
    },
    LettersWithTeamKey,
    LettersInTrialMode,
    Address(AddressError),
    LetterNotBase64,

    // What is looked for.
    NoResult,
    /// An id in a notation that only the service's first check knows.
    IdNotForDatabase,
    NotALetter,
    VirusFound,
    PdfUnavailable(&'static str),
    PdfNotReady,

    /// The service falls over, with why the request is at fault.
    Uncaught(Exception, &'static str),

    /// What was accepted cannot be kept, with the reason: the one failure of a sandbox that nobody ordered.
    NotStored(String),
}

/// What the service raises and does not catch, by which it calls the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exception {
    InvalidToken,
    Key,
    Overflow,
    Recursion,
    Type,
    UnicodeEncode,
    Value,
}

impl Exception {
    const fn name(self) -> &'static str {
        match self {
            Self::InvalidToken => "InvalidTokenError",
            Self::Key => "KeyError",
            Self::Overflow => "OverflowError",
            Self::Recursion => "RecursionError",
            Self::Type => "TypeError",
            Self::UnicodeEncode => "UnicodeEncodeError",
            Self::Value => "ValueError",
        }
    }
}

const GENERAL_TOKEN_MESSAGE: &str = "Invalid token: make sure your API token matches the example at \
    https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";

impl Refusal {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::TokenMissing | Self::SchemeNotBearer => 401,
            Self::TokenMalformed(_)
            | Self::IssuerMissing
            | Self::ServiceIdNotUuid
            | Self::ServiceNotFound
            | Self::ServiceWithoutKeys
            | Self::ServiceArchived
            | Self::KeyNotFound(_)
            | Self::KeyRevoked
            | Self::AlgorithmNotHs256
            | Self::ClockSkew(_)
            | Self::LettersWithTeamKey
            | Self::LettersInTrialMode => 403,
            Self::NoResult | Self::IdNotForDatabase => 404,
            Self::BodyTooLarge => 413,
            Self::NotStored(_) | Self::Uncaught(..) | Self::CharacterNotReplaced(_) => 500,
            Self::RateLimit(..) | Self::DailyLimit(..) => 429,
            _ => 400,
        }
    }

    /// The class that the service names beside the message.
    pub(crate) const fn class(&self) -> &'static str {
        match self {
            Self::TokenMissing
            | Self::SchemeNotBearer
            | Self::TokenMalformed(_)
            | Self::IssuerMissing
            | Self::ServiceIdNotUuid
            | Self::ServiceNotFound
            | Self::ServiceWithoutKeys
            | Self::ServiceArchived
            | Self::KeyNotFound(_)
            | Self::KeyRevoked
            | Self::AlgorithmNotHs256
            | Self::ClockSkew(_) => "AuthError",
            Self::RateLimit(..) => "RateLimitError",
            Self::DailyLimit(..) => "TooManyRequestsError",
            Self::BodyTooLarge => "RequestEntityTooLarge",
            Self::Schema(_) | Self::Address(_) | Self::QrCodeTooLong(_) => "ValidationError",
            Self::PhoneNumber(_) => "InvalidPhoneError",
            Self::EmailAddress => "InvalidEmailError",
            Self::NoResult => "NoResultFound",
            Self::IdNotForDatabase => "DataError",
            Self::PdfNotReady => "PDFNotReadyError",
            Self::Uncaught(exception, _) => exception.name(),
            Self::NotStored(_) => "Exception",
            Self::CharacterNotReplaced(_) => "ValueError",
            _ => "BadRequestError",
        }
    }

    /// The messages, one for each error of the answer.
    pub(crate) fn messages(&self) -> Vec<String> {
        match self {
            Self::Schema(errors) => errors.iter().map(SchemaError::message).map(str::to_owned).collect(),
            other => vec![other.to_string()],
        }
    }

    /// What the answer says of the error besides its class and message.
    pub(crate) fn details(&self) -> Map<String, Value> {
        match self {
            Self::QrCodeTooLong(data) => [
                ("data", json!(data)),
                ("num_bytes", json!(data.len())),
                ("max_bytes", json!(letter::LONGEST_QR_CODE)),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
            _ => Map::new(),
        }
    }

    /// What went wrong, for the developer's log: no recipient, no value of the request.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::TokenMalformed(what) => format!("the token is malformed: {what}"),
            Self::KeyNotFound(what) => format!("API key not found: {what}"),
            Self::ClockSkew(why) | Self::NotStored(why) => why.clone(),
            Self::Uncaught(exception, why) => {
                format!("{why}; the service itself falls over ({})", exception.name())
            }
            Self::IdNotForDatabase => "an id in a notation that the database does not read".to_owned(),
            Self::NotJson { length: 0, .. } => "the body is empty".to_owned(),
            Self::NotJson { at, length } if at >= length => {
                "the body is not JSON: it ends too early".to_owned()
            }
            Self::NotJson { at, .. } => format!("the body is not JSON: it goes wrong at byte {at}"),
            Self::Schema(errors) => errors.iter().map(SchemaError::hint).collect::<Vec<_>>().join("; "),
            Self::SenderNotFound { field, service, .. } => format!("service {service} has no such {field}"),
            Self::CharacterNotReplaced(c) => {
                format!("the service fails at U+{:04X}, which no text message may have", u32::from(*c))
            }
            other => other.to_string(),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenMissing => f.write_str("Unauthorized: authentication token must be provided"),
            Self::SchemeNotBearer => f.write_str("Unauthorized: authentication bearer scheme must be used"),
            Self::TokenMalformed(_) => f.write_str(GENERAL_TOKEN_MESSAGE),
            Self::IssuerMissing => f.write_str("Invalid token: iss field not provided"),
            Self::ServiceIdNotUuid => f.write_str("Invalid token: service id is not the right data type"),
            Self::ServiceNotFound => f.write_str("Invalid token: service not found"),
            Self::ServiceWithoutKeys => f.write_str("Invalid token: service has no API keys"),
            Self::ServiceArchived => f.write_str("Invalid token: service is archived"),
            Self::KeyNotFound(_) => f.write_str("Invalid token: API key not found"),
            Self::KeyRevoked => f.write_str("Invalid token: API key revoked"),
            Self::AlgorithmNotHs256 => f.write_str("Invalid token: algorithm used is not HS256"),
            Self::ClockSkew(_) => {
                f.write_str("Error: Your system clock must be accurate to within 30 seconds")
            }

            Self::RateLimit(key_type, limit) => {
                let key_type = key_type.as_str().to_uppercase();
                write!(f, "Exceeded rate limit for key type {key_type} of {limit} requests per 60 seconds")
            }
            Self::DailyLimit(name, limit) => write!(f, "Exceeded send limits ({name}: {limit}) for today"),
            Self::BodyTooLarge => f.write_str("The data value transmitted exceeds the capacity limit."),

            Self::NotJson { .. } => f.write_str("Invalid JSON supplied in POST data"),
            Self::Schema(_) => f.write_str(&self.messages().join("; ")),
            Self::NotPermitted(message) => write!(f, "Service is not allowed to send {}", message.plural()),
            Self::TemplateNotFound => f.write_str("Template not found"),
            Self::TemplateUnsuitable { template, message } => {
                write!(
                    f,
                    "{} template is not suitable for {} notification",
                    template.as_str(),
                    message.as_str()
                )
            }
            Self::TemplateDeleted => f.write_str("Template has been deleted"),
            Self::PersonalisationMissing(names) => write!(f, "Missing personalisation: {}", names.join(", ")),
            Self::QrCodeTooLong(_) => f.write_str("Cannot create a usable QR code - the link is too long"),
            Self::MessageEmpty => f.write_str("Your message is empty."),
            Self::FileNotByEmail => f.write_str("Can only send a file by email"),
            Self::SenderNotFound { field, id, service } => {
                write!(f, "{field} {id} does not exist in database for service id {service}")
            }
            Self::RecipientNotOnTeam => f.write_str("Can’t send to this recipient using a team-only API key"),
            Self::RecipientInTrialMode => f.write_str(
                "Can’t send to this recipient when service is in trial mode – see \
                 https://www.notifications.service.gov.uk/trial-mode",
            ),
            Self::InternationalNumber => f.write_str("Cannot send to international mobile numbers"),
            Self::PhoneNumber(error) => error.fmt(f),
            Self::Document(error) => error.fmt(f),
            Self::Address(error) => error.fmt(f),
            Self::EmailAddress => f.write_str("Not a valid email address"),
            Self::FilesNotSetUp(service) => write!(
                f,
                "Send files by email has not been set up - add contact details for your service at \
                 https://www.notifications.service.gov.uk/services/{service}/service-settings/send-files-by-email"
            ),
            Self::TextTooLong { limit, characters } => write!(
                f,
                "Your message is too long. Text messages cannot be longer than {limit} characters. \
                 Your message is {characters} characters long."
            ),
            Self::EmailTooLong { limit, bytes } => write!(
                f,
                "Your message is too long. Emails cannot be longer than {limit} bytes. \
                 Your message is {bytes} bytes."
            ),
            Self::LettersWithTeamKey => f.write_str("Cannot send letters with a team api key"),
            Self::LettersInTrialMode => f.write_str("Cannot send letters when service is in trial mode"),
            Self::LetterNotBase64 => f.write_str("Cannot decode letter content (invalid base64 encoding)"),

            Self::NoResult | Self::IdNotForDatabase => f.write_str("No result found"),
            Self::NotALetter => f.write_str("Notification is not a letter"),
            Self::VirusFound => f.write_str("File did not pass the virus scan"),
            Self::PdfUnavailable(status) => write!(f, "PDF not available for letters in status {status}"),
            Self::PdfNotReady => f.write_str("PDF not available yet, try again later"),

            Self::NotStored(_) | Self::Uncaught(..) | Self::CharacterNotReplaced(_) => {
                f.write_str("Internal server error")
            }
        }
    }
}
