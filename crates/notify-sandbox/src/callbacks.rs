//! Callbacks: what the service tells a program of its user, without being asked.
//!
//! A callback is posted with a bearer token. Who does not answer within [`TIMEOUT`], or with 5xx or 429, is told again
//! after [`RETRY_AFTER`], by the sandbox's clock, up to [`RETRIES`] times; any other answer is final.

pub(crate) mod body;
mod post;
mod record;

use std::sync::Arc;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use crate::app::App;
use crate::errand::Errand;
use crate::service::Service;

pub use record::{CallbackOutcome, CallbackRecord};
pub(crate) use record::{CallbackSink, Callbacks};

/// How long an answer may take, in real time.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);

/// How long after a failure the next attempt comes, by the sandbox's clock.
const RETRY_AFTER: Duration = Duration::from_secs(300);

/// How many attempts may follow the first.
const RETRIES: u32 = 5;

/// What a callback tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallbackKind {
    /// A text message or an e-mail has been delivered, or has failed.
    DeliveryStatus,
    /// Somebody has sent the service a text message.
    InboundSms,
    /// A letter came back.
    ReturnedLetter,
    /// Somebody has marked an e-mail as spam.
    Complaint,
}

impl CallbackKind {
    /// The name of the kind, as in a world file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeliveryStatus => "delivery_status",
            Self::InboundSms => "inbound_sms",
            Self::ReturnedLetter => "returned_letter",
            Self::Complaint => "complaint",
        }
    }
}

/// Where callbacks of a kind go.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) url: Arc<Url>,
    pub(crate) bearer_token: Arc<str>,
}

/// One callback, to be posted.
pub(crate) struct Callback {
    service: Uuid,
    kind: CallbackKind,
    target: Target,
    body: String,
    /// Counted from 1.
    attempt: u32,
}

impl Callback {
    /// A callback of a service, if it wants this kind.
    pub(crate) fn to(service: &Service, kind: CallbackKind, body: String) -> Option<Self> {
        let target = service.callback(kind)?.clone();
        Some(Self { service: service.id, kind, target, body, attempt: 1 })
    }

    /// Posts it, and sees to it that it is tried again if need be.
    pub(crate) async fn run(mut self, app: &App) {
        if !app.callbacks.are_sent() {
            return;
        }
        let at = app.clock.now();
        let outcome = post::post(&self.target, &self.body).await;
        let again = outcome.is_worth_a_retry() && self.attempt <= RETRIES;
        let due = again.then(|| app.clock.timestamp() + RETRY_AFTER);
        app.callbacks.keep(CallbackRecord {
            service: self.service.to_string(),
            kind: self.kind,
            url: self.target.url.to_string(),
            body: self.body.clone(),
            attempt: self.attempt,
            at,
            outcome,
            next_attempt_at: due.map(Into::into),
        });
        if let Some(due) = due {
            self.attempt += 1;
            app.agenda.add(due, Errand::Callback(Box::new(self)));
        }
    }
}
