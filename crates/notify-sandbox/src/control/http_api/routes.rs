//! The routes of the control API: one table, and the function behind each row.

mod messages;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Call, ControlApi, RequestError, Result, clock, fault, service};
use crate::app::magic;
use crate::callbacks::CallbackRecord;
use crate::control::{CallbackReceiver, ControlError, Key, NewKey, NewTemplate};
use crate::python::json;
use crate::time::Timestamp;
use crate::wire::request::RequestExt;
use crate::wire::response::{self, Response};
use crate::world::{self, CallbackKind, KeyType};

/// How many messages a response holds, unless a request asks for another number.
const PAGE_SIZE: usize = 250;

/// A method, a path below `/sandbox`, and what answers it.
pub(super) struct Route(&'static str, &'static str, Handler);

#[derive(Clone, Copy)]
pub(super) enum Handler {
    Answer(fn(&ControlApi, &Call<'_>) -> Result<Response>),
    /// Waits until everything that is due has happened, and answers without a body.
    WaitUntilIdle,
    /// Streams events as they happen.
    Follow,
}

use Handler::{Answer as By, Follow, WaitUntilIdle};

/// A `{}` in a path stands for any one segment.
const ROUTES: &[Route] = &[
    Route("GET", "", By(overview)),
    Route("POST", "reset", By(reset)),
    Route("POST", "wait-until-idle", WaitUntilIdle),
    Route("GET", "events", Follow),
    Route("POST", "inbox-links", By(add_inbox_link)),
    Route("GET", "clock", By(show_clock)),
    Route("PUT", "clock", By(change_clock)),
    Route("GET", "keys", By(keys)),
    Route("GET", "services", By(services)),
    Route("POST", "services", By(add_service)),
    Route("POST", "services/{}/keys", By(add_key)),
    Route("POST", "services/{}/templates", By(add_template)),
    Route("POST", "services/{}/templates/{}/preview", By(preview_template)),
    Route("PUT", "services/{}/callbacks/{}", By(set_callback)),
    Route("DELETE", "services/{}/callbacks/{}", By(clear_callback)),
    Route("GET", "messages", By(messages::list)),
    Route("GET", "messages/{}", By(messages::message)),
    Route("GET", "messages/{}/pdf", By(messages::letter_pdf)),
    Route("PUT", "messages/{}/status", By(messages::set_status)),
    Route("POST", "messages/{}/complaint", By(messages::mark_as_spam)),
    Route("POST", "received-texts", By(messages::receive_text)),
    Route("GET", "faults", By(faults)),
    Route("POST", "faults", By(inject_fault)),
    Route("DELETE", "faults", By(clear_faults)),
    Route("GET", "magic-recipients", By(magic_recipients)),
    Route("GET", "callbacks", By(callbacks)),
    Route("POST", "callbacks/{}/again", By(send_callback_again)),
    Route("GET", "refused-requests", By(refused_requests)),
    Route("DELETE", "refused-requests", By(clear_refused_requests)),
    Route("GET", "refused-requests/{}", By(refused_request)),
];

impl Route {
    /// Finds the handler of a request, and the segments of the path that are its parameters.
    pub(super) fn find<'a>(method: &str, path: &[&'a str]) -> Result<(Handler, Vec<&'a str>)> {
        let mut error = RequestError::NotFound;
        for Self(taken, pattern, handler) in ROUTES {
            match parameters(pattern, path) {
                Some(parameters) if *taken == method => return Ok((*handler, parameters)),
                Some(_) => error = RequestError::MethodNotAllowed,
                None => {}
            }
        }
        Err(error)
    }
}

/// The parameters of a path, if it matches.
fn parameters<'a>(pattern: &str, path: &[&'a str]) -> Option<Vec<&'a str>> {
    let pattern: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
    let matches = |(wanted, found): (&&str, &&str)| *wanted == "{}" || wanted == found;
    (pattern.len() == path.len() && pattern.iter().zip(path).all(matches)).then(|| {
        pattern.iter().zip(path).filter(|(wanted, _)| **wanted == "{}").map(|(_, found)| *found).collect()
    })
}

impl Call<'_> {
    /// A parameter of the path, counted from 0.
    fn parameter(&self, index: usize) -> &str {
        self.parameters[index]
    }

    fn json(&self) -> Result<Value> {
        let body = self.request.body();
        serde_json::from_slice(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body))
            .map_err(|error| RequestError::Malformed(error.to_string()))
    }

    /// The body. An error says which of its fields is wrong.
    fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(world::read(self.json()?, world::REQUEST).map_err(ControlError::from)?)
    }

    /// An object whose `id` is a new one, unless it has one.
    fn json_with_id(&self) -> Result<Value> {
        let mut value = self.json()?;
        if let Value::Object(fields) = &mut value {
            fields.entry("id").or_insert_with(|| json!(Uuid::new_v4()));
        }
        Ok(value)
    }
}

fn overview(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let services: Vec<Value> = api
        .control
        .services()
        .into_iter()
        .map(|service| json!({ "id": service.id, "name": service.name }))
        .collect();
    ok(&json!({
        "sandbox": env!("CARGO_PKG_VERSION"),
        "url": api.base,
        "clock": clock::show(api.control.clock()),
        "services": services,
    }))
}

fn reset(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.reset()?;
    done()
}

fn add_inbox_link(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    created(&json!({ "url": api.access.link(&api.base) }))
}

fn show_clock(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    ok(&clock::show(api.control.clock()))
}

fn change_clock(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    clock::change(api.control.clock(), &call.read()?)?;
    show_clock(api, call)
}

