//! The commands: plain data in, an answer out.

mod bulk;
mod callbacks;
mod check;
mod completions;
mod demo;
mod details;
mod get;
mod list;
mod man;
mod outbox;
mod pages;
mod pdf;
mod preview;
mod profile;
mod received;
mod sandbox;
mod send;
mod template;
mod templates;
mod token;
mod wait;

use crate::args::{Args, Command, SendArgs};
use crate::exit::CommandError;

/// Runs the command.
pub(crate) fn run(Args { command, options }: Args) -> Result<(), CommandError> {
    match command {
        Command::Demo => block_on(demo::run()),
        Command::Sandbox(args) => block_on(sandbox::run(args, &options)),
        Command::Templates(args) => block_on(templates::run(args, &options)),
        Command::Template(args) => block_on(template::run(args, &options)),
        Command::Preview(args) => block_on(preview::run(args, &options)),
        Command::Callbacks(command) => block_on(callbacks::run(command, &options)),
        Command::Check(args) => block_on(check::run(args, &options)),
        Command::Send(SendArgs::Sms(args)) => block_on(send::sms(args, &options)),
        Command::Send(SendArgs::Email(args)) => block_on(send::email(args, &options)),
        Command::Send(SendArgs::Letter(args)) => block_on(send::letter(args, &options)),
        Command::Send(SendArgs::PrecompiledLetter(args)) => {
            block_on(send::precompiled_letter(args, &options))
        }
        Command::Bulk(args) => block_on(bulk::run(args, &options)),
        Command::Get(args) => block_on(get::run(&args, &options)),
        Command::Wait(args) => block_on(wait::run(args, &options)),
        Command::List(args) => block_on(list::run(args, &options)),
        Command::Received(args) => block_on(received::run(args, &options)),
        Command::Pdf(args) => block_on(pdf::run(args, &options)),
        Command::Outbox(args) => block_on(outbox::run(args, &options)),
        Command::Token(args) => token::run(args, &options),
        Command::Profile(args) => profile::run(args, &options),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// Commands do one thing after another, so one thread is enough.
pub(crate) fn block_on<T>(command: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(CommandError::local)?.block_on(command)
}
