//! Progress: a bar on a terminal, and lines elsewhere.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tally::Tally;
use crate::exit;
use crate::output::style::FAINT;
use crate::output::time::second;

/// How often a line is written where there is no terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

pub(super) struct Progress {
    shown: Display,
    began: Instant,
    /// How many were finished when it began: they say nothing of the rate.
    finished_before: u64,
}

enum Display {
    Bar(ProgressBar),
    /// When the last was written.
    Lines(Instant),
}

impl Progress {
    pub(super) fn new(tally: &Tally) -> Self {
        let began = Instant::now();
        let shown = if io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(tally.all), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len}{msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Display::Bar(bar)
        } else {
            Display::Lines(began)
        };
        Self { shown, began, finished_before: tally.finished() }
    }

    /// Shows the progress.
    pub(super) fn show(&mut self, tally: &Tally) {
        let finished = tally.finished();
        let pace = pace(finished - self.finished_before, tally.left(), self.began.elapsed());
        match &mut self.shown {
            Display::Bar(bar) => {
                bar.set_message(pace + &troubles(tally));
                bar.set_position(finished);
            }
            // Until midnight there would be thousands of identical lines.
            Display::Lines(_) if tally.waits_until().is_some() => {}
            Display::Lines(last) if last.elapsed() >= LINES_EVERY => {
                *last = Instant::now();
                write(&format!("{finished} of {}{pace}{}", tally.all, troubles(tally)));
            }
            Display::Lines(_) => {}
        }
    }

    /// Prints a line without tearing the bar.
    pub(super) fn say(&self, line: &str) {
        match &self.shown {
            Display::Bar(bar) => bar.suspend(|| write(line)),
            Display::Lines(_) => write(line),
        }
    }

    pub(super) fn end(&self) {
        if let Display::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// How fast it goes and when it will be over, from how many were finished in this time and how many are left. In the first
/// second there is nothing to go by.
fn pace(finished: u64, left: u64, time: Duration) -> String {
    let Some(rate) = finished.checked_div(time.as_secs()) else { return String::new() };
    let left =
        left.checked_div(rate).map_or(String::new(), |seconds| format!(", {} left", duration(seconds)));
    format!(", {rate} a second{left}")
}

fn troubles(tally: &Tally) -> String {
    let mut text = String::new();
    for (count, what) in [(tally.failed(), "refused"), (tally.in_doubt(), "in doubt")] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    if let Some(reason) = tally.blocked() {
        let _ = write!(text, "; waiting: {reason}");
    }
    if let Some(until) = tally.waits_until() {
        let _ = write!(text, "; waiting until {}", second(until));
    }
    text
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

fn write(line: &str) {
    // With JSON, the first line of stderr is the error, for a script to read.
    if exit::is_json() {
        return;
    }
    // If stderr is closed, nobody wants to read this.
    let _ =
        io::Write::write_all(&mut anstream::stderr().lock(), format!("{FAINT}{line}{FAINT:#}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_this_run_alone() {
        let pace = |finished, left, seconds| pace(finished, left, Duration::from_secs_f64(seconds));
        assert_eq!(pace(40, 7_000, 0.9), "");
        assert_eq!(pace(0, 7_000, 10.0), ", 0 a second");
        assert_eq!(pace(500, 1_000, 10.5), ", 50 a second, 20 s left");
        assert_eq!(pace(500, 100_000, 10.0), ", 50 a second, 33 min left");
    }
}
