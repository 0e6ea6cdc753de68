//! How many callbacks are under way at once: a bound for each receiver, so that one that never answers does not hold up
//! the others, and a bound for all of them, so that connections are left for requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// Well below the descriptors that a process usually has, which is 1,024 or, on some systems, 256.
const MAX: usize = 128;

/// Few enough for several slow receivers beside a quick one.
const MAX_PER_RECEIVER: usize = 32;

/// Grants permission to post.
pub(super) struct ConcurrencyLimits {
    all: Arc<Semaphore>,
    /// By host and port. A receiver that nothing is posted to is forgotten.
    receivers: Mutex<HashMap<String, Weak<Semaphore>>>,
}

/// Permission to post one callback, for as long as this lives.
pub(super) struct PostPermit {
    _of_all: Option<OwnedSemaphorePermit>,
    _of_receiver: Option<OwnedSemaphorePermit>,
    /// Kept, so that those who wait after this one find it.
    _receiver: Arc<Semaphore>,
}

impl ConcurrencyLimits {
    pub(super) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(MAX)), receivers: Mutex::default() }
    }

    /// Waits until another callback may go to the receiver at a URL, in order of arrival.
    pub(super) async fn acquire(&self, url: &Url) -> PostPermit {
        let receiver = self.receiver(url);
        // The semaphores are never closed, so each wait ends with a permit.
        let of_receiver = Arc::clone(&receiver).acquire_owned().await.ok();
        let of_all = Arc::clone(&self.all).acquire_owned().await.ok();
        PostPermit { _of_all: of_all, _of_receiver: of_receiver, _receiver: receiver }
    }

    fn receiver(&self, url: &Url) -> Arc<Semaphore> {
        let name =
            format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0));
        let mut receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = receivers.get(&name).and_then(Weak::upgrade) {
            return known;
        }
        receivers.retain(|_, receiver| receiver.strong_count() > 0);
        let new = Arc::new(Semaphore::new(MAX_PER_RECEIVER));
        receivers.insert(name, Arc::downgrade(&new));
        new
    }
}
