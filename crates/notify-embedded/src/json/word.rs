//! Values without quotes.

/// Whether this is a value without quotes. The service's language also reads and writes numbers that JSON does not have.
pub(super) fn is_word(text: &[u8]) -> bool {
    WORDS.contains(&text) || is_number(text)
}

/// What is not a number.
const WORDS: [&[u8]; 6] = [b"true", b"false", b"null", b"NaN", b"Infinity", b"-Infinity"];

/// Whether this is a number as JSON has it (RFC 8259 §6).
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (&b"0"[..], rest),
    };
    let (exponent, rest) = match rest.strip_prefix(b"e").or(rest.strip_prefix(b"E")) {
        Some(rest) => digits(rest.strip_prefix(b"+").or(rest.strip_prefix(b"-")).unwrap_or(rest)),
        None => (&b"0"[..], rest),
    };
    let is_zero_led = whole.len() > 1 && whole.first() == Some(&b'0');
    rest.is_empty() && !whole.is_empty() && !is_zero_led && !fraction.is_empty() && !exponent.is_empty()
}

/// The digits at the start of a text, and what follows them.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}
