extern crate std;

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::string::{String, ToString as _};
use std::vec::Vec as StdVec;

/// What was contents, in writing.
#[derive(Default)]
struct Heard(StdVec<String>);

impl Sink for Heard {
    fn take(&mut self, path: &[Name], event: Event<'_>) {
        let event = match event {
            Event::Text(text, is_whole) => std::format!("{:?} {is_whole}", String::from_utf8_lossy(text)),
            Event::Word(word) => String::from_utf8_lossy(word).into_owned(),
            other => std::format!("{other:?}"),
        };
        self.0.push(std::format!("{path:?} {event}"));
    }
}

fn read(text: &[u8]) -> (bool, StdVec<String>) {
    let (mut json, mut heard) = (Json::new(), Heard::default());
    for byte in text {
        json.feed(*byte, &mut heard);
    }
    (json.is_whole(), heard.0)
}

fn is_whole(text: &str) -> bool {
    read(text.as_bytes()).0
}

#[test]
fn fields_are_reported_with_their_path() {
    let (is_whole, heard) = read(
        b"\xef\xbb\xbf {\"id\" : \"7\", \"errors\":[{\"error\":\"A\"},\n-1.5e+3],\"st\\u0061tus\":null, \"x\":{}}\r\n",
    );
    assert!(is_whole);
    assert_eq!(
        heard,
        [
            "[] Object",
            "[Id] \"7\" true",
            "[Errors] List",
            "[Errors, Item] Object",
            "[Errors, Item, Error] \"A\" true",
            "[Errors, Item] End",
            "[Errors, Item] -1.5e+3",
            "[Errors] End",
            "[Status] null",
            "[Other] Object",
            "[Other] End",
            "[] End",
        ]
    );
}

#[test]
fn what_is_nested_too_deeply_is_skipped_or_refused() {
    let nested = |levels: usize| std::format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let (is_whole, heard) = read(nested(31).as_bytes());
    assert!(is_whole);
    assert!(heard.len() < 20, "{heard:?}");
    assert!(!read(nested(32).as_bytes()).0);
}

#[test]
fn the_beginning_of_a_long_text_is_kept() {
    let text = std::format!("{{\"id\":\"{}\",\"status\":\"a\"}}", "é".repeat(1_000));
    let (is_whole, heard) = read(text.as_bytes());
    assert!(is_whole);
    assert!(heard[1].ends_with("\" false") && heard[1].len() < 400, "{}", heard[1]);
    assert_eq!(heard[2], "[Status] \"a\" true");
}

#[test]
fn numbers_that_json_does_not_have_are_read_as_the_service_writes_them() {
    assert!(is_whole(r#"{"a":NaN,"b":[-Infinity, Infinity]}"#));
    assert!(!is_whole(r#"{"a":nan}"#) && !is_whole(r#"{"a":Nan}"#));
}

#[test]
fn half_of_a_surrogate_pair_becomes_the_replacement_character() {
    let text = |text: &str| read(std::format!("[{text}]").as_bytes()).1[1].clone();
    assert_eq!(text(r#""\ud83d\ude00""#), "[Item] \"😀\" true");
    for half in [r#""\ud83d""#, r#""\ude00""#] {
        assert_eq!(text(half), "[Item] \"\u{fffd}\" true");
    }
    assert_eq!(text(r#""\ud83dx\ud83d\n""#), "[Item] \"\u{fffd}x\u{fffd}\\n\" true");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let name = prop_oneof![Just("errors".to_string()), Just("id".to_string()), any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_serde_json_writes_is_read(value in any_json(), pretty in any::<bool>()) {
        let value = json!({ "notifications": value });
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        prop_assert!(is_whole(&text), "{text}");
        // A part of it is not the whole.
        for end in 0..text.len() {
            prop_assert!(!read(&text.as_bytes()[..end]).0);
        }
    }

    #[test]
    fn whatever_serde_json_refuses_is_refused(value in any_json(), at in any::<prop::sample::Index>(), other in any::<u8>()) {
        let mut text = serde_json::to_vec(&json!([value])).unwrap();
        let at = at.index(text.len());
        text[at] = other;
        // It reads half a character, and bytes that are not text, where we stay with what the service writes.
        let lenient = std::str::from_utf8(&text).is_err() || text.windows(2).any(|two| two == br"\u");
        let strict = serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_ok();
        if !lenient {
            prop_assert_eq!(read(&text).0, strict, "{}", String::from_utf8_lossy(&text));
        }
    }
}
