//! Parses the key of each case, and prints its service id.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::ApiKey;

start!(run);

fn run(host: &mut Host) -> Status {
    let mut buffer = Case::buffer();
    while let Some(case) = Case::read(host, &mut buffer) {
        let Ok(key) = ApiKey::parse(case.key) else { return Status::Failure };
        host.print_line(key.service_id().as_bytes());
    }
    Status::Success
}
