//! How far a run is: a bar on a terminal, and lines elsewhere.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tally::Tally;
use crate::command::bulk::ending::moment;
use crate::exit;
use crate::output::style::FAINT;

/// How often a line is written where there is no terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

pub(super) enum Progress {
    Bar(ProgressBar),
    Lines {
        began: Instant,
        /// How many were done when it began.
        done: u64,
        last: Instant,
    },
}

impl Progress {
    pub(super) fn new(tally: &Tally) -> Self {
        if !io::stderr().is_terminal() {
            let now = Instant::now();
            return Self::Lines { began: now, done: tally.done(), last: now };
        }
        let bar = ProgressBar::with_draw_target(Some(tally.all), ProgressDrawTarget::stderr());
        let style =
            ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len}, {per_sec}, {eta} left{msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        // What was done before says nothing of the rate.
        bar.set_position(tally.done());
        bar.reset_eta();
        Self::Bar(bar)
    }

    /// Shows how far it is now.
    pub(super) fn show(&mut self, tally: &Tally) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(troubles(tally));
                bar.set_position(tally.done());
            }
            // Until midnight there would be thousands of lines, each like the one before.
            Self::Lines { .. } if tally.waits_until().is_some() => {}
            Self::Lines { began, done, last } if last.elapsed() >= LINES_EVERY => {
                *last = Instant::now();
                let rate =
                    tally.done().saturating_sub(*done).checked_div(began.elapsed().as_secs()).unwrap_or(0);
                let left = (tally.all - tally.done()).checked_div(rate);
                let left = left.map_or(String::new(), |seconds| format!(", {} left", duration(seconds)));
                let line =
                    format!("{} of {}, {rate} a second{left}{}", tally.done(), tally.all, troubles(tally));
                write(&line);
            }
            Self::Lines { .. } => {}
        }
    }

    /// Says something without tearing the bar.
    pub(super) fn say(&self, line: &str) {
        match self {
            Self::Bar(bar) => bar.suspend(|| write(line)),
            Self::Lines { .. } => write(line),
        }
    }

    pub(super) fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
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
        let _ = write!(text, "; waiting until {}", moment(until));
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
    // There the first line is the error, for a script to read.
    if exit::is_json() {
        return;
    }
    // If stderr is closed, nobody wants to read this.
    let _ =
        io::Write::write_all(&mut anstream::stderr().lock(), format!("{FAINT}{line}{FAINT:#}\n").as_bytes());
}
