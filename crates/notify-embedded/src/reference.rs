//! The reference of a message.

use core::fmt;

use heapless::Vec;

/// How many bytes a reference may have.
pub const REFERENCE_MAX: usize = 64;

/// A reference: what a message is found by later, up to [`REFERENCE_MAX`] bytes of text without control characters.
///
/// `Debug` does not show it.
///
/// ```
/// use notify_embedded::Reference;
///
/// let reference = Reference::numbered("door-17", 42)?;
/// assert_eq!(reference.as_str(), "door-17-42");
/// # Ok::<(), notify_embedded::InvalidReference>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Reference(Vec<u8, REFERENCE_MAX, u8>);

impl Reference {
    /// A reference of this text.
    ///
    /// # Errors
    ///
    /// If the text is empty, too long, or has control characters.
    pub fn new(text: &str) -> Result<Self, InvalidReference> {
        Self::of_bytes(text.as_bytes()).ok_or(InvalidReference(()))
    }

    /// A reference of these bytes, which were a string once. To check them again would take more flash than everything
    /// else here.
    pub(crate) fn of_bytes(text: &[u8]) -> Option<Self> {
        if text.is_empty() || text.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
            return None;
        }
        Vec::from_slice(text).ok().map(Self)
    }

    /// A name and a number, with a hyphen between. The reference belongs to one message alone if the name is the device's
    /// own, and the number is never used again: a counter in flash.
    ///
    /// # Errors
    ///
    /// If the name has control characters, or is too long.
    pub fn numbered(name: &str, number: u32) -> Result<Self, InvalidReference> {
        let Self(mut text) = Self::new(name)?;
        let mut digits = [b'0'; 10];
        let mut rest = number;
        let mut count = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            count += 1;
            if rest == 0 {
                break;
            }
        }
        text.push(b'-').map_err(|_| InvalidReference(()))?;
        for digit in digits.iter().skip(10 - count) {
            text.push(*digit).map_err(|_| InvalidReference(()))?;
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The text, as it goes into requests and records.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(..)")
    }
}

/// The text cannot be a reference: it is empty, too long, or has control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidReference(());

impl fmt::Display for InvalidReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a reference has 1 to {REFERENCE_MAX} bytes, and no control characters")
    }
}

impl core::error::Error for InvalidReference {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_short_text() {
        for text in ["r", "permit 17", "a b+c&d é", &"x".repeat(64)] {
            assert_eq!(Reference::new(text).unwrap().as_str(), text);
        }
        for text in ["", "\0", "a\nb", "\u{7f}", &"x".repeat(65)] {
            assert!(Reference::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_numbered_reference_ends_in_its_number() {
        for number in [0, 7, 10, 4_294_967_295] {
            let reference = Reference::numbered("door", number).unwrap();
            assert_eq!(reference.as_str(), std::format!("door-{number}"));
        }
        assert!(Reference::numbered(&"x".repeat(62), 7).is_ok());
        assert!(Reference::numbered(&"x".repeat(62), 10).is_err());
        assert!(Reference::numbered("", 1).is_err());
    }

    extern crate std;
}
