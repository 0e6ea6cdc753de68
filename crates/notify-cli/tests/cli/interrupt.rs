//! Programs that get a signal to end.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::fixture::{End, KEY, SEND_SMS, notify, notify_at};
use crate::server::that_answers;

fn signal(child: &Child, name: &str) {
    let done =
        Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("there is kill");
    assert!(done.success());
}

#[test]
fn a_sandbox_prints_what_to_paste_and_ends_cleanly_on_a_signal() {
    for name in ["INT", "TERM"] {
        let mut command = notify(["sandbox", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let export = lines.find(|line| line.starts_with("export ") && line.contains("sandbox-test")).unwrap();
        let words: Vec<(&str, &str)> = export.split(' ').filter_map(|word| word.split_once('=')).collect();
        let end = End::of(notify(["templates", "--output", "jsonl"]).envs(words.iter().copied()));
        assert_eq!((end.status, end.stdout.lines().count()), (0, 4), "{end:?}");

        signal(&child, name);
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert!(log.contains("200 GET /v2/templates"), "{log}");
        // A service that has ended has closed its port.
        let end = End::of(notify(["templates"]).envs(words));
        assert_eq!(end.status, 6, "{end:?}");
    }
}

#[test]
fn an_interrupted_message_is_in_doubt() {
    for name in ["INT", "TERM", "HUP"] {
        let server = that_answers(b"HTTP/1.1 201 CREATED\r\ncontent-length: 1000\r\n\r\n".to_vec());
        let mut command = notify_at(&server.url(), KEY, SEND_SMS);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for(|| !server.requests().is_empty());
        signal(&child, name);
        let end = End::from(child.wait_with_output().unwrap());
        assert_eq!((end.status, end.stdout.as_str()), (7, ""), "{end:?}");
        end.says(&["interrupted; the message may have been sent", "notify list --reference "]);
    }
}

/// The last output proves it: under `nohup` the program survives the terminal's hang-up.
#[test]
fn a_message_that_is_sent_under_nohup_outlives_its_terminal() {
    let server = that_answers(b"HTTP/1.1 201 CREATED\r\ncontent-length: 1000\r\n\r\n".to_vec());
    let direct = notify_at(&server.url(), KEY, SEND_SMS);
    let mut command = Command::new("nohup");
    command.arg(direct.get_program()).args(direct.get_args()).args(["--timeout", "3"]);
    for (name, value) in direct.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_for(|| !server.requests().is_empty());
    signal(&child, "HUP");
    let end = End::from(child.wait_with_output().unwrap());
    assert_eq!(end.status, 7, "{end:?}");
    assert!(!end.stderr.contains("interrupted"), "{end:?}");
}

#[test]
fn a_process_stopped_until_after_its_timeout_sends_nothing_more() {
    let server = that_answers(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec());
    let mut command = notify_at(&server.url(), KEY, SEND_SMS);
    let child =
        command.args(["--timeout", "4"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(|| server.requests().len() > 1);
    signal(&child, "STOP");
    let before = server.requests().len();
    std::thread::sleep(Duration::from_secs(5));
    signal(&child, "CONT");
    let end = End::from(child.wait_with_output().unwrap());
    assert_eq!(end.status, 7, "{end:?}");
    assert_eq!(server.requests().len(), before);
    assert_eq!(server.requests().iter().filter(|request| request.method == "POST").count(), 1);
}

#[test]
fn a_read_can_be_interrupted() {
    use std::os::unix::process::ExitStatusExt as _;
    let server = that_answers(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_vec());
    let mut child = notify_at(&server.url(), KEY, ["list"]).spawn().unwrap();
    wait_for(|| !server.requests().is_empty());
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

fn wait_for(so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_port_in_use_and_an_invalid_world_are_reported() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    End::failing(&mut notify(["sandbox", "--port", &port]), 1).says(&["cannot start", "in use", &port]);
    let folder = crate::fixture::folder("worlds");
    let world = folder.join("world.json");
    std::fs::write(&world, "{\"services\": [{\"id\": 17}]}").unwrap();
    let end = End::failing(&mut notify(["sandbox", "--world", world.to_str().unwrap()]), 3);
    end.says(&["services[0].id", "invalid type"]);
    let end = End::failing(&mut notify(["sandbox", "--world", folder.join("none").to_str().unwrap()]), 3);
    end.says(&["cannot read the world", "No such file"]);
}

#[test]
fn a_message_that_only_waits_to_be_sent_again_was_not_sent() {
    let server = that_answers(crate::server::refusal(
        "429 Too Many Requests",
        "RateLimitError",
        "Exceeded rate limit for key type TEST of 3 requests per 60 seconds",
    ));
    for name in ["INT", "HUP"] {
        let before = server.requests().len();
        let mut command = notify_at(&server.url(), KEY, SEND_SMS);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The next attempt is many seconds away.
        wait_for(|| server.requests().len() > before);
        std::thread::sleep(Duration::from_millis(300));
        signal(&child, name);
        let end = End::from(child.wait_with_output().unwrap());
        assert_eq!((end.status, end.stdout.as_str()), (1, ""), "{end:?}");
        end.says(&["interrupted; nothing was sent"]);
        assert!(!end.stderr.contains("may have been sent"), "{end:?}");
    }
}
