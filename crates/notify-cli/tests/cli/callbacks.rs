//! `notify callbacks listen`: verified callbacks as they come, forwarded if asked.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use notify_sandbox::{
    CallbackKind, CallbackOutcome, CallbackReceiver, IncomingText, KeyType, Sandbox, Service,
};
use notify_testkit::http1::{Headers, RawRequest, exchange};

use crate::fixture::{End, Fixture, SEND_SMS, folder, notify};
use crate::server::{answer, that_answers, that_is_not_there};

const TOKEN: &str = "a token of our choice";

const RECEIPT: &str = r#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": null, "to": "07900900123",
    "status": "delivered", "notification_type": "sms"}"#;

/// The program while it listens.
struct Listener {
    child: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
}

impl Listener {
    fn start(args: &[&str]) -> Self {
        Self::of(Self::command(args).env("NOTIFY_CALLBACK_TOKEN", TOKEN))
    }

    fn command(args: &[&str]) -> Command {
        notify(["callbacks", "listen", "--port", "0"].into_iter().chain(args.iter().copied()))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("it says where");
        let url = line.split([' ', ',']).find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("it says where: {line}")).to_owned();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        child.stderr = Some(stderr.into_inner());
        Self { child, stdout, url }
    }

    /// Posts a body and returns the status.
    fn post(&self, authorization: &str, body: &str) -> u16 {
        let mut headers = Headers::default();
        headers.push("authorization", authorization);
        headers.push("content-length", body.len().to_string());
        headers.push("connection", "close");
        let request =
            RawRequest { method: "POST".into(), target: "/".into(), headers, body: body.as_bytes().to_vec() };
        exchange(self.address(), &request).expect("it answers").status
    }

    fn address(&self) -> std::net::SocketAddr {
        self.url.trim_start_matches("http://").parse().expect("an address")
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line comes");
        line
    }

    /// Ends it as Ctrl-C does; what is left of its output, and its status.
    fn end(mut self) -> End {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "INT", &id]).status().expect("there is kill").success());
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).expect("text");
        self.child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("text");
        let status = self.child.wait().expect("it ends").code().expect("no signal ended it");
        End { status, stdout, stderr }
    }
}

#[test]
fn what_the_service_posts_is_printed_and_nothing_else() {
    let mut listener = Listener::start(&[]);
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 204);
    let line = listener.line();
    assert!(line.contains("delivery receipt  740e5834") && line.contains("07900900123: delivered"), "{line}");
    // The service may post one again.
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 204);
    assert!(listener.line().contains("(again)"));
    for (authorization, body, status) in [
        ("Bearer another token here", RECEIPT, 401),
        ("", RECEIPT, 401),
        (&format!("Bearer {TOKEN}"), "", 400),
        (&format!("Bearer {TOKEN}"), "{}", 503),
        (&format!("Bearer {TOKEN}"), "{\"status\": 07900900123", 503),
        (&format!("Bearer {TOKEN}"), &"x".repeat(300 * 1024), 413),
    ] {
        assert_eq!(listener.post(authorization, body), status, "{authorization}");
    }
    let end = listener.end();
    assert_eq!((end.status, &*end.stdout), (0, ""), "{end:?}");
    end.says(&["refused", "does not carry the right token", "no body", "larger than any callback"]);
    for secret in [TOKEN, "another token", "07900900123"] {
        assert!(!end.stderr.contains(secret), "{end:?}");
    }
}

#[test]
fn a_sandbox_posts_its_receipts_and_received_texts() {
    let fixture = Fixture::new();
    let mut listener = Listener::start(&["--output", "jsonl"]);
    let service = fixture.sandbox.services()[0].id.clone();
    for kind in [CallbackKind::DeliveryStatus, CallbackKind::InboundSms] {
        fixture
            .sandbox
            .set_callback(
                &service,
                CallbackReceiver { kind, url: &format!("{}/", listener.url), bearer_token: TOKEN },
            )
            .unwrap();
    }
    let id = fixture.json(SEND_SMS)["id"].as_str().unwrap().to_owned();
    let receipt: serde_json::Value = serde_json::from_str(&listener.line()).unwrap();
    assert_eq!((&receipt["id"], &receipt["status"]), (&id.into(), &"delivered".into()), "{receipt}");
    fixture.sandbox.receive_text(IncomingText { from: "447900900111", content: "Yes\nplease" }).unwrap();
    let text: serde_json::Value = serde_json::from_str(&listener.line()).unwrap();
    assert_eq!(text["message"], "Yes\nplease");
    fixture.sandbox.wait_until_idle();
    let outcomes = fixture.sandbox.callbacks();
    assert!(outcomes.iter().all(|it| matches!(it.outcome, CallbackOutcome::Answered(204))), "{outcomes:?}");
    assert_eq!(listener.end().status, 0);
}

