//! What the user can type.

mod bulk;
mod callbacks;
mod check;
mod layout;
mod list;
mod masked;
mod message;
mod options;
mod outbox;
mod profile;
mod range;
mod sandbox;
mod sandbox_control;
mod secret;
mod send;
mod template_files;
mod templates;
mod token;
mod verbs;
mod wait;

use std::ffi::OsString;
use std::mem;

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit::{CommandError, ExitStatus, set_json};
use crate::screen::screen;
pub(crate) use bulk::BulkArgs;
pub(crate) use callbacks::{CallbacksCommand, ListenArgs};
pub(crate) use check::CheckArgs;
pub(crate) use list::ListArgs;
pub(crate) use message::{Reference, TemplateArgs};
pub(crate) use options::{Format, Options, service};
pub(crate) use outbox::{
    DoubtArgs, DoubtVerb, OutboxArgs, OutboxListArgs, OutboxVerb, PersonArgs, PutArgs, RunArgs,
    StoreLocation, name_of,
};
pub(crate) use profile::{AddProfileArgs, ProfileArgs};
pub(crate) use range::RangeArgs;
pub(crate) use sandbox::SandboxArgs;
pub(crate) use sandbox_control::{
    ClockArgs, FaultArgs, SandboxCommand, SandboxMessagesArgs, WorldCommand, WorldExportArgs,
};
pub(crate) use secret::holds_key;
pub(crate) use send::{EmailArgs, LetterArgs, PrecompiledLetterArgs, SendArgs, SmsArgs};
pub(crate) use template_files::{TemplatesCommand, TemplatesDiffArgs, TemplatesPullArgs};
pub(crate) use templates::{GetTemplateArgs, PreviewArgs, TemplatesArgs};
pub(crate) use token::{TokenArgs, TokenCommand};
pub(crate) use verbs::{CompletionsArgs, GetArgs, ManArgs, PdfArgs, ReceivedArgs};
pub(crate) use wait::WaitArgs;

/// Send and read messages with the Notify services, or with a sandbox on this machine.
///
/// Works with GOV.UK Notify, Notify.gov.au, GC Notify and VA Notify.
#[derive(Parser)]
#[command(
    name = "notify",
    bin_name = "notify",
    version,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Next: `notify --help` shows the first steps, the environment variables and the exit statuses."
)]
#[command(after_long_help = after_long_help())]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// See everything at work, without an account: a service, a key, a token, a text message and an e-mail
    ///
    /// Everything stays inside this process. The exit status is 0 only if both messages were delivered.
    #[command(after_help = "\
Next:
  notify sandbox    keeps such a service running, and prints keys for it
  notify --help     shows the first steps with it, and with a real service")]
    Demo,
    Sandbox(SandboxArgs),
    Templates(TemplatesArgs),
    Template(GetTemplateArgs),
    Preview(PreviewArgs),
    Check(CheckArgs),
    /// Receive what the service posts: delivery receipts and received texts
    #[command(subcommand)]
    #[command(after_help = "\
Next:
  notify callbacks listen --help    shows examples, and how the service reaches this machine")]
    Callbacks(CallbacksCommand),
    /// Send a message
    #[command(subcommand)]
    #[command(after_help = "\
Next:
  notify templates          lists the templates to send
  notify send sms --help    shows examples; likewise for email, letter and precompiled-letter")]
    Send(SendArgs),
    Bulk(BulkArgs),
    Get(GetArgs),
    Wait(WaitArgs),
    List(ListArgs),
    Received(ReceivedArgs),
    Pdf(PdfArgs),
    Outbox(OutboxArgs),
    Token(TokenArgs),
    #[command(subcommand)]
    Profile(ProfileArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// The options that a command uses, after the names of the command and of the commands above it. The other options are
/// hidden from its help, and refused rather than silently ignored.
fn accepted(command: &str) -> &'static [&'static str] {
    match command {
        "outbox run" => Options::OF_A_WORKER,
        verb if verb.starts_with("outbox ") => &[Options::OUTPUT],
        "templates" | "template" | "preview" | "send" | "bulk" | "get" | "wait" | "list" | "received" => {
            &Options::ALL
        }
        "check" => &Options::ALL,
        "callbacks listen" => &[Options::OUTPUT, Options::PROFILE, Options::API_KEY_FILE],
        // It reads a service; the world itself is JSON.
        "sandbox world" | "sandbox world export" => Options::OF_A_CALL,
        verb if verb.starts_with("sandbox ") => Options::OF_A_SANDBOX,
        // Its output is not text.
        "pdf" => Options::OF_A_CALL,
        "token" => &[Options::PROFILE, Options::API_KEY_FILE],
        "token inspect" => &[Options::OUTPUT, Options::PROFILE, Options::SERVICE],
        "token verify" => &[Options::OUTPUT, Options::PROFILE, Options::SERVICE, Options::API_KEY_FILE],
        // What it keeps.
        "profile add" => &[Options::BASE_URL, Options::SERVICE, Options::API_KEY_FILE],
        "profile list" => &[Options::OUTPUT],
        "profile" | "profile remove" => &[],
        // Which service to use.
        "sandbox" => &[Options::SERVICE],
        // A kind of message has the options of `send`.
        _ => command.rsplit_once(' ').map_or(&[], |(parent, _)| accepted(parent)),
    }
}

