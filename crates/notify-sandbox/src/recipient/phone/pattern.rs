//! The patterns of numbering plans: regular expressions over decimal digits, in the few forms that plans use. There are
//! two thousand of them, and parsing a phone number tries a dozen. So each is compiled on first use and kept: matching
//! the source text directly costs ten times as much.

mod matcher;
mod parser;

use std::sync::OnceLock;

use matcher::Matcher;

/// A regular expression: digits, `\d`, classes, groups, alternatives, `?`, `{n}`, `{n,m}` and a final `$`.
#[derive(Debug)]
pub(super) struct Pattern {
    source: &'static str,
    parsed: OnceLock<Parsed>,
}

/// The start of a text that a pattern matched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prefix<'d> {
    /// The text after it.
    pub(super) rest: &'d str,
    /// What each group captured.
    pub(super) groups: Vec<Option<&'d str>>,
}

impl Pattern {
    pub(super) const fn new(source: &'static str) -> Self {
        Self { source, parsed: OnceLock::new() }
    }

    /// Whether it matches all of the digits.
    pub(super) fn matches(&self, digits: &str) -> bool {
        Matcher::new(digits).matches(&self.parsed().alternatives)
    }

    /// The match at the start of the digits, if any: the first of the alternatives, as greedy as possible.
    pub(super) fn prefix<'d>(&self, digits: &'d str) -> Option<Prefix<'d>> {
        let parsed = self.parsed();
        let matcher = Matcher::new(digits);
        let rest = matcher.strip(&parsed.alternatives)?;
        Some(Prefix { rest, groups: matcher.groups(parsed.groups) })
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| parser::parse(self.source))
    }
}

/// A pattern, ready to be matched.
#[derive(Debug)]
struct Parsed {
    alternatives: Alternatives,
    /// How many groups are captured.
    groups: usize,
}

/// Sequences, one of which has to match.
type Alternatives = Box<[Sequence]>;

/// Parts that have to match one after the other.
#[derive(Debug)]
struct Sequence {
    parts: Box<[Part]>,
    /// What it may begin at: the digits, a bit each, and [`END`]. Most sequences fail at their first digit; this shows it
    /// without a look at their parts.
    first: u16,
}

/// A part of a sequence, and how often it is repeated.
#[derive(Debug)]
struct Part {
    atom: Atom,
    least: usize,
    most: usize,
}

#[derive(Debug)]
enum Atom {
    /// One of these digits, a bit each.
    Digit(u16),
    /// A group; its number if it is captured.
    Group(Alternatives, Option<usize>),
    End,
}

/// Any digit: `\d`.
const ANY: u16 = 0b11_1111_1111;

/// The bit of no more digits.
const END: u16 = 1 << 10;

/// The bit of a digit.
fn bit(digit: u8) -> u16 {
    1_u16.checked_shl(u32::from(digit.wrapping_sub(b'0'))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_matched() {
        for (pattern, matched, unmatched) in [
            (r"\d", "0 9", "00"),
            ("[1-357-9]", "1 2 3 5 7 8 9", "0 4 6"),
            (r"1\d{2,3}", "100 1000", "10 10000 200"),
            (r"12?3|4[56]?", "13 123 4 45", "12 456 3"),
            (r"(?:1|2(?:3|4\d))5", "15 235 2495", "5 25 245 1"),
            (r"(?:1|12)3", "13 123", "12"),
            (r"(?:1[23]){2}4", "12134", "124 1213124"),
            (r"(?:12)?34$", "34 1234", "3 12"),
            (r"(1|12)(23)?", "1 12 123 1223", "122"),
        ] {
            let pattern = Pattern::new(pattern);
            for digits in matched.split(' ') {
                assert!(pattern.matches(digits), "{pattern:?} {digits}");
            }
            for digits in unmatched.split(' ') {
                assert!(!pattern.matches(digits), "{pattern:?} {digits}");
            }
        }
    }

    #[test]
    fn a_beginning_is_matched_as_greedily_as_can_be_with_its_groups() {
        let prefix = |pattern, digits| {
            let prefix = Pattern::new(pattern).prefix(digits)?;
            Some((prefix.rest, prefix.groups))
        };
        assert_eq!(prefix("0|180020", "0123"), Some(("123", vec![])));
        assert_eq!(prefix("0|180020", "123"), None);
        assert_eq!(prefix(r"(00\d{1,2})$|0", "0012"), Some(("", vec![Some("0012")])));
        assert_eq!(prefix(r"(00\d{1,2})$|0", "00123"), Some(("0123", vec![None])));
        let brazilian = r"(?:0|90)(?:(1[245])(\d{3,4}))?";
        assert_eq!(prefix(brazilian, "0141234567"), Some(("567", vec![Some("14"), Some("1234")])));
        assert_eq!(prefix(brazilian, "9014123"), Some(("", vec![Some("14"), Some("123")])));
        assert_eq!(prefix(brazilian, "01412"), Some(("1412", vec![None, None])));
        assert_eq!(prefix("0?(?:(1)5)?", "2"), Some(("2", vec![None])));
    }
}
