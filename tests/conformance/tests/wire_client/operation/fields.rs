//! The body of a recorded request, taken apart.

use base64ct::{Base64, Encoding as _};
use notify_http::model::{File, PersonalisationValue};
use notify_testkit::wire::Exchange;
use serde_json::{Map, Value};

/// The fields of a body, which are used up one by one: our client cannot express what is left over.
pub(super) struct Fields(pub(super) Map<String, Value>);

/// The field is there, but is not text.
pub(super) struct NotText;

impl Fields {
    pub(super) fn of(exchange: &Exchange) -> Option<Self> {
        let body = exchange.request.body().ok()??;
        let Value::Object(fields) = serde_json::from_slice(&body).ok()? else { return None };
        Some(Self(fields))
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        text(self.0.remove(name)?)
    }

    pub(super) fn optional(&mut self, name: &str) -> Result<Option<String>, NotText> {
        self.0.remove(name).map(|value| text(value).ok_or(NotText)).transpose()
    }

    pub(super) fn personalisation(&mut self) -> Option<Vec<(String, Personal)>> {
        self.personalisation_with(file)
    }

    /// The same for a service with files of its own.
    pub(super) fn personalisation_with<F>(
        &mut self,
        file: fn(Fields) -> Option<F>,
    ) -> Option<Vec<(String, Personal<F>)>> {
        let Some(value) = self.0.remove("personalisation") else { return Some(Vec::new()) };
        let Value::Object(values) = value else { return None };
        values.into_iter().map(|(name, value)| Some((name, personal(value, file)?))).collect()
    }

    pub(super) fn are_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

/// What can fill a placeholder of an e-mail.
pub(super) enum Personal<F = File> {
    Value(PersonalisationValue),
    File(F),
}

impl<F> Personal<F> {
    /// What can fill a placeholder of any message.
    pub(super) fn value(self) -> Option<PersonalisationValue> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
}

fn personal<F>(value: Value, file: fn(Fields) -> Option<F>) -> Option<Personal<F>> {
    Some(match value {
        Value::Object(fields) => Personal::File(file(Fields(fields))?),
        value => Personal::Value(plain(value)?),
    })
}

/// What can fill a placeholder, or a cell of a table.
pub(super) fn plain(value: Value) -> Option<PersonalisationValue> {
    Some(match value {
        Value::String(text) => text.into(),
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => number.as_i64()?.into(),
        Value::Array(_) => texts(value)?.into(),
        Value::Object(_) | Value::Null => return None,
    })
}

fn file(mut fields: Fields) -> Option<File> {
    let mut file = File::new(base64(&fields.text("file")?)?);
    if let Some(filename) = fields.optional("filename").ok()? {
        file = file.filename(filename);
    }
    if let Some(confirm) = fields.0.remove("confirm_email_before_download") {
        file = file.confirm_email_before_download(confirm.as_bool()?);
    }
    if let Some(period) = fields.optional("retention_period").ok()? {
        file = file.retention_weeks(period.strip_suffix(" weeks")?.parse().ok()?);
    }
    fields.are_used_up().then_some(file)
}

/// The bytes of a text in base64.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

pub(super) fn texts(value: Value) -> Option<Vec<String>> {
    let Value::Array(items) = value else { return None };
    items.into_iter().map(text).collect()
}

fn text(value: Value) -> Option<String> {
    if let Value::String(text) = value { Some(text) } else { None }
}
