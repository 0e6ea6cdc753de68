//! A service of which nothing is known but what goes over its sockets: it commits, drops, hangs and lies.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::TEMPLATE;

/// After how long a message is taken, if it is.
pub(crate) type Taken = Option<Duration>;

/// What becomes of a request. Questions are never taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    /// The connection is closed without an answer.
    Cut(Taken),
    /// The connection is reset before the request was read to its end.
    Reset,
    /// The connection is closed in the middle of the answer.
    CutInTheAnswer(Taken),
    /// There is no answer, and the connection stays.
    Hangs(Taken),
    Answers(u16, Taken),
    /// Refused for coming too fast.
    Throttled,
    /// Refused for the token's time, with a date that is so many seconds off.
    WrongTime(i64),
    /// Answered with success, and with something else than what was asked for.
    Nonsense(&'static str),
}

/// What a fault is chosen by.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) is_message: bool,
    pub(crate) reference: String,
    /// How many requests of this reference came before.
    pub(crate) number: usize,
    phone_number: String,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) requests: usize,
    pub(crate) messages: usize,
    pub(crate) kept: Vec<Value>,
}

pub(crate) struct Service {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    seen: Mutex<HashMap<String, Seen>>,
    /// Messages that will be taken.
    pending: AtomicUsize,
    faults: Box<dyn Fn(&Request) -> Fault + Send + Sync>,
}

impl Service {
    pub(crate) async fn start(faults: impl Fn(&Request) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            pending: AtomicUsize::new(0),
            faults: Box::new(faults),
        });
        let service = Self { url, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    // A peer that breaks off has the failure on its own side.
                    Ok((stream, _)) => drop(tokio::spawn(serve(stream, Arc::clone(&shared)))),
                    // Such as too many open files.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        });
        service
    }

    /// Keeps a message to this number.
    pub(crate) fn hold_a_message(&self, reference: &str, phone_number: &str) {
        self.shared.keep(reference, phone_number, SystemTime::now());
    }

    /// What was seen of a reference.
    pub(crate) fn seen(&self, reference: &str) -> Seen {
        self.shared.seen.lock().unwrap().get(reference).cloned().unwrap_or_default()
    }

    /// Waits until everything is taken that will be.
    pub(crate) async fn settle(&self) {
        while self.shared.pending.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Shared {
    fn note(&self, is_message: bool, reference: &str) -> usize {
        let mut all = self.seen.lock().unwrap();
        let seen = all.entry(reference.to_owned()).or_default();
        seen.requests += 1;
        seen.messages += usize::from(is_message);
        seen.requests - 1
    }

    fn keep(&self, reference: &str, phone_number: &str, created: SystemTime) {
        let created = jiff::Timestamp::try_from(created).unwrap();
        let message = json!({
            "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": reference, "phone_number": phone_number,
            "email_address": null, "type": "sms", "status": "created", "body": "b", "subject": null,
            "template": {"id": TEMPLATE, "version": 1, "uri": ""}, "created_at": format!("{created:.6}"),
        });
        // The newest first.
        self.seen.lock().unwrap().entry(reference.to_owned()).or_default().kept.insert(0, message);
    }

    async fn take(self: &Arc<Self>, request: &Request, taken: Taken) {
        let Some(after) = taken.filter(|_| request.is_message) else { return };
        self.pending.fetch_add(1, Ordering::SeqCst);
        let (shared, reference, number) =
            (Arc::clone(self), request.reference.clone(), request.phone_number.clone());
        let taking = async move {
            tokio::time::sleep(after).await;
            shared.keep(&reference, &number, SystemTime::now());
            shared.pending.fetch_sub(1, Ordering::SeqCst);
        };
        if after.is_zero() { taking.await } else { drop(tokio::spawn(taking)) }
    }

    fn list(&self, reference: &str) -> Value {
        let kept = self.seen.lock().unwrap().get(reference).map(|seen| seen.kept.clone()).unwrap_or_default();
        let current = format!("http://localhost/v2/notifications?template_type=sms&reference={reference}");
        json!({"notifications": kept, "links": {"current": current}})
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some((head, length)) = read_head(&mut stream).await? {
        let is_message = head.starts_with("POST");
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let request = read(&shared, &head, is_message, &body);
        let fault = (shared.faults)(&request);
        match fault {
            Fault::Cut(taken) => {
                shared.take(&request, taken).await;
                return Ok(());
            }
            Fault::Reset => {
                stream.get_mut().set_zero_linger()?;
                return Ok(());
            }
            Fault::CutInTheAnswer(taken) => {
                shared.take(&request, taken).await;
                let head = "HTTP/1.1 201 CREATED\r\nContent-Length: 500\r\n\r\n{\"id\": ";
                return stream.get_mut().write_all(head.as_bytes()).await;
            }
            Fault::Hangs(taken) => {
                shared.take(&request, taken).await;
                // Until the other side closes.
                return stream.read_u8().await.map(|_| ());
            }
            _ => {}
        }
        let (status, answer, off) = match fault {
            Fault::Answers(status, taken) => {
                shared.take(&request, taken).await;
                (status, error(status, "Timeout", "Internal server error"), 0)
            }
            Fault::Throttled => {
                let message = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds";
                (429, error(429, "RateLimitError", message), 0)
            }
            Fault::WrongTime(off) => {
                let message = "Error: Your system clock must be accurate to within 30 seconds";
                (403, error(403, "AuthError", message), off)
            }
            Fault::Nonsense(text) => (200, text.to_owned(), 0),
            _ if is_message => {
                shared.take(&request, Some(Duration::ZERO)).await;
                (201, created(&request.reference), 0)
            }
            _ => (200, shared.list(&request.reference).to_string(), 0),
        };
        respond(stream.get_mut(), status, &answer, off).await?;
    }
    Ok(())
}

/// The head of the next request and the length of its body; nothing when there is none.
async fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Option<(String, usize)>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().unwrap());
    Ok(Some((head, length)))
}

fn read(shared: &Shared, head: &str, is_message: bool, body: &[u8]) -> Request {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let reference = if is_message {
        body["reference"].as_str().unwrap_or_default().to_owned()
    } else {
        let query = head.split_once("reference=").unwrap_or_default().1;
        query.split([' ', '&']).next().unwrap_or_default().to_owned()
    };
    let phone_number = body["phone_number"].as_str().unwrap_or_default().to_owned();
    let number = shared.note(is_message, &reference);
    Request { is_message, reference, number, phone_number }
}

fn created(reference: &str) -> String {
    let template = json!({"id": TEMPLATE, "version": 1, "uri": ""});
    let content = json!({"body": "b", "from_number": "f"});
    let id = "c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
    json!({"id": id, "reference": reference, "content": content, "uri": "", "template": template}).to_string()
}

fn error(status: u16, class: &str, message: &str) -> String {
    json!({"status_code": status, "errors": [{"error": class, "message": message}]}).to_string()
}

async fn respond(stream: &mut TcpStream, status: u16, body: &str, off: i64) -> io::Result<()> {
    let now = SystemTime::now();
    let off = (now, Duration::from_secs(off.unsigned_abs()), off < 0);
    let date = httpdate::fmt_http_date(if off.2 { off.0 - off.1 } else { off.0 + off.1 });
    let head = format!("HTTP/1.1 {status} S\r\nDate: {date}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await
}
