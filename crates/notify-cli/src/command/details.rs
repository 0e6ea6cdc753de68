//! A message, as commands show it.

use notify_http::model::{Notification, TemplateReference};

use crate::output::fields::Fields;
use crate::output::style;
use crate::output::time::moment_and_distance;

/// All of a message.
pub(super) fn show(message: &Notification) -> Fields {
    let address = [&message.line_1, &message.line_2, &message.line_3, &message.line_4, &message.line_5];
    let address = address.into_iter().chain([&message.line_6, &message.postcode]).flatten();
    let address: Vec<&str> = address.map(String::as_str).collect();
    let to = message.phone_number.as_ref().or(message.email_address.as_ref()).cloned();
    let to = to.or_else(|| (!address.is_empty()).then(|| address.join("\n")));
    Fields::new()
        .field("id", message.id)
        .field("type", &message.notification_type)
        .styled("status", &message.status, style::of_status(&message.status))
        .optional("to", to)
        .optional("reference", message.reference.as_ref())
        .optional("created", message.created_at.map(moment_and_distance))
        .optional("sent", message.sent_at.map(moment_and_distance))
        .optional("completed", message.completed_at.map(moment_and_distance))
        .optional("estimated delivery", message.estimated_delivery.map(moment_and_distance))
        .optional("postage", message.postage.as_ref())
        .optional("cost", message.cost_in_pounds.map(|pounds| format!("£{pounds}")))
        .optional("template", message.template.as_ref().map(version))
        .optional("subject", message.subject.as_ref())
        .field("body", &message.body)
}

/// A template's id and version.
pub(super) fn version(template: &TemplateReference) -> String {
    format!("{} version {}", template.id, template.version)
}
