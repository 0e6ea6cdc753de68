//! The routes of callbacks: where they go, and what became of them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{done, ok};
use crate::callbacks::CallbackRecord;
use crate::control::http_api::{Call, ControlApi, RequestError, Result};
use crate::control::{CallbackReceiver, ControlError};
use crate::time::Timestamp;
use crate::wire::response::Response;
use crate::world::CallbackKind;

pub(super) fn set(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Target {
        url: String,
        bearer_token: String,
    }
    let target: Target = call.read()?;
    let kind = callback_kind(call.parameter(1))?;
    let receiver = CallbackReceiver { kind, url: &target.url, bearer_token: &target.bearer_token };
    api.control.set_callback(call.parameter(0), receiver)?;
    done()
}

pub(super) fn clear(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    api.control.clear_callback(call.parameter(0), callback_kind(call.parameter(1))?)?;
    done()
}

pub(super) fn list(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let callbacks: Vec<Value> = api.control.callbacks().iter().map(callback).collect();
    ok(&json!({ "callbacks": callbacks }))
}

pub(super) fn send_again(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let id = call.parameter(0).parse().map_err(|_| ControlError::NoSuchCallback)?;
    api.control.send_callback_again(id)?;
    done()
}

fn callback_kind(word: &str) -> Result<CallbackKind> {
    serde_json::from_value(json!(word)).map_err(|error| RequestError::Malformed(error.to_string()))
}

fn callback(record: &CallbackRecord) -> Value {
    let body: Value = serde_json::from_str(&record.body).unwrap_or(Value::Null);
    json!({
        "id": record.id,
        "service": record.service,
        "kind": record.kind,
        "url": record.url,
        "body": body,
        "attempt": record.attempt,
        "at": Timestamp::from(record.at),
        "outcome": record.outcome.to_string(),
        "next_attempt_at": record.next_attempt_at.map(Timestamp::from),
    })
}
