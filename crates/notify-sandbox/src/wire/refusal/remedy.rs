//! What a developer can do about a refusal.

use super::Refusal;

impl Refusal {
    /// What to do about it, unless the status says it all.
    pub(crate) fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::TokenMissing => {
                "Send the header Authorization: Bearer, followed by a token that is signed with the key. A client library does that."
            }
            Self::SchemeNotBearer => "Begin the header Authorization with the word Bearer and one space.",
            Self::TokenMalformed(_) => {
                "Send a JSON Web Token: three parts with dots between them, signed with the key, and not the key itself."
            }
            Self::IssuerMissing => "Give the token the claim iss, with the id of the service.",
            Self::ServiceIdNotUuid | Self::ServiceNotFound => {
                "Set the claim iss to the id of the service: the first of the two ids in the key. Check that the key is one of \
                 this sandbox's."
            }
            Self::ServiceWithoutKeys | Self::KeyRevoked | Self::KeyExpired => {
                "Use a key that is in force; the pane Services makes new ones."
            }
            Self::ServiceArchived => "Use a key of a service that is in use.",
            Self::KeyNotFound(_) => {
                "Sign the token with the secret: the last 36 characters of the key. Check that nothing was cut off or added, such as \
                 a line break."
            }
            Self::AlgorithmNotHs256 => "Sign the token with HS256, and say so in its header: alg.",
            Self::ClockSkew(_) => {
                "Set the clock of the sender, or the clock of the sandbox; and make a new token for each request."
            }
            Self::RateLimit(..) => "Send more slowly, or start the sandbox with --no-limits.",
            Self::DailyLimit(..) => {
                "Advance the clock beyond midnight, raise the limit of the service, or start the sandbox with --no-limits."
            }
            Self::BodyTooLarge => "Send less at once.",
            Self::NotJson { .. } => "Send JSON in the body.",
            Self::Schema(_) => "Correct the fields that the reason names.",
            Self::NotPermitted(_) => "Give the service the permission to send messages of this type.",
            Self::TemplateNotFound => {
                "Send the id of a template of this service; the pane Services lists them. Each service has its own."
            }
            Self::TemplateUnsuitable { .. } => {
                "Send a template of this type of message, or send it as what it is."
            }
            Self::TemplateDeleted => "Send a template that has not been deleted.",
            Self::PersonalisationMissing(_) => {
                "Give each placeholder that the reason names a value in personalisation."
            }
            Self::MessageEmpty => "Give the placeholders values that leave something to say.",
            Self::FileNotByEmail => "Send files by e-mail only.",
            Self::FilesNotSetUp(_) => {
                "Give the service contact details for files: contact_link in its world."
            }
            Self::SenderNotFound { .. } => {
                "Send the id of a sender of this service, or none for its default."
            }
            Self::RecipientNotOnTeam => "Use a live key, or put the recipient on the team or the guest list.",
            Self::RecipientInTrialMode => {
                "Take the service out of trial mode, or put the recipient on the guest list."
            }
            Self::InternationalNumber => {
                "Give the service the permission international_sms, or send to a number at home."
            }
            Self::PhoneNumber(_) | Self::EmailAddress | Self::Address(_) => "Correct the recipient.",
            Self::TextTooLong { .. } | Self::EmailTooLong { .. } => "Shorten the template or the values.",
            Self::LettersWithTeamKey | Self::LettersInTrialMode => {
                "Send letters with a live or test key of a live service."
            }
            Self::NoResult | Self::IdNotForDatabase => {
                "Check the id, and that the key is of the service and the type that the message was sent with. Messages are deleted \
                 after seven days."
            }
            Self::NotALetter => "Ask for the PDF of a letter.",
            Self::PdfNotReady => "Ask again a little later.",
            Self::NotStored(_) => "Make room on the disk, or start the sandbox without --state.",
            _ => return None,
        })
    }
}

/// What to do about a response with this status, if nothing more is known.
pub(crate) fn remedy_of_status(status: u16) -> &'static str {
    match status {
        401 | 403 => "Check the key and the token, or what the key may do.",
        404 => "Check the path and the ids in it.",
        405 => "Use another method.",
        308 => "Use the path without the extra slash.",
        413 => "Send less at once.",
        429 => "Send more slowly.",
        500.. => "The real service fails at this request, too: change what the reason names.",
        _ => "Correct what the reason names.",
    }
}
