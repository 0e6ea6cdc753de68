//! Phone numbers as Australians write them. The service accepts landlines and company numbers, too.

use crate::recipient::phone::number::{Number, Region};
use crate::recipient::phone::plans::Length;
use crate::render::content::whitespace;

const AUSTRALIA: Region = Region { country_code: 61, international_prefix: "0011" };

/// Country codes for which it has no price. With most of them, it notices too late.
const UNPRICED: [u16; 14] = [290, 383, 681, 686, 690, 800, 808, 870, 878, 881, 882, 883, 888, 979];

/// Zero-width characters that it drops.
const ZERO_WIDTH: [char; 6] = ['\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// Whether it is an Australian number.
pub(super) fn is_local(number: &Number) -> bool {
    number.country_code == AUSTRALIA.country_code
}

/// Whether the service knows what a text to it costs.
pub(super) fn is_priced(number: &Number) -> bool {
    !UNPRICED.contains(&number.country_code)
}

/// Reads an Australian number. Senders are read this way; what is not a number stays as it is.
pub(super) fn parse_local(text: &str) -> Option<Number> {
    let number = Number::parse_in(&plain(text).ok()?, AUSTRALIA).filter(is_local)?;
    let is_possible = matches!(number.length(), Length::Possible | Length::LocalOnly);
    (is_possible && number.is_assigned()).then_some(number)
}

/// Reads a number, Australian or foreign.
///
/// # Errors
///
/// What is wrong with it, in the service's words.
pub(super) fn parse(text: &str) -> Result<Number, &'static str> {
    let text = plain(text)?;
    let length = text.chars().count();
    let number = if text.starts_with('0') {
        if length != 10 {
            return Err("Not an AU mobile number");
        }
        Number::parse_in(&text, AUSTRALIA).ok_or("Did not parse as region AU")?
    } else if text.starts_with('4') && length == 9 {
        Number::parse_in(&text, AUSTRALIA).ok_or("Did not parse as region AU")?
    } else {
        let text = if text.starts_with('+') { text } else { format!("+{text}") };
        Number::parse_international(&text).ok_or("Did not parse as region ZZ")?
    };
    match number.length() {
        Length::Possible | Length::LocalOnly => {}
        _ if !is_priced(&number) => return Err("Not a valid country prefix"),
        Length::TooShort => return Err("Not enough digits"),
        Length::TooLong => return Err("Too many digits"),
        Length::Impossible => return Err("Wrong amount of digits"),
    }
    if number.is_assigned() { Ok(number) } else { Err("Not a valid mobile number") }
}

/// The number without white space, hyphens and leading brackets.
fn plain(text: &str) -> Result<String, &'static str> {
    let is_dropped =
        |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '-') || ZERO_WIDTH.contains(&c);
    let mut text: String = text.chars().filter(|c| !is_dropped(*c)).collect();
    if text.starts_with('(') {
        text.retain(|c| !matches!(c, '(' | ')'));
    }
    let is_known = |c: char| c.is_ascii_digit() || "+()".contains(c) || whitespace::is_space(c);
    if !text.chars().all(is_known) {
        return Err("Must not contain letters or symbols");
    }
    if text.is_empty() { Err("Not enough digits") } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, e164) in [
            ("0412 345 678", "61412345678"),
            ("412345678", "61412345678"),
            ("(02) 9374-4000", "61293744000"),
            ("++61412345678", "61412345678"),
            ("+61 0412 345 678", "61412345678"),
            ("0412\u{200b}345678", "61412345678"),
            ("1 604 555 0123", "16045550123"),
        ] {
            assert_eq!(parse(text).map(|number| number.e164()).as_deref(), Ok(e164), "{text}");
        }
    }

    #[test]
    fn an_error_has_the_words_of_the_service() {
        for (text, error) in [
            ("", "Not enough digits"),
            ("+", "Did not parse as region ZZ"),
            ("0412.345.678", "Must not contain letters or symbols"),
            ("04123456789", "Not an AU mobile number"),
            ("0412\u{a0}345\u{a0}678", "Not an AU mobile number"),
            ("1300655506", "Not enough digits"),
            ("+614123456789", "Not a valid mobile number"),
            ("+678591435", "Wrong amount of digits"),
            ("+888 123", "Not a valid country prefix"),
        ] {
            assert_eq!(parse(text).err(), Some(error), "{text}");
        }
    }
}
