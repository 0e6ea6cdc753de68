//! A version of a template, ready to be filled in.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::render::content;
use crate::time::Timestamp;
use crate::world::{MessageType, TemplateConfig};

/// One version of a template.
pub(crate) struct Template {
    pub(crate) id: Uuid,
    pub(crate) version: u32,
    pub(crate) message_type: MessageType,
    pub(crate) name: String,
    pub(crate) archived: bool,
    pub(crate) postage: Option<String>,
    pub(crate) contact_block: Option<String>,
    /// Parsed once, here, and not at every send.
    pub(crate) subject: content::Template,
    pub(crate) body: content::Template,
    subject_source: Option<String>,
    body_source: String,
    created_at: String,
    updated_at: Option<String>,
    created_by: String,
}

/// Turns the id of a service into the id of its hidden template.
const PRECOMPILED: u128 = 0x0050_4446_0000_0000_0000_0000_0000_0001;

/// When a template was made, if the world file does not say.
const AS_OLD_AS_THE_WORLD: &str = "2026-01-01T09:00:00.000000Z";

impl Template {
    pub(crate) fn new(
        config: &TemplateConfig,
        contact_block: Option<String>,
        parse: impl Fn(&str) -> content::Template,
    ) -> Self {
        Self {
            id: config.id,
            version: config.version,
            message_type: config.message_type,
            name: config.name.clone(),
            archived: config.archived,
            postage: config.postage.clone(),
            contact_block,
            subject: parse(config.subject.as_deref().unwrap_or_default()),
            body: parse(&config.body),
            subject_source: config.subject.clone(),
            body_source: config.body.clone(),
            created_at: in_utc(config.created_at.as_deref().unwrap_or(AS_OLD_AS_THE_WORLD)),
            updated_at: config.updated_at.as_deref().map(in_utc),
            created_by: config.created_by.clone().unwrap_or_default(),
        }
    }

    /// The hidden template behind letters that come as a PDF.
    pub(crate) fn precompiled(service: Uuid) -> Self {
        Self {
            // A service has the same one each time it is loaded.
            id: Uuid::from_u128(service.as_u128() ^ PRECOMPILED),
            version: 1,
            message_type: MessageType::Letter,
            name: "Pre-compiled PDF".to_owned(),
            archived: false,
            postage: Some("second".to_owned()),
            contact_block: None,
            subject: content::Template::parse("Pre-compiled PDF"),
            body: content::Template::parse(""),
            subject_source: Some("Pre-compiled PDF".to_owned()),
            body_source: String::new(),
            created_at: String::new(),
            updated_at: None,
            created_by: String::new(),
        }
    }

    /// The parts that a message of this type fills in, in the order in which missing values are named.
    pub(crate) fn fields(&self) -> Vec<&content::Template> {
        match self.message_type {
            MessageType::Sms => vec![&self.body],
            MessageType::Email | MessageType::Letter => vec![&self.subject, &self.body],
        }
    }

    /// The template as the API shows it.
    pub(crate) fn view(&self) -> Value {
        self.view_updated_at(self.updated_at.as_deref())
    }

    /// The template as the API shows this version: as it was when the version was made. So the first version shows no
    /// update, however often the template has been updated since.
    pub(crate) fn view_of_version(&self) -> Value {
        self.view_updated_at(self.updated_at.as_deref().filter(|_| self.version > 1))
    }

    /// The same for a service that names the placeholders in its own way.
    pub(crate) fn view_naming(&self, placeholders: &[&str]) -> Value {
        self.view_with(self.updated_at.as_deref(), placeholders)
    }

    fn view_updated_at(&self, updated_at: Option<&str>) -> Value {
        self.view_with(updated_at, &content::placeholders(&self.fields()))
    }

    fn view_with(&self, updated_at: Option<&str>, placeholders: &[&str]) -> Value {
        let personalisation: serde_json::Map<String, Value> =
            placeholders.iter().map(|name| ((*name).to_owned(), json!({ "required": true }))).collect();
        json!({
            "id": self.id,
            "type": self.message_type.as_str(),
            "created_at": self.created_at,
            "updated_at": updated_at,
            "created_by": self.created_by,
            "version": self.version,
            "body": self.body_source,
            "subject": self.subject_source,
            "name": self.name,
            "personalisation": personalisation,
            "postage": self.postage,
            "letter_contact_block": self.contact_block,
        })
    }
}

/// A time as answers show it, whatever its zone is in the world file.
fn in_utc(time: &str) -> String {
    Timestamp::read(time).map_or_else(|| time.to_owned(), |time| time.to_string())
}
