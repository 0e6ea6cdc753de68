//! What happens in a sandbox, as server-sent events.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use notify_sandbox::{Fault, IncomingText, Sandbox};
use serde_json::{Value, json};

use crate::fixture::{control, control_request, get, json, post_sms};

/// A connection on which events arrive.
struct Events(BufReader<TcpStream>);

impl Events {
    fn of(sandbox: &Sandbox) -> Self {
        let mut stream = TcpStream::connect(sandbox.url().trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = control_request(sandbox, "GET", "/sandbox/events", &Value::Null);
        stream.write_all(&request.to_bytes()).unwrap();
        let mut events = Self(BufReader::new(stream));
        let head = events.lines_until("");
        assert!(head.iter().any(|line| line == "content-type: text/event-stream"), "{head:?}");
        assert_eq!(events.next().0, "ready");
        events
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the connection ended");
        line.trim_end().to_owned()
    }

    fn lines_until(&mut self, last: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.line() {
                line if line == last => return lines,
                line => lines.push(line),
            }
        }
    }

    /// The next event: its name and its data.
    fn next(&mut self) -> (String, Value) {
        loop {
            if let Some(name) = self.line().strip_prefix("event: ") {
                let data = self.line();
                return (
                    name.to_owned(),
                    serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap(),
                );
            }
        }
    }
}

#[test]
fn a_message_is_reported_when_it_is_sent_and_when_its_status_changes() {
    let sandbox = Sandbox::start().unwrap();
    let mut events = Events::of(&sandbox);
    let id = json(&post_sms(&sandbox, "r").unwrap())["id"].clone();
    let (name, data) = events.next();
    assert_eq!((name.as_str(), &data["id"], &data["status"]), ("message", &id, &json!("created")));
    for status in ["sending", "delivered"] {
        assert_eq!(events.next(), ("status".to_owned(), json!({ "id": id, "status": status })));
    }
    let set = json!({ "status": "permanent-failure" });
    control(&sandbox, "PUT", &format!("/sandbox/messages/{}/status", id.as_str().unwrap()), &set);
    assert_eq!(events.next(), ("status".to_owned(), json!({ "id": id, "status": "permanent-failure" })));
}

#[test]
fn a_clock_that_is_moved_takes_the_statuses_with_it() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    let id = json(&post_sms(&sandbox, "r").unwrap())["id"].clone();
    let mut events = Events::of(&sandbox);
    sandbox.clock().advance(Duration::from_secs(60));
    let (name, data) = events.next();
    assert_eq!((name.as_str(), &data["frozen"]), ("clock", &json!(true)));
    // It was on its way when somebody began to listen, and has come to its end at one stroke.
    sandbox.clock().set_back(Duration::from_secs(60));
    assert_eq!(events.next().0, "clock");
    sandbox.clock().run();
    assert_eq!(events.next().0, "clock");
    for status in ["sending", "delivered"] {
        assert_eq!(events.next(), ("status".to_owned(), json!({ "id": id, "status": status })));
    }
}

#[test]
fn faults_refusals_texts_services_and_a_reset_are_events() {
    let sandbox = Sandbox::start().unwrap();
    let mut events = Events::of(&sandbox);
    sandbox.inject_fault(Fault::drop_connection().next(1));
    assert_eq!(events.next().0, "faults");
    assert!(get(&sandbox, "/v2/templates").is_err());
    assert_eq!(events.next().0, "faults", "it is used up");
    assert_eq!(events.next().0, "refused");
    let id = sandbox.receive_text(IncomingText { from: "447900900111", content: "Yes" }).unwrap();
    assert_eq!(events.next(), ("received-text".to_owned(), json!({ "id": id })));
    control(&sandbox, "POST", "/sandbox/services", &json!({ "name": "New" }));
    assert_eq!(events.next().0, "services");
    sandbox.reset().unwrap();
    let mut last = events.next().0;
    while last == "clock" || last == "faults" {
        last = events.next().0;
    }
    assert_eq!(last, "reset");
}

#[test]
fn several_can_listen_at_once_and_one_that_leaves_does_not_disturb_the_others() {
    let sandbox = Sandbox::start().unwrap();
    let (mut one, other) = (Events::of(&sandbox), Events::of(&sandbox));
    drop(other);
    for reference in ["a", "b"] {
        post_sms(&sandbox, reference).unwrap();
    }
    assert_eq!(one.next().0, "message");
    let followers: Vec<Events> = (0..20).map(|_| Events::of(&sandbox)).collect();
    drop(sandbox);
    drop(followers);
}
