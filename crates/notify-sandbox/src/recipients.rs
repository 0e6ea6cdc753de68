//! Validates recipients by the rules of a service, without a running sandbox: for programs that check a list before
//! they send it.
//!
//! The rules are those by which a sandbox answers. Whether a recipient that depends on the service's permissions, such
//! as a number abroad, is accepted cannot be known here: [`Validation::NeedsPermission`].
//!
//! ```
//! use notify_sandbox::Service;
//! use notify_sandbox::recipients::{self, Validation};
//!
//! let validation = recipients::validate_phone_number(Service::GovUk, "7900 900 123");
//! assert!(matches!(validation, Validation::Valid(number) if number.normalised == "447900900123"));
//! let validation = recipients::validate_phone_number(Service::GovUk, "+1 202 555 0123");
//! assert!(matches!(validation, Validation::NeedsPermission(..)));
//! assert!(matches!(recipients::validate_email_address(Service::GovUk, "kim@example"), Validation::Invalid(_)));
//! ```

use crate::recipient::validation;
pub use crate::recipient::validation::{Recipient, Validation};
use crate::service::Service;

/// Validates a phone number for a text message.
pub fn validate_phone_number(service: Service, text: &str) -> Validation {
    service.dialect().validate_phone_number(text)
}

/// Validates an e-mail address.
pub fn validate_email_address(service: Service, text: &str) -> Validation {
    service.dialect().validate_email_address(text)
}

/// Validates the lines of a postal address as GOV.UK Notify does. The others send no letters.
pub fn validate_postal_address<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Validation {
    let lines: Vec<L> = lines.into_iter().collect();
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    validation::postal_address(&lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(validation: &Validation) -> &'static str {
        match validation {
            Validation::Valid(_) => "valid",
            Validation::NeedsPermission(..) => "permission",
            Validation::Invalid(_) => "invalid",
        }
    }

    #[test]
    fn each_service_reads_numbers_as_its_people_write_them() {
        for (service, text, expected) in [
            (Service::GovUk, "07900 900123", "valid"),
            (Service::GovUk, "020 7946 0123", "permission"),
            (Service::GovUk, "+33 1 45 67 89 01", "permission"),
            (Service::GovUk, "4.47701E+11", "invalid"),
            (Service::NotifyGovAu, "0412 345 678", "valid"),
            (Service::NotifyGovAu, "+44 7900 900123", "permission"),
            (Service::NotifyGovAu, "0412.345.678", "invalid"),
            (Service::GcNotify, "613 555 0123", "valid"),
            (Service::GcNotify, "555", "invalid"),
            (Service::VaNotify, "202 555 0123", "valid"),
            (Service::VaNotify, "kim", "invalid"),
        ] {
            assert_eq!(kind(&validate_phone_number(service, text)), expected, "{service} {text}");
        }
    }

    #[test]
    fn two_spellings_of_a_recipient_are_one() {
        let number = |text| match validate_phone_number(Service::GovUk, text) {
            Validation::Valid(number) => number,
            validation => panic!("{validation:?}"),
        };
        assert_eq!(number("07900 900123"), number("+44 (0)7900-900123"));
        let address = |text| validate_email_address(Service::GovUk, text);
        assert_eq!(address("Kim@Example.COM"), address("kim@example.com"));
    }

    #[test]
    fn letters_abroad_need_permission() {
        assert_eq!(kind(&validate_postal_address(["Kim", "1 Road", "SW1A 1AA"])), "valid");
        assert_eq!(kind(&validate_postal_address(["Kim", "1 rue", "75002 Paris", "France"])), "permission");
        let validation = validate_postal_address(["Kim", "1 Road", "XX1 1XX"]);
        assert_eq!(validation, Validation::Invalid("Must be a real UK postcode".to_owned()));
    }

    #[test]
    fn debug_says_nothing_of_a_recipient() {
        let shown = format!("{:?}", validate_phone_number(Service::GovUk, "07900900123"));
        assert_eq!(shown, "Valid(Recipient { rate_multiplier: 1, .. })");
    }
}
