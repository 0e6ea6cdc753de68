//! What a service does in its own way. What is not said here is the same everywhere.

use std::time::Duration;

use percent_encoding::AsciiSet;
use uuid::Uuid;

use crate::account::inbox::ReceivedText;
use crate::account::message::{Message, MessageState, Timing};
use crate::account::service::{CallbackTarget, Service};
use crate::account::status::Status;
use crate::api::auth::{self, AuthRules, Caller};
use crate::api::dispatch::Outcome;
use crate::api::endpoint::{self, Endpoint};
use crate::app::App;
use crate::callbacks::{CallbackOutcome, body};
use crate::recipient::{email, phone};
use crate::render::content::Template;
use crate::wire::query;
use crate::wire::refusal::{Entry, Refusal};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};
use crate::world::{CallbackKind, ServiceConfig};

/// How a service differs from GOV.UK Notify, whose ways are the default.
pub(crate) trait Dialect: Send + Sync {
    /// What it offers. The first that fits is taken.
    fn endpoints(&self) -> &'static [Endpoint];

    /// What the server in front of the application answers by itself.
    fn front(&self, _request: &Request) -> Option<Response> {
        None
    }

    /// What it says to a body of so many bytes, before it has read any, if that is too long for it.
    fn refuse_length(&self, _path: &str, _length: u64) -> Option<Response> {
        None
    }

    /// Answers a request as of some time.
    fn answer(&self, app: &App, request: &Request, timing: Timing) -> Outcome {
        endpoint::answer(app, request, timing)
    }

    /// What its tokens have to be.
    fn auth_rules(&self) -> &'static AuthRules {
        &AuthRules::GOV_UK
    }

    /// Whether anybody may ask what a path allows.
    fn options_are_open(&self) -> bool {
        false
    }

    /// Finds who is calling.
    fn authorise(&self, app: &App, request: &Request, timing: Timing) -> Result<Caller, Refusal> {
        auth::authorise(
            request.authorization().as_deref(),
            app.services().by_id(),
            timing.now,
            self.auth_rules(),
        )
    }

    /// A refusal in its words.
    fn entry<'a>(&self, refusal: &'a Refusal) -> Entry<'a> {
        refusal.entry()
    }

    /// The answer to a path that exists, asked with a method that it does not take.
    fn method_not_allowed(&self, allowed: &str) -> Response {
        response::method_not_allowed(allowed)
    }

    /// A recipient, normalised, so that two spellings compare equal.
    fn comparable(&self, recipient: &str) -> String {
        if let Ok(number) = phone::parse(recipient) {
            return number.normalised();
        }
        email::parse(recipient).map_or_else(|_| recipient.to_owned(), |address| address.normalised())
    }

    /// A sender of texts as answers show it: a phone number in full, a word as it is.
    fn sender_as_shown(&self, sender: &str) -> String {
        phone::parse(sender).map_or_else(|_| sender.to_owned(), |number| number.normalised())
    }

    /// The domain behind the `@` of a service's address.
    fn email_domain(&self) -> &'static str {
        "notify.example"
    }

    /// The text that a client is given for a key.
    fn api_key(&self, name: &str, service: Uuid, secret: &str) -> String {
        format!("{name}-{service}-{secret}")
    }

    /// A field of a template.
    fn field(&self, source: &str) -> Template {
        Template::parse(source)
    }

    /// A message as its API shows it.
    fn view(&self, message: &Message, base: &str, timing: Timing) -> serde_json::Value {
        serde_json::to_value(message.view(base, timing)).unwrap_or_default()
    }

    /// Whether it tells somebody when a text message or an e-mail has come to this state.
    fn gets_receipt(&self, status: Status) -> bool {
        status.gets_receipt()
    }

    /// What it escapes in the query of a link.
    fn query_escapes(&self) -> &'static AsciiSet {
        query::ESCAPED
    }

    /// How it posts callbacks.
    fn callback_rules(&self) -> &'static CallbackRules {
        &CallbackRules::GOV_UK
    }

    /// How it posts the receipt of a message.
    fn receipt_rules(&self, _message: &Message) -> &'static CallbackRules {
        self.callback_rules()
    }

    /// Where the delivery receipt of a message goes, if anybody wants it.
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

    /// The body of the callback about a received text.
    fn inbound_sms(&self, text: &ReceivedText) -> String {
        body::inbound_sms(text)
    }

    /// What the service at hand calls the address that its e-mails come from.
    fn email_from(&self, config: &ServiceConfig) -> String {
        if let Some(address) = &config.email_from {
            return address.clone();
        }
        let words = config.name.split(|character: char| !character.is_ascii_alphanumeric());
        let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
        let local = config.email_sender_local_part.clone().unwrap_or_else(|| words.join("."));
        let domain = config.sending_domain.as_deref().unwrap_or_else(|| self.email_domain());
        format!("{local}@{domain}")
    }
}

/// How a service posts callbacks: a receiver that fails is tried again.
#[derive(Debug)]
pub(crate) struct CallbackRules {
    /// How long an answer may take, in real time.
    pub(crate) timeout: Duration,
    /// How many attempts may follow the first.
    pub(crate) retries: u32,
    /// How long after the failure of this attempt, counted from 1, the next one comes, by the sandbox's clock.
    pub(crate) retry_after: fn(attempt: u32) -> Duration,
    /// Whether an attempt that ended so is worth another.
    pub(crate) is_worth_a_retry: fn(&CallbackOutcome) -> bool,
    /// Whether the token goes along when a redirect leads to another host or port.
    pub(crate) token_follows_redirects: bool,
}

impl CallbackRules {
    const GOV_UK: Self = Self {
        timeout: Duration::from_secs(5),
        retries: 5,
        retry_after: |_| Duration::from_secs(300),
        is_worth_a_retry: CallbackOutcome::is_worth_a_retry,
        token_follows_redirects: false,
    };
}
