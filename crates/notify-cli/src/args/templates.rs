//! `notify templates`, `notify template`, `notify preview`

use clap::Args;
use notify_http::model::{TemplateId, TemplateType};

use super::list::template_type;
use super::message::TemplateArgs;
use super::template_files::TemplatesCommand;

/// List templates, and the placeholders that a message must fill; or keep them as files
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_value_name = "COMMAND")]
#[command(after_help = "\
Examples:
  notify templates
  notify templates --type email --output jsonl | jq -r .name
  notify templates pull templates/    # a file for each

Next: `notify template ID` shows a template, and `notify send sms --help` how to send it.")]
pub(crate) struct TemplatesArgs {
    #[command(subcommand)]
    pub(crate) command: Option<TemplatesCommand>,
    /// Only templates of this type: sms, email or letter
    #[arg(long = "type", value_name = "TYPE", value_parser = template_type(), hide_possible_values = true)]
    pub(crate) template_type: Option<TemplateType>,
}

/// Show a template: its text, placeholders and version
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify template 740e5834-3a29-46b4-9a6f-16142fde533a
  notify template 740e5834-3a29-46b4-9a6f-16142fde533a --version 3

Next: `notify preview --template ID` shows the message it makes.")]
pub(crate) struct GetTemplateArgs {
    /// The id of the template
    pub(crate) id: TemplateId,
    /// The version to show [default: the current one]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) version: Option<u32>,
}

/// Preview the message that a template makes, without sending it
#[derive(Args)]
#[command(after_help = "\
Example:
  notify preview --template 740e5834-3a29-46b4-9a6f-16142fde533a --personalisation name=Kim

Next: `notify send` takes the same arguments, and --to.")]
pub(crate) struct PreviewArgs {
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
}
