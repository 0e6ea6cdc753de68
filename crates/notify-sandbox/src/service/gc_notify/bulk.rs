//! `POST /v2/notifications/bulk`: many messages at once, as rows or as a spreadsheet.

use serde_json::json;
use uuid::Uuid;

use super::sheet::{MAX_ROWS, Sheet};
use super::{bad_request, checks, csv, iso8601, schema, uncaught};
use crate::api::operations::{Call, send as shared};
use crate::python::id;
use crate::python::json::Value;
use crate::render::content::whitespace;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

const BULK: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("name", Kind::Text),
        Property("template_id", Kind::Id),
        Property("scheduled_for", schema::SCHEDULED_FOR),
        Property("reply_to_id", Kind::IdOrNull),
        Property("reference", Kind::Text),
        Property("rows", Kind::ListBetween(2, MAX_ROWS + 1)),
        Property("csv", Kind::Text),
    ]),
    Rule::Required(&["template_id", "name"]),
    Rule::NoOthers,
];

pub(super) fn send(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
    checks::check_suspended(call)?;
    validate::check(&form, BULK, call.timing.now).map_err(Refusal::Schema)?;
    let given = |name| form.as_object().and_then(|form| form.get(name)).filter(|value| value.is_truthy());
    let (rows, text) = match (given("rows"), given("csv").and_then(Value::as_str)) {
        (Some(Value::Array(rows)), None) => (Some(rows), ""),
        (None, Some(text)) => (None, text),
        _ => return Err(bad_request("You should specify either rows or csv")),
    };
    let template = checks::existing(call, shared::text(&form, "template_id").unwrap_or_default())?.clone();
    checks::check_active(&template)?;
    checks::check_permission(call, template.message_type)?;
    checks::check_rate(call)?;
    let table = match rows {
        Some(rows) => {
            let mut table: Vec<_> = rows.iter().map(cells).collect::<Result<_, _>>()?;
            // Trailing rows of nothing but commas are cut off. A row of one empty cell has quotes.
            let is_nothing = |row: &Vec<String>| {
                *row != [""] && row.iter().all(|cell| cell.trim_matches(whitespace::is_space).is_empty())
            };
            while table.pop_if(|row| is_nothing(row)).is_some() {}
            table
        }
        None => csv::rows(text.trim_matches(|c| c == ',' || whitespace::is_space(c)))
            .map_err(|()| uncaught("Error", "a carriage return stands alone"))?,
    };
    let sheet = Sheet::new(table, &template);
    sheet.check(call, &template)?;
    let reply_to = shared::text(&form, "reply_to_id");
    let sender_id = match (template.message_type, reply_to) {
        (MessageType::Sms, None) => default_sender(call),
        (_, None) => None,
        (MessageType::Sms, Some(id)) => {
            checks::sender(call, Some(id), "sms_sender_id")?;
            id::parse(id)
        }
        (_, Some(id)) => {
            checks::reply_to(call, Some(id), "email_reply_to_id")?;
            id::parse(id)
        }
    };
    let id = Uuid::new_v4();
    let scheduled_for = shared::text(&form, "scheduled_for").filter(|time| !time.is_empty());
    if scheduled_for.is_none() {
        sheet.send(call, &template, id)?;
    }
    let key = call.caller.key();
    let created_at = call.timing.now.to_string().replace('Z', "+00:00");
    let job = json!({
        "id": id,
        "original_file_name": shared::text(&form, "name"),
        "notification_count": sheet.len(),
        "template": template.id,
        "template_version": template.version,
        "template_type": template.message_type.as_str(),
        "service": call.service().id,
        "service_name": { "name": call.service().name },
        "created_by": { "id": NOTIFY_USER, "name": "Notify service user" },
        "created_at": created_at,
        "updated_at": null,
        "job_status": if scheduled_for.is_some() { "scheduled" } else { "pending" },
        "scheduled_for": scheduled_for.and_then(in_utc),
        "processing_started": null,
        "processing_finished": null,
        "archived": false,
        "api_key": { "id": key.id, "name": key.name(), "key_type": key_type(key.key_type) },
        "sender_id": sender_id,
    });
    Ok(response::json(201, &json!({ "data": job })))
}

/// The service's own user, under whose name jobs of the API run.
const NOTIFY_USER: &str = "6af522d0-2915-4e52-83a3-3690455a5fe6";

/// The sender of text messages if the request names none.
fn default_sender(call: &Call<'_>) -> Option<Uuid> {
    let senders = &call.service().config().sms_senders;
    senders.iter().find(|sender| sender.is_default).map(|sender| sender.id)
}

/// What its database calls a type of key.
const fn key_type(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Live => "normal",
        other => other.as_str(),
    }
}

/// The time of a job as it is shown.
fn in_utc(text: &str) -> Option<String> {
    let time = iso8601::parse(text)?.in_utc().to_string();
    Some(time.replace('Z', "+00:00"))
}

/// The cells of a row, as Python writes them into a spreadsheet: the characters of a text, the keys of an object.
fn cells(row: &Value) -> Result<Vec<String>, Refusal> {
    let written = |cell: &Value| if *cell == Value::Null { String::new() } else { cell.to_string() };
    Ok(match row {
        Value::Array(cells) => cells.iter().map(written).collect(),
        Value::String(text) => text.chars().map(String::from).collect(),
        Value::Object(object) => object.keys().map(str::to_owned).collect(),
        other => {
            let name = match other {
                Value::Null => "NoneType",
                Value::Bool(_) => "bool",
                Value::Float(_) => "float",
                _ => "int",
            };
            return Err(bad_request(format!("Error converting to CSV: iterable expected, not {name}")));
        }
    })
}
