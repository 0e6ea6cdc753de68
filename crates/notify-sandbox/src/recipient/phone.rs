//! Phone numbers: parsed leniently, as people write them, and checked strictly, as networks assign them.

mod cache;
pub(crate) mod number;
mod pattern;
pub(crate) mod plans;
mod rates;

use crate::render::content::downgrade::downgrade;
use crate::render::content::whitespace;
use number::{Number, Region};
use plans::{Kind, Length};
use rates::Rate;
use std::fmt;

/// The country code of the United Kingdom, which Jersey, Guernsey and the Isle of Man share.
const UK: u16 = 44;

const BRITAIN: Region = Region { country_code: UK, international_prefix: "00" };

/// A phone number that exists.
#[derive(Clone, PartialEq)]
pub(crate) struct PhoneNumber {
    number: Number,
    kind: Option<Kind>,
    /// The region to which it is assigned.
    region: Option<&'static str>,
}

/// Why a text is not a phone number that the service would send to; in its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PhoneError {
    #[error("Number is not valid – double check the phone number you entered")]
    InvalidNumber,
    #[error("Too many digits")]
    TooLong,
    #[error("Not enough digits")]
    TooShort,
    #[error("Not a UK mobile number")]
    NotAUkMobile,
    #[error("Must not contain letters or symbols")]
    UnknownCharacter,
    #[error("Not a valid country prefix")]
    UnsupportedCountryCode,
}

/// What a service may send texts to, besides British mobiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Permissions {
    pub(crate) international: bool,
    pub(crate) uk_landline: bool,
}

/// Parses a number, for a service that may send to any. If a number cannot be parsed as written, stray plus signs and
/// leading zeros are removed, and it is parsed once more.
///
/// # Errors
///
/// If the second attempt fails too: its reason.
pub(crate) fn parse(text: &str) -> Result<PhoneNumber, PhoneError> {
    cache::get_or_parse(text, parse_anew)
}

fn parse_anew(text: &str) -> Result<PhoneNumber, PhoneError> {
    let number = PhoneNumber::read(text).or_else(|_| PhoneNumber::read(&thoroughly_normalise(text)))?;
    number.check(Permissions { international: true, uk_landline: true })?;
    Ok(number)
}

impl PhoneNumber {
    /// Checks the number against what the service may send to.
    ///
    /// # Errors
    ///
    /// If it may not send to this number.
    pub(crate) fn check(&self, permissions: Permissions) -> Result<(), PhoneError> {
        if (self.is_uk() || permissions.international) && (!self.is_uk_landline() || permissions.uk_landline)
        {
            if rates::rate(&self.number.country_code.to_string()).is_some() {
                Ok(())
            } else {
                Err(PhoneError::UnsupportedCountryCode)
            }
        } else {
            Err(PhoneError::NotAUkMobile)
        }
    }

    /// The digits of E.164, without the plus sign.
    pub(crate) fn normalised(&self) -> String {
        self.number.e164()
    }

    /// Whether the number begins with the British country code, including those of crown dependencies.
    pub(crate) fn is_uk(&self) -> bool {
        self.number.country_code == UK
    }

    pub(crate) fn is_uk_landline(&self) -> bool {
        self.is_uk() && matches!(self.kind, Some(Kind::FixedLine | Kind::Uan))
    }

    /// Whether texts to the number are billed as international, as they are for crown dependencies.
    pub(crate) fn is_international(&self) -> bool {
        self.region != Some("GB") && !is_for_drama(&self.number)
    }

    /// The prefix that determines price and receipts: the country code, plus the area code for most islands in +1.
    pub(crate) fn country_prefix(&self) -> String {
        rates::prefix(self.number.country_code, &self.normalised())
    }

    /// How many domestic texts a text to this number costs.
    pub(crate) fn rate_multiplier(&self) -> u32 {
        self.international_rate().map_or(1, |rate| rate.multiplier)
    }

    /// Whether the network says that a text was delivered.
    pub(crate) fn gets_receipts(&self) -> bool {
        self.international_rate().is_none_or(|rate| rate.receipts)
    }

    /// The rate of a number in another country; none for a British one.
    fn international_rate(&self) -> Option<Rate> {
        if self.is_international() { rates::rate(&self.country_prefix()) } else { None }
    }

