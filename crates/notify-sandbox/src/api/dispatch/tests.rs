//! Requests without a socket: answers that no recording has, and requests that no client would make.

use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::header;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;
use crate::app::Settings;
use crate::callbacks::Callbacks;
use crate::python::base64;
use crate::service::Service;
use crate::time::Clock;
use crate::wire::response::Reason;
use crate::world::{KeyType, World};

/// A service of one world, whose clock shows the time that tokens are made for.
struct TestService(Api);

impl TestService {
    fn new(world: World) -> Self {
        let clock = Clock::frozen(std::time::UNIX_EPOCH + Duration::from_secs(NOW));
        let dialect = Service::GovUk.dialect();
        let callbacks = Callbacks::new(dialect, false, None);
        // The rate limit would soon hide everything else.
        let document_url = None;
        let settings =
            Settings { dialect, clock, step: Duration::ZERO, limited: false, callbacks, document_url };
        Self(Api::new(Arc::new(App::new(world, settings)), dialect))
    }

    /// A header that the first service's key of this type makes.
    fn authorization(&self, key_type: KeyType) -> Vec<u8> {
        let services = self.0.app.services();
        let service = services.iter().next().unwrap();
        let key = service.keys.iter().find(|key| key.key_type == key_type).unwrap();
        signed(r#"{"alg":"HS256"}"#, &format!(r#"{{"iss":"{}","iat":{NOW}}}"#, service.id), key.secret())
    }

    fn ask(&self, method: &str, target: &str, authorization: Option<Vec<u8>>, body: &[u8]) -> Response {
        let target = utf8_percent_encode(target, ESCAPED).to_string();
        let mut request = http::Request::builder().method(method).uri(target);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.0.answer(&request.body(Bytes::copy_from_slice(body)).unwrap()).response
    }

    fn send(&self, message_type: &str, body: &Value) -> (u16, Value) {
        let target = format!("/v2/notifications/{message_type}");
        let answer =
            self.ask("POST", &target, Some(self.authorization(KeyType::Test)), body.to_string().as_bytes());
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
    }
}

/// What must be escaped in a target.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

fn reason_of(response: &Response) -> Option<&str> {
    response.extensions().get::<Reason>().map(|reason| reason.0.as_str())
}

const NOW: u64 = 1_795_430_454;

fn signed(header: &str, claims: &str, secret: &[u8]) -> Vec<u8> {
    let text = format!("{}.{}", base64::encode_url(header.as_bytes()), base64::encode_url(claims.as_bytes()));
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&text).finalize();
    format!("Bearer {text}.{}", base64::encode_url(&mac.into_bytes())).into_bytes()
}

const LETTER: &str = "6f1d2c3b-4a59-4687-9b0a-c1d2e3f40516";

#[test]
fn a_qr_code_that_no_phone_could_read_is_refused_with_its_size() {
    let world = json!({"services": [{
        "id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11",
        "name": "Parking permits",
        "permissions": ["letter"],
        "api_keys": [{"name": "ci", "type": "test", "secret": "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b"}],
        "templates": [{"id": LETTER, "name": "n", "type": "letter", "subject": "s", "body": "qr: ((code))"}],
    }]});
    let service = TestService::new(World::from_json(&world.to_string()).unwrap());
    let send = |code: &str| {
        let personalisation =
            json!({"code": code, "address_line_1": "A", "address_line_2": "B", "postcode": "SW1A 1AA"});
        service.send("letter", &json!({"template_id": LETTER, "personalisation": personalisation}))
    };
    assert_eq!(send(&"é".repeat(252)).0, 201);
    let code = "too much data ".repeat(50);
    assert_eq!(
        send(&code),
        (
            400,
            json!({"status_code": 400, "errors": [{
                "error": "ValidationError",
                "message": "Cannot create a usable QR code - the link is too long",
                "data": code,
                "num_bytes": 700,
                "max_bytes": 504,
            }]})
        )
    );
}

