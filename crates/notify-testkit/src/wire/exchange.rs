//! One request and its answer, as one line of a recording.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::authorization::{Authorization, Shift};
use super::world::World;
use crate::http1::{Headers, RawRequest, RawResponse};

/// One exchange.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Its name, unique in its recording: the group, a slash, the case.
    pub name: String,
    /// The recorder's remark.
    pub note: String,
    /// When it was recorded, in Unix seconds.
    pub sent_at: f64,
    /// The request.
    pub request: Request,
    /// The service's answer; `None` for a callback, where the service sent the request.
    #[serde(default)]
    pub response: Option<Response>,
    /// The status with which the receiver of a callback answered; 0 if it did not answer in time.
    #[serde(default, deserialize_with = "status_or_zero")]
    pub answered_with: Option<u16>,
    /// How a callback was signed, if the service signs callbacks.
    #[serde(default)]
    pub signature: Option<Value>,
    /// What the answer depends on.
    pub replay: Replay,
}

/// An exchange is identified by its name.
impl AsRef<str> for Exchange {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// A status, or a sentence that says why there is none.
fn status_or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Answered {
        With(u16),
        Not(IgnoredAny),
    }
    Ok(Option::deserialize(deserializer)?.map(|answered| match answered {
        Answered::With(status) => status,
        Answered::Not(_) => 0,
    }))
}

/// What an answer depends on.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Replay {
    /// Only on the world, whatever else the server was asked before.
    Fresh,
    /// On earlier requests, on time, or on an accident of the service's implementation.
    Reference,
}

/// The request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path and query, verbatim.
    pub path: String,
    /// The header lines, without `Authorization` and what HTTP itself needs.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    authorization: Option<Authorization>,
    #[serde(default)]
    authorizations: Vec<Authorization>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    body_base64: Option<String>,
    #[serde(default)]
    body_truncated: bool,
}

impl Request {
    /// The `Authorization` lines: usually one, sometimes none, once two.
    pub fn authorizations(&self) -> impl Iterator<Item = &Authorization> {
        self.authorization.iter().chain(&self.authorizations)
    }

    /// The bytes of the body; `None` if none was sent.
    ///
    /// # Errors
    ///
    /// If the recording contains only the beginning of it.
    pub fn body(&self) -> Result<Option<Vec<u8>>> {
        ensure!(!self.body_truncated, "the recording contains only the beginning of the body");
        match (&self.body, &self.body_base64) {
            (Some(text), None) => Ok(Some(text.clone().into_bytes())),
            (None, Some(text)) => Ok(Some(decode_base64(text)?)),
            (None, None) => Ok(None),
            (Some(_), Some(_)) => anyhow::bail!("a request with two bodies"),
        }
    }

    /// The request as sent to `host`, with its tokens made again for a server whose clock differs from the recorded
    /// one by this shift.
    ///
    /// # Errors
    ///
    /// If the recording does not contain all of it.
    pub fn to_raw(&self, host: &str, world: &World, shift: Shift) -> Result<RawRequest> {
        let mut headers = Headers::default();
        headers.push("Host", host);
        for (name, value) in &self.headers {
            // One exchange per connection: nothing may follow the answer.
            if !name.eq_ignore_ascii_case("connection") {
                headers.push(name, value);
            }
        }
        for authorization in self.authorizations() {
            headers.push("Authorization", authorization.make(world, shift)?);
        }
        headers.push("Connection", "close");
        let body = self.body()?;
        // A body recorded with its chunks or its own length brings its own framing.
        if let Some(body) = &body
            && headers.get("Transfer-Encoding").is_none()
            && headers.get("Content-Length").is_none()
        {
            headers.push("Content-Length", body.len().to_string());
        }
        Ok(RawRequest {
            method: self.method.clone(),
            target: self.path.clone(),
            headers,
            body: body.unwrap_or_default(),
        })
    }
}

/// The service's answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Some of the header lines.
    pub headers: BTreeMap<String, String>,
    /// The body if it was JSON; lists of more than four items are shortened, see [`Response::cut`].
    #[serde(default)]
    pub json: Option<Value>,
    /// The body if it was any other text.
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    body_base64: Option<String>,
}

impl Response {
    /// The header line with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// How many items this item of a list stands for, if it is the recorder's mark for left-out items (`"... 247 more
    /// ..."`).
    pub fn cut(item: &Value) -> Option<usize> {
        item.as_str()?.strip_prefix("... ")?.strip_suffix(" more ...")?.parse().ok()
    }

    /// The bytes of the answer as recorded, except that shortened lists, and so the length, differ from the original.
    ///
    /// # Errors
    ///
    /// If the recorded body is malformed.
    pub fn to_raw(&self) -> Result<RawResponse> {
        let body = match (&self.json, &self.body, &self.body_base64) {
            (Some(json), None, None) => {
                let mut json = json.clone();
                drop_cuts(&mut json);
                serde_json::to_vec(&json)?
            }
            (None, Some(text), None) => text.clone().into_bytes(),
            (None, None, Some(text)) => decode_base64(text)?,
            _ => anyhow::bail!("a response with more than one body, or none"),
        };
        let framing = ["content-length", "transfer-encoding", "connection"];
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| !framing.contains(&name.to_ascii_lowercase().as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Ok(RawResponse { status: self.status, headers, body })
    }
}

fn decode_base64(text: &str) -> Result<Vec<u8>> {
    Base64::decode_vec(text).ok().context("body_base64 is not base64")
}

fn drop_cuts(json: &mut Value) {
    match json {
        Value::Array(items) => {
            items.retain(|item| Response::cut(item).is_none());
            items.iter_mut().for_each(drop_cuts);
        }
        Value::Object(fields) => fields.values_mut().for_each(drop_cuts),
        _ => {}
    }
}
