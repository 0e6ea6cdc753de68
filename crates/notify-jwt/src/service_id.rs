//! A service id, as a key and a token spell it.

use heapless::String;

/// The characters of a UUID in its canonical text form.
pub(crate) const UUID_LEN: usize = 36;

/// The id of a service: a UUID in its canonical text form, in the case in which it was written.
#[derive(Clone)]
pub(crate) struct ServiceId(String<UUID_LEN, u8>);

impl ServiceId {
    /// Takes the text if it is a UUID.
    pub(crate) fn read(text: &[u8; UUID_LEN]) -> Option<Self> {
        core::str::from_utf8(text).ok().filter(|_| is_uuid(text))?.try_into().ok().map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same service: the digits of a UUID mean the same in either case.
    pub(crate) fn names_the_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// Whether this is a UUID in its canonical text form, in either case.
pub(crate) fn is_uuid(text: &[u8; UUID_LEN]) -> bool {
    text.iter().enumerate().all(|(at, character)| match at {
        8 | 13 | 18 | 23 => *character == b'-',
        _ => character.is_ascii_hexdigit(),
    })
}
