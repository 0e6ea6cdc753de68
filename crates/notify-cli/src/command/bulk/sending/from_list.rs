//! The client that reads the messages from the list.

use std::sync::Arc;

use notify_outbox::{Claim, Client, NotifyClient, Outcome, SendOutcome};

use super::{StopReason, Stopper};
use crate::command::bulk::List;
use crate::command::bulk::journal::{Hasher, Tag};

/// Adds to each claim the message of its row.
#[derive(Clone)]
pub(super) struct FromList {
    client: NotifyClient,
    list: Arc<List>,
    hasher: Hasher,
    stopper: Stopper,
}

impl FromList {
    pub(super) fn new(client: NotifyClient, list: Arc<List>, hasher: Hasher, stopper: Stopper) -> Self {
        Self { client, list, hasher, stopper }
    }

    /// The claim with its message. If the row has changed, nothing more must be sent.
    fn filled(&self, claim: Claim) -> Option<Claim> {
        match self.payload(&claim.tag) {
            Ok(payload) => Some(Claim { payload: Some(payload), ..claim }),
            Err(problem) => {
                self.stopper.stop(StopReason::ListChanged(problem));
                None
            }
        }
    }

    fn payload(&self, tag: &[u8]) -> Result<Vec<u8>, String> {
        let tag = Tag::from_bytes(tag).ok_or("the journal is not of this program's making")?;
        let cells = usize::try_from(tag.cells).map_err(|error| error.to_string())?;
        let cells = self.list.table.cells_at(tag.at, cells);
        let cells = cells.map_err(|error| format!("line {} cannot be read: {error}", tag.line))?;
        if self.hasher.hash(tag.line, &cells) != tag.hash {
            return Err(format!("line {} is not what it was", tag.line));
        }
        Ok(self.list.checker.message(&cells).to_json())
    }
}

impl Client for FromList {
    fn now(&self) -> u64 {
        self.client.now()
    }

    async fn send(&self, claim: Claim, leave_by: u64) -> SendOutcome {
        match self.filled(claim) {
            Some(claim) => self.client.send(claim, leave_by).await,
            None => SendOutcome::alone(Outcome::NotSent { not_before: 0 }),
        }
    }

    async fn look_up(&self, claim: Claim, sent_by: u64) -> Outcome {
        match self.filled(claim) {
            Some(claim) => self.client.look_up(claim, sent_by).await,
            None => Outcome::StillInDoubt { look_at: self.now() },
        }
    }
}
