//! Messages in the order in which they leave.

/// Messages in the order in which they leave: message n leaves when the count reaches n + 1.
#[derive(Debug)]
pub(super) struct Queue {
    count: f64,
    next: f64,
    /// Numbers that were given back before the count reached them, in order. The count passes them at no cost.
    gaps: Vec<f64>,
}

impl Queue {
    /// A queue from which this many messages may leave at once.
    pub(super) fn new(count: f64) -> Self {
        Self { count, next: 0.0, gaps: Vec::new() }
    }

    /// How many more could leave at once; below 0, how many are waiting.
    pub(super) fn level(&self) -> f64 {
        self.count - self.next + self.gaps_before(f64::INFINITY)
    }

    /// The number that the next arrival gets.
    pub(super) fn next(&self) -> f64 {
        self.next
    }

    pub(super) fn take_next(&mut self) {
        self.next += 1.0;
    }

    /// How far the count is from the message with this number; 0 or less when the message may leave.
    pub(super) fn missing(&self, number: f64) -> f64 {
        number + 1.0 - self.count - self.gaps_before(number)
    }

    pub(super) fn give_back(&mut self, number: f64) {
        let place = self.gaps.partition_point(|gap| *gap < number);
        self.gaps.insert(place, number);
        self.pass_gaps();
    }

    /// Moves the count on, to at most the point where `capacity` messages could leave at once.
    pub(super) fn advance(&mut self, tokens: f64, capacity: f64) {
        let room = (capacity - self.level()).max(0.0);
        self.count += tokens.min(room);
        self.pass_gaps();
    }

    /// Lets messages from another queue pass ahead of everyone here, or takes that back.
    pub(super) fn shift(&mut self, places: f64) {
        self.count -= places;
        self.pass_gaps();
    }

    /// Leaves nothing for new arrivals, and no fraction of what the first one waits for.
    pub(super) fn empty(&mut self) {
        self.count -= self.level() - self.level().floor().min(0.0);
    }

    fn pass_gaps(&mut self) {
        let passed = |gap: f64, count: f64| gap <= count;
        let mut number = 0;
        while self.gaps.get(number).is_some_and(|gap| passed(*gap, self.count)) {
            self.count += 1.0;
            number += 1;
        }
        self.gaps.drain(..number);
    }

    fn gaps_before(&self, number: f64) -> f64 {
        let gaps = self.gaps.partition_point(|gap| *gap < number);
        u32::try_from(gaps).map_or(f64::INFINITY, f64::from)
    }
}

#[cfg(test)]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers of a test are small"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The same queue, kept as a list of the waiting numbers.
        #[test]
        fn numbers_are_passed_in_order_and_what_is_given_back_is_passed_at_no_cost(
            events in proptest::collection::vec((0_u8..3, 0.0_f64..4.0), 1..200),
        ) {
            let mut queue = Queue::new(2.0);
            let (mut free, mut waiting) = (2.0_f64, Vec::new());
            for (event, amount) in events {
                match event {
                    0 => {
                        waiting.push(queue.next());
                        queue.take_next();
                    }
                    1 => {
                        queue.advance(amount, 5.0);
                        let count = waiting.len() as f64;
                        free += amount.min((5.0 + count - free).max(0.0));
                    }
                    _ if waiting.is_empty() => {}
                    _ => {
                        let number = waiting.remove((amount * 97.0) as usize % waiting.len());
                        queue.give_back(number);
                    }
                }
                while free >= 1.0 && waiting.first().is_some_and(|number| queue.missing(*number) <= 1e-9) {
                    waiting.remove(0);
                    free -= 1.0;
                }
                prop_assert!((queue.level() - (free - waiting.len() as f64)).abs() < 1e-6);
                for (ahead, number) in waiting.iter().enumerate() {
                    let missing = ahead as f64 + 1.0 - free;
                    prop_assert!((queue.missing(*number) - missing).abs() < 1e-6);
                }
            }
        }
    }
}
