//! The events of a sandbox as server-sent events: what happens, as it happens.
//!
//! Statuses change by themselves as time passes, without an event. So each follower watches the messages on their way,
//! and looks again when the next change is due.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::clock;
use crate::account::mailbox::Index;
use crate::account::message::Message;
use crate::app::App;
use crate::app::events::Event;
use crate::time::Timestamp;

/// How many events are buffered for one follower.
const BUFFERED: usize = 64;

/// How many messages are watched for changes of their status: the newest.
const WATCHED: usize = 1_000;

/// How often a silent connection shows that it is still alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follows the sandbox until the receiver is dropped.
pub(super) fn follow(app: Arc<App>) -> mpsc::Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel(BUFFERED);
    tokio::spawn(async move {
        // An error means that the client has disconnected.
        let _ = Follower { pending: BinaryHeap::new(), app, sender }.run().await;
    });
    receiver
}

/// The client that followed the events has gone.
struct Disconnected;

struct Follower {
    app: Arc<App>,
    sender: mpsc::Sender<Bytes>,
    /// Messages by the time of their next change, the earliest on top.
    pending: BinaryHeap<Reverse<PendingChange>>,
}

/// A message that will change by itself.
struct PendingChange {
    due: Timestamp,
    message: Arc<Message>,
}

impl Follower {
    async fn run(mut self) -> Result<(), Disconnected> {
        let (mut events, mut clock) = (self.app.events.subscribe(), self.app.clock.subscribe());
        self.watch_newest();
        self.send("ready", &json!({})).await?;
        loop {
            self.tell_due().await?;
            let wait = self.pending.peek().and_then(|first| self.app.clock.until(first.0.due));
            let due = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => self.tell(event).await?,
                    Err(RecvError::Lagged(_)) => {
                        self.watch_newest();
                        self.send("missed", &json!({})).await?;
                    }
                    Err(RecvError::Closed) => return Ok(()),
                },
                _ = clock.changed() => {
                    // If the clock is set back, the statuses go back with it.
                    self.watch_newest();
                    self.send("clock", &clock::show(&self.app.clock)).await?;
                }
                () = due => {}
                () = tokio::time::sleep(KEEP_ALIVE) => self.send_text(":\n\n".to_owned()).await?,
                () = self.sender.closed() => return Err(Disconnected),
            }
        }
    }

    async fn tell(&mut self, event: Event) -> Result<(), Disconnected> {
        match event {
            Event::Message(service, message) => {
                let shown = json!({
                    "id": message.id,
                    "service": service,
                    "type": message.message_type(),
                    "status": self.status(&message),
                });
                self.watch(message);
                self.send("message", &shown).await
            }
            Event::StatusSet(message) => self.tell_status(&message).await,
            Event::ReceivedText(id) => self.send("received-text", &json!({ "id": id })).await,
            Event::Faults => self.send("faults", &json!({})).await,
            Event::Refused => self.send("refused", &json!({})).await,
            Event::Callback => self.send("callback", &json!({})).await,
            Event::Services => self.send("services", &json!({})).await,
            Event::Reset => {
                self.pending.clear();
                self.send("reset", &json!({})).await
            }
        }
    }

    /// Reports each watched message whose status has changed by now.
    async fn tell_due(&mut self) -> Result<(), Disconnected> {
        let now = self.app.clock.timestamp();
        while self.pending.peek().is_some_and(|first| first.0.due <= now) {
            let Some(Reverse(PendingChange { message, .. })) = self.pending.pop() else { break };
            if message.status_set().is_none() {
                self.tell_status(&message).await?;
                self.watch(message);
            }
        }
        Ok(())
    }

    async fn tell_status(&self, message: &Message) -> Result<(), Disconnected> {
        self.send("status", &json!({ "id": message.id, "status": self.status(message) })).await
    }

    fn status(&self, message: &Message) -> &'static str {
        message.state(self.app.timing()).status.shown_for(message.message_type())
    }

    fn watch(&mut self, message: Arc<Message>) {
        if let Some(due) = message.next_change(self.app.timing())
            && self.pending.len() < WATCHED
        {
            self.pending.push(Reverse(PendingChange { due, message }));
        }
    }

    /// Watches the newest messages of each service, as of now.
    fn watch_newest(&mut self) {
        self.pending.clear();
        let services: Vec<_> = self.app.services().iter().cloned().collect();
        for service in services {
            let timing = self.app.timing();
            for message in service.mailbox.select(Index::All, None, WATCHED, timing, |_| true) {
                self.watch(message);
            }
        }
    }

    async fn send(&self, name: &str, data: &Value) -> Result<(), Disconnected> {
        self.send_text(format!("event: {name}\ndata: {data}\n\n")).await
    }

    async fn send_text(&self, text: String) -> Result<(), Disconnected> {
        self.sender.send(text.into()).await.map_err(|_| Disconnected)
    }
}

impl PartialEq for PendingChange {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl Eq for PendingChange {}

impl PartialOrd for PendingChange {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PendingChange {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.due.cmp(&other.due)
    }
}
