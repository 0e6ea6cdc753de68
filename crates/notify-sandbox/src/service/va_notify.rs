//! VA Notify, of the United States Department of Veterans Affairs: recipients named by an identifier, values that are never
//! shown again, push messages, a third version of the sends, and signed receipts.

mod checks;
mod contact;
mod numbers;
mod push;
mod reads;
mod receipt;
mod schema;
mod send;
mod text;
mod v3;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::caller;
use crate::account::dialect::{AccountDialect, FilledTemplate};
use crate::account::message::{Message, MessageState, Timing};
use crate::account::service::{CallbackTarget, Service};
use crate::account::services::Services;
use crate::account::status::Status;
use crate::account::template::Template;
use crate::api::auth::{self, AuthRules, Caller, TokenRules, Verdict};
use crate::api::dialect::ApiDialect;
use crate::api::endpoint::Endpoint;
use crate::callbacks::{CallbackDialect, CallbackOutcome, CallbackRules, body};
use crate::python::json::{self, Object, Value};
use crate::recipient::email;
use crate::recipient::validation::{self, RecipientDialect, Validation};
use crate::render::field::Values;
use crate::time::Timestamp;
use crate::wire::refusal::{CustomRefusal, Entry, Envelope, Refusal, row};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};
use crate::world::{CallbackKind, ReceivedText, is_number, with_plus};

#[derive(Debug)]
pub(super) struct VaNotify;

static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/v2/notifications", reads::list),
    Endpoint::post("/v2/notifications/letter", |call, _| send::letter(call)),
    Endpoint::post("/v2/notifications/push", |call, _| push::to_one(call)),
    Endpoint::post("/v2/notifications/push/broadcast", |call, _| push::to_all(call)),
    Endpoint::post("/v2/notifications/<type>", send::message),
    Endpoint::get("/v2/notifications/<id>", reads::message),
    Endpoint::get("/v2/template/<id>", reads::template),
    Endpoint::get("/v2/template/<id>/version/<int>", reads::template_version),
    Endpoint::post("/v2/template/<id>/preview", reads::preview),
    Endpoint::get("/v2/templates", reads::templates),
    Endpoint::post("/v3/notifications/sms", |call, _| v3::sms(call)),
    Endpoint::post("/v3/notifications/email", |call, _| v3::email(call)),
    Endpoint::open("/_status", &["GET", "POST"], |_, _, _| crate::api::operations::health()),
    Endpoint::open("/", &["GET", "POST"], |_, _, _| crate::api::operations::health()),
];

static AUTH_RULES: AuthRules = AuthRules {
    token: TokenRules {
        check_header: |_| Ok(()),
        other_algorithm: Verdict::AnotherKeys,
        not_yet_valid: Verdict::ClockSkew,
        expired: Verdict::AnotherKeys,
        audience: Verdict::AnotherKeys,
        empty_audience_is_none: true,
        odd_subject: Verdict::AnotherKeys,
    },
    issuer,
    forgets_revoked_keys: false,
    keys_expire: true,
};

/// The most bytes that a body may have.
const MAX_BODY: u64 = 1_048_576;

fn issuer(issuer: &Value) -> Result<Uuid, Refusal> {
    caller::issuer(issuer, || uncaught("iss is not text"))
}

/// An exception that the service does not catch.
fn uncaught(what: &'static str) -> Refusal {
    CustomRefusal::general(500, "Internal server error").hint(what).into()
}

fn bad_request(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    CustomRefusal::bad_request(message).into()
}

/// JSON labelled as HTML, which is how its libraries refuse a request.
fn from_library(status: u16, message: &'static str) -> Refusal {
    CustomRefusal::general(status, message).in_envelope(Envelope::GeneralAsHtml).into()
}

impl ApiDialect for VaNotify {
    fn endpoints(&self) -> Option<&'static [Endpoint]> {
        Some(ENDPOINTS)
    }

    fn refuse_length(&self, path: &str, length: u64) -> Option<Response> {
        let refusal: Refusal = if ["/v2/notifications", "/v2/template"]
            .iter()
            .any(|start| path.starts_with(start))
        {
            CustomRefusal::new(413, "Request entity too large", "Uploaded attachment exceeds file size limit")
                .into()
        } else {
            from_library(413, "The data value transmitted exceeds the capacity limit.")
        };
        (length > MAX_BODY).then(|| response::refused(self.entry(&refusal)))
    }

    /// It reads the client's name from the user agent, and fails on some.
    fn front(&self, request: &Request) -> Option<Response> {
        caller::fails_on_user_agent(request).then(|| response::refused(uncaught(caller::USER_AGENT).entry()))
    }

    fn auth_rules(&self) -> &'static AuthRules {
        &AUTH_RULES
    }

    /// The service logs who calls and with what, and in doing so it assumes that every body is an object.
    fn authorise(&self, services: &Services, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
        let header = request.authorization();
        let caller = auth::authorise(header.as_deref(), services.by_id(), now, &AUTH_RULES);
        let caller = caller.map_err(|refusal| {
            if request.uri().path().starts_with("/v3/") {
                v3::refuse_caller(&self.entry(&refusal))
            } else {
                refusal
            }
        })?;
        let body = request.says_json().then(|| json::read(request.body()).ok()).flatten();
        if body.is_some_and(|body| body.is_truthy() && body.as_object().is_none()) {
            return Err(uncaught("the body is JSON, but no object"));
        }
        Ok(caller)
    }

    fn entry<'a>(&self, refusal: &'a Refusal) -> Entry<'a> {
        match refusal {
            Refusal::Uncaught(_, what) => {
                Entry { envelope: Envelope::General, ..row(500, "", "Internal server error").hint(*what) }
            }
            Refusal::TemplateDeleted => row(400, "BadRequestError", "Template has been deleted"),
            other => caller::entry(other).unwrap_or_else(|| other.entry()),
        }
    }
}