#[test]
fn a_receipt_that_the_service_signs_is_checked_with_the_key() {
    let sandbox = Sandbox::builder().service(Service::VaNotify).start().unwrap();
    let (key, id) = (sandbox.api_key(KeyType::Test), sandbox.services()[0].id.clone());
    let mut command = Listener::command(&["--output", "jsonl"]);
    command.env("NOTIFY_CALLBACK_TOKEN", TOKEN).env("NOTIFY_API_KEY", &key).env("NOTIFY_SERVICE_ID", &id);
    let mut listener = Listener::of(&mut command);
    let body = serde_json::json!({
        "template_id": crate::fixture::SMS_TEMPLATE,
        "phone_number": "+12025550123",
        "personalisation": { "name": "Kim", "permit number": "17" },
        "callback_url": listener.url.replace("http:", "https:"),
    })
    .to_string();
    let mut token = notify(["token"]);
    let token = End::of(token.env("NOTIFY_API_KEY", &key).env("NOTIFY_SERVICE_ID", &id)).stdout;
    let mut headers = Headers::default();
    headers.push("authorization", format!("Bearer {}", token.trim()));
    headers.push("content-type", "application/json");
    headers.push("content-length", body.len().to_string());
    headers.push("connection", "close");
    let request = RawRequest {
        method: "POST".into(),
        target: "/v2/notifications/sms".into(),
        headers,
        body: body.into_bytes(),
    };
    let sent = exchange(sandbox.url().trim_start_matches("http://").parse().unwrap(), &request).unwrap();
    assert_eq!(sent.status, 201, "{}", String::from_utf8_lossy(&sent.body));
    let receipt: serde_json::Value = serde_json::from_str(&listener.line()).unwrap();
    assert_eq!(receipt["to"], "+12025550123", "{receipt}");
    assert_eq!(listener.end().status, 0);
}

#[test]
fn a_verified_callback_is_posted_on_and_the_answer_passed_back() {
    let program = that_answers(answer("202 Accepted", "text/plain", "ok"));
    let mut listener = Listener::start(&["--forward-to", &format!("{}/hook", program.url())]);
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 202);
    listener.line();
    assert_eq!(listener.post("Bearer another token here", RECEIPT), 401);
    let requests = program.requests();
    assert_eq!(requests.len(), 1, "only what is verified is posted on");
    assert_eq!((requests[0].target.as_str(), requests[0].body.as_slice()), ("/hook", RECEIPT.as_bytes()));
    assert_eq!(requests[0].headers.get("authorization"), Some(&*format!("Bearer {TOKEN}")));
    let end = listener.end();
    end.says(&["forwarded: 202"]);

    let listener = Listener::start(&["--forward-to", &that_is_not_there()]);
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 503, "the service posts it again");
    listener.end().says(&["not forwarded: it cannot be reached"]);
}

#[test]
fn a_client_that_sends_nothing_does_not_block_the_others() {
    let mut listener = Listener::start(&[]);
    let mut slow: Vec<TcpStream> = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(listener.address()).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\ncontent-length: 100\r\n").unwrap();
        slow.push(stream);
    }
    let begin = Instant::now();
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 204);
    assert!(begin.elapsed() < Duration::from_secs(5));
    listener.line();
    // It is cut off in the end.
    slow[0].set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut rest = Vec::new();
    slow[0].read_to_end(&mut rest).unwrap();
    listener.end();
}

#[test]
fn a_reader_that_closes_the_output_ends_the_command() {
    let mut listener = Listener::start(&[]);
    drop(std::mem::replace(&mut listener.stdout, closed()));
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 503, "the service posts it again");
    let begin = Instant::now();
    while listener.child.try_wait().unwrap().is_none() {
        assert!(begin.elapsed() < Duration::from_secs(10), "it did not end");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(listener.child.wait().unwrap().code(), Some(0));
}

/// The output of a program that has ended.
fn closed() -> BufReader<ChildStdout> {
    let mut child = Command::new("true").stdout(Stdio::piped()).spawn().expect("there is true");
    child.wait().expect("it ends");
    BufReader::new(child.stdout.take().expect("it is piped"))
}

#[test]
fn the_token_comes_from_the_environment_or_a_file_and_never_from_an_argument() {
    End::failing(&mut Listener::command(&[]), 3)
        .says(&["there is no bearer token in NOTIFY_CALLBACK_TOKEN", "openssl"]);
    let end = End::failing(Listener::command(&[]).env("NOTIFY_CALLBACK_TOKEN", "short"), 3);
    end.says(&["at least 10 characters"]);
    assert!(!end.stderr.contains("short"), "{end:?}");
    let file = folder("callbacks").join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let mut command = Listener::command(&["--token-file", file.to_str().unwrap()]);
    let mut listener = Listener::of(&mut command);
    assert_eq!(listener.post(&format!("Bearer {TOKEN}"), RECEIPT), 204);
    listener.line();
    assert_eq!(listener.end().status, 0);
    End::failing(&mut Listener::command(&["--token", TOKEN]), 2);
}

#[test]
fn where_callbacks_are_forwarded_is_checked_first() {
    for (url, says) in [
        ("http://www.example.gov.uk/hook", "use https"),
        ("ftp://127.0.0.1/", "neither http nor https"),
        ("nowhere", "cannot be used"),
    ] {
        let mut command = Listener::command(&["--forward-to", url]);
        End::failing(command.env("NOTIFY_CALLBACK_TOKEN", TOKEN), 2).says(&[says]);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = notify(["callbacks", "listen", "--port", &port]);
    End::failing(command.env("NOTIFY_CALLBACK_TOKEN", TOKEN), 1).says(&["cannot listen", &port, "--port"]);
}
