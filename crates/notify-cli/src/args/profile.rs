//! `notify profile`

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

/// Keep settings under a name: the URL of a service, which service it is, and where its key lives
///
/// A profile holds no key, only where the key lives. `--profile NAME` or `NOTIFY_PROFILE` chooses one. Each setting is
/// decided separately: an option takes precedence over an environment variable, and both over the profile.
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  notify profile add live --api-key-file ~/.secrets/notify-live
  notify profile add sandbox --base-url http://127.0.0.1:6011 --key-command 'pass notify/sandbox'
  notify profile add desk --keyring
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
    /// Forget a profile; its key is deleted from the system's keyring, but a key file stays
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
/// --base-url, --service and --api-key-file are kept in the profile. Other users must not be able to read or write the
/// key file.
///
/// With --keyring, the key itself is kept in the system's keyring: the Secret Service on Linux (such as GNOME's and
/// KDE's), the keychain on macOS, the Credential Manager on Windows. The key is read from the terminal without being
/// shown, from stdin, or from --api-key-file. A `notify` that was built without the feature `keyring` says so; use
/// --key-command then, to read the key with the keyring's own command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify profile add live --api-key-file ~/.secrets/notify-live
  notify profile add va --service va --service-id ID --key-command 'pass notify/va'
  notify profile add desk --keyring                       # asks for the key
  notify profile add desk --keyring --api-key-file key.txt && rm key.txt
  notify profile add desk --key-command 'secret-tool lookup app notify'          # GNOME, KDE
  notify profile add desk --key-command 'security find-generic-password -s notify -w'   # macOS

Next: `notify templates --profile NAME`")]
pub(crate) struct AddProfileArgs {
    /// The name to choose it by
    #[arg(value_parser = name)]
    pub(crate) name: String,
    /// A shell command that prints the key, such as that of a password manager or of the system's keyring
    #[arg(long, value_name = "COMMAND", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) key_command: Option<String>,
    /// Keep the key in the system's keyring
    #[arg(long, conflicts_with = "key_command")]
    pub(crate) keyring: bool,
    /// The id of the service, if the key is only a secret, as VA Notify issues it
    #[arg(long, value_name = "ID")]
    pub(crate) service_id: Option<String>,
    /// Replace the profile of this name
    #[arg(long)]
    pub(crate) replace: bool,
}

/// A name that can be typed again, also into a variable. White space around it does not count.
fn name(text: &str) -> Result<String, &'static str> {
    match text {
        _ if text.trim().is_empty() => Err("a profile needs a name"),
        _ if text.trim() != text => Err("a name has no white space around it"),
        _ if text.chars().any(char::is_control) => Err("a name has no control characters"),
        _ => Ok(text.to_owned()),
    }
}
