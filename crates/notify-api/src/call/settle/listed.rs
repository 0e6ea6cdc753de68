//! Messages as the service lists them, and whether one of them is the one that is looked for.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::recipient;
use crate::Identity;
use crate::model::{TemplateId, TemplateType, Timestamp};

/// How many messages the service lists at once: what comes after so many is not seen (CONTRACT §5.3).
const WHOLE_PAGE: usize = 250;

/// What a lookup lists, the newest message first.
#[derive(Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    notifications: Vec<&'a RawValue>,
}

/// What of a listed message tells it from others.
#[derive(Deserialize)]
struct Listed {
    reference: Option<String>,
    phone_number: Option<String>,
    email_address: Option<String>,
    line_1: Option<String>,
    #[serde(rename = "type")]
    template_type: TemplateType,
    template: ListedTemplate,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct ListedTemplate {
    id: TemplateId,
}

/// Whether a listed message is the one that is looked for.
#[derive(Debug, PartialEq)]
enum Likeness {
    Same,
    Other,
    /// It cannot be told: a field by which to tell it is missing or unreadable.
    Unclear,
}

impl<'a> Page<'a> {
    /// The page that a lookup brought, if it brought one.
    pub(super) fn read(response: &'a Response<Bytes>) -> Option<Self> {
        response.status().is_success().then(|| serde_json::from_slice(response.body()).ok()).flatten()
    }

    /// The message itself, if it is there; `earliest` is when it was created at the earliest, by the service's clock.
    pub(super) fn find(&self, identity: &Identity, earliest: Duration) -> Option<Bytes> {
        let is_it = |message: &&&RawValue| likeness(message.get(), identity, earliest) == Likeness::Same;
        let found = self.notifications.iter().find(is_it)?;
        Some(Bytes::copy_from_slice(found.get().as_bytes()))
    }

    /// Whether the message, not being found, is not kept by the service at all.
    pub(super) fn shows_absence(&self, identity: &Identity, earliest: Duration) -> bool {
        let mut messages = self.notifications.iter();
        let is_unclear =
            |message: &RawValue| likeness(message.get(), identity, earliest) == Likeness::Unclear;
        let is_whole = self.notifications.len() < WHOLE_PAGE || self.reaches_back_to(earliest);
        is_whole && !messages.any(|message| is_unclear(message))
    }

