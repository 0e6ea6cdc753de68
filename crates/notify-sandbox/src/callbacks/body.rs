//! The bodies of callbacks, spelled as the service spells them.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use uuid::Uuid;

use crate::account::message::{Message, MessageState};
use crate::time::Timestamp;
use crate::world::ReceivedText;

/// How each delivery receipt begins.
#[derive(Serialize)]
struct Beginning<'a> {
    id: Uuid,
    reference: Option<&'a str>,
    to: Option<&'a str>,
    status: &'a str,
}

/// What each delivery receipt says next.
#[derive(Serialize)]
struct Course<'a> {
    created_at: Timestamp,
    completed_at: Timestamp,
    sent_at: Option<Timestamp>,
    notification_type: &'a str,
}

impl<'a> Beginning<'a> {
    fn of(message: &'a Message, state: MessageState) -> Self {
        Self {
            id: message.id,
            reference: message.reference.as_deref(),
            to: message.recipient(),
            status: state.status.as_str(),
        }
    }
}

impl Course<'_> {
    fn of(message: &Message, state: MessageState) -> Self {
        Self {
            created_at: message.created_at,
            completed_at: state.updated_at,
            sent_at: state.sent_at,
            notification_type: message.message_type().as_str(),
        }
    }
}

/// The delivery receipt of a text message or an e-mail.
pub(crate) fn delivery_status(message: &Message, state: MessageState) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        beginning: Beginning<'a>,
        #[serde(flatten)]
        course: Course<'a>,
        template_id: Uuid,
        template_version: u32,
    }
    python_json(&Body {
        beginning: Beginning::of(message, state),
        course: Course::of(message, state),
        template_id: message.template.id,
        template_version: message.template.version,
    })
}

/// The same without the template, and with more fields at the end.
pub(crate) fn delivery_status_with(
    message: &Message,
    state: MessageState,
    fields: &[(&str, serde_json::Value)],
) -> String {
    with_fields(delivery_status_without_template(message, state), fields)
}

/// The same with a description of the status after it, as GC Notify has it.
pub(crate) fn delivery_status_described(
    message: &Message,
    state: MessageState,
    description: &serde_json::Value,
    provider_response: &serde_json::Value,
) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        beginning: Beginning<'a>,
        status_description: &'a serde_json::Value,
        provider_response: &'a serde_json::Value,
        #[serde(flatten)]
        course: Course<'a>,
    }
    python_json(&Body {
        beginning: Beginning::of(message, state),
        status_description: description,
        provider_response,
        course: Course::of(message, state),
    })
}

/// A body with more fields at its end.
pub(crate) fn with_fields(mut body: String, fields: &[(&str, serde_json::Value)]) -> String {
    let _ = body.pop();
    for (name, value) in fields {
        body.extend([", \"", name, "\": ", &python_json(value)]);
    }
    body + "}"
}

/// The same, for services that do not name the template.
pub(crate) fn delivery_status_without_template(message: &Message, state: MessageState) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        beginning: Beginning<'a>,
        #[serde(flatten)]
        course: Course<'a>,
    }
    python_json(&Body { beginning: Beginning::of(message, state), course: Course::of(message, state) })
}

/// A text message that somebody sent to the service.
pub(crate) fn inbound_sms(text: &ReceivedText) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        id: Uuid,
        source_number: &'a str,
        destination_number: &'a str,
        message: &'a str,
        date_received: Timestamp,
    }
    python_json(&Body {
        id: text.id,
        source_number: &text.user_number,
        destination_number: &text.notify_number,
        message: &text.content,
        date_received: text.created_at,
    })
}

/// A letter that came back. Only letters sent through the API are known here, so nothing comes from a spreadsheet.
pub(crate) fn returned_letter(message: &Message, state: MessageState) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        notification_id: Uuid,
        reference: Option<&'a str>,
        date_sent: Timestamp,
        sent_by: &'a str,
        template_name: &'a str,
        template_id: Uuid,
        template_version: u32,
        spreadsheet_file_name: (),
        spreadsheet_row_number: (),
        upload_letter_file_name: (),
    }
    python_json(&Body {
        notification_id: message.id,
        reference: message.reference.as_deref(),
        date_sent: state.sent_at.unwrap_or(message.created_at),
        sent_by: "API",
        template_name: &message.template.name,
        template_id: message.template.id,
        template_version: message.template.version,
        spreadsheet_file_name: (),
        spreadsheet_row_number: (),
        upload_letter_file_name: (),
    })
}

/// Somebody has marked an e-mail as spam.
pub(crate) fn complaint(message: &Message, now: Timestamp) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        notification_id: Uuid,
        complaint_id: Uuid,
        reference: Option<&'a str>,
        to: Option<&'a str>,
        complaint_date: Timestamp,
    }
    python_json(&Body {
        notification_id: message.id,
        complaint_id: Uuid::new_v4(),
        reference: message.reference.as_deref(),
        to: message.recipient(),
        complaint_date: now,
    })
}

/// JSON as Python writes it: a space after each comma and colon, and ASCII only.
fn python_json(body: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    body.serialize(&mut Serializer::with_formatter(&mut bytes, Python))
        .expect("the keys are strings and memory takes all");
    String::from_utf8(bytes).expect("it is ASCII")
}

struct Python;

impl Formatter for Python {
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        for character in text.chars() {
            if character.is_ascii() && character != '\x7f' {
                write!(writer, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_spelled_as_python_does() {
        let body = serde_json::json!({ "a": "\u{a3}\u{1f600}\"\n", "b": null });
        assert_eq!(python_json(&body), r#"{"a": "\u00a3\ud83d\ude00\"\n", "b": null}"#);
    }
}
