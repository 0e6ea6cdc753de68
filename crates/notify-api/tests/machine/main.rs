//! The call machine in virtual time, against the service's own rules.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a test that cannot unwrap has failed")]

mod clock;
mod network;
mod never_twice;
mod patience;
mod pause;
mod permit;
mod rate_limit;
mod schedule;
mod service;
mod world;

use std::sync::Arc;
use std::time::Duration;

use notify_api::{ApiKey, Now, Session, SessionBuilder};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

/// When every simulation begins, by the service's clock.
const START: Duration = Duration::from_secs(1_795_430_454);

fn session(configure: impl FnOnce(SessionBuilder) -> SessionBuilder) -> Arc<Session> {
    configure(Session::builder(&ApiKey::parse(KEY).unwrap())).build()
}

/// A moment on a machine whose clock is right.
fn now(monotonic: Duration) -> Now {
    Now { monotonic, unix: START + monotonic }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
