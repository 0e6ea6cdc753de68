//! A service that takes every message, and does nothing else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _, stdout};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const ANSWER: &str = r#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"permit/A-17","content":{"body":"Hello Kim, your permit A-17 is ready.","from_number":"SANDBOX"},"uri":"https://api.notifications.service.gov.uk/v2/notifications/740e5834-3a29-46b4-9a6f-16142fde533a","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","version":3,"uri":"https://api.notifications.service.gov.uk/services/26785a09-ab16-4eb0-8407-a37497a57506/templates/740e5834-3a29-46b4-9a6f-16142fde533a"}}"#;

/// Prints its URL, and serves until it is killed. It answers nobody before so many requests are there, and then after this
/// time.
pub(crate) fn run(held: usize, after: Duration) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("http://{}", listener.local_addr()?);
    stdout().flush()?;
    let barrier = Arc::new(Barrier::new(held));
    for stream in listener.incoming() {
        let (stream, barrier) = (stream?, Arc::clone(&barrier));
        // The other side ends connections as it likes.
        thread::spawn(move || serve(stream, &barrier, after));
    }
    Ok(())
}

fn serve(stream: TcpStream, barrier: &Barrier, after: Duration) -> Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-B3-TraceId: 5f2e7d1c0b9a48673f1e2d3c4b5a6978\r\nDate: Mon, 23 Nov 2026 10:42:43 GMT\r\nContent-Length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let mut stream = BufReader::new(stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let mut length = None;
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        body.resize(length.context("a message has a length")?, 0);
        stream.read_exact(&mut body)?;
        barrier.wait();
        if !after.is_zero() {
            thread::sleep(after);
        }
        stream.get_mut().write_all(answer.as_bytes())?;
    }
}
