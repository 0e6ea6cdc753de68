//! Answers in which a field or an item is not what it should be, and those of the sibling services.

use std::collections::BTreeMap;

use notify_http::model::{NotificationPage, TemplateList};
use notify_http::{
    Endpoint, Error, GetLetterPdf, GetNotification, GetTemplate, ListNotifications, ListReceivedTextMessages,
    ListTemplates, Paged, PreviewTemplate, RawResponse, SendEmail, SendLetter, SendPrecompiledLetter,
    SendSms,
};
use notify_testkit::wire::{Exchange, Recording};
use serde_json::{Value, json};

use crate::call::carry;

fn recorded(name: &str) -> Exchange {
    Recording::gov_uk().unwrap().exchange(name).unwrap().clone()
}

fn json_of(exchange: &Exchange) -> Value {
    serde_json::from_slice(&exchange.response.as_ref().unwrap().to_raw().unwrap().body).unwrap()
}

/// The same exchange with this body.
fn answered(exchange: &Exchange, text: impl Into<String>) -> RawResponse {
    let mut exchange = exchange.clone();
    let response = exchange.response.as_mut().unwrap();
    (response.json, response.body) = (None, Some(text.into()));
    carry(&exchange).unwrap()
}

fn page(exchange: &Exchange, text: impl Into<String>) -> NotificationPage {
    answered(exchange, text).decode::<ListNotifications>().unwrap().into_inner()
}

