//! The words that a shell offers: what the arguments can be, and ids from the service where a key is set.

use std::ffi::OsStr;
use std::time::Duration;

use clap::builder::StyledStr;
use clap_complete::env::CompleteEnv;
use clap_complete::{ArgValueCompleter, CompletionCandidate};
use notify_http::{Endpoint, ListNotifications, ListTemplates};

use crate::args::{self, Options};
use crate::command::block_on;
use crate::environment::COMPLETE;
use crate::exit::{CommandError, set_json};
use crate::output::time::distance;
use crate::service::Service;

/// How long a user waits for words at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many of the newest messages are offered.
const MESSAGES: usize = 25;

/// Answers a shell that asks for words, and ends the program; does nothing otherwise.
pub(crate) fn answer() {
    CompleteEnv::with_factory(definition).var(COMPLETE).complete();
}

/// The command line, with ids to complete.
fn definition() -> clap::Command {
    with_ids(args::definition())
}

fn with_ids(command: clap::Command) -> clap::Command {
    let name = command.get_name().to_owned();
    command.mut_subcommands(with_ids).mut_args(|arg| match (name.as_str(), arg.get_id().as_str()) {
        (_, "template") | ("template", "id") => arg.add(ArgValueCompleter::new(templates)),
        ("get" | "pdf", "id") | ("wait", "ids") | ("list", "older_than") => {
            arg.add(ArgValueCompleter::new(messages))
        }
        _ => arg,
    })
}

/// The service's templates, by name.
fn templates(current: &OsStr) -> Vec<CompletionCandidate> {
    let Ok(answer) = ask(ListTemplates::new()) else { return Vec::new() };
    let templates = answer.templates.iter();
    candidates(current, templates.map(|template| (template.id.to_string(), template.name.clone())))
}

/// The newest messages; whom they went to stays off the screen.
fn messages(current: &OsStr) -> Vec<CompletionCandidate> {
    let Ok(answer) = ask(ListNotifications::new()) else { return Vec::new() };
    let messages = answer.notifications.iter().take(MESSAGES);
    let told = messages.map(|message| {
        let when = message.created_at.map(distance).unwrap_or_default();
        (message.id.to_string(), format!("{} {} {when}", message.notification_type, message.status))
    });
    candidates(current, told)
}

fn candidates(current: &OsStr, ids: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let begun = current.to_string_lossy();
    ids.filter(|(id, _)| id.starts_with(&*begun))
        .map(|(id, help)| CompletionCandidate::new(id).help(Some(StyledStr::from(help))))
        .collect()
}

/// Asks the service that the environment names. Without one, there is nothing to offer, and nothing to say.
fn ask<E: Endpoint>(request: E) -> Result<E::Response, CommandError> {
    // Keeps what is waited for off the line that the user is typing.
    set_json(true);
    let options = Options { timeout: Some(PATIENCE), ..Options::default() };
    block_on(async { Ok(Service::new(&options)?.send(request).await?.into_inner()) })
}
