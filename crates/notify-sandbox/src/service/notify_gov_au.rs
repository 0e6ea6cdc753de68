//! Notify.gov.au, of Australia: a fork from 2018, with the checks of that time in the order of that time. It has since
//! closed.
//!
//! It has no letter PDFs to fetch, no files and no unsubscribe links, and it has a callback for each message. By an
//! accident of its libraries, its per-minute limit never applied. Here it does, as intended.

mod checks;
mod email_text;
mod letter;
mod numbers;
mod reads;
mod schema;
mod send;
mod sms_text;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::caller;
use crate::account::dialect::{AccountDialect, FilledTemplate};
use crate::account::message::{Message, MessageState, Timing};
use crate::account::service::{CallbackProof, CallbackTarget, Service};
use crate::account::status::Status;
use crate::account::template::Template;
use crate::api::auth::{self, AuthRules, TokenRules, Verdict};
use crate::api::dialect::ApiDialect;
use crate::api::endpoint::Endpoint;
use crate::callbacks::{CallbackDialect, CallbackOutcome, CallbackRules, body};
use crate::python::json::{Object, Value};
use crate::recipient::email;
use crate::recipient::validation::{self, RecipientDialect, Validation};
use crate::render::field::Values;
use crate::wire::refusal::{CustomRefusal, Entry, Refusal, row};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};
use crate::world::{CallbackKind, MessageType, is_name, is_number, with_plus};

#[derive(Debug)]
pub(super) struct NotifyGovAu;

static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/v2/notifications", reads::list),
    Endpoint::post("/v2/notifications/sms", |call, _| send::sms(call)),
    Endpoint::post("/v2/notifications/email", |call, _| send::email(call)),
    Endpoint::post("/v2/notifications/letter", |call, _| letter::letter(call)),
    Endpoint::post("/v2/notifications/<type>", |_, _| {
        Err(CustomRefusal::general(404, response::NO_SUCH_PATH).into())
    }),
    Endpoint::get("/v2/notifications/<id>", reads::message),
    Endpoint::get("/v2/template/<id>", reads::template),
    Endpoint::get("/v2/template/<id>/version/<int>", reads::template_version),
    Endpoint::post("/v2/template/<id>/preview", reads::preview),
    Endpoint::get("/v2/templates", reads::templates),
    Endpoint::get("/v2/received-text-messages", reads::received_texts),
    Endpoint::open("/service/<id>", &["GET", "POST"], |_, request, _| website_only(request)),
    Endpoint::open("/_status", &["GET", "POST"], |_, _, _| crate::api::operations::health()),
];

static AUTH_RULES: AuthRules = AuthRules {
    token: TokenRules {
        check_header: |_| Ok(()),
        other_algorithm: Verdict::Refused(|_| uncaught("InvalidAlgorithmError", "alg is not HS256")),
        not_yet_valid: Verdict::Refused(|what| uncaught("ImmatureSignatureError", what)),
        expired: Verdict::Refused(|what| uncaught("ExpiredSignatureError", what)),
        audience: Verdict::Refused(|what| uncaught("InvalidAudienceError", what)),
        empty_audience_is_none: false,
        odd_subject: Verdict::Ignored,
    },
    issuer,
    forgets_revoked_keys: false,
    keys_expire: false,
};

/// An exception that the service does not catch.
fn uncaught(class: &'static str, what: &'static str) -> Refusal {
    CustomRefusal::new(500, class, "Internal server error").hint(what).into()
}

/// A path of the service's own website, which no service key opens.
fn website_only(request: &Request) -> Response {
    let website = |issuer: &Value| issuer.as_str() == Some("notify-admin");
    let issuer = auth::issuer(request.authorization().as_deref(), &AUTH_RULES);
    let (status, message) = match issuer {
        Ok(issuer) if website(&issuer) => (403, "Invalid token: signature, api token is not valid".into()),
        Ok(_) => (401, "Unauthorized, admin authentication token required".into()),
        Err(refusal) => {
            let entry = NotifyGovAu.entry(&refusal);
            (entry.status, entry.messages.first().map_or_else(String::new, ToString::to_string))
        }
    };
    response::json(status, &json!({ "result": "error", "message": { "token": [message] } }))
}

fn issuer(issuer: &Value) -> Result<Uuid, Refusal> {
    caller::issuer_or_list(issuer, || uncaught("ProgrammingError", "iss is not text"))
}

