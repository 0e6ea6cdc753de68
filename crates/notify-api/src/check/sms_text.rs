//! How a text message arrives on a phone, and what it costs.

mod alphabet;
mod whitespace;

pub(super) use whitespace::is_space;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::content::{self, Lists};
use crate::Service;
use crate::model::{Personalisation, PersonalisationValue, Template};
use crate::service::SmsLength;

/// The text of a text message as it arrives, with what it costs.
///
/// The service writes text messages in a small alphabet, and replaces the characters that are not in it. Phone networks
/// cut long messages into fragments, and bill each one.
///
/// `Debug` leaves out the text.
///
/// # Examples
///
/// ```
/// use notify_api::check::{Encoding, SmsText};
///
/// let text = SmsText::new("“Zażółć”  🚀");
/// assert_eq!(text.as_str(), "\"Zazólc\" ?");
/// assert_eq!(text.replaced().get(&'🚀').map(String::as_str), Some("?"));
/// // The `ó`, which is a letter of Welsh, is kept and makes each fragment shorter.
/// assert_eq!((text.encoding(), text.fragments()), (Encoding::Ucs2, 1));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SmsText {
    text: String,
    encoding: Encoding,
    characters: usize,
    fragments: usize,
    /// How many no-break spaces there were: some services remove them.
    no_breaks: usize,
    replaced: BTreeMap<char, String>,
}

/// The name that a service puts before its text messages, followed by a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceName<'n>(pub &'n str);

/// The encoding of a text message, which decides how much a fragment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Seven bits a character: 160 in one fragment, or 153 in each of several. `^ { } \ [ ~ ] | €` and the form feed
    /// take the place of two.
    Gsm7,
    /// Sixteen bits a character: 70 in one fragment, or 67 in each of several.
    Ucs2,
}

impl Encoding {
    /// How many characters one fragment holds, and each of several.
    const fn capacity(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }
}

impl SmsText {
    /// How many characters a message of GOV.UK Notify may have, not counting the name of the service.
    pub const MAX_CHARACTERS: usize = 918;

    /// The text of a message without placeholders, from a service that does not put its name before its messages.
    pub fn new(text: &str) -> Self {
        Self::prepare(None, text)
    }

    /// The same from a service that puts its name before its messages.
    ///
    /// ```
    /// use notify_api::check::{ServiceName, SmsText};
    ///
    /// let text = SmsText::with_service_name(ServiceName("Parking"), "Your permit is here.");
    /// assert_eq!(text.as_str(), "Parking: Your permit is here.");
    /// ```
    pub fn with_service_name(name: ServiceName<'_>, text: &str) -> Self {
        Self::prepare(Some(name.0.trim_matches(is_space)), text)
    }

    /// The text of a template with these values. A placeholder without a value is left out, as the service does when it
    /// counts the characters of a template alone.
    pub fn of(template: &Template, values: &Personalisation) -> Self {
        let nothing = PersonalisationValue::Text(String::new());
        Self::new(&content::fill(&template.body, Lists::InLine, |name| {
            Some(Cow::Borrowed(values.get(name).unwrap_or(&nothing)))
        }))
    }

    fn prepare(name: Option<&str>, text: &str) -> Self {
        let text = match name {
            Some(name) => Cow::Owned(format!("{name}: {text}")),
            None => Cow::Borrowed(text),
        };
        let no_breaks = text.matches('\u{a0}').count();
        let given = whitespace::tidy(&text);
        let encoding =
            if given.chars().any(alphabet::needs_sixteen_bits) { Encoding::Ucs2 } else { Encoding::Gsm7 };
        let (mut text, mut replaced) = (String::with_capacity(given.len()), BTreeMap::new());
        for c in given.chars() {
            match alphabet::replacement(c) {
                None => text.push(c),
                Some(other) => {
                    text.push_str(&other);
                    replaced.insert(c, other.into_owned());
                }
            }
        }
        let length = text.encode_utf16().count();
        let doubled = if encoding == Encoding::Gsm7 {
            text.chars().filter(|c| alphabet::is_doubled(*c)).count()
        } else {
            0
        };
        // The colon and the space after the name count with it.
        let before = name.map_or(0, |name| name.chars().count() + 2);
        Self {
            characters: length.saturating_sub(before),
            fragments: fragments(encoding, length + doubled),
            text,
            encoding,
            no_breaks,
            replaced,
        }
    }

    /// The text as it arrives.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The encoding in which it is sent.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How many characters count against [`MAX_CHARACTERS`](Self::MAX_CHARACTERS): all except the name of the service.
    pub fn characters(&self) -> usize {
        self.characters
    }

    /// Whether GOV.UK Notify refuses it because of its length.
    pub fn is_too_long(&self) -> bool {
        self.characters > Self::MAX_CHARACTERS
    }

    /// The length as this service counts it, or a lower bound: what counts against
    /// [`max_sms_characters`](Service::max_sms_characters).
    ///
    /// # Examples
    ///
    /// ```
    /// use notify_api::Service;
    /// use notify_api::check::SmsText;
    ///
    /// let text = SmsText::new("é €");
    /// assert_eq!(Service::ALL.map(|service| text.length_at(service)), [3, 6, 4, 3]);
    /// ```
    pub fn length_at(&self, service: Service) -> usize {
        match service.sms_length() {
            SmsLength::Utf16 => self.characters,
            SmsLength::Utf8 => self.text.chars().map(alphabet::bytes_without_accents).sum(),
            SmsLength::Gsm => {
                let doubled = self.text.chars().filter(|c| alphabet::is_doubled(*c)).count();
                (self.text.chars().count() + doubled).saturating_sub(self.no_breaks)
            }
        }
    }

    /// How many fragments are billed, the name of the service included.
    pub fn fragments(&self) -> usize {
        self.fragments
    }

    /// The characters that do not arrive as given, each with its replacement: a similar letter or sign, nothing, or
    /// `?`. Tidied white space does not count.
    pub fn replaced(&self) -> &BTreeMap<char, String> {
        &self.replaced
    }
}

fn fragments(encoding: Encoding, length: usize) -> usize {
    let (one, several) = encoding.capacity();
    if length <= one { 1 } else { length.div_ceil(several) }
}

impl fmt::Debug for SmsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsText")
            .field("encoding", &self.encoding)
            .field("characters", &self.characters)
            .field("fragments", &self.fragments)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_service_is_billed_and_not_counted() {
        let text = SmsText::with_service_name(ServiceName(" Example "), &"a".repeat(160));
        assert!(text.as_str().starts_with("Example: aaa"));
        assert_eq!((text.characters(), text.fragments()), (160, 2));
        assert!(!SmsText::with_service_name(ServiceName("Example"), &"a".repeat(918)).is_too_long());
        assert!(SmsText::with_service_name(ServiceName("Example"), &"a".repeat(919)).is_too_long());
    }

    #[test]
    fn debug_leaves_out_the_text() {
        assert!(!format!("{:?}", SmsText::new("Kim")).contains("Kim"));
    }
}
