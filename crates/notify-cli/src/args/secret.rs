//! Keeps API keys out of the command line.

use std::ffi::OsString;

use crate::exit::CommandError;

/// The length of a UUID in its canonical text form.
const UUID_LEN: usize = 36;

/// Refuses a command line that contains an API key anywhere, without repeating the key.
pub(super) fn refuse_keys(args: &[OsString]) -> Result<(), CommandError> {
    match args.iter().position(|arg| holds_key(arg.as_encoded_bytes())) {
        Some(position) => Err(CommandError::usage(format!(
            "argument {position} looks like an API key, and every user of this machine can see the arguments \
             of its programs"
        ))
        .help(
            "put the key in NOTIFY_API_KEY, or in a file for --api-key-file; if others use this machine, \
             revoke it and create a new one",
        )),
        None => Ok(()),
    }
}

/// Whether the text contains two UUIDs joined by a hyphen anywhere: the service id and the secret with which every key
/// ends.
pub(crate) fn holds_key(text: &[u8]) -> bool {
    text.windows(UUID_LEN + 1 + UUID_LEN).any(|window| {
        let (service_id, rest) = window.split_at(UUID_LEN);
        rest.split_first()
            .is_some_and(|(hyphen, secret)| *hyphen == b'-' && is_uuid(service_id) && is_uuid(secret))
    })
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, character)| match at {
        8 | 13 | 18 | 23 => *character == b'-',
        _ => character.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

    #[test]
    fn a_key_is_found_anywhere_in_the_text() {
        for text in [format!("{ID}-{ID}"), format!("--key=\"my-key-{ID}-{}\" ", ID.to_uppercase())] {
            assert!(holds_key(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn ids_and_other_texts_are_not_keys() {
        for text in [ID.to_owned(), format!("{ID} {ID}"), format!("{ID},{ID}"), String::new()] {
            assert!(!holds_key(text.as_bytes()), "{text}");
        }
    }
}
