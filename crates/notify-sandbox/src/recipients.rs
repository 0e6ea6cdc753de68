//! A service's verdict on a recipient, without a service: for programs that check a list before they send it.
//!
//! The rules are those by which a sandbox answers. Whether a recipient that depends on the service's permissions, such
//! as a number abroad, is accepted cannot be known here: [`Judgement::NeedsPermission`].
//!
//! ```
//! use notify_sandbox::Service;
//! use notify_sandbox::recipients::{self, Judgement};
//!
//! let judgement = recipients::phone_number(Service::GovUk, "7900 900 123");
//! assert!(matches!(judgement, Judgement::Taken(number) if number.normalised == "447900900123"));
//! let judgement = recipients::phone_number(Service::GovUk, "+1 202 555 0123");
//! assert!(matches!(judgement, Judgement::NeedsPermission(..)));
//! assert!(matches!(recipients::email_address(Service::GovUk, "kim@example"), Judgement::Refused(_)));
//! ```

use crate::recipient::judgement;
pub use crate::recipient::judgement::{Judgement, Recipient};
use crate::service::Service;

/// What the service says about a phone number for a text message.
pub fn phone_number(service: Service, text: &str) -> Judgement {
    service.dialect().judge_phone_number(text)
}

/// What the service says about an e-mail address.
pub fn email_address(service: Service, text: &str) -> Judgement {
    service.dialect().judge_email_address(text)
}

/// What GOV.UK Notify says about the lines of a postal address. The others send no letters.
pub fn postal_address<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Judgement {
    let lines: Vec<L> = lines.into_iter().collect();
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    judgement::postal_address(&lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(judgement: &Judgement) -> &'static str {
        match judgement {
            Judgement::Taken(_) => "taken",
            Judgement::NeedsPermission(..) => "permission",
            Judgement::Refused(_) => "refused",
        }
    }

    #[test]
    fn each_service_reads_numbers_as_its_people_write_them() {
        for (service, text, expected) in [
            (Service::GovUk, "07900 900123", "taken"),
            (Service::GovUk, "020 7946 0123", "permission"),
            (Service::GovUk, "+33 1 45 67 89 01", "permission"),
            (Service::GovUk, "4.47701E+11", "refused"),
            (Service::NotifyGovAu, "0412 345 678", "taken"),
            (Service::NotifyGovAu, "+44 7900 900123", "permission"),
            (Service::NotifyGovAu, "0412.345.678", "refused"),
            (Service::GcNotify, "613 555 0123", "taken"),
            (Service::GcNotify, "555", "refused"),
            (Service::VaNotify, "202 555 0123", "taken"),
            (Service::VaNotify, "kim", "refused"),
        ] {
            assert_eq!(kind(&phone_number(service, text)), expected, "{service} {text}");
        }
    }

    #[test]
    fn two_spellings_of_a_recipient_are_one() {
        let number = |text| match phone_number(Service::GovUk, text) {
            Judgement::Taken(number) => number,
            judgement => panic!("{judgement:?}"),
        };
        assert_eq!(number("07900 900123"), number("+44 (0)7900-900123"));
        let address = |text| email_address(Service::GovUk, text);
        assert_eq!(address("Kim@Example.COM"), address("kim@example.com"));
    }

    #[test]
    fn letters_abroad_need_permission() {
        assert_eq!(kind(&postal_address(["Kim", "1 Road", "SW1A 1AA"])), "taken");
        assert_eq!(kind(&postal_address(["Kim", "1 rue", "75002 Paris", "France"])), "permission");
        let judgement = postal_address(["Kim", "1 Road", "XX1 1XX"]);
        assert_eq!(judgement, Judgement::Refused("Must be a real UK postcode".to_owned()));
    }

    #[test]
    fn debug_says_nothing_of_a_recipient() {
        let shown = format!("{:?}", phone_number(Service::GovUk, "07900900123"));
        assert_eq!(shown, "Taken(Recipient { rate_multiplier: 1, .. })");
    }
}
