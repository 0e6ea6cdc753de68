//! Who a message went to: enough to recognise them, and not enough to reach them.

use crate::service::Service;

/// Numbers are compared by their last digits; each must have at least this many.
const TELLING_DIGITS: u8 = 7;
/// How many digits of a number are kept. No telephone number has more than 15.
const DIGITS_MAX: u8 = 16;

/// A recipient. Only letters and digits count, since the service trims invisible characters, and others may write numbers
/// differently. If this overlooked a difference in notation, a message would be sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// A number's digits, without the leading zeros that stand for a country or for nothing, four bits each, the last one
    /// lowest; of any other text, a hash.
    pub(crate) value: u64,
    /// How many digits it has; none for a text that is not a number.
    pub(crate) digits: u8,
}

impl Recipient {
    pub(crate) fn of(text: &[u8]) -> Self {
        let (mut value, mut digits, mut all_digits) = (0, 0_u8, 0_u8);
        let mut hash = Hash::new();
        let mut is_number = true;
        for byte in text.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
            hash.add(byte.to_ascii_lowercase());
            is_number &= byte.is_ascii_digit();
            all_digits = all_digits.saturating_add(1);
            if digits > 0 || *byte != b'0' {
                value = value << 4 | u64::from(byte & 15);
                digits = digits.saturating_add(1);
            }
        }
        if is_number && (1..=DIGITS_MAX).contains(&digits) && all_digits >= TELLING_DIGITS {
            Self { value, digits }
        } else {
            Self { value: hash.0, digits: 0 }
        }
    }

    /// Whether both are the same recipient.
    pub(crate) fn is(self, other: Self) -> bool {
        let shared = self.digits.min(other.digits);
        if shared < TELLING_DIGITS {
            return self == other;
        }
        // The rest of the longer one is a country code.
        (self.value ^ other.value) << (4 * (DIGITS_MAX - shared)) == 0
    }
}

/// Whether a service takes messages to this recipient but keeps none, so that no lookup finds them.
pub(crate) fn is_smoke_test(text: &str, service: &Service<'_>) -> bool {
    // `str::contains` would bring in a search algorithm for long texts.
    if text.bytes().any(|byte| byte == b'@') {
        let mut letters =
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        return b"simulatedelivered".iter().all(|wanted| letters.next() == Some(*wanted));
    }
    let recipient = Recipient::of(text.as_bytes());
    recipient.digits >= TELLING_DIGITS
        && service.smoke_test_numbers().any(|number| {
            let number = Recipient::of(number);
            recipient.digits >= number.digits && recipient.is(number)
        })
}

/// A hash of 64 bits, FNV-1a: short code, and no secret.
struct Hash(u64);

impl Hash {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(sent: &str, listed: &str) -> bool {
        Recipient::of(sent.as_bytes()).is(Recipient::of(listed.as_bytes()))
    }

    #[test]
    fn a_recipient_is_recognised_however_it_is_written() {
        for (sent, listed) in [
            (" +447900900123 ", "+447900900123"),
            ("07900 900 123", "07900900123"),
            ("07900900123", "447900900123"),
            ("00447900900123", "07900900123"),
            ("\u{200b}kim@example.com\u{feff}", "kim@example.com"),
            ("Kim@Example.com", "kim@example.com"),
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
        let (uk, gc) = (Service::gov_uk(), Service::gc_notify());
        let unknown = Service::at("notify.example");
        for recipient in ["07700900000", "+44 7700 900111", "00447700900222", "7700-900-222"] {
            assert!(is_smoke_test(recipient, &uk) && is_smoke_test(recipient, &unknown), "{recipient}");
            assert!(!is_smoke_test(recipient, &gc), "{recipient}");
        }
        for recipient in ["+1 613 253 2224", "(613) 253-2222"] {
            assert!(is_smoke_test(recipient, &gc) && !is_smoke_test(recipient, &uk), "{recipient}");
        }
        for address in ["simulate-delivered@notifications.service.gov.uk", " Simulate-Delivered-3@va.gov"] {
            assert!(is_smoke_test(address, &uk), "{address}");
        }
        for recipient in
            ["07700900003", "+447900900123", "temp-fail@simulator.notify", "900222", "sim@va.gov"]
        {
            assert!(!is_smoke_test(recipient, &unknown), "{recipient}");
        }
    }
}
