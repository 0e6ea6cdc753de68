//! Tests the client, async and blocking, with the recordings: a plain TCP server answers with the recorded response.
//!
//! If our client can express the recorded request, it must send just that: method, path and query, body as JSON values,
//! and a token with the recorded claims, made for now. For a request that it cannot express (a missing field, a broken
//! body), a stand-in of the same operation is sent. Either way nothing of the recorded response may be lost: the typed
//! value holds everything in the JSON, and a typed error has the status, the trace id, every reason, and the body to the
//! byte. Of the recordings with made-up inputs, only the answers are compared. Each service is tested with a client made
//! for it.

mod answer;
mod operation;
mod request;
mod siblings;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use notify_conformance::coverage::Suite;
use notify_http::{Client, Error, KeyParts, Policy, Service, blocking};
use notify_testkit::http1::ScriptedServer;
use notify_testkit::wire::{Exchange, RecordedKey, Recording};
use serde_json::Value;

use operation::{Operation, Translation};

/// Exchanges that belong to no operation of the API, and so to no client: requests with `HEAD`, an interim response, the
/// health check. `api/callbacks.rs` tests callbacks.
const NOT_FOR_A_CLIENT: [&str; 4] = ["auth/ok-head", "pdf/ok-head", "http/expect-100-continue", "ok/status"];

/// Requests that the service accepted and our client cannot express, with the reason.
const INEXPRESSIBLE: [(&str, &str); 23] = [
    ("bad/email-sanitise-null", "null where nothing says the same"),
    ("bad/email-sanitise-null-with-personalisation", "null where nothing says the same"),
    ("bad/file-bad-base64", "not base64"),
    ("bad/json-bom", "a byte order mark"),
    ("bad/json-nan-value", "not JSON"),
    ("bad/json-utf16", "not UTF-8"),
    ("bad/letter-address-null-lines", "null where nothing says the same"),
    ("bad/letter-precompiled-empty-content", "no PDF, which our client refuses at once"),
    ("bad/preview-json-null", "null where an empty personalisation says the same"),
    ("http/body-10MB", "recorded in part"),
    ("http/double-slash-path-is-merged", "a path of another spelling"),
    ("http/ssl-path-with-query-on-post", "a query that means nothing"),
    ("limits/rate-preview-is-not-limited", "no personalisation where an empty one says the same"),
    ("official-client/get-all-filters", "`True` where `true` says the same"),
    ("official-client/send-email-file", "null where nothing says the same"),
    ("ok/email-live-key-all-fields", "an empty personalisation, which our client leaves out"),
    ("ok/email-with-file-nulls", "null where nothing says the same"),
    ("ok/get-by-id-uppercase", "an id of another spelling"),
    ("ok/letter-precompiled-content-not-pdf", "no PDF, which our client refuses at once"),
    ("ok/list-repeated-reference-first-wins", "a filter that the service ignores"),
    ("ok/list-with-jobs-True", "`True` where `true` says the same"),
    ("ok/preview-extra-top-level-field", "a field that the service ignores"),
    ("ok/sms-template-id-uppercase", "an id of another spelling"),
];

/// Stands for a field where the service does not offer the operation, or a part of it.
const NOT_OFFERED: &str = "not offered";

/// Requests that the service refused and our client does not even send, with the field that it names.
const REFUSED_AT_ONCE: [(&str, &str); 9] = [
    ("bad/500-daily", "reference"),
    ("bad/email-sanitise-number-value", "name"),
    ("bad/email-unsubscribe-http", "one_click_unsubscribe_url"),
    ("bad/file-bad-retention", "link_to_file"),
    ("bad/file-filename-no-extension", "link_to_file"),
    ("bad/file-refused-by-document-download", "link_to_file"),
    ("bad/letter-precompiled-postage-europe", "postage"),
    ("bad/reference-nul-character", "reference"),
    ("bad/sms-reference-1001", "reference"),
];

/// A recording, and the service that it is of.
struct Recorded {
    service: Service,
    recording: Recording,
    /// Whether its inputs were made up, so that only the answers are compared.
    is_generated: bool,
}

impl Recorded {
    fn all() -> Result<Vec<Arc<Self>>> {
        let (uk, au, gc) = (Service::gov_uk(), Service::notify_gov_au(), Service::gc_notify());
        let recordings = [
            (uk, Recording::gov_uk()?, false),
            (uk, Recording::generated()?, true),
            (au, Recording::au()?, false),
            (au, Recording::au_generated()?, true),
            (gc, Recording::gc()?, false),
            (gc, Recording::gc_generated()?, true),
            (Service::va_notify(), Recording::va()?, false),
        ];
        let recorded =
            |(service, recording, is_generated)| Arc::new(Self { service, recording, is_generated });
        Ok(recordings.into_iter().map(recorded).collect())
    }

    /// The exchanges of a client's operations.
    fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        let is_sibling = self.service != Service::gov_uk();
        self.recording.exchanges.iter().filter(move |exchange| {
            let is_operation = !NOT_FOR_A_CLIENT.contains(&exchange.name.as_str());
            exchange.response.is_some()
                && is_operation
                && !(is_sibling && siblings::is_not_for_a_client(exchange))
                // No client would write some of the made-up inputs, but any client has to read the answers.
                && (!self.is_generated || self.is_supported(exchange))
        })
    }

    fn is_supported(&self, exchange: &Exchange) -> bool {
        exchange.request.method != "HEAD" && operation::is_supported(self.service, exchange)
    }

    fn check(&self, exchange: &Exchange) -> Result<()> {
        let check = if self.is_generated { Self::check_answer } else { Self::check_exchange };
        check(self, send_async, exchange).context("async")?;
        check(self, send_blocking, exchange).context("blocking")
    }
}

