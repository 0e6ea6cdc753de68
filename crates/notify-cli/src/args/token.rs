//! `notify token`

use clap::{Args, Subcommand};

/// Print a token, which can sign requests for 30 seconds
///
/// Prints nothing else to stdout. Anyone who sees the token can use it until it is 30 seconds old.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_value_name = "COMMAND")]
#[command(after_help = "\
Examples:
  notify token
  notify token --header | curl --header @- https://api.notifications.service.gov.uk/v2/templates
  pbpaste | notify token inspect      # why does the service refuse this token?")]
pub(crate) struct TokenArgs {
    #[command(subcommand)]
    pub(crate) command: Option<TokenCommand>,
    /// Print the whole header: `Authorization: Bearer …`
    #[arg(long)]
    pub(crate) header: bool,
    /// The time to sign for, in seconds since 1970-01-01 UTC [default: now]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) at: Option<u64>,
}

/// What to do with a token of another program.
#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    Inspect(InspectTokenArgs),
    Verify(VerifyTokenArgs),
}

/// Say what the service would answer to a token, and why, claim by claim
///
/// Reads the token from stdin: alone, with `Bearer`, or as the whole header. Nothing leaves this machine, and no key is
/// needed, so the signature is not checked. Neither the token nor its signature is printed.
///
/// The exit status is 4 if the service would refuse the token. An old token is refused for its age; use --at to judge
/// it as of another time.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify token inspect < token.txt
  notify token | notify token inspect
  notify token inspect --at 1795430454 --service gc --output json < token.txt

Next: `notify token verify` also checks the signature, with the key.")]
pub(crate) struct InspectTokenArgs {
    /// Judge the token as of this time, in seconds since 1970-01-01 UTC [default: now]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) at: Option<u64>,
}

/// Say whether a token was made with your key, and what the service would answer to it
///
/// Reads the token from stdin, as `notify token inspect` does, and also checks its signature, with the key of
/// `NOTIFY_API_KEY` or --api-key-file. Nothing leaves this machine.
///
/// The exit status is 0 if the token is right, 4 if the service would refuse it, and 3 if there is no usable key.
#[derive(Args)]
#[command(after_help = "\
Examples:
  my-program --print-token | notify token verify
  notify token verify --api-key-file key.txt < token.txt")]
pub(crate) struct VerifyTokenArgs {
    /// Judge the token as of this time, in seconds since 1970-01-01 UTC [default: now]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) at: Option<u64>,
}
