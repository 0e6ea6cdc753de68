//! Any text as an HTTP date, and any time samples for a clock: no panic, no overflow, no way back past the last confirmed
//! time.

#![no_main]

use libfuzzer_sys::{arbitrary, fuzz_target};
use notify_jwt::{Clock, TimeSample, parse_http_date};

#[derive(arbitrary::Arbitrary, Debug)]
struct Input<'i> {
    date: &'i str,
    starting_at: u64,
    max_adjustment: u64,
    steps: Vec<Step>,
}

#[derive(arbitrary::Arbitrary, Debug)]
enum Step {
    Adjust(u64, u64),
    Confirm(u64),
}

fuzz_target!(|input: Input<'_>| {
    if let Ok(seconds) = parse_http_date(input.date) {
        // The last second of the year 9999, and a leap second after it.
        assert!(seconds <= 253_402_300_800);
        assert_eq!(input.date.len(), 29);
    }
    let mut clock = Clock::starting_at(input.starting_at).max_adjustment(input.max_adjustment);
    for step in input.steps {
        let confirmed = clock.last_confirmed();
        let uptime = match step {
            Step::Adjust(uptime, unix_seconds) => {
                if clock.adjust(TimeSample { uptime, unix_seconds }).is_ok() {
                    assert_eq!(clock.now(uptime), unix_seconds);
                }
                uptime
            }
            Step::Confirm(uptime) => {
                clock.confirm(uptime);
                assert_eq!(clock.last_confirmed(), clock.now(uptime));
                uptime
            }
        };
        assert!(clock.now(uptime) >= confirmed && clock.last_confirmed() >= confirmed);
    }
});
