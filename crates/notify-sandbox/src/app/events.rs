//! What happens in a sandbox, reported to all followers.

use std::sync::Arc;

use tokio::sync::broadcast;
use uuid::Uuid;

use crate::account::message::Message;

/// How many events wait for a slow follower. One that falls further behind learns that it missed some.
const WAITING: usize = 256;

/// Something that happened.
#[derive(Clone)]
pub(crate) enum Event {
    /// A service has accepted a message.
    Message(Uuid, Arc<Message>),
    /// A test has set the status of a message.
    StatusSet(Arc<Message>),
    /// A service has received a text, of this id.
    ReceivedText(Uuid),
    /// Faults were injected, used or removed.
    Faults,
    /// A request was refused.
    Refused,
    /// An attempt to post a callback has ended.
    Callback,
    /// Services, keys, templates or where callbacks go have changed.
    Services,
    /// Everything is as it was at the start.
    Reset,
}

/// The events of a sandbox. While nobody follows them, they cost nothing.
pub(crate) struct Events(broadcast::Sender<Event>);

impl Events {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(WAITING))
    }

    pub(crate) fn publish(&self, event: impl FnOnce() -> Event) {
        if self.0.receiver_count() > 0 {
            // The last follower may leave at this very moment.
            let _ = self.0.send(event());
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
