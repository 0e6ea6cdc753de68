//! Characters of text messages: what arrives, and what it costs, compared with the service's own code.

use notify_sandbox::{DEFAULT_STEP, Sandbox, World};
use notify_testkit::wire;
use serde_json::{Value, json};

use crate::fixture::{NUMBER, exchange, json, request};

const TEXT: &str = "6f1d2c3b-4a59-4687-9b0a-c1d2e3f40516";

/// How many characters go into one message of a test.
const AT_ONCE: usize = 4_096;

/// A sandbox whose template is a single placeholder, with a frozen clock.
fn sandbox() -> Sandbox {
    let world = json!({"services": [{
        "id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11",
        "name": "Characters",
        "permissions": ["sms"],
        "api_keys": [{"name": "ci", "type": "live", "secret": "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b"}],
        "templates": [{"id": TEXT, "name": "t", "type": "sms", "body": "((text))"}],
    }]});
    let world = World::from_json(&world.to_string()).unwrap();
    let sandbox = Sandbox::builder().world(world).without_limits().start().unwrap();
    sandbox.clock().freeze();
    sandbox
}

fn post(sandbox: &Sandbox, target: &str, body: &Value) -> (u16, Value) {
    let answer = exchange(sandbox, &request(sandbox, "POST", target, body)).unwrap();
    (answer.status, json(&answer))
}

fn preview(sandbox: &Sandbox, text: &str) -> (u16, Value) {
    let body = json!({"personalisation": {"text": text}});
    post(sandbox, &format!("/v2/template/{TEXT}/preview"), &body)
}

fn send(sandbox: &Sandbox, text: &str) -> (u16, Value) {
    let body = json!({"phone_number": NUMBER, "template_id": TEXT, "personalisation": {"text": text}});
    post(sandbox, "/v2/notifications/sms", &body)
}

#[test]
fn each_character_arrives_as_recorded() {
    let table = wire::table("cases/sms_characters.json").unwrap();
    let (unchanged, replaced) =
        (table["unchanged"].as_str().unwrap(), table["replaced"].as_object().unwrap());
    let recorded = |c: char| match replaced.get(&c.to_string()) {
        Some(other) => other.as_str().unwrap().to_owned(),
        None if unchanged.contains(c) => c.to_string(),
        None => "?".to_owned(),
    };
    // White space is tidied before characters are examined, so on its own it never gets that far.
    let characters: Vec<char> = (' '..='\u{ffff}').filter(|c| !c.is_whitespace()).collect();
    let (failing, passing): (Vec<char>, Vec<char>) =
        characters.into_iter().partition(|c| recorded(*c).starts_with("error "));
    let sandbox = sandbox();
    for characters in passing.chunks(AT_ONCE) {
        let text: String = characters.iter().flat_map(|c| ['z', *c, '|']).collect();
        let (status, answer) = preview(&sandbox, &text);
        assert_eq!(status, 200);
        let expected: Vec<String> = characters.iter().map(|c| format!("z{}|", recorded(*c))).collect();
        let expected = expected.concat();
        let body = answer["body"].as_str().unwrap();
        for ((c, ours), theirs) in characters.iter().zip(body.split('z')).zip(expected.split('z')) {
            assert_eq!(ours, theirs, "before {c:?}");
        }
        assert_eq!(body, expected);
    }
    assert!(!failing.is_empty());
    for c in failing {
        let failure = json!({"status_code": 500, "errors": [{"error": "ValueError", "message": "Internal server error"}]});
        for answer in [preview(&sandbox, &format!("a{c}")), send(&sandbox, &format!("a{c}"))] {
            assert_eq!(answer, (500, failure.clone()), "{c:?}");
        }
    }
}

#[test]
fn texts_are_split_into_fragments_as_recorded() {
    let table = wire::table("cases/sms_fragments.json").unwrap();
    let sandbox = sandbox();
    let mut too_long = 0;
    for case in table["cases"].as_array().unwrap() {
        let (status, answer) = send(&sandbox, case["content"].as_str().unwrap());
        if case["too_long"] == true {
            let message = answer["errors"][0]["message"].as_str().unwrap();
            let count = format!("Your message is {} characters long.", case["characters"]);
            assert!(status == 400 && message.ends_with(&count), "{message} {case}");
            too_long += 1;
            continue;
        }
        assert_eq!((status, &answer["content"]["body"]), (201, &case["sent"]), "{case}");
        sandbox.clock().advance(DEFAULT_STEP);
        let target = format!("/v2/notifications/{}", answer["id"].as_str().unwrap());
        let message = exchange(&sandbox, &request(&sandbox, "GET", &target, &Value::Null)).unwrap();
        let details = &json(&message)["cost_details"];
        assert_eq!(details["billable_sms_fragments"], case["fragments"], "{case}");
    }
    assert!(too_long > 0);
}
