//! Mints a token for each case, and prints it.
#![no_std]
#![no_main]

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::{ApiKey, Signer, Token};

start!(run);

fn run(host: &mut Host) -> Status {
    let mut buffer = Case::buffer();
    let mut token = Token::EMPTY;
    while let Some(case) = Case::read(host, &mut buffer) {
        let Ok(key) = ApiKey::parse(case.key) else { return Status::Failure };
        mint(&prepare(&key), case.seconds, &mut token);
        host.print_line(token.as_bytes());
    }
    Status::Success
}

/// Done once: a separate function, so that its instructions can be counted.
#[inline(never)]
fn prepare(key: &ApiKey) -> Signer {
    Signer::new(key)
}

/// Done for each request, each time into the same buffer.
#[inline(never)]
fn mint(signer: &Signer, seconds: u64, token: &mut Token) {
    signer.mint_into(seconds, token);
}
