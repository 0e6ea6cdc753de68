//! Validates recipients by the rules of a service.

use std::fmt;

use super::email::{self, EmailAddress};
use super::phone::{self, Permissions, PhoneError};
use super::postal::Address;

/// The recipients' part of a dialect. The defaults are those of GOV.UK Notify.
pub(crate) trait RecipientDialect: Send + Sync {
    /// Validates a phone number for a text message.
    fn validate_phone_number(&self, text: &str) -> Validation {
        british_phone_number(text)
    }

    /// Validates an e-mail address.
    fn validate_email_address(&self, text: &str) -> Validation {
        address(email::parse(text))
    }
}

/// The result of validating a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validation {
    /// The service sends to it.
    Valid(Recipient),
    /// The service sends to it only with a permission, for this reason.
    NeedsPermission(Recipient, String),
    /// The service does not send to it, for this reason. The reason does not repeat the recipient.
    Invalid(String),
}

/// A recipient that can be sent to. `Debug` leaves out who it is.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recipient {
    /// In one spelling, so that the same recipients compare equal.
    pub normalised: String,
    /// How many domestic text messages a text message there costs; 1 for everything else.
    pub rate_multiplier: u32,
}

impl Recipient {
    fn new(normalised: String) -> Self {
        Self { normalised, rate_multiplier: 1 }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").field("rate_multiplier", &self.rate_multiplier).finish_non_exhaustive()
    }
}

/// Validates a postal address as GOV.UK Notify does.
pub(crate) fn postal_address(text: &str) -> Validation {
    let address = Address::parse(text);
    let recipient = || Recipient::new(address.lines().join("\n").to_lowercase());
    match (address.check(false), address.check(true)) {
        (Ok(()), _) => Validation::Valid(recipient()),
        (Err(_), Ok(())) => Validation::NeedsPermission(
            recipient(),
            "the address is in another country, to which a service needs permission to send letters"
                .to_owned(),
        ),
        (Err(reason), Err(_)) => Validation::Invalid(reason.to_string()),
    }
}

/// Validates a phone number as GOV.UK Notify does, in the words of its website.
fn british_phone_number(text: &str) -> Validation {
    let number = match phone::parse(text) {
        Ok(number) => number,
        Err(PhoneError::UnknownCharacter) => {
            return Validation::Invalid(
                "Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -".to_owned(),
            );
        }
        Err(error) => return Validation::Invalid(error.to_string()),
    };
    let recipient = Recipient { normalised: number.normalised(), rate_multiplier: number.rate_multiplier() };
    if number.check(Permissions::default()).is_ok() {
        Validation::Valid(recipient)
    } else if number.is_uk() {
        Validation::NeedsPermission(
            recipient,
            "a landline, to which a service needs permission to send".to_owned(),
        )
    } else {
        Validation::NeedsPermission(
            recipient,
            "a number abroad, to which a service needs permission to send".to_owned(),
        )
    }
}

/// The validation of a number that a service has parsed.
pub(crate) fn number(read: Result<(String, bool), String>) -> Validation {
    match read {
        Ok((digits, true)) => Validation::Valid(Recipient::new(digits)),
        Ok((digits, false)) => Validation::NeedsPermission(
            Recipient::new(digits),
            "a number abroad, to which a service needs permission to send".to_owned(),
        ),
        Err(reason) => Validation::Invalid(reason),
    }
}

/// The validation of an address that a service has parsed.
pub(crate) fn address(read: Result<EmailAddress, email::EmailError>) -> Validation {
    match read {
        Ok(address) => Validation::Valid(Recipient::new(address.normalised())),
        Err(reason) => Validation::Invalid(reason.to_string()),
    }
}
