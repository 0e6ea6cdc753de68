//! A service made up for one demo, with ids and a key that are never used again.

use notify_http::model::TemplateId;
use notify_sandbox::{World, WorldError};
use serde_json::json;
use uuid::Uuid;

/// The recipient of the text message.
pub(super) const NUMBER: &str = "07900 900123";

/// The recipient of the e-mail.
pub(super) const ADDRESS: &str = "kim@example.com";

/// What both messages say where the templates say `((name))`.
pub(super) const NAME: &str = "Kim";

/// A service with a key and a template for each message.
pub(super) struct DemoWorld {
    service: Uuid,
    secret: Uuid,
    pub(super) sms_template: TemplateId,
    pub(super) email_template: TemplateId,
}

impl DemoWorld {
    /// Makes up the ids and the secret.
    pub(super) fn make() -> Self {
        let template = || TemplateId::from_bytes(Uuid::new_v4().into_bytes());
        Self {
            service: Uuid::new_v4(),
            secret: Uuid::new_v4(),
            sms_template: template(),
            email_template: template(),
        }
    }

    /// A world that contains only this service.
    pub(super) fn load(&self) -> Result<World, WorldError> {
        let world = json!({ "services": [{
            "id": self.service,
            "name": "Demo Borough Council",
            "permissions": ["sms", "email"],
            "api_keys": [{ "name": "demo", "type": "live", "secret": self.secret }],
            "templates": [
                {
                    "id": self.sms_template.to_string(),
                    "name": "Permit ready",
                    "type": "sms",
                    "body": "Hello ((name)), your parking permit is ready.",
                },
                {
                    "id": self.email_template.to_string(),
                    "name": "Permit ready",
                    "type": "email",
                    "subject": "((name)), your parking permit is ready",
                    "body": "Dear ((name)),\n\nyour parking permit is ready.",
                },
            ],
        }] });
        World::from_json(&world.to_string())
    }
}
