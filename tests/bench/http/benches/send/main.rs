//! What a send costs through the client, compared with bare reqwest doing the same POST: instructions, memory, speed.
//!
//! `cargo xtask bench-http` runs it and evaluates its output, a line a figure: a name and a number. The service and each
//! client are processes of their own, so that nothing is counted twice.

mod bare;
mod measure;
mod ours;
mod service;

use std::env;
use std::time::Duration;

use anyhow::{Result, bail};

/// A key that is worth nothing.
const KEY: &str = "bench-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const NUMBER: &str = "+447900900123";
/// Placeholders and their values.
const PERSONALISATION: [(&str, &str); 2] = [("name", "Kim"), ("permit number", "A-17")];
const REFERENCE: &str = "permit/A-17";

/// Long enough for everything, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client to measure: ours, or bare reqwest.
trait Sender: Clone + Send + Sync + 'static {
    fn new(url: &str) -> Result<Self>;

    /// Sends one message, and reads the answer.
    fn send(&self) -> impl Future<Output = Result<()>> + Send;
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => measure::all(),
        ["serve", held, after] => service::run(held.parse()?, Duration::from_millis(after.parse()?)),
        ["ours", task, count, url] => measure::task::<ours::Ours>(task, count.parse()?, url),
        ["bare", task, count, url] => measure::task::<bare::Bare>(task, count.parse()?, url),
        ["rates", rounds, url] => measure::rates(rounds.parse()?, url),
        _ => bail!("run it with `cargo xtask bench-http`"),
    }
}
