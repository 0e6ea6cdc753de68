//! `notify templates`, `notify template`, `notify preview`

use clap::Args;
use notify_http::model::{TemplateId, TemplateType};

use super::message::TemplateArgs;

/// List templates, with the placeholders that a message has to fill
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify templates
  notify templates --type email --output jsonl | jq -r .name")]
pub(crate) struct TemplatesArgs {
    /// Only templates of this type: sms, email or letter
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) template_type: Option<TemplateType>,
}

/// Show a template: its text, its placeholders, its version
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify template 740e5834-3a29-46b4-9a6f-16142fde533a
  notify template 740e5834-3a29-46b4-9a6f-16142fde533a --version 3")]
pub(crate) struct GetTemplateArgs {
    /// The template, by its id
    pub(crate) id: TemplateId,
    /// As it was in this version; the current one otherwise
    #[arg(long, value_name = "NUMBER")]
    pub(crate) version: Option<u32>,
}

/// Show what a message made from a template would say, and send nothing
#[derive(Args)]
#[command(after_help = "\
Example:
  notify preview --template 740e5834-3a29-46b4-9a6f-16142fde533a --personalisation name=Kim")]
pub(crate) struct PreviewArgs {
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
}
