//! Retention.

use std::time::Duration;

use notify_outbox::{Maintenance, StoreError};

use super::say;

/// How often to look.
const PERIOD: Duration = Duration::from_secs(600);

/// Forgets and erases what is old enough, from time to time.
pub(super) async fn regularly(
    store: impl Maintenance,
    forget_after: Option<Duration>,
    erase_after: Option<Duration>,
) {
    if forget_after.is_none() && erase_after.is_none() {
        return;
    }
    loop {
        if let Err(error) = once(&store, forget_after, erase_after).await {
            say(&format!("what is old could not be erased, and will be later: {error}"));
        }
        tokio::time::sleep(PERIOD).await;
    }
}

async fn once(
    store: &impl Maintenance,
    forget_after: Option<Duration>,
    erase_after: Option<Duration>,
) -> Result<(), StoreError> {
    // In portions, so that nobody waits long.
    if let Some(time) = erase_after {
        while store.erase_payloads(time).await? > 0 {}
    }
    if let Some(time) = forget_after {
        while store.forget_finished(time).await? > 0 {}
    }
    Ok(())
}
