//! The answer to a lookup: whether it is about the message, and whether the message is there.

use bytes::Bytes;
use http::{Response, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::recipient;
use crate::model::{TemplateId, TemplateType};
use crate::{Identity, Service, json};

/// What the answer to a lookup says.
#[derive(Debug, PartialEq)]
pub(super) enum Page {
    /// The message is listed, with these contents.
    Found(Bytes),
    /// The service lists nothing under the reference.
    Empty,
    /// Messages are listed under the reference, but none of them is certainly the one.
    Unclear,
    /// It lists messages with other references, or answers another request.
    OfAnother,
    /// It is not one of the service's pages, or does not say what it lists.
    Unreadable,
}

/// What a lookup lists, the newest message first.
#[derive(Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    notifications: Vec<&'a RawValue>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    current: Option<String>,
}

/// The fields that tell a listed message from others. The service returns an address as it was given, so a line may be
/// anything that JSON can hold.
#[derive(Deserialize)]
struct Listed {
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
enum Likeness {
    Same,
    /// It has the reference, but something about it differs or cannot be read.
    Unclear,
    /// It has another reference.
    OfAnother,
}

/// Reads the answer to a lookup of a message with this reference.
pub(super) fn read(
    response: &Response<Bytes>,
    identity: &Identity,
    reference: &str,
    service: Option<Service>,
) -> Page {
    // Part of a page, or a success that something else reports, is not a page.
    if response.status() != StatusCode::OK {
        return Page::Unreadable;
    }
    let body = json::sound(response.body());
    let Ok(listing) = serde_json::from_slice::<Listing<'_>>(&body) else { return Page::Unreadable };
    let mut is_unclear = false;
    let mut is_of_another = false;
    for message in &listing.notifications {
        match likeness(message.get(), identity, reference) {
            Likeness::Same => return Page::Found(Bytes::copy_from_slice(message.get().as_bytes())),
            Likeness::Unclear => is_unclear = true,
            Likeness::OfAnother => is_of_another = true,
        }
    }
    let current = listing.links.and_then(|links| links.current);
    match current {
        _ if is_unclear => Page::Unclear,
        _ if is_of_another => Page::OfAnother,
        Some(current) => empty(&current, identity, reference, service),
        None => Page::Unreadable,
    }
}

/// What an empty page says that calls itself `current`. The service repeats the query there. So a page that a cache or
/// a proxy fetched for another request names that request.
fn empty(current: &str, identity: &Identity, reference: &str, service: Option<Service>) -> Page {
    let Some((place, query)) = current.split_once('?') else {
        // A list of everything is a different list. A text that is not an address at all says nothing.
        return if current.contains("/v2/notifications") { Page::OfAnother } else { Page::Empty };
    };
    let host = place.parse::<Uri>().ok().and_then(|uri| uri.host().and_then(Service::at_host));
    if host.is_some_and(|host| service.is_some_and(|service| service != host)) {
        return Page::OfAnother;
    }
    let mut names_reference = false;
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value).decode_utf8_lossy();
        let is_ours = match name {
            "reference" => value == reference,
            "template_type" => value == identity.template_type.as_str(),
            "include_jobs" => true,
            // It leaves messages out.
            _ => false,
        };
        if !is_ours {
            return Page::OfAnother;
        }
        names_reference |= name == "reference";
    }
    if names_reference { Page::Empty } else { Page::OfAnother }
}