#[test]
fn the_signature_covers_the_header_as_text() {
    let service = TestService::new(World::built_in());
    let header = String::from_utf8(service.authorization(KeyType::Live)).unwrap();
    let (_, token) = header.split_once(' ').unwrap();
    let (signed, _) = token.rsplit_once('.').unwrap();
    // Outside the alphabet, so the decoder skips it; but the signature covers it.
    let signed = format!("{signed}é");
    let services = service.0.app.services();
    let secret = services.iter().next().unwrap().keys[0].secret();
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&signed).finalize();
    let text = format!("Bearer {signed}.{}", base64::encode_url(&mac.into_bytes()));
    let latin_1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(service.ask("GET", "/v2/templates", Some(latin_1), b"").status(), 200);
}

#[test]
fn the_log_says_where_a_body_goes_wrong() {
    let service = TestService::new(World::built_in());
    for (body, reason) in [
        ("", "the body is empty"),
        ("{\"phone_number\": \"07900900123\"", "the body is not JSON: it ends too early"),
        ("{'phone_number': '07900900123'}", "the body is not JSON: it goes wrong at byte 1"),
    ] {
        let authorization = Some(service.authorization(KeyType::Test));
        let answer = service.ask("POST", "/v2/notifications/sms", authorization, body.as_bytes());
        assert_eq!((answer.status().as_u16(), reason_of(&answer)), (400, Some(reason)));
    }
}

/// JSON, or nearly: with what Python tolerates, and an occasional half of a surrogate pair.
fn json_value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("NaN".to_owned()),
        Just("-Infinity".to_owned()),
        Just("1e400".to_owned()),
        "-?[0-9]{1,30}",
        "[0-9]{1,5}\\.[0-9]{1,5}",
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        "\"(\\\\u[0-9a-fA-F]{4}|[a-z(). ?@]){0,12}\"",
        Just("\"07900900123\"".to_owned()),
        Just("\"a@example.com\"".to_owned()),
        prop::sample::select(&["11", "12", "13", "14", "21", "31", "ff"][..])
            .prop_map(|end| format!("\"c0ffee00-0000-4000-8000-0000000000{end}\"")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let name = prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((name, inner), 0..5).prop_map(|entries| {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
                    .collect();
                format!("{{{}}}", entries.join(","))
            }),
        ]
    })
}

const NAMES: &[&str] = &[
    "phone_number",
    "email_address",
    "template_id",
    "personalisation",
    "reference",
    "content",
    "postage",
    "scheduled_for",
    "sms_sender_id",
    "email_reply_to_id",
    "one_click_unsubscribe_url",
    "sanitise_content_for",
    "name",
    "permit number",
    "parking",
    "link_to_file",
    "file",
    "filename",
    "is_csv",
    "retention_period",
    "address_line_1",
    "address_line_2",
    "address_line_7",
    "postcode",
    "iss",
    "iat",
    "exp",
];

