//! Magic recipients: addresses and numbers with an outcome of their own, for tests that can only fill in a form.
//!
//! A message to one of them gets its outcome, with any key and from any service. The numbers are among those that are
//! set aside for drama.

use std::time::Duration;

use crate::account::message::Message;
use crate::account::status::Journey;
use crate::faults::{AppliedFault, Effect, ErrorResponse, FaultAction};
use crate::wire::request::Request;

/// What each magic number contains before its last digits: two more in Britain and North America, four in Australia.
const BRITISH: &str = "77009009";
const AMERICAN: &str = "55501";
const AUSTRALIAN: &str = "49157";

/// The domain of each magic address.
const DOMAIN: &str = "sandbox.example";

/// How long the outcome `slow` takes.
const SLOW: Duration = Duration::from_secs(10);

/// A named outcome.
pub(crate) struct Outcome {
    /// Before the `@` of its address.
    pub(crate) name: &'static str,
    /// The last two digits of its numbers in Britain and North America.
    digits: &'static str,
    /// Its number in Australia, where they are set aside one by one, without the zero or the +61.
    australian: &'static str,
    /// What happens to a message.
    pub(crate) meaning: &'static str,
    behaviour: Behaviour,
}

enum Behaviour {
    /// The message is accepted and goes through these statuses.
    Accepts(Journey),
    /// The request is treated as with this injected fault.
    Fails(FaultAction, Effect),
}

use Behaviour::{Accepts, Fails};

/// The table.
pub(crate) const OUTCOMES: [Outcome; 12] = [
    row("delivered", "60", "491570006", "it is delivered", Accepts(Journey::DELIVERED)),
    row(
        "temporary-failure",
        "61",
        "491570156",
        "it is not delivered this time",
        Accepts(Journey::TEMPORARY_FAILURE),
    ),
    row(
        "permanent-failure",
        "62",
        "491570157",
        "there is no such recipient",
        Accepts(Journey::PERMANENT_FAILURE),
    ),
    row(
        "technical-failure",
        "63",
        "491570158",
        "it fails inside the service",
        Accepts(Journey::TECHNICAL_FAILURE),
    ),
    row("sending", "64", "491570159", "it stays on its way for ever", Accepts(Journey::SENDING)),
    row(
        "too-many-requests",
        "65",
        "491570110",
        "429: the rate limit is exceeded",
        answered(ErrorResponse::TooManyRequests),
    ),
    row("server-error", "66", "491570313", "500: the service fails", answered(ErrorResponse::InternalError)),
    row(
        "unavailable",
        "67",
        "491570737",
        "503 from a load balancer, in HTML",
        answered(ErrorResponse::Unavailable),
    ),
    row(
        "timeout",
        "68",
        "491571266",
        "504: the service takes too long",
        answered(ErrorResponse::GatewayTimeout),
    ),
    row(
        "connection-lost",
        "69",
        "491571491",
        "no answer, and it is not sent",
        Fails(FaultAction::Drop, Effect::No),
    ),
    row(
        "answer-lost",
        "70",
        "491571804",
        "no answer, although it is sent",
        Fails(FaultAction::Drop, Effect::Yes),
    ),
    row(
        "slow",
        "71",
        "491572549",
        "the answer takes ten seconds",
        Fails(FaultAction::Delay(SLOW), Effect::Yes),
    ),
];

const fn row(
    name: &'static str,
    digits: &'static str,
    australian: &'static str,
    meaning: &'static str,
    behaviour: Behaviour,
) -> Outcome {
    Outcome { name, digits, australian, meaning, behaviour }
}

const fn answered(response: ErrorResponse) -> Behaviour {
    Fails(FaultAction::Respond(response), Effect::No)
}

impl Outcome {
    pub(crate) fn email_address(&self) -> String {
        format!("{}@{DOMAIN}", self.name)
    }

    /// A British number, one of North America, where the area code does not matter, and an Australian one.
    pub(crate) fn phone_numbers(&self) -> [String; 3] {
        let Self { digits, australian, .. } = self;
        [format!("+44{BRITISH}{digits}"), format!("+1613{AMERICAN}{digits}"), format!("+61{australian}")]
    }

