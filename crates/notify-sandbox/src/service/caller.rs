//! What the siblings say to a caller: they share an earlier version of the software.

use uuid::Uuid;

use crate::python::json::Value;
use crate::wire::database;
use crate::wire::refusal::{AUTH, Entry, Refusal, row};
use crate::wire::request::Request;

/// A refusal of a caller, where all siblings have the same words.
pub(super) fn entry(refusal: &Refusal) -> Option<Entry<'_>> {
    Some(match refusal {
        Refusal::TokenMissing => row(401, AUTH, "Unauthorized, authentication token must be provided"),
        Refusal::SchemeNotBearer => row(401, AUTH, "Unauthorized, authentication bearer scheme must be used"),
        Refusal::TokenMalformed(what) => {
            row(403, AUTH, "Invalid token: signature, api token is not valid").hint(*what)
        }
        Refusal::KeyNotFound(what) => {
            row(403, AUTH, "Invalid token: signature, api token not found").hint(*what)
        }
        _ => return None,
    })
}

/// The service that an issuer names. The service queries its database for any value, and fails on some: `odd`.
pub(super) fn issuer(issuer: &Value, odd: impl FnOnce() -> Refusal) -> Result<Uuid, Refusal> {
    match issuer {
        Value::Null => Err(Refusal::ServiceNotFound),
        Value::String(text) => database::id(text).map_err(|_| Refusal::ServiceIdNotUuid),
        _ => Err(odd()),
    }
}

/// The same, where an empty list counts as an invalid id.
pub(super) fn issuer_or_list(value: &Value, odd: impl FnOnce() -> Refusal) -> Result<Uuid, Refusal> {
    match value {
        Value::Array(items) if items.is_empty() => Err(Refusal::ServiceIdNotUuid),
        other => issuer(other, odd),
    }
}

/// What is wrong with a user agent on which a service fails. It reads the client's name from there.
pub(super) const USER_AGENT: &str =
    "the service falls over a User-Agent that starts with notify and has no version";

/// Whether a service fails on the user agent of a request.
pub(super) fn fails_on_user_agent(request: &Request) -> bool {
    let agent = request.headers().get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let agent = agent.unwrap_or_default().to_lowercase();
    agent.starts_with("notify") && !agent.contains('/')
}
