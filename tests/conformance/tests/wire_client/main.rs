//! The client, async and blocking, compared with the recordings: a plain TCP server gives the recorded response.
//!
//! If our client can express a recorded request, it must send the same one: method, path and query, body as JSON
//! values, and a token with the recorded claims, made for the current time. If it cannot (a missing field, a broken
//! body), another call of the same operation takes its place. Either way the recorded response must come out complete:
//! the typed value contains everything in the JSON, and a typed error has its status, its trace id, every reason, and
//! its body byte for byte. For the recordings with made-up inputs, only the answers are tested.

mod answer;
mod asked;
mod request;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use notify_conformance::claims::Suite;
use notify_http::{Client, Error, Policy, blocking};
use notify_testkit::http1::ScriptedServer;
use notify_testkit::wire::{Exchange, Recording};
use serde_json::Value;

use asked::{Asked, Saying};

/// What no operation of the API sends or receives, and so no client: requests with `HEAD`, an interim response, the
/// health check. Callbacks are tested in `api/callbacks.rs`.
const NOT_FOR_A_CLIENT: [&str; 4] = ["auth/ok-head", "pdf/ok-head", "http/expect-100-continue", "ok/status"];

/// Requests that the service accepted and our client cannot express.
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

/// Requests that the service refused and our client does not even send, with the field that its error names.
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

fn main() -> Result<ExitCode> {
    let recording = Arc::new(Recording::gov_uk()?);
    let for_a_client = |exchange: &&Exchange| {
        exchange.response.is_some() && !NOT_FOR_A_CLIENT.contains(&exchange.name.as_str())
    };
    let generated = Arc::new(Recording::generated()?);
    // Requests with other inputs, some of which no client would write, but any client must be able to read the
    // answers.
    let is_answered = |exchange: &&Exchange| exchange.request.method != "HEAD" && asked::can_judge(exchange);
    let all = recording.exchanges.iter().filter(for_a_client);
    let mut suite = Suite::new("client", all.chain(generated.exchanges.iter().filter(is_answered)))?;
    for exchange in generated.exchanges.iter().filter(is_answered) {
        let (recording, exchange) = (Arc::clone(&generated), exchange.clone());
        let name = exchange.name.clone();
        suite.exchange(&name, move || judge_answer(&recording, &exchange));
    }
    for exchange in recording.exchanges.iter().filter(for_a_client) {
        if asked::can_judge(exchange) {
            let (recording, exchange) = (Arc::clone(&recording), exchange.clone());
            let name = exchange.name.clone();
            suite.exchange(&name, move || judge(&recording, &exchange));
        }
    }
    Ok(suite.run())
}

fn judge(recording: &Recording, exchange: &Exchange) -> Result<()> {
    judge_over(over_async, recording, exchange).context("async")?;
    judge_over(over_blocking, recording, exchange).context("blocking")
}

/// Tests only how the client reads the answer, whatever the request.
fn judge_answer(recording: &Recording, exchange: &Exchange) -> Result<()> {
    for (over, name) in [(over_async as Over, "async"), (over_blocking, "blocking")] {
        let server = answering(exchange)?;
        let key = recording.world.keys().next().context("a world has keys")?;
        let outcome = over(&key.text(), &server.url(), asked::stand_in(exchange)?)?;
        compare(exchange, outcome).context(name)?;
    }
    Ok(())
}

/// A server that gives the recorded answer.
fn answering(exchange: &Exchange) -> Result<ScriptedServer> {
    let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
    let bytes = recorded.to_raw()?.to_bytes();
    Ok(ScriptedServer::start(move |_| bytes.clone())?)
}

/// Compares what the client made of an answer with the answer.
fn compare(exchange: &Exchange, outcome: Result<Value, Error>) -> Result<()> {
    let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
    match outcome {
        Ok(value) => answer::compare_value(recorded, &value),
        Err(error) => answer::compare_error(recorded, &recorded.to_raw()?, &error),
    }
}

/// Makes one call to the server at this URL.
type Over = fn(key: &str, url: &str, asked: Asked) -> Result<Result<Value, Error>>;

fn over_async(key: &str, url: &str, asked: Asked) -> Result<Result<Value, Error>> {
    let client = Client::builder(key).base_url(url).policy(Policy::default().attempts(1)).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(asked.send(&client)))
}

fn over_blocking(key: &str, url: &str, asked: Asked) -> Result<Result<Value, Error>> {
    let client =
        blocking::Client::builder(key).base_url(url).policy(Policy::default().attempts(1)).build()?;
    Ok(asked.send_blocking(&client))
}

fn judge_over(over: Over, recording: &Recording, exchange: &Exchange) -> Result<()> {
    let recorded = exchange.response.as_ref().context("a callback is not an answer")?;
    let server = answering(exchange)?;
    let key = request::key(recording, exchange)?;

    let (exact, refused) = match asked::exactly(exchange) {
        Saying::Exactly(asked) => (Some(asked), None),
        Saying::Refused(reason) => (None, Some(reason.field().unwrap_or_default().to_owned())),
        Saying::Not => (None, None),
    };
    let can_say = exact.is_some();
    if recorded.status < 300 {
        let listed = CANNOT_SAY.iter().any(|(name, _)| *name == exchange.name);
        ensure!(
            can_say != listed,
            "our client {} say this: see CANNOT_SAY",
            if can_say { "can" } else { "cannot" }
        );
    }
    if recorded.status >= 400 {
        let listed = REFUSED_AT_ONCE.iter().find(|(name, _)| *name == exchange.name).map(|(_, field)| *field);
        ensure!(refused.as_deref() == listed, "our client refuses {refused:?} itself: see REFUSED_AT_ONCE");
    }
    let asked = exact.map_or_else(|| asked::stand_in(exchange), Ok)?;
    let outcome = over(&key.text(), &server.url(), asked)?;
    let requests = server.requests();
    let sent = requests.first().context("the client sent nothing")?;
    request::compare_token(key, sent)?;
    if can_say {
        request::compare(exchange, sent)?;
    }
    compare(exchange, outcome)
}
