//! Parses the HTTP date of each case, and prints whether it is the time of the case.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::parse_http_date;

start!(run);

fn run(host: &mut Host) -> Status {
    let mut buffer = Case::buffer();
    while let Some(case) = Case::read(host, &mut buffer) {
        host.print_line(if read(case.text) == Some(case.seconds) { "right" } else { "wrong" }.as_bytes());
    }
    Status::Success
}

/// A separate function, so that its instructions can be counted.
#[inline(never)]
fn read(date: &str) -> Option<u64> {
    parse_http_date(date).ok()
}