const FIRST_STEPS: &str = "\
First steps:
  notify demo        shows all of it at work within a second, without an account
  notify sandbox     runs a Notify service on this machine and prints keys for it
  export NOTIFY_API_KEY=…
                     sets a key of the sandbox, or one of your own: find it on your
                     service's website, under \"API integration\"
  notify templates   lists the templates, and the placeholders of each
  notify send sms --template ID --to 07900900123 --personalisation name=Kim
  notify get ID      shows how far a message has got

Environment:
  NOTIFY_API_KEY     the API key, unless --api-key-file names a file; keys are not accepted
                     as arguments, because every user of a machine can see those
  NOTIFY_SERVICE_ID  the id of the service, if the key is only a secret, as VA Notify issues it
  NOTIFY_PROFILE     the profile, unless --profile names it; an option takes precedence over a
                     variable, and both over the profile
  NOTIFY_BASE_URL    the URL of the service, unless --base-url gives it
                     [default: the URL of the service that --service names, or of GOV.UK Notify]
  NOTIFY_SERVICE     which service it is, unless --service names it: govuk, au, gc or va
  NOTIFY_OUTBOX_STORE
                     the outbox: a file, or the URL of a PostgreSQL database; a URL with a password
                     is not accepted as an argument
  NO_COLOR           turns colours off; only terminals get them
  COLUMNS            the width of tables [default: the width of the terminal]
  HTTPS_PROXY, NO_PROXY
                     the proxy, as for other programs

The answer goes to stdout, everything else to stderr. With --output json or jsonl an error is one
JSON object on the first line of stderr: `code`, the exit status; `kind`, what it comes down to;
`message`; `help`, what to do; `trace`, by which the service's staff find the request;
`may_have_been_sent`; `reference` and `id` of the message; `retry_at`. What is not known is null.
";

fn after_long_help() -> String {
    format!("{FIRST_STEPS}\n{}", ExitStatus::help())
}

/// The whole command line, also for completions and manual pages.
pub(crate) fn definition() -> clap::Command {
    let mut definition = Args::command();
    // Passes the global options down to the commands.
    definition.build();
    let width = layout::width(screen());
    lay_out(&mut definition, width);
    for command in definition.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        prepare(command, &name, width);
    }
    definition
}

/// Hides from a command's help, and from that of its subcommands, the options that they do not use, and lays the help
/// out.
fn prepare(command: &mut clap::Command, path: &str, width: usize) {
    lay_out(command, width);
    let accepted = accepted(path);
    *command = mem::take(command).mut_args(|arg| {
        let is_unused =
            arg.get_long().is_some_and(|name| Options::ALL.contains(&name) && !accepted.contains(&name));
        arg.hide(is_unused)
    });
    for below in command.get_subcommands_mut() {
        let path = format!("{path} {}", below.get_name());
        prepare(below, &path, width);
    }
}

/// Wraps a command's help to a width.
fn lay_out(command: &mut clap::Command, width: usize) {
    let laid_out = |text: Option<&StyledStr>| text.map(|text| layout::laid_out(&text.to_string(), width));
    let (short, long) = (laid_out(command.get_after_help()), laid_out(command.get_after_long_help()));
    let mut prepared = mem::take(command).term_width(width);
    if let Some(text) = short {
        prepared = prepared.after_help(text);
    }
    if let Some(text) = long {
        prepared = prepared.after_long_help(text);
    }
    *command = prepared;
}

/// The names of the command that was typed, from the outermost.
fn path(matches: &ArgMatches) -> String {
    match matches.subcommand() {
        Some((name, below)) => format!("{name} {}", path(below)).trim_end().to_owned(),
        None => String::new(),
    }
}

/// Parses the arguments; the first is the program's name.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Args, CommandError> {
    let args: Vec<OsString> = args.collect();
    set_json(wants_json(&args));
    secret::refuse_keys(&args)?;
    // The whole help takes longer to lay out than a token takes to mint, and most commands show none.
    let matches = match Args::command().try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::InvalidUtf8 => return Err(masked::not_utf8(&args)),
        Err(_) => definition().try_get_matches_from(&args).map_err(masked::mask)?,
    };
    let args = Args::from_arg_matches(&matches)?;
    let command = path(&matches);
    args.options.refuse_unused(accepted(&command))?;
    if args.options.format() == Format::Csv && command == "bulk" {
        return Err(CommandError::usage("this command has no rows to print as csv")
            .help("its result file is CSV; use --output json or jsonl for what it prints"));
    }
    Ok(args)
}

/// Whether the arguments ask for a JSON format, even if they cannot be read otherwise.
fn wants_json(args: &[OsString]) -> bool {
    let words: Vec<&str> = args.iter().map(|arg| arg.to_str().unwrap_or_default()).collect();
    let is_json = |format: &str| matches!(format, "json" | "jsonl");
    words.iter().take_while(|word| **word != "--").zip(words.iter().skip(1).chain([&""])).any(
        |(word, next)| match word.strip_prefix("--output").or_else(|| word.strip_prefix("-o")) {
            Some("") => is_json(next),
            Some(format) => is_json(format.trim_start_matches('=')),
            None => false,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        definition().debug_assert();
    }

    #[test]
    fn a_json_format_is_seen_however_it_is_written() {
        for (line, is_wanted) in [
            ("notify list --output json", true),
            ("notify -o jsonl list", true),
            ("notify list -ojson", true),
            ("notify list --output=jsonl --tel", true),
            ("notify list --output text", false),
            ("notify get -- -o json", false),
            ("notify list -o", false),
        ] {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(wants_json(&args), is_wanted, "{line}");
        }
    }
}
