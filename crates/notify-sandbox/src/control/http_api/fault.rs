//! Faults in JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, Result};
use crate::faults::{Deed, Effect, Failure, Fault};

/// A fault as it is ordered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    fault: Name,
    /// Of `answer`.
    status: Option<u16>,
    /// Of `delay`: how long; of `drip`: before each byte.
    seconds: Option<f64>,
    /// Whether the request takes effect, of `drop` and `answer`.
    effect: Option<When>,
    /// Of the effect `late`: how much.
    late_seconds: Option<f64>,
    #[serde(default = "any")]
    method: String,
    #[serde(default = "any")]
    path: String,
    next: Option<u32>,
    share: Option<f64>,
    #[serde(default)]
    seed: u64,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Delay,
    Drop,
    Answer,
    CutBody,
    Drip,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum When {
    None,
    Done,
    Late,
}

fn any() -> String {
    "*".to_owned()
}

pub(super) fn read(order: &Order) -> Result<Fault> {
    let mut fault = match order.fault {
        Name::Delay => Fault::delay(seconds("seconds", order.seconds)?),
        Name::Drop => Fault::drop_connection(),
        Name::Answer => {
            let failure = order.status.and_then(Failure::from_status);
            Fault::answer(failure.ok_or_else(|| malformed("status has to be 429, 500, 502, 503 or 504"))?)
        }
        Name::CutBody => Fault::cut_body(),
        Name::Drip => Fault::drip(seconds("seconds", order.seconds)?),
    };
    if order.status.is_some() && order.fault != Name::Answer {
        return Err(malformed("only the fault answer has a status"));
    }
    if order.effect.is_some() && !matches!(order.fault, Name::Drop | Name::Answer) {
        return Err(malformed("only the faults drop and answer have a say in the effect"));
    }
    match order.effect {
        Some(When::Done) => fault = fault.after_effect(),
        Some(When::Late) => fault = fault.committed_late(seconds("late_seconds", order.late_seconds)?),
        Some(When::None) | None => {}
    }
    if let Some(chance) = order.share {
        if !(0.0..=1.0).contains(&chance) {
            return Err(malformed("share has to be from 0 to 1"));
        }
        fault = fault.share(chance, order.seed);
    }
    if let Some(count) = order.next {
        fault = fault.next(count);
    }
    Ok(fault.on(&order.method, &order.path))
}

fn seconds(name: &str, seconds: Option<f64>) -> Result<Duration> {
    let seconds = seconds.ok_or_else(|| malformed(&format!("{name} is missing")))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| malformed(&format!("{name}: {error}")))
}

fn malformed(why: &str) -> Refusal {
    Refusal::Malformed(why.to_owned())
}

/// A fault that is not used up.
pub(super) fn show(fault: &Fault) -> Value {
    let mut shown = match fault.deed {
        Deed::Delay(span) => json!({ "fault": "delay", "seconds": span.as_secs_f64() }),
        Deed::Drop => json!({ "fault": "drop" }),
        Deed::Answer(failure) => json!({ "fault": "answer", "status": failure.status() }),
        Deed::CutBody => json!({ "fault": "cut-body" }),
        Deed::Drip(pause) => json!({ "fault": "drip", "seconds": pause.as_secs_f64() }),
    };
    if matches!(fault.deed, Deed::Drop | Deed::Answer(_)) {
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
    shown["next"] = json!(fault.left);
    shown["share"] = json!(fault.share.as_ref().map(|share| share.chance));
    shown
}
