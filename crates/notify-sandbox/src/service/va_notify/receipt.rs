//! Delivery receipts: their bodies, their signatures, and their retries.

use std::fmt::Write as _;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::{is_server_at_fault, wait};
use crate::account::message::{Message, MessageState};
use crate::account::service::CallbackProof;
use crate::account::status::Status;
use crate::callbacks::{CallbackOutcome, CallbackRules, body as common};
use crate::python::json::Object;

/// The header of a signature.
const SIGNATURE: &str = "x-enp-signature";

/// The statuses that are reported if the service chooses none.
const TOLD: [&str; 7] =
    ["delivered", "sent", "failed", "temporary-failure", "permanent-failure", "returned-letter", "cancelled"];

const RETRIES: u32 = 60;
const TIMEOUT: Duration = Duration::from_secs(5);

const USER_AGENT: &str = "python-requests/2.32.5";

/// For a service's own receiver: retried if it cannot be reached, but not if it is too busy.
pub(super) static RULES: CallbackRules = CallbackRules {
    user_agent: USER_AGENT,
    timeout: TIMEOUT,
    retries: RETRIES,
    retry_after: wait,
    is_worth_a_retry: |outcome| {
        is_server_at_fault(outcome) || matches!(outcome, CallbackOutcome::NotConnected(_))
    },
    token_follows_redirects: true,
};

/// For a receiver that a message names: the opposite.
pub(super) static SIGNED: CallbackRules = CallbackRules {
    user_agent: USER_AGENT,
    timeout: TIMEOUT,
    retries: RETRIES,
    retry_after: wait,
    is_worth_a_retry: |outcome| {
        is_server_at_fault(outcome) || matches!(outcome, CallbackOutcome::Answered(429))
    },
    token_follows_redirects: true,
};

/// Whether a status is reported to a service that chose these.
pub(super) fn is_told(chosen: Option<&[String]>, status: Status) -> bool {
    match chosen {
        Some(chosen) => chosen.iter().any(|one| one == status.as_str()),
        None => TOLD.contains(&status.as_str()),
    }
}

/// The body, with or without a field for the provider's payload.
pub(super) fn body(message: &Message, state: MessageState, with_payload: bool) -> String {
    let provider = state.sent_at.map(|_| super::reads::provider(message));
    let reason = super::reads::status_reason(message, state.status);
    let mut fields = vec![("status_reason", json!(reason)), ("provider", json!(provider))];
    if with_payload {
        fields.push(("provider_payload", json!(null)));
    }
    common::delivery_status_with(message, state, &fields)
}

/// The signature of a body: a MAC over its fields as a form, with the word `None` for null.
pub(super) fn proof(body: &str, secret: &str) -> CallbackProof {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(form(body).as_bytes());
    let mut digits = String::new();
    for byte in mac.finalize().into_bytes() {
        let _ = write!(digits, "{byte:02x}");
    }
    CallbackProof::Signature(SIGNATURE, digits.into())
}

fn form(body: &str) -> String {
    let fields = crate::python::json::read(body.as_bytes()).ok();
    let fields = fields.as_ref().and_then(|fields| fields.as_object());
    let pairs = fields.into_iter().flat_map(Object::iter);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        form.append_pair(name, &value.to_string());
    }
    // Python keeps the tilde and escapes the asterisk. A browser does the opposite.
    form.finish().replace('*', "%2A").replace("%7E", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receipt and its signed form, as recorded.
    const BODY: &str = r#"{"id": "afd68635-63a5-4319-a222-766580f37400", "reference": "order 7/8 & \"\u00e9\" +1~*-_.\u20ac",
        "to": "+12025550150", "created_at": "2026-11-29T05:57:31.339951Z", "provider_payload": null}"#;
    const SIGNED: &str = "id=afd68635-63a5-4319-a222-766580f37400&reference=order+7%2F8+%26+%22%C3%A9%22+%2B1~%2A-_.%E2%82%AC\
        &to=%2B12025550150&created_at=2026-11-29T05%3A57%3A31.339951Z&provider_payload=None";

    #[test]
    fn a_form_is_written_as_python_writes_it() {
        assert_eq!(form(BODY), SIGNED);
    }

    #[test]
    fn the_signature_is_over_the_form() {
        let CallbackProof::Signature(header, mac) = proof(BODY, "secret") else { panic!("no signature") };
        assert_eq!(header, "x-enp-signature");
        assert_eq!(&*mac, "b48c1e9f83de682fd9fcc56120ec3653bfdb86ee4b7be03d7b195d8e975bcd0b");
    }
}
