//! Postal addresses: lines as people fill them in, tidied for the envelope and checked for the post.

pub(crate) mod country;

use super::postcode;
use crate::python::digits;
use crate::python::json::{Object, Value};
use crate::render::content::whitespace;
use country::{Country, Zone};
use std::fmt;

/// The fewest and the most lines that fit the envelope's window.
const FEWEST_LINES: usize = 3;
const MOST_LINES: usize = 7;

/// Characters that the printer does not allow at the start of a line.
const BAD_STARTS: &[char] = &['@', '(', ')', '=', '[', ']', '"', '\\', '/', ',', '<', '>', '~'];

/// An address, tidied.
#[derive(Clone, PartialEq)]
pub(crate) struct Address {
    /// Everything but the country and the forces' post office.
    lines: Vec<String>,
    country: Country,
    bfpo: Option<String>,
}

/// Why a letter cannot be sent to an address; in the service's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("Address must be at least {FEWEST_LINES} lines")]
    TooFewLines,
    #[error("Address must be no more than {MOST_LINES} lines")]
    TooManyLines,
    #[error("The last line of a BFPO address must not be a country.")]
    CountryAfterBfpo,
    #[error("Must be a real UK postcode")]
    NotAPostcode,
    #[error("Last line of address must be a real UK postcode or another country")]
    NotAPostcodeOrCountry,
    #[error("Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >")]
    BadStart,
    #[error("Must be a real address")]
    NoFixedAbode,
    #[error("The first 2 lines of the address must both include at least one alphanumeric character")]
    NothingToRead,
}

impl Address {
    /// Parses an address of several lines.
    pub(crate) fn parse(text: &str) -> Self {
        let lines: Vec<String> = whitespace::lines(text)
            .into_iter()
            .map(|line| {
                whitespace::close_up_punctuation(whitespace::normalise(line).trim_end_matches([' ', ',']))
            })
            .filter(|line| !line.is_empty())
            .collect();
        let (bfpo, mut lines) = extract_bfpo(lines);
        let country = lines.last().and_then(|line| Country::find(line));
        if country.is_some() {
            lines.truncate(lines.len() - trailing_uk_countries(&lines).max(1));
        }
        Self { lines, country: country.unwrap_or(Country::UNITED_KINGDOM), bfpo }
    }

    /// Takes the address from a letter's personalisation. Seven lines are `address_line_1` to `address_line_7`;
    /// without a seventh, six and the `postcode`. These names must be spelled exactly like this.
    pub(crate) fn from_personalisation(values: &Object) -> Self {
        let last = if values.contains("address_line_7") { "address_line_7" } else { "postcode" };
        let names = (1..=6).map(|line| format!("address_line_{line}")).chain([last.to_owned()]);
        let lines = names.map(|name| {
            values.get(&name).filter(|value| value.is_truthy()).map_or(String::new(), Value::to_string)
        });
        Self::parse(&lines.collect::<Vec<_>>().join("\n"))
    }

    /// Checks that a letter can be sent to the address, in the service's order.
    ///
    /// # Errors
    ///
    /// The first rule that the address breaks.
    pub(crate) fn check(&self, international_allowed: bool) -> Result<(), AddressError> {
        let lines = self.lines();
        if lines.len() < FEWEST_LINES {
            Err(AddressError::TooFewLines)
        } else if lines.len() > MOST_LINES {
            Err(AddressError::TooManyLines)
        } else if lines.iter().take(2).any(|line| !line.contains(|c: char| c.is_ascii_alphanumeric())) {
            Err(AddressError::NothingToRead)
        } else if self.is_international() && self.bfpo.is_some() {
            Err(AddressError::CountryAfterBfpo)
        } else if !(self.postcode().is_some()
            || self.bfpo.is_some()
            || international_allowed && self.is_international())
        {
            Err(if international_allowed {
                AddressError::NotAPostcodeOrCountry
            } else {
                AddressError::NotAPostcode
            })
        } else if lines.iter().any(|line| line.starts_with(BAD_STARTS)) {
            Err(AddressError::BadStart)
        } else if lines.iter().any(|line| is_no_fixed_abode(line)) {
            Err(AddressError::NoFixedAbode)
        } else {
            Ok(())
        }
    }

    /// The lines as they are printed: the postcode tidied, then the forces' post office, then a foreign country.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = self.lines.clone();
        if let (Some(last), Some(postcode)) = (lines.last_mut(), self.postcode()) {
            *last = postcode;
        }
        lines.extend(self.bfpo.as_ref().map(|number| format!("BFPO {number}")));
        if self.is_international() {
            lines.push(self.country.name().to_owned());
        }
        lines
    }

    /// The postcode, if the address is British and ends with one.
    pub(crate) fn postcode(&self) -> Option<String> {
        if self.is_international() { None } else { postcode::format(self.lines.last()?) }
    }

    pub(crate) fn is_international(&self) -> bool {
        self.postage().is_some()
    }

    /// The postage zone of a letter to another country; within the United Kingdom the template decides on the postage.
    pub(crate) fn postage(&self) -> Option<Zone> {
        Some(self.country.zone()).filter(|zone| *zone != Zone::UnitedKingdom)
    }
}

