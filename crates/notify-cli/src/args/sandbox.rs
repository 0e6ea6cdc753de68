//! The arguments of `notify sandbox`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

use super::sandbox_control::SandboxCommand;

/// Run a Notify service on this machine, to try things out
///
/// It answers as the real service does, and sends nothing. For each key it prints a line to paste into another shell.
/// Then it logs each request, with the reason if it refuses one, until you press Ctrl-C.
///
/// Tests use the control API under /sandbox/ to read rendered messages, set the clock, inject faults, change message
/// statuses, send texts to a service and see callbacks.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_value_name = "COMMAND")]
#[command(after_help = "\
Examples:
  notify sandbox
  notify sandbox --world world.json --port 8080
  notify sandbox --service au --world australia.json
  notify sandbox --quiet --ready-file target/notify.url &   # in a test: wait for the file, read the URL
  notify sandbox messages          # in another shell, with NOTIFY_BASE_URL set

Next: paste one of the lines that it prints into another shell, and run `notify templates` there.")]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    /// A JSON file with the services, keys and templates to serve [default: a small built-in world]
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,
    /// The port to listen on; 0 for any free one [default: 6011, or the next free one]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The address to listen on, such as 0.0.0.0 for all; if other machines can reach it, the control API needs a
    /// token, which is printed
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) address: IpAddr,
    /// A file to write the URL to, all at once, when the sandbox is ready; it is removed when the sandbox ends
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// An SQLite file that keeps everything across restarts, created if missing; whatever was answered is in it, even
    /// after a crash
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Speak HTTPS, with a new certificate; write the certificate of its authority, which clients have to trust, to
    /// FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "notify-sandbox-ca.pem")]
    pub(crate) tls: Option<PathBuf>,
    /// With --tls: a name that the certificate covers besides localhost, such as api.notifications.service.gov.uk; may
    /// be repeated
    #[arg(long, value_name = "NAME", requires = "tls")]
    pub(crate) tls_name: Vec<String>,
    /// The host of links to files, such as documents.service.gov.uk; the links then begin with https [default: the sandbox]
    #[arg(long, value_name = "HOST")]
    pub(crate) document_host: Option<String>,
    /// Switch off rate limits and daily limits
    #[arg(long)]
    pub(crate) no_limits: bool,
    /// Post no callbacks, even if the world names URLs for them
    #[arg(long)]
    pub(crate) no_callbacks: bool,
    /// Log no requests
    #[arg(long)]
    pub(crate) quiet: bool,
}
