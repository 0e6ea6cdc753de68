//! Ids as the service reads them: with or without hyphens, in braces, as a URN, in either case.

use uuid::Uuid;

/// Reads an id the way the service's UUID parser does.
pub(crate) fn parse(text: &str) -> Option<Uuid> {
    let mut digits = [0; 32];
    let bare = text.replace("urn:", "").replace("uuid:", "");
    for (index, byte) in bare.trim_matches(['{', '}']).bytes().filter(|byte| *byte != b'-').enumerate() {
        if !byte.is_ascii_hexdigit() {
            return None;
        }
        *digits.get_mut(index)? = byte;
    }
    // Fewer than 32 digits leave zero bytes behind, which are no digits.
    Uuid::try_parse_ascii(&digits).ok()
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
    fn anything_else_is_no_id() {
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
}
