//! `notify callbacks`

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with the service's callbacks.
#[derive(Subcommand)]
pub(crate) enum CallbacksCommand {
    Listen(ListenArgs),
}

/// Print the callbacks that the service posts, as they come: delivery receipts, received texts, and others
///
/// Only callbacks with the right bearer token are printed. Put the token into `NOTIFY_CALLBACK_TOKEN` or the file of
/// --token-file, and enter the same token on the service's website. Receipts that VA Notify signs, for messages with a
/// URL of their own, are checked with the key of `NOTIFY_API_KEY` or --api-key-file, if there is one.
///
/// With --forward-to, each verified callback is posted on unchanged, and the service gets the answer of the program at
/// that URL. If that program does not answer, the service gets a 503, and posts the callback again later.
///
/// The service posts only to https URLs that it can reach. So put something in front that has such a URL and passes
/// requests on to this machine in plain HTTP: a tunnel, or your web server. Then enter its URL and the token on the
/// service's website, under "API integration", "Callbacks". A sandbox also posts to http URLs of this machine.
#[derive(Args)]
#[command(after_help = "\
Examples:
  export NOTIFY_CALLBACK_TOKEN=$(openssl rand -hex 16)
  notify callbacks listen
  notify callbacks listen --forward-to http://127.0.0.1:8000/notify-callbacks
  notify callbacks listen --output jsonl | jq -r .status

How the service reaches it, for example by a server of yours that has a certificate:
  ssh -R 127.0.0.1:8026:127.0.0.1:8026 www.example.gov.uk
  location /notify-callbacks { proxy_pass http://127.0.0.1:8026; }    # in the nginx there

How a sandbox reaches it:
  curl -X PUT -H 'X-Sandbox: 1' \"$NOTIFY_BASE_URL/sandbox/services/$SERVICE/callbacks/delivery_status\" \\
      -d \"{\\\"url\\\": \\\"http://127.0.0.1:8026/\\\", \\\"bearer_token\\\": \\\"$NOTIFY_CALLBACK_TOKEN\\\"}\"")]
pub(crate) struct ListenArgs {
    /// The port to listen on; 0 for a free one
    #[arg(long, value_name = "PORT", default_value_t = 8026)]
    pub(crate) port: u16,
    /// The address to listen on; anything from other machines arrives unencrypted
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) address: IpAddr,
    /// A file that contains the bearer token [default: the token in `$NOTIFY_CALLBACK_TOKEN`]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Forward each verified callback to this URL
    #[arg(long, value_name = "URL")]
    pub(crate) forward_to: Option<String>,
}
