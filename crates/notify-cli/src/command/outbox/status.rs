//! `notify outbox status`

use std::time::Duration;

use notify_outbox::{Activity, Counts, Maintenance as _, Store as _};
use serde_json::json;

use super::store::{AnyStore, failed};
use super::{now, print_value};
use crate::args::{Format, Options, StoreLocation};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::fields::Fields;
use crate::output::print_styled;
use crate::output::style::{BAD, PLAIN, WAITING};

/// The columns of the row.
const COLUMNS: Columns = &[
    ("ready", "/ready"),
    ("postponed", "/postponed"),
    ("in_flight", "/in_flight"),
    ("in_doubt", "/in_doubt"),
    ("for_person", "/for_person"),
    ("sent", "/sent"),
    ("failed", "/failed"),
    ("oldest_seconds", "/oldest_seconds"),
    ("sent_last_minute", "/sent_last_minute"),
];

/// Shows the state of an outbox.
pub(super) async fn run(place: &StoreLocation, options: &Options) -> Result<(), CommandError> {
    let store = AnyStore::open_to_look(place).await?;
    let counts = store.counts(now()).await.map_err(failed)?;
    let activity = store.activity().await.map_err(failed)?;
    match options.format() {
        Format::Text => print_styled(&text(counts, activity)),
        format => print_value(
            format,
            &json!({
                "ready": counts.ready,
                "postponed": counts.postponed,
                "in_flight": counts.in_flight,
                "in_doubt": counts.in_doubt,
                "for_person": counts.for_person,
                "sent": counts.sent,
                "failed": counts.failed,
                "oldest_seconds": activity.oldest.map(|age| age.as_secs()),
                "sent_last_minute": activity.sent_last_minute,
            }),
            COLUMNS,
        ),
    }
}

fn text(counts: Counts, activity: Activity) -> String {
    let if_any = |count: u64, style| if count == 0 { PLAIN } else { style };
    let person = match counts.for_person {
        0 => "0".to_owned(),
        count => format!("{count}; `notify outbox doubt` lists them"),
    };
    let failed = match counts.failed {
        0 => "0".to_owned(),
        count => format!("{count}; `notify outbox list --state failed` says why"),
    };
    Fields::new()
        .field("ready", counts.ready)
        .field("postponed", counts.postponed)
        .field("in flight", counts.in_flight)
        .styled("in doubt", counts.in_doubt, if_any(counts.in_doubt, WAITING))
        .styled("for you to decide", person, if_any(counts.for_person, BAD))
        .field("sent", counts.sent)
        .styled("failed", failed, if_any(counts.failed, BAD))
        .optional("oldest that is open", activity.oldest.map(age))
        .field("sent in the last minute", activity.sent_last_minute)
        .to_string()
}

/// An age, in two units.
fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, ..) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_two_units() {
        for (seconds, told) in
            [(0, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (7_260, "2 h 1 min"), (266_400, "3 d 2 h")]
        {
            assert_eq!(age(Duration::from_secs(seconds)), told);
        }
    }
}
