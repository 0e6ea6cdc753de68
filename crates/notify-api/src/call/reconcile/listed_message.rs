//! A listed message: whether it is the one being looked up.

use serde::Deserialize;
use serde_json::Value;

use super::recipient;
use crate::Identity;
use crate::model::{TemplateId, TemplateType};

/// The fields that tell a listed message from others. The service returns an address as it was given, so a line may be
/// anything that JSON can hold.
#[derive(Deserialize)]
struct ListedMessage {
    reference: Option<String>,
    #[serde(default)]
    phone_number: Value,
    #[serde(default)]
    email_address: Value,
    #[serde(default)]
    line_1: Value,
    /// How VA Notify names a person, instead of giving an address.
    #[serde(default)]
    recipient_identifiers: Value,
    #[serde(rename = "type")]
    template_type: Option<TemplateType>,
    template: Option<ListedTemplate>,
}

#[derive(Deserialize)]
struct ListedTemplate {
    id: TemplateId,
}

/// Whether a listed message is the one being looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Likeness {
    Same,
    /// It has the reference, but something about it differs or cannot be read.
    Unclear,
    /// It has another reference.
    OfAnother,
}

/// Compares a listed message with the one being looked up.
pub(super) fn likeness(message: &str, identity: &Identity, reference: &str) -> Likeness {
    let Ok(listed) = serde_json::from_str::<ListedMessage>(message) else { return Likeness::Unclear };
    if listed.reference.as_deref() != Some(reference) {
        return Likeness::OfAnother;
    }
    let is_same_type = listed.template_type.as_ref() == Some(&identity.template_type);
    let template = listed.template.map(|template| template.id);
    let is_same_template = identity.template_id.is_none_or(|id| template == Some(id));
    let recipient = match identity.template_type {
        TemplateType::Sms => listed.phone_number,
        TemplateType::Email => listed.email_address,
        _ => listed.line_1,
    };
    let names = |sent: &str| {
        let identifiers = listed.recipient_identifiers.as_array().map_or(&[][..], Vec::as_slice);
        identifiers.iter().any(|identifier| identifier["id_value"].as_str() == Some(sent))
    };
    let is_same_recipient = identity.recipient.as_deref().is_none_or(|sent| match &recipient {
        Value::String(listed) if recipient::is_same(sent, listed) => true,
        _ => names(sent),
    });
    if is_same_type && is_same_template && is_same_recipient { Likeness::Same } else { Likeness::Unclear }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

    fn identity(template_type: TemplateType, recipient: Option<&str>) -> Identity {
        Identity {
            template_type,
            template_id: Some(TEMPLATE.parse().unwrap()),
            recipient: recipient.map(str::to_owned),
            reference: Some("r".to_owned()),
            is_unique: true,
        }
    }

    pub(crate) fn text() -> Identity {
        identity(TemplateType::Sms, Some("+447900900123"))
    }

    pub(crate) fn message() -> Value {
        json!({
            "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": "r", "phone_number": "+447900900123",
            "email_address": null, "type": "sms", "template": {"id": TEMPLATE, "version": 1, "uri": ""},
            "created_at": "1994-11-06T08:49:37.000000Z",
        })
    }

    pub(crate) fn with(field: &str, value: Value) -> Value {
        let mut message = message();
        message[field] = value;
        message
    }

    fn alike(message: &Value, identity: &Identity) -> Likeness {
        likeness(&message.to_string(), identity, "r")
    }

    #[test]
    fn the_message_is_the_one_of_this_reference_type_template_and_recipient() {
        assert_eq!(alike(&message(), &text()), Likeness::Same);
        for (field, other) in [
            ("phone_number", json!("+447900900124")),
            ("phone_number", json!(null)),
            ("phone_number", json!(7)),
            ("type", json!("email")),
            ("type", json!("carrier pigeon")),
            ("type", json!(null)),
            ("template", json!({"id": "740e5834-3a29-46b4-9a6f-16142fde533b", "version": 1, "uri": ""})),
            ("template", json!(null)),
        ] {
            assert_eq!(alike(&with(field, other.clone()), &text()), Likeness::Unclear, "{field} {other}");
        }
        assert_eq!(alike(&json!("a text"), &text()), Likeness::Unclear);
        for other in [json!("R"), json!(null)] {
            assert_eq!(alike(&with("reference", other.clone()), &text()), Likeness::OfAnother, "{other}");
        }
    }

    #[test]
    fn the_age_of_a_page_does_not_matter() {
        for created in [json!("1970-01-01T00:00:00.000000Z"), json!("never"), json!(null)] {
            assert_eq!(alike(&with("created_at", created), &text()), Likeness::Same);
        }
    }

    #[test]
    fn each_kind_of_message_has_its_own_kind_of_recipient() {
        let mut email = with("type", json!("email"));
        email["email_address"] = json!("Kim@example.com");
        assert_eq!(alike(&email, &identity(TemplateType::Email, Some("kim@example.com"))), Likeness::Same);
        assert_eq!(alike(&email, &identity(TemplateType::Email, Some("jo@example.com"))), Likeness::Unclear);

        let mut letter = with("type", json!("letter"));
        letter["line_1"] = json!("Amala Bird");
        letter["line_2"] = json!(1);
        assert_eq!(alike(&letter, &identity(TemplateType::Letter, Some("Amala Bird,"))), Likeness::Same);
        assert_eq!(alike(&letter, &identity(TemplateType::Letter, Some("A. Bird"))), Likeness::Unclear);

        letter["line_1"] = json!(17);
        letter["template"]["id"] = json!("740e5834-3a29-46b4-9a6f-16142fde533b");
        let precompiled = Identity { template_id: None, ..identity(TemplateType::Letter, None) };
        assert_eq!(alike(&letter, &precompiled), Likeness::Same);
    }

    #[test]
    fn a_person_is_known_again_by_their_identifier() {
        let person = identity(TemplateType::Sms, Some("1234"));
        let named =
            |id_value: &str| with("recipient_identifiers", json!([{"id_type": "PID", "id_value": id_value}]));
        assert_eq!(alike(&named("1234"), &person), Likeness::Same);
        for other in ["12345", "<redacted>", ""] {
            assert_eq!(alike(&named(other), &person), Likeness::Unclear, "{other}");
        }
        assert_eq!(alike(&message(), &person), Likeness::Unclear);
    }
}
