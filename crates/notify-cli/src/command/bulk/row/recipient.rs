//! The service's verdict on a recipient, and what a spreadsheet program may have done to it.

use notify_sandbox::Service;
use notify_sandbox::recipients::{self, Validation};

/// The verdict on a recipient.
#[derive(Debug, Default)]
pub(super) struct RecipientCheck {
    pub(super) error: Option<String>,
    pub(super) warnings: Vec<String>,
    /// In one spelling, if it is valid.
    pub(super) normalised: Option<String>,
    pub(super) rate_multiplier: u32,
}

impl From<Validation> for RecipientCheck {
    fn from(validation: Validation) -> Self {
        let (recipient, warning) = match validation {
            Validation::Valid(recipient) => (recipient, None),
            Validation::NeedsPermission(recipient, reason) => (recipient, Some(reason)),
            Validation::Invalid(reason) => return Self { error: Some(reason), ..Self::default() },
        };
        Self {
            error: None,
            warnings: warning.into_iter().collect(),
            normalised: Some(recipient.normalised),
            rate_multiplier: recipient.rate_multiplier,
        }
    }
}

pub(super) fn phone_number(service: Service, text: &str) -> RecipientCheck {
    let mut check = RecipientCheck::from(recipients::validate_phone_number(service, text));
    if check.error.is_some() && is_scientific(text) {
        check.warnings.push(
            "a spreadsheet program has shortened it, and its last digits are lost: format the column as text, and \
             fill it again"
                .to_owned(),
        );
    } else if check.error.is_none() && is_rounded(text) {
        check
            .warnings
            .push("it ends as if a spreadsheet program had rounded it: is it the right number?".to_owned());
    } else if check.error.is_none() && service == Service::GovUk && has_lost_zero(text) {
        check.warnings.push("a spreadsheet program seems to have dropped its leading zero".to_owned());
    }
    check
}

pub(super) fn email_address(service: Service, text: &str) -> RecipientCheck {
    recipients::validate_email_address(service, text).into()
}

/// Checks the columns of an address: lines 1 to 6, the postcode, and line 7. If the list has a seventh line, the
/// service ignores the postcode.
pub(super) fn address(columns: &[Option<String>], has_seventh: bool) -> RecipientCheck {
    let last = if has_seventh { 7 } else { 6 };
    let lines = columns[..6].iter().chain([&columns[last]]);
    recipients::validate_postal_address(lines.map(|line| line.as_deref().unwrap_or_default())).into()
}

/// Whether it looks like `4.47701E+11`; in many countries the point is a comma.
fn is_scientific(text: &str) -> bool {
    let is_number =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
    text.split_once(['e', 'E'])
        .is_some_and(|(digits, exponent)| is_number(digits) && is_number(exponent.trim_start_matches('+')))
}

/// Whether it is what `4.47701E+11` becomes when it is read as a number again.
fn is_rounded(text: &str) -> bool {
    text.len() > 10 && text.ends_with("000000") && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether it is a mobile number without its zero, as in `7900900123`.
fn has_lost_zero(text: &str) -> bool {
    text.len() == 10 && text.starts_with('7') && text.bytes().all(|b| b.is_ascii_digit())
}
