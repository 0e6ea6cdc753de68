//! Compares what our client makes of a response with the response.

mod siblings;

use anyhow::{Result, ensure};
use bytes::Bytes;
use notify_http::Error;
use notify_http::model::{
    CostDetails, Links, Notification, NotificationPage, ReceivedTextMessage, ReceivedTextMessagePage,
    SentEmail, SentLetter, SentPrecompiledLetter, SentSms, Template, TemplateList, TemplatePreview,
    TemplateReference,
};
use notify_testkit::http1::RawResponse;
use notify_testkit::wire::{Response, json_differences};
use serde_json::{Value, json};

/// Turns a typed value back into JSON, field by field and by hand. Nothing of this is generated from the types, so that a
/// field which is read under the wrong name, or not at all, is missed here.
pub(crate) trait ToJson {
    /// The JSON with the same contents.
    fn to_json(&self) -> Value;
}

impl ToJson for SentSms {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "reference": self.reference,
            "content": { "body": self.content.body, "from_number": self.content.from_number },
            "uri": self.uri,
            "template": self.template.to_json(),
        })
    }
}

impl ToJson for SentEmail {
    fn to_json(&self) -> Value {
        let sanitised = self.sanitised_content.iter().map(|(name, value)| {
            (name.clone(), json!({ "unsanitised": value.unsanitised, "sanitised": value.sanitised }))
        });
        json!({
            "id": self.id.to_string(),
            "reference": self.reference,
            "content": {
                "subject": self.content.subject,
                "body": self.content.body,
                "from_email": self.content.from_email,
                "one_click_unsubscribe_url": self.content.one_click_unsubscribe_url,
            },
            "uri": self.uri,
            "template": self.template.to_json(),
            "sanitised_content": Value::Object(sanitised.collect()),
        })
    }
}

impl ToJson for SentLetter {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "reference": self.reference,
            "content": { "subject": self.content.subject, "body": self.content.body },
            "uri": self.uri,
            "template": self.template.to_json(),
        })
    }
}

impl ToJson for SentPrecompiledLetter {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "reference": self.reference,
            "postage": self.postage.as_ref().map(ToString::to_string),
        })
    }
}

/// A letter's PDF, which is all ASCII in the recordings.
impl ToJson for Bytes {
    fn to_json(&self) -> Value {
        Value::String(String::from_utf8_lossy(self).into_owned())
    }
}

impl ToJson for TemplatePreview {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "type": self.template_type.to_string(),
            "version": self.version,
            "body": self.body,
            "subject": self.subject,
            "html": self.html,
            "postage": self.postage,
        })
    }
}

impl ToJson for ReceivedTextMessagePage {
    fn to_json(&self) -> Value {
        json!({ "received_text_messages": all(&self.received_text_messages), "links": self.links.to_json() })
    }
}

impl ToJson for ReceivedTextMessage {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "created_at": self.created_at.map(|time| time.to_string()),
            "service_id": self.service_id.map(|id| id.to_string()),
            "notify_number": self.notify_number,
            "user_number": self.user_number,
            "content": self.content,
        })
    }
}

impl ToJson for TemplateReference {
    fn to_json(&self) -> Value {
        json!({ "id": self.id.to_string(), "version": self.version, "uri": self.uri })
    }
}

impl ToJson for Notification {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "reference": self.reference,
            "email_address": self.email_address,
            "phone_number": self.phone_number,
            "line_1": self.line_1,
            "line_2": self.line_2,
            "line_3": self.line_3,
            "line_4": self.line_4,
            "line_5": self.line_5,
            "line_6": self.line_6,
            "postcode": self.postcode,
            "type": self.notification_type.to_string(),
            "status": self.status.to_string(),
            "template": self.template.as_ref().map(ToJson::to_json),
            "body": self.body,
            "subject": self.subject,
            "created_at": self.created_at.map(|time| time.to_string()),
            "created_by_name": self.created_by_name,
            "sent_at": self.sent_at.map(|time| time.to_string()),
            "completed_at": self.completed_at.map(|time| time.to_string()),
            "postage": self.postage,
            "one_click_unsubscribe_url": self.one_click_unsubscribe_url,
            "estimated_delivery": self.estimated_delivery.map(|time| time.to_string()),
            "is_cost_data_ready": self.is_cost_data_ready,
            "cost_in_pounds": self.cost_in_pounds,
            "cost_details": self.cost_details.to_json(),
        })
    }
}

impl ToJson for CostDetails {
    fn to_json(&self) -> Value {
        json!({
            "billable_sms_fragments": self.billable_sms_fragments,
            "international_rate_multiplier": self.international_rate_multiplier,
            "sms_rate": self.sms_rate,
            "billable_sheets_of_paper": self.billable_sheets_of_paper,
            "postage": self.postage,
        })
    }
}

impl ToJson for NotificationPage {
    fn to_json(&self) -> Value {
        json!({ "notifications": all(&self.notifications), "links": self.links.to_json() })
    }
}

