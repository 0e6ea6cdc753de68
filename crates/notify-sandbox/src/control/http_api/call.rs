//! A request to the control API, read by its route.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{RequestError, Result};
use crate::control::ControlError;
use crate::wire::request::Request;
use crate::world;

/// A request, and the segments of its path that match the `{}` of its route.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    pub(super) parameters: Vec<&'a str>,
}

impl Call<'_> {
    /// A parameter of the path, counted from 0.
    pub(super) fn parameter(&self, index: usize) -> &str {
        self.parameters[index]
    }

    pub(super) fn json(&self) -> Result<Value> {
        let body = self.request.body();
        serde_json::from_slice(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body))
            .map_err(|error| RequestError::Malformed(error.to_string()))
    }

    /// The body. An error says which of its fields is wrong.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(world::read(self.json()?, world::REQUEST).map_err(ControlError::from)?)
    }

    /// An object whose `id` is a new one, unless it has one.
    pub(super) fn json_with_id(&self) -> Result<Value> {
        let mut value = self.json()?;
        if let Value::Object(fields) = &mut value {
            fields.entry("id").or_insert_with(|| json!(Uuid::new_v4()));
        }
        Ok(value)
    }
}
