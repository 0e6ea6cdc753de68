//! The patterns of numbering plans: regular expressions over decimal digits, in the few forms that plans use. There are
//! two thousand of them, and parsing a phone number tries a dozen. So each is compiled on first use and kept: matching
//! the source text directly costs ten times as much.

use std::cell::Cell;
use std::sync::OnceLock;

/// How many groups of a pattern are captured; no plan has more.
const GROUPS: usize = 2;

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
        Matching::of(digits).alternatives(&self.parsed().alternatives, 0, &|end| end == digits.len())
    }

    /// The match at the start of the digits, if any: the first of the alternatives, as greedy as possible.
    pub(super) fn prefix<'d>(&self, digits: &'d str) -> Option<Prefix<'d>> {
        let parsed = self.parsed();
        let matching = Matching::of(digits);
        let end = Cell::new(0);
        let found = matching.alternatives(&parsed.alternatives, 0, &|at| {
            end.set(at);
            true
        });
        let captured =
            |group: &Cell<Option<(usize, usize)>>| group.get().and_then(|(from, to)| digits.get(from..to));
        let groups = matching.groups.iter().take(parsed.groups).map(captured).collect();
        found.then(|| Prefix { rest: digits.get(end.get()..).unwrap_or_default(), groups })
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| {
            let mut parser = Parser { rest: self.source.as_bytes(), groups: 0 };
            let alternatives = parser.alternatives();
            Parsed { alternatives, groups: parser.groups }
        })
    }
}

/// A pattern, ready to be matched.
#[derive(Debug)]
struct Parsed {
    alternatives: Alternatives,
    /// How many groups are captured.
    groups: usize,
}

/// Sequences of which one has to match.
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

impl From<Vec<Part>> for Sequence {
    fn from(parts: Vec<Part>) -> Self {
        let mut first = 0;
        for part in &parts {
            let (begins_at, may_be_empty) = match &part.atom {
                Atom::Digit(set) => (*set, part.least == 0),
                Atom::Group(inner, _) => {
                    let set = inner.iter().fold(0, |set, sequence| set | sequence.first);
                    (set, part.least == 0 || set & END != 0)
                }
                Atom::End => (END, false),
            };
            first |= begins_at;
            if !may_be_empty {
                return Self { parts: parts.into(), first };
            }
        }
        Self { parts: parts.into(), first: ANY | END }
    }
}

/// Reads a pattern from its start.
struct Parser {
    rest: &'static [u8],
    /// How many captured groups have opened.
    groups: usize,
}

impl Parser {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Consumes a text, if it comes next.
    fn take(&mut self, text: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Everything before a byte. Both are consumed.
    fn up_to(&mut self, end: u8) -> &'static [u8] {
        let length = self.rest.iter().position(|byte| *byte == end).unwrap_or(self.rest.len());
        let (before, rest) = self.rest.split_at(length);
        self.rest = rest.get(1..).unwrap_or_default();
        before
    }

    /// Everything up to the end of the group.
    fn alternatives(&mut self) -> Alternatives {
        let (mut all, mut sequence) = (Vec::new(), Vec::new());
        while let Some(byte) = self.next() {
            let atom = match byte {
                b')' => break,
                b'|' => {
                    all.push(Sequence::from(std::mem::take(&mut sequence)));
                    continue;
                }
                b'(' => self.group(),
                b'[' => Atom::Digit(class(self.up_to(b']'))),
                b'\\' => {
                    self.next();
                    Atom::Digit(ANY)
                }
                b'$' => Atom::End,
                digit => Atom::Digit(bit(digit)),
            };
            let (least, most) = self.quantifier();
            sequence.push(Part { atom, least, most });
        }
        all.push(Sequence::from(sequence));
        all.into()
    }

    fn group(&mut self) -> Atom {
        let number = (!self.take(b"?:")).then(|| {
            self.groups += 1;
            self.groups - 1
        });
        Atom::Group(self.alternatives(), number)
    }

    /// How often the preceding part is repeated.
    fn quantifier(&mut self) -> (usize, usize) {
        if self.take(b"?") {
            return (0, 1);
        }
        if !self.take(b"{") {
            return (1, 1);
        }
        let inside = std::str::from_utf8(self.up_to(b'}')).unwrap_or_default();
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let count = |text: &str| text.parse().unwrap_or_default();
        (count(least), count(most))
    }
}

/// The set of a class: digits and ranges of them.
fn class(text: &[u8]) -> u16 {
    let range = |bytes: &[u8]| match bytes {
        [first, b'-', last] => (*first..=*last).fold(0, |set, digit| set | bit(digit)),
        _ => 0,
    };
    let ranges = text.windows(3).fold(0, |set, bytes| set | range(bytes));
    // A hyphen has no bit.
    text.iter().fold(ranges, |set, digit| set | bit(*digit))
}

/// Digits while they are matched. Each step knows what must follow, and backtracks if that fails.
struct Matching<'d> {
    digits: &'d [u8],
    groups: [Cell<Option<(usize, usize)>>; GROUPS],
}

/// What must follow, from a position in the digits.
type Then<'t> = &'t dyn Fn(usize) -> bool;

impl<'d> Matching<'d> {
    fn of(digits: &'d str) -> Self {
        Self { digits: digits.as_bytes(), groups: Default::default() }
    }

    fn alternatives(&self, alternatives: &Alternatives, at: usize, then: Then<'_>) -> bool {
        let next = self.digits.get(at).map_or(END, |digit| bit(*digit));
        let mut may_match = alternatives.iter().filter(|sequence| sequence.first & next != 0);
        may_match.any(|sequence| self.sequence(&sequence.parts, at, then))
    }

    fn sequence(&self, parts: &[Part], mut at: usize, then: Then<'_>) -> bool {
        for (index, Part { atom, least, most }) in parts.iter().enumerate() {
            let rest = || parts.get(index + 1..).unwrap_or_default();
            match atom {
                Atom::End if at == self.digits.len() => {}
                Atom::End => return false,
                Atom::Digit(set) => {
                    let digits = self.digits.iter().skip(at).take(*most);
                    let run = digits.take_while(|digit| set & bit(**digit) != 0).count();
                    if run < *least {
                        return false;
                    }
                    if least < most {
                        return (*least..=run).rev().any(|count| self.sequence(rest(), at + count, then));
                    }
                    at += run;
                }
                Atom::Group(inner, group) => {
                    let then = |at| self.sequence(rest(), at, then);
                    return self.repeat(inner, *group, (*least, *most), at, &then);
                }
            }
        }
        then(at)
    }

    fn repeat(
        &self,
        inner: &Alternatives,
        group: Option<usize>,
        (least, most): (usize, usize),
        at: usize,
        then: Then<'_>,
    ) -> bool {
        let again = |end| {
            let captured = group.and_then(|group| self.groups.get(group));
            let before = captured.map(|group| group.replace(Some((at, end))));
            let done = self.repeat(inner, group, (least.saturating_sub(1), most - 1), end, then);
            if !done && let (Some(group), Some(before)) = (captured, before) {
                group.set(before);
            }
            done
        };
        (most > 0 && self.alternatives(inner, at, &again)) || (least == 0 && then(at))
    }
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
