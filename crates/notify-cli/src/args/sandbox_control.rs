//! `notify sandbox messages`, `clock`, `fault`, `reset` and `world export`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use notify_http::model::{EmailReplyToId, NotificationId, SmsSenderId, TemplateId, TemplateType, Timestamp};

/// What to do with a running sandbox.
#[derive(Subcommand)]
pub(crate) enum SandboxCommand {
    Messages(SandboxMessagesArgs),
    Clock(ClockArgs),
    Fault(FaultArgs),
    /// Reset a running sandbox: no messages, no faults, and the clock, services and templates as they were at the start
    #[command(after_help = "\
Example:
  notify sandbox reset

The sandbox is the one of NOTIFY_BASE_URL, or of --base-url.")]
    Reset,
    /// Make a world for a sandbox
    #[command(subcommand)]
    #[command(after_help = "\
Next:
  notify sandbox world export --help    shows how to make one of your service's templates")]
    World(WorldCommand),
}

/// What to do with a world.
#[derive(Subcommand)]
pub(crate) enum WorldCommand {
    Export(WorldExportArgs),
}

/// Show the messages that a running sandbox took, newest first, as their recipients would read them
///
/// Name the sandbox with `NOTIFY_BASE_URL` or --base-url. If it listens beyond this machine, `NOTIFY_SANDBOX_TOKEN`
/// must hold the token that it printed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify sandbox messages
  notify sandbox messages --to 07900900123 --output jsonl | jq -r .body
  notify sandbox messages 740e5834-3a29-46b4-9a6f-16142fde533a")]
pub(crate) struct SandboxMessagesArgs {
    /// The id of a message, to show all of it
    pub(crate) id: Option<NotificationId>,
    /// Only messages to this recipient, in any notation
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "id")]
    pub(crate) to: Option<String>,
    /// Only messages with this reference
    #[arg(long, value_name = "TEXT", conflicts_with = "id")]
    pub(crate) reference: Option<String>,
    /// Only messages of this type: sms, email or letter
    #[arg(long = "type", value_name = "TYPE", conflicts_with = "id")]
    pub(crate) template_type: Option<TemplateType>,
    /// Only messages from this template
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    pub(crate) template: Option<TemplateId>,
    /// Up to this many, at most 250
    #[arg(long, value_name = "NUMBER", conflicts_with = "id", value_parser = clap::value_parser!(u8).range(1..=250))]
    pub(crate) limit: Option<u8>,
}

/// Show or change the clock of a running sandbox
///
/// Tokens, delivery, limits and callbacks follow this clock. Without options, the command shows it. Options are applied
/// in the order in which they are listed here.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify sandbox clock
  notify sandbox clock --advance 86400          # tomorrow: the daily limits begin anew
  notify sandbox clock --set 2026-12-31T23:59:00Z --freeze
  notify sandbox clock --run

The sandbox is the one of NOTIFY_BASE_URL, or of --base-url.")]
pub(crate) struct ClockArgs {
    /// Set it to this time; UTC unless the time has an offset
    #[arg(long, value_name = "TIME")]
    pub(crate) set: Option<Timestamp>,
    /// Advance it by this many seconds; a negative number sets it back
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    pub(crate) advance: Option<f64>,
    /// Stop it
    #[arg(long, conflicts_with = "run")]
    pub(crate) freeze: bool,
    /// Let it run again
    #[arg(long)]
    pub(crate) run: bool,
}

/// Inject a fault into the answers of a running sandbox, or show those that are not used up
///
/// Without a kind, the faults are shown. Without --next, --share, --method, --path, --to or --template, a fault affects
/// every request until you clear it with --clear.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify sandbox fault answer --status 503 --next 2
  notify sandbox fault drop --effect done --method POST --path '/v2/notifications/*' --next 1
  notify sandbox fault answer --status 500 --to '07900 900123'     # for one recipient alone
  notify sandbox fault delay --seconds 3 --share 0.1
  notify sandbox fault
  notify sandbox fault --clear

