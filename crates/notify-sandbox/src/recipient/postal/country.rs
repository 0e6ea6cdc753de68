//! Countries, by all the names that letters use for them.

use crate::python::decomposition::{self, Base};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A country or territory that the post goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    name: &'static str,
    zone: Zone,
}

/// What the postage depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    UnitedKingdom,
    Europe,
    RestOfWorld,
}

/// Parsed for the first address.
static COUNTRIES: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let mut countries = HashMap::new();
    let mut zone = Zone::UnitedKingdom;
    for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
        match line {
            "[uk]" => zone = Zone::UnitedKingdom,
            "[europe]" => zone = Zone::Europe,
            "[world]" => zone = Zone::RestOfWorld,
            names => {
                let mut names = names.split('|').peekable();
                let Some(country) = names.peek().map(|name| Country { name, zone }) else { continue };
                for name in names {
                    countries.entry(key(name)).or_insert(country);
                }
            }
        }
    }
    countries
});

impl Country {
    pub(crate) const UNITED_KINGDOM: Self = Self { name: "United Kingdom", zone: Zone::UnitedKingdom };

    /// Finds a country by any of its names, with or without the article in English and Welsh.
    pub(crate) fn find(name: &str) -> Option<Self> {
        ["", "the ", "yr ", "y "]
            .into_iter()
            .find_map(|article| COUNTRIES.get(&key(&format!("{article}{name}"))).copied())
    }

    /// The name as printed on the envelope.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    pub(crate) fn zone(self) -> Zone {
        self.zone
    }
}

/// The zone as the API spells it.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnitedKingdom => "united-kingdom",
            Self::Europe => "europe",
            Self::RestOfWorld => "rest-of-world",
        })
    }
}

/// A name without the differences that do not count. Accents count in names that are not entirely in Latin letters.
fn key(name: &str) -> String {
    let name = name.replace(['&', '+'], "and");
    let kept = name.chars().filter(|c| !" _-'’,.()".contains(*c));
    let kept: String = kept.flat_map(char::to_lowercase).collect();
    kept.chars().map(ascii).collect::<Option<String>>().unwrap_or(kept)
}

fn ascii(c: char) -> Option<char> {
    match decomposition::base(c) {
        _ if c.is_ascii() => Some(c),
        Base::Letter(base) => ascii(base),
        Base::None | Base::TooLarge => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> Option<(&'static str, Zone)> {
        Country::find(name).map(|country| (country.name(), country.zone()))
    }

    #[test]
    fn a_country_is_found_by_each_of_its_names() {
        for (name, expected) in [
            ("U.S.A.", ("United States", Zone::RestOfWorld)),
            ("deutschland", ("Germany", Zone::Europe)),
            ("ÉIRE", ("Ireland", Zone::Europe)),
            ("Gambia", ("The Gambia", Zone::RestOfWorld)),
            ("Almaen", ("Germany", Zone::Europe)),
            ("N. Ireland", ("United Kingdom", Zone::UnitedKingdom)),
            ("isle-of-man", ("United Kingdom", Zone::UnitedKingdom)),
            ("Trinidad & Tobago", ("Trinidad and Tobago", Zone::RestOfWorld)),
            ("Ελλάδα", ("Greece", Zone::Europe)),
            ("Tenerife", ("Canary Islands", Zone::Europe)),
        ] {
            assert_eq!(find(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_not_a_country_is_not_found() {
        for name in ["", "London", "Atlantis", "USSR", "SW1A 1AA", "the"] {
            assert_eq!(find(name), None, "{name}");
        }
    }

    #[test]
    fn the_printed_name_finds_the_same_country() {
        for country in COUNTRIES.values() {
            assert_eq!(find(country.name()).map(|(_, zone)| zone), Some(country.zone()), "{country:?}");
        }
        assert_eq!(Country::find("UK"), Some(Country::UNITED_KINGDOM));
    }
}
