//! The routes of the sandbox as a whole: what it is, its clock, its faults, its magic recipients.

use serde_json::{Value, json};

use super::{created, done, ok};
use crate::app::magic;
use crate::control::http_api::{Call, ControlApi, Result, clock, fault};
use crate::wire::response::Response;

pub(super) fn overview(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let services: Vec<Value> = api
        .control
        .services()
        .into_iter()
        .map(|service| json!({ "id": service.id, "name": service.name }))
        .collect();
    ok(&json!({
        "sandbox": env!("CARGO_PKG_VERSION"),
        "url": api.base,
        "clock": clock::show(api.control.clock()),
        "services": services,
    }))
}

pub(super) fn reset(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.reset()?;
    done()
}

pub(super) fn add_inbox_link(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    created(&json!({ "url": api.access.link(&api.base) }))
}

pub(super) fn show_clock(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    ok(&clock::show(api.control.clock()))
}

pub(super) fn change_clock(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    clock::change(api.control.clock(), &call.read()?)?;
    show_clock(api, call)
}

pub(super) fn faults(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let faults: Vec<Value> = api.control.faults().iter().map(fault::show).collect();
    ok(&json!({ "faults": faults }))
}

pub(super) fn inject_fault(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let fault = fault::read(&call.read()?)?;
    let shown = fault::show(&fault);
    api.control.inject_fault(fault);
    created(&shown)
}

pub(super) fn clear_faults(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    api.control.clear_faults();
    done()
}

pub(super) fn magic_recipients(_: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let shown = magic::OUTCOMES.iter().map(|outcome| {
        json!({
            "outcome": outcome.name,
            "meaning": outcome.meaning,
            "email_address": outcome.email_address(),
            "phone_numbers": outcome.phone_numbers(),
        })
    });
    ok(&json!({ "magic_recipients": shown.collect::<Vec<_>>() }))
}
