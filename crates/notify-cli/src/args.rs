//! What can be typed.

mod list;
mod masked;
mod message;
mod options;
mod range;
mod sandbox;
mod secret;
mod send;
mod templates;
mod verbs;

use std::ffi::OsString;
use std::mem;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit::{ExitStatus, Failure};
pub(crate) use list::ListArgs;
pub(crate) use message::{Reference, TemplateArgs};
pub(crate) use options::{Format, Options, service};
pub(crate) use range::RangeArgs;
pub(crate) use sandbox::SandboxArgs;
pub(crate) use send::{EmailArgs, LetterArgs, PrecompiledLetterArgs, SendArgs, SmsArgs};
pub(crate) use templates::{GetTemplateArgs, PreviewArgs, TemplatesArgs};
pub(crate) use verbs::{CompletionsArgs, GetArgs, ManArgs, PdfArgs, ReceivedArgs, TokenArgs};

/// Send and read messages with the Notify services, or with a sandbox of them on this machine.
///
/// Works with GOV.UK Notify, and with every service that speaks its API.
#[derive(Parser)]
#[command(
    name = "notify",
    bin_name = "notify",
    version,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "`notify --help` has the first steps, the environment and the exit statuses.")]
#[command(after_long_help = after_long_help())]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show it all at work: a service, a key, a token, a text message and an e-mail, without an account
    ///
    /// Everything stays inside this process. The exit status is 0 only if both messages were delivered.
    Demo,
    Sandbox(SandboxArgs),
    Templates(TemplatesArgs),
    Template(GetTemplateArgs),
    Preview(PreviewArgs),
    /// Send a message
    #[command(subcommand)]
    Send(SendArgs),
    Get(GetArgs),
    List(ListArgs),
    Received(ReceivedArgs),
    Pdf(PdfArgs),
    Token(TokenArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// The options that a command has a use for; any other is left out of its help, and refused rather than passed over in
/// silence.
fn accepted(command: &str) -> &'static [&'static str] {
    match command {
        "templates" | "template" | "preview" | "send" | "get" | "list" | "received" => &Options::ALL,
        // What it writes is no text.
        "pdf" => Options::OF_A_CALL,
        "token" => &[Options::API_KEY_FILE],
        _ => &[],
    }
}

const FIRST_STEPS: &str = "\
First steps:
  notify demo        shows it all at work, in a second, without an account
  notify sandbox     runs a Notify service on this machine and prints keys for it
  export NOTIFY_API_KEY=…
                     a key of the sandbox, or one of your own: on the website of your
                     service, under \"API integration\"
  notify templates   lists what can be sent, and what each template wants to know
  notify send sms --template ID --to 07900900123 --personalisation name=Kim
  notify get ID      tells how far a message has come

Environment:
  NOTIFY_API_KEY     the API key, unless --api-key-file names a file; never an argument,
                     since every user of a machine can read those
  NOTIFY_BASE_URL    where the service is, unless --base-url says; GOV.UK Notify otherwise
  NOTIFY_SERVICE     which service it is, where the URL does not tell; see --service
  NO_COLOR           switches colours off; they are used on terminals only
  COLUMNS            how wide tables may be; as wide as the terminal otherwise
  HTTPS_PROXY, NO_PROXY
                     the proxy, as for other programs

The answer goes to stdout, everything else to stderr.
";

fn after_long_help() -> String {
    format!("{FIRST_STEPS}\n{}", ExitStatus::help())
}

/// The whole command line, for completions and manual pages too.
pub(crate) fn definition() -> clap::Command {
    let mut definition = Args::command();
    // Hands down to the commands the options that are for all of them.
    definition.build();
    for command in definition.get_subcommands_mut() {
        let accepted = accepted(command.get_name());
        *command = mem::take(command).mut_args(|arg| {
            let is_unused =
                arg.get_long().is_some_and(|name| Options::ALL.contains(&name) && !accepted.contains(&name));
            arg.hide(is_unused)
        });
    }
    definition
}

/// Reads the arguments, of which the first is the program's name.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Args, Failure> {
    let args: Vec<OsString> = args.collect();
    secret::refuse_keys(&args)?;
    let matches = definition().try_get_matches_from(args).map_err(masked::mask)?;
    let args = Args::from_arg_matches(&matches)?;
    args.options.refuse_unused(matches.subcommand_name().map_or(&[], accepted))?;
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        definition().debug_assert();
    }
}
