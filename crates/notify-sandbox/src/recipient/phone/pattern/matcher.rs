//! Matches digits with a parsed pattern.

use std::cell::Cell;

use super::{Alternatives, Atom, END, Part, bit};

/// How many groups of a pattern are captured; no plan has more.
const GROUPS: usize = 2;

/// Digits while they are matched. Each step knows what must follow, and backtracks if that fails.
pub(super) struct Matcher<'d> {
    text: &'d str,
    digits: &'d [u8],
    groups: [Cell<Option<(usize, usize)>>; GROUPS],
}

/// Whether the rest of the pattern matches from a position in the digits.
type Continuation<'t> = &'t dyn Fn(usize) -> bool;

impl<'d> Matcher<'d> {
    pub(super) fn new(digits: &'d str) -> Self {
        Self { text: digits, digits: digits.as_bytes(), groups: Default::default() }
    }

    /// Whether the alternatives match all of the digits.
    pub(super) fn matches(&self, alternatives: &Alternatives) -> bool {
        self.alternatives(alternatives, 0, &|end| end == self.digits.len())
    }

    /// Matches the alternatives at the start of the digits, and returns the rest.
    pub(super) fn strip(&self, alternatives: &Alternatives) -> Option<&'d str> {
        let end = Cell::new(0);
        let is_match = self.alternatives(alternatives, 0, &|at| {
            end.set(at);
            true
        });
        is_match.then(|| self.text.get(end.get()..).unwrap_or_default())
    }

    /// What the first `count` groups captured.
    pub(super) fn groups(&self, count: usize) -> Vec<Option<&'d str>> {
        let text = |(from, to)| self.text.get(from..to);
        self.groups.iter().take(count).map(|group| group.get().and_then(text)).collect()
    }

    fn alternatives(&self, alternatives: &Alternatives, at: usize, then: Continuation<'_>) -> bool {
        let next = self.digits.get(at).map_or(END, |digit| bit(*digit));
        let mut may_match = alternatives.iter().filter(|sequence| sequence.first & next != 0);
        may_match.any(|sequence| self.sequence(&sequence.parts, at, then))
    }

    fn sequence(&self, parts: &[Part], mut at: usize, then: Continuation<'_>) -> bool {
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
        then: Continuation<'_>,
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
