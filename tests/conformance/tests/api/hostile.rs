//! Answers that no honest server gives: each becomes an error that says where it is wrong, and shows no data.

use notify_http::{
    Endpoint, Error, GetLetterPdf, GetNotification, GetTemplate, ListNotifications, ListReceivedTextMessages,
    ListTemplates, PreviewTemplate, RawResponse, SendEmail, SendLetter, SendPrecompiledLetter, SendSms,
};
use notify_testkit::wire::{Exchange, Recording};
use serde_json::{Value, json};

use crate::call::carry;

type Decode = fn(RawResponse) -> Result<(), Error>;

fn decode<E: Endpoint>(raw: RawResponse) -> Result<(), Error> {
    raw.decode::<E>().map(drop)
}

/// One honest answer of each kind, and the endpoint that reads it.
const SHAPES: [(&str, Decode); 10] = [
    ("ok/sms-test-key", decode::<SendSms>),
    ("ok/email-sanitise-content-for", decode::<SendEmail>),
    ("ok/letter-live-key", decode::<SendLetter>),
    ("ok/letter-precompiled-test-key", decode::<SendPrecompiledLetter>),
    ("ok/get-letter", decode::<GetNotification>),
    ("paging/filters-kept-in-next", decode::<ListNotifications>),
    ("ok/template-letter", decode::<GetTemplate>),
    ("ok/templates-type-letter", decode::<ListTemplates>),
    ("ok/preview-letter", decode::<PreviewTemplate>),
    ("ok/received-list", decode::<ListReceivedTextMessages>),
];

fn honest() -> impl Iterator<Item = (Exchange, Decode)> {
    let recording = Recording::gov_uk().unwrap();
    SHAPES.into_iter().map(move |(name, decode)| (recording.exchange(name).unwrap().clone(), decode))
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

/// Everything that can be made by replacing one value with another.
fn with_one_changed(value: &Value, other: &Value) -> Vec<Value> {
    let mut all = vec![other.clone()];
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                for changed in with_one_changed(field, other) {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), changed);
                    all.push(Value::Object(fields));
                }
                let mut without = fields.clone();
                without.remove(name);
                all.push(Value::Object(without));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for changed in with_one_changed(item, other) {
                    let mut items = items.clone();
                    items[index] = changed;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

fn assert_says_where_and_shows_nothing(error: &Error, secret: &str) {
    assert!(error.is_unreadable(), "{error:?}");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("line 1"), "{shown}");
    assert!(!shown.contains(secret), "{shown}");
}

#[test]
fn an_answer_cut_off_anywhere_is_unreadable() {
    for (exchange, decode) in honest() {
        let text = json_of(&exchange).to_string();
        assert!(decode(answered(&exchange, text.clone())).is_ok(), "{}", exchange.name);
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let error = decode(answered(&exchange, &text[..end])).unwrap_err();
            assert!(error.is_unreadable(), "{}: {error:?}", exchange.name);
        }
        let error = decode(answered(&exchange, text + "secret")).unwrap_err();
        assert_says_where_and_shows_nothing(&error, "secret");
    }
}

#[test]
fn an_answer_with_a_wrong_value_is_read_or_its_error_says_where() {
    const SECRET: &str = "secret-7700900123";
    let mut unreadable = 0;
    for (exchange, decode) in honest() {
        let json = json_of(&exchange);
        for other in [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e300),
            json!(SECRET),
            json!([SECRET]),
            json!({SECRET: 1}),
        ] {
            for changed in with_one_changed(&json, &other) {
                if let Err(error) = decode(answered(&exchange, changed.to_string())) {
                    assert_says_where_and_shows_nothing(&error, SECRET);
                    unreadable += 1;
                }
            }
        }
    }
    // A wrong field affects only itself. What remains are the whole answer, its list, and its ids.
    assert!(unreadable > 100, "{unreadable}");
}

#[test]
fn an_answer_of_another_kind_is_unreadable() {
    let deep = "[".repeat(100_000);
    for (exchange, decode) in honest() {
        for text in ["", "<html>secret</html>", "\u{1b}[2J", "0", deep.as_str()] {
            assert_says_where_and_shows_nothing(&decode(answered(&exchange, text)).unwrap_err(), "secret");
        }
    }
}

#[test]
fn a_proxys_page_is_not_taken_for_a_pdf() {
    let recording = Recording::gov_uk().unwrap();
    let exchange = recording.exchange("pdf/ok-test-key").unwrap();
    assert!(decode::<GetLetterPdf>(carry(exchange).unwrap()).is_ok());
    let error = decode::<GetLetterPdf>(answered(exchange, "<html>sign in</html>")).unwrap_err();
    assert!(error.is_unreadable() && !format!("{error:?}").contains("sign in"), "{error:?}");
}

#[test]
fn an_endless_refusal_is_shortened_for_display() {
    let recording = Recording::gov_uk().unwrap();
    let refused = |errors: Value| {
        let mut exchange = recording.exchange("bad/sms-phone-letters").unwrap().clone();
        exchange.response.as_mut().unwrap().json = Some(json!({"status_code": 400, "errors": errors}));
        carry(&exchange).unwrap_err()
    };
    let long = refused(json!([{"error": "E".repeat(1_000_000), "message": "m".repeat(1_000_000)}]));
    let many = refused(vec![json!({"error": "E", "message": "m"}); 100_000].into());
    for error in [&long, &many] {
        assert!(error.to_string().len() < 500, "{} characters", error.to_string().len());
        assert!(format!("{error:?}").len() < 1_000, "{} characters", format!("{error:?}").len());
    }
    // The evidence is kept all the same: the first hundred reasons are parsed, and the body is kept whole.
    assert_eq!(long.errors()[0].message().len(), 1_000_000);
    assert_eq!(many.errors().len(), 100);
    assert!(many.to_string().ends_with("; and more"), "{many}");
    assert!(many.body().len() > 100_000 * 20);
}
