//! `GET /v2/received-text-messages`: what people sent to the service, newest first, whatever the key.

use std::sync::Arc;

use serde::Serialize;

use crate::wire::database;
use crate::wire::query::Query;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

use super::Call;
use super::list_messages::Links;
use crate::wire::request::RequestExt;
use crate::world::ReceivedText;

pub(crate) const SCHEMA: &Schema =
    &[Rule::Object, Rule::Properties(&[Property("older_than", Kind::Id)]), Rule::NoOthers];

const PATH: &str = "/v2/received-text-messages";

#[derive(Serialize)]
struct Page<'a> {
    received_text_messages: Vec<&'a ReceivedText>,
    links: Links,
}

pub(crate) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    let query = call.request.parameters();
    validate::check(&query.to_value(&[]), SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let older_than = query.first("older_than").map(database::id).transpose()?;
    let texts = call.service().inbox.page(older_than, call.timing.now);
    let base = call.request.base_url();
    let after =
        |last: &Arc<ReceivedText>| Query::default().with("older_than", last.id.to_string()).link(base, PATH);
    let page = Page {
        received_text_messages: texts.iter().map(AsRef::as_ref).collect(),
        // The link to this page does not say which page it is.
        links: Links { current: Query::default().link(base, PATH), next: texts.last().map(after) },
    };
    Ok(response::serialised(200, &page))
}
