//! The client over `notify-http`, on a scripted network.

mod look_up;
mod send;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, Request, Response};
use notify_http::{Cause, Limits, ResponseFuture, Transport, TransportError};
use notify_outbox::{Claim, Holder, NotifyClient, RowId, Task};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533b";
const GOV_UK: &str = "https://api.notifications.service.gov.uk";

type Reply = Result<Response<Bytes>, TransportError>;

/// Answers a request, given its number.
type Replies = dyn Fn(&Request<Bytes>, usize) -> Reply + Send + Sync;

/// A network with scripted answers, which records the requests.
#[derive(Clone)]
struct Network {
    replies: Arc<Replies>,
    requests: Arc<Mutex<Vec<(Method, String)>>>,
    count: Arc<AtomicUsize>,
}

impl Network {
    fn new(replies: impl Fn(&Request<Bytes>, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self { replies: Arc::new(replies), requests: Arc::default(), count: Arc::default() }
    }

    fn client(&self, base_url: &str) -> NotifyClient {
        let client = notify_http::Client::builder(KEY).base_url(base_url).transport(self.clone()).build();
        NotifyClient::new(client.expect("the settings are good"))
    }

    fn posts(&self) -> usize {
        self.requests.lock().unwrap().iter().filter(|(method, _)| method == Method::POST).count()
    }

    fn lookups(&self) -> usize {
        self.requests.lock().unwrap().iter().filter(|(method, _)| method == Method::GET).count()
    }
}

impl Transport for Network {
    fn send(&self, request: Request<Bytes>, _: Limits) -> ResponseFuture<'_> {
        let seen = (request.method().clone(), request.uri().to_string());
        self.requests.lock().unwrap().push(seen);
        let reply = (self.replies)(&request, self.count.fetch_add(1, Ordering::Relaxed));
        ResponseFuture::new(std::future::ready(reply))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[expect(clippy::unnecessary_wraps, reason = "a reply may be none")]
fn answer(status: u16, body: impl Into<String>) -> Reply {
    Ok(Response::builder().status(status).body(Bytes::from(body.into())).unwrap())
}

fn refusal(status: u16, error: &str, message: &str) -> Reply {
    answer(
        status,
        format!(r#"{{"status_code":{status},"errors":[{{"error":"{error}","message":"{message}"}}]}}"#),
    )
}

fn claim_for(task: Task, payload: &str) -> Claim {
    Claim {
        row: RowId(1),
        reference: "r".to_owned(),
        attempt: 1,
        holder: Holder::random(),
        task,
        tag: Vec::new(),
        payload: Some(payload.as_bytes().to_vec()),
    }
}

fn sms(recipient: &str) -> String {
    format!(r#"{{"type":"sms","template_id":"{TEMPLATE}","phone_number":"{recipient}"}}"#)
}

fn lost() -> Reply {
    Err(TransportError::Lost(Cause::new("reset")))
}

fn created() -> Reply {
    answer(
        201,
        format!(
            r#"{{"id":"{ID}","reference":"r","content":{{"body":"b"}},"uri":"","template":{{"id":"{TEMPLATE}","version":1,"uri":""}}}}"#
        ),
    )
}

#[test]
fn debug_shows_no_secret() {
    let network = Network::new(|_, _| created());
    let shown = format!("{:?}", network.client(GOV_UK));
    assert!(!shown.contains("3d844edf") && !shown.contains("ab16"), "{shown}");
}