    fn read(text: &str) -> Result<Self, PhoneError> {
        if text.contains(|c: char| !(c.is_ascii_digit() || "()-+".contains(c) || whitespace::is_ignorable(c)))
        {
            return Err(PhoneError::UnknownCharacter);
        }
        if text.is_empty() {
            return Err(PhoneError::TooShort);
        }
        let number = Number::parse_in(text, BRITAIN).ok_or(PhoneError::InvalidNumber)?;
        let number = match length_fault(&number) {
            None => number,
            Some(fault) => international(text).ok_or(fault)?,
        };
        let plan = plans::of_number(number.country_code, &number.national);
        let kind = plan.and_then(|(_, kind)| kind);
        if !is_textable(kind) && !is_for_drama(&number) {
            return Err(PhoneError::InvalidNumber);
        }
        Ok(Self { number, kind, region: plan.map(|(plan, _)| plan.region) })
    }
}

/// Hides the number in logs.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(+{}..)", self.number.country_code)
    }
}

/// Removes what people add by mistake, and replaces a word processor's hyphens and spaces with plain ones. A character
/// without a plain counterpart, such as a line break, becomes a question mark, which no number may contain.
fn thoroughly_normalise(text: &str) -> String {
    let plain = downgrade(text, |c| matches!(c, ' '..='~'));
    plain.replace('+', "").trim_start_matches('0').to_owned()
}

/// What is wrong with the length of a number for its country.
fn length_fault(number: &Number) -> Option<PhoneError> {
    match number.length() {
        Length::Possible => None,
        // Enough only for a local call.
        Length::LocalOnly | Length::TooShort => Some(PhoneError::TooShort),
        Length::TooLong => Some(PhoneError::TooLong),
        Length::Impossible => Some(PhoneError::InvalidNumber),
    }
}

/// Parses the number with a plus sign in front, which spreadsheets tend to drop. A length that is enough only for a
/// local call is accepted here; such a number turns out to be unassigned.
fn international(text: &str) -> Option<Number> {
    let number = Number::parse_international(&format!("+{text}"))?;
    matches!(number.length(), Length::Possible | Length::LocalOnly).then_some(number)
}

/// Whether the service sends texts to numbers of this kind.
fn is_textable(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::FixedLine | Kind::Mobile | Kind::Uan | Kind::PersonalNumber))
}

/// Numbers that Ofcom reserves for drama are never assigned, but everybody tests with them. The service accepts a
/// wider range than the reserved one, and in every country.
fn is_for_drama(number: &Number) -> bool {
    number.national.trim_start_matches('0').strip_prefix("7700").is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_world_are_read_as_people_write_them() {
        for (text, normalised) in [
            ("07400 123456", "447400123456"),
            ("+353 85 012 3456", "353850123456"),
            ("00 61 412 345 678", "61412345678"),
            ("61412345678", "61412345678"),
            ("(0)7400-123456", "447400123456"),
            ("+447400\u{200b}123\u{a0}456", "447400123456"),
            ("07400\t123\u{202f}456", "447400123456"),
            ("07400\u{180e}12\u{200c}34\u{200d}5\u{feff}6", "447400123456"),
            ("\u{2028}07400\u{2029}123456\u{202f}", "447400123456"),
            ("+353\u{202f}85\t012\u{feff}3456", "353850123456"),
            ("07400‑123−456", "447400123456"),
            ("07400 123456\r\n", "447400123456"),
            ("+39 06 6982 0000", "390669820000"),
            ("0+353 85 012 3456", "353850123456"),
        ] {
            assert_eq!(parse(text).map(|number| number.normalised()).as_deref(), Ok(normalised), "{text}");
        }
    }

    #[test]
    fn what_no_text_can_reach_is_refused_with_its_reason() {
        for (text, error) in [
            ("+", PhoneError::TooShort),
            ("000", PhoneError::TooShort),
            ("()", PhoneError::InvalidNumber),
            ("0870 123 4567", PhoneError::InvalidNumber),
            ("+1 900 234 5678", PhoneError::InvalidNumber),
            ("+870 301 234 567", PhoneError::UnsupportedCountryCode),
            ("+447400/123456", PhoneError::UnknownCharacter),
            ("07400\n123456", PhoneError::UnknownCharacter),
            ("07400\r123456", PhoneError::UnknownCharacter),
            ("07400\u{b}123456", PhoneError::UnknownCharacter),
            ("07400\u{c}123456", PhoneError::UnknownCharacter),
            ("07400\u{2003}123456", PhoneError::UnknownCharacter),
            ("12345", PhoneError::TooShort),
            ("71234567", PhoneError::InvalidNumber),
            ("+4474001234567890", PhoneError::TooLong),
            (&"1".repeat(300), PhoneError::InvalidNumber),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_number_is_not_logged() {
        assert_eq!(format!("{:?}", parse("07400 123456").unwrap()), "PhoneNumber(+44..)");
    }
}
