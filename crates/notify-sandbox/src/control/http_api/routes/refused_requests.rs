//! The routes of the requests that the service refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{PAGE_SIZE, done, ok};
use crate::control::ControlError;
use crate::control::http_api::{Call, ControlApi, RequestError, Result};
use crate::wire::request::RequestExt;
use crate::wire::response::Response;

pub(super) fn list(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let query = call.request.parameters();
    let number = |name: &str| {
        let text = query.first(name);
        let parsed = text.map(str::parse::<u64>).transpose();
        parsed.map_err(|_| RequestError::Malformed(format!("{name} is not a number")))
    };
    let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_SIZE);
    let requests = api.control.app.refused.list(number("older_than")?, limit);
    let requests: Vec<_> = requests.iter().map(Arc::as_ref).collect();
    ok(&BTreeMap::from([("refused_requests", requests)]))
}

pub(super) fn show(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let found = call.parameter(0).parse().ok().and_then(|id| api.control.app.refused.get(id));
    ok(&*found.ok_or(ControlError::NoSuchRefusedRequest)?)
}

pub(super) fn clear(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.app.refused.clear();
    done()
}
