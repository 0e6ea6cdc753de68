//! What is kept of a refused request, without any secret.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::dispatch::Api;
use crate::account::service::Service;
use crate::api::auth;
use crate::api::auth::inspect::{self, TokenInspection, TokenKey, TokenPlace};
use crate::api::outcome::Outcome;
use crate::app::events::Event;
use crate::app::refused::{RefusedRequest, TokenPart, TokenParts};
use crate::python::id;
use crate::time::Timestamp;
use crate::wire::refusal::remedy_of_status;
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::Remedy;

/// The length of an id in its usual notation.
const ID: usize = 36;

/// How much of an unknown id is shown, so that its owner can recognise it.
const SHOWN: usize = 8;

impl Api {
    /// Keeps a refused request and the reason. The path contains no values. Without an outcome, the connection was cut.
    pub(crate) fn keep_refused(
        &self,
        request: &Request,
        outcome: Option<&Outcome>,
        path: &str,
        reason: Option<&str>,
        is_injected: bool,
    ) {
        let services: Vec<Arc<Service>> = self.app.services().iter().cloned().collect();
        let hide = |text: &str| without_secrets(text, &services, Ids::Shown);
        let now = self.app.timing().now;
        let response = outcome.map(|outcome| &outcome.response);
        let caller = outcome.and_then(|outcome| outcome.caller.as_ref());
        let status = response.map(|response| response.status().as_u16());
        let remedy = response.and_then(|response| response.extensions().get::<Remedy>());
        let remedy = match (remedy, status) {
            _ if is_injected => {
                "This is a fault that was injected, or a magic recipient: it passes when the fault is used up or cleared."
            }
            (Some(remedy), _) => remedy.0,
            (None, status) => remedy_of_status(status.unwrap_or_default()),
        };
        let answer = response.and_then(|response| serde_json::from_slice::<Value>(response.body()).ok());
        let token = request.authorization().map(|header| self.token_parts(&header, &services, now));
        self.app.refused.keep(RefusedRequest {
            id: 0,
            at: now,
            method: request.method().to_string(),
            path: hide(path),
            status,
            service: caller.map(|caller| caller.service.name.clone()),
            key: caller.map(|caller| caller.key().label.clone()),
            reason: reason.map(hide),
            remedy: remedy.to_owned(),
            answer: answer.map_or(Value::Null, |answer| hidden(answer, &hide)),
            token,
        });
        self.app.events.publish(|| Event::Refused);
    }

    fn token_parts(&self, header: &[u8], services: &[Arc<Service>], now: Timestamp) -> TokenParts {
        let hide = |text: &str| without_secrets(text, services, Ids::Shortened);
        let token = match auth::bearer(Some(header)) {
            Ok(token) => token,
            Err(refusal) => {
                let problem = Some(self.dialect.entry(&refusal).hint.into_owned());
                return TokenParts { problem, parts: Vec::new() };
            }
        };
        let inspect = |key| inspect::inspect(token, key, now, self.dialect);
        let inspection = inspect(None);
        let issuer =
            inspection.parts().iter().find(|part| part.name() == "iss").and_then(|part| part.value());
        let issuer = issuer.and_then(|value| id::parse(value.trim_matches('"')));
        let service = services.iter().find(|service| Some(service.id) == issuer);
        let (inspection, signature) = match service {
            None => (inspection, "not checked: no service here has the id in iss".to_owned()),
            Some(service) => {
                let own_id = service.id.to_string();
                let signed = service.keys.iter().find_map(|key| {
                    let secret = std::str::from_utf8(key.secret()).ok()?;
                    let inspection = inspect(Some(TokenKey { service_id: &own_id, secret }));
                    is_signed(&inspection).then(|| (inspection, format!("by the key “{}”", key.label)))
                });
                signed.unwrap_or_else(|| (inspection, "by no key of this service".to_owned()))
            }
        };
        let is_key = services.iter().any(|service| {
            service.keys.iter().any(|key| service.api_key(key).as_bytes() == token || key.secret() == token)
        });
        let problem = match inspection.answer() {
            _ if is_key => Some("it is the key itself; send a token that is signed with it".to_owned()),
            Some(answer) if inspection.parts().is_empty() => Some(hide(answer.why())),
            _ => None,
        };
        let parts = inspection.parts().iter().map(|part| {
            let is_signature = part.place() == TokenPlace::Signature;
            TokenPart {
                place: match part.place() {
                    TokenPlace::Header => "header",
                    TokenPlace::Claims => "claim",
                    TokenPlace::Signature => "signature",
                },
                name: hide(part.name()),
                value: part.value().filter(|_| !is_signature).map(hide),
                why: if is_signature { signature.clone() } else { hide(part.why()) },
                is_refused: part.answer().is_some() || is_signature && !signature.starts_with("by the"),
            }
        });
        TokenParts { problem, parts: parts.collect() }
    }
}

fn is_signed(inspection: &TokenInspection) -> bool {
    let mut signature = inspection.parts().iter().filter(|part| part.place() == TokenPlace::Signature);
    signature.any(|part| part.answer().is_none())
}

/// The texts in JSON without secrets.
fn hidden(value: Value, hide: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => hide(&text).into(),
        Value::Array(values) => values.into_iter().map(|value| hidden(value, hide)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (hide(&name), hidden(value, hide))).collect()
        }
        other => other,
    }
}

/// What is shown of ids that are not those of services here. The secret of a key from elsewhere is an id like any other.
#[derive(Clone, Copy, PartialEq)]
enum Ids {
    Shown,
    Shortened,
}

/// A text without the secrets of keys.
fn without_secrets(text: &str, services: &[Arc<Service>], ids: Ids) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let known = services.iter().flat_map(|service| &service.keys).find_map(|key| {
            let secret = std::str::from_utf8(key.secret()).ok()?;
            let found = rest.get(..secret.len())?;
            (!secret.is_empty() && found.eq_ignore_ascii_case(secret)).then_some((secret.len(), &key.label))
        });
        if let Some((length, label)) = known {
            let _ = write!(shown, "(the secret of the key “{label}”)");
            rest = &rest[length..];
            continue;
        }
        let candidate = rest.get(..ID).filter(|_| ids == Ids::Shortened);
        let found = candidate.and_then(|text| Some((text, Uuid::try_parse(text).ok()?)));
        if let Some((found, id)) = found {
            if services.iter().any(|service| service.id == id) {
                shown.push_str(found);
            } else {
                shown.push_str(&found[..SHOWN]);
                shown.push('…');
            }
            rest = &rest[ID..];
            continue;
        }
        shown.push(first);
        rest = &rest[first.len_utf8()..];
    }
    shown
}
