//! Who runs the errands on the agenda, each at its time.

use std::sync::Arc;

use crate::api::dispatch;
use crate::app::App;
use crate::app::job::Errand;
use crate::callbacks::{Callback, body};
use crate::world::CallbackKind;

/// Does what is due, as long as the sandbox runs: at its time, or as soon as somebody moves the clock past it.
pub(crate) async fn work(app: Arc<App>) {
    let (mut clock, mut agenda) = (app.clock.follow(), app.agenda.follow());
    loop {
        while let Some(errand) = app.agenda.take_due(app.clock.timestamp()) {
            let under_way = UnderWay(Arc::clone(&app));
            tokio::spawn(async move { run(errand, &under_way.0).await });
        }
        let wait = app.agenda.next_due().and_then(|due| app.clock.until(due));
        let time = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = clock.changed() => {}
            _ = agenda.changed() => {}
            () = time => {}
        }
    }
}

/// An errand that is done when this is dropped, whatever became of it.
struct UnderWay(Arc<App>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.agenda.done();
    }
}

async fn run(errand: Errand, app: &App) {
    match errand {
        Errand::TakeEffect(request, moment) => drop(dispatch::answer_at(app, &request, moment)),
        Errand::Receipt(service, message) => {
            // Whoever set a state has been told of that one.
            if message.is_on_its_way_by_itself() {
                let service = app.services().get(service).cloned();
                let receipt = || body::delivery_status(&message, message.state(app.moment()));
                let callback =
                    service.and_then(|service| Callback::of(&service, CallbackKind::DeliveryStatus, receipt));
                if let Some(callback) = callback {
                    post(callback, app).await;
                }
            }
        }
        Errand::Callback(callback) => post(*callback, app).await,
    }
}

/// Posts a callback, and sees to it that it is tried again if need be.
async fn post(callback: Callback, app: &App) {
    if let Some((due, callback)) = callback.post(&app.clock, &app.callbacks).await {
        app.agenda.add(due, Errand::Callback(Box::new(callback)));
    }
}
