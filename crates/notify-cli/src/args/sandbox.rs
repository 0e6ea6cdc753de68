//! The arguments of `notify sandbox`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

/// Run a Notify service on this machine, to try things on
///
/// It answers as the real service does and sends nothing. For each kind of key it prints a line to paste into another
/// shell; then it logs each request, with the reason when it refuses one, until Ctrl-C ends it.
///
/// Tests drive it through the control API, under /sandbox/: rendered messages, the clock, faults, statuses of messages,
/// received texts, callbacks.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify sandbox
  notify sandbox --world world.json --port 6011
  notify sandbox --quiet --ready-file target/notify.url &   # in a test: wait for the file, read the URL
  curl -H 'X-Sandbox: 1' http://127.0.0.1:6011/sandbox/messages")]
pub(crate) struct SandboxArgs {
    /// A JSON file with the services, keys and templates to serve; a small built-in one otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,
    /// The port; a free one otherwise
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// The address; beyond this machine, the control API needs a token, which is printed
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) address: IpAddr,
    /// A file to write the URL to, in one piece, once requests are answered; it goes when the sandbox ends
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// An SQLite file that outlives the sandbox: what was answered is in it, whatever happens; a new one is made
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Leaves out rate limits and daily limits
    #[arg(long)]
    pub(crate) no_limits: bool,
    /// Posts no callbacks, whatever the world says
    #[arg(long)]
    pub(crate) no_callbacks: bool,
    /// Logs no requests
    #[arg(long)]
    pub(crate) quiet: bool,
}
