//! What a run shows to monitoring: `/metrics` for Prometheus, and `/health`.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use notify_outbox::{Activity, Counts, Maintenance as _, Store as _, StoreError};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::Tally;
use crate::command::outbox::now;
use crate::command::outbox::store::AnyStore;
use crate::exit::CommandError;

/// How many requests are served at once.
const CONNECTIONS: usize = 16;
/// How long the store may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Monitor {
    store: AnyStore,
    tally: Arc<Tally>,
}

pub(super) struct Metrics {
    listener: TcpListener,
    address: SocketAddr,
    monitor: Monitor,
}

impl Metrics {
    pub(super) async fn bind(
        address: SocketAddr,
        store: AnyStore,
        tally: Arc<Tally>,
    ) -> Result<Self, CommandError> {
        let bound =
            TcpListener::bind(address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let bound = bound.with_context(|| format!("metrics cannot be served at {address}"));
        let (address, listener) = bound.map_err(CommandError::setup)?;
        Ok(Self { listener, address, monitor: Monitor { store, tally } })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers as long as the program runs.
    pub(super) async fn serve(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let Ok((stream, _)) = self.listener.accept().await else {
                // For example too many open files. Later there may be fewer.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let monitor = self.monitor.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| answer(&monitor, request));
                // A client that hangs up needs no answer.
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                drop(place);
            });
        }
    }
}

async fn answer(monitor: &Monitor, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (status, text) = match request.uri().path() {
        _ if !is_read => (StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned()),
        "/metrics" => (StatusCode::OK, monitor.metrics().await),
        "/health" => monitor.health().await,
        _ => (StatusCode::NOT_FOUND, "/metrics and /health are here\n".to_owned()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let kind = hyper::header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
    Ok(response)
}

impl Monitor {
    /// The activity of the store, if it answers in time.
    async fn look(&self) -> Result<(Counts, Activity), StoreError> {
        let look = async { Ok((self.store.counts(now()).await?, self.store.activity().await?)) };
        let late = |_| Err(StoreError::unavailable("the store does not answer"));
        tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(late)
    }

    async fn health(&self) -> (StatusCode, String) {
        let problem = match self.look().await {
            Err(error) => Some(error.to_string()),
            Ok(_) => self.tally.obstacle(),
        };
        match problem {
            Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{problem}\n")),
            None => (StatusCode::OK, "ok\n".to_owned()),
        }
    }

    async fn metrics(&self) -> String {
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, values: &[(&str, u64)]| {
            let _ = writeln!(text, "# HELP notify_outbox_{name} {help}\n# TYPE notify_outbox_{name} {kind}");
            for (label, value) in values {
                let _ = writeln!(text, "notify_outbox_{name}{label} {value}");
            }
        };
        let looked = self.look().await;
        metric("up", "gauge", "Whether the store answers.", &[("", u64::from(looked.is_ok()))]);
        let is_blocked = u64::from(self.tally.obstacle().is_some());
        metric(
            "blocked",
            "gauge",
            "Whether something stands in the way of every message.",
            &[("", is_blocked)],
        );
        if let Ok((counts, activity)) = looked {
            metric(
                "messages",
                "gauge",
                "Messages in the store, by state.",
                &[
                    ("{state=\"ready\"}", counts.ready),
                    ("{state=\"postponed\"}", counts.postponed),
                    ("{state=\"in_flight\"}", counts.in_flight),
                    ("{state=\"in_doubt\"}", counts.in_doubt),
                    ("{state=\"for_person\"}", counts.for_person),
                    ("{state=\"sent\"}", counts.sent),
                    ("{state=\"failed\"}", counts.failed),
                ],
            );
            let oldest = activity.oldest.unwrap_or_default().as_secs();
            metric(
                "oldest_age_seconds",
                "gauge",
                "Age of the oldest message that is not finished.",
                &[("", oldest)],
            );
        }
        let tally = &self.tally;
        for (name, help, counter) in [
            ("sent_total", "Messages that this worker knows as sent.", &tally.sent),
            ("found_total", "Of these, those that were in doubt and found by a lookup.", &tally.found),
            ("failed_total", "Messages that the service refused.", &tally.failed),
            ("postponed_total", "Messages that went back, to be sent later.", &tally.postponed),
            ("absent_total", "Messages in doubt that were proved not to have been taken.", &tally.absent),
            ("for_person_total", "Messages that became a person's to decide.", &tally.for_person),
            ("without_effect_total", "Results that came after the claim was over.", &tally.without_effect),
            (
                "store_failures_total",
                "Times that the store could not do what it was asked.",
                &tally.store_failures,
            ),
        ] {
            metric(name, "counter", help, &[("", counter.get())]);
        }
        text
    }
}
