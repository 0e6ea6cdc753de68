//! Prints how many bytes of RAM each type takes.
#![no_std]
#![no_main]

use core::fmt::Write as _;

use notify_firmware::{Host, Status, start};
use notify_jwt::{Bearer, Clock, Signer, Token, Verifier};

start!(run);

fn run(host: &mut Host) -> Status {
    let sizes = [
        ("Signer", size_of::<Signer>()),
        ("Token", size_of::<Token>()),
        ("Bearer", size_of::<Bearer>()),
        ("Verifier", size_of::<Verifier>()),
        ("Clock", size_of::<Clock>()),
    ];
    for (name, bytes) in sizes {
        if writeln!(host, "{name} {bytes}").is_err() {
            return Status::Failure;
        }
    }
    Status::Success
}
