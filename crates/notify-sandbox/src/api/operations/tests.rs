//! What the service says of bodies and queries that do not match the schemas of its operations.

use super::*;
use crate::python::json;
use crate::time::Timestamp;
use crate::wire::validate::{Schema, check};

fn messages(json: &str, schema: &Schema) -> Vec<String> {
    let value = json::read(json.as_bytes()).unwrap();
    let errors = check(&value, schema, Timestamp::now()).err().unwrap_or_default();
    errors.iter().map(|error| error.message().to_owned()).collect()
}

#[test]
fn errors_come_in_the_order_of_the_schema_not_of_the_body() {
    let body = r#"{"zed": 1, "sms_sender_id": 2, "phone_number": 3, "reference": 4, "It's": 5}"#;
    assert_eq!(
        messages(body, send_sms::SCHEMA),
        [
            "reference 4 is not of type string",
            "phone_number 3 is not of type string",
            "sms_sender_id is not a valid UUID",
            "template_id is a required property",
            "Additional properties are not allowed (\"Its\", zed were unexpected)",
        ]
    );
}

#[test]
fn the_same_message_is_not_given_twice() {
    assert_eq!(messages(r#"{"status": ["x", "x"]}"#, list_messages::SCHEMA).len(), 1);
}

#[test]
fn hints_name_fields_and_rules_but_no_values() {
    let value =
        json::read(br#"{"phone_number": 7700900123, "reference": [7700900123], "x7700900123": 1}"#).unwrap();
    for error in check(&value, send_sms::SCHEMA, Timestamp::now()).unwrap_err() {
        assert!(!error.hint().contains("7700900123"), "{}", error.hint());
    }
}
