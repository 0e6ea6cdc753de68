//! Magic recipients: addresses and numbers with an outcome of their own, for tests that can only type into a browser.
//!
//! Whoever sends to one of them gets its outcome, with any key and from any service. The numbers are among those that are
//! set aside for drama.

use std::time::Duration;

use crate::account::message::Message;
use crate::account::status::Journey;
use crate::faults::{AppliedFault, Effect, ErrorResponse, FaultAction};
use crate::wire::request::Request;

/// What is after the `@` of each magic address.
const DOMAIN: &str = "sandbox.example";

/// How long the outcome `slow` takes.
const SLOW: Duration = Duration::from_secs(10);

/// An outcome with a name.
pub(crate) struct Outcome {
    /// Before the `@` of its address.
    pub(crate) name: &'static str,
    /// The last two digits of its numbers.
    digits: &'static str,
    /// What comes of a message, in words.
    pub(crate) meaning: &'static str,
    fate: Fate,
}

enum Fate {
    /// The message is taken and goes this way.
    Goes(Journey),
    /// The request fares as with an injected fault.
    Fails(FaultAction, Effect),
}

use Fate::{Fails, Goes};

/// The table.
pub(crate) const OUTCOMES: [Outcome; 12] = [
    row("delivered", "60", "it is delivered", Goes(Journey::DELIVERED)),
    row("temporary-failure", "61", "it is not delivered this time", Goes(Journey::TEMPORARY_FAILURE)),
    row("permanent-failure", "62", "there is no such recipient", Goes(Journey::PERMANENT_FAILURE)),
    row("technical-failure", "63", "it fails inside the service", Goes(Journey::TECHNICAL_FAILURE)),
    row("sending", "64", "it stays on its way for ever", Goes(Journey::SENDING)),
    row(
        "too-many-requests",
        "65",
        "429: the rate limit is exceeded",
        answered(ErrorResponse::TooManyRequests),
    ),
    row("server-error", "66", "500: the service fails", answered(ErrorResponse::InternalError)),
    row("unavailable", "67", "503 from a load balancer, in HTML", answered(ErrorResponse::Unavailable)),
    row("timeout", "68", "504: the service takes too long", answered(ErrorResponse::GatewayTimeout)),
    row("connection-lost", "69", "no answer, and it is not sent", Fails(FaultAction::Drop, Effect::No)),
    row("answer-lost", "70", "no answer, although it is sent", Fails(FaultAction::Drop, Effect::Yes)),
    row("slow", "71", "the answer takes ten seconds", Fails(FaultAction::Delay(SLOW), Effect::Yes)),
];

const fn row(name: &'static str, digits: &'static str, meaning: &'static str, fate: Fate) -> Outcome {
    Outcome { name, digits, meaning, fate }
}

const fn answered(response: ErrorResponse) -> Fate {
    Fails(FaultAction::Respond(response), Effect::No)
}

impl Outcome {
    pub(crate) fn email_address(&self) -> String {
        format!("{}@{DOMAIN}", self.name)
    }

    /// A British number, and one of North America, where the area code does not matter.
    pub(crate) fn phone_numbers(&self) -> [String; 2] {
        [format!("+4477009009{}", self.digits), format!("+161355501{}", self.digits)]
    }

    /// The outcome of a recipient, if it has one.
    fn of(recipient: &str) -> Option<&'static Self> {
        if let Some((name, domain)) = recipient.rsplit_once('@') {
            let is_magic = domain.eq_ignore_ascii_case(DOMAIN);
            return OUTCOMES.iter().find(|one| is_magic && one.name.eq_ignore_ascii_case(name));
        }
        let digits: String = recipient.chars().filter(char::is_ascii_digit).collect();
        OUTCOMES.iter().find(|one| {
            let rest = digits.strip_suffix(one.digits);
            // 07700 9009… or +44 7700 9009…, and 613 555 01… or +1 613 555 01….
            rest.is_some_and(|rest| match rest.strip_suffix("77009009") {
                Some(prefix) => ["0", "44", "0044", "440"].contains(&prefix),
                None => {
                    rest.ends_with("55501") && (rest.len() == 8 || rest.len() == 9 && rest.starts_with('1'))
                }
            })
        })
    }
}

/// The way that a message to a magic recipient goes.
pub(super) fn journey(message: &Message) -> Option<Journey> {
    match Outcome::of(message.recipient()?)?.fate {
        Goes(journey) => Some(journey),
        Fails(..) => None,
    }
}

/// What happens to a request that sends to a magic recipient. Nothing but its recipient is read, since every request comes
/// by here.
pub(crate) fn fault(request: &Request) -> Option<AppliedFault> {
    if !request.uri().path().starts_with("/v2/notifications") {
        return None;
    }
    let body = request.body();
    let recipient = value(body, b"\"phone_number\"").or_else(|| value(body, b"\"email_address\""))?;
    match Outcome::of(std::str::from_utf8(recipient).ok()?)?.fate {
        Fails(action, effect) => Some(AppliedFault { action, effect }),
        Goes(_) => None,
    }
}

/// The text after a name and a colon, as it is written.
fn value<'a>(body: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let place = body.windows(name.len()).position(|window| window == name)?;
    let rest = body[place + name.len()..].trim_ascii_start().strip_prefix(b":")?;
    let text = rest.trim_ascii_start().strip_prefix(b"\"")?;
    text.split(|byte| *byte == b'"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(recipient: &str) -> Option<&'static str> {
        Outcome::of(recipient).map(|outcome| outcome.name)
    }

    #[test]
    fn a_magic_recipient_is_known_in_any_spelling() {
        let numbers =
            ["07700900967", "+44 7700 900 967", "0044 7700900967", "613-555-0167", "+1 (202) 555 0167"];
        for spelling in numbers {
            assert_eq!(name(spelling), Some("unavailable"), "{spelling}");
        }
        assert_eq!(name("Answer-Lost@Sandbox.Example"), Some("answer-lost"));
        let ordinary = ["07700900123", "07700900500", "17700900967", "+61 7700 900 967", "555 0167"];
        for other in ordinary.into_iter().chain(["answer-lost@example.com", "x@sandbox.example", ""]) {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn each_outcome_has_a_name_and_numbers_of_its_own() {
        for outcome in &OUTCOMES {
            assert_eq!(name(&outcome.email_address()), Some(outcome.name));
            for number in outcome.phone_numbers() {
                assert_eq!(name(&number), Some(outcome.name));
            }
        }
    }

    #[test]
    fn the_recipient_is_read_wherever_it_stands_in_the_body() {
        let fate = |body: &'static str| {
            let request = http::Request::post("/v2/notifications/sms");
            fault(&request.body(bytes::Bytes::from_static(body.as_bytes())).unwrap())
                .map(|applied| applied.action)
        };
        assert_eq!(fate(r#"{"a": 1, "phone_number" : "07700900969"}"#), Some(FaultAction::Drop));
        assert_eq!(fate(r#"{"email_address":"slow@sandbox.example"}"#), Some(FaultAction::Delay(SLOW)));
        for none in
            ["", "{}", r#"{"phone_number": 1}"#, r#"{"phone_number"#, r#"{"phone_number": "07700900960"}"#]
        {
            assert_eq!(fate(none), None, "{none}");
        }
    }
}
