//! Messages whose answer is lost, over real sockets.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use notify_http::{Client, Error, Policy, SendSms};
use serde_json::{Value, json};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const RECIPIENT: &str = "+447900900123";

/// What the service does with the first message that is posted; it takes and answers every further one.
#[derive(Clone, Copy)]
enum First {
    Answers,
    /// Closes the connection, and takes the message after so long, if at all.
    Drops(Option<Duration>),
    /// Never answers, and takes the message after so long.
    Hangs(Duration),
    /// Answers 504, and takes the message after so long.
    TimesOut(Duration),
}

#[derive(Default)]
struct Seen {
    posts: usize,
    kept: Vec<Value>,
}

/// A service of which nothing is known but what goes over its sockets.
struct Service {
    url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Service {
    fn start(first: First) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Seen>>::default();
        let service = Self { url, seen: Arc::clone(&seen) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(stream.unwrap(), &seen, first));
            }
        });
        service
    }

    fn holds_a_message_of(&self, age: Duration) {
        self.seen.lock().unwrap().kept.push(listed(SystemTime::now() - age));
    }

    async fn send(&self, message: SendSms) -> Result<String, Error> {
        let policy = Policy::default().attempt_timeout(Duration::from_secs(5));
        let client = Client::builder(KEY).base_url(&self.url).policy(policy).build().unwrap();
        client.send(message).await.map(|sent| sent.value.reference.unwrap_or_default())
    }

    /// How many messages were posted, and how many the service keeps.
    fn counts(&self) -> (usize, usize) {
        let seen = self.seen.lock().unwrap();
        (seen.posts, seen.kept.len())
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Seen>, first: First) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        let stream = reader.get_mut();
        if head.starts_with("GET") {
            let kept = seen.lock().unwrap().kept.clone();
            respond(stream, 200, &json!({"notifications": kept, "links": {"current": ""}}));
            continue;
        }
        seen.lock().unwrap().posts += 1;
        let is_first = seen.lock().unwrap().posts == 1;
        match first {
            First::Drops(taken) if is_first => {
                stream.shutdown(Shutdown::Both).unwrap();
                return taken.into_iter().for_each(|after| take(seen, after));
            }
            First::Hangs(after) if is_first => take(seen, after),
            First::TimesOut(after) if is_first => {
                respond(
                    stream,
                    504,
                    &json!({"status_code": 504, "errors": [{"error": "Timeout", "message": "t"}]}),
                );
                take(seen, after);
            }
            _ => {
                take(seen, Duration::ZERO);
                let template = json!({"id": TEMPLATE, "version": 1, "uri": ""});
                let content = json!({"body": "b", "from_number": "f"});
                let id = "c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
                let sent = json!({"id": id, "reference": "mine", "content": content, "uri": "", "template": template});
                respond(stream, 201, &sent);
            }
        }
    }
}

fn take(seen: &Mutex<Seen>, after: Duration) {
    thread::sleep(after);
    seen.lock().unwrap().kept.push(listed(SystemTime::now()));
}

fn listed(created: SystemTime) -> Value {
    let created = jiff::Timestamp::try_from(created).unwrap();
    json!({
        "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": "mine", "phone_number": RECIPIENT,
        "email_address": null, "type": "sms", "status": "created", "body": "b", "subject": null,
        "template": {"id": TEMPLATE, "version": 1, "uri": ""}, "created_at": format!("{created:.6}"),
    })
}

fn respond(stream: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let date = httpdate::fmt_http_date(SystemTime::now());
    let head = format!("HTTP/1.1 {status} S\r\nDate: {date}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
}

fn message() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT)
}

fn unique() -> SendSms {
    message().unique_reference("mine")
}

#[tokio::test]
async fn a_message_that_was_taken_is_found_and_not_sent_again() {
    let (soon, late) = (Duration::ZERO, Duration::from_secs(2));
    for first in [
        First::Answers,
        First::Drops(Some(soon)),
        First::Drops(Some(late)),
        First::Hangs(late),
        First::TimesOut(soon),
        First::TimesOut(late),
    ] {
        let service = Service::start(first);
        assert_eq!(service.send(unique()).await.unwrap(), "mine");
        assert_eq!(service.counts(), (1, 1));
    }
}

#[tokio::test]
async fn a_message_that_was_not_taken_is_sent_again_also_beside_an_older_one_of_its_reference() {
    let service = Service::start(First::Drops(None));
    service.holds_a_message_of(Duration::from_secs(10));
    assert_eq!(service.send(unique()).await.unwrap(), "mine");
    assert_eq!(service.counts(), (2, 2));
}

#[tokio::test]
async fn a_message_without_a_reference_of_its_own_may_have_been_sent_and_is_left_at_that() {
    for (message, reference) in [(message(), None), (message().reference("mine"), Some("mine"))] {
        let service = Service::start(First::Drops(Some(Duration::ZERO)));
        let error = service.send(message).await.unwrap_err();
        assert!(error.may_have_been_sent(), "{error}");
        assert_eq!(error.reference(), reference);
        assert_eq!(service.counts().0, 1);
    }
}

#[tokio::test]
async fn a_message_that_met_no_service_was_not_sent() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let policy = Policy::default().attempts(2);
    let client =
        Client::builder(KEY).base_url(&format!("http://127.0.0.1:{port}")).policy(policy).build().unwrap();
    let error = client.send(message()).await.unwrap_err();
    assert!(error.is_not_sent() && !error.may_have_been_sent(), "{error}");
    assert_eq!(error.attempts(), 2);
}
