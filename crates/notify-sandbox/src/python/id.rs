//! UUIDs as Python's `UUID()` reads them: with or without hyphens, in braces, as a URN, in either case.

use uuid::Uuid;

use super::digits;

/// How many digits an id has.
const LENGTH: usize = 32;

/// Parses a UUID as Python does. Without braces, hyphens and `urn:uuid:`, 32 characters must be left that `int()` reads
/// as a hexadecimal number. So a sign, a prefix, single underscores and white space around the number are valid too.
pub(crate) fn parse(text: &str) -> Option<Uuid> {
    // Almost all ids are written like this.
    if let Ok(id) = Uuid::try_parse(text) {
        return Some(id);
    }
    let bare = text.replace("urn:", "").replace("uuid:", "");
    let bare = bare.trim_matches(['{', '}']).replace('-', "");
    if bare.chars().count() != LENGTH {
        return None;
    }
    let number = digits::to_ascii(bare.trim());
    let number = number.strip_prefix('+').unwrap_or(&number);
    let prefixed = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
    // A prefix may be followed by one underscore.
    let digits = prefixed.map_or(number, |digits| digits.strip_prefix('_').unwrap_or(digits));
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !digits.split('_').all(is_digits) {
        return None;
    }
    u128::from_str_radix(&digits.replace('_', ""), 16).ok().map(Uuid::from_u128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_gives_the_same_id() {
        let plain = "f33517ff-2a88-4f6e-b855-c550268ce08a";
        let expected = Uuid::parse_str(plain).unwrap();
        for notation in [
            plain,
            "f33517ff2a884f6eb855c550268ce08a",
            "urn:uuid:f33517ff-2a88-4f6e-b855-c550268ce08a",
            "{F33517FF-2A88-4F6E-B855-C550268CE08A}",
            "f33-517ff2a884f6eb855c550268ce08-a",
        ] {
            assert_eq!(parse(notation), Some(expected), "{notation}");
        }
    }

    #[test]
    fn any_other_text_is_not_an_id() {
        for bad in [
            "",
            "x",
            "f33517ff",
            " f33517ff-2a88-4f6e-b855-c550268ce08a",
            "f33517ff-2a88-4f6e-b855-c550268ce08g",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse(&"a".repeat(33)), None);
    }

    #[test]
    fn a_number_of_32_characters_is_an_id_however_it_is_written() {
        let small = |digits: &str| Uuid::from_u128(u128::from_str_radix(digits, 16).unwrap());
        for (text, digits) in [
            ("+33517ff2a884f6eb855c550268ce08a", "33517ff2a884f6eb855c550268ce08a"),
            ("0x_517ff2a884f6eb855c550268ce08a", "517ff2a884f6eb855c550268ce08a"),
            ("f33517ff_2a88_4f6e_b855_c550268c", "f33517ff2a884f6eb855c550268c"),
            (" f33517ff-2a88-4f6e-b855-c550268ce0\t", "f33517ff2a884f6eb855c550268ce0"),
        ] {
            assert_eq!(parse(text), Some(small(digits)), "{text}");
        }
        for bad in [
            "_33517ff2a884f6eb855c550268ce08a",
            "f33517ff__2a88_4f6e_b855_c550268",
            "++3517ff2a884f6eb855c550268ce08a",
            "\u{1f}33517ff2a884f6eb855c550268ce08a",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
