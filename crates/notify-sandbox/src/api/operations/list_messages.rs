//! `GET /v2/notifications`: the messages sent with keys of the caller's type, newest first.

use percent_encoding::AsciiSet;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::account::mailbox::Filter;
use crate::wire::database;
use crate::wire::query::{self, Query};
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::MessageType;

use super::{Call, send};
use crate::wire::request::RequestExt;

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("status", Kind::ListOf(STATUSES)),
        Property("template_type", Kind::ListOf(&["sms", "email", "letter"])),
        Property("include_jobs", Kind::OneOf(&["true", "True"])),
        Property("older_than", Kind::Id),
    ]),
    Rule::NoOthers,
];

const STATUSES: &[&str] = &[
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
];

/// The parameters that may be given more than once.
const LISTS: &[&str] = &["status", "template_type"];

const PATH: &str = "/v2/notifications";

/// Where this page is, and where the next. A page with anything on it has a next one, if perhaps an empty one.
#[derive(Serialize)]
pub(crate) struct Links {
    pub(crate) current: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

pub(crate) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    let query = call.request.parameters().with_lists_only_for(LISTS);
    validate::check(&query.to_value(LISTS), SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    page(call, &query, None, true, query::ESCAPED)
}

/// The page that a query asks for, checked before. Its links escape these characters.
pub(crate) fn page(
    call: &Call<'_>,
    query: &Query,
    template: Option<Uuid>,
    include_jobs: bool,
    escapes: &'static AsciiSet,
) -> Result<Response, Refusal> {
    let types: Vec<MessageType> = query.all("template_type").filter_map(message_type).collect();
    let statuses: Vec<&str> = query.all("status").collect();
    send::check_no_nul(query.first("reference").unwrap_or_default())?;
    let filter = Filter {
        key_type: call.caller.key().key_type,
        types: &types,
        statuses: &statuses,
        reference: query.first("reference"),
        template,
        include_jobs,
        older_than: query.first("older_than").map(database::id).transpose()?,
    };
    let base = call.request.base_url();
    let messages = call.service().mailbox.page(&filter, call.timing);
    let link = |query: &Query| query.link_escaping(base, PATH, escapes);
    let next = messages.last().map(|last| link(&query.clone().with("older_than", last.id.to_string())));
    let links = Links { current: link(query), next };
    let views: Vec<_> =
        messages.iter().map(|message| call.service().dialect.view(message, base, call.timing)).collect();
    Ok(response::json(200, &json!({ "notifications": views, "links": links })))
}

fn message_type(word: &str) -> Option<MessageType> {
    [MessageType::Sms, MessageType::Email, MessageType::Letter].into_iter().find(|one| one.as_str() == word)
}
