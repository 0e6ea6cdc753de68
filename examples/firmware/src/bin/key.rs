//! Parses the key of each case, and prints whose it is.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::ApiKey;

start!(run);

fn run(host: &mut Host) -> Status {
    let mut room = Case::room();
    while let Some(case) = Case::read(host, &mut room) {
        let Ok(key) = ApiKey::parse(case.key) else { return Status::Failed };
        host.print_line(key.service_id().as_bytes());
    }
    Status::Done
}
