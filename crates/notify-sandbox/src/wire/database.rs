//! Ids as the service's database reads them. It knows fewer notations than the service itself.

use uuid::Uuid;

use crate::wire::refusal::Refusal;

/// How many digits an id has.
const LENGTH: usize = 32;

/// Reads an id that the service passes to its database unchanged. The database knows fewer notations than
/// [Python's parser](crate::python::id::parse), which has accepted the id before.
pub(crate) fn id(text: &str) -> Result<Uuid, Refusal> {
    in_postgres(text).ok_or(Refusal::IdNotForDatabase)
}

/// 32 digits, with or without a hyphen after every four, perhaps in braces.
fn in_postgres(text: &str) -> Option<Uuid> {
    let bare = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let mut digits = String::with_capacity(LENGTH);
    for (index, group) in bare.split('-').enumerate() {
        if index > 0 && (group.is_empty() || digits.is_empty() || !digits.len().is_multiple_of(4)) {
            return None;
        }
        digits.push_str(group);
    }
    let is_number = digits.len() == LENGTH && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u128::from_str_radix(&digits, 16).ok().map(Uuid::from_u128)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::id::parse;

    #[test]
    fn the_database_reads_fewer_notations() {
        let plain = "f33517ff-2a88-4f6e-b855-c550268ce08a";
        let expected = Uuid::parse_str(plain).unwrap();
        for notation in [
            plain,
            "f33517ff2a884f6eb855c550268ce08a",
            "{F33517FF-2A88-4F6E-B855-C550268CE08A}",
            "f335-17ff-2a88-4f6e-b855-c550-268c-e08a",
            "f33517ff2a88-4f6eb855c550-268ce08a",
        ] {
            assert_eq!(id(notation), Ok(expected), "{notation}");
        }
        for notation in [
            "urn:uuid:f33517ff-2a88-4f6e-b855-c550268ce08a",
            "uuid:f33517ff-2a88-4f6e-b855-c550268ce08a",
            "{{f33517ff-2a88-4f6e-b855-c550268ce08a}}",
            "}f33517ff-2a88-4f6e-b855-c550268ce08a{",
            "{f33517ff-2a88-4f6e-b855-c550268ce08a",
            "f33-517ff2a884f6eb855c550268ce08a",
            "f335--17ff-2a88-4f6e-b855-c550-268c-e08a",
            "-f33517ff-2a88-4f6e-b855-c550268ce08a",
            "f33517ff-2a88-4f6e-b855-c550268ce08a-",
            "+33517ff2a884f6eb855c550268ce08a",
            "\u{ff10}33517ff-2a88-4f6e-b855-c550268ce08a",
        ] {
            assert!(parse(notation).is_some(), "{notation}");
            assert_eq!(id(notation), Err(Refusal::IdNotForDatabase), "{notation}");
        }
    }
}