    fn reaches_back_to(&self, earliest: Duration) -> bool {
        let oldest = self.notifications.last().map(|message| serde_json::from_str::<Listed>(message.get()));
        oldest.is_some_and(|oldest| oldest.is_ok_and(|oldest| oldest.is_before(earliest)))
    }
}

impl Listed {
    fn is_before(&self, moment: Duration) -> bool {
        let created = u128::try_from(self.created_at.unix_microseconds()).unwrap_or_default();
        created < moment.as_micros()
    }
}

fn likeness(message: &str, identity: &Identity, earliest: Duration) -> Likeness {
    let Ok(listed) = serde_json::from_str::<Listed>(message) else { return Likeness::Unclear };
    if listed.is_before(earliest)
        || listed.reference.as_deref() != Some(&*identity.reference)
        || listed.template_type != identity.template_type
        || identity.template_id.is_some_and(|id| id != listed.template.id)
    {
        return Likeness::Other;
    }
    let recipient = match identity.template_type {
        TemplateType::Sms => listed.phone_number,
        TemplateType::Email => listed.email_address,
        _ => listed.line_1,
    };
    match (&identity.recipient, recipient) {
        (None, _) => Likeness::Same,
        (Some(_), None) => Likeness::Unclear,
        (Some(sent), Some(listed)) if recipient::is_same(sent, &listed) => Likeness::Same,
        (Some(_), Some(_)) => Likeness::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
    /// 1994-11-06T08:49:37Z
    const EARLIEST: Duration = Duration::from_secs(784_111_777);

    fn identity(template_type: TemplateType, recipient: Option<&str>) -> Identity {
        Identity {
            template_type,
            template_id: Some(TEMPLATE.parse().unwrap()),
            recipient: recipient.map(str::to_owned),
            reference: "r".to_owned(),
            is_unique: true,
        }
    }

    fn text() -> Identity {
        identity(TemplateType::Sms, Some("+447900900123"))
    }

    fn message() -> Value {
        json!({
            "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": "r", "phone_number": "+447900900123",
            "email_address": null, "type": "sms", "template": {"id": TEMPLATE, "version": 1, "uri": ""},
            "created_at": "1994-11-06T08:49:37.000000Z",
        })
    }

    fn with(field: &str, value: Value) -> Value {
        let mut message = message();
        message[field] = value;
        message
    }

    fn alike(message: &Value, identity: &Identity) -> Likeness {
        likeness(&message.to_string(), identity, EARLIEST)
    }

    #[test]
    fn only_the_very_message_is_the_same() {
        assert_eq!(alike(&message(), &text()), Likeness::Same);
        for (field, other) in [
            ("reference", json!("R")),
            ("reference", json!(null)),
            ("phone_number", json!("+447900900124")),
            ("type", json!("email")),
            ("type", json!("carrier pigeon")),
            ("template", json!({"id": "740e5834-3a29-46b4-9a6f-16142fde533b", "version": 1, "uri": ""})),
            ("created_at", json!("1994-11-06T08:49:36.999999Z")),
            ("created_at", json!("1969-11-06T08:49:36.999999Z")),
        ] {
            assert_eq!(alike(&with(field, other.clone()), &text()), Likeness::Other, "{field} {other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_neither_the_same_nor_another() {
        for (field, unreadable) in [
            ("phone_number", json!(null)),
            ("phone_number", json!(7)),
            ("template", json!(null)),
            ("created_at", json!("never")),
            ("created_at", json!(null)),
            ("type", json!(null)),
        ] {
            assert_eq!(
                alike(&with(field, unreadable.clone()), &text()),
                Likeness::Unclear,
                "{field} {unreadable}"
            );
        }
        assert_eq!(alike(&json!("a text"), &text()), Likeness::Unclear);
    }

    #[test]
    fn each_kind_of_message_has_its_own_kind_of_recipient() {
        let mut email = with("type", json!("email"));
        email["email_address"] = json!("Kim@example.com");
        assert_eq!(alike(&email, &identity(TemplateType::Email, Some("kim@example.com"))), Likeness::Same);
        assert_eq!(alike(&email, &identity(TemplateType::Email, Some("jo@example.com"))), Likeness::Other);

        let mut letter = with("type", json!("letter"));
        letter["line_1"] = json!("Amala Bird");
        assert_eq!(alike(&letter, &identity(TemplateType::Letter, Some("Amala Bird,"))), Likeness::Same);
        assert_eq!(alike(&letter, &identity(TemplateType::Letter, Some("A. Bird"))), Likeness::Other);

        letter["template"]["id"] = json!("740e5834-3a29-46b4-9a6f-16142fde533b");
        let made_elsewhere = Identity { template_id: None, ..identity(TemplateType::Letter, None) };
        assert_eq!(alike(&letter, &made_elsewhere), Likeness::Same);
    }

    fn shows_absence(messages: &[Value]) -> bool {
        let body = json!({"notifications": messages}).to_string();
        let response = Response::new(Bytes::from(body));
        Page::read(&response).unwrap().shows_absence(&text(), EARLIEST)
    }

    #[test]
    fn a_page_shows_absence_when_everything_on_it_is_another_message() {
        let other = with("phone_number", json!("+447900900124"));
        let unclear = with("phone_number", json!(null));
        assert!(shows_absence(&[]));
        assert!(shows_absence(&[other.clone(), other.clone()]));
        assert!(!shows_absence(&[other, unclear]));
    }

    #[test]
    fn a_full_page_shows_absence_only_if_it_reaches_back_to_the_first_attempt() {
        let younger = with("phone_number", json!("+447900900124"));
        let older = with("created_at", json!("1994-11-06T08:49:36.000000Z"));
        let mut page = vec![younger; WHOLE_PAGE - 1];
        assert!(shows_absence(&page));
        page.push(page[0].clone());
        assert!(!shows_absence(&page));
        page[WHOLE_PAGE - 1] = older;
        assert!(shows_absence(&page));
    }
}
