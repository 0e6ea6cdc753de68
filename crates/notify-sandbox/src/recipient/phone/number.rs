//! Extracts numbers from texts by the rules of libphonenumber, which the service uses: it separates dialling prefixes
//! from the number itself.

use super::plans::{self, Length, Plan};

/// The longest text that is examined, in characters.
const LONGEST_TEXT: usize = 250;

/// The fewest digits after the country code, and the most.
const SHORTEST: usize = 2;
const LONGEST: usize = 17;

/// The most digits of a country code.
const LONGEST_COUNTRY_CODE: usize = 3;

/// The region that a number is dialled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) country_code: u16,
    /// What is dialled there before a country code.
    pub(crate) international_prefix: &'static str,
}

/// A number with the country code of some region. It need not be assigned there.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) country_code: u16,
    /// The digits after the country code, with the zeros that are part of the number.
    pub(crate) national: String,
}

impl Number {
    /// Parses a number that is dialled in this region, or begins with a plus sign.
    pub(crate) fn parse_in(text: &str, region: Region) -> Option<Self> {
        let plan = plans::with_country_code(region.country_code).first()?;
        let (number, digits) = number_in(text)?;
        let prefix = region.international_prefix;
        let dialled = if number.starts_with('+') {
            // People who write both the plus sign and what it stands for mean it once.
            after_plus(&digits).or_else(|| after_prefix(&digits, prefix))
        } else if is_international(&digits, prefix) {
            after_prefix(&digits, prefix)
        } else {
            Some(within(plan, &digits))
        };
        dialled?.without_national_prefix()
    }

    /// Parses a number that begins with a plus sign.
    pub(crate) fn parse_international(text: &str) -> Option<Self> {
        let (_, digits) = number_in(text)?;
        after_plus(&digits)?.without_national_prefix()
    }

    pub(crate) fn e164(&self) -> String {
        format!("{}{}", self.country_code, self.national)
    }

    /// How its length relates to those of its country.
    pub(crate) fn length(&self) -> Length {
        plans::with_country_code(self.country_code)
            .first()
            .map_or(Length::Impossible, |plan| plan.length(&self.national))
    }

    /// Whether the number is assigned somewhere.
    pub(crate) fn is_assigned(&self) -> bool {
        plans::of_number(self.country_code, &self.national).is_some_and(|(_, kind)| kind.is_some())
    }

    fn without_national_prefix(mut self) -> Option<Self> {
        if self.national.len() < SHORTEST {
            return None;
        }
        let plan = plans::with_country_code(self.country_code).first()?;
        let stripped = plan.without_national_prefix(&self.national);
        // What is too short without the prefix is itself a short number.
        if matches!(plan.length(&stripped), Length::Possible | Length::TooLong) {
            self.national = stripped;
        }
        (SHORTEST..=LONGEST).contains(&self.national.len()).then_some(self)
    }
}

/// The part of a text that may be a number, and its digits; none if it cannot be one. Letters and the like have been
/// refused earlier.
fn number_in(text: &str) -> Option<(&str, String)> {
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return None;
    }
    let start = text.find(|c: char| c == '+' || c.is_ascii_digit())?;
    let number = text.get(start..)?.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_plain = number.trim_start_matches('+').chars().all(|c| c.is_ascii_digit() || is_punctuation(c));
    let is_long_enough = digits.len() > 2 || number.len() == 2 && digits.len() == 2;
    (is_plain && is_long_enough).then_some((number, digits))
}

/// Of the characters that texts may contain here, those allowed between the digits of a number.
fn is_punctuation(c: char) -> bool {
    matches!(c, '-' | '(' | ')' | ' ' | '\u{a0}' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{3000}')
}

/// The number after a plus sign.
fn after_plus(digits: &str) -> Option<Number> {
    if digits.len() <= SHORTEST {
        return None;
    }
    split_country_code(digits)
}

/// The number behind the international prefix.
fn after_prefix(digits: &str, prefix: &str) -> Option<Number> {
    after_plus(digits.strip_prefix(prefix)?)
}

/// No country code begins with a zero.
fn is_international(digits: &str, prefix: &str) -> bool {
    digits.strip_prefix(prefix).is_some_and(|rest| !rest.starts_with('0'))
}

/// The number in the plan of the region where it is dialled. It may begin with the country code, unless it is a valid number
/// without it.
fn within(home: &Plan, digits: &str) -> Number {
    let behind_code = digits.strip_prefix(&home.country_code.to_string()).and_then(|rest| {
        let rest = home.without_national_prefix(rest);
        let is_better = !home.covers(digits) && home.covers(&rest);
        (is_better || home.length(digits) == Length::TooLong).then_some(rest)
    });
    Number { country_code: home.country_code, national: behind_code.unwrap_or_else(|| digits.to_owned()) }
}

fn split_country_code(digits: &str) -> Option<Number> {
    (1..=LONGEST_COUNTRY_CODE).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let country_code = code.parse().ok().filter(|_| !code.starts_with('0'))?;
        let is_known = !plans::with_country_code(country_code).is_empty();
        is_known.then(|| Number { country_code, national: national.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipient::phone::plans::Kind;

    /// Random numbers of all regions, as the library that the service uses parses them.
    const NUMBERS: &str = include_str!("numbers.txt");

    fn verdict(text: &str) -> String {
        let Some(number) = Number::parse_in(text, crate::recipient::phone::BRITAIN) else {
            return text.to_owned();
        };
        let length = match number.length() {
            Length::Possible => "is_possible",
            Length::LocalOnly => "is_possible_local_only",
            Length::TooShort => "too_short",
            Length::TooLong => "too_long",
            Length::Impossible => "invalid_length",
        };
        let plan = plans::of_number(number.country_code, &number.national);
        let kind = match plan.and_then(|(_, kind)| kind) {
            None => "-",
            Some(Kind::PremiumRate) => "premium_rate",
            Some(Kind::TollFree) => "toll_free",
            Some(Kind::SharedCost) => "shared_cost",
            Some(Kind::Voip) => "voip",
            Some(Kind::PersonalNumber) => "personal_number",
            Some(Kind::Pager) => "pager",
            Some(Kind::Uan) => "uan",
            Some(Kind::Voicemail) => "voicemail",
            Some(Kind::FixedLine) => "fixed_line",
            Some(Kind::Mobile) => "mobile",
        };
        let region = plan.map_or("-", |(plan, _)| plan.region);
        format!("{text} {} {} {length} {region} {kind}", number.country_code, number.national)
    }

    #[test]
    fn random_numbers_of_all_regions_are_read_as_the_service_reads_them() {
        let numbers = NUMBERS.lines().filter(|line| !line.starts_with('#'));
        let mut count = 0;
        for expected in numbers {
            let text = expected.split(' ').next().unwrap_or_default();
            // A number that may also be a mobile counts as a fixed line here.
            assert_eq!(verdict(text), expected.replace("_or_mobile", ""));
            count += 1;
        }
        assert!(count > 2000);
    }
}