fn likeness(message: &str, identity: &Identity, reference: &str) -> Likeness {
    let Ok(listed) = serde_json::from_str::<Listed>(message) else { return Likeness::Unclear };
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
mod tests {
    use super::*;
    use serde_json::json;

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
    const CURRENT: &str = "https://localhost/v2/notifications?template_type=sms&reference=r";

    fn identity(template_type: TemplateType, recipient: Option<&str>) -> Identity {
        Identity {
            template_type,
            template_id: Some(TEMPLATE.parse().unwrap()),
            recipient: recipient.map(str::to_owned),
            reference: Some("r".to_owned()),
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
        likeness(&message.to_string(), identity, "r")
    }

    fn page(messages: &[Value], current: &str) -> Page {
        let body = json!({"notifications": messages, "links": {"current": current}}).to_string();
        read(&Response::new(Bytes::from(body)), &text(), "r", None)
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

    #[test]
    fn among_several_messages_of_the_reference_the_one_that_is_alike_is_it() {
        let other = with("phone_number", json!("+447900900124"));
        assert!(matches!(page(&[other.clone(), message(), other.clone()], CURRENT), Page::Found(_)));
        assert_eq!(page(&[other.clone(), other], CURRENT), Page::Unclear);
    }

    #[test]
    fn a_page_with_messages_of_other_references_is_about_something_else() {
        let foreign = with("reference", json!("another"));
        assert_eq!(page(std::slice::from_ref(&foreign), CURRENT), Page::OfAnother);
        assert!(matches!(page(&[foreign.clone(), message()], CURRENT), Page::Found(_)));
        let unclear = with("phone_number", json!(null));
        assert_eq!(page(&[foreign, unclear], CURRENT), Page::Unclear);
    }

    #[test]
    fn an_empty_page_is_about_the_message_if_it_repeats_the_query() {
        for current in [
            CURRENT,
            "http://10.0.0.7:6011/v2/notifications?reference=r",
            "/v2/notifications?include_jobs=true&reference=r&template_type=sms",
            "",
        ] {
            assert_eq!(page(&[], current), Page::Empty, "{current}");
        }
        for current in [
            "https://localhost/v2/notifications",
            "https://localhost/v2/notifications?template_type=sms",
            "https://localhost/v2/notifications?template_type=sms&reference=q",
            "https://localhost/v2/notifications?template_type=email&reference=r",
            "https://localhost/v2/notifications?reference=r&older_than=740e5834-3a29-46b4-9a6f-16142fde533a",
            "https://localhost/v2/notifications?reference=r&status=failed",
        ] {
            assert_eq!(page(&[], current), Page::OfAnother, "{current}");
        }
    }

    #[test]
    fn an_empty_page_of_another_service_is_about_something_else() {
        let body = r#"{"notifications":[],"links":{"current":"https://api.notification.canada.ca/v2/notifications?reference=r"}}"#;
        let response = Response::new(Bytes::from_static(body.as_bytes()));
        let read = |service| read(&response, &text(), "r", service);
        assert_eq!(read(Some(Service::gov_uk())), Page::OfAnother);
        assert_eq!(read(Some(Service::gc_notify())), Page::Empty);
    }

    #[test]
    fn an_odd_reference_is_known_again_in_a_query() {
        let current = "https://localhost/v2/notifications?reference=a+b%2Bc%26d+%C3%A9";
        let body = json!({"notifications": [], "links": {"current": current}}).to_string();
        assert_eq!(read(&Response::new(Bytes::from(body)), &text(), "a b+c&d é", None), Page::Empty);
    }

    #[test]
    fn a_value_that_is_not_json_hides_no_message() {
        let page = json!({"notifications": [with("line_2", json!("NUMBER")), message()], "links": {"current": CURRENT}});
        let body = format!("\u{feff}{}", page.to_string().replace("\"NUMBER\"", "NaN"));
        let response = Response::new(Bytes::from(body));
        assert!(matches!(read(&response, &text(), "r", None), Page::Found(_)));
    }

    #[test]
    fn a_body_that_is_not_a_page_proves_nothing() {
        for (status, body) in [
            (206, json!({"notifications": [], "links": {"current": CURRENT}}).to_string()),
            (201, json!({"notifications": [], "links": {"current": CURRENT}}).to_string()),
            (200, json!({"notifications": []}).to_string()),
            (200, json!({"notifications": [], "links": {}}).to_string()),
            (200, json!({"notifications": {}, "links": {"current": CURRENT}}).to_string()),
            (200, format!(r#"{{"notifications":[],"notifications":[],"links":{{"current":"{CURRENT}"}}}}"#)),
            (200, "[]".to_owned()),
            (200, "<html>".to_owned()),
        ] {
            let response = Response::builder().status(status).body(Bytes::from(body.clone())).unwrap();
            assert_eq!(read(&response, &text(), "r", None), Page::Unreadable, "{status} {body}");
        }
    }
}
