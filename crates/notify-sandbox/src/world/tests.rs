use super::*;

#[test]
fn the_built_in_world_has_a_key_and_a_template_of_each_type() {
    let world = World::built_in();
    let service = &world.services[0];
    for key_type in [KeyType::Live, KeyType::Team, KeyType::Test] {
        assert!(service.api_keys.iter().any(|key| key.key_type == key_type));
    }
    for message_type in [MessageType::Sms, MessageType::Email, MessageType::Letter] {
        assert!(
            service.templates.iter().any(|one| one.message_type == message_type && one.body.contains("(("))
        );
    }
}

#[test]
fn a_world_may_begin_with_a_byte_order_mark() {
    let text = include_str!("built_in.json");
    assert!(World::from_json(&format!("\u{feff}{text}")).is_ok());
}

#[test]
fn a_world_without_services_or_with_repeated_ids_is_refused() {
    assert!(matches!(World::from_json("{}"), Err(WorldError::Malformed(_))));
    assert!(matches!(World::from_json(r#"{"services": []}"#), Err(WorldError::Empty)));
    let twice = r#"{"services": [{"id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11"}, {"id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11"}]}"#;
    let error = World::from_json(twice).unwrap_err().to_string();
    assert_eq!(error, "services[1]: another one has the same id");
}

#[test]
fn what_is_left_out_is_the_same_each_time_and_each_has_its_own() {
    let text = r#"{"services": [{}, {"sms_senders": [{"sms_sender": "A"}, {"sms_sender": "A"}]}]}"#;
    let (one, other) = (World::from_json(text).unwrap(), World::from_json(text).unwrap());
    let text = |world: &World| serde_json::to_string(world).unwrap();
    assert_eq!(text(&one), text(&other));
    assert_ne!(one.services[0].id, one.services[1].id);
    let senders = &one.services[1].sms_senders;
    assert_ne!(senders[0].id, senders[1].id);
    assert_ne!(one.services[0].api_keys[0].secret, one.services[1].api_keys[0].secret);
}

#[test]
fn errors_say_where_and_what_was_meant() {
    let error = |text: &str| World::from_json(text).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"services": [{"api_keys": [{"nmae": "x", "type": "live"}]}]}"#),
        "services[0].api_keys[0]: there is no field `nmae`; did you mean `name`?"
    );
    assert_eq!(error(r#"{"servces": []}"#), "there is no field `servces`; did you mean `services`?");
    assert_eq!(error(r#"{"services": [[]]}"#), "services[0]: a list stands where an object should");
    assert!(error("{\n  nothing").starts_with("this is not JSON: "));
    assert!(error("{\"services\": [{}]} and more").starts_with("this is not JSON: "));
    assert_eq!(
        error(r#"{"services": [{"name": "x", "team": [], "name": "y"}]}"#),
        "services[0]: the field `name` stands here twice"
    );
    assert_eq!(error(r#"{"services": [{}], "services": []}"#), "the field `services` stands here twice");
}

#[test]
fn errors_name_types_as_json_does() {
    for (text, error) in [
        ("null", "invalid type: null, expected an object"),
        (r#"{"services": {}}"#, "services: invalid type: an object, expected a list"),
        (r#"{"services": ["x"]}"#, "services[0]: invalid type: string \"x\", expected an object"),
        (
            r#"{"services": [{"sms_message_limit": -1}]}"#,
            "services[0].sms_message_limit: invalid value: integer `-1`, expected a whole number, 0 or more",
        ),
        (
            r#"{"services": [{"templates": [{"name": "x", "type": "sms", "body": null}]}]}"#,
            "services[0].templates[0].body: invalid type: null, expected a string",
        ),
    ] {
        assert_eq!(World::from_json(text).unwrap_err().to_string(), error);
    }
}

#[test]
fn what_a_service_could_not_be_made_of_is_refused_with_its_place() {
    let error = |service: &str| {
        let world = World::from_json(&format!(r#"{{"services": [{{}}, {service}]}}"#));
        world.err().map(|error| error.to_string())
    };
    let id = "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11";
    for (service, problem) in [
        (
            r#"{"templates": [{"name": "x", "type": "email", "body": "b"}]}"#,
            "services[1].templates[0]: an email template needs a subject",
        ),
        (
            r#"{"templates": [{"name": "x", "type": "letter", "subject": " ", "body": "b"}]}"#,
            "services[1].templates[0]: a letter template needs a subject",
        ),
        (
            r#"{"templates": [{"name": "", "type": "sms", "body": "b"}]}"#,
            "services[1].templates[0]: a template needs a name",
        ),
        (
            r#"{"templates": [{"name": "x", "type": "sms", "body": "b", "version": 0}]}"#,
            "services[1].templates[0]: the first version is 1",
        ),
        (
            &format!(
                r#"{{"templates": [{{"name": "x", "type": "letter", "subject": "s", "body": "b", "letter_contact_id": "{id}"}}]}}"#
            ),
            "services[1].templates[0]: the service has no letter contact with the id in `letter_contact_id`",
        ),
        (
            &format!(
                r#"{{"templates": [{{"name": "x", "type": "sms", "body": "b", "template_category_id": "{id}"}}]}}"#
            ),
            "services[1].templates[0]: the world has no category with the id in `template_category_id`",
        ),
        (
            r#"{"templates": [{"name": "x", "type": "sms", "body": "b", "created_at": "2026-02-30T10:00:00Z"}]}"#,
            "services[1].templates[0]: `created_at` is not a time such as 2026-11-23T10:37:19Z",
        ),
        (
            r#"{"templates": [{"name": "x", "type": "sms", "body": "b", "updated_at": "yesterday"}]}"#,
            "services[1].templates[0]: `updated_at` is not a time such as 2026-11-23T10:37:19Z",
        ),
        (
            r#"{"templates": [{"name": "x", "type": "sms", "body": "b",
                "created_at": "2026-11-23T10:00:00Z", "updated_at": "2026-11-23T10:30:00+01:00"}]}"#,
            "services[1].templates[0]: `updated_at` is before `created_at`",
        ),
        (
            &received(r#""created_at": "2026-13-01T10:00:00Z""#),
            "services[1].received_texts[0].created_at: this is not a time such as 2026-11-23T10:37:19Z",
        ),
        (
            &received(r#""user_number": "Kim Smith & Sons""#),
            "services[1].received_texts[0]: `user_number` is neither a number such as 447900900123 nor a name such as BANK",
        ),
        (
            &received(r#""service_id": "6f1d2c3b-4a59-4687-9b0a-c1d2e3f40516""#),
            "services[1].received_texts[0]: `service_id` is not the id of the service in which it stands",
        ),
        (
            r#"{"permissions": ["email", "smss"]}"#,
            "services[1].permissions[1]: there is no permission `smss`; did you mean `sms`?",
        ),
        (
            r#"{"callbacks": [{"kind": "complaint", "url": "ftp://127.0.0.1/", "bearer_token": "1234567890"}]}"#,
            "services[1].callbacks[0]: the URL has to begin with http",
        ),
        (
            r#"{"callbacks": [{"kind": "complaint", "url": "http://127.0.0.1/", "bearer_token": "12345"}]}"#,
            "services[1].callbacks[0]: a bearer token has at least ten characters, all of them visible ones of ASCII",
        ),
        (
            r#"{"callbacks": [{"kind": "complaint", "url": "http://127.0.0.1/", "bearer_token": "1234567890\r\nX: y"}]}"#,
            "services[1].callbacks[0]: a bearer token has at least ten characters, all of them visible ones of ASCII",
        ),
        (
            &format!(
                r#"{{"sms_senders": [{{"id": "{id}", "sms_sender": "A"}}, {{"id": "{id}", "sms_sender": "B"}}]}}"#
            ),
            "services[1].sms_senders[1]: another one has the same id",
        ),
        (
            &format!(r#"{{"email_reply_to": [{{"id": "{id}"}}, {{"id": "{id}"}}]}}"#),
            "services[1].email_reply_to[1]: another one has the same id",
        ),
    ] {
        assert_eq!(error(service).as_deref(), Some(problem), "{service}");
    }
    assert_eq!(error(r#"{"permissions": ["email_auth", "something_of_their_own"]}"#), None);
}

#[test]
fn secrets_do_not_show() {
    let world = World::built_in();
    let shown = format!("{world:?}");
    assert!(world.services[0].api_keys.iter().all(|key| !shown.contains(&key.secret)));
}

const SERVICE: &str = "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a12";

/// A service that has received a text with this field.
fn received(field: &str) -> String {
    let mut text = serde_json::json!({
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "created_at": "2026-11-23T10:00:00Z",
        "service_id": SERVICE,
        "notify_number": "07700900000",
        "user_number": "447900900123",
        "content": "",
    });
    let field: serde_json::Map<String, Value> = serde_json::from_str(&format!("{{{field}}}")).unwrap();
    text.as_object_mut().unwrap().extend(field);
    serde_json::json!({ "id": SERVICE, "received_texts": [text] }).to_string()
}

#[test]
fn a_text_that_was_received_may_be_empty_and_have_a_time_without_a_zone() {
    let world = |field: &str| World::from_json(&format!(r#"{{"services": [{}]}}"#, received(field)));
    assert!(world(r#""content": """#).is_ok() && world(r#""user_number": "BANK""#).is_ok());
    let naive = world(r#""created_at": "2026-11-23T11:35:04.607518""#).unwrap();
    let zoned = world(r#""created_at": "2026-11-23T12:35:04.607518+01:00""#).unwrap();
    let time = |world: &World| world.services[0].received_texts[0].created_at.to_string();
    assert_eq!((time(&naive), time(&zoned)), (time(&zoned), "2026-11-23T11:35:04.607518Z".to_owned()));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_name() {
    let folder = std::env::temp_dir().join(format!("notify-world-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("world.json");
    for (text, problem) in [
        (r#"{"services": []}"#, "a world needs at least one service"),
        (r#"{"servces": []}"#, "there is no field `servces`; did you mean `services`?"),
        ("{", "this is not JSON: EOF while parsing an object at line 1 column 1"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = World::load(&file).unwrap_err();
        assert_eq!(error.to_string(), format!("{} is not a world", file.display()));
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), problem);
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let error = World::load(&file).unwrap_err().to_string();
    assert!(error.starts_with("cannot read the world ") && error.contains("world.json"), "{error}");
}
