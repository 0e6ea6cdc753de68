//! `notify wait`, and `--wait`

use clap::Args;
use notify_http::model::NotificationId;

/// Wait until messages have arrived, or have failed for good
///
/// Prints each status as it comes to stderr, and the messages as they are at the end to stdout: one as `notify get`
/// does, several as `notify list` does; with --output jsonl each as soon as it is over. The service is asked less and
/// less often, and never more often than half as fast as it takes messages.
///
/// The exit status is 0 if each was delivered, was sent abroad (`sent`: no receipt comes from there) or, as a letter,
/// was printed and posted (`received`); 9 if one failed for good; 5 if --timeout was over first; 10 if
/// you pressed Ctrl-C.
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
    /// The answer is then the message as it is at the end. The exit status is 9 if it failed, and 5 if it is still on
    /// its way after --timeout, which the waiting has for itself: the message was sent if its id is on stdout.
    #[arg(long)]
    pub(crate) wait: bool,
}
