//! Any text as an HTTP date, and any seconds at a clock: no panic, no overflow, no way back past the last good second.

#![no_main]

use libfuzzer_sys::{arbitrary, fuzz_target};
use notify_jwt::{Clock, parse_http_date};

#[derive(arbitrary::Arbitrary, Debug)]
struct Input<'i> {
    date: &'i str,
    since: u64,
    bound: u64,
    steps: Vec<Step>,
}

#[derive(arbitrary::Arbitrary, Debug)]
enum Step {
    Learn(u64, u64),
    Accepted(u64),
}

fuzz_target!(|input: Input<'_>| {
    if let Ok(seconds) = parse_http_date(input.date) {
        // The last second of the year 9999, and a leap second after it.
        assert!(seconds <= 253_402_300_800);
        assert_eq!(input.date.len(), 29);
    }
    let mut clock = Clock::since(input.since).within(input.bound);
    for step in input.steps {
        let good = clock.last_good();
        let device = match step {
            Step::Learn(device, service) => {
                if clock.learn(device, service).is_ok() {
                    assert_eq!(clock.now(device), service);
                }
                device
            }
            Step::Accepted(device) => {
                clock.accepted(device);
                assert_eq!(clock.last_good(), clock.now(device));
                device
            }
        };
        assert!(clock.now(device) >= good && clock.last_good() >= good);
    }
});
