//! Test vectors: random keys and times, with Python's tokens and dates for them.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::{Shell, cmd};

use crate::tools::debian;

/// Times that are always tried: around changes of length, and around the limits of 32 bits.
const EDGES: [u64; 10] =
    [0, 9, 10, 999_999_999, 1_000_000_000, 9_999_999_999, 10_000_000_000, 1 << 31, 1 << 32, u64::MAX];

/// A key and a time, with the token and the date that are expected of them.
pub(crate) struct TestVector {
    pub(crate) key: String,
    pub(crate) moment: u64,
    /// The token made by Python's own hmac.
    pub(crate) token: String,
    /// The time as an HTTP date; empty after the year 9999.
    pub(crate) date: String,
}

/// A random API key.
pub(crate) fn key(rng: &mut Rng) -> String {
    let name = ["", "-", "door_bell-", "two words-", "a-b-"][rng.usize(..5)];
    format!("{name}{}-{}", uuid(rng), uuid(rng))
}

/// A time between 2001 and 2286, when times have ten digits.
pub(crate) fn ten_digits(rng: &mut Rng) -> u64 {
    rng.u64(1_000_000_000..10_000_000_000)
}

/// This many keys and times: edge cases, ten-digit times, and numbers of any length.
pub(crate) fn inputs(count: usize, rng: &mut Rng) -> Vec<(String, u64)> {
    let moments = (0..count).map(|at| match EDGES.get(at) {
        Some(edge) => *edge,
        None if at % 2 == 0 => ten_digits(rng),
        None => rng.u64(..) >> rng.u32(..64),
    });
    let moments: Vec<u64> = moments.collect();
    moments.into_iter().map(|moment| (key(rng), moment)).collect()
}

/// The test vectors of these keys and times, made by Python.
pub(crate) fn from_python(shell: &Shell, inputs: Vec<(String, u64)>) -> Result<Vec<TestVector>> {
    debian::require(shell, &["python3", "--version"], &["python3"])?;
    let mut lines = String::new();
    for (key, moment) in &inputs {
        writeln!(lines, "{key}\t{moment}")?;
    }
    let answers = cmd!(shell, "python3 tests/interop/python/plain.py").stdin(lines).quiet().read()?;
    let answers: Vec<&str> = answers.lines().collect();
    ensure!(answers.len() == inputs.len(), "Python answered {} of {}", answers.len(), inputs.len());
    let vectors = inputs.into_iter().zip(answers).map(|((key, moment), answer)| {
        let (token, date) = answer.split_once('\t').context("Python's answer has no tab")?;
        Ok(TestVector { key, moment, token: token.to_owned(), date: date.to_owned() })
    });
    vectors.collect()
}

fn uuid(rng: &mut Rng) -> String {
    let digits = format!("{:032x}", rng.u128(..));
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
