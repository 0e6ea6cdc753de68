//! `notify profile`

use clap::{Args, Subcommand};

/// Keep settings under a name: the URL of a service, which one it is, and where its key lives
///
/// A profile holds no key, only where the key lives. `--profile NAME` or `NOTIFY_PROFILE` chooses one. An option takes
/// precedence over an environment variable, and both over the profile, each setting by itself.
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  notify profile add live --api-key-file ~/.secrets/notify-live
  notify profile add sandbox --base-url http://127.0.0.1:6011 --key-command 'pass notify/sandbox'
  notify list --profile sandbox
  export NOTIFY_PROFILE=live

Profiles are in the folder that your system has for settings: ~/.config/notify/profiles.json on Linux.")]
pub(crate) enum ProfileArgs {
    Add(AddProfileArgs),
    /// List the profiles
    #[command(after_help = "\
Example:
  notify profile list")]
    List,
    /// Forget a profile; the key stays where it is
    #[command(after_help = "\
Example:
  notify profile remove sandbox")]
    Remove {
        /// The name of the profile
        name: String,
    },
}

/// Add a profile
///
/// --base-url, --service and --api-key-file are kept in the profile. A file must be closed to other users.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify profile add live --api-key-file ~/.secrets/notify-live
  notify profile add va --service va --service-id ID --key-command 'pass notify/va'
  notify profile add desk --key-command 'secret-tool lookup app notify'          # GNOME, KDE
  notify profile add desk --key-command 'security find-generic-password -s notify -w'   # macOS

Next: `notify templates --profile NAME`")]
pub(crate) struct AddProfileArgs {
    /// The name to choose it by
    pub(crate) name: String,
    /// A command of the shell that prints the key, such as that of a password manager or of the system's keyring
    #[arg(long, value_name = "COMMAND")]
    pub(crate) key_command: Option<String>,
    /// The id of the service, if the key is a secret that was handed out alone, as VA Notify does
    #[arg(long, value_name = "ID")]
    pub(crate) service_id: Option<String>,
    /// Replace the profile of this name
    #[arg(long)]
    pub(crate) replace: bool,
}
