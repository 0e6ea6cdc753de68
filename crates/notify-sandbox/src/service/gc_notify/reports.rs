//! `/v2/reports`: what was sent, as a file that is made in the background. The sandbox accepts the request but makes no
//! file.

use http::header;
use serde_json::json;
use uuid::Uuid;

use super::checks;
use crate::api::operations::Call;
use crate::python::json::{Object, Value};
use crate::wire::database;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::request::RequestExt as _;
use crate::wire::response::{self, Response, ResponseExt as _};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

/// The permission that a key needs.
const PERMISSION: &str = "manage_reports";

const REQUEST: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("report_type", Kind::TextOneOf(&["sms", "email", "job"])),
        Property("language", Kind::TextOneOf(&["en", "fr"])),
        Property("job_id", Kind::Id),
        Property("notification_statuses", Kind::List),
    ]),
    Rule::Required(&["report_type", "language"]),
    Rule::NoOthers,
];

const LIST: &Schema = &[Rule::Object, Rule::Properties(&[Property("older_than", Kind::Id)]), Rule::NoOthers];

const READ: &Schema = &[Rule::Properties(&[Property("report_id", Kind::Id)])];

pub(super) fn request(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let form = checks::json_or_exception(call)?;
    let mut errors = validate::check(&form, REQUEST, call.timing.now).err().unwrap_or_default();
    let is_job =
        form.as_object().and_then(|form| form.get("report_type")).and_then(Value::as_str) == Some("job");
    if is_job && !form.as_object().is_some_and(|form| form.contains("job_id")) {
        errors.push(validate::missing("job_id"));
    }
    if !errors.is_empty() {
        return Err(Refusal::Schema(errors));
    }
    let id = Uuid::new_v4();
    let answer = response::json(202, &json!({ "report_id": id, "status": "requested" }));
    Ok(answer.with_header(header::LOCATION, &format!("/v2/reports/{id}")))
}

pub(super) fn list(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let query = call.request.parameters();
    validate::check(&query.to_value(&[]), LIST, call.timing.now).map_err(Refusal::Schema)?;
    let link = query.with_firsts_only().link(call.request.base_url(), "/v2/reports");
    Ok(response::json(200, &json!({ "reports": [], "links": { "current": link } })))
}

/// What its routes accept as an id.
fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// There is no report whose content could be asked for.
pub(super) fn content(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    if !is_id(&parameters[0]) {
        return Err(CustomRefusal::general(404, response::NO_SUCH_PATH).into());
    }
    check_permission(call)?;
    Err(Refusal::NoResult)
}

pub(super) fn read(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let mut path = Object::EMPTY;
    path.insert("report_id", Value::String(parameters[0].clone()));
    validate::check(&Value::Object(path), READ, call.timing.now).map_err(Refusal::Schema)?;
    database::id(&parameters[0])?;
    Err(Refusal::NoResult)
}

fn check_permission(call: &Call<'_>) -> Result<(), Refusal> {
    if call.caller.key().permissions.iter().any(|permission| permission == PERMISSION) {
        return Ok(());
    }
    let message = "This API key does not have permission to manage reports.";
    Err(CustomRefusal::new(403, "ForbiddenError", message).into())
}
