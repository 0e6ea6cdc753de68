//! A sandbox for clients in other languages, of the service that its argument names: writes its address and its keys as
//! one line of JSON, and ends when its input does.

use std::io::{self, Read as _};

use anyhow::{Context as _, Result};
use notify_sandbox::{IncomingText, KeyType, Sandbox, Service};
use serde_json::json;

/// The texts that have come in when a client begins, oldest first; more than a page of them.
const RECEIVED_TEXTS: usize = 251;

fn main() -> Result<()> {
    let service: Service = match std::env::args().nth(1) {
        Some(name) => name.parse()?,
        None => Service::default(),
    };
    let sandbox = Sandbox::builder().service(service).start()?;
    for number in 1..=RECEIVED_TEXTS {
        sandbox
            .receive_text(IncomingText { from: "447900900123", content: &format!("text {number}") })
            .context("the built-in world has an inbound number")?;
    }
    println!(
        "{}",
        json!({
            "url": sandbox.url(),
            "live": sandbox.api_key(KeyType::Live),
            "team": sandbox.api_key(KeyType::Team),
            "test": sandbox.api_key(KeyType::Test),
            "received_texts": RECEIVED_TEXTS,
        })
    );
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
