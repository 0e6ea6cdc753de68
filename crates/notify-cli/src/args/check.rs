//! `notify check`

use std::path::PathBuf;

use clap::Args;

use super::message::TemplateArgs;
use super::send::name_and_file;

/// Check a message against its template, before anything is sent
///
/// Reads the template, and says which placeholders have no value, which values have no placeholder (most of them are
/// spelling mistakes), and how long the message is. For a text message it also says how many fragments are billed, and
/// which characters are replaced. Nothing is sent.
///
/// The exit status is 4 if the service would refuse the message. 0 does not promise that the service takes it: only the
/// service knows whether you may send to a recipient.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify check --template 740e5834-3a29-46b4-9a6f-16142fde533a --personalisation name=Łucja
  notify check --template … --personalisation-file values.json --output json | jq .fragments
  notify check --template … --file link_to_file=permit.pdf

Next: `notify preview` shows the message as the service makes it, and `notify send` sends it.")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
    /// A file to link to from a placeholder, for an e-mail
    #[arg(long, value_name = "NAME=FILE", value_parser = name_and_file)]
    pub(crate) file: Vec<(String, PathBuf)>,
    /// The name that your service puts before its text messages, if any; it counts towards the price
    #[arg(long, value_name = "NAME")]
    pub(crate) service_name: Option<String>,
}