The sandbox is the one of NOTIFY_BASE_URL, or of --base-url.")]
pub(crate) struct FaultArgs {
    /// What happens to a request
    pub(crate) kind: Option<FaultKind>,
    /// Remove all faults
    #[arg(long, conflicts_with = "kind")]
    pub(crate) clear: bool,
    /// The status of the answer: 429, 500, 502, 503 or 504
    #[arg(long, requires = "kind", required_if_eq("kind", "answer"), value_parser = status)]
    pub(crate) status: Option<u16>,
    /// How long a delay is, or the pause before each byte of a drip
    #[arg(long, requires = "kind", required_if_eq_any([("kind", "delay"), ("kind", "drip")]))]
    #[arg(allow_negative_numbers = true, value_parser = seconds_from_zero)]
    pub(crate) seconds: Option<f64>,
    /// Whether a request that is dropped or refused takes effect all the same
    #[arg(long, requires = "kind")]
    pub(crate) effect: Option<FaultEffect>,
    /// How much later it takes effect, by the sandbox's clock
    #[arg(long, value_name = "SECONDS", requires = "kind", required_if_eq("effect", "late"))]
    #[arg(allow_negative_numbers = true, value_parser = seconds_from_zero)]
    pub(crate) late_seconds: Option<f64>,
    /// Only requests with this method
    #[arg(long, requires = "kind")]
    pub(crate) method: Option<String>,
    /// Only requests to this path; a `*` at the end matches anything
    #[arg(long, requires = "kind")]
    pub(crate) path: Option<String>,
    /// Only requests that send to this recipient, in any notation, or to a line of a letter's address
    #[arg(long, value_name = "RECIPIENT", requires = "kind")]
    pub(crate) to: Option<String>,
    /// Only requests that send this template
    #[arg(long, short, value_name = "ID", requires = "kind")]
    pub(crate) template: Option<TemplateId>,
    /// Only the next NUMBER requests
    #[arg(long, value_name = "NUMBER", requires = "kind")]
    pub(crate) next: Option<u32>,
    /// Only this share of the requests, at random: from 0 to 1
    #[arg(long, requires = "kind", allow_negative_numbers = true, value_parser = share)]
    pub(crate) share: Option<f64>,
    /// Which ones: the same seed selects the same requests
    #[arg(long, value_name = "NUMBER", requires = "share")]
    pub(crate) seed: Option<u64>,
}

/// What a fault does.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FaultKind {
    /// The request waits before the service sees it
    Delay,
    /// The connection is cut without an answer
    Drop,
    /// The service answers with an error
    Answer,
    /// The connection is cut in the middle of the answer
    CutBody,
    /// The answer arrives one byte at a time
    Drip,
}

/// Whether a request takes effect in spite of a fault.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FaultEffect {
    /// It does not
    None,
    /// It does
    Done,
    /// It does, some time later
    Late,
}

/// Make a world from your service's templates, so that a program with their ids in its code runs against a sandbox
///
/// Reads the templates with your key and writes a world file with them, their ids and versions, and the id of the
/// service. The file holds none of your keys and no person's name: its keys are made up, and `notify sandbox --world`
/// prints them. The API does not show senders, so name those that your program uses.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify sandbox world export > world.json
  notify sandbox --world world.json
  notify sandbox world export --sms-sender-id 8e222534-7f05-4972-86e3-17c5d9f894e2 --file world.json")]
pub(crate) struct WorldExportArgs {
    /// The file to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The name of the service in the sandbox
    #[arg(long, value_name = "TEXT", default_value = "Exported service")]
    pub(crate) name: String,
    /// The id of a sender of text messages that the program uses; repeat it for each
    #[arg(long, value_name = "ID")]
    pub(crate) sms_sender_id: Vec<SmsSenderId>,
    /// The id of an address for replies that the program uses; repeat it for each
    #[arg(long, value_name = "ID")]
    pub(crate) email_reply_to_id: Vec<EmailReplyToId>,
}

/// The statuses that a fault can answer with.
const STATUSES: [u16; 5] = [429, 500, 502, 503, 504];

/// A larger number of seconds leads beyond the calendar: 9,000 years.
const MOST_SECONDS: f64 = 9_000.0 * 365.0 * 86_400.0;

fn seconds(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.abs() <= MOST_SECONDS => Ok(seconds),
        Ok(seconds) if seconds.is_finite() => Err("it leads beyond the calendar"),
        _ => Err("not a number of seconds"),
    }
}

fn seconds_from_zero(text: &str) -> Result<f64, &'static str> {
    seconds(text).and_then(|seconds| if seconds < 0.0 { Err("below 0") } else { Ok(seconds) })
}

fn share(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1"),
    }
}

fn status(text: &str) -> Result<u16, &'static str> {
    let status = text.parse().ok().filter(|status| STATUSES.contains(status));
    status.ok_or("not one of 429, 500, 502, 503 and 504")
}