impl ToJson for Links {
    fn to_json(&self) -> Value {
        json!({ "current": self.current, "next": self.next })
    }
}

impl ToJson for Template {
    fn to_json(&self) -> Value {
        let personalisation = self
            .personalisation
            .iter()
            .map(|(name, rule)| (name.clone(), json!({ "required": rule.required })));
        json!({
            "id": self.id.to_string(),
            "name": self.name,
            "type": self.template_type.to_string(),
            "created_at": self.created_at.map(|time| time.to_string()),
            "updated_at": self.updated_at.map(|time| time.to_string()),
            "created_by": self.created_by,
            "version": self.version,
            "body": self.body,
            "subject": self.subject,
            "personalisation": Value::Object(personalisation.collect()),
            "postage": self.postage,
            "letter_contact_block": self.letter_contact_block,
        })
    }
}

impl ToJson for TemplateList {
    fn to_json(&self) -> Value {
        json!({ "templates": all(&self.templates) })
    }
}

fn all<T: ToJson>(items: &[T]) -> Value {
    items.iter().map(ToJson::to_json).collect()
}

/// A field that is null means the same as one that is missing.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Fields of answers to messages that our client leaves out: it sets no time for one message, which no service keeps to.
const LEFT_OUT: [&str; 1] = ["scheduled_for"];

/// What was read, without the fields that only GOV.UK Notify fills in; other services leave them empty.
fn without_defaults(read: &Value, recorded: &Value) -> Value {
    let is_default = |value: &Value| match value {
        Value::Bool(flag) => !flag,
        Value::Object(fields) => fields.values().all(Value::is_null),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    match (read, recorded) {
        (Value::Object(read), Value::Object(recorded)) => read
            .iter()
            .filter(|(name, value)| recorded.contains_key(*name) || !is_default(value))
            .map(|(name, value)| {
                (name.clone(), without_defaults(value, recorded.get(name).unwrap_or(&Value::Null)))
            })
            .collect(),
        (Value::Array(read), Value::Array(recorded)) => read
            .iter()
            .enumerate()
            .map(|(index, value)| without_defaults(value, recorded.get(index).unwrap_or(&Value::Null)))
            .collect(),
        (read, _) => read.clone(),
    }
}

/// As [`compare_value`], for another service than GOV.UK Notify, whose types hold what all services have in common.
pub(crate) fn compare_value_of_sibling(recorded: &Response, sends: bool, read: &Value) -> Result<()> {
    let mut recorded = recorded.clone();
    if let Some(Value::Object(fields)) = recorded.json.as_mut().filter(|_| sends) {
        fields.retain(|name, _| !LEFT_OUT.contains(&&**name));
    }
    let read = match &recorded.json {
        Some(_) => without_defaults(read, &serde_json::from_slice(&recorded.to_raw()?.body)?),
        None => read.clone(),
    };
    compare_value(&recorded, &read)
}

/// A success must have the contents of the response.
pub(crate) fn compare_value(recorded: &Response, read: &Value) -> Result<()> {
    ensure!((200..300).contains(&recorded.status), "{} was taken for a success", recorded.status);
    let body = recorded.to_raw()?.body;
    let body = match recorded.json {
        Some(_) => serde_json::from_slice(&body)?,
        None => Value::String(String::from_utf8(body)?),
    };
    same(&without_nulls(&body), &without_nulls(read))
}

/// A refusal must keep everything in the response.
pub(crate) fn compare_error(recorded: &Response, response: &RawResponse, error: &Error) -> Result<()> {
    ensure!(recorded.status >= 300, "a {} was taken for a failure: {error:?}", recorded.status);
    ensure!(
        error.status().map(|status| status.as_u16()) == Some(recorded.status),
        "the status was {:?}",
        error.status()
    );
    ensure!(error.trace_id() == recorded.header("X-B3-TraceId"), "the trace id was {:?}", error.trace_id());
    ensure!(error.body() == response.body, "the body is not kept byte for byte");
    let kept: Vec<Value> = error
        .errors()
        .iter()
        .map(|each| json!({ "error": each.class(), "message": each.message() }))
        .collect();
    same(&reasons(recorded.json.as_ref()), &Value::Array(kept))
}

/// The reasons that a response gives, in either envelope; one that is an object, as its compact text.
fn reasons(json: Option<&Value>) -> Value {
    let reason = |class: &Value, message: &Value| {
        let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
        json!({ "error": class, "message": message })
    };
    let Some(json) = json else { return Value::Array(Vec::new()) };
    match json["errors"].as_array() {
        Some(errors) => errors.iter().map(|each| reason(&each["error"], &each["message"])).collect(),
        None if json["result"] == "error" => Value::Array(vec![reason(&Value::Null, &json["message"])]),
        None => Value::Array(Vec::new()),
    }
}

fn same(recorded: &Value, read: &Value) -> Result<()> {
    let differences = json_differences(recorded, read);
    let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
    ensure!(
        differences.is_empty(),
        "what was read differs (`answered` is what we read):\n{}",
        list.join("\n")
    );
    Ok(())
}
