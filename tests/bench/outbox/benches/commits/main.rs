//! Messages a bare `fsync` of the same disk: what a store does with so many messages under way, in slices that take turns
//! with the bare disk, so that both meet the same disk.
//!
//! Prints lines of a name and a number.

mod disk;
mod flow;
mod postgres;
mod sqlite;

use std::time::{Duration, Instant};

const NOW: u64 = 1_795_430_454;
/// How long a slice is, and how many there are of each kind.
const SLICE: Duration = Duration::from_millis(300);
const SLICES: usize = 10;

fn main() {
    // `cargo bench` adds arguments of its own.
    sqlite::measure();
    postgres::measure();
}

/// How often something was done, and for how long.
#[derive(Default, Clone, Copy)]
struct Tally {
    count: usize,
    time: Duration,
}

impl Tally {
    /// Does something for a slice of time. It says how much it did.
    fn slice(&mut self, mut act: impl FnMut() -> usize) {
        let began = Instant::now();
        while began.elapsed() < SLICE {
            self.count += act();
        }
        self.time += began.elapsed();
    }

    fn per_second(self) -> f64 {
        f64::from(u32::try_from(self.count).expect("it is less than four billion")) / self.time.as_secs_f64()
    }
}
