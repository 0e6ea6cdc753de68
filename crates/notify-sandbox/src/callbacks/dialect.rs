//! How a service's callbacks differ from those of others: their receivers, their bodies, and how often it tries.

use std::time::Duration;

use super::body;
use super::record::CallbackOutcome;
use crate::account::message::{Message, MessageState};
use crate::account::service::{CallbackTarget, Service};
use crate::world::{CallbackKind, ReceivedText, is_number};

/// The callbacks' part of a dialect. The defaults are those of GOV.UK Notify.
pub(crate) trait CallbackDialect: Send + Sync {
    /// How it posts callbacks.
    fn callback_rules(&self) -> &'static CallbackRules {
        &CallbackRules::GOV_UK
    }

    /// How it posts the receipt of a message.
    fn receipt_rules(&self, _message: &Message) -> &'static CallbackRules {
        self.callback_rules()
    }

    /// Where the delivery receipt of a message goes, if it has a receiver.
    fn receipt_target(
        &self,
        service: &Service,
        _message: &Message,
        _state: MessageState,
    ) -> Option<CallbackTarget> {
        service.callback_target(CallbackKind::DeliveryStatus).cloned()
    }

    /// The body of a delivery receipt.
    fn delivery_status(&self, message: &Message, state: MessageState, _target: &CallbackTarget) -> String {
        body::delivery_status(message, state)
    }

    /// The sender of a text as the service keeps it: a number without a plus. None if no text can come from it.
    fn sender_of_text(&self, from: &str) -> Option<String> {
        is_number(from).then(|| from.trim_start_matches('+').to_owned())
    }

    /// The body of the callback about a received text.
    fn inbound_sms(&self, text: &ReceivedText) -> String {
        body::inbound_sms(text)
    }
}

/// How a service posts callbacks: a receiver that fails is tried again.
#[derive(Debug)]
pub(crate) struct CallbackRules {
    /// The name by which the service's HTTP client identifies itself, for receivers that look at it.
    pub(crate) user_agent: &'static str,
    /// How long an answer may take, in real time.
    pub(crate) timeout: Duration,
    /// How many attempts may follow the first.
    pub(crate) retries: u32,
    /// How long after the failure of this attempt, counted from 1, the next one comes, by the sandbox's clock.
    pub(crate) retry_after: fn(attempt: u32) -> Duration,
    /// Whether an attempt that ended this way is repeated.
    pub(crate) is_worth_a_retry: fn(&CallbackOutcome) -> bool,
    /// Whether the token is sent along when a redirect leads to another host or port.
    pub(crate) token_follows_redirects: bool,
}

impl CallbackRules {
    pub(crate) const GOV_UK: Self = Self {
        user_agent: "python-requests/2.34.2",
        timeout: Duration::from_secs(5),
        retries: 5,
        retry_after: |_| Duration::from_secs(300),
        is_worth_a_retry: CallbackOutcome::is_worth_a_retry,
        token_follows_redirects: false,
    };
}
