//! `notify wait`, and `--wait`

use clap::Args;
use notify_http::model::NotificationId;

/// Wait until messages have arrived, or have failed for good
///
/// Prints each new status to stderr, and the final messages to stdout: one message as `notify get` does, several as
/// `notify list` does, and with --output jsonl each message as soon as it is final. The program polls less and less
/// often, and uses at most half of the service's request rate.
///
/// The exit status is 0 if each message was delivered, was sent abroad (`sent`: no receipt comes from there) or, as a
/// letter, was printed and posted (`received`); 9 if one failed for good; 5 if --timeout ended first; 10 if you pressed
/// Ctrl-C.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify wait 740e5834-3a29-46b4-9a6f-16142fde533a
  notify wait --timeout 3600 $(notify list --status sending --output jsonl | jq -r .id)
  notify wait \"$id\" --output json | jq -r .status

A letter stays `accepted` until the evening on which it is printed.

Next: `notify send --wait` sends a message and then waits for it.")]
pub(crate) struct WaitArgs {
    /// The ids of the messages
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<NotificationId>,
}

/// Whether to wait for a message.
#[derive(Args)]
pub(crate) struct WaitOption {
    /// Wait until the message has arrived or has failed for good, as `notify wait` does
    ///
    /// The answer is then the message in its final state. The exit status is 9 if it failed, and 5 if it is still on
    /// its way after --timeout, which then limits the wait alone. The message was sent if its id is on stdout.
    #[arg(long)]
    pub(crate) wait: bool,
}
