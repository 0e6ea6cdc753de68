//! The forms of a text message and of an e-mail.

use std::borrow::Cow;

use super::numbers;
use crate::recipient::email;
use crate::wire::validate::{Kind, Property, Rule, Schema, not_within_next_day};

pub(super) const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err().map(str::to_owned))),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::Id),
        Property("status_callback_url", Kind::HttpsStart),
        Property("status_callback_bearer_token", Kind::TextFrom(10)),
    ]),
    Rule::Required(&["phone_number", "template_id"]),
    Rule::Needs("status_callback_url", "status_callback_bearer_token"),
    Rule::NoOthers,
];

pub(super) const EMAIL: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("email_address", Kind::Checking(|text, _| not_an_address(text))),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("email_reply_to_id", Kind::Id),
        Property("status_callback_url", Kind::HttpsStart),
        Property("status_callback_bearer_token", Kind::TextFrom(10)),
    ]),
    Rule::Required(&["email_address", "template_id"]),
    Rule::Needs("status_callback_url", "status_callback_bearer_token"),
    Rule::NoOthers,
];

pub(super) const SCHEDULED_FOR: Kind =
    Kind::CheckingOrNull(|text, now| not_within_next_day(&in_full(text), now).map(str::to_owned));

/// A year alone is a date to the service, too.
pub(super) fn in_full(text: &str) -> Cow<'_, str> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_year { format!("{text}-01-01").into() } else { text.into() }
}

pub(super) fn not_an_address(text: &str) -> Option<String> {
    email::parse_of_any_length(text).err().map(|error| error.to_string())
}
