use std::error::Error as StdError;
use std::fmt;

use notify_api::{Call, Cause, Error, Event, RawResponse};
pub(crate) use tracing::Span;
use tracing::{debug, info_span, warn};

use super::shape;

pub(crate) fn span(call: &Call) -> Span {
    let operation = call.operation();
    info_span!(
        "notify_call",
        operation = operation.name(),
        method = operation.method().as_str(),
        path = operation.path(),
    )
}

#[cfg(feature = "async")]
pub(crate) fn follow<F: Future>(span: Span, call: F) -> tracing::instrument::Instrumented<F> {
    tracing::Instrument::instrument(call, span)
}

#[cfg(feature = "blocking")]
pub(crate) fn enter<T>(span: &Span, call: impl FnOnce() -> T) -> T {
    span.in_scope(call)
}

/// Reports the outcome of one request; a lookup of a message counts towards the attempt before it.
pub(crate) fn attempted(call: &Call, event: &Event) {
    let attempt = call.attempts();
    let lookup = call.is_reconciling();
    match event {
        Event::Response(response) => {
            let trace_id = response.headers().get("x-b3-traceid").and_then(|value| value.to_str().ok());
            let trace_id = trace_id.filter(|id| shape::is_trace_id(id));
            debug!(attempt, lookup, status = response.status().as_u16(), trace_id, "answered");
        }
        Event::NotSent(cause) => debug!(attempt, lookup, cause = %Chain(cause), "not sent"),
        Event::Lost(cause) => debug!(attempt, lookup, cause = %Chain(cause), "no whole answer"),
        Event::Start | Event::Elapsed => {}
    }
}

pub(crate) fn ended(result: &Result<RawResponse, Error>) {
    match result {
        Ok(answer) => debug!(
            attempts = answer.attempts(),
            elapsed_ms = millis(answer.elapsed()),
            found = answer.was_found(),
            "done"
        ),
        // Not the error's own text: in it the service may repeat the request in a form that redaction does not
        // recognise.
        Err(error) => warn!(
            attempts = error.attempts(),
            elapsed_ms = millis(error.elapsed()),
            status = error.status().map(|status| status.as_u16()),
            class = error
                .errors()
                .iter()
                .find_map(|reason| reason.class().filter(|class| shape::is_class(class))),
            trace_id = error.trace_id().filter(|id| shape::is_trace_id(id)),
            may_have_been_sent = error.may_have_been_sent(),
            "failed"
        ),
    }
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// An error and its sources, on one line.
struct Chain<'a>(&'a Cause);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
