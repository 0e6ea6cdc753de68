//! What a worker tells of messages in doubt.

use std::sync::{Arc, Mutex};

use notify_outbox::{Claim, Client, MemoryStore, Outcome, SendOutcome, Worker};
use tokio::time::Instant;

use crate::{NOW, put, sent};

/// A client whose answer is lost, and whose first lookup cannot tell.
#[derive(Clone)]
struct Lost {
    began: Instant,
    lookups: Arc<Mutex<u32>>,
}

impl Client for Lost {
    fn now(&self) -> u64 {
        NOW + self.began.elapsed().as_secs()
    }

    async fn send(&self, _: Claim, _: u64) -> SendOutcome {
        SendOutcome::alone(Outcome::InDoubt)
    }

    async fn look_up(&self, _: Claim, _: u64) -> Outcome {
        let mut lookups = self.lookups.lock().unwrap();
        *lookups += 1;
        if *lookups == 1 { Outcome::StillInDoubt { look_at: self.now() + 1 } } else { sent("id") }
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_tells_new_doubt_from_a_lookup_that_cannot_tell() {
    let store = MemoryStore::new();
    put(&store, "r").await;
    let events = Arc::<Mutex<Vec<String>>>::default();
    let told = Arc::clone(&events);
    let client = Lost { began: Instant::now(), lookups: Arc::default() };
    let worker = Worker::new(store, client);
    let worker = worker.on_event(move |event| told.lock().unwrap().push(format!("{event:?}")));
    worker.run_until_empty().await.unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [
            "InDoubt { is_new: true, .. }",
            "InDoubt { is_new: false, .. }",
            r#"Sent { id: "id", was_found: true, .. }"#
        ]
    );
}
