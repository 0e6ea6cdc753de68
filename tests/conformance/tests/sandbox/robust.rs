//! What a sandbox that many share has to bear: silent receivers, slow clients, odd chunks, requests of any size.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use notify_sandbox::{CallbackKind, CallbackReceiver, IncomingText, Sandbox};
use notify_testkit::http1::ScriptedServer;
use serde_json::{Value, json};

use crate::fixture::{SERVICE, exchange, post_sms, request};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to a sandbox that gives up reading in time.
fn connect(sandbox: &Sandbox) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// All that comes until the other side closes; a reset is a way to close.
fn rest(mut socket: TcpStream) -> String {
    let (mut text, mut part) = (Vec::new(), [0; 1024]);
    while let Ok(length @ 1..) = socket.read(&mut part) {
        text.extend_from_slice(&part[..length]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// A receiver that takes connections and never answers, and how many it has.
fn silent_receiver() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/cb", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        let mut open = Vec::new();
        while let Ok((socket, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::Relaxed);
            open.push(socket);
        }
    });
    (url, count)
}

#[test]
fn a_silent_receiver_takes_a_bounded_number_of_connections_and_delays_nobody_else() {
    let sandbox = Sandbox::builder().step(Duration::ZERO).start().unwrap();
    let (silent, connections) = silent_receiver();
    let quick = ScriptedServer::start(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()).unwrap();
    let set = |kind, url: &str| {
        sandbox
            .set_callback(SERVICE, CallbackReceiver { kind, url, bearer_token: "a-bearer-token" })
            .unwrap();
    };
    set(CallbackKind::InboundSms, &silent);
    set(CallbackKind::DeliveryStatus, &quick.url());
    for _ in 0..500 {
        sandbox.receive_text(IncomingText { from: "447900900123", content: "Hi" }).unwrap();
    }
    post_sms(&sandbox, "r").unwrap();
    let begun = Instant::now();
    while quick.requests().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(4), "the quick receiver waits for the silent one");
        thread::sleep(Duration::from_millis(5));
    }
    assert!((1..=32).contains(&connections.load(Ordering::Relaxed)), "{connections:?}");
    assert_eq!(
        exchange(&sandbox, &request(&sandbox, "GET", "/v2/templates", &Value::Null)).unwrap().status,
        200
    );
}

#[test]
fn a_client_that_never_ends_its_headers_is_cut_off() {
    let sandbox = Sandbox::builder().read_timeout(Duration::from_millis(300)).start().unwrap();
    let mut socket = connect(&sandbox);
    let begun = Instant::now();
    let drips = thread::spawn({
        let mut socket = socket.try_clone().unwrap();
        move || {
            while socket.write_all(b"X").is_ok() && begun.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(20));
            }
        }
    });
    socket.write_all(b"GET /v2/templates HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    rest(socket);
    assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
    drips.join().unwrap();
}

#[test]
fn a_client_that_never_ends_its_body_gets_an_error() {
    let sandbox = Sandbox::builder().read_timeout(Duration::from_millis(300)).start().unwrap();
    let mut socket = connect(&sandbox);
    let head = "POST /v2/notifications/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    socket.write_all(head.as_bytes()).unwrap();
    let answer = rest(socket);
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
}

#[test]
fn a_malformed_chunk_is_a_bad_request() {
    let sandbox = Sandbox::start().unwrap();
    for chunks in ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n", "2\r\n{}}}\r\n0\r\n\r\n", "fffffffffffffffff\r\n"] {
        let mut socket = connect(&sandbox);
        let head = "POST /v2/notifications/sms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        socket.write_all(head.as_bytes()).unwrap();
        socket.write_all(chunks.as_bytes()).unwrap();
        let answer = rest(socket);
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{chunks:?}: {answer}");
    }
}

#[test]
fn a_large_request_holds_up_no_other() {
    let sandbox = Arc::new(Sandbox::start().unwrap());
    let values: serde_json::Map<String, Value> = (0..60_000).map(|n| (format!("k{n}"), json!("x"))).collect();
    let body = json!({
        "phone_number": "07900900123", "template_id": crate::fixture::SMS_TEMPLATE, "personalisation": values,
    });
    let large = request(&sandbox, "POST", "/v2/notifications/sms", &body);
    let asked = Arc::clone(&sandbox);
    let large = thread::spawn(move || exchange(&asked, &large).unwrap().status);
    // Until it has arrived.
    thread::sleep(Duration::from_millis(50));
    let mut answered = 0;
    let mut slowest = Duration::ZERO;
    while !large.is_finished() {
        let begun = Instant::now();
        let small = request(&sandbox, "GET", "/v2/templates", &Value::Null);
        assert_eq!(exchange(&sandbox, &small).unwrap().status, 200);
        slowest = slowest.max(begun.elapsed());
        answered += 1;
    }
    assert_eq!(large.join().unwrap(), 400, "two values are missing");
    assert!(answered >= 3, "{answered} answered meanwhile, the slowest in {slowest:?}");
}
