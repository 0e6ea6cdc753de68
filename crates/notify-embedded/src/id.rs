//! Ids: UUIDs, which cannot be mixed up.

use core::fmt;

use crate::digits::hexadecimal;

/// The characters of an id with its hyphens.
pub(crate) const ID_CHARS: usize = 36;

/// The text is not a UUID, so it cannot be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId(());

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a UUID, such as 740e5834-3a29-46b4-9a6f-16142fde533a")
    }
}

impl core::error::Error for InvalidId {}

/// Reads a UUID, with its hyphens or without any, in either case.
pub(crate) const fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let has_hyphens = text.len() == ID_CHARS;
    let mut id = [0; 16];
    let mut digits = 0;
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let at = text.len() - rest.len();
        rest = tail;
        if has_hyphens && is_hyphen_s(at) {
            if *first != b'-' {
                return None;
            }
            continue;
        }
        let Some(value) = hexadecimal(*first) else { return None };
        if digits >= 32 {
            return None;
        }
        id[digits / 2] = id[digits / 2] << 4 | value;
        digits += 1;
    }
    if digits == 32 { Some(id) } else { None }
}

/// Whether this character of an id is a hyphen.
const fn is_hyphen_s(at: usize) -> bool {
    matches!(at, 8 | 13 | 18 | 23)
}

/// An id as text, in lower case and with its hyphens.
pub(crate) fn text(id: [u8; 16]) -> [u8; ID_CHARS] {
    let mut text = [b'-'; ID_CHARS];
    let mut half = 0;
    for (at, place) in text.iter_mut().enumerate() {
        if is_hyphen_s(at) {
            continue;
        }
        let byte = id.get(half / 2).copied().unwrap_or_default();
        let digit = if half % 2 == 0 { byte >> 4 } else { byte & 15 };
        *place = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
        half += 1;
    }
    text
}

macro_rules! id {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        ///
        /// Parses with or without hyphens, in either case, as the service does. Displays with hyphens and in lower case.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) [u8; 16]);

        impl $name {
            /// The id made of these 16 bytes, in the order in which they are written.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Parses an id.
            ///
            /// # Errors
            ///
            /// [`InvalidId`] if the text is not a UUID.
            pub const fn parse(text: &str) -> Result<Self, InvalidId> {
                Self::parse_bytes(text.as_bytes())
            }

            /// Parses an id from bytes, such as those of [`to_text`](Self::to_text).
            ///
            /// # Errors
            ///
            /// [`InvalidId`] if they are not the text of a UUID.
            pub const fn parse_bytes(text: &[u8]) -> Result<Self, InvalidId> {
                match parse(text) {
                    Some(id) => Ok(Self(id)),
                    None => Err(InvalidId(())),
                }
            }

            /// Its text: 36 characters, in lower case and with hyphens. `Display` brings in the code for formatting.
            pub fn to_text(&self) -> [u8; 36] {
                text(self.0)
            }

            /// An id that is written in the program's source.
            ///
            /// # Panics
            ///
            /// If the text is not a UUID. This function is meant for constants: there, a wrong text keeps the program
            /// from compiling.
            pub const fn from_static(text: &'static str) -> Self {
                match Self::parse(text) {
                    Ok(id) => id,
                    Err(_) => panic!("not a UUID"),
                }
            }

            /// The 16 bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl core::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(core::str::from_utf8(&text(self.0)).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

id!(
    /// The id of a template.
    ///
    /// ```
    /// use notify_embedded::TemplateId;
    ///
    /// const TEMPLATE: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
    /// assert_eq!("740e58343a2946b49a6f16142fde533a".parse(), Ok(TEMPLATE));
    /// ```
    TemplateId
);
id!(
    /// The id of a message.
    NotificationId
);
id!(
    /// The id of a sender of text messages, or of an e-mail address for replies.
    SenderId
);

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::string::ToString as _;

    #[test]
    fn an_id_is_read_with_and_without_hyphens_and_shown_with_them() {
        let text = "740e5834-3a29-46b4-9a6f-16142fde533a";
        for spelling in [text, "740E5834-3A29-46B4-9A6F-16142FDE533A", "740e58343a2946b49a6f16142fde533a"] {
            assert_eq!(TemplateId::parse(spelling).unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "740e5834",
            "740e5834-3a29-46b4-9a6f-16142fde533",
            "740e5834-3a29-46b4-9a6f-16142fde533g",
            "740e5834-3a29-46b4-9a6f-16142fde533a0",
            "740e5834x3a29x46b4x9a6fx16142fde533a",
            "740e-58343a29-46b4-9a6f-16142fde533a",
        ] {
            assert!(TemplateId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
