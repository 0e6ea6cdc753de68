//! What a client and its calls show: no secret, and no personal data.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;
use std::sync::{Mutex, PoisonError};

use notify_http::model::File;
use notify_http::{
    ApiKey, Call, Client, Error, Event, ListNotifications, Now, SendEmail, SendLetter, SendPrecompiledLetter,
    SendSms, Session, Step,
};
use notify_testkit::http1::{RawRequest, ScriptedServer};

use crate::server::whole;
use crate::{ID, KEY, SECRET, SENT, builder, impatient};

/// Everything that must not be seen, each a text that appears nowhere else.
const PRIVATE: [&str; 10] = [
    KEY,
    SECRET,
    "Bearer ey",
    "7700900155",
    "zoe.private@example.com",
    "Zoe-the-Name",
    "zoe-reference-77",
    "12 Private Street",
    "zoe-file-content",
    "em9lLWZpbGUtY29udGVudA",
];

fn assert_shows_nothing(shown: &str) {
    for private in PRIVATE {
        assert!(!shown.contains(private), "{private} is in: {shown}");
    }
}

fn sms() -> SendSms {
    SendSms::new(ID.parse().unwrap(), "+447700900155")
        .personalisation("name", "Zoe-the-Name")
        .reference("zoe-reference-77")
}

fn email() -> SendEmail {
    SendEmail::new(ID.parse().unwrap(), "zoe.private@example.com")
        .personalisation("name", "Zoe-the-Name")
        .file("link", File::new("zoe-file-content"))
        .unique_reference("zoe-reference-77")
}

fn letter() -> SendLetter {
    SendLetter::new(ID.parse().unwrap(), ["Zoe-the-Name", "12 Private Street", "SW1A 1AA"])
}

fn list() -> ListNotifications {
    ListNotifications::new().reference("zoe-reference-77")
}

/// Everything that an error shows, including its sources.
fn all(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?} {:?} {:?}", error.remedy(), error.errors());
    let mut source = error.source();
    while let Some(error) = source {
        write!(shown, " {error} {error:?}").unwrap();
        source = error.source();
    }
    shown
}

#[test]
fn debug_output_of_values_hides_their_contents() {
    let client = builder("http://localhost").build().unwrap();
    let blocking = || notify_http::blocking::Client::builder(KEY).base_url("http://localhost");
    let pages = (client.pages(list()), client.stream(list()));
    assert_shows_nothing(&format!(
        "{client:?} {:?} {:?} {:?} {:?} {pages:?}",
        builder("http://localhost"),
        blocking(),
        blocking().build().unwrap(),
        client.urgent()
    ));
    let pdf = SendPrecompiledLetter::new("zoe-reference-77", "%PDF-zoe-file-content");
    assert_shows_nothing(&format!("{:?} {:#?} {:?} {:?} {pdf:?}", sms(), email(), letter(), list()));
}

#[test]
fn a_call_and_its_request_show_neither_token_nor_message() {
    let session = Session::builder(&ApiKey::parse(KEY).unwrap()).build();
    let now =
        Now { monotonic: std::time::Duration::ZERO, unix: std::time::Duration::from_secs(1_795_430_454) };
    let call = Call::new(&session, &email(), now).unwrap();
    assert_shows_nothing(&format!("{call:?} {session:?}"));
    let step = call.next(Event::Start, now);
    let Step::Send(request, call) = step else { panic!("{step:?}") };
    assert!(request.headers()["authorization"].to_str().unwrap().starts_with("Bearer ey"));
    assert_shows_nothing(&format!("{:?} {:?} {call:?}", request.headers(), request.uri()));
}

/// How a server repeats a request.
type Respond = dyn Fn(&RawRequest) -> String + Send + Sync;

/// All texts in a body.
fn leaves(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| leaves(item, texts)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| leaves(item, texts)),
        _ => {}
    }
}

#[tokio::test]
async fn no_error_and_no_log_shows_personal_data() {
    listen();
    // A server that repeats the request in every possible way.
    let repeat = |request: &RawRequest| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let mut texts = vec![request.target.rsplit_once("reference=").map_or("", |(_, it)| it).to_owned()];
        leaves(&body, &mut texts);
        texts.join(", ")
    };
    let refusal = move |request: &RawRequest| {
        let error = serde_json::json!({"error": "ValidationError", "message": repeat(request)});
        whole(400, &serde_json::json!({"status_code": 400, "errors": [error]}).to_string())
    };
    let answers: [Box<Respond>; 7] = [
        Box::new(|_| whole(201, SENT)),
        Box::new(move |request| whole(201, &serde_json::json!({"id": repeat(request)}).to_string())),
        Box::new(move |request| whole(502, &format!("<html>{}</html>", repeat(request)))),
        Box::new(refusal),
        Box::new(move |request| format!("HTTP/1.1 400 {}\r\n\r\n", repeat(request))),
        Box::new(move |request| format!("{}\r\n\r\n", repeat(request))),
        Box::new(|_| String::new()),
    ];
    for answer in answers {
        let server = ScriptedServer::start(move |request| answer(request).into_bytes()).unwrap();
        let client = builder(&server.url()).build().unwrap();
        // This test is not about the lookup by reference.
        let client = client.policy(impatient().timeout(std::time::Duration::from_millis(1_500)));
        let outcomes = [
            client.send(sms()).await.map(|answer| format!("{answer:?}")),
            client.send(email()).await.map(|answer| format!("{answer:?}")),
            client.send(letter()).await.map(|answer| format!("{answer:?}")),
            client.send(list()).await.map(|answer| format!("{answer:?}")),
        ];
        for outcome in outcomes {
            assert_shows_nothing(&outcome.unwrap_or_else(|error| all(&error)));
        }
        assert!(server.requests().len() >= 4);
    }
    let nobody = builder("http://127.0.0.1:1").build().unwrap();
    assert_shows_nothing(&all(&nobody.send(sms()).await.unwrap_err()));
    assert_shows_nothing(&all(&nobody.send(list()).await.unwrap_err()));

    let log = LOG.text();
    // The log did capture everything, including the libraries below.
    for said in ["notify_call", "send_email", "/v2/notifications/sms", "answered", "failed", "hyper"] {
        assert!(log.contains(said), "{said} is not in the log:\n{log}");
    }
    assert_shows_nothing(&log);
}

/// Everything that is logged in this process, by anyone, at every level.
struct Log(Mutex<Vec<u8>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

fn listen() {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(|| &LOG)
        .init();
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
    }
}

impl io::Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The code that makes a client has the key; nobody else needs to see it.
#[test]
fn a_refused_key_is_not_shown() {
    for key in ["Zoe-the-Name", &KEY[1..], &format!("{KEY}x"), &KEY.replace('-', "_")] {
        if let Err(error) = Client::new(key) {
            let source = error.source().map(|source| format!("{source} {source:?}"));
            assert_shows_nothing(&format!("{error} {error:?} {source:?}"));
            assert!(!format!("{error:?} {source:?}").contains("3d844edf"));
        }
    }
}
