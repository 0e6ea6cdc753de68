//! What to do about an error, in words.

use super::{Error, ErrorKind, Evidence, Failure};

/// What the service says about a key or token that it refuses, and what you can do
/// (docs/service-behaviour.md#authentication).
const KEY_REMEDIES: [(&str, &str); 13] = [
    ("service id is not the right data type", DAMAGED_KEY),
    ("Enter your full API key", DAMAGED_KEY),
    ("service not found", "the API key belongs to another Notify service: check the base URL"),
    ("service has no API keys", "create an API key for the service on its website"),
    (
        "service is archived",
        "the service was archived: ask one of its managers to bring it back, or use another one",
    ),
    ("API key not found", "the API key is wrong, or was revoked more than a week ago: create a new one"),
    ("API key revoked", "the API key was revoked: create a new one"),
    ("API key expired", "the API key expired: create a new one"),
    ("algorithm used is not HS256", CHANGED_TOKEN),
    ("iss field not provided", CHANGED_TOKEN),
    ("make sure your API token matches", CHANGED_TOKEN),
    ("authentication token must be provided", CHANGED_TOKEN),
    ("authentication bearer scheme must be used", CHANGED_TOKEN),
];
const DAMAGED_KEY: &str = "the API key is damaged: copy it again, whole, without quotes or spaces";
const CHANGED_TOKEN: &str = "something between here and the service changes the token: check the proxy";

/// What you can do about each kind of refusal.
const REMEDIES: [(ErrorKind, &str); 17] = [
    (ErrorKind::AnnualLimit, "ask the service's team for a higher limit"),
    (ErrorKind::DailyLimit, "send the rest after midnight UTC, or ask the service's team for a higher limit"),
    (
        ErrorKind::RateLimit,
        "wait a few seconds, longer if a Retry-After header says so, and send again, more slowly",
    ),
    (
        ErrorKind::KeyType,
        "use a live key, or send to the service's team and guest list; no team key sends letters",
    ),
    (
        ErrorKind::TrialMode,
        "ask for the service to go live; until then send to its team and guest list, and no letters",
    ),
    (ErrorKind::Permission, "ask a manager of the service to allow it in the service's settings"),
    (ErrorKind::Recipient, "correct the recipient"),
    (
        ErrorKind::Template,
        "check the id of the template: it must be one of this service, not deleted, and of this kind",
    ),
    (ErrorKind::MissingPersonalisation, "give each placeholder of the template a value"),
    (ErrorKind::MessageEmpty, "check the template and its values: filled in, it says nothing"),
    (ErrorKind::MessageTooLong, "shorten the template or its values"),
    (ErrorKind::File, "check the file's size, type, name and options"),
    (ErrorKind::Virus, "it has a virus: send another one"),
    (ErrorKind::Field, "correct the fields that the service names"),
    (ErrorKind::Malformed, "something between here and the service changes the request: check the proxy"),
    (ErrorKind::NotReady, "ask again in some seconds"),
    (ErrorKind::UnknownOperation, "check the base URL: the service has no such operation there"),
];

pub(super) fn of(error: &Error) -> Option<String> {
    if error.is_clock_refused() {
        return Some(clock(error.clock_offset_seconds()));
    }
    let remedy = if error.is_key_refused() {
        let says = |text: &str| error.errors().iter().any(|each| each.message().contains(text));
        KEY_REMEDIES.iter().find(|(text, _)| says(text)).map(|(_, remedy)| *remedy)
    } else if error.may_have_been_sent() {
        return Some(in_doubt(error));
    } else {
        by_kind(error).or_else(|| by_failure(&error.0.failure))
    };
    remedy.map(str::to_owned)
}

fn by_kind(error: &Error) -> Option<&'static str> {
    let of_kind =
        |kind| if kind == ErrorKind::NotFound { not_found(error.operation()) } else { remedy(kind) };
    error.errors().iter().find_map(|each| of_kind(each.kind()))
}

/// What may be wrong with an id that the service does not know (docs/service-behaviour.md#smoke-tests,
/// docs/service-behaviour.md#when-a-message-is-listed).
fn not_found(operation: &str) -> Option<&'static str> {
    match operation {
        "get_template" | "get_template_version" | "preview_template" => {
            Some("check the id and the version: the template must be one of the service that the key is of")
        }
        "get_notification" | "get_letter_pdf" => Some(
            "check the id, and that the key is of the service that sent the message; a message is kept for seven \
             days, and one to a number or address for smoke tests not at all",
        ),
        _ => None,
    }
}

fn remedy(kind: ErrorKind) -> Option<&'static str> {
    REMEDIES.iter().find(|(each, _)| *each == kind).map(|(_, remedy)| *remedy)
}

fn in_doubt(error: &Error) -> String {
    const LOOK_UP: &str = "before sending again, look the message up by its reference";
    match error.0.evidence {
        Evidence::NoService => {
            format!("no Notify service answers at this address: check the base URL and the proxy; {LOOK_UP}")
        }
        Evidence::Unclear => {
            "before sending again, look at the messages that the service lists under its reference".to_owned()
        }
        // If it was not the service that answered, the caller should look into that, too.
        Evidence::None | Evidence::Absent if error.0.failure.is_nobodys() => {
            by_failure(&error.0.failure).map_or(LOOK_UP.to_owned(), |cause| format!("{cause}; {LOOK_UP}"))
        }
        Evidence::None | Evidence::Absent => LOOK_UP.to_owned(),
    }
}

fn by_failure(failure: &Failure) -> Option<&'static str> {
    match failure {
        Failure::NotOffered(_) => Some("name the service that you talk to, or ask for what it offers"),
        Failure::NotSent(_) => Some("check the base URL, the network and the proxy"),
        Failure::Expired | Failure::DeadlineExceeded(_) => Some("give the call more time"),
        Failure::Lost(cause) if cause.is_timeout() => {
            Some("check the network, give the call more time, and try again")
        }
        Failure::Lost(_) => Some("check the base URL and the network, and try again"),
        Failure::Refused(refusal) if refusal.is_from_proxy() => {
            Some("the proxy wants a user name and password: put them into its URL")
        }
        Failure::Refused(refusal) if refusal.status().is_redirection() => {
            Some("the base URL points to something that redirects, and a token follows no redirect")
        }
        Failure::Refused(refusal) if refusal.is_rate_limit() => remedy(ErrorKind::RateLimit),
        Failure::Refused(refusal) if refusal.errors().is_empty() => {
            Some("something between here and the service answered: check the base URL and the proxy")
        }
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
