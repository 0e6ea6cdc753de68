//! Recently parsed numbers. Parsing one takes hundreds of patterns, more than half of the work of a send, and each
//! send parses its number twice: to check its form and to use it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{PhoneError, PhoneNumber};

/// How many numbers a thread remembers before it forgets them all.
const REMEMBERED: usize = 1024;

/// The longest text to remember, in bytes; longer ones are not numbers anyway.
const LONGEST: usize = 64;

type Parsed = Result<PhoneNumber, PhoneError>;

thread_local! {
    static RECENT: RefCell<HashMap<Box<str>, Parsed>> = RefCell::default();
}

/// The result of `read`, or the remembered one.
pub(super) fn remembered(text: &str, read: impl FnOnce(&str) -> Parsed) -> Parsed {
    if text.len() > LONGEST {
        return read(text);
    }
    if let Some(parsed) = RECENT.with_borrow(|recent| recent.get(text).cloned()) {
        return parsed;
    }
    let parsed = read(text);
    RECENT.with_borrow_mut(|recent| {
        if recent.len() >= REMEMBERED {
            recent.clear();
        }
        recent.insert(text.into(), parsed.clone());
    });
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_once_and_not_too_many_are_remembered() {
        let mut reads = 0;
        let mut read = |text: &str| {
            remembered(text, |_| {
                reads += 1;
                Err(PhoneError::TooShort)
            })
        };
        assert!(read("1") == read("1"));
        for number in 0..=REMEMBERED {
            let _ = read(&format!("n{number}"));
        }
        let long = "1".repeat(LONGEST + 1);
        assert!(read(&long) == read(&long));
        assert_eq!(reads, 1 + REMEMBERED + 1 + 2);
        assert!(RECENT.with_borrow(HashMap::len) <= REMEMBERED);
    }
}
