//! Push messages to an app, which are not stored.

use serde_json::json;

use super::reads;
use crate::api::operations::Call;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

const APPS: &[&str] = &["VA_FLAGSHIP_APP"];

const TO_ONE: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("mobile_app", Kind::TextOneOf(APPS)),
        Property("template_id", Kind::Text),
        Property(
            "recipient_identifier",
            Kind::Parts(&[
                Rule::Properties(&[
                    Property("id_type", Kind::TextOneOf(&["ICN"])),
                    Property("id_value", Kind::Text),
                ]),
                Rule::Required(&["id_type", "id_value"]),
            ]),
        ),
        Property("personalisation", Kind::Object),
    ]),
    Rule::Required(&["template_id", "recipient_identifier"]),
    Rule::NoOthers,
];

const TO_ALL: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("mobile_app", Kind::TextOneOf(APPS)),
        Property("template_id", Kind::Text),
        Property("topic_sid", Kind::Text),
        Property("personalisation", Kind::Object),
    ]),
    Rule::Required(&["template_id", "topic_sid"]),
    Rule::NoOthers,
];

pub(super) fn to_one(call: &Call<'_>) -> Result<Response, Refusal> {
    push(call, TO_ONE)
}

pub(super) fn to_all(call: &Call<'_>) -> Result<Response, Refusal> {
    push(call, TO_ALL)
}

fn push(call: &Call<'_>, schema: &Schema) -> Result<Response, Refusal> {
    if !call.service().has_permission("push") {
        let message = "Service is not allowed to send push notifications";
        return Err(CustomRefusal::new(403, "BadRequestError", message).into());
    }
    let form = reads::json(call)?;
    validate::check(&form, schema, call.timing.now).map_err(Refusal::Schema)?;
    Ok(response::json(201, &json!({ "result": "success" })))
}
