//! Numbers in text.

/// The value of a hexadecimal digit.
pub(crate) const fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// A whole number. One that is too large becomes the largest.
pub(crate) fn decimal(text: &[u8]) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u32, |number, digit| {
        digit.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(u32::from(digit & 15)))
    })
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_whole_number_is_digits_alone() {
        assert_eq!(
            [decimal(b"0"), decimal(b"0042"), decimal(b"4294967295")],
            [Some(0), Some(42), Some(u32::MAX)]
        );
        assert_eq!(decimal(b"99999999999"), Some(u32::MAX));
        for text in [&b""[..], b"+1", b"-1", b"1.5", b"1 ", b"one"] {
            assert_eq!(decimal(text), None);
        }
    }
}
