//! A call with a recorded response.

use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use notify_http::{
    ApiKey, Call, Effect, Endpoint, Error, Event, InvalidRequest, Now, Operation, Policy, RawResponse,
    RequestParts, Session, Step,
};
use notify_testkit::wire::{Exchange, Recording};
use percent_encoding::percent_decode_str;

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

/// A recorded request, unchanged; it may be one that none of our operations would make.
struct Recorded<'a, const SENDS: bool>(&'a Exchange);

impl<const SENDS: bool> Endpoint for Recorded<'_, SENDS> {
    type Response = ();
    const OPERATION: Operation = Operation::new(
        if SENDS { "sends" } else { "reads" },
        if SENDS { Method::POST } else { Method::GET },
        "/recorded",
        if SENDS { Effect::Sends } else { Effect::Reads },
    );

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let (path, query) = self.0.request.path.split_once('?').unwrap_or((&self.0.request.path, ""));
        let mut request = RequestParts::new(path.to_owned());
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            request = request.query(name, &percent_decode_str(value).decode_utf8_lossy());
        }
        match body(self.0) {
            Some(body) => request.json(&body),
            None => Ok(request),
        }
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

/// The recorded body, if it is JSON.
pub(crate) fn body(exchange: &Exchange) -> Option<serde_json::Value> {
    serde_json::from_slice(&exchange.request.body().ok()??).ok()
}

/// The recorded refusals, each with the error that it becomes.
pub(crate) fn refused() -> Vec<(Exchange, Error)> {
    refused_in(Recording::gov_uk().unwrap())
}

/// The same for this recording.
pub(crate) fn refused_in(recording: Recording) -> Vec<(Exchange, Error)> {
    let refused = |exchange: &Exchange| exchange.response.as_ref().is_some_and(|each| each.status >= 300);
    recording
        .exchanges
        .into_iter()
        .filter(refused)
        .map(|exchange| {
            let error = carry(&exchange).unwrap_err();
            (exchange, error)
        })
        .collect()
}

/// The outcome of a call that always gets the recorded response.
pub(crate) fn carry(exchange: &Exchange) -> Result<RawResponse, Error> {
    let sends = exchange.request.method == "POST" && exchange.request.path.starts_with("/v2/notifications");
    let now = Now { monotonic: Duration::from_secs(1), unix: Duration::from_secs_f64(exchange.sent_at) };
    let session =
        Session::builder(&ApiKey::parse(KEY).unwrap()).policy(Policy::default().attempts(1)).build();
    let call = if sends {
        Call::new(&session, &Recorded::<true>(exchange), now)
    } else {
        Call::new(&session, &Recorded::<false>(exchange), now)
    };
    let mut step = call?.next(Event::Start, now);
    loop {
        step = match step {
            Step::Send(_, call) => call.next(Event::Response(response(exchange)), now),
            Step::Wait(_, call) | Step::Reconnect(call) => call.next(Event::Elapsed, now),
            Step::Done(result) => return result,
        };
    }
}

/// The error of a send that is refused with this status, class and text.
pub(crate) fn refused_with(status: u16, class: &str, text: &str) -> Error {
    let errors = serde_json::json!([{"error": class, "message": text}]);
    refused_as(status, &serde_json::json!({"status_code": status, "errors": errors}))
}

/// The error of a send that is refused with this body.
pub(crate) fn refused_as(status: u16, body: &serde_json::Value) -> Error {
    static REFUSED: LazyLock<Exchange> =
        LazyLock::new(|| Recording::gov_uk().unwrap().exchange("bad/sms-phone-letters").unwrap().clone());
    let mut exchange = REFUSED.clone();
    let response = exchange.response.as_mut().unwrap();
    (response.status, response.json) = (status, Some(body.clone()));
    carry(&exchange).unwrap_err()
}

fn response(exchange: &Exchange) -> http::Response<Bytes> {
    let recorded = exchange.response.as_ref().unwrap();
    let mut response = http::Response::builder().status(recorded.status);
    for (name, value) in &recorded.headers {
        response = response.header(name, value);
    }
    response.body(Bytes::from(recorded.to_raw().unwrap().body)).unwrap()
}
