//! A fake service, tested only through its sockets: it commits, drops, hangs and lies.
//!
//! It takes text messages and lists them by reference, and does nothing else. Its answers are in [`answer`].

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

/// How long the service takes to commit a message, if it does.
pub type Commit = Option<Duration>;

/// What happens to a request. Lookups commit nothing.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// It gets a proper answer.
    None,
    /// The connection is closed without an answer.
    Disconnect(Commit),
    /// The connection is reset.
    Reset,
    /// The connection is closed in the middle of the answer.
    Truncate(Commit),
    /// There is no answer, and the connection stays open.
    Hang(Commit),
    /// The answer has this status, in the service's own words.
    Status(u16, Commit),
    /// It is refused because of the rate limit.
    Throttled,
    /// It is refused because of the token's time, with a date that is off by this many seconds.
    WrongTime(i64),
    /// It is answered with success, but with this body.
    Nonsense(&'static str),
}

/// What a test can choose a fault by.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whether it is a message; otherwise it is a lookup.
    pub is_message: bool,
    /// The reference of the message or lookup, if any.
    pub reference: String,
    /// How many requests with this reference came before.
    pub number: usize,
    phone_number: String,
    template: String,
}

/// What the service saw of a reference.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// How many requests came.
    pub requests: usize,
    /// How many of them were messages.
    pub messages: usize,
    /// The messages that are listed, newest first.
    pub kept: Vec<Value>,
}

/// The service, on its own loopback port. It stops when dropped.
pub struct FakeService {
    server: Server,
    shared: Arc<Shared>,
}

impl FakeService {
    /// Starts a service that chooses a fault for each request.
    ///
    /// # Errors
    ///
    /// If no loopback port is free.
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

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Stores a message with this template to this number, as if it had been sent.
    pub fn keep(&self, reference: &str, template: &str, phone_number: &str) {
        self.shared.keep(reference, template, phone_number, Duration::ZERO);
    }

    /// What the service has seen of a reference so far.
    pub fn seen(&self, reference: &str) -> Seen {
        let references = self.shared.references();
        references.get(reference).map(|reference| reference.seen(SystemTime::now())).unwrap_or_default()
    }

    /// How long until everything is committed that ever will be.
    pub fn all_committed_in(&self) -> Duration {
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
    /// How many messages are stored, over all references.
    kept: AtomicUsize,
}

#[derive(Default)]
struct Reference {
    requests: usize,
    posted: usize,
    /// When each message is committed, possibly in the future, and what is listed from then on.
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
    /// A panic in another thread leaves the messages intact.
    fn references(&self) -> MutexGuard<'_, HashMap<String, Reference>> {
        self.references.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request; returns how many with its reference came before.
    fn count(&self, is_message: bool, reference: &str) -> usize {
        let mut references = self.references();
        let reference = references.entry(reference.to_owned()).or_default();
        reference.requests += 1;
        reference.posted += usize::from(is_message);
        reference.requests - 1
    }

    /// Commits a message after a while; returns its id.
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