/// Hides the address in logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("country", &self.country.name()).finish_non_exhaustive()
    }
}

/// Takes the number of the British Forces Post Office out of the lines, and removes every line that says nothing else.
fn extract_bfpo(lines: Vec<String>) -> (Option<String>, Vec<String>) {
    match lines.iter().find_map(|line| bfpo(line).filter(|number| !number.is_empty())) {
        Some(number) => {
            let lines = lines.into_iter().filter(|line| bfpo(line).is_none()).collect();
            (Some(number), lines)
        }
        None => (None, lines),
    }
}

/// The number in a line like `BFPO c/o 12`, without leading zeros; empty if the line is only the abbreviation.
fn bfpo(line: &str) -> Option<String> {
    let line = line.to_lowercase();
    let rest = line.strip_prefix("bfpo")?.trim_start();
    let number = rest.strip_prefix("c/o").unwrap_or(rest).trim_start();
    let number = digits::to_ascii(number);
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let significant = number.trim_start_matches('0');
    Some(if significant.is_empty() && !number.is_empty() { "0".to_owned() } else { significant.to_owned() })
}

/// How many lines at the end name the United Kingdom or a part of it. The service counts such lines further up as well, as
/// long as no other country comes between.
fn trailing_uk_countries(lines: &[String]) -> usize {
    let countries = lines.iter().rev().filter_map(|line| Country::find(line));
    countries.take_while(|country| *country == Country::UNITED_KINGDOM).count()
}

fn is_no_fixed_abode(line: &str) -> bool {
    let line = line.to_lowercase();
    line == "nfa" || line.contains("no fixed abode") || line.contains("no fixed address")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::json;

    #[test]
    fn an_address_is_tidied_line_by_line() {
        let address =
            Address::parse(" Ms  A\u{a0}Bird ,\r\n\u{200b}\n1 High St . ,,\nLondon\nec1a1bb\nEngland\nUK ,");
        assert_eq!(address.lines(), ["Ms A Bird", "1 High St.", "London", "EC1A 1BB"]);
        assert_eq!((address.check(false), address.postage()), (Ok(()), None));
    }

    #[test]
    fn letters_abroad_end_with_the_country() {
        let address = Address::parse("Mme B\n2 rue de la Paix\n75002 Paris\nRÉPUBLIQUE FRANÇAISE");
        assert_eq!(address.lines().last().map(String::as_str), Some("France"));
        assert_eq!((address.check(true), address.postage()), (Ok(()), Some(Zone::Europe)));
        assert_eq!(address.check(false), Err(AddressError::NotAPostcode));
    }

    #[test]
    fn the_forces_post_needs_no_postcode_and_has_no_country() {
        let address = Address::parse("Sgt C\nUnit 4\nbfpo c/o 0057\nBFPO");
        assert_eq!(
            (address.lines(), address.check(false)),
            (vec!["Sgt C".into(), "Unit 4".into(), "BFPO 57".into()], Ok(()))
        );
        let abroad = Address::parse("Sgt C\nBFPO 57\nCyprus");
        assert_eq!(abroad.check(true), Err(AddressError::CountryAfterBfpo));
        assert_eq!(Address::parse("A\nB\nBFPO \u{661}\u{ff12}").lines(), ["A", "B", "BFPO 12"]);
        assert_eq!(Address::parse("BFPO 1").check(true), Err(AddressError::TooFewLines));
        assert_eq!(Address::parse("A\nB\nBFPO1A").check(false), Err(AddressError::NotAPostcode));
    }

    #[test]
    fn the_seventh_line_replaces_the_postcode() {
        let values = json!({"address_line_1": "A", "address_line_2": 2, "address_line_3": null, "postcode": "EC1A 1BB"});
        assert_eq!(Address::from_personalisation(&json::object(&values)).lines(), ["A", "2", "EC1A 1BB"]);
        let values = json!({"address_line_1": "A\nB", "address_line_7": "EC1A 1BB", "postcode": "x", "Address line 2": "y"});
        assert_eq!(Address::from_personalisation(&json::object(&values)).lines(), ["A", "B", "EC1A 1BB"]);
    }

    #[test]
    fn an_address_is_not_logged() {
        let shown = format!("{:?}", Address::parse("Ada\n1 High St\nEC1A 1BB"));
        assert_eq!(shown, "Address { country: \"United Kingdom\", .. }");
    }
}
