//! The forms of the second version's messages.

use super::numbers;
use crate::recipient::email;
use crate::service::letter::ADDRESS;
use crate::wire::validate::{Kind, Property, Rule, Schema, not_within_next_day};

pub(super) const ID_TYPES: &[&str] = &["VAPROFILEID", "PID", "ICN", "BIRLSID", "EDIPI"];

pub(super) const IDENTIFIER: Kind = Kind::Parts(&[
    Rule::Properties(&[Property("id_type", Kind::TextOneOf(ID_TYPES)), Property("id_value", Kind::Text)]),
    Rule::Required(&["id_type", "id_value"]),
]);

pub(super) const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err().map(str::to_owned))),
        Property("recipient_identifier", IDENTIFIER),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::IdOrNull),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("callback_url", CALLBACK_URL),
    ]),
    Rule::Required(&["template_id"]),
    Rule::AnyOf(
        &["phone_number", "recipient_identifier"],
        "Please provide either a phone number or recipient identifier.",
    ),
    Rule::NoOthers,
];

pub(super) const EMAIL: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("email_address", Kind::Checking(|text, _| not_an_address(text))),
        Property("recipient_identifier", IDENTIFIER),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("callback_url", CALLBACK_URL),
    ]),
    Rule::Required(&["template_id"]),
    Rule::AnyOf(
        &["email_address", "recipient_identifier"],
        "Please provide either an email address or a recipient identifier",
    ),
    Rule::NoOthers,
];

pub(super) const LETTER: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("template_id", Kind::Id),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("personalisation", Kind::Form(ADDRESS)),
    ]),
    Rule::Required(&["template_id", "personalisation"]),
    Rule::NoOthers,
];

pub(super) const SCHEDULED_FOR: Kind =
    Kind::CheckingOrNull(|text, now| not_within_next_day(text, now).map(str::to_owned));

pub(super) const CALLBACK_URL: Kind = Kind::CheckingOrNull(|text, _| {
    const LONGEST: usize = 255;
    if !text.starts_with("https") {
        return Some(format!("{text} does not match ^https.*"));
    }
    (text.chars().count() > LONGEST).then(|| format!("{text} is too long"))
});

/// A file among the values.
pub(super) const FILE: &Schema = &[
    Rule::Properties(&[
        Property("file", Kind::Text),
        Property("filename", Kind::TextBetween(3, 255)),
        Property("sending_method", Kind::TextOneOf(&["attach", "link"])),
    ]),
    Rule::Required(&["file", "filename"]),
];

pub(super) fn not_an_address(text: &str) -> Option<String> {
    email::parse(text).err().map(|error| error.to_string())
}
