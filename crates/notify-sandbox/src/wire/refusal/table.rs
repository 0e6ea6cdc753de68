//! The table of refusals.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Exception, Refusal};
use crate::render::content::letter;
use crate::wire::validate::SchemaError;

/// A row of the table.
pub(crate) struct Entry<'a> {
    pub(crate) status: u16,
    /// The class that the service names beside each message.
    pub(crate) class: &'static str,
    /// One message for each error of the response. They may quote the request.
    pub(crate) messages: Vec<Cow<'a, str>>,
    /// What a developer can act on, for the log: no recipient, no value of the request.
    pub(crate) hint: Cow<'a, str>,
    /// What the response says about the error besides its class and message.
    pub(crate) details: Map<String, Value>,
    pub(crate) envelope: Envelope,
}

/// The form of an error response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// That of the versioned API: `status_code` and `errors`.
    #[default]
    Versioned,
    /// `errors` alone.
    WithoutStatus,
    /// That of everything else: `result` and `message`.
    General,
    /// The same, labelled as HTML.
    GeneralAsHtml,
}

pub(crate) const AUTH: &str = "AuthError";
const BAD_REQUEST: &str = "BadRequestError";
const VALIDATION: &str = "ValidationError";

const GENERAL_TOKEN_MESSAGE: &str = "Invalid token: make sure your API token matches the example at \
    https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";
const INTERNAL: &str = "Internal server error";
const NO_RESULT: &str = "No result found";

/// A row whose hint is the message itself.
pub(crate) fn row<'a>(status: u16, class: &'static str, message: impl Into<Cow<'a, str>>) -> Entry<'a> {
    let message = message.into();
    Entry {
        status,
        class,
        messages: vec![message.clone()],
        hint: message,
        details: Map::new(),
        envelope: Envelope::Versioned,
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = hint.into();
        self
    }

    fn details<const N: usize>(mut self, details: [(&str, Value); N]) -> Self {
        self.details = details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self
    }
}

