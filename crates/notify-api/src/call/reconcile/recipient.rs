//! Recipients as the service lists them.

use crate::Service;

/// Numbers are compared by their last digits; each must have at least this many.
const TELLING_DIGITS: usize = 7;

/// Whether the recipient as sent and the recipient as listed are the same. The service lists a recipient as it was
/// given.
///
/// It trims invisible characters, and others may write numbers differently. So only letters and digits count. If this
/// rule overlooked a difference in notation, a message would be sent twice. If only the recipient tells two messages
/// apart, their reference is not unique.
pub(super) fn is_same(sent: &str, listed: &str) -> bool {
    let (sent, listed) = (essence(sent), essence(listed));
    let (sent_number, listed_number) = (national(&sent), national(&listed));
    sent == listed
        || is_number(sent_number)
            && is_number(listed_number)
            && (sent_number.ends_with(listed_number) || listed_number.ends_with(sent_number))
}

/// Whether the service takes messages to this recipient but keeps none. If the service is not known, whether any
/// service does.
pub(super) fn is_smoke_test(recipient: &str, service: Option<Service>) -> bool {
    let essential = essence(recipient);
    if recipient.contains('@') {
        return essential.starts_with(&essence(Service::smoke_test_address()));
    }
    is_number(&essential)
        && Service::ALL
            .into_iter()
            .filter(|known| service.is_none_or(|service| service == *known))
            .any(|known| known.is_smoke_test(&essential))
}

fn essence(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_number(essence: &str) -> bool {
    essence.len() >= TELLING_DIGITS && essence.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number without its leading zeros, which stand for a country or for nothing.
fn national(essence: &str) -> &str {
    essence.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_known_again_however_it_is_written() {
        for (sent, listed) in [
            (" +447900900123 ", "+447900900123"),
            ("07900 900 123", "07900900123"),
            ("07900900123", "447900900123"),
            ("00447900900123", "07900900123"),
            ("\u{200b}kim@example.com\u{feff}", "kim@example.com"),
            ("Kim@Example.com", "kim@example.com"),
            ("info@vermögensberatung", "info@VERMÖGENSBERATUNG"),
        ] {
            assert!(is_same(sent, listed) && is_same(listed, sent), "{sent} {listed}");
        }
    }

    #[test]
    fn another_recipient_is_another() {
        for (sent, listed) in [
            ("+447900900123", "+447900900124"),
            ("+447900900123", "0123"),
            ("+447900900123", ""),
            ("kim@example.com", "jim@example.com"),
            ("kim7900900123", "7900900123"),
        ] {
            assert!(!is_same(sent, listed) && !is_same(listed, sent), "{sent} {listed}");
        }
    }

    #[test]
    fn the_recipients_of_smoke_tests_are_known() {
        for recipient in [
            "07700900000",
            "+44 7700 900111",
            "00447700900222",
            "7700-900-222",
            "0426305773",
            "+61400900222",
            "+1 613 253 2224",
            "(613) 253-2222",
            "simulate-delivered@notifications.service.gov.uk",
            " Simulate-Delivered-3@notifications.va.gov",
        ] {
            assert!(is_smoke_test(recipient, None), "{recipient}");
        }
        for recipient in
            ["07700900003", "+447900900123", "temp-fail@simulator.notify", "Amala Bird", "900222"]
        {
            assert!(!is_smoke_test(recipient, None), "{recipient}");
        }
    }

    #[test]
    fn a_service_has_its_own_numbers_for_smoke_tests() {
        let (uk, gc) = (Some(Service::gov_uk()), Some(Service::gc_notify()));
        assert!(is_smoke_test("07700900111", uk) && !is_smoke_test("07700900111", gc));
        assert!(is_smoke_test("+16132532222", gc) && !is_smoke_test("+16132532222", uk));
        assert!(is_smoke_test("+16132532222", Some(Service::va_notify())));
        assert!(is_smoke_test("0426305772", Some(Service::notify_gov_au())));
    }
}
