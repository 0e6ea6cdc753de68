//! Messages whose answer is lost, over real sockets: none is sent twice, and none is reported as sent that was not.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod many;
mod one;
mod transport;

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const RECIPIENT: &str = "+447900900123";
