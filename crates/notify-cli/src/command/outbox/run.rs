//! `notify outbox run`

mod log;
mod metrics;
mod tally;
mod tidy;

use std::io::Write as _;
use std::sync::Arc;

use notify_outbox::{NotifyClient, Store as _, Worker};
use serde_json::json;
use tokio::sync::oneshot;

use super::store::{AnyStore, failed};
use super::{now, print_value};
use crate::args::{Format, Options, RunArgs, StoreLocation};
use crate::exit::{CommandError, ExitStatus, is_json};
use crate::interrupt::Interrupt;
use crate::output::print_styled;
use crate::output::style::FAINT;
use crate::output::value::Stream;
use crate::service::USER_AGENT;
use crate::setup::{KeyText, base_url, service};
use log::Log;
use metrics::Metrics;
use tally::Tally;

/// Runs a worker on the outbox.
pub(super) async fn run(args: RunArgs, place: &StoreLocation, options: &Options) -> Result<(), CommandError> {
    let client = client(options)?;
    let store = AnyStore::open(place).await?.per_minute(args.per_minute);
    // From here on, a signal shuts the worker down cleanly.
    let first = Interrupt::listen().map_err(CommandError::local)?;
    let tally = Arc::new(Tally::default());
    let has_events = matches!(options.format(), Format::Jsonl | Format::Csv);
    let events = Stream::begin(options.format(), log::COLUMNS)?;
    if let Some(address) = args.metrics {
        let metrics = Metrics::bind(address, store.clone(), Arc::clone(&tally)).await?;
        let address = metrics.address();
        say(&format!("serving http://{address}/metrics and http://{address}/health"));
        if has_events {
            events.print(&json!({ "event": "serving", "address": address.to_string() }))?;
        }
        tokio::spawn(metrics.serve());
    }
    tokio::spawn(tidy::regularly(store.clone(), args.forget_after, args.erase_after));
    let (log, seen) = (Log::new(has_events.then_some(events)), Arc::clone(&tally));
    let worker = Worker::new(store.clone(), client)
        .sends_at_once(args.at_once.try_into().unwrap_or(usize::MAX))
        .on_event(move |event| {
            seen.count(event);
            log.tell(event);
        });
    let (begin_to_end, has_begun) = oneshot::channel();
    let shutdown = async {
        first.wait().await;
        say("ending: waiting for what is under way; a second signal stops at once");
        let _ = begin_to_end.send(());
    };
    let second = async {
        if has_begun.await.is_err() {
            std::future::pending::<()>().await;
        }
        if let Ok(second) = Interrupt::listen() {
            second.wait().await;
        }
    };
    let work = async {
        if args.until_empty { worker.run_until_empty_or(shutdown).await } else { worker.run(shutdown).await }
    };
    tokio::select! {
        biased;
        ended = work => ended.map_err(|error| {
            CommandError::local(error).help("what was under way is looked up by the next run; nothing is lost")
        })?,
        () = second => {
            let error = anyhow::anyhow!("stopped at once; messages that were under way may have been sent");
            let help = "the next run looks them up, and sends those that the service did not take";
            return Err(CommandError::new(ExitStatus::InDoubt, error).help(help));
        }
    }
    end(&store, &tally, args.until_empty, options.format(), events).await
}

/// The client, with the key and the service that the options name.
fn client(options: &Options) -> Result<NotifyClient, CommandError> {
    let key = KeyText::find(options)?;
    let service = service(options)?;
    let base_url = base_url(options, service)?;
    let mut builder = key.client().base_url(base_url).user_agent(USER_AGENT);
    if let Some(service) = service {
        builder = builder.service(service);
    }
    if options.allow_plain_http {
        builder = builder.allow_plain_http();
    }
    builder.build().map(NotifyClient::new).map_err(|error| key.unusable(error))
}

/// Reports the result of the run, and ends with its status.
async fn end(
    store: &AnyStore,
    tally: &Tally,
    was_to_be_empty: bool,
    format: Format,
    events: Stream,
) -> Result<(), CommandError> {
    let (sent, refused) = (tally.sent.get(), tally.failed.get());
    let counts = store.counts(now()).await.map_err(failed)?;
    let (open, for_person) = (counts.open(), counts.for_person);
    match format {
        Format::Text => print_styled(&format!(
            "{sent} sent, {refused} refused by the service, {open} still to do, {for_person} for you to decide\n"
        ))?,
        format => {
            let end = json!({ "event": "end", "sent": sent, "failed": refused, "open": open, "for_person": for_person });
            match format {
                Format::Json => print_value(format, &end, log::COLUMNS)?,
                _ => events.print(&end)?,
            }
        }
    }
    if !was_to_be_empty {
        return Ok(());
    }
    if for_person > 0 {
        let error = anyhow::anyhow!("{} may have been sent, and no lookup can tell", messages(for_person));
        return Err(CommandError::new(ExitStatus::InDoubt, error).help("`notify outbox doubt` lists them"));
    }
    if refused > 0 {
        let error = anyhow::anyhow!("the service refused {}", messages(refused));
        return Err(CommandError::new(ExitStatus::Refused, error)
            .help("`notify outbox list --state failed` lists what failed, with the reason of each"));
    }
    Ok(())
}

fn messages(count: u64) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

/// Prints a line for people. Programs read events instead.
fn say(line: &str) {
    if is_json() {
        return;
    }
    // If stderr is closed, nobody wants to read this.
    let _ = writeln!(anstream::stderr().lock(), "{FAINT}{line}{FAINT:#}");
}
