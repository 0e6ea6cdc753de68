//! GC Notify, of Canada: a fork that has added bulk sends, template management, reports, and keys that work without a
//! token.

mod bulk;
mod checks;
mod csv;
mod files;
mod iso8601;
mod keys;
mod manage;
mod numbers;
mod reads;
mod reports;
mod schema;
mod send;
mod sheet;
mod text;

use http::header;
use serde_json::json;

use super::caller;
use crate::account::dialect::{AccountDialect, FilledTemplate};
use crate::account::message::{Message, MessageState, Timing};
use crate::account::service::CallbackTarget;
use crate::account::services::Services;
use crate::account::template;
use crate::api::auth::{AuthRules, Caller};
use crate::api::dialect::ApiDialect;
use crate::api::endpoint::Endpoint;
use crate::callbacks::{CallbackDialect, CallbackRules, body};
use crate::python::json::Object;
use crate::recipient::email;
use crate::recipient::validation::{self, RecipientDialect, Validation};
use crate::render::content::Template;
use crate::render::field::Values;
use crate::time::Timestamp;
use crate::wire::refusal::{AUTH, CustomRefusal, Entry, Refusal, row};
use crate::wire::request::Request;
use crate::wire::response;

#[derive(Debug)]
pub(super) struct GcNotify;

static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/v2/notifications", reads::list),
    Endpoint::post("/v2/notifications/letter", |call, _| send::letter(call)),
    Endpoint::post("/v2/notifications/bulk", |call, _| bulk::send(call)),
    Endpoint::post("/v2/notifications/<type>", send::message),
    Endpoint::get("/v2/notifications/<id>", reads::message),
    Endpoint::get("/v2/notifications/<id>/pdf", reads::letter_pdf),
    Endpoint::get("/v2/template/<id>", reads::template),
    Endpoint::get("/v2/template/<id>/version/<int>", reads::template_version),
    Endpoint::post("/v2/template/<id>/preview", reads::preview),
    Endpoint::get("/v2/templates", reads::templates),
    Endpoint::get("/v2/received-text-messages", reads::received_texts),
    Endpoint::get("/v2/manage-template/template-categories", manage::categories),
    Endpoint::post("/v2/manage-template", manage::create),
    Endpoint::get("/v2/manage-template/<id>", manage::read),
    Endpoint::with("PATCH", "/v2/manage-template/<id>", manage::change),
    Endpoint::with("DELETE", "/v2/manage-template/<id>", manage::archive),
    Endpoint::get("/v2/reports", reports::list),
    Endpoint::post("/v2/reports", reports::request),
    Endpoint::get("/v2/reports/<id>", reports::read),
    Endpoint::get("/v2/reports/<id>/content", reports::content),
    Endpoint::get("/notifications/<id>", reads::message),
    Endpoint::open("/_status", &["GET", "POST"], |_, _, _| crate::api::operations::health()),
    Endpoint::open("/", &["GET", "POST"], |_, _, _| crate::api::operations::health()),
    Endpoint::open("/v2/openapi-en", &["GET"], |_, _, _| open_api()),
    Endpoint::open("/v2/openapi-fr", &["GET"], |_, _, _| open_api()),
];

/// The service publishes its OpenAPI description here. The sandbox only says where to find it.
fn open_api() -> response::Response {
    response::json(200, &json!({ "externalDocs": { "url": "https://documentation.notification.canada.ca" } }))
}

/// An exception that the service does not catch.
fn uncaught(class: &'static str, what: &'static str) -> Refusal {
    CustomRefusal::new(500, class, "Internal server error").hint(what).into()
}

fn bad_request(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    CustomRefusal::bad_request(message).into()
}

impl ApiDialect for GcNotify {
    fn endpoints(&self) -> Option<&'static [Endpoint]> {
        Some(ENDPOINTS)
    }

    fn auth_rules(&self) -> &'static AuthRules {
        &keys::RULES
    }

    fn options_are_open(&self) -> bool {
        true
    }

    fn authorise(&self, services: &Services, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
        keys::authorise(services, request, now)
    }

    fn entry<'a>(&self, refusal: &'a Refusal) -> Entry<'a> {
        match refusal {
            Refusal::SchemeNotBearer => row(401, AUTH, keys::SCHEMES),
            Refusal::RecipientInTrialMode => row(
                400,
                "BadRequestError",
                "Can’t send to this recipient when service is in trial mode – see \
                 https://documentation.notification.canada.ca/en/keys.html#live",
            ),
            other => caller::entry(other).unwrap_or_else(|| other.entry()),
        }
    }
}

impl RecipientDialect for GcNotify {
    fn validate_phone_number(&self, text: &str) -> Validation {
        let number = numbers::parse(text).map(|number| (number.e164(), numbers::is_local(&number)));
        validation::number(number)
    }

    fn validate_email_address(&self, text: &str) -> Validation {
        validation::address(email::parse_with_accents(text))
    }
}

impl AccountDialect for GcNotify {
    fn comparable(&self, recipient: &str) -> String {
        if let Ok(number) = numbers::parse(recipient) {
            return number.e164();
        }
        email::parse_with_accents(recipient)
            .map_or_else(|_| recipient.to_owned(), |address| address.normalised())
    }

    fn sender_as_shown(&self, sender: &str) -> String {
        numbers::parse_local(sender).map_or_else(|| sender.to_owned(), |number| format!("+{}", number.e164()))
    }

    fn email_domain(&self) -> &'static str {
        "notification.canada.ca"
    }

    fn api_key(&self, name: &str, service: uuid::Uuid, secret: &str) -> String {
        format!("{}{name}-{service}-{secret}", keys::PREFIX)
    }

    fn field(&self, source: &str) -> Template {
        Template::parse_with_brackets(source)
    }

    fn email_html(&self, body: &str) -> Option<String> {
        Some(text::page_of_filled(body))
    }

    fn fill(
        &self,
        template: &template::Template,
        values: &Object,
        prefix: Option<&str>,
    ) -> Result<FilledTemplate, char> {
        Ok(text::fill(template, &Values::of(values).unmarked(), prefix))
    }

    fn view(&self, message: &Message, base: &str, timing: Timing) -> serde_json::Value {
        reads::view(message, base, timing)
    }
}

impl CallbackDialect for GcNotify {
    fn callback_rules(&self) -> &'static CallbackRules {
        static RULES: CallbackRules =
            CallbackRules { user_agent: "python-requests/2.32.3", ..CallbackRules::GOV_UK };
        &RULES
    }

    fn delivery_status(&self, message: &Message, state: MessageState, _: &CallbackTarget) -> String {
        let description = reads::description(message, state.status);
        let response = reads::provider_response(message, state.status);
        body::delivery_status_described(message, state, &json!(description), &json!(response))
    }
}

/// Whether the body claims to be JSON; most operations say so themselves if it does not.
fn has_json(request: &Request) -> bool {
    use crate::wire::request::RequestExt as _;
    request.says_json() && request.headers().contains_key(header::CONTENT_TYPE)
}