/// A send that would be accepted, except for what happens to its values.
fn nearly_right() -> impl Strategy<Value = (&'static str, String, Vec<u8>)> {
    (prop::collection::vec(json_value(), 4), 0..4_usize).prop_map(|(values, which)| {
        let [first, second, third, fourth] = &values[..] else { unreachable!("there are four") };
        let template = format!("\"c0ffee00-0000-4000-8000-0000000000{}\"", 11 + which);
        let permit = format!(
            r#"{{"name":{first},"permit number":{second},"parking":{third},"link_to_file":{fourth},
            "address_line_1":{fourth},"address_line_2":"B","address_line_3":"C","address_line_4":"SW1A 1AA"}}"#
        );
        let (kind, recipient) = match which {
            0 => ("sms", r#""phone_number":"07900900123","#),
            2 => ("letter", ""),
            _ => ("email", r#""email_address":"a@example.com","sanitise_content_for":["name","parking"],"#),
        };
        let body = format!(r#"{{{recipient}"template_id":{template},"personalisation":{permit}}}"#);
        ("POST", format!("/v2/notifications/{kind}"), body.into_bytes())
    })
}

fn anything() -> impl Strategy<Value = (&'static str, String, Vec<u8>)> {
    let method =
        prop::sample::select(&["GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "get", "x"][..]);
    let body =
        prop_oneof![prop::collection::vec(any::<u8>(), 0..200), json_value().prop_map(String::into_bytes),];
    (method, target(), body)
}

fn target() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        prop::sample::select(
            &[
                "v2",
                "notifications",
                "template",
                "templates",
                "preview",
                "version",
                "1",
                "pdf",
                "sms",
                "email",
                "letter",
                "received-text-messages",
                "_status",
                "d",
                "service",
                "versions",
                "c0ffee00-0000-4000-8000-000000000011",
                "%ff",
                "99999999999999999999999",
            ][..]
        )
        .prop_map(str::to_owned),
        "[^?/]{0,8}",
    ];
    let known = prop::sample::select(
        &[
            "/v2/notifications",
            "/v2/notifications/sms",
            "/v2/notifications/email",
            "/v2/notifications/letter",
            "/v2/notifications/fax",
            "/v2//notifications",
            "/v2/templates",
            "/v2/received-text-messages",
            "/v2/template/c0ffee00-0000-4000-8000-000000000012/preview",
        ][..],
    )
    .prop_map(str::to_owned);
    let path = prop_oneof![
        3 => known,
        1 => prop::collection::vec(segment, 0..6).prop_map(|segments| format!("/{}", segments.join("/"))),
    ];
    let name = prop::sample::select(
        &["status", "template_type", "reference", "older_than", "include_jobs", "type", "key", "x", ""][..],
    );
    let query = prop::collection::vec((name, "[^&]{0,12}"), 0..4).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    });
    (path, query).prop_map(|(path, query)| format!("{path}?{query}"))
}

/// Mostly valid headers, because more code lies behind them.
fn authorization(caller: &TestService) -> impl Strategy<Value = Option<Vec<u8>>> + use<> {
    let services = caller.0.app.services();
    let service = services.iter().next().unwrap();
    let secret = service.keys[0].secret().to_vec();
    let good: Vec<Option<Vec<u8>>> =
        [KeyType::Live, KeyType::Team, KeyType::Test].map(|key| Some(caller.authorization(key))).into();
    let claims = prop_oneof![
        json_value(),
        (json_value(), json_value(), json_value()).prop_map({
            let id = service.id;
            move |(iat, exp, nbf)| format!(r#"{{"iss":"{id}","iat":{iat},"exp":{exp},"nbf":{nbf}}}"#)
        }),
    ];
    let made = (prop_oneof![Just(r#"{"alg":"HS256"}"#.to_owned()), json_value()], claims)
        .prop_map(move |(header, claims)| Some(signed(&header, &claims, &secret)));
    let bytes = prop::collection::vec(prop_oneof![b' '..=b'~', 0x80..=0xff_u8], 0..60).prop_map(Some);
    prop_oneof![6 => prop::sample::select(good), 3 => made, 1 => bytes, 1 => Just(None)]
}

#[test]
fn no_request_makes_it_panic_or_fail_unlike_the_service() {
    let service = TestService::new(World::built_in());
    let requests = (prop_oneof![1 => nearly_right(), 2 => anything()], authorization(&service));
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 2_000, ..ProptestConfig::default() });
    let mut statuses = std::collections::BTreeSet::new();
    let statuses_seen = std::cell::RefCell::new(&mut statuses);
    runner
        .run(&requests, |((method, target, body), authorization)| {
            let answer = service.ask(method, &target, authorization, &body);
            let status = answer.status().as_u16();
            statuses_seen.borrow_mut().insert(status);
            let is_the_services = |reason: &str| reason.contains("the service");
            prop_assert!(status < 500 || reason_of(&answer).is_some_and(is_the_services));
            if answer.headers()[header::CONTENT_TYPE] == "application/json" {
                // Read as Python does: a `NaN` in the request comes back as `NaN`.
                prop_assert!(crate::python::json::read(answer.body()).is_ok());
            }
            prop_assert!(status < 400 || reason_of(&answer).is_some(), "a refusal without a reason");
            Ok(())
        })
        .unwrap();
    for status in [200, 201, 308, 400, 401, 403, 404, 405, 500] {
        assert!(statuses.contains(&status), "the requests never led to {status}: {statuses:?}");
    }
}