    /// The outcome of a recipient, if it has one.
    fn of(recipient: &str) -> Option<&'static Self> {
        if let Some((name, domain)) = recipient.rsplit_once('@') {
            let is_magic = domain.eq_ignore_ascii_case(DOMAIN);
            return OUTCOMES.iter().find(|one| is_magic && one.name.eq_ignore_ascii_case(name));
        }
        let digits: String = recipient.chars().filter(char::is_ascii_digit).collect();
        // The recipient of each message passes through here, and few come further.
        let before = |last: usize| &digits[..digits.len().saturating_sub(last)];
        if !before(2).ends_with(BRITISH) && !before(2).ends_with(AMERICAN) && !before(4).ends_with(AUSTRALIAN)
        {
            return None;
        }
        OUTCOMES.iter().find(|one| {
            // 0491 57…, and +61 491 57….
            if let Some(prefix) = digits.strip_suffix(one.australian) {
                return ["0", "61", "0061", "001161", "610"].contains(&prefix);
            }
            let rest = digits.strip_suffix(one.digits);
            // 07700 9009… or +44 7700 9009…, and 613 555 01… or +1 613 555 01….
            rest.is_some_and(|rest| match rest.strip_suffix(BRITISH) {
                Some(prefix) => ["0", "44", "0044", "440"].contains(&prefix),
                None => {
                    rest.ends_with(AMERICAN) && (rest.len() == 8 || rest.len() == 9 && rest.starts_with('1'))
                }
            })
        })
    }
}

/// The statuses that a message to a magic recipient goes through.
pub(super) fn journey(message: &Message) -> Option<Journey> {
    match Outcome::of(message.recipient()?)?.behaviour {
        Accepts(journey) => Some(journey),
        Fails(..) => None,
    }
}

/// What happens to a request that sends to a magic recipient. Every request passes through here, so the body is read
/// only if it contains something that looks like one.
pub(crate) fn fault(request: &Request) -> Option<AppliedFault> {
    if !request.uri().path().starts_with("/v2/notifications") {
        return None;
    }
    let body = std::str::from_utf8(request.body()).ok()?;
    if !RECIPIENTS.iter().any(|name| values(body, name).any(|value| fails(value).is_some())) {
        return None;
    }
    // It may be a value for a placeholder of that name.
    let form: serde_json::Value = serde_json::from_str(body).ok()?;
    RECIPIENTS.iter().find_map(|name| fails(form[name.trim_matches('"')].as_str()?))
}

/// The fields of a body that name a recipient.
const RECIPIENTS: [&str; 2] = ["\"phone_number\"", "\"email_address\""];

fn fails(recipient: &str) -> Option<AppliedFault> {
    match Outcome::of(recipient)?.behaviour {
        Fails(action, effect) => Some(AppliedFault { action, effect }),
        Accepts(_) => None,
    }
}

/// The texts after a name and a colon, as they are spelled in the body.
fn values<'a>(body: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let text = |place: usize| -> Option<&'a str> {
        let rest = body[place..].trim_start().strip_prefix(':')?;
        rest.trim_start().strip_prefix('"')?.split('"').next()
    };
    body.match_indices(name).filter_map(move |(place, name)| text(place + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(recipient: &str) -> Option<&'static str> {
        Outcome::of(recipient).map(|outcome| outcome.name)
    }

    #[test]
    fn a_magic_recipient_is_known_in_any_spelling() {
        let numbers = [
            "07700900967",
            "+44 7700 900 967",
            "0044 7700900967",
            "613-555-0167",
            "+1 (202) 555 0167",
            "0491 570 737",
            "+61 491 570 737",
        ];
        for spelling in numbers {
            assert_eq!(name(spelling), Some("unavailable"), "{spelling}");
        }
        assert_eq!(name("Answer-Lost@Sandbox.Example"), Some("answer-lost"));
        let ordinary = [
            "07700900123",
            "07700900500",
            "17700900967",
            "+61 7700 900 967",
            "555 0167",
            "0491 570 007",
            "1491570006",
        ];
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
    fn the_recipient_is_found_anywhere_in_the_body() {
        let behaviour = |body: &'static str| {
            let request = http::Request::post("/v2/notifications/sms");
            fault(&request.body(bytes::Bytes::from_static(body.as_bytes())).unwrap())
                .map(|applied| applied.action)
        };
        assert_eq!(behaviour(r#"{"a": 1, "phone_number" : "07700900969"}"#), Some(FaultAction::Drop));
        assert_eq!(behaviour(r#"{"email_address":"slow@sandbox.example"}"#), Some(FaultAction::Delay(SLOW)));
        let second = r#"{"personalisation":{"phone_number":"1"},"phone_number":"07700900969"}"#;
        assert_eq!(behaviour(second), Some(FaultAction::Drop));
        for none in [
            "",
            "{}",
            r#"{"phone_number": 1}"#,
            r#"{"phone_number"#,
            r#"{"phone_number": "07700900960"}"#,
            r#"{"personalisation":{"phone_number":"07700900969"},"phone_number":"07700900123"}"#,
        ] {
            assert_eq!(behaviour(none), None, "{none}");
        }
    }
}
