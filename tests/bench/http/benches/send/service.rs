//! A service that accepts every message, and does nothing else.

use std::io::{self, BufReader, Write as _, stdout};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use notify_testkit::http1::{RawRequest, RawResponse, Server};

const ANSWER: &str = r#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"permit/A-17","content":{"body":"Hello Kim, your permit A-17 is ready.","from_number":"SANDBOX"},"uri":"https://api.notifications.service.gov.uk/v2/notifications/740e5834-3a29-46b4-9a6f-16142fde533a","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","version":3,"uri":"https://api.notifications.service.gov.uk/services/26785a09-ab16-4eb0-8407-a37497a57506/templates/740e5834-3a29-46b4-9a6f-16142fde533a"}}"#;

/// Prints its URL, and serves until it is killed. It holds back its answers until `held` requests have come, and then waits
/// `after` before each.
pub(crate) fn run(held: usize, after: Duration) -> Result<()> {
    let barrier = Barrier::new(held);
    let server = Server::start(move |stream| serve(stream, &barrier, after))?;
    println!("{}", server.url());
    stdout().flush()?;
    loop {
        thread::park();
    }
}

fn serve(stream: TcpStream, barrier: &Barrier, after: Duration) -> io::Result<()> {
    let answer = RawResponse::new(201, ANSWER)
        .header("Content-Type", "application/json")
        .header("X-B3-TraceId", "5f2e7d1c0b9a48673f1e2d3c4b5a6978")
        .header("Date", "Mon, 23 Nov 2026 10:42:43 GMT")
        .to_bytes();
    let mut stream = BufReader::new(stream);
    while RawRequest::read(&mut stream)?.is_some() {
        barrier.wait();
        if !after.is_zero() {
            thread::sleep(after);
        }
        stream.get_mut().write_all(&answer)?;
    }
    Ok(())
}