impl ApiDialect for NotifyGovAu {
    fn endpoints(&self) -> Option<&'static [Endpoint]> {
        Some(ENDPOINTS)
    }

    /// It reads the client's name from the user agent, and fails on some.
    fn front(&self, request: &Request) -> Option<Response> {
        caller::fails_on_user_agent(request)
            .then(|| response::refused(uncaught("IndexError", caller::USER_AGENT).entry()))
    }

    fn auth_rules(&self) -> &'static AuthRules {
        &AUTH_RULES
    }

    fn entry<'a>(&self, refusal: &'a Refusal) -> Entry<'a> {
        match refusal {
            Refusal::RecipientInTrialMode => row(
                400,
                "BadRequestError",
                "Can’t send to this recipient when service is in trial mode – see \
                 https://notify.gov.au/features/using-notify",
            ),
            other => caller::entry(other).unwrap_or_else(|| other.entry()),
        }
    }

    /// Its error handler does not expect this error.
    fn method_not_allowed(&self, allowed: &str) -> Response {
        let said =
            CustomRefusal::general(500, "Internal server error").hint(format!("the path takes {allowed}"));
        response::refused(said.entry())
    }
}

impl RecipientDialect for NotifyGovAu {
    fn validate_phone_number(&self, text: &str) -> Validation {
        let number = numbers::parse(text).map(|number| (number.e164(), numbers::is_local(&number)));
        validation::number(number.map_err(str::to_owned))
    }

    fn validate_email_address(&self, text: &str) -> Validation {
        validation::address(email::parse_of_any_length(text))
    }
}

impl AccountDialect for NotifyGovAu {
    fn comparable(&self, recipient: &str) -> String {
        if let Ok(number) = numbers::parse(recipient) {
            return number.e164();
        }
        email::parse_of_any_length(recipient)
            .map_or_else(|_| recipient.to_owned(), |address| address.normalised())
    }

    fn sender_as_shown(&self, sender: &str) -> String {
        numbers::parse_local(sender).map_or_else(|| sender.to_owned(), |number| format!("+{}", number.e164()))
    }

    fn email_domain(&self) -> &'static str {
        "notify.gov.au"
    }

    /// Its API has no HTML, so no recording shows it.
    fn email_html(&self, _: &str) -> Option<String> {
        None
    }

    fn fill(
        &self,
        template: &Template,
        values: &Object,
        prefix: Option<&str>,
    ) -> Result<FilledTemplate, char> {
        let values = Values::of(values).unmarked();
        if template.message_type == MessageType::Sms {
            return Ok(FilledTemplate::sms(sms_text::render(&template.body, &values)?.body, prefix));
        }
        let subject = email_text::subject(&template.subject, &values);
        let body = email_text::body(&template.body, &values);
        Ok(FilledTemplate { subject: Some(subject), body, ..FilledTemplate::default() })
    }

    fn view(&self, message: &Message, base: &str, timing: Timing) -> serde_json::Value {
        reads::view(message, base, timing)
    }

    /// It reports intermediate statuses too.
    fn gets_receipt(&self, status: Status) -> bool {
        status.gets_receipt() || matches!(status, Status::Sending | Status::Pending)
    }
}

impl CallbackDialect for NotifyGovAu {
    fn callback_rules(&self) -> &'static CallbackRules {
        static RULES: CallbackRules = CallbackRules {
            user_agent: "python-requests/2.25.0",
            timeout: Duration::from_secs(10),
            retries: 5,
            retry_after: |_| Duration::from_secs(60),
            is_worth_a_retry: |outcome| match outcome {
                CallbackOutcome::Answered(status) => *status >= 500,
                CallbackOutcome::TimedOut | CallbackOutcome::NotConnected(_) => true,
                CallbackOutcome::Impossible(_) => false,
            },
            token_follows_redirects: true,
        };
        &RULES
    }

    /// A number with a plus, or the name of an organisation.
    fn sender_of_text(&self, from: &str) -> Option<String> {
        if is_number(from) { Some(with_plus(from)) } else { is_name(from).then(|| from.to_owned()) }
    }

    /// A message can name a receiver, or a token for the service's own receiver.
    fn receipt_target(
        &self,
        service: &Service,
        message: &Message,
        _state: MessageState,
    ) -> Option<CallbackTarget> {
        let own = service.callback_target(CallbackKind::DeliveryStatus);
        let Some(callback) = &message.extras().callback else { return own.cloned() };
        let url = match &callback.url {
            Some(url) => Arc::new(Url::parse(url).ok()?),
            None => Arc::clone(&own?.url),
        };
        let proof = CallbackProof::Token(callback.secret.as_str().into());
        Some(CallbackTarget { url, proof, statuses: None, include_provider_payload: false })
    }

    fn delivery_status(&self, message: &Message, state: MessageState, _: &CallbackTarget) -> String {
        body::delivery_status_without_template(message, state)
    }
}
