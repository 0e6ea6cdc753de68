//! The commands with few arguments.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;
use notify_http::model::{NotificationId, ReceivedTextMessageId};

use super::range::RangeArgs;
use super::wait::WaitOption;

/// Show a message: its status, times and text
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify get 740e5834-3a29-46b4-9a6f-16142fde533a
  notify get 740e5834-3a29-46b4-9a6f-16142fde533a --output json | jq -r .status")]
pub(crate) struct GetArgs {
    /// The id of the message
    pub(crate) id: NotificationId,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
}

/// Fetch the PDF of a letter, as printed
#[derive(Args)]
#[command(after_help = "\
Example:
  notify pdf 740e5834-3a29-46b4-9a6f-16142fde533a letter.pdf")]
pub(crate) struct PdfArgs {
    /// The id of the letter
    pub(crate) id: NotificationId,
    /// The file to write; `-` for stdout
    pub(crate) file: PathBuf,
}

/// List text messages that people sent to the service, newest first
///
/// Lists them for as long as the service keeps them: seven days. Without --limit, --all or --since it lists the newest
/// page: up to 250.
#[derive(Args)]
#[command(after_help = "\
Example:
  notify received --all --output jsonl | jq -r .content")]
pub(crate) struct ReceivedArgs {
    /// Only messages received before this one
    #[arg(long, value_name = "ID")]
    pub(crate) older_than: Option<ReceivedTextMessageId>,
    #[command(flatten)]
    pub(crate) range: RangeArgs,
}

/// Print a shell script that completes commands, options, statuses and, with a key, ids
///
/// The script asks this program for the words. Where a key is set, it offers the ids of the service's templates
/// and newest messages.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify completions --install
  notify completions bash > ~/.local/share/bash-completion/completions/notify")]
pub(crate) struct CompletionsArgs {
    /// The shell [default: the one in `$SHELL`]
    pub(crate) shell: Option<Shell>,
    /// Write the script to the user's folder for such scripts, which is created if missing
    #[arg(long)]
    pub(crate) install: bool,
}

/// Write the manual pages to a folder, one for each command
#[derive(Args)]
#[command(after_help = "\
Example:
  notify man ~/.local/share/man/man1 && man notify-send-sms")]
pub(crate) struct ManArgs {
    /// The folder; created if missing
    pub(crate) folder: PathBuf,
}
