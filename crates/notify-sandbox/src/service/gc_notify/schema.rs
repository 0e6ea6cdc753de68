//! The forms of a text message and of an e-mail.

use std::time::Duration;

use super::{iso8601, numbers};
use crate::recipient::email;
use crate::render::content::whitespace;
use crate::time::Timestamp;
use crate::wire::validate::{Kind, Property, Rule, Schema, not_within};

/// How far ahead a message may be scheduled.
pub(super) const FOUR_DAYS: Duration = Duration::from_secs(96 * 3_600);

pub(super) const SCHEDULED_FOR: Kind = Kind::CheckingOrNull(not_within_four_days);

pub(super) const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err())),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::Id),
    ]),
    Rule::Required(&["phone_number", "template_id"]),
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
    ]),
    Rule::Required(&["email_address", "template_id"]),
    Rule::NoOthers,
];

pub(super) fn not_within_four_days(text: &str, now: Timestamp) -> Option<String> {
    // The offset is ignored: the local time counts as if it were UTC. Any other text is refused below.
    let text = iso8601::parse(text).map_or_else(String::new, |time| time.local.to_string());
    let why = not_within(&text, now, FOUR_DAYS, "datetime can only be up to 96 hours in the future")?;
    Some(why.replace("can not", "cannot"))
}

pub(super) fn not_an_address(text: &str) -> Option<String> {
    const LONGEST: usize = 320;
    if text.trim_matches(whitespace::is_space).chars().count() > LONGEST {
        return Some(email::EmailError.to_string());
    }
    email::parse_with_accents(text).err().map(|error| error.to_string())
}
