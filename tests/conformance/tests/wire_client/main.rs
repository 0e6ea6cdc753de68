//! The client, async and blocking, held to the recordings: a plain TCP server answers with the recorded response.
//!
//! Where our client can say what was recorded, its request must be the recorded one: method, path and query, body as
//! JSON values, and a token with the recorded claims, made for now. What it cannot say (a missing field, a broken
//! body) is asked by a stand-in of the same operation. Either way the recorded response must come out whole: the
//! typed value says all that the JSON says, and a typed error has its status, its trace id, every reason it gave, and
//! its body to the byte. Of the recordings with made-up inputs the answers alone are judged. So it is for each of the
//! services, whose client is made for it.

mod answer;
mod asked;
mod request;
mod siblings;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use notify_conformance::claims::Suite;
use notify_http::{Client, Error, KeyParts, Policy, Service, blocking};
use notify_testkit::http1::ScriptedServer;
use notify_testkit::wire::{Exchange, RecordedKey, Recording};
use serde_json::Value;

use asked::{Asked, Saying};

/// What no operation of the API asks or hears, and so no client of it: requests with `HEAD`, an interim response, the
/// health check. Callbacks are judged in `api/callbacks.rs`.
const NOT_FOR_A_CLIENT: [&str; 4] = ["auth/ok-head", "pdf/ok-head", "http/expect-100-continue", "ok/status"];

/// Requests that the service accepted and our client cannot say.
const CANNOT_SAY: [(&str, &str); 23] = [
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
    /// Whether its inputs were made up, so that the answers alone are judged.
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

    /// What a client has to do with.
    fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        let is_sibling = self.service != Service::gov_uk();
        self.recording.exchanges.iter().filter(move |exchange| {
            let is_asked = !NOT_FOR_A_CLIENT.contains(&exchange.name.as_str());
            exchange.response.is_some()
                && is_asked
                && !(is_sibling && siblings::is_not_for_a_client(exchange))
                // Requests of other inputs, some of which no client would write, and whose answers any client has to
                // read.
                && (!self.is_generated || self.can_judge(exchange))
        })
    }

    fn can_judge(&self, exchange: &Exchange) -> bool {
        exchange.request.method != "HEAD" && asked::can_judge(self.service, exchange)
    }

    fn judge(&self, exchange: &Exchange) -> Result<()> {
        let judge = if self.is_generated { Self::judge_answer } else { Self::judge_whole };
        judge(self, over_async, exchange).context("async")?;
        judge(self, over_blocking, exchange).context("blocking")
    }
}

fn main() -> Result<ExitCode> {
    let recorded = Recorded::all()?;
    let mut suite = Suite::new("client", recorded.iter().flat_map(|recorded| recorded.exchanges()))?;
    for recorded in &recorded {
        for exchange in recorded.exchanges().filter(|exchange| recorded.can_judge(exchange)) {
            let (recorded, exchange) = (Arc::clone(recorded), exchange.clone());
            let name = exchange.name.clone();
            suite.exchange(&name, move || recorded.judge(&exchange));
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

/// Asks something of the server at this URL, once, with a client of this service.
type Over = fn(service: Service, key: &RecordedKey, url: &str, asked: Asked) -> Result<Result<Value, Error>>;

fn over_async(service: Service, key: &RecordedKey, url: &str, asked: Asked) -> Result<Result<Value, Error>> {
    let builder = match parts(service, key) {
        Some(parts) => Client::builder(parts),
        None => Client::builder(key.text()),
    };
    let client = builder.service(service).base_url(url).policy(Policy::default().attempts(1)).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(asked.send(&client)))
}

fn over_blocking(
    service: Service,
    key: &RecordedKey,
    url: &str,
    asked: Asked,
) -> Result<Result<Value, Error>> {
    let builder = match parts(service, key) {
        Some(parts) => blocking::Client::builder(parts),
        None => blocking::Client::builder(key.text()),
    };
    let client = builder.service(service).base_url(url).policy(Policy::default().attempts(1)).build()?;
    Ok(asked.send_blocking(&client))
}

/// The service id and the secret, if the service issues them separately.
fn parts(service: Service, key: &RecordedKey) -> Option<KeyParts<'_>> {
    let RecordedKey { service: service_id, secret, .. } = key;
    (service == Service::va_notify()).then_some(KeyParts { service_id, secret })
}

impl Recorded {
    /// Holds the client to the answer alone, whoever asked.
    fn judge_answer(&self, over: Over, exchange: &Exchange) -> Result<()> {
        let server = answering(exchange)?;
        let key = self.recording.world.keys().next().context("a world has keys")?;
        let outcome = over(self.service, key, &server.url(), asked::stand_in(self.service, exchange)?)?;
        self.compare(exchange, outcome)
    }

    /// Holds the client to the request as well, if it can say it.
    fn judge_whole(&self, over: Over, exchange: &Exchange) -> Result<()> {
        let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
        let server = answering(exchange)?;
        let key = request::key(&self.recording, exchange)?;

        let (exact, refused) = match asked::exactly(self.service, exchange) {
            Saying::Exactly(asked) => (Some(asked), None),
            Saying::Refused(reason) => (None, Some(reason.field().unwrap_or_default().to_owned())),
            Saying::NotOffered => (None, Some(NOT_OFFERED.to_owned())),
            Saying::Not => (None, None),
        };
        let can_say = exact.is_some();
        let (cannot_say, refused_at_once) = (self.cannot_say(), self.refused_at_once());
        if recorded.status < 300 {
            let listed = cannot_say.iter().any(|(name, _)| *name == exchange.name);
            ensure!(
                can_say != listed,
                "our client {} say this: see CANNOT_SAY",
                if can_say { "can" } else { "cannot" }
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
        let asked = exact.map_or_else(|| asked::stand_in(self.service, exchange), Ok)?;
        let outcome = over(self.service, key, &server.url(), asked)?;
        let requests = server.requests();
        let sent = requests.first().context("the client sent nothing")?;
        request::compare_token(key, sent)?;
        if can_say {
            request::compare(exchange, sent)?;
        }
        self.compare(exchange, outcome)
    }

    fn cannot_say(&self) -> &'static [(&'static str, &'static str)] {
        if self.service == Service::gov_uk() { &CANNOT_SAY } else { siblings::CANNOT_SAY }
    }

    fn refused_at_once(&self) -> &'static [(&'static str, &'static str)] {
        if self.service == Service::gov_uk() { &REFUSED_AT_ONCE } else { siblings::REFUSED_AT_ONCE }
    }

    /// Holds what the client made of an answer against the answer.
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