fn keys(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    ok(&json!({ "keys": api.control.keys().iter().map(key).collect::<Vec<_>>() }))
}

fn services(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let services: Vec<Value> = api.control.app.services().iter().map(|one| service::show(one)).collect();
    ok(&json!({ "services": services }))
}

fn add_service(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let service = call.json_with_id()?;
    let id = service["id"].clone();
    let service = world::read(service, world::SERVICE).map_err(ControlError::from)?;
    let service = api.control.app.services().world().with_only(service).map_err(ControlError::from)?;
    api.control.add_services(service)?;
    created(&json!({ "id": id }))
}

fn add_key(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        #[serde(rename = "type")]
        key_type: KeyType,
    }
    let body: Body = call.read()?;
    let new = NewKey { name: &body.name, key_type: body.key_type };
    created(&key(&api.control.add_key(call.parameter(0), new)?))
}

fn add_template(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let config = world::read(call.json_with_id()?, world::TEMPLATE).map_err(ControlError::from)?;
    let id = api.control.add_template(call.parameter(0), NewTemplate { config })?;
    created(&json!({ "id": id }))
}

fn preview_template(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let malformed = || RequestError::Malformed("send {\"personalisation\": {…}}".to_owned());
    let body = json::read(call.request.body()).map_err(|_| malformed())?;
    let values = body.as_object().and_then(|body| body.get("personalisation")?.as_object());
    let values = values.ok_or_else(malformed)?;
    ok(&api.control.preview(call.parameter(0), call.parameter(1), values)?)
}

fn set_callback(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
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

fn clear_callback(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    api.control.clear_callback(call.parameter(0), callback_kind(call.parameter(1))?)?;
    done()
}

fn faults(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let faults: Vec<Value> = api.control.faults().iter().map(fault::show).collect();
    ok(&json!({ "faults": faults }))
}

fn inject_fault(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let fault = fault::read(&call.read()?)?;
    let shown = fault::show(&fault);
    api.control.inject_fault(fault);
    created(&shown)
}

fn clear_faults(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.clear_faults();
    done()
}

fn magic_recipients(_: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let shown = magic::OUTCOMES.iter().map(|outcome| {
        json!({
            "outcome": outcome.name,
            "meaning": outcome.meaning,
            "email_address": outcome.email_address(),
            "phone_numbers": outcome.phone_numbers(),
        })
    });
    ok(&json!({ "magic_recipients": shown.collect::<Vec<_>>() }))
}

fn callbacks(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let callbacks: Vec<Value> = api.control.callbacks().iter().map(callback).collect();
    ok(&json!({ "callbacks": callbacks }))
}

fn send_callback_again(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let id = call.parameter(0).parse().map_err(|_| ControlError::NoSuchCallback)?;
    api.control.send_callback_again(id)?;
    done()
}

fn refused_requests(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let query = call.request.parameters();
    let number = |name: &str| {
        let text = query.first(name);
        let parsed = text.map(str::parse::<u64>).transpose();
        parsed.map_err(|_| RequestError::Malformed(format!("{name} is not a number")))
    };
    let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_SIZE);
    let requests = api.control.app.refused.list(number("older_than")?, limit);
    let requests: Vec<_> = requests.iter().map(Arc::as_ref).collect();
    ok(&BTreeMap::from([("refused_requests", requests)]))
}

fn refused_request(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let found = call.parameter(0).parse().ok().and_then(|id| api.control.app.refused.get(id));
    ok(&*found.ok_or(ControlError::NoSuchRefusedRequest)?)
}

fn clear_refused_requests(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.app.refused.clear();
    done()
}

fn callback_kind(word: &str) -> Result<CallbackKind> {
    serde_json::from_value(json!(word)).map_err(|error| RequestError::Malformed(error.to_string()))
}

fn key(key: &Key) -> Value {
    json!({ "service": key.service, "label": key.label, "type": key.key_type, "key": key.api_key() })
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

#[expect(clippy::unnecessary_wraps, reason = "the end of every handler")]
fn ok(body: &impl Serialize) -> Result<Response> {
    Ok(response::serialised(200, body))
}

#[expect(clippy::unnecessary_wraps, reason = "the end of every handler")]
fn created(body: &impl Serialize) -> Result<Response> {
    Ok(response::serialised(201, body))
}

fn done() -> Result<Response> {
    ok(&json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_reached_and_none_hides_another() {
        for (index, Route(method, pattern, _)) in ROUTES.iter().enumerate() {
            let path: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
            let first = ROUTES
                .iter()
                .position(|Route(taken, pattern, _)| taken == method && parameters(pattern, &path).is_some());
            assert_eq!(first, Some(index), "{method} {pattern}");
        }
    }

    #[test]
    fn a_known_path_refuses_other_methods_and_an_unknown_one_is_not_found() {
        let error = |method, path: &[&'static str]| Route::find(method, path).err();
        assert!(matches!(error("PATCH", &["services", "x", "keys"]), Some(RequestError::MethodNotAllowed)));
        assert!(matches!(error("GET", &["wait-until-idle"]), Some(RequestError::MethodNotAllowed)));
        for path in [&["services", "x"][..], &["services", "x", "keys", "y"], &["nowhere"]] {
            assert!(matches!(error("GET", path), Some(RequestError::NotFound)), "{path:?}");
        }
        let (_, parameters) = Route::find("PUT", &["services", "a", "callbacks", "b"]).ok().unwrap();
        assert_eq!(parameters, ["a", "b"]);
    }
}
