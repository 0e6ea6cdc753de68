//! A service id, as keys and tokens spell it.

/// The characters of a UUID in its canonical text form.
pub(crate) const UUID_LEN: usize = 36;

/// The id of a service: a UUID in its canonical text form, in upper or lower case as it was written.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct ServiceId([u8; UUID_LEN]);

impl ServiceId {
    /// Accepts the text if it is a UUID.
    pub(crate) fn parse(text: &[u8; UUID_LEN]) -> Option<Self> {
        is_uuid(text).then_some(Self(*text))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; UUID_LEN] {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        // Digits, letters and hyphens are UTF-8.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[cfg(feature = "verify")]
    /// Whether both are the same service: upper and lower case mean the same in a UUID.
    pub(crate) fn is_same_service(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for ServiceId {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str:?}", self.as_str());
    }
}

/// Whether this is a UUID in its canonical text form, in upper or lower case.
pub(crate) fn is_uuid(text: &[u8; UUID_LEN]) -> bool {
    text.iter().enumerate().all(|(at, character)| match at {
        8 | 13 | 18 | 23 => *character == b'-',
        _ => character.is_ascii_hexdigit(),
    })
}
