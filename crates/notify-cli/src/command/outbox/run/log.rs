//! What a run reports while it goes on: what people need to know on stderr, or everything as lines or rows on stdout.

use std::error::Error;

use notify_outbox::Event;
use serde_json::{Value, json};
use uuid::Uuid;

use super::say;
use crate::output::csv::Columns;
use crate::output::text::escape;
use crate::output::value::Stream;

/// The columns of an event.
pub(super) const COLUMNS: Columns = &[
    ("event", "/event"),
    ("reference", "/reference"),
    ("id", "/id"),
    ("was_found", "/was_found"),
    ("is_new", "/is_new"),
    ("reason", "/reason"),
    ("not_before", "/not_before"),
    ("count", "/count"),
    ("seconds", "/seconds"),
    ("address", "/address"),
    ("sent", "/sent"),
    ("failed", "/failed"),
    ("open", "/open"),
    ("for_person", "/for_person"),
];

pub(super) struct Log(Option<Stream>);

impl Log {
    /// Prints every event to this stream, or tells people what they need to know.
    pub(super) const fn new(events: Option<Stream>) -> Self {
        Self(events)
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        if let Some(events) = self.0 {
            // If stdout is closed, the messages go on all the same.
            let _ = events.print(&object(event));
        } else if let Some(line) = line(event) {
            say(&escape(&line));
        }
    }
}

/// A line for people, if they have to know.
fn line(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Failed { reference, reason } => format!("refused{}: {reason}", shown(reference)),
        Event::NeedsPerson { reference, reason } => {
            format!("for you to decide{}: {reason}", shown(reference))
        }
        Event::Forgotten { count } => {
            format!("for you to decide: {count} messages that the service may have forgotten by now")
        }
        Event::Blocked { reason, time } => {
            format!("nothing is sent for {:.1} s: {reason}", time.as_secs_f64())
        }
        Event::StoreFailed { error } => chain(error),
        _ => return None,
    })
}

/// A random reference identifies nobody; one that a person chose might.
fn shown(reference: &str) -> String {
    if Uuid::try_parse(reference).is_ok() { format!(" ({reference})") } else { String::new() }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn object(event: &Event<'_>) -> Value {
    match event {
        Event::Sent { reference, id, was_found } => {
            json!({ "event": "sent", "reference": reference, "id": id, "was_found": was_found })
        }
        Event::Failed { reference, reason } => {
            json!({ "event": "failed", "reference": reference, "reason": reason })
        }
        Event::Postponed { reference, not_before } => {
            json!({ "event": "postponed", "reference": reference, "not_before": not_before })
        }
        Event::InDoubt { reference, is_new } => {
            json!({ "event": "in_doubt", "reference": reference, "is_new": is_new })
        }
        Event::Absent { reference } => json!({ "event": "absent", "reference": reference }),
        Event::NeedsPerson { reference, reason } => {
            json!({ "event": "for_person", "reference": reference, "reason": reason })
        }
        Event::Forgotten { count } => json!({ "event": "forgotten", "count": count }),
        Event::WithoutEffect { .. } => json!({ "event": "without_effect" }),
        Event::Blocked { reason, time } => {
            json!({ "event": "blocked", "reason": reason, "seconds": time.as_secs_f64() })
        }
        Event::StoreFailed { error } => json!({ "event": "store_failed", "reason": chain(error) }),
        _ => json!({ "event": "other" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_that_a_person_chose_is_not_logged() {
        let told = |reference| line(&Event::Failed { reference, reason: "no such template" }).unwrap();
        assert_eq!(told("kim-smith"), "refused: no such template");
        let random = "740e5834-3a29-46b4-9a6f-16142fde533a";
        assert_eq!(told(random), format!("refused ({random}): no such template"));
        // Whoever asks for everything gets the reference, too.
        assert_eq!(
            object(&Event::InDoubt { reference: "kim-smith", is_new: true })["reference"],
            "kim-smith"
        );
    }
}
