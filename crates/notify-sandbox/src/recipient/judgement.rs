//! What a service says about a recipient.

use std::fmt;

use super::email::{self, EmailAddress};
use super::phone::{self, Permissions, PhoneError};
use super::postal::Address;

/// The recipients' part of a dialect. The defaults are those of GOV.UK Notify.
pub(crate) trait RecipientDialect: Send + Sync {
    /// What it says about a phone number for a text message.
    fn judge_phone_number(&self, text: &str) -> Judgement {
        british_phone_number(text)
    }

    /// What it says about an e-mail address.
    fn judge_email_address(&self, text: &str) -> Judgement {
        address(email::parse(text))
    }
}

/// A service's verdict on a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The service sends to it.
    Taken(Recipient),
    /// The service sends to it only with a permission, for this reason.
    NeedsPermission(Recipient, String),
    /// The service does not send to it, for this reason. The reason does not repeat the recipient.
    Refused(String),
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

/// What GOV.UK Notify says about a postal address.
pub(crate) fn postal_address(text: &str) -> Judgement {
    let address = Address::parse(text);
    let recipient = || Recipient::new(address.lines().join("\n").to_lowercase());
    match (address.check(false), address.check(true)) {
        (Ok(()), _) => Judgement::Taken(recipient()),
        (Err(_), Ok(())) => Judgement::NeedsPermission(
            recipient(),
            "the address is in another country, to which a service needs leave to send letters".to_owned(),
        ),
        (Err(reason), Err(_)) => Judgement::Refused(reason.to_string()),
    }
}

/// What GOV.UK Notify says about a phone number, in the words of its website.
fn british_phone_number(text: &str) -> Judgement {
    let number = match phone::parse(text) {
        Ok(number) => number,
        Err(PhoneError::UnknownCharacter) => {
            return Judgement::Refused(
                "Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -".to_owned(),
            );
        }
        Err(error) => return Judgement::Refused(error.to_string()),
    };
    let recipient = Recipient { normalised: number.normalised(), rate_multiplier: number.rate_multiplier() };
    if number.check(Permissions::default()).is_ok() {
        Judgement::Taken(recipient)
    } else if number.is_uk() {
        Judgement::NeedsPermission(recipient, "a landline, to which a service needs leave to send".to_owned())
    } else {
        Judgement::NeedsPermission(
            recipient,
            "a number abroad, to which a service needs leave to send".to_owned(),
        )
    }
}

/// The judgement on a number that some service has read.
pub(crate) fn number(read: Result<(String, bool), String>) -> Judgement {
    match read {
        Ok((digits, true)) => Judgement::Taken(Recipient::new(digits)),
        Ok((digits, false)) => Judgement::NeedsPermission(
            Recipient::new(digits),
            "a number abroad, to which a service needs leave to send".to_owned(),
        ),
        Err(reason) => Judgement::Refused(reason),
    }
}

/// The judgement on an address that some service has read.
pub(crate) fn address(read: Result<EmailAddress, email::EmailError>) -> Judgement {
    match read {
        Ok(address) => Judgement::Taken(Recipient::new(address.normalised())),
        Err(reason) => Judgement::Refused(reason.to_string()),
    }
}
