//! From the source text of a pattern to its sequences.

use super::{ANY, Alternatives, Atom, END, Parsed, Part, Sequence, bit};

/// Parses the source text of a pattern.
pub(super) fn parse(source: &'static str) -> Parsed {
    let mut parser = Parser { rest: source.as_bytes(), groups: 0 };
    let alternatives = parser.alternatives();
    Parsed { alternatives, groups: parser.groups }
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