/// Wrong values for a field, as the service writes them.
fn odd_values() -> Vec<String> {
    let deep = format!("{}{}", "[".repeat(3_000), "]".repeat(3_000));
    let texts = ["1", "2.5", "true", r#"{"a":1}"#, "[null]", "1e400", "-7", "\"\"", r#""\ud800""#, "null"];
    texts
        .into_iter()
        .map(str::to_owned)
        .chain([deep, "9".repeat(40), "NaN".into(), "-Infinity".into()])
        .collect()
}

/// A page of three messages; the second has `value` in `field`.
fn with_odd_field(exchange: &Exchange, field: &str, value: &str) -> String {
    let mut json = json_of(exchange);
    json["notifications"][1][field] = json!("THE VALUE");
    json.to_string().replace("\"THE VALUE\"", value)
}

#[test]
fn a_wrong_field_affects_no_other_field() {
    let exchange = recorded("paging/page-1");
    let fields: Vec<String> = {
        let json = json_of(&exchange);
        json["notifications"][1].as_object().unwrap().keys().cloned().collect()
    };
    let honest = page(&exchange, json_of(&exchange).to_string());
    assert!(fields.len() > 20 && honest.notifications.len() >= 3 && honest.unreadable.len() <= 1);
    for (field, value) in
        fields.iter().flat_map(|field| odd_values().into_iter().map(move |value| (field, value)))
    {
        if field == "id" {
            continue;
        }
        let odd = page(&exchange, with_odd_field(&exchange, field, &value));
        assert_eq!(odd.notifications.len(), honest.notifications.len(), "{field} {value}");
        for place in [0, 2] {
            assert_eq!(odd.notifications[place], honest.notifications[place], "{field} {value}");
        }
        let (odd, honest) = (&odd.notifications[1], &honest.notifications[1]);
        assert_eq!(odd.id, honest.id);
        // Two others stand for all of them.
        assert!(field == "created_at" || odd.created_at == honest.created_at, "{field} {value}");
        assert!(field == "template" || odd.template == honest.template, "{field} {value}");
    }
}

#[test]
fn a_value_in_place_of_a_text_is_kept_as_its_json() {
    let exchange = recorded("paging/page-1");
    for value in ["1", "2.5", "true", r#"{"a":1}"#, "NaN", "1e400"] {
        for field in ["line_2", "reference", "postcode", "created_by_name", "phone_number"] {
            let page = page(&exchange, with_odd_field(&exchange, field, value));
            let message = &page.notifications[1];
            let read = match field {
                "line_2" => &message.line_2,
                "reference" => &message.reference,
                "postcode" => &message.postcode,
                "created_by_name" => &message.created_by_name,
                _ => &message.phone_number,
            };
            assert_eq!(read.as_deref(), Some(value), "{field}");
        }
        assert_eq!(page(&exchange, with_odd_field(&exchange, "body", value)).notifications[1].body, value);
        let status =
            page(&exchange, with_odd_field(&exchange, "status", value)).notifications[1].status.clone();
        assert_eq!((status.as_str(), status.is_final()), (value, false));
    }
}

#[test]
fn a_missing_field_affects_no_other_field() {
    let exchange = recorded("paging/page-1");
    let json = json_of(&exchange);
    for field in json["notifications"][1].as_object().unwrap().keys().filter(|field| *field != "id") {
        let mut json = json.clone();
        json["notifications"][1].as_object_mut().unwrap().remove(field);
        assert_eq!(
            page(&exchange, json.to_string()).notifications[1].id,
            json["notifications"][1]["id"].as_str().unwrap().parse().unwrap(),
            "{field}"
        );
    }
}

#[test]
fn an_unreadable_item_is_reported_separately_and_the_list_continues() {
    let exchange = recorded("paging/page-1");
    for (item, problem) in [
        (json!("a text"), "notifications[1]"),
        (json!(null), "notifications[1]"),
        (json!({"status": "sending"}), "notifications[1].id, which is missing"),
        (json!({"id": 7}), "notifications[1].id"),
        (json!({"id": "Kim"}), "notifications[1].id"),
    ] {
        let mut json = json_of(&exchange);
        json["notifications"].as_array_mut().unwrap().truncate(3);
        let others = [0, 2].map(|place: usize| json["notifications"][place]["id"].clone());
        json["notifications"][1] = item.clone();
        let answer = answered(&exchange, json.to_string()).decode::<ListNotifications>().unwrap();
        let ids: Vec<Value> = answer.notifications.iter().map(|it| json!(it.id)).collect();
        assert_eq!(ids, others);
        let [unreadable] = &answer.unreadable[..] else { panic!("{:?}", answer.unreadable) };
        assert_eq!((unreadable.index, &*unreadable.problem), (1, problem));
        assert_eq!(serde_json::from_str::<Value>(&unreadable.json).unwrap(), item);
        assert!(ListNotifications::new().next_page(&answer).unwrap().is_some());
        let errors = ListNotifications::left_out(&answer);
        assert!(errors.len() == 1 && errors[0].is_unreadable(), "{errors:?}");
        let shown = format!("{} {:?} {unreadable:?}", errors[0], errors[0]);
        assert!(shown.contains(problem) && !shown.contains("Kim"), "{shown}");
    }
}

#[test]
fn a_page_with_only_unreadable_items_does_not_end_the_list() {
    let exchange = recorded("paging/page-1");
    let mut json = json_of(&exchange);
    json["notifications"] = json!([{}, 7]);
    let answer = answered(&exchange, json.to_string()).decode::<ListNotifications>().unwrap();
    assert_eq!((answer.notifications.len(), answer.unreadable.len()), (0, 2));
    assert!(ListNotifications::new().next_page(&answer).unwrap().is_some());
}

#[test]
fn a_list_with_a_broken_link_still_shows_its_items() {
    let exchange = recorded("paging/page-1");
    for links in [json!(null), json!({}), json!({"current": 7, "next": []}), json!("c")] {
        let mut json = json_of(&exchange);
        json["links"] = links.clone();
        let answer = answered(&exchange, json.to_string()).decode::<ListNotifications>().unwrap();
        assert!(!answer.notifications.is_empty());
        assert!(ListNotifications::new().next_page(&answer).unwrap_err().is_unreadable(), "{links}");
    }
}

#[test]
fn other_lists_keep_their_readable_items_too() {
    let exchange = recorded("ok/received-list");
    let mut json = json_of(&exchange);
    json["received_text_messages"][0] = json!({"content": "Kim"});
    json["received_text_messages"][1]["created_at"] = json!("never");
    json["received_text_messages"][1]["service_id"] = json!(7);
    json["received_text_messages"][1]["user_number"] = json!(447_700_900_123_u64);
    let answer = answered(&exchange, json.to_string()).decode::<ListReceivedTextMessages>().unwrap();
    assert_eq!((answer.received_text_messages.len(), answer.unreadable.len()), (2, 1));
    let odd = &answer.received_text_messages[0];
    assert_eq!((odd.created_at, odd.service_id, &*odd.user_number), (None, None, "447700900123"));
    assert_eq!(ListReceivedTextMessages::left_out(&answer).len(), 1);

    let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
    let json = json!({"templates": [
        {"name": "no id"},
        {"id": id, "version": "3", "type": null, "created_at": null, "personalisation": {"a": null, "b": {"required": false}}},
    ]});
    let list: TemplateList =
        answered(&exchange, json.to_string()).decode::<ListTemplates>().unwrap().into_inner();
    let template = &list.templates[0];
    assert_eq!((list.templates.len(), list.unreadable[0].index, template.version), (1, 0, 3));
    assert_eq!((template.template_type.as_str(), template.created_at), ("", None));
    let required: BTreeMap<&str, bool> =
        template.personalisation.iter().map(|(name, rule)| (&**name, rule.required)).collect();
    assert_eq!(required, BTreeMap::from([("a", true), ("b", false)]));
}

#[test]
fn an_answer_to_a_message_must_show_that_it_is_about_that_message() {
    let exchange = recorded("paging/page-1");
    let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
    let decode = |json: Value| {
        answered(&exchange, json.to_string()).decode::<SendSms>().map(notify_http::ApiResponse::into_inner)
    };
    let sent =
        decode(json!({"id": id, "reference": 7, "content": null, "template": {"id": id, "version": []}}))
            .unwrap();
    assert_eq!((sent.reference.as_deref(), &*sent.content.body, sent.template.version), (Some("7"), "", 0));
    for json in
        [json!({"id": id}), json!({"template": {"id": id}}), json!({"id": id, "template": {"version": 1}})]
    {
        assert!(decode(json.clone()).unwrap_err().is_unreadable(), "{json}");
    }
    let json = json!({"id": id, "content": {"body": "b"}, "template": {"id": id}, "sanitised_content": {
        "a": {"unsanitised": 2.5, "sanitised": "x"}, "b": 7,
    }});
    let email = answered(&exchange, json.to_string()).decode::<SendEmail>().unwrap().into_inner();
    assert_eq!((email.sanitised_content.len(), &*email.sanitised_content["a"].unsanitised), (1, "2.5"));
}

/// Reads an answer as what its request asked for; `None` if none of our operations sends that request.
fn read(exchange: &Exchange, answer: RawResponse) -> Option<Result<(), Error>> {
    fn decode<E: Endpoint>(answer: RawResponse) -> Result<(), Error> {
        answer.decode::<E>().map(drop)
    }
    let path = exchange.request.path.split('?').next().unwrap().trim_start_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    Some(match (&*exchange.request.method, &parts[..]) {
        ("POST", ["v2", "notifications", "sms"]) => decode::<SendSms>(answer),
        ("POST", ["v2", "notifications", "email"]) => decode::<SendEmail>(answer),
        ("POST", ["v2", "notifications", "letter"]) => {
            let is_precompiled = json_of(exchange).get("content").is_none();
            if is_precompiled {
                decode::<SendPrecompiledLetter>(answer)
            } else {
                decode::<SendLetter>(answer)
            }
        }
        ("GET", ["v2", "notifications"]) => decode::<ListNotifications>(answer),
        ("GET", ["v2", "notifications", _]) => decode::<GetNotification>(answer),
        ("GET", ["v2", "notifications", _, "pdf"]) => decode::<GetLetterPdf>(answer),
        ("GET", ["v2", "received-text-messages"]) => decode::<ListReceivedTextMessages>(answer),
        ("GET", ["v2", "templates"]) => decode::<ListTemplates>(answer),
        ("GET", ["v2", "template", _] | ["v2", "template", _, "version", _]) => decode::<GetTemplate>(answer),
        ("POST", ["v2", "template", _, "preview"]) => decode::<PreviewTemplate>(answer),
        _ => return None,
    })
}

#[test]
fn the_siblings_answers_are_read() {
    for recording in [Recording::au(), Recording::gc(), Recording::va()] {
        let mut count = 0;
        for exchange in recording.unwrap().exchanges {
            let is_success = exchange
                .response
                .as_ref()
                .is_some_and(|it| (200..300).contains(&it.status) && it.json.is_some());
            if !is_success {
                continue;
            }
            let Ok(answer) = carry(&exchange) else { continue };
            if let Some(read) = read(&exchange, answer) {
                assert!(read.is_ok(), "{}: {read:?}", exchange.name);
                count += 1;
            }
        }
        assert!(count > 100, "{count}");
    }
}
