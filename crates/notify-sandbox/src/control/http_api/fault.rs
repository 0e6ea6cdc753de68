//! Faults in JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, Result};
use crate::faults::{Effect, ErrorResponse, Fault, FaultAction};
use crate::python::id;

/// A fault as a request describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    fault: FaultName,
    /// Of `answer`.
    status: Option<u16>,
    /// Of `delay`: how long; of `drip`: before each byte.
    seconds: Option<f64>,
    /// Whether the request takes effect, of `drop` and `answer`.
    effect: Option<EffectName>,
    /// Of the effect `late`: how much.
    late_seconds: Option<f64>,
    #[serde(default = "any")]
    method: String,
    #[serde(default = "any")]
    path: String,
    to: Option<String>,
    template: Option<String>,
    next: Option<u32>,
    share: Option<f64>,
    #[serde(default)]
    seed: u64,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum FaultName {
    Delay,
    Drop,
    Answer,
    CutBody,
    Drip,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum EffectName {
    None,
    Done,
    Late,
}

fn any() -> String {
    "*".to_owned()
}

pub(super) fn read(request: &FaultRequest) -> Result<Fault> {
    let mut fault = match request.fault {
        FaultName::Delay => Fault::delay(seconds("seconds", request.seconds)?),
        FaultName::Drop => Fault::drop_connection(),
        FaultName::Answer => {
            let response = request.status.and_then(ErrorResponse::from_status);
            Fault::respond(response.ok_or_else(|| malformed("status has to be 429, 500, 502, 503 or 504"))?)
        }
        FaultName::CutBody => Fault::cut_body(),
        FaultName::Drip => Fault::drip(seconds("seconds", request.seconds)?),
    };
    if request.status.is_some() && request.fault != FaultName::Answer {
        return Err(malformed("only the fault answer has a status"));
    }
    if request.effect.is_some() && !matches!(request.fault, FaultName::Drop | FaultName::Answer) {
        return Err(malformed("only the faults drop and answer have a say in the effect"));
    }
    match request.effect {
        Some(EffectName::Done) => fault = fault.after_effect(),
        Some(EffectName::Late) => {
            fault = fault.committed_late(seconds("late_seconds", request.late_seconds)?);
        }
        Some(EffectName::None) | None => {}
    }
    if let Some(chance) = request.share {
        if !(0.0..=1.0).contains(&chance) {
            return Err(malformed("share has to be from 0 to 1"));
        }
        fault = fault.share(chance, request.seed);
    }
    if let Some(recipient) = &request.to {
        if recipient.trim().is_empty() {
            return Err(malformed("to has to be a recipient"));
        }
        fault = fault.to(recipient);
    }
    if let Some(template) = &request.template {
        let template = id::parse(template).ok_or_else(|| malformed("template has to be an id"))?;
        fault = fault.of_template(&template.to_string());
    }
    if let Some(count) = request.next {
        if count == 0 {
            return Err(malformed("next has to be 1 or more"));
        }
        fault = fault.next(count);
    }
    Ok(fault.on_method(&request.method.to_ascii_uppercase()).on_path(&request.path))
}

fn seconds(name: &str, seconds: Option<f64>) -> Result<Duration> {
    let seconds = seconds.ok_or_else(|| malformed(&format!("{name} is missing")))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| malformed(&format!("{name}: {error}")))
}

fn malformed(why: &str) -> RequestError {
    RequestError::Malformed(why.to_owned())
}

/// A fault that is not used up.
pub(super) fn show(fault: &Fault) -> Value {
    let mut shown = match fault.action {
        FaultAction::Delay(span) => json!({ "fault": "delay", "seconds": span.as_secs_f64() }),
        FaultAction::Drop => json!({ "fault": "drop" }),
        FaultAction::Respond(response) => json!({ "fault": "answer", "status": response.status() }),
        FaultAction::CutBody => json!({ "fault": "cut-body" }),
        FaultAction::Drip(pause) => json!({ "fault": "drip", "seconds": pause.as_secs_f64() }),
    };
    if matches!(fault.action, FaultAction::Drop | FaultAction::Respond(_)) {
        shown["effect"] = json!(match fault.effect {
            Effect::No => "none",
            Effect::Yes => "done",
            Effect::Late(_) => "late",
        });
    }
    if let Effect::Late(span) = fault.effect {
        shown["late_seconds"] = json!(span.as_secs_f64());
    }
    shown["method"] = json!(fault.method.as_deref().unwrap_or("*"));
    shown["path"] = json!(fault.path.as_deref().unwrap_or("*"));
    shown["to"] = json!(fault.to);
    shown["template"] = json!(fault.template);
    shown["next"] = json!(fault.left);
    shown["share"] = json!(fault.share.as_ref().map(|share| share.chance));
    shown
}
