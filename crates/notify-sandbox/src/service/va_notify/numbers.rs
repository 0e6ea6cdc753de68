//! Phone numbers as Americans write them.

use crate::recipient::phone::number::{Number, Region};

const NORTH_AMERICA: Region = Region { country_code: 1, international_prefix: "011" };

/// Country codes of no country, which the service has no prefix for.
const WITHOUT_PREFIX: [u16; 10] = [800, 808, 870, 878, 881, 882, 883, 888, 979, 388];

/// Area codes of North America outside the United States.
const ABROAD: [&str; 72] = [
    "204", "226", "236", "242", "246", "249", "250", "257", "263", "264", "268", "284", "289", "306", "340",
    "343", "345", "354", "365", "367", "368", "382", "387", "403", "416", "418", "428", "431", "437", "438",
    "441", "450", "468", "473", "474", "506", "514", "519", "548", "579", "581", "584", "587", "600", "604",
    "613", "622", "633", "639", "644", "647", "649", "655", "658", "664", "672", "677", "683", "688", "705",
    "709", "721", "742", "753", "758", "767", "778", "780", "782", "784", "807", "819",
];
const ABROAD_TOO: [&str; 14] =
    ["809", "825", "829", "849", "867", "868", "869", "873", "876", "879", "902", "905", "942", "670"];

/// Whether it is a number in the United States.
pub(super) fn is_local(number: &Number) -> bool {
    let area = number.national.get(..3).unwrap_or_default();
    number.country_code == NORTH_AMERICA.country_code
        && !ABROAD.contains(&area)
        && !ABROAD_TOO.contains(&area)
}

/// Reads a number.
///
/// # Errors
///
/// What is wrong with it, in the service's words.
pub(super) fn parse(text: &str) -> Result<Number, &'static str> {
    let text: String = text.chars().map(plain).collect();
    let text = without_extension(&text);
    if text.chars().any(char::is_alphabetic) {
        return Err("Phone numbers must not contain letters");
    }
    let is_part = |c: char| {
        c.is_ascii_digit() || "+-.()[]/~ \u{a0}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}".contains(c)
    };
    if !text.chars().all(is_part) || text.chars().filter(char::is_ascii_digit).count() < 2 {
        return Err("Not a possible number");
    }
    let plus = if text.trim_start_matches([' ', '(', '[']).starts_with('+') { "+" } else { "" };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = Number::parse_in(&format!("{plus}{digits}"), NORTH_AMERICA).ok_or("Not a valid number")?;
    if WITHOUT_PREFIX.contains(&number.country_code) {
        return Err("Not a valid country prefix");
    }
    if number.is_assigned() { Ok(number) } else { Err("Not a valid number") }
}

/// The number before an extension: up to seven digits behind an x.
fn without_extension(text: &str) -> &str {
    let Some((number, extension)) = text.rsplit_once(['x', 'X', '#']) else { return text };
    let digits = extension.trim();
    let is_extension = (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_extension { number.trim_end() } else { text }
}

/// A wide character as a narrow one.
fn plain(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_americans_write_them() {
        for text in [
            "(202) 555-0150",
            "202.555.0150",
            "＋１２０２５５５０１５０",
            "+1 202 555 0150 x12",
            "01112025550150",
        ] {
            assert_eq!(parse(text).map(|number| number.e164()).as_deref(), Ok("12025550150"), "{text}");
        }
        assert!(is_local(&parse("+12025550150").unwrap()));
        for text in ["+16135550110", "+447900900123"] {
            assert!(!is_local(&parse(text).unwrap()), "{text}");
        }
        for (text, complaint) in [
            ("", "Not a possible number"),
            ("+12025550150,+12025550151", "Not a possible number"),
            ("202555CALL", "Phone numbers must not contain letters"),
            ("12345", "Not a valid number"),
            ("0012025550150", "Not a valid number"),
            ("+870773111632", "Not a valid country prefix"),
        ] {
            assert_eq!(parse(text).err(), Some(complaint), "{text}");
        }
    }
}