impl Refusal {
    /// The table of refusals.
    #[expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]
    pub(crate) fn entry(&self) -> Entry<'_> {
        match self {
            Self::TokenMissing => row(401, AUTH, "Unauthorized: authentication token must be provided"),
            Self::SchemeNotBearer => {
                row(401, AUTH, "Unauthorized: authentication bearer scheme must be used")
            }
            Self::TokenMalformed(what) => {
                row(403, AUTH, GENERAL_TOKEN_MESSAGE).hint(format!("the token is malformed: {what}"))
            }
            Self::IssuerMissing => row(403, AUTH, "Invalid token: iss field not provided"),
            Self::ServiceIdNotUuid => row(403, AUTH, "Invalid token: service id is not the right data type"),
            Self::ServiceNotFound => row(403, AUTH, "Invalid token: service not found"),
            Self::ServiceWithoutKeys => row(403, AUTH, "Invalid token: service has no API keys"),
            Self::ServiceArchived => row(403, AUTH, "Invalid token: service is archived"),
            Self::KeyNotFound(what) => {
                row(403, AUTH, "Invalid token: API key not found").hint(format!("API key not found: {what}"))
            }
            Self::KeyRevoked => row(403, AUTH, "Invalid token: API key revoked"),
            Self::KeyExpired => row(403, AUTH, "Invalid token: API key expired"),
            Self::AlgorithmNotHs256 => row(403, AUTH, "Invalid token: algorithm used is not HS256"),
            Self::ClockSkew(why) => {
                row(403, AUTH, "Error: Your system clock must be accurate to within 30 seconds").hint(why)
            }

            Self::RateLimit(key_type, limit) => row(
                429,
                "RateLimitError",
                format!(
                    "Exceeded rate limit for key type {} of {limit} requests per 60 seconds",
                    key_type.as_str().to_uppercase()
                ),
            ),
            Self::DailyLimit(name, limit) => {
                row(429, "TooManyRequestsError", format!("Exceeded send limits ({name}: {limit}) for today"))
            }
            Self::BodyTooLarge => {
                row(413, "RequestEntityTooLarge", "The data value transmitted exceeds the capacity limit.")
            }

            Self::NotJson { at, length } => {
                row(400, BAD_REQUEST, "Invalid JSON supplied in POST data").hint(match (at, length) {
                    (_, 0) => "the body is empty".into(),
                    (at, length) if at >= length => Cow::from("the body is not JSON: it ends too early"),
                    (at, _) => format!("the body is not JSON: it goes wrong at byte {at}").into(),
                })
            }
            Self::Schema(errors) => Entry {
                messages: errors.iter().map(|error| error.message().into()).collect(),
                hint: errors.iter().map(SchemaError::hint).collect::<Vec<_>>().join("; ").into(),
                ..row(400, VALIDATION, "")
            },
            Self::NotPermitted(message) => {
                row(400, BAD_REQUEST, format!("Service is not allowed to send {}", message.plural()))
            }
            Self::TemplateNotFound => row(400, BAD_REQUEST, "Template not found"),
            Self::TemplateUnsuitable { template, message } => row(
                400,
                BAD_REQUEST,
                format!(
                    "{} template is not suitable for {} notification",
                    template.as_str(),
                    message.as_str()
                ),
            ),
            Self::TemplateDeleted => row(400, BAD_REQUEST, "Template has been deleted"),
            Self::PersonalisationMissing(names) => {
                row(400, BAD_REQUEST, format!("Missing personalisation: {}", names.join(", ")))
            }
            Self::QrCodeTooLong(data) => {
                row(400, VALIDATION, "Cannot create a usable QR code - the link is too long").details([
                    ("data", json!(data)),
                    ("num_bytes", json!(data.len())),
                    ("max_bytes", json!(letter::LONGEST_QR_CODE)),
                ])
            }
            Self::MessageEmpty => row(400, BAD_REQUEST, "Your message is empty."),
            Self::CharacterNotReplaced(c) => row(500, Exception::Value.name(), INTERNAL).hint(format!(
                "the service fails at U+{:04X}, which no text message may have",
                u32::from(*c)
            )),
            Self::FileNotByEmail => row(400, BAD_REQUEST, "Can only send a file by email"),
            Self::SenderNotFound { field, id, service } => row(
                400,
                BAD_REQUEST,
                format!("{field} {id} does not exist in database for service id {service}"),
            )
            .hint(format!("service {service} has no such {field}")),
            Self::RecipientNotOnTeam => {
                row(400, BAD_REQUEST, "Can’t send to this recipient using a team-only API key")
            }
            Self::RecipientInTrialMode => row(
                400,
                BAD_REQUEST,
                "Can’t send to this recipient when service is in trial mode – see \
                 https://www.notifications.service.gov.uk/trial-mode",
            ),
            Self::InternationalNumber => row(400, BAD_REQUEST, "Cannot send to international mobile numbers"),
            Self::PhoneNumber(error) => row(400, "InvalidPhoneError", error.to_string()),
            Self::EmailAddress => row(400, "InvalidEmailError", "Not a valid email address"),
            Self::FilesNotSetUp(service) => row(
                400,
                BAD_REQUEST,
                format!(
                    "Send files by email has not been set up - add contact details for your service at \
                     https://www.notifications.service.gov.uk/services/{service}/service-settings/send-files-by-email"
                ),
            ),
            Self::Document(error) => row(400, BAD_REQUEST, error.to_string()),
            Self::TextTooLong { limit, characters } => row(
                400,
                BAD_REQUEST,
                format!(
                    "Your message is too long. Text messages cannot be longer than {limit} characters. \
                     Your message is {characters} characters long."
                ),
            ),
            Self::EmailTooLong { limit, bytes } => row(
                400,
                BAD_REQUEST,
                format!(
                    "Your message is too long. Emails cannot be longer than {limit} bytes. \
                     Your message is {bytes} bytes."
                ),
            ),
            Self::LettersWithTeamKey => row(403, BAD_REQUEST, "Cannot send letters with a team api key"),
            Self::LettersInTrialMode => {
                row(403, BAD_REQUEST, "Cannot send letters when service is in trial mode")
            }
            Self::Address(error) => row(400, VALIDATION, error.to_string()),
            Self::LetterNotBase64 => {
                row(400, BAD_REQUEST, "Cannot decode letter content (invalid base64 encoding)")
            }

            Self::NoResult => row(404, "NoResultFound", NO_RESULT),
            Self::IdNotForDatabase => {
                row(404, "DataError", NO_RESULT).hint("an id in a notation that the database does not read")
            }
            Self::NotALetter => row(400, BAD_REQUEST, "Notification is not a letter"),
            Self::VirusFound => row(400, BAD_REQUEST, "File did not pass the virus scan"),
            Self::PdfUnavailable(status) => {
                row(400, BAD_REQUEST, format!("PDF not available for letters in status {status}"))
            }
            Self::PdfNotReady => row(400, "PDFNotReadyError", "PDF not available yet, try again later"),

            Self::Uncaught(exception, why) => row(500, exception.name(), INTERNAL)
                .hint(format!("{why}; the service itself falls over ({})", exception.name())),
            Self::Custom(said) => said.entry(),
            Self::NotStored(why) => row(500, "Exception", INTERNAL).hint(why),
        }
    }
}
