//! Runs the jobs in the queue, each when it is due.

use std::sync::Arc;

use crate::api::dispatch::Api;
use crate::app::events::Event;
use crate::app::job::Job;
use crate::callbacks::Callback;

/// Runs jobs for as long as the sandbox runs: each when it is due, or as soon as somebody moves the clock past that time.
pub(crate) async fn work(api: Arc<Api>) {
    let app = &api.app;
    let (mut clock, mut jobs) = (app.clock.subscribe(), app.jobs.subscribe());
    loop {
        while let Some(job) = app.jobs.take_due(app.clock.timestamp()) {
            let under_way = RunningJob(Arc::clone(&api));
            tokio::spawn(async move { run(job, &under_way.0).await });
        }
        let wait = app.jobs.next_due().and_then(|due| app.clock.until(due));
        let time = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = clock.changed() => {}
            _ = jobs.changed() => {}
            () = time => {}
        }
    }
}

/// A job that counts as done once this is dropped, whether it succeeded or not.
struct RunningJob(Arc<Api>);

impl Drop for RunningJob {
    fn drop(&mut self) {
        self.0.app.jobs.done();
    }
}

async fn run(job: Job, api: &Api) {
    let app = &api.app;
    match job {
        Job::TakeEffect(request, timing) => drop(api.answer_at(&request, timing)),
        Job::Receipt(service, message) => {
            // A status that a test has set was reported when it was set.
            if message.status_set().is_none() {
                let service = app.services().get(service).cloned();
                let state = message.state(app.timing());
                let callback = service
                    .and_then(|service| Callback::receipt(app.callbacks.dialect, &service, &message, state));
                if let Some(callback) = callback {
                    post(callback, api).await;
                }
            }
        }
        Job::Callback(callback) => post(*callback, api).await,
    }
}

/// Posts a callback, and schedules a retry if it needs one.
async fn post(callback: Callback, api: &Api) {
    let app = &api.app;
    let again = callback.post(&app.clock, &app.callbacks).await;
    app.events.publish(|| Event::Callback);
    if let Some((due, callback)) = again {
        app.jobs.add(due, Job::Callback(Box::new(callback)));
    }
}
