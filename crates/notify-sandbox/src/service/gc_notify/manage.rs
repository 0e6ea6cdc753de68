//! `/v2/manage-template`: creates, changes and archives templates, for keys with that permission.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{bad_request, checks, text, uncaught};
use crate::account::template::Template;
use crate::api::operations::{Call, send as shared, template as template_by_id};
use crate::python::id;
use crate::python::json::{Object, Value};
use crate::render::field::Values;
use crate::wire::database;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::{MessageType, ServiceConfig, TemplateCategory, TemplateConfig};

/// The permission that a key needs.
const PERMISSION: &str = "manage_templates";

/// Characters of the content of an e-mail, and of a name.
const LONGEST_EMAIL: usize = 50_000;
const LONGEST_NAME: usize = 255;

const CREATE: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("name", Kind::Text),
        Property("template_type", Kind::OneOf(&["sms", "email"])),
        Property("content", Kind::Text),
        Property("subject", Kind::Text),
        Property("template_category_id", Kind::Id),
        Property("parent_folder_id", Kind::Id),
    ]),
    Rule::Required(&["name", "template_type", "content", "template_category_id"]),
    Rule::NoOthers,
];

const CHANGE: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("name", Kind::Text),
        Property("content", Kind::Text),
        Property("subject", Kind::Text),
        Property("template_category_id", Kind::Id),
        Property("parent_folder_id", Kind::Id),
    ]),
    Rule::NoOthers,
];

pub(super) fn categories(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    Ok(response::json(200, &json!({ "template_categories": listed(call) })))
}

pub(super) fn create(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let form = match checks::json_or_exception(call)? {
        value if value.is_truthy() => value,
        _ => Value::Object(Object::EMPTY),
    };
    let category = match check_category(call, &form, true) {
        Ok(category) => category,
        Err(response) => return Ok(*response),
    };
    validate::check(&form, CREATE, call.timing.now).map_err(Refusal::Schema)?;
    let message_type = match shared::text(&form, "template_type") {
        Some("sms") => MessageType::Sms,
        _ => MessageType::Email,
    };
    if !call.service().may_send(message_type) {
        let what = if message_type == MessageType::Sms { "text message" } else { "email" };
        let message = format!("Creating {what} templates is not allowed");
        return Err(CustomRefusal::new(403, "ForbiddenError", message).into());
    }
    check_folder(&form)?;
    let (name, content) =
        (shared::text(&form, "name").unwrap_or_default(), shared::text(&form, "content").unwrap_or_default());
    let subject = shared::text(&form, "subject").filter(|_| message_type == MessageType::Email);
    if message_type == MessageType::Email && subject.is_none() {
        return Err(CustomRefusal::new(400, "ValidationError", "subject is a required property").into());
    }
    check_lengths(call, message_type, Some(name), Some(content))?;
    let template = TemplateConfig {
        id: Uuid::new_v4(),
        current: true,
        version: 1,
        name: name.to_owned(),
        message_type,
        subject: subject.map(str::to_owned),
        body: content.to_owned(),
        archived: false,
        hidden: false,
        postage: None,
        created_at: Some(call.timing.now.to_string()),
        updated_at: None,
        created_by: Some(author(call)),
        letter_contact_id: None,
        letter_contact_block: None,
        template_category_id: Some(category),
    };
    let id = template.id;
    change_service(call, |config| config.templates.push(template))?;
    shown(call, id, 201)
}

pub(super) fn read(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let template = template_by_id::by_version(call, &parameters[0], None)?;
    shown(call, template.id, 200)
}

pub(super) fn change(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    let form = match checks::json_or_exception(call)? {
        value if value.is_truthy() => value,
        _ => Value::Object(Object::EMPTY),
    };
    check_id(call, &parameters[0])?;
    if let Err(response) = check_category(call, &form, false) {
        return Ok(*response);
    }
    validate::check(&form, CHANGE, call.timing.now).map_err(Refusal::Schema)?;
    let template = template_by_id::find(call, database::id(&parameters[0])?)?.clone();
    check_folder(&form)?;
    let given = |name| shared::text(&form, name);
    check_lengths(call, template.message_type, given("name"), given("content"))?;
    let changes = form.as_object().is_some_and(|form| form.keys().next().is_some());
    if !changes {
        return Err(uncaught("RuntimeError", "the service does not get on with a change of nothing"));
    }
    let now = call.timing.now.to_string();
    change_version(call, template.id, |config| {
        if let Some(name) = given("name") {
            name.clone_into(&mut config.name);
        }
        if let Some(content) = given("content") {
            content.clone_into(&mut config.body);
        }
        if let Some(subject) = given("subject").filter(|_| config.message_type == MessageType::Email) {
            config.subject = Some(subject.to_owned());
        }
        if let Some(category) = given("template_category_id").and_then(id::parse) {
            config.template_category_id = Some(category);
        }
        config.updated_at = Some(now);
    })?;
    shown(call, template.id, 200)
}

pub(super) fn archive(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    check_permission(call)?;
    check_id(call, &parameters[0])?;
    let template = template_by_id::find(call, database::id(&parameters[0])?)?.clone();
    if template.archived {
        return Err(bad_request("Template is already archived."));
    }
    let now = call.timing.now.to_string();
    change_version(call, template.id, |config| {
        config.archived = true;
        config.updated_at = Some(now);
    })?;
    shown(call, template.id, 200)
}

fn check_permission(call: &Call<'_>) -> Result<(), Refusal> {
    if call.caller.key().permissions.iter().any(|permission| permission == PERMISSION) {
        return Ok(());
    }
    let message = "This API key does not have permission to manage templates.";
    Err(CustomRefusal::new(403, "ForbiddenError", message).into())
}

