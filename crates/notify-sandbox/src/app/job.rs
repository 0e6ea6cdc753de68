//! Work to do later: an entry of the [`JobQueue`](super::job_queue::JobQueue).

use std::sync::Arc;

use uuid::Uuid;

use crate::account::message::{Message, Timing};
use crate::account::service::Service;
use crate::callbacks::Callback;
use crate::wire::request::Request;
use crate::world::CallbackKind;

/// Something to do when it is due.
pub(crate) enum Job {
    /// A request whose connection is gone takes effect, as of the time at which it arrived.
    TakeEffect(Box<Request>, Timing),
    /// A message of a service has reached its final status.
    Receipt(Uuid, Arc<Message>),
    /// A callback is posted.
    Callback(Box<Callback>),
}

impl Job {
    /// The delivery receipt of a message, if it gets one and the service wants it.
    pub(crate) fn receipt(service: &Service, message: &Arc<Message>) -> Option<Self> {
        let has_receiver = message.extras().callback.is_some()
            || service.callback_target(CallbackKind::DeliveryStatus).is_some();
        let is_posted = service.posts_receipt(message, message.journey.end());
        (is_posted && has_receiver).then(|| Self::Receipt(service.id, Arc::clone(message)))
    }
}
