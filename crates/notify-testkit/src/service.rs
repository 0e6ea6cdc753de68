//! A service of which nothing is known but what goes over its sockets: it commits, drops, hangs and lies.
//!
//! It takes text messages and lists them by reference, and has no opinion on anything else. Its answers are in
//! [`answer`].

pub mod answer;
mod connection;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::http1::Server;

/// After how long a message is taken, if it is.
pub type Commit = Option<Duration>;

/// What becomes of a request. Lookups commit nothing.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// It is answered as it should be.
    None,
    /// The connection is closed without an answer.
    Disconnect(Commit),
    /// The connection is reset.
    Reset,
    /// The connection is closed in the middle of the answer.
    Truncate(Commit),
    /// There is no answer, and the connection stays.
    Hang(Commit),
    /// It is answered with this status, in the service's own words.
    Status(u16, Commit),
    /// It is refused for coming too fast.
    Throttled,
    /// It is refused for the token's time, with a date that is so many seconds off.
    WrongTime(i64),
    /// It is answered with success, and with this in place of what was asked for.
    Nonsense(&'static str),
}

/// What a fault is chosen by.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whether it is a message; else it is a lookup.
    pub is_message: bool,
    /// The reference that it is about, or nothing.
    pub reference: String,
    /// How many requests of this reference came before.
    pub number: usize,
    phone_number: String,
    template: String,
}

/// What was seen of a reference.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// How many requests came.
    pub requests: usize,
    /// How many of them were messages.
    pub messages: usize,
    /// The messages that are listed, the newest first.
    pub kept: Vec<Value>,
}

/// The service, on a loopback port of its own. It stops when it is dropped.
pub struct FakeService {
    server: Server,
    shared: Arc<Shared>,
}

impl FakeService {
    /// Starts a service that meets each request with a fault.
    ///
    /// # Errors
    ///
    /// When no loopback port can be had.
    pub fn start(fault: impl Fn(&Request) -> Fault + Send + Sync + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            fault: Box::new(fault),
            references: Mutex::default(),
            kept: AtomicUsize::new(0),
        });
        let server = Server::start({
            let shared = Arc::clone(&shared);
            move |stream| connection::serve(stream, &shared)
        })?;
        Ok(Self { server, shared })
    }

    /// Its base URL, without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Keeps a message of this template to this number, as if it had been sent.
    pub fn keep(&self, reference: &str, template: &str, phone_number: &str) {
        self.shared.keep(reference, template, phone_number, Duration::ZERO);
    }

    /// What was seen of a reference up to now.
    pub fn seen(&self, reference: &str) -> Seen {
        let references = self.shared.references();
        references.get(reference).map(|reference| reference.seen(SystemTime::now())).unwrap_or_default()
    }

    /// How long it takes until everything is committed that will be.
    pub fn settled_in(&self) -> Duration {
        let references = self.shared.references();
        let commits = references.values().flat_map(|reference| &reference.messages).map(|(at, _)| *at);
        let last = commits.max().unwrap_or(SystemTime::UNIX_EPOCH);
        last.duration_since(SystemTime::now()).unwrap_or_default()
    }
}

impl fmt::Debug for FakeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeService").field("server", &self.server).finish_non_exhaustive()
    }
}

struct Shared {
    fault: Box<dyn Fn(&Request) -> Fault + Send + Sync>,
    references: Mutex<HashMap<String, Reference>>,
    /// How many messages are kept of all references.
    kept: AtomicUsize,
}

#[derive(Default)]
struct Reference {
    requests: usize,
    posted: usize,
    /// When each is committed, which may be in the future, and what is listed from then on.
    messages: Vec<(SystemTime, Value)>,
}

impl Reference {
    fn seen(&self, now: SystemTime) -> Seen {
        let mut kept: Vec<_> = self.messages.iter().filter(|(at, _)| *at <= now).collect();
        kept.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let kept = kept.into_iter().map(|(_, message)| message.clone()).collect();
        Seen { requests: self.requests, messages: self.posted, kept }
    }
}

impl Shared {
    /// A panic elsewhere leaves the messages as good as they were.
    fn references(&self) -> MutexGuard<'_, HashMap<String, Reference>> {
        self.references.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request; gives how many of its reference came before.
    fn count(&self, is_message: bool, reference: &str) -> usize {
        let mut references = self.references();
        let reference = references.entry(reference.to_owned()).or_default();
        reference.requests += 1;
        reference.posted += usize::from(is_message);
        reference.requests - 1
    }

    /// Has a message committed after a while; gives its id.
    fn keep(&self, reference: &str, template: &str, phone_number: &str, after: Duration) -> String {
        let id = answer::id(self.kept.fetch_add(1, Ordering::Relaxed));
        let at = SystemTime::now() + after;
        let message = answer::message(&id, reference, template, phone_number, at);
        self.references().entry(reference.to_owned()).or_default().messages.push((at, message));
        id
    }

    fn commit(&self, request: &Request, commit: Commit) -> Option<String> {
        let after = commit.filter(|_| request.is_message)?;
        Some(self.keep(&request.reference, &request.template, &request.phone_number, after))
    }
}