fn check_id(call: &Call<'_>, id: &str) -> Result<(), Refusal> {
    let mut path = Object::EMPTY;
    path.insert("id", Value::String(id.to_owned()));
    validate::check(&Value::Object(path), template_by_id::SCHEMA, call.timing.now).map_err(Refusal::Schema)
}

/// The sandbox has no folders.
fn check_folder(form: &Value) -> Result<(), Refusal> {
    match shared::text(form, "parent_folder_id") {
        Some(_) => Err(bad_request("parent_folder_id not found")),
        None => Ok(()),
    }
}

fn check_lengths(
    call: &Call<'_>,
    message: MessageType,
    name: Option<&str>,
    content: Option<&str>,
) -> Result<(), Refusal> {
    if name.is_some_and(|name| name.chars().count() >= LONGEST_NAME) {
        return Err(bad_request("Template name must be less than 255 characters"));
    }
    let Some(content) = content else { return Ok(()) };
    let limit = if message == MessageType::Sms { text::LIMIT } else { LONGEST_EMAIL };
    let length = if message == MessageType::Sms {
        let template = call.service().dialect.field(content);
        text::sms_length(&template, &Values::default(), call.service().sms_prefix.as_deref())
    } else {
        content.chars().count()
    };
    if length > limit {
        return Err(bad_request(format!("Content has a character count greater than the limit of {limit}")));
    }
    Ok(())
}

/// The category that a form names. A refusal lists all categories.
fn check_category(call: &Call<'_>, form: &Value, required: bool) -> Result<Uuid, Box<Response>> {
    const INVALID: &str = "TemplateCategoryValidationError";
    let Some(form) = form.as_object() else { return Ok(Uuid::nil()) };
    let refuse = |class: &str, message: &str| {
        let body = json!({
            "status_code": 400,
            "errors": [{ "error": class, "message": message }],
            "template_categories": listed(call),
        });
        Box::new(response::json(400, &body))
    };
    // If another field is missing too, the service reports a wrong category as missing.
    let is_complete = ["name", "template_type", "content"].iter().all(|name| form.contains(name));
    match form.get("template_category_id") {
        None if required => Err(refuse(INVALID, "template_category_id is a required property")),
        None => Ok(Uuid::nil()),
        Some(given) => {
            let id = given.as_str().and_then(id::parse);
            let complaint = if required && !is_complete {
                "template_category_id is a required property"
            } else {
                "template_category_id must be a valid UUID"
            };
            let id = id.ok_or_else(|| refuse(INVALID, complaint))?;
            let services = call.app.services();
            let is_known = services.world().template_categories.iter().any(|category| category.id == id);
            if is_known {
                Ok(id)
            } else {
                Err(refuse("TemplateCategoryNotFoundError", "template_category_id not found"))
            }
        }
    }
}

/// The categories that can be chosen, the urgent ones first.
fn listed(call: &Call<'_>) -> Vec<Json> {
    let services = call.app.services();
    let shown = services.world().template_categories.iter().filter(|category| !category.hidden);
    let mut shown: Vec<&TemplateCategory> = shown.collect();
    shown.sort_by_key(|category| rank(category));
    let entry = |category: &&TemplateCategory| json!({ "template_category_id": category.id, "name": category.name_en });
    shown.iter().map(entry).collect()
}

/// The rank of a category in the list, as in the service's database: the original ones come first.
fn rank(category: &TemplateCategory) -> usize {
    const BEGINNING: [&str; 7] = [
        "Authentication",
        "Automatic reply",
        "Reminder",
        "Request",
        "Status update",
        "Information blast",
        "Test",
    ];
    BEGINNING.iter().position(|name| *name == category.name_en).unwrap_or(BEGINNING.len())
}

/// The author of a change. The sandbox knows one person of the service.
fn author(call: &Call<'_>) -> String {
    let mut members = call.service().config().team.iter();
    members.find_map(|member| member.email_address.clone()).unwrap_or_default()
}

fn change_service(call: &Call<'_>, change: impl FnOnce(&mut ServiceConfig)) -> Result<(), Refusal> {
    call.app.change_service(call.service().id, change)?.ok_or(Refusal::ServiceNotFound)?;
    Ok(())
}

/// Adds a version to a template.
fn change_version(
    call: &Call<'_>,
    id: Uuid,
    change: impl FnOnce(&mut TemplateConfig),
) -> Result<(), Refusal> {
    change_service(call, |config| {
        let Some(current) = config.templates.iter_mut().find(|one| one.id == id && one.current) else {
            return;
        };
        let mut next = current.clone();
        current.current = false;
        next.version += 1;
        change(&mut next);
        config.templates.push(next);
    })
}

fn shown(call: &Call<'_>, id: Uuid, status: u16) -> Result<Response, Refusal> {
    let services = call.app.services();
    let service = services.get(call.service().id).ok_or(Refusal::ServiceNotFound)?;
    let template: &Template = service.template(id).ok_or(Refusal::NoResult)?;
    let mut view = template.view_naming(&[]);
    let config = service.config().templates.iter().find(|one| one.id == id && one.current);
    let category = config.and_then(|config| config.template_category_id);
    let name = category
        .and_then(|id| services.world().template_categories.iter().find(|category| category.id == id))
        .map(|category| category.name_en.clone());
    if let Some(fields) = view.as_object_mut() {
        fields.remove("letter_contact_block");
        fields.remove("personalisation");
        fields.insert("service_id".to_owned(), json!(service.id));
        fields.insert("service_name".to_owned(), json!(service.name));
        fields.insert("template_category_id".to_owned(), json!(category));
        fields.insert("template_category_name".to_owned(), json!(name));
        fields.insert("folder_id".to_owned(), Json::Null);
        fields.insert("archived".to_owned(), json!(template.archived));
    }
    Ok(response::json(status, &view))
}
