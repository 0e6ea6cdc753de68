//! The answer to a lookup: whether it is about the message, and whether the message is there.

use bytes::Bytes;
use http::{Response, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::listed_message::{Likeness, likeness};
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

#[cfg(test)]
mod tests {
    use super::super::listed_message::tests::{message, text, with};
    use super::*;
    use serde_json::{Value, json};

    const CURRENT: &str = "https://localhost/v2/notifications?template_type=sms&reference=r";

    fn page(messages: &[Value], current: &str) -> Page {
        let body = json!({"notifications": messages, "links": {"current": current}}).to_string();
        read(&Response::new(Bytes::from(body)), &text(), "r", None)
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
