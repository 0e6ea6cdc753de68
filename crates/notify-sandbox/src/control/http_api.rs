//! The control API over HTTP: what [`Control`] does, for tests in any language. `CONTROL.md` in this crate documents it.

mod clock;
mod fault;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::status::Status;
use crate::callbacks::CallbackRecord;
use crate::python::id;
use crate::time::Timestamp;
use crate::wire::query::Query;
use crate::wire::response::Answer;
use crate::world::{CallbackKind, KeyType, TemplateConfig, World, WorldError};

use super::{Control, ControlError, Key, NewTemplate, SentMessage};

/// How many messages a response holds, unless a request asks for another number.
const PAGE_SIZE: usize = 250;

/// The control API over HTTP.
pub(crate) struct ControlApi {
    control: Control,
    /// The bearer token that a caller needs, if the sandbox listens beyond this machine.
    token: Option<String>,
    /// The sandbox's address, for links.
    base: String,
}

/// Why a request failed.
enum RequestError {
    NotFound,
    MethodNotAllowed,
    Malformed(String),
    Control(ControlError),
}

type Result<T> = std::result::Result<T, RequestError>;

impl ControlApi {
    pub(crate) const fn new(control: Control, token: Option<String>, base: String) -> Self {
        Self { control, token, base }
    }

