//! Recipients as the service lists them.

/// Numbers are told apart by their last digits, of which there have to be so many.
const TELLING_DIGITS: usize = 7;

/// The last digits of the numbers which a service takes for a smoke test: GOV.UK Notify, Notify.gov.au, and GC Notify,
/// whose numbers VA Notify has too (docs/service-behaviour.md#smoke-tests, docs/service-behaviour.md#siblings).
const SMOKE_TEST_NUMBERS: [&str; 12] = [
    "7700900000",
    "7700900111",
    "7700900222",
    "426305772",
    "426305773",
    "426305774",
    "400900000",
    "400900111",
    "400900222",
    "6132532222",
    "6132532223",
    "6132532224",
];
/// How the addresses for smoke tests begin, at each of the services.
const SMOKE_TEST_ADDRESS: &str = "simulate-delivered";

/// Whether the service, which lists a recipient as it was given, lists this one as that.
///
/// It trims what is invisible, and others may write numbers in another way. So what counts is letters and digits: a
/// difference overlooked here would be a message sent twice, and messages that are told apart by this alone have a
/// reference that is not their own.
pub(super) fn is_same(sent: &str, listed: &str) -> bool {
    let (sent, listed) = (essence(sent), essence(listed));
    let (sent_number, listed_number) = (national(&sent), national(&listed));
    sent == listed
        || is_number(sent_number)
            && is_number(listed_number)
            && (sent_number.ends_with(listed_number) || listed_number.ends_with(sent_number))
}

/// Whether the service takes messages to this recipient and keeps none.
pub(super) fn is_smoke_test(recipient: &str) -> bool {
    if recipient.contains('@') {
        return essence(recipient).starts_with(&essence(SMOKE_TEST_ADDRESS));
    }
    let recipient = essence(recipient);
    is_number(&recipient) && SMOKE_TEST_NUMBERS.iter().any(|number| recipient.ends_with(number))
}

fn essence(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_number(essence: &str) -> bool {
    essence.len() >= TELLING_DIGITS && essence.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number without the zeros before it, which stand for a country or for none.
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
            assert!(is_smoke_test(recipient), "{recipient}");
        }
        for recipient in
            ["07700900003", "+447900900123", "temp-fail@simulator.notify", "Amala Bird", "900222"]
        {
            assert!(!is_smoke_test(recipient), "{recipient}");
        }
    }
}
