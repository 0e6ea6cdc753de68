//! Holds the transports of the examples to the rules for transports.
//!
//! The tests do not stand in the examples: Cargo would then build each of those as a test only, and no program for
//! `run.rs` to start.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_http::testing::{check_blocking_transport, check_transport};

#[allow(dead_code, reason = "its `main` is for the program")]
#[path = "../over_hyper.rs"]
mod over_hyper;
#[allow(dead_code, reason = "its `main` is for the program")]
#[path = "../over_ureq.rs"]
mod over_ureq;

#[tokio::test]
async fn the_one_over_hyper_keeps_the_rules() {
    check_transport(over_hyper::OverHyper::new).await.unwrap();
}

#[test]
fn the_one_over_ureq_keeps_the_rules() {
    check_blocking_transport(over_ureq::OverUreq::new).unwrap();
}
