//! Verifies the token of each case at the time of the case, and prints the outcome.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::{ApiKey, UntrustedToken, Verifier};

start!(run);

fn run(host: &mut Host) -> Status {
    let mut buffer = Case::buffer();
    while let Some(case) = Case::read(host, &mut buffer) {
        let Ok(key) = ApiKey::parse(case.key) else { return Status::Failure };
        let accepted = verify(&Verifier::new(&key), case.text, case.seconds);
        host.print_line(if accepted { "accepted" } else { "refused" }.as_bytes());
    }
    Status::Success
}

/// A separate function, so that its instructions can be counted.
#[inline(never)]
fn verify(verifier: &Verifier, token: &str, seconds: u64) -> bool {
    UntrustedToken::parse(token).is_ok_and(|token| token.verify(verifier, seconds).is_ok())
}