fn main() -> Result<ExitCode> {
    let recorded = Recorded::all()?;
    let mut suite = Suite::new("client", recorded.iter().flat_map(|recorded| recorded.exchanges()))?;
    for recorded in &recorded {
        for exchange in recorded.exchanges().filter(|exchange| recorded.is_supported(exchange)) {
            let (recorded, exchange) = (Arc::clone(recorded), exchange.clone());
            let name = exchange.name.clone();
            suite.exchange(&name, move || recorded.check(&exchange));
        }
    }
    Ok(suite.run())
}

/// A server that answers as recorded.
fn answering(exchange: &Exchange) -> Result<ScriptedServer> {
    let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
    let bytes = recorded.to_raw()?.to_bytes();
    Ok(ScriptedServer::start(move |_| bytes.clone())?)
}

/// Sends an operation to the server at this URL, once, with a client of this service.
type Send =
    fn(service: Service, key: &RecordedKey, url: &str, operation: Operation) -> Result<Result<Value, Error>>;

fn send_async(
    service: Service,
    key: &RecordedKey,
    url: &str,
    operation: Operation,
) -> Result<Result<Value, Error>> {
    let builder = match parts(service, key) {
        Some(parts) => Client::builder(parts),
        None => Client::builder(key.text()),
    };
    let client = builder.service(service).base_url(url).policy(Policy::default().attempts(1)).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(operation.send(&client)))
}

fn send_blocking(
    service: Service,
    key: &RecordedKey,
    url: &str,
    operation: Operation,
) -> Result<Result<Value, Error>> {
    let builder = match parts(service, key) {
        Some(parts) => blocking::Client::builder(parts),
        None => blocking::Client::builder(key.text()),
    };
    let client = builder.service(service).base_url(url).policy(Policy::default().attempts(1)).build()?;
    Ok(operation.send_blocking(&client))
}

/// The service id and the secret, if the service issues them separately.
fn parts(service: Service, key: &RecordedKey) -> Option<KeyParts<'_>> {
    let RecordedKey { service: service_id, secret, .. } = key;
    (service == Service::va_notify()).then_some(KeyParts { service_id, secret })
}

impl Recorded {
    /// Compares only the answer, whatever the request.
    fn check_answer(&self, send: Send, exchange: &Exchange) -> Result<()> {
        let server = answering(exchange)?;
        let key = self.recording.world.keys().next().context("a world has keys")?;
        let outcome = send(self.service, key, &server.url(), operation::stand_in(self.service, exchange)?)?;
        self.compare(exchange, outcome)
    }

    /// Compares the request as well, if the client can express it.
    fn check_exchange(&self, send: Send, exchange: &Exchange) -> Result<()> {
        let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
        let server = answering(exchange)?;
        let key = request::key(&self.recording, exchange)?;

        let (exact, refused) = match operation::translate(self.service, exchange) {
            Translation::Exact(operation) => (Some(operation), None),
            Translation::Refused(reason) => (None, Some(reason.field().unwrap_or_default().to_owned())),
            Translation::NotOffered => (None, Some(NOT_OFFERED.to_owned())),
            Translation::Inexpressible => (None, None),
        };
        let is_expressible = exact.is_some();
        let (inexpressible, refused_at_once) = (self.inexpressible(), self.refused_at_once());
        if recorded.status < 300 {
            let listed = inexpressible.iter().any(|(name, _)| *name == exchange.name);
            ensure!(
                is_expressible != listed,
                "our client {} express this: see INEXPRESSIBLE",
                if is_expressible { "can" } else { "cannot" }
            );
        }
        if recorded.status >= 400 {
            let listed =
                refused_at_once.iter().find(|(name, _)| *name == exchange.name).map(|(_, field)| *field);
            ensure!(
                refused.as_deref() == listed,
                "our client refuses {refused:?} itself: see REFUSED_AT_ONCE"
            );
        }
        let operation = exact.map_or_else(|| operation::stand_in(self.service, exchange), Ok)?;
        let outcome = send(self.service, key, &server.url(), operation)?;
        let requests = server.requests();
        let request = requests.first().context("the client sent nothing")?;
        request::compare_token(key, request)?;
        if is_expressible {
            request::compare(exchange, request)?;
        }
        self.compare(exchange, outcome)
    }

    fn inexpressible(&self) -> &'static [(&'static str, &'static str)] {
        if self.service == Service::gov_uk() { &INEXPRESSIBLE } else { siblings::INEXPRESSIBLE }
    }

    fn refused_at_once(&self) -> &'static [(&'static str, &'static str)] {
        if self.service == Service::gov_uk() { &REFUSED_AT_ONCE } else { siblings::REFUSED_AT_ONCE }
    }

    /// Compares what the client made of an answer with the answer.
    fn compare(&self, exchange: &Exchange, outcome: Result<Value, Error>) -> Result<()> {
        let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
        match outcome {
            Ok(value) if self.service == Service::gov_uk() => answer::compare_value(recorded, &value),
            Ok(value) => {
                let sends = exchange.request.method == "POST";
                answer::compare_value_of_sibling(recorded, sends, &value)
            }
            Err(error) => answer::compare_error(recorded, &recorded.to_raw()?, &error),
        }
    }
}
