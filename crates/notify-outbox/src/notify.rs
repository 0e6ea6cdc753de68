//! The client over `notify-http`. Everything in this crate that uses `notify-api` and `notify-http` is in this file and
//! below it.

mod classify;
mod engine;
mod limits;
mod message;
mod reconcile;
#[cfg(test)]
mod simulation;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use notify_http::{Error, Now, Policy};

use crate::{Claim, Client, Outcome, SendOutcome};
use engine::{Backend, Engine};
use message::Operation;
pub use message::{InvalidMessage, LinkedFile, Message};
use reconcile::OfflineSession;

/// A [`Client`] over `notify-http`, whose payloads are [`Message`]s.
///
/// Clones share all state.
///
/// # Examples
///
/// ```no_run
/// use notify_outbox::NotifyClient;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = NotifyClient::new(notify_http::Client::new(&std::env::var("NOTIFY_API_KEY")?)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NotifyClient(Engine<OverHttp>);

impl NotifyClient {
    /// Sends and looks up with this client. If its base URL does not identify the service, as behind a gateway, name the
    /// service when you build it: absence can be proved only for GOV.UK Notify.
    pub fn new(client: notify_http::Client) -> Self {
        // The reconciler takes both from the client, so that the two cannot differ.
        let session = OfflineSession::new(client.base_url(), client.service());
        Self(Engine::new(OverHttp { client, epoch: Instant::now() }, session))
    }

    /// Sets other bounds for calls. The outbox itself decides how often a call tries, whether it looks messages up, and
    /// how long it may take.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self(self.0.with_policy(policy))
    }

    /// The client below, for other operations and for [replacing the key](notify_http::Client::replace_key).
    pub const fn inner(&self) -> &notify_http::Client {
        &self.0.backend().client
    }
}

impl Client for NotifyClient {
    fn now(&self) -> u64 {
        self.0.now()
    }

    async fn send(&self, claim: Claim, leave_by: u64) -> SendOutcome {
        self.0.send(&claim, leave_by).await
    }

    async fn look_up(&self, claim: Claim, sent_by: u64) -> Outcome {
        self.0.look_up(&claim, sent_by).await
    }
}

/// Carries calls over reqwest, and tells the time by this machine's clocks.
#[derive(Clone, Debug)]
struct OverHttp {
    client: notify_http::Client,
    epoch: Instant,
}

impl Backend for OverHttp {
    fn moment(&self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Now { monotonic: self.epoch.elapsed(), unix };
        engine::at_service(now, self.client.clock_offset_seconds())
    }

    async fn send(&self, operation: Operation, policy: Policy, leave_by: u64) -> Result<String, Error> {
        let client = self.client.policy(policy).leave_by(UNIX_EPOCH + Duration::from_secs(leave_by));
        operation.send(&client).await
    }

    async fn list(&self, operation: &Operation, policy: Policy) -> Option<Response<Bytes>> {
        let raw = self.client.policy(policy).send(operation.list()).await.ok()?.into_parts().1;
        let mut page = Response::new(raw.body().clone());
        *page.status_mut() = raw.status();
        page.headers_mut().clone_from(raw.headers());
        Some(page)
    }
}
