//! `notify outbox`

mod doubt;
mod init;
mod list;
mod person;
mod put;
mod run;
mod status;
mod store;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::args::{Format, Options, OutboxArgs, OutboxVerb};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::{print, value};

/// Runs the subcommand.
pub(crate) async fn run(
    OutboxArgs { store, verb }: OutboxArgs,
    options: &Options,
) -> Result<(), CommandError> {
    let place = store::place(store)?;
    match verb {
        OutboxVerb::Init => init::run(&place, options).await,
        OutboxVerb::Put(args) => put::run(args, &place, options).await,
        OutboxVerb::Run(args) => run::run(args, &place, options).await,
        OutboxVerb::Status => status::run(&place, options).await,
        OutboxVerb::List(args) => list::run(args, &place, options).await,
        OutboxVerb::Doubt(args) => doubt::run(args, &place, options).await,
        OutboxVerb::Export(args) => person::export(args, &place, options).await,
        OutboxVerb::Erase(args) => person::erase(args, &place, options).await,
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Prints an object of our own in a format for scripts.
fn print_value(format: Format, value: &Value, columns: Columns) -> Result<(), CommandError> {
    print(value::one(format, value, columns)?.as_bytes())
}
