//! Every refusal of the service, in its own words.
//!
//! [`Refusal::entry`] is the table: each refusal has one row with its status, class, message and hint. A text that a sibling
//! of GOV.UK Notify words differently is a row that differs.

mod custom;
mod remedy;
mod table;

use uuid::Uuid;

pub(crate) use custom::CustomRefusal;
pub(crate) use remedy::remedy_of_status;
pub(crate) use table::{AUTH, Entry, Envelope, row};

use crate::recipient::phone::PhoneError;
use crate::recipient::postal::AddressError;
use crate::wire::upload::UploadError;
use crate::wire::validate::SchemaError;
use crate::world::{KeyType, MessageType};

/// A refusal, with the values that its texts need.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    // Authentication.
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
    KeyExpired,
    AlgorithmNotHs256,
    /// With how the token's time differs from the sandbox's.
    ClockSkew(String),

    // Limits.
    RateLimit(KeyType, u32),
    DailyLimit(&'static str, u32),
    BodyTooLarge,

    // Requests.
    /// With the byte at which the body goes wrong, and its length.
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
    /// With the text that does not fit into a QR code.
    QrCodeTooLong(String),
    MessageEmpty,
    /// With a character for which the service looks for a replacement, and fails.
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

    // Lookups.
    NoResult,
    /// An id in a notation that only the service's first check knows.
    IdNotForDatabase,
    NotALetter,
    VirusFound,
    PdfUnavailable(&'static str),
    PdfNotReady,

    /// The service raises an exception and does not catch it. With what is wrong with the request.
    Uncaught(Exception, &'static str),

    /// A refusal that only one service has, worded where it is made.
    Custom(Box<CustomRefusal>),

    /// An accepted message cannot be stored, with the reason. It is the one error of a sandbox that no test injects.
    NotStored(String),
}

/// An exception that the service does not catch. Its name is the class of the error.
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
    /// The name in Python.
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
