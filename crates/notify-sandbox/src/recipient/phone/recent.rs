//! Numbers that were read lately. To read one takes hundreds of patterns, which is more than half of a send's work; and
//! each send reads its number twice, to judge the form and to use it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{PhoneError, PhoneNumber};

/// How many numbers are remembered on a thread, before all are forgotten.
const REMEMBERED: usize = 1024;

/// The longest text that is remembered, in bytes; whatever is longer is no number anyway.
const LONGEST: usize = 64;

type Verdict = Result<PhoneNumber, PhoneError>;

thread_local! {
    static RECENT: RefCell<HashMap<Box<str>, Verdict>> = RefCell::default();
}

/// What `read` says, or what it said lately.
pub(super) fn remembered(text: &str, read: impl FnOnce(&str) -> Verdict) -> Verdict {
    if text.len() > LONGEST {
        return read(text);
    }
    if let Some(verdict) = RECENT.with_borrow(|recent| recent.get(text).cloned()) {
        return verdict;
    }
    let verdict = read(text);
    RECENT.with_borrow_mut(|recent| {
        if recent.len() >= REMEMBERED {
            recent.clear();
        }
        recent.insert(text.into(), verdict.clone());
    });
    verdict
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
