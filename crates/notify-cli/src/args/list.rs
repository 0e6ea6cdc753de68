//! `notify list`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use notify_http::model::{NotificationId, Status, TemplateType};

use super::range::RangeArgs;

/// List messages, newest first
///
/// Lists messages sent with a key of the same type (live, team or test), for as long as the service keeps them: seven
/// days unless your service has another setting. Without --limit, --all or --since it lists the newest page: up to 250.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify list --status failed --template-type sms
  notify list --reference 'appointment 17'
  notify list --since 2026-11-23T09:00:00Z
  notify list --all --output jsonl | jq -r .status | sort | uniq -c

Next: `notify get ID` shows all of a message.")]
pub(crate) struct ListArgs {
    /// Only messages of this type: sms, email or letter; may be repeated
    #[arg(long, visible_alias = "type", value_name = "TYPE", value_parser = template_type(), hide_possible_values = true)]
    pub(crate) template_type: Vec<TemplateType>,
    /// Only messages in this status; may be repeated
    ///
    /// created, sending, pending, sent, delivered, permanent-failure, temporary-failure, technical-failure, or failed
    /// for every failure; letters: accepted, received, cancelled, pending-virus-check, virus-scan-failed,
    /// validation-failed, returned-letter.
    #[arg(long, value_name = "STATUS", value_parser = status(), hide_possible_values = true)]
    pub(crate) status: Vec<Status>,
    /// Only messages with this reference
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Only messages sent before this one
    #[arg(long, value_name = "ID")]
    pub(crate) older_than: Option<NotificationId>,
    /// Include messages sent from a spreadsheet or by hand on the service's website
    #[arg(long)]
    pub(crate) include_jobs: bool,
    #[command(flatten)]
    pub(crate) range: RangeArgs,
}

/// The statuses to filter by.
const STATUSES: [&str; 16] = [
    "created",
    "sending",
    "pending",
    "sent",
    "delivered",
    "permanent-failure",
    "temporary-failure",
    "technical-failure",
    "failed",
    "accepted",
    "received",
    "cancelled",
    "pending-virus-check",
    "virus-scan-failed",
    "validation-failed",
    "returned-letter",
];

/// The service would repeat any other word in its refusal.
fn status() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(STATUSES).map(|word| Status::from(word.as_str()))
}

/// Reads the type of a message or a template.
pub(super) fn template_type() -> impl TypedValueParser<Value = TemplateType> {
    PossibleValuesParser::new(["sms", "email", "letter"]).map(|word| TemplateType::from(word.as_str()))
}