impl RecipientDialect for VaNotify {
    fn validate_phone_number(&self, text: &str) -> Validation {
        let number = numbers::parse(text).map(|number| (number.e164(), numbers::is_local(&number)));
        validation::number(number.map_err(str::to_owned))
    }
}

impl AccountDialect for VaNotify {
    fn comparable(&self, recipient: &str) -> String {
        if let Ok(number) = numbers::parse(recipient) {
            return number.e164();
        }
        email::parse(recipient).map_or_else(|_| recipient.to_owned(), |address| address.normalised())
    }

    fn sender_as_shown(&self, sender: &str) -> String {
        numbers::parse(sender).map_or_else(|_| sender.to_owned(), |number| format!("+{}", number.e164()))
    }

    fn email_domain(&self) -> &'static str {
        "notifications.va.gov"
    }

    /// A client is given the secret alone.
    fn api_key(&self, _: &str, _: Uuid, secret: &str) -> String {
        secret.to_owned()
    }

    fn email_html(&self, body: &str) -> Option<String> {
        Some(text::page_of(body))
    }

    fn fill(
        &self,
        template: &Template,
        values: &Object,
        prefix: Option<&str>,
    ) -> Result<FilledTemplate, char> {
        Ok(text::fill(template, &Values::of(values).unmarked(), prefix))
    }

    fn view(&self, message: &Message, base: &str, timing: Timing) -> serde_json::Value {
        reads::view(message, base, timing)
    }

    /// A customer chooses the statuses that are reported, from more of them than elsewhere.
    fn gets_receipt(&self, status: Status) -> bool {
        status.gets_receipt() || status == Status::Sent
    }
}

impl CallbackDialect for VaNotify {
    fn callback_rules(&self) -> &'static CallbackRules {
        &receipt::RULES
    }

    fn receipt_rules(&self, message: &Message) -> &'static CallbackRules {
        if message.extras().callback.is_some() { &receipt::SIGNED } else { &receipt::RULES }
    }

    /// A message can name a receiver, which gets the final status, signed with the sender's key.
    fn receipt_target(
        &self,
        service: &Service,
        message: &Message,
        state: MessageState,
    ) -> Option<CallbackTarget> {
        let Some(callback) = &message.extras().callback else {
            let target = service.callback_target(CallbackKind::DeliveryStatus)?;
            let is_told = receipt::is_told(target.statuses.as_deref(), state.status);
            return is_told.then(|| target.clone());
        };
        let url = Arc::new(Url::parse(callback.url.as_deref()?).ok()?);
        let proof = receipt::proof(&receipt::body(message, state, true), &callback.secret);
        let is_end = state.status.gets_receipt();
        is_end.then_some(CallbackTarget { url, proof, statuses: None, include_provider_payload: true })
    }

    fn delivery_status(&self, message: &Message, state: MessageState, target: &CallbackTarget) -> String {
        if message.extras().callback.is_some() {
            return receipt::body(message, state, true);
        }
        receipt::body(message, state, false)
            .strip_suffix('}')
            .filter(|_| target.include_provider_payload)
            .map_or_else(
                || receipt::body(message, state, false),
                |body| format!("{body}, \"provider_payload\": {{}}}}"),
            )
    }

    /// A number with a plus.
    fn sender_of_text(&self, from: &str) -> Option<String> {
        is_number(from).then(|| with_plus(from))
    }

    fn inbound_sms(&self, text: &ReceivedText) -> String {
        body::with_fields(body::inbound_sms(text), &[("sms_sender_id", json!(null))])
    }
}

/// The service shortens each wait at random. With a simulated clock that would serve no purpose, so each wait is the
/// longest.
fn wait(attempt: u32) -> Duration {
    const LONGEST: u64 = 300;
    Duration::from_secs(1_u64.checked_shl(attempt).unwrap_or(LONGEST).min(LONGEST))
}

/// Whether an outcome is worth another attempt in any case.
fn is_server_at_fault(outcome: &CallbackOutcome) -> bool {
    match outcome {
        CallbackOutcome::Answered(status) => *status >= 500,
        CallbackOutcome::TimedOut => true,
        CallbackOutcome::NotConnected(_) | CallbackOutcome::Impossible(_) => false,
    }
}
