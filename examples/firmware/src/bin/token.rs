//! Mints the token of each case, and prints it.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::{ApiKey, Signer};

start!(run);

fn run(host: &mut Host) -> Status {
    let mut room = Case::room();
    while let Some(case) = Case::read(host, &mut room) {
        let Ok(key) = ApiKey::parse(case.key) else { return Status::Failed };
        mint(&prepare(&key), case.seconds, host);
    }
    Status::Done
}

/// What is done once: a function of its own, so that its instructions can be counted.
#[inline(never)]
fn prepare(key: &ApiKey) -> Signer {
    Signer::new(key)
}

/// What is done for each request. The token lies here, and is wiped at the end.
#[inline(never)]
fn mint(signer: &Signer, seconds: u64, host: &mut Host) {
    host.print_line(signer.mint(seconds).as_bytes());
}
