//! What is done later: an entry of the [`Agenda`](super::job_queue::Agenda).

use std::sync::Arc;

use uuid::Uuid;

use crate::account::message::{Message, Moment};
use crate::account::service::Service;
use crate::callbacks::Callback;
use crate::wire::request::Request;
use crate::world::CallbackKind;

/// Something to do at its time.
pub(crate) enum Errand {
    /// A request takes effect whose connection is gone; it counts as of the moment when it came.
    TakeEffect(Box<Request>, Moment),
    /// A message of a service has come to the end of its way.
    Receipt(Uuid, Arc<Message>),
    /// Somebody is told something.
    Callback(Box<Callback>),
}

impl Errand {
    /// The receipt for a message, if it gets one and somebody wants it.
    pub(crate) fn receipt(service: &Service, message: &Arc<Message>) -> Option<Self> {
        let wanted =
            message.gets_receipt() && service.callback_target(CallbackKind::DeliveryStatus).is_some();
        wanted.then(|| Self::Receipt(service.id, Arc::clone(message)))
    }
}
