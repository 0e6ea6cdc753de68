//! `notify outbox doubt`

use notify_outbox::{Decision, Store as _, Undecided};
use serde_json::{Value, json};

use super::print_value;
use super::store::{AnyStore, failed};
use crate::args::{DoubtArgs, DoubtVerb, Format, Options, StoreLocation};
use crate::exit::{CommandError, ExitStatus};
use crate::output::table::{Cell, Table, screen};
use crate::output::time::second;
use crate::output::{print, print_styled, value};

/// How many are listed by default.
const LISTED: usize = 1_000;

/// Lists what a person has to decide, or carries out a decision.
pub(super) async fn run(
    args: DoubtArgs,
    place: &StoreLocation,
    options: &Options,
) -> Result<(), CommandError> {
    let store = AnyStore::open_to_look(place).await?;
    let (reference, decision, done) = match args.verb {
        None => return list(&store, LISTED, options.format()).await,
        Some(DoubtVerb::List { limit }) => return list(&store, limit, options.format()).await,
        Some(DoubtVerb::Sent { reference, id }) => {
            let id = id.map(|id| id.to_string()).unwrap_or_default();
            (reference, Decision::Sent { id }, "it counts as sent")
        }
        Some(DoubtVerb::NotSent { reference, give_up: false }) => {
            (reference, Decision::SendAgain, "it is ready, to be sent")
        }
        Some(DoubtVerb::NotSent { reference, give_up: true }) => {
            (reference, Decision::GiveUp, "it is given up, and will not be sent")
        }
    };
    if !store.decide(&reference, decision).await.map_err(failed)? {
        let error = anyhow::anyhow!("no message with this reference is in doubt");
        return Err(
            CommandError::new(ExitStatus::Refused, error).help("`notify outbox doubt` lists those that are")
        );
    }
    match options.format() {
        Format::Text => print_styled(&format!("{done}\n")),
        format => {
            let columns = &[("reference", "/reference"), ("result", "/result")];
            print_value(format, &json!({ "reference": reference, "result": done }), columns)
        }
    }
}

async fn list(store: &AnyStore, limit: usize, format: Format) -> Result<(), CommandError> {
    let undecided = store.undecided(limit).await.map_err(failed)?;
    let object = |message: &Undecided| {
        json!({
            "reference": message.reference,
            "sent_by": second(message.sent_by),
            "reason": message.reason,
        })
    };
    match format {
        Format::Text if undecided.is_empty() => print_styled("nothing to decide\n"),
        Format::Text => {
            let rows: Vec<[Cell; 3]> = undecided
                .iter()
                .map(|message| {
                    [
                        Cell::new(&message.reference),
                        Cell::new(second(message.sent_by)),
                        Cell::new(&message.reason),
                    ]
                })
                .collect();
            let table = Table::new(["reference", "sent at the latest", "why you have to decide"], screen())
                .rows(&rows);
            print_styled(&format!(
                "{table}\nLook for each on the service's website. Then: notify outbox doubt sent REFERENCE, \
                 or notify outbox doubt not-sent REFERENCE [--give-up]\n"
            ))
        }
        format => {
            let objects: Vec<Value> = undecided.iter().map(object).collect();
            let columns = &[("reference", "/reference"), ("sent_by", "/sent_by"), ("reason", "/reason")];
            print(value::list(format, "messages", &objects, columns)?.as_bytes())
        }
    }
}
