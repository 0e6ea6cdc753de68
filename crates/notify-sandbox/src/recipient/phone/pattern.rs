//! The patterns of numbering plans: regular expressions over decimal digits, in the few forms that plans use,
//! interpreted directly. Numbers are short and each pattern is used once, so compiling them would cost more than it
//! saves.

use std::cell::Cell;
use std::ops::Range;

/// How many groups of a pattern are captured; no plan has more.
const GROUPS: usize = 2;

/// A regular expression: digits, `\d`, classes, groups, alternatives, `?`, `{n}`, `{n,m}` and a final `$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern(&'static str);

/// The start of a text that a pattern matched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prefix<'d> {
    /// The text after it.
    pub(super) rest: &'d str,
    /// What each group captured.
    pub(super) groups: Vec<Option<&'d str>>,
}

impl Pattern {
    pub(super) const fn new(pattern: &'static str) -> Self {
        Self(pattern)
    }

    /// Whether it matches all of the digits.
    pub(super) fn matches(self, digits: &str) -> bool {
        Matching::new(self, digits).starts(&|end| end == digits.len())
    }

    /// The match at the start of the digits, if any: the first of the alternatives, as greedy as possible.
    pub(super) fn prefix(self, digits: &str) -> Option<Prefix<'_>> {
        let matching = Matching::new(self, digits);
        let end = Cell::new(0);
        let found = matching.starts(&|at| {
            end.set(at);
            true
        });
        let captured =
            |group: &Cell<Option<(usize, usize)>>| group.get().and_then(|(from, to)| digits.get(from..to));
        let groups = matching.groups.iter().take(self.groups_before(self.0.len())).map(captured).collect();
        found.then(|| Prefix { rest: digits.get(end.get()..).unwrap_or_default(), groups })
    }

    /// How many captured groups open before a position in the pattern.
    fn groups_before(self, place: usize) -> usize {
        let before = self.0.get(..place).unwrap_or_default();
        before.matches('(').count() - before.matches("(?:").count()
    }
}

/// A pattern while it matches digits. Each step knows what must follow, and backtracks if that fails.
struct Matching<'d> {
    pattern: Pattern,
    digits: &'d [u8],
    groups: [Cell<Option<(usize, usize)>>; GROUPS],
}

/// What must follow, from a position in the digits.
type Then<'t> = &'t dyn Fn(usize) -> bool;

/// A part of a pattern that can be repeated.
enum Atom {
    /// One of these digits: `\d` or `[1-37]` or a digit itself.
    Digit(Range<usize>),
    /// The contents of a group; the number of the group if it is captured.
    Group(Range<usize>, Option<usize>),
    End,
}

impl<'d> Matching<'d> {
    fn new(pattern: Pattern, digits: &'d str) -> Self {
        Self { pattern, digits: digits.as_bytes(), groups: Default::default() }
    }

    fn starts(&self, then: Then<'_>) -> bool {
        self.alternatives(0..self.pattern.0.len(), 0, then)
    }

    fn byte(&self, place: usize) -> u8 {
        self.pattern.0.as_bytes().get(place).copied().unwrap_or_default()
    }

    fn alternatives(&self, part: Range<usize>, at: usize, then: Then<'_>) -> bool {
        let mut start = part.start;
        loop {
            let end = self.end_of_alternative(start, part.end);
            if self.sequence(start..end, at, then) {
                return true;
            }
            if end >= part.end {
                return false;
            }
            start = end + 1;
        }
    }

    /// The position of the next `|` or `)` that is not in an inner group.
    fn end_of_alternative(&self, start: usize, limit: usize) -> usize {
        let mut depth = 0_usize;
        for place in start..limit {
            match self.byte(place) {
                b'(' => depth += 1,
                b'|' | b')' if depth == 0 => return place,
                b')' => depth -= 1,
                _ => {}
            }
        }
        limit
    }

    fn sequence(&self, part: Range<usize>, at: usize, then: Then<'_>) -> bool {
        if part.is_empty() {
            return then(at);
        }
        let (atom, next) = self.atom(part.start, part.end);
        let (least, most, next) = self.quantifier(next);
        let then = |at| self.sequence(next..part.end, at, then);
        match atom {
            Atom::End => at == self.digits.len() && then(at),
            Atom::Digit(set) => {
                let run = self
                    .digits
                    .iter()
                    .skip(at)
                    .take(most)
                    .take_while(|digit| self.is_in(set.clone(), **digit));
                let run = run.count();
                (least..=run).rev().any(|count| then(at + count))
            }
            Atom::Group(inner, group) => self.repeat(&inner, group, (least, most), at, &then),
        }
    }

    fn repeat(
        &self,
        inner: &Range<usize>,
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
        (most > 0 && self.alternatives(inner.clone(), at, &again)) || (least == 0 && then(at))
    }

    /// The part at a position, and where it ends.
    fn atom(&self, place: usize, limit: usize) -> (Atom, usize) {
        match self.byte(place) {
            b'(' => {
                let captures = self.byte(place + 1) != b'?';
                let mut end = place + if captures { 0 } else { 2 };
                let start = end + 1;
                while self.byte(end) != b')' && end < limit {
                    end = self.end_of_alternative(end + 1, limit);
                }
                let group = captures.then(|| self.pattern.groups_before(place));
                (Atom::Group(start..end, group), end + 1)
            }
            b'[' => {
                let end = (place..limit).find(|place| self.byte(*place) == b']').unwrap_or(limit);
                (Atom::Digit(place + 1..end), end + 1)
            }
            b'\\' => (Atom::Digit(place..place + 2), place + 2),
            b'$' => (Atom::End, place + 1),
            _ => (Atom::Digit(place..place + 1), place + 1),
        }
    }

    /// How often the part that ends at a position is repeated, and where the quantifier ends.
    fn quantifier(&self, place: usize) -> (usize, usize, usize) {
        match self.byte(place) {
            b'?' => (0, 1, place + 1),
            b'{' => {
                let inside = self.pattern.0.get(place + 1..).unwrap_or_default();
                let inside = inside.split('}').next().unwrap_or_default();
                let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
                let count = |text: &str| text.parse().unwrap_or_default();
                (count(least), count(most), place + inside.len() + 2)
            }
            _ => (1, 1, place),
        }
    }

    /// Whether a digit is in a set: `\d`, or digits and ranges of them.
    fn is_in(&self, set: Range<usize>, digit: u8) -> bool {
        let set = self.pattern.0.as_bytes().get(set).unwrap_or_default();
        match set {
            [b'\\', b'd'] => true,
            _ => set.contains(&digit) || set.windows(3).any(|range| is_in_range(range, digit)),
        }
    }
}

fn is_in_range(range: &[u8], digit: u8) -> bool {
    matches!(range, [first, b'-', last] if (first..=last).contains(&&digit))
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
