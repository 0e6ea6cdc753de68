//! A cache of recently parsed numbers. Parsing one tries hundreds of patterns, which is more than half of the work of a
//! send, and each send parses its number twice: to validate the form, and to use it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{PhoneError, PhoneNumber};

/// How many numbers a thread remembers before it forgets them all.
const CAPACITY: usize = 1024;

/// The longest text to remember, in bytes; longer ones are not numbers anyway.
const LONGEST: usize = 64;

type Parsed = Result<PhoneNumber, PhoneError>;

thread_local! {
    static CACHE: RefCell<HashMap<Box<str>, Parsed>> = RefCell::default();
}

/// The cached result, or that of `read`.
pub(super) fn get_or_parse(text: &str, read: impl FnOnce(&str) -> Parsed) -> Parsed {
    if text.len() > LONGEST {
        return read(text);
    }
    if let Some(parsed) = CACHE.with_borrow(|cache| cache.get(text).cloned()) {
        return parsed;
    }
    let parsed = read(text);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CAPACITY {
            cache.clear();
        }
        cache.insert(text.into(), parsed.clone());
    });
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_parsed_once_and_the_cache_stays_small() {
        let mut reads = 0;
        let mut read = |text: &str| {
            get_or_parse(text, |_| {
                reads += 1;
                Err(PhoneError::TooShort)
            })
        };
        assert!(read("1") == read("1"));
        for number in 0..=CAPACITY {
            let _ = read(&format!("n{number}"));
        }
        let long = "1".repeat(LONGEST + 1);
        assert!(read(&long) == read(&long));
        assert_eq!(reads, 1 + CAPACITY + 1 + 2);
        assert!(CACHE.with_borrow(HashMap::len) <= CAPACITY);
    }
}
