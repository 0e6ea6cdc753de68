//! Finds phone numbers in texts as the service does: the first number counts, whatever is written around it.

use crate::recipient::phone::number::{Number, Region};

const CANADA: Region = Region { country_code: 1, international_prefix: "011" };

/// Countries to which its provider sends nothing.
const UNSUPPORTED: [u16; 14] = [53, 249, 800, 808, 850, 870, 878, 881, 882, 883, 888, 979, 963, 98];

/// Characters between digits.
const PUNCTUATION: &str = "-‐‑‒–—―−ー－/／ \u{a0}\u{ad}\u{200b}\u{2060}\u{3000}()（）［］[].~⁓∼～";

/// Whether it is a number at home: in all of North America.
pub(super) fn is_local(number: &Number) -> bool {
    number.country_code == CANADA.country_code
}

/// Reads a sender, which counts as a number if it is one at home.
pub(super) fn parse_local(text: &str) -> Option<Number> {
    find(text).filter(is_local)
}

/// Reads a number.
///
/// # Errors
///
/// What is wrong with it, in the service's words.
pub(super) fn parse(text: &str) -> Result<Number, String> {
    let number = find(text).ok_or("Not a valid international number")?;
    if UNSUPPORTED.contains(&number.country_code) {
        return Err(format!("Country code {} is not supported", number.country_code));
    }
    Ok(number)
}

/// The first number in a text.
fn find(text: &str) -> Option<Number> {
    let characters: Vec<char> = text.chars().map(plain_digit).collect();
    let is_part = |c: char| c.is_ascii_digit() || PUNCTUATION.contains(c);
    let mut start = 0;
    while start < characters.len() {
        let c = characters[start];
        if !(c.is_ascii_digit() || matches!(c, '+' | '＋' | '(' | '[' | '（' | '［')) {
            start += 1;
            continue;
        }
        let mut end = start;
        while end < characters.len() && matches!(characters[end], '+' | '＋' | '(' | '[' | '（' | '［') {
            end += 1;
        }
        while end < characters.len() && is_part(characters[end]) {
            end += 1;
        }
        let last = characters[start..end].iter().rposition(char::is_ascii_digit);
        let end = last.map_or(start, |last| start + last + 1);
        if end > start && stands_alone(&characters, start, end) {
            let digits: String = characters[start..end].iter().filter(|c| c.is_ascii_digit()).collect();
            let plus = if matches!(
                characters[start..end].iter().find(|c| !"([（［".contains(**c)),
                Some('+' | '＋')
            ) {
                "+"
            } else {
                ""
            };
            let number = Number::parse_in(&format!("{plus}{digits}"), CANADA);
            if let Some(number) = number.filter(|number| number.is_assigned() && has_prefix(number, plus)) {
                return Some(number);
            }
        }
        start = end.max(start + 1);
    }
    None
}

/// A number that is dialled at home comes with its area; one from abroad with a plus sign.
fn has_prefix(number: &Number, plus: &str) -> bool {
    !plus.is_empty() || is_local(number)
}

/// Whether the text around a run of digits allows it to be a number: no letters, no currency sign, no per cent sign.
fn stands_alone(characters: &[char], start: usize, end: usize) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && !matches!(c, '\u{300}'..='\u{36f}');
    let is_currency = |c: char| c == '%' || matches!(c, '$' | '¢'..='¥' | '₠'..='₿' | '؋');
    let before = start.checked_sub(1).map(|before| characters[before]);
    let leads = matches!(characters[start], '+' | '＋' | '(' | '[' | '（' | '［');
    if !leads && before.is_some_and(|c| is_currency(c) || is_letter(c)) {
        return false;
    }
    match characters.get(end) {
        Some('x' | 'X') => characters.get(end + 1).is_some_and(char::is_ascii_digit),
        Some(c) => !is_letter(*c) && !is_currency(*c),
        None => true,
    }
}

/// A digit of any script as an ASCII digit.
fn plain_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c),
        '\u{660}'..='\u{669}' => char::from_u32(u32::from(c) - 0x660 + 0x30).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_u32(u32::from(c) - 0x6f0 + 0x30).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_in_a_text_counts() {
        for text in [
            "613-555-0142",
            "#6135550142",
            "<6135550142>",
            "613-555-0142x7",
            "6135550142 or 6135550143",
            "01116135550142",
        ] {
            assert_eq!(parse(text).map(|number| number.e164()).as_deref(), Ok("16135550142"), "{text}");
        }
        for text in ["613-KITCHEN", "6135550142%", "", "447900900123", "911"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("+5352123456").err().as_deref(), Some("Country code 53 is not supported"));
    }
}
