//! The service's own words, read within bounds.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json;

/// How many reasons are read. The service gives one for each wrong field, and no operation has a quarter as many
/// fields. An empty reason costs its sender three bytes, and us a hundred times as many.
pub(super) const MOST_ITEMS: usize = 100;

/// The longest message, other than a string, that is parsed as JSON; parsing takes many times its length. The service's
/// own messages name a field and what is wrong with it.
const LONGEST_OBJECT: usize = 8 * 1024;

/// Both envelopes of the service (docs/service-behaviour.md#envelopes) in one: one has `errors`, the other `message`.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "first_items")]
    errors: Vec<Item<'a>>,
    #[serde(borrow)]
    result: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Item<'a> {
    error: Option<String>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

/// A class and a message.
pub(super) type Reason = (Option<String>, String);

impl Envelope<'_> {
    /// The reasons in the body of an answer with this status. Empty if the body is not in the service's own words.
    ///
    /// A gateway may report errors in JSON too. The service names a class for each, and its `status_code` is that of
    /// the answer.
    pub(super) fn reasons(status: StatusCode, body: &[u8]) -> Vec<Reason> {
        let body = json::sound(body);
        let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(&body) else { return Vec::new() };
        let told = envelope.status_code.and_then(|code| code.get().parse::<u64>().ok());
        if told.is_some_and(|told| told != u64::from(status.as_u16())) {
            return Vec::new();
        }
        if !envelope.errors.is_empty() {
            if envelope.errors.iter().any(|item| item.error.is_none()) {
                return Vec::new();
            }
            envelope.errors.into_iter().map(|item| (item.error, text(item.message))).collect()
        } else if envelope.result.as_deref() == Some("error") {
            vec![(None, text(envelope.message))]
        } else {
            Vec::new()
        }
    }
}

/// A message as text, even if it is not a string.
fn text(message: Option<&RawValue>) -> String {
    let raw = message.map_or("", RawValue::get);
    if raw.starts_with('"') {
        return serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
    }
    let value = if raw.len() <= LONGEST_OBJECT { serde_json::from_str::<Value>(raw).ok() } else { None };
    value.map_or_else(|| raw.to_owned(), |value| value.to_string())
}

/// The first items of a list; the others are skipped.
fn first_items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item<'de>>, D::Error> {
    struct Items;

    impl<'de> Visitor<'de> for Items {
        type Value = Vec<Item<'de>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of errors")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while items.len() < MOST_ITEMS {
                match list.next_element()? {
                    Some(item) => items.push(item),
                    None => return Ok(items),
                }
            }
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(items)
        }
    }

    deserializer.deserialize_seq(Items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(body: &str) -> Vec<Reason> {
        Envelope::reasons(StatusCode::BAD_REQUEST, body.as_bytes())
    }

    #[test]
    fn errors_in_a_gateways_json_are_not_the_service_s_words() {
        for body in [
            r#"{"errors":[{"message":"forbidden"}]}"#,
            r#"{"errors":[{"status":"400","title":"Bad Request"}]}"#,
            r#"{"errors":[{"error":"A","message":"a"},{}]}"#,
            r#"{"errors":[{"error":"A","message":"a"}],"status_code":403}"#,
            r#"{"message":"Forbidden"}"#,
            r#"{"result":"failure","message":"no"}"#,
            r#"{"result":"error","message":"no","status_code":502}"#,
        ] {
            assert_eq!(reasons(body), [], "{body}");
        }
        for body in [
            r#"{"errors":[{"error":"A","message":"a"}],"status_code":400}"#,
            r#"{"errors":[{"error":"A","message":"a"}],"status_code":"400"}"#,
            r#"{"errors":[{"error":"A","message":"a"}]}"#,
            r#"{"result":"error","message":"no"}"#,
            "\u{feff}{\"errors\":[{\"error\":\"A\",\"message\":\"a\",\"data\":NaN}]}",
        ] {
            assert_eq!(reasons(body).len(), 1, "{body}");
        }
    }

    #[test]
    fn of_a_list_without_end_the_first_items_are_read() {
        for item in
            [r#"{"error":"A","message":"a"}"#, r#"{"error":""}"#, r#"{"error":"","message":[[],[],[]]}"#]
        {
            let body = format!("{{\"errors\":[{}]}}", vec![item; 20_000].join(","));
            assert_eq!(reasons(&body).len(), MOST_ITEMS);
        }
        // What comes after them must still be JSON.
        let body = format!("{{\"errors\":[{},}}", vec![r#"{"error":""}"#; 200].join(","));
        assert!(reasons(&body).is_empty());
    }

    #[test]
    fn a_message_of_any_depth_and_size_is_kept_as_it_came() {
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let wide = format!("[{}0]", "0,".repeat(50_000));
        for message in [&deep, &wide] {
            for body in [
                format!("{{\"errors\":[{{\"error\":\"A\",\"message\":{message}}}]}}"),
                format!("{{\"result\":\"error\",\"message\":{message}}}"),
            ] {
                assert_eq!(reasons(&body)[0].1, *message);
            }
            let beside = format!(
                "{{\"errors\":[{{\"error\":\"A\",\"message\":\"a\",\"data\":{message}}}],\"data\":{message}}}"
            );
            assert_eq!(reasons(&beside), [(Some("A".to_owned()), "a".to_owned())]);
        }
        let spaced = r#"{"errors":[{"error":"A","message": {"to": [ "x" ]}}, {"error":"A","message": 7}, {"error":"A","message": null}]}"#;
        let texts: Vec<String> = reasons(spaced).into_iter().map(|(_, it)| it).collect();
        assert_eq!(texts, [r#"{"to":["x"]}"#, "7", ""]);
    }
}