    /// Whether a path belongs to the control API.
    pub(crate) fn serves(path: &str) -> bool {
        path == "/sandbox" || path.starts_with("/sandbox/")
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Answers a request that passed the check of its host or token.
    pub(crate) async fn answer(&self, method: &str, path: &str, query: Option<&str>, body: &[u8]) -> Answer {
        let path = percent_decode_str(path).decode_utf8_lossy();
        let segments: Vec<&str> = path.split('/').skip(2).filter(|segment| !segment.is_empty()).collect();
        if segments == ["settle"] && method == "POST" {
            self.control.settled().await;
            return ok(&json!({}));
        }
        let query = Query::read(query.unwrap_or_default());
        self.route(method, &segments, &query, body).unwrap_or_else(Answer::from)
    }

    fn route(&self, method: &str, path: &[&str], query: &Query, body: &[u8]) -> Result<Answer> {
        let control = &self.control;
        match (method, path) {
            ("GET", []) => Ok(ok(&self.overview())),
            ("POST", ["reset"]) => {
                control.reset()?;
                Ok(ok(&json!({})))
            }
            ("GET", ["clock"]) => Ok(ok(&clock::show(control.clock()))),
            ("PUT", ["clock"]) => {
                clock::change(control.clock(), &read(body)?)?;
                Ok(ok(&clock::show(control.clock())))
            }
            ("GET", ["keys"]) => {
                Ok(ok(&json!({ "keys": control.keys().iter().map(key).collect::<Vec<_>>() })))
            }
            ("POST", ["services"]) => self.add_service(body),
            ("POST", ["services", service, "keys"]) => {
                let new: NewKey = read(body)?;
                Ok(created(&key(&control.add_key(service, &new.name, new.key_type)?)))
            }
            ("POST", ["services", service, "templates"]) => self.add_template(service, body),
            ("PUT", ["services", service, "callbacks", kind]) => {
                let target: CallbackTarget = read(body)?;
                control.set_callback(service, callback_kind(kind)?, &target.url, &target.bearer_token)?;
                Ok(ok(&json!({})))
            }
            ("DELETE", ["services", service, "callbacks", kind]) => {
                control.clear_callback(service, callback_kind(kind)?)?;
                Ok(ok(&json!({})))
            }
            ("GET", ["messages"]) => self.messages(query),
            ("GET", ["messages", id]) => {
                let message = control.message(id).ok_or(ControlError::NoSuchMessage)?;
                Ok(ok(&message.to_json(&self.base)))
            }
            ("PUT", ["messages", id, "status"]) => {
                let new: NewStatus = read(body)?;
                let status = Status::from_word(&new.status)
                    .ok_or_else(|| RequestError::Malformed(format!("{} is no status", new.status)))?;
                control.set_status(id, status)?;
                let message = control.message(id).ok_or(ControlError::NoSuchMessage)?;
                Ok(ok(&message.to_json(&self.base)))
            }
            ("POST", ["messages", id, "complaint"]) => {
                control.mark_as_spam(id)?;
                Ok(ok(&json!({})))
            }
            ("POST", ["received-texts"]) => {
                let text: NewText = read(body)?;
                Ok(created(&json!({ "id": control.receive_text(&text.from, &text.content)? })))
            }
            ("GET", ["faults"]) => {
                let faults: Vec<Value> = control.faults().iter().map(fault::show).collect();
                Ok(ok(&json!({ "faults": faults })))
            }
            ("POST", ["faults"]) => {
                let fault = fault::read(&read(body)?)?;
                let shown = fault::show(&fault);
                control.inject_fault(fault);
                Ok(created(&shown))
            }
            ("DELETE", ["faults"]) => {
                control.clear_faults();
                Ok(ok(&json!({})))
            }
            ("GET", ["callbacks"]) => {
                let callbacks: Vec<Value> = control.callbacks().iter().map(callback).collect();
                Ok(ok(&json!({ "callbacks": callbacks })))
            }
            _ => Err(unknown(path)),
        }
    }

    fn overview(&self) -> Value {
        let services: Vec<Value> = self
            .control
            .services()
            .into_iter()
            .map(|service| json!({ "id": service.id, "name": service.name }))
            .collect();
        json!({
            "sandbox": env!("CARGO_PKG_VERSION"),
            "url": self.base,
            "clock": clock::show(self.control.clock()),
            "services": services,
        })
    }

    fn add_service(&self, body: &[u8]) -> Result<Answer> {
        let mut service: Value = read(body)?;
        if let Value::Object(config) = &mut service {
            config.entry("id").or_insert_with(|| json!(Uuid::new_v4()));
        }
        let id = service["id"].clone();
        let world = json!({ "services": [service] }).to_string();
        let world = World::from_json(&world).map_err(ControlError::from)?;
        self.control.add_services(world)?;
        Ok(created(&json!({ "id": id })))
    }

    fn add_template(&self, service: &str, body: &[u8]) -> Result<Answer> {
        let mut template: Value = read(body)?;
        if let Value::Object(config) = &mut template {
            config.entry("id").or_insert_with(|| json!(Uuid::new_v4()));
        }
        let config: TemplateConfig =
            serde_json::from_value(template).map_err(|error| RequestError::Malformed(error.to_string()))?;
        let id = self.control.add_template(service, NewTemplate { config })?;
        Ok(created(&json!({ "id": id })))
    }

    fn messages(&self, query: &Query) -> Result<Answer> {
        let known = ["to", "reference", "type", "template", "service", "older_than", "limit"];
        if let Some(unknown) = query.names().find(|name| !known.contains(name)) {
            return Err(RequestError::Malformed(format!(
                "{unknown} is no filter; there are {}",
                known.join(", ")
            )));
        }
        let limit = match query.first("limit") {
            Some(limit) => {
                limit.parse().map_err(|_| RequestError::Malformed(format!("{limit} is no number")))?
            }
            None => PAGE_SIZE,
        };
        let wants = |name: &str, holds: &dyn Fn(&str) -> bool| query.first(name).is_none_or(holds);
        let selects = |message: &SentMessage| {
            wants("to", &|to| message.is_for(to))
                && wants("reference", &|reference| message.reference() == Some(reference))
                && wants("type", &|word| message.message_type().as_str() == word)
                && wants("template", &|template| message.template() == template)
                && wants("service", &|service| message.service() == service)
        };
        let messages = self.control.select(query.first("older_than").and_then(id::parse), limit, selects);
        let messages: Vec<Value> = messages.iter().map(|message| message.to_json(&self.base)).collect();
        Ok(ok(&json!({ "messages": messages })))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    name: String,
    #[serde(rename = "type")]
    key_type: KeyType,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbackTarget {
    url: String,
    bearer_token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewText {
    from: String,
    content: String,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| RequestError::Malformed(error.to_string()))
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

fn ok(body: &Value) -> Answer {
    Answer::json(200, body)
}

fn created(body: &Value) -> Answer {
    Answer::json(201, body)
}

/// Nothing is there, or it takes another method.
fn unknown(path: &[&str]) -> RequestError {
    let exists = matches!(
        path,
        [] | ["reset"
            | "settle"
            | "clock"
            | "keys"
            | "services"
            | "messages"
            | "received-texts"
            | "faults"
            | "callbacks"]
            | ["services", _, "keys" | "templates"]
            | ["services", _, "callbacks", _]
            | ["messages", _]
            | ["messages", _, "status" | "complaint"]
    );
    if exists { RequestError::MethodNotAllowed } else { RequestError::NotFound }
}

impl From<ControlError> for RequestError {
    fn from(error: ControlError) -> Self {
        Self::Control(error)
    }
}

impl From<RequestError> for Answer {
    fn from(refusal: RequestError) -> Self {
        match refusal {
            RequestError::NotFound => Self::control_error(404, "there is nothing here: see GET /sandbox/"),
            RequestError::MethodNotAllowed => Self::control_error(405, "this takes another method"),
            RequestError::Malformed(why) => Self::control_error(400, &why),
            RequestError::Control(error @ (ControlError::NoSuchMessage | ControlError::NoSuchService)) => {
                Self::control_error(404, &error.to_string())
            }
            RequestError::Control(ControlError::World(WorldError::Malformed(why))) => {
                Self::control_error(400, &why.to_string())
            }
            RequestError::Control(error @ ControlError::State(_)) => {
                Self::control_error(500, &error.to_string())
            }
            RequestError::Control(error) => Self::control_error(400, &error.to_string()),
        }
    }
}
