//! Measures time without the waits for a processor, so that other programs on the machine matter less.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a slice is, and how many there are of each kind.
const SLICE: Duration = Duration::from_millis(200);
pub(crate) const SLICES: usize = 16;

/// Threads that take turns, such as a client and the process that answers it: one after the other, they are as quick as
/// they would be alone.
pub(crate) struct Chain(Vec<PathBuf>);

impl Chain {
    /// The thread that asks, and processes of one thread by their ids.
    pub(crate) fn new(processes: impl IntoIterator<Item = i32>) -> Self {
        let processes = processes.into_iter().map(|process| format!("/proc/{process}/schedstat").into());
        Self(processes.chain(["/proc/thread-self/schedstat".into()]).collect())
    }

    /// No threads, so that nothing is left out: for threads that may wait for each other's processor.
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// For how long they were ready to run and did not, since they began. Where the system does not tell, nothing is left
    /// out.
    fn waited(&self) -> Duration {
        let waited = |path: &PathBuf| {
            let times = fs::read_to_string(path).ok()?;
            times.split_whitespace().nth(1)?.parse().ok().map(Duration::from_nanos)
        };
        self.0.iter().filter_map(waited).sum()
    }

    /// Does something for a slice of time, and says how much it did a second. It says how much it did each time.
    pub(crate) fn slice(&self, mut act: impl FnMut() -> usize) -> f64 {
        let (began, before, mut count) = (Instant::now(), self.waited(), 0);
        while began.elapsed() < SLICE {
            count += act();
        }
        let time = began.elapsed().saturating_sub(self.waited().saturating_sub(before));
        f64::from(u32::try_from(count).expect("it is less than four billion")) / time.as_secs_f64()
    }
}

/// The one in the middle, which a few slices on a busy disk do not move.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The median ratio of each slice to the one of the baseline beside it.
pub(crate) fn factor(slices: &[f64], baseline: &[f64]) -> f64 {
    median(slices.iter().zip(baseline).map(|(slice, base)| slice / base).collect())
}
