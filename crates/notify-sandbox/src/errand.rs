//! What is done later: see [`crate::agenda`].

use std::sync::Arc;

use uuid::Uuid;

use crate::app::{App, Request};
use crate::callbacks::{Callback, body};
use crate::message::{Message, Moment};
use crate::service::Service;
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
        let wanted = message.gets_receipt() && service.wants(CallbackKind::DeliveryStatus);
        wanted.then(|| Self::Receipt(service.id, Arc::clone(message)))
    }

    pub(crate) async fn run(self, app: &App) {
        match self {
            Self::TakeEffect(request, moment) => drop(app.answer_at(&request, moment)),
            Self::Receipt(service, message) => {
                // Whoever set a state has been told of that one.
                if message.is_on_its_way_by_itself() {
                    let service = app.services().get(service).cloned();
                    let receipt = || body::delivery_status(&message, message.state(app.moment()));
                    let callback =
                        service.and_then(|service| service.callback(CallbackKind::DeliveryStatus, receipt));
                    if let Some(callback) = callback {
                        post(callback, app).await;
                    }
                }
            }
            Self::Callback(callback) => post(*callback, app).await,
        }
    }
}

/// Posts a callback, now and perhaps again.
async fn post(callback: Callback, app: &App) {
    if let Some((due, callback)) = callback.post(&app.clock, &app.callbacks).await {
        app.agenda.add(due, Errand::Callback(Box::new(callback)));
    }
}
