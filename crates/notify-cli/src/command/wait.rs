//! `notify wait`, and `--wait`

mod message;
mod poller;
mod reporter;

use std::time::Duration;

use notify_http::model::NotificationId;
use notify_http::{ListNotifications, RawResponse};

use super::details;
use super::pages::ListView as _;
use crate::args::{Format, Options, WaitArgs};
use crate::exit::{CommandError, ExitStatus};
use crate::interrupt::Interrupt;
use crate::output::fields::Fields;
use crate::output::table::{Table, screen};
use crate::output::{self, csv, json, print, print_styled};
use crate::service::Service;
use message::PolledMessage;
pub(super) use message::fails;
use poller::Poller;
use reporter::Reporter;

/// How long to wait by default.
const TIMEOUT: Duration = Duration::from_secs(180);

/// How long a message may be unknown to a service that saves messages some time after it took them.
pub(super) const SAVED_WITHIN: Duration = Duration::from_secs(30);

/// Waits for messages.
pub(crate) async fn run(args: WaitArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let mut ids: Vec<NotificationId> = Vec::with_capacity(args.ids.len());
    for id in args.ids {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    wait(&service, ids, options).await
}

/// Waits for existing messages, and prints them.
pub(super) async fn wait(
    service: &Service,
    ids: Vec<NotificationId>,
    options: &Options,
) -> Result<(), CommandError> {
    let (messages, was_interrupted) = follow(service, ids, options).await?;
    show(&messages, options)?;
    outcome(messages, was_interrupted, options)
}

/// Waits for a message that the service has just taken, and prints it; or the service's first answer, if there is no
/// other.
pub(super) async fn after_sending(
    service: &Service,
    id: NotificationId,
    options: &Options,
    (raw, fields): (&RawResponse, &Fields),
) -> Result<(), CommandError> {
    let after = |failure: CommandError| failure.after_sending(id, &options.as_arguments());
    let followed = follow(service, vec![id], options).await;
    let (messages, was_interrupted) = match followed {
        Ok(followed) => followed,
        Err(failure) => {
            output::answer(options, raw, fields, csv::SENT).map_err(after)?;
            return Err(after(failure));
        }
    };
    if messages.iter().all(|message| message.answer().is_none()) {
        output::answer(options, raw, fields, csv::SENT).map_err(after)?;
    } else {
        show(&messages, options).map_err(after)?;
    }
    outcome(messages, was_interrupted, options).map_err(|failure| match failure.status() {
        ExitStatus::Failed | ExitStatus::Limited => failure,
        _ => after(failure),
    })
}

/// Follows messages until each is final, the time is up, or the user interrupts; then returns `true`.
async fn follow(
    service: &Service,
    ids: Vec<NotificationId>,
    options: &Options,
) -> Result<(Vec<PolledMessage>, bool), CommandError> {
    let mut reporter = Reporter::new(options.format());
    let interrupt = Interrupt::listen().map_err(CommandError::local)?;
    let mut poller = Poller::new(service, ids, options.timeout.unwrap_or(TIMEOUT));
    let was_interrupted = tokio::select! {
        ended = poller.until_over(&mut reporter) => ended.map(|()| false)?,
        () = interrupt.wait() => true,
    };
    Ok((poller.into_messages(), was_interrupted))
}

/// Prints the messages in their current state. Lines of JSON were printed as each message became final; here come those
/// that are still on their way.
fn show(messages: &[PolledMessage], options: &Options) -> Result<(), CommandError> {
    if options.format() == Format::Jsonl {
        let open = messages.iter().filter(|message| !message.is_over()).filter_map(PolledMessage::answer);
        return open
            .map(|answer| json::answer(Format::Jsonl, answer.raw()))
            .try_for_each(|line| print(line?.as_bytes()));
    }
    let answers: Vec<_> = messages.iter().filter_map(PolledMessage::answer).collect();
    match (messages, answers.as_slice()) {
        (_, []) => Ok(()),
        ([_], [answer]) => output::answer(options, answer.raw(), &details::show(answer), csv::MESSAGE),
        _ if options.format() == Format::Csv => {
            let mut table = csv::header(csv::MESSAGE)?;
            for answer in answers {
                table += &csv::row(csv::MESSAGE, json::text(answer.raw())?.get())?;
            }
            print(table.as_bytes())
        }
        _ if options.format() == Format::Json => {
            let mut items = Vec::with_capacity(answers.len());
            for answer in answers {
                items.push(json::verbatim(answer.raw())?);
            }
            let items: Vec<&str> = items.iter().map(|item| item.trim_end()).collect();
            print(json::lines(&format!("{{\"notifications\": [{}]}}", items.join(", "))).as_bytes())
        }
        _ => {
            let rows: Vec<_> = answers.iter().map(|answer| ListNotifications::row(answer)).collect();
            print_styled(&Table::new(ListNotifications::COLUMNS, screen()).rows(&rows))
        }
    }
}

/// The result for all messages together: first a message that could not be polled, then failures, then what is still
/// on its way.
fn outcome(
    messages: Vec<PolledMessage>,
    was_interrupted: bool,
    options: &Options,
) -> Result<(), CommandError> {
    let failed = reporter::list(messages.iter().filter(|message| message.has_failed()));
    let remedy = messages
        .iter()
        .find(|message| message.has_failed())
        .and_then(PolledMessage::status)
        .and_then(reporter::remedy);
    let open = reporter::list(messages.iter().filter(|message| !message.is_over()));
    let ids: Vec<String> = messages
        .iter()
        .filter(|message| !message.is_over())
        .map(|message| message.id().to_string())
        .collect();
    if let Some(failure) = messages.into_iter().find_map(PolledMessage::into_failure) {
        return Err(failure);
    }
    let again = || format!("`notify wait {}{}` waits on", ids.join(" "), options.as_arguments());
    if let Some(failed) = failed {
        let failure = CommandError::new(ExitStatus::Failed, anyhow::anyhow!("failed for good: {failed}"));
        let help = if ids.is_empty() { remedy.map(str::to_owned) } else { Some(again()) };
        return Err(match help {
            Some(help) => failure.help(help),
            None => failure,
        });
    }
    match open {
        None => Ok(()),
        Some(open) => {
            let (status, what) = if was_interrupted {
                (ExitStatus::Unfinished, "interrupted")
            } else {
                (ExitStatus::Limited, "the time is over")
            };
            Err(CommandError::new(status, anyhow::anyhow!("{what}: {open}")).help(again()))
        }
    }
}
