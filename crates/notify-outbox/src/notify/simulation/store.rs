//! A store that cannot always be reached, and then may or may not have done what it was asked.

use super::world::{Faults, Process, World};
use crate::{ClaimRequest, Counts, Decision, Exchanged, Intent, Put, Report, Store, StoreError, Undecided};

#[derive(Clone)]
pub(super) struct ShakyStore<S> {
    store: S,
    world: World,
    process: Process,
    faults: Faults,
}

impl<S> ShakyStore<S> {
    pub(super) fn new(store: S, world: World, process: Process, faults: Faults) -> Self {
        Self { store, world, process, faults }
    }
}

impl<S: Store> Store for ShakyStore<S> {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        self.store.put(intents).await
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        self.process.runs().await;
        tokio::time::sleep(self.world.seconds(0.0, 0.02)).await;
        if self.world.happens(self.faults.store) {
            return Err(StoreError::unavailable("no connection"));
        }
        let exchanged = self.store.exchange(reports, want).await?;
        // Here a worker dies, or is stopped, whose commit holds.
        tokio::time::sleep(self.world.seconds(0.0, 0.02)).await;
        self.process.runs().await;
        if self.world.happens(self.faults.store) {
            return Err(StoreError::unavailable("the connection was lost"));
        }
        Ok(exchanged)
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        self.store.counts(now).await
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        self.store.undecided(limit).await
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        self.store.decide(reference, decision).await
    }
}
