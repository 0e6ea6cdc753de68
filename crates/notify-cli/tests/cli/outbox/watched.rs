//! What a worker shows to those that watch over it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use notify_sandbox::KeyType;

use super::{Outbox, wait_until};
use crate::fixture::notify_at;
use crate::server::that_is_not_there;

/// Starts a worker that serves its metrics, and where.
fn watched(command: &mut std::process::Command) -> (Child, String) {
    let mut worker = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(worker.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("serving http://")).unwrap();
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    // So that it can go on writing.
    std::thread::spawn(move || lines.count());
    (worker, address)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_worker_shows_its_numbers_to_prometheus_and_that_it_is_well() {
    let outbox = Outbox::in_file("metrics");
    outbox.put(5);
    let (mut worker, address) = watched(&mut outbox.command(["run", "--metrics", "127.0.0.1:0"]));
    wait_until(|| get(&address, "/metrics").contains("notify_outbox_sent_total 5\n"));
    let metrics = get(&address, "/metrics");
    for line in [
        "# TYPE notify_outbox_messages gauge\n",
        "notify_outbox_messages{state=\"ready\"} 0\n",
        "notify_outbox_messages{state=\"sent\"} 5\n",
        "notify_outbox_up 1\n",
        "notify_outbox_blocked 0\n",
        "notify_outbox_oldest_age_seconds 0\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
    assert!(!metrics.contains("07900900123") && !metrics.contains("r0"));
    assert!(get(&address, "/health").starts_with("HTTP/1.1 200 "));
    assert!(get(&address, "/other").starts_with("HTTP/1.1 404 "));
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[test]
fn a_worker_that_cannot_reach_the_service_says_that_it_is_not_well() {
    let outbox = Outbox::in_file("unwell");
    outbox.put(1);
    let key = outbox.sandbox.api_key(KeyType::Test);
    let mut command = notify_at(&that_is_not_there(), &key, ["outbox", "run", "--metrics", "127.0.0.1:0"]);
    let store = outbox.folder.join("outbox.sqlite");
    let (mut worker, address) = watched(command.env("NOTIFY_OUTBOX_STORE", store));
    wait_until(|| get(&address, "/health").starts_with("HTTP/1.1 503 "));
    assert!(get(&address, "/metrics").contains("notify_outbox_blocked 1\n"));
    worker.kill().unwrap();
    worker.wait().unwrap();
}
