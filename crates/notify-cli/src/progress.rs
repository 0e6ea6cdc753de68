//! What is printed on stderr while a call waits.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_http::{Effect, Progress, WaitReason};

use crate::args::Format;
use crate::exit::is_json;
use crate::output::style::FAINT;

/// Lines to print only when the command is over. Scripts read from the first line of stderr whether a message may have
/// been sent, and during the attempts that is not known yet.
static HELD: Mutex<Held> = Mutex::new(Held { lines: Vec::new(), is_told: false });

struct Held {
    lines: Vec<String>,
    /// Whether the first line has been printed.
    is_told: bool,
}

/// Prints what a call waits for, unless it is only the rate limiter.
pub(crate) fn observe(progress: &Progress) {
    match progress.reason {
        WaitReason::Retry => say(progress.effect, trying_again(progress)),
        WaitReason::Lookup => say_lookup(progress.remaining),
        _ => {}
    }
}

/// Prints a line about what is waited for, with the time. With a JSON format, a script reads the first line of stderr as
/// the error, so the line waits until the command is over.
pub(crate) fn tell(line: &str, format: Format) {
    let line = format!("{FAINT}{}{FAINT:#}  {line}", time_of_day(SystemTime::now()));
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if format == Format::Text || io::stderr().is_terminal() {
        write(&line);
    } else {
        held.lines.push(line);
    }
}

/// Prints the lines that were held back.
pub(crate) fn release() {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.lines.drain(..).for_each(|line| write(&line));
}

/// The same before an error is reported, unless the error must come first.
pub(crate) fn release_early() {
    if !is_json() {
        release();
    }
}

/// Says something that people at a terminal want to know, and scripts do not.
pub(crate) fn say_to_people(text: &str) {
    if io::stderr().is_terminal() && !is_json() {
        write(text);
    }
}

/// People want to know at once, and read more than the first line.
fn say(effect: Effect, line: String) {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_json() && (effect == Effect::Reads || held.is_told || io::stderr().is_terminal()) {
        write(&line);
    } else {
        held.lines.push(line);
    }
}

/// Prints once that a message is being looked up, and until when.
fn say_lookup(remaining: Duration) {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if held.is_told {
        return;
    }
    held.is_told = true;
    let until = time_of_day(SystemTime::now() + remaining);
    let line = format!("no answer; the message may have been sent: looking it up until {until}");
    if is_json() {
        held.lines.push(line);
        return;
    }
    write(&line);
    held.lines.drain(..).for_each(|line| write(&line));
}

fn trying_again(progress: &Progress) -> String {
    let outcome = match (progress.effect, progress.status) {
        (Effect::Reads, None) => "got no answer".to_owned(),
        (Effect::Reads, Some(status)) => format!("was answered {status}"),
        (_, None) => "was not sent".to_owned(),
        (_, Some(status)) => format!("was answered {status} and not sent"),
    };
    let (attempts, wait) = (progress.attempts, progress.wait.as_secs_f64());
    let until = time_of_day(SystemTime::now() + progress.remaining);
    format!("attempt {attempts} {outcome}; trying again in {wait:.1} s, until {until}")
}

fn write(line: &str) {
    // If stderr is closed, nobody wants to read this.
    let _ = writeln!(anstream::stderr().lock(), "{FAINT}{line}{FAINT:#}");
}

/// The time of day in UTC.
pub(crate) fn time_of_day(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("{:02}:{:02}:{:02} UTC", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_reported_in_utc() {
        assert_eq!(time_of_day(UNIX_EPOCH + Duration::from_secs(784_111_777)), "08:49:37 UTC");
    }
}
