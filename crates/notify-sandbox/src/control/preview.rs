//! Fills in templates without sending anything.

use serde::Serialize;
use uuid::Uuid;

use super::{Control, ControlError};
use crate::python::id;
use crate::python::json::Object;
use crate::render::content::{self, Personalisation, sms};
use crate::world::MessageType;

/// The message that a template would make. A placeholder without a value stays as it is.
#[derive(Serialize)]
pub(crate) struct Preview {
    id: Uuid,
    version: u32,
    #[serde(rename = "type")]
    message_type: MessageType,
    subject: Option<String>,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_phone: Option<OnPhone>,
    /// The placeholders that have no value.
    missing: Vec<String>,
}

/// A text message as it arrives.
#[derive(Serialize)]
pub(crate) struct OnPhone {
    pub(super) text: String,
    pub(super) fragments: usize,
}

impl OnPhone {
    /// With the name of the service in front, if the service has that setting.
    pub(super) fn new(body: &str, prefix: Option<&str>, fragments: usize) -> Self {
        let text = sms::prefixed(body, prefix).into_owned();
        Self { text, fragments }
    }
}

impl Control {
    /// A template of a service, filled in with these values.
    pub(crate) fn preview(
        &self,
        service: &str,
        template: &str,
        values: &Object,
    ) -> Result<Preview, ControlError> {
        let services = self.app.services();
        let service =
            id::parse(service).and_then(|id| services.get(id)).ok_or(ControlError::NoSuchService)?;
        let template = id::parse(template).and_then(|id| service.template(id));
        let template = template.ok_or(ControlError::NoSuchTemplate)?;
        let prefix = service.sms_prefix.as_deref();
        let filled = service.dialect.fill(template, values, prefix).map_err(ControlError::BadCharacter)?;
        let is_sms = template.message_type == MessageType::Sms;
        Ok(Preview {
            id: template.id,
            version: template.version,
            message_type: template.message_type,
            on_phone: is_sms.then(|| OnPhone::new(&filled.body, prefix, filled.fragments)),
            subject: filled.subject,
            body: filled.body,
            html: filled.html,
            missing: content::missing(&template.fields(), &Personalisation::from(values)),
        })
    }
}
