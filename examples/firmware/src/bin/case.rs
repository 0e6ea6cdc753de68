//! Reads cases and prints their keys: the baseline that the other programs are measured against.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};

start!(run);

fn run(host: &mut Host) -> Status {
    let mut buffer = Case::buffer();
    while let Some(case) = Case::read(host, &mut buffer) {
        host.print_line(case.key.as_bytes());
    }
    Status::Success
}
