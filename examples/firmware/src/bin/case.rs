//! Reads cases and gives their text back: what the other programs are measured against.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};

start!(run);

fn run(host: &mut Host) -> Status {
    let mut room = Case::room();
    while let Some(case) = Case::read(host, &mut room) {
        host.print_line(case.key.as_bytes());
    }
    Status::Done
}
