//! What to do about an error, in words.

use super::{Error, Kind};

/// What the service says of a key or token it refuses, and what the caller can do (CONTRACT §3).
const KEY_REMEDIES: [(&str, &str); 7] = [
    (
        "service id is not the right data type",
        "the API key is damaged: copy it again, whole, without quotes or spaces",
    ),
    ("service not found", "the API key belongs to another Notify service: check the base URL"),
    ("service has no API keys", "create an API key for the service on its website"),
    (
        "service is archived",
        "the service was archived: ask one of its managers to bring it back, or use another one",
    ),
    ("API key not found", "the API key is wrong, or was revoked more than a week ago: create a new one"),
    ("API key revoked", "the API key was revoked: create a new one"),
    (
        "algorithm used is not HS256",
        "something between here and the service changes the token: check the proxy",
    ),
];

pub(super) fn of(error: &Error) -> Option<String> {
    if error.is_clock_refused() {
        return Some(clock(error.clock_offset_seconds()));
    }
    if error.is_key_refused() {
        let says = |text: &str| error.errors().iter().any(|each| each.message().contains(text));
        let known = KEY_REMEDIES.iter().find(|(text, _)| says(text));
        return known.map(|(_, remedy)| (*remedy).to_owned());
    }
    if error.is_daily_limit() {
        return Some(
            "send the rest after midnight UTC, or ask the service's team for a higher limit".to_owned(),
        );
    }
    if error.is_rate_limited() {
        return Some("wait a few seconds and send again, more slowly".to_owned());
    }
    if error.may_have_been_sent() {
        return Some("before sending again, look the message up by its reference".to_owned());
    }
    match &error.0.kind {
        Kind::NotSent(_) => Some("check the base URL, the network and the proxy".to_owned()),
        Kind::Refused(refusal) if refusal.status().is_redirection() => {
            Some("the base URL points to something that redirects; a token follows no redirect".to_owned())
        }
        Kind::Refused(refusal) if refusal.errors().is_empty() => Some(
            "something between here and the service answered: check the base URL and the proxy".to_owned(),
        ),
        _ => None,
    }
}

fn clock(offset_seconds: Option<i64>) -> String {
    match offset_seconds {
        Some(seconds) if seconds.unsigned_abs() > 30 => {
            let direction = if seconds > 0 { "behind" } else { "ahead of" };
            format!(
                "set this machine's clock: it is {} seconds {direction} the service's",
                seconds.unsigned_abs()
            )
        }
        Some(_) => {
            "the clocks agree, so the request was under way for more than 30 seconds: check the network"
                .to_owned()
        }
        None => "set this machine's clock, which must be right to within 30 seconds".to_owned(),
    }
}
