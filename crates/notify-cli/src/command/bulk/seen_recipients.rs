//! Finds duplicate recipients, in memory that does not grow with the list.

use std::hash::{BuildHasher as _, RandomState};

/// How many bits there are: 8 MB of them.
const BITS: u32 = 26;
/// How many of them each recipient sets.
const SET: u64 = 20;
/// How many recipients are remembered. Up to this number, a new one is mistaken for a known one less often than once in
/// five million.
const REMEMBERED: u32 = 2_000_000;

/// A Bloom filter of recipients: it never misses a duplicate, and hardly ever mistakes a new recipient for one.
pub(super) struct SeenRecipients {
    bits: Vec<u64>,
    hashes: [RandomState; 2],
    seen: u32,
}

impl SeenRecipients {
    pub(super) fn new() -> Self {
        Self { bits: vec![0; 1 << (BITS - 6)], hashes: [RandomState::new(), RandomState::new()], seen: 0 }
    }

    /// Whether it was seen before. From now on it counts as seen.
    pub(super) fn was_seen(&mut self, recipient: &str) -> bool {
        let [first, step] = [0, 1].map(|index| self.hashes[index].hash_one(recipient));
        let places = (0..SET).map(|turn| first.wrapping_add(step.wrapping_mul(turn)) >> (u64::BITS - BITS));
        let is_kept = self.seen < REMEMBERED;
        let mut is_known = true;
        for place in places {
            let (word, bit) = ((place >> 6) as usize, 1 << (place & 63));
            is_known &= self.bits[word] & bit != 0;
            if is_kept {
                self.bits[word] |= bit;
            }
        }
        self.seen += u32::from(is_kept && !is_known);
        is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_recipients_that_were_seen_are_known() {
        let mut recipients = SeenRecipients::new();
        let number = |row: u32| format!("447{row:09}");
        let known = (0..100_000).filter(|row| recipients.was_seen(&number(*row))).count();
        assert_eq!(known, 0);
        assert!((0..100_000).all(|row| recipients.was_seen(&number(row))));
    }
}
