//! The services of a sandbox, as a world file describes them.

mod check;
mod config;
mod json;
mod made_up;
mod reading;
mod received_text;

use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use config::{
    CallbackConfig, KeyConfig, ServiceConfig, TemplateCategory, TemplateConfig, UNUSABLE_TOKEN,
};
pub(crate) use reading::{REQUEST, SERVICE, TEMPLATE, read};
pub(crate) use received_text::ReceivedText;

/// The services, keys, templates, senders and limits that a sandbox starts with.
///
/// A world is a JSON file; [`World::built_in`] is one, and its source is an example to copy. Defaults are made up for
/// whatever a world leaves out; unknown fields are errors.
///
/// ```
/// use notify_sandbox::World;
///
/// let world = World::from_json(r#"{"services": [{
///     "id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11",
///     "name": "Parking permits",
///     "permissions": ["sms"],
///     "api_keys": [{"name": "ci", "type": "test", "secret": "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b"}],
///     "templates": [{
///         "id": "6f1d2c3b-4a59-4687-9b0a-c1d2e3f40516",
///         "name": "Permit ready", "type": "sms", "body": "Hello ((name)), your permit is ready."
///     }]
/// }]}"#)?;
/// # Ok::<(), notify_sandbox::WorldError>(())
/// ```
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub(crate) services: Vec<ServiceConfig>,
    /// What is known of people by their identifier, where a service sends to identifiers.
    #[serde(default)]
    pub(crate) contact_information: serde_json::Map<String, Value>,
    /// The categories of templates, where a service has them.
    #[serde(default)]
    pub(crate) template_categories: Vec<TemplateCategory>,
}

/// Why a world cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// The file cannot be read.
    #[error("cannot read the world {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is not JSON, or something in it is missing, unknown or of the wrong type. Says where.
    #[error("{0}")]
    Malformed(String),
    /// There is no service in it.
    #[error("a world needs at least one service")]
    Empty,
    /// Two services, keys or templates claim the same id or secret.
    #[error("{0}: another one has the same {1}")]
    Repeated(String, &'static str),
}

/// Who may receive what is sent with a key, and whether it is really sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyType {
    /// Anyone; in trial mode only the team and the guest list.
    Live,
    /// The team and the guest list.
    Team,
    /// Anyone, but nothing is delivered and nothing counts towards a limit.
    Test,
}

impl KeyType {
    /// The name of the type in lower case, as in a world file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Team => "team",
            Self::Test => "test",
        }
    }
}

/// The type of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MessageType {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
    /// A letter.
    Letter,
}

impl MessageType {
    /// The name of the type, as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Letter => "letter",
        }
    }

    /// The plural, as in messages to people.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::Sms => "text messages",
            Self::Email => "emails",
            Self::Letter => "letters",
        }
    }
}

/// The kind of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallbackKind {
    /// A text message or an e-mail has been delivered, or has failed.
    DeliveryStatus,
    /// Somebody has sent the service a text message.
    InboundSms,
    /// A letter came back.
    ReturnedLetter,
    /// Somebody has marked an e-mail as spam.
    Complaint,
}

impl CallbackKind {
    /// The name of the kind, as in a world file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeliveryStatus => "delivery_status",
            Self::InboundSms => "inbound_sms",
            Self::ReturnedLetter => "returned_letter",
            Self::Complaint => "complaint",
        }
    }
}

impl World {
    /// The default world: one live service with a key of each type and templates for each type of message. Its ids and
    /// secrets are fixed, so that examples can name them.
    #[expect(clippy::missing_panics_doc, reason = "a test loads the built-in world")]
    pub fn built_in() -> Self {
        Self::from_json(include_str!("world/built_in.json")).expect("the built-in world is a world")
    }

    /// Reads a world from a JSON file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or its contents are not a world.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, WorldError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|source| WorldError::Unreadable { path: path.to_owned(), source })?;
        Self::from_json(&text)
    }

    /// Reads a world from JSON text, which may begin with a byte order mark.
    ///
    /// # Errors
    ///
    /// If the text is not JSON of the right shape, names no service, or uses an id twice.
    pub fn from_json(json: &str) -> Result<Self, WorldError> {
        let text = json.strip_prefix('\u{feff}').unwrap_or(json);
        let mut world: Self = read(json::read(text)?, "")?;
        made_up::fill_in(&mut world);
        check::check(&world)?;
        Ok(world)
    }

    /// A world of one service.
    pub(crate) fn of(mut service: ServiceConfig) -> Result<Self, WorldError> {
        made_up::fill_in_service(&mut service);
        let world = Self {
            services: vec![service],
            contact_information: serde_json::Map::new(),
            template_categories: Vec::new(),
        };
        check::check(&world)?;
        Ok(world)
    }
}

/// Names only: a world is full of secrets.
impl Debug for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.services.iter().map(|service| &service.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_world_has_a_key_and_a_template_of_each_type() {
        let world = World::built_in();
        let service = &world.services[0];
        for key_type in [KeyType::Live, KeyType::Team, KeyType::Test] {
            assert!(service.api_keys.iter().any(|key| key.key_type == key_type));
        }
        for message_type in [MessageType::Sms, MessageType::Email, MessageType::Letter] {
            assert!(
                service
                    .templates
                    .iter()
                    .any(|one| one.message_type == message_type && one.body.contains("(("))
            );
        }
    }

    #[test]
    fn a_world_may_begin_with_a_byte_order_mark() {
        let text = include_str!("world/built_in.json");
        assert!(World::from_json(&format!("\u{feff}{text}")).is_ok());
    }

    #[test]
    fn a_world_without_services_or_with_repeated_ids_is_refused() {
        assert!(matches!(World::from_json("{}"), Err(WorldError::Malformed(_))));
        assert!(matches!(World::from_json(r#"{"services": []}"#), Err(WorldError::Empty)));
        let twice = r#"{"services": [{"id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11"}, {"id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11"}]}"#;
        let error = World::from_json(twice).unwrap_err().to_string();
        assert_eq!(error, "services[1]: another one has the same id");
    }

    #[test]
    fn what_is_left_out_is_the_same_each_time_and_each_has_its_own() {
        let text = r#"{"services": [{}, {"sms_senders": [{"sms_sender": "A"}, {"sms_sender": "A"}]}]}"#;
        let (one, other) = (World::from_json(text).unwrap(), World::from_json(text).unwrap());
        let text = |world: &World| serde_json::to_string(world).unwrap();
        assert_eq!(text(&one), text(&other));
        assert_ne!(one.services[0].id, one.services[1].id);
        let senders = &one.services[1].sms_senders;
        assert_ne!(senders[0].id, senders[1].id);
        assert_ne!(one.services[0].api_keys[0].secret, one.services[1].api_keys[0].secret);
    }

    #[test]
    fn errors_say_where_and_what_was_meant() {
        let error = |text: &str| World::from_json(text).unwrap_err().to_string();
        assert_eq!(
            error(r#"{"services": [{"api_keys": [{"nmae": "x", "type": "live"}]}]}"#),
            "services[0].api_keys[0]: there is no field `nmae`; did you mean `name`?"
        );
        assert_eq!(error(r#"{"servces": []}"#), "there is no field `servces`; did you mean `services`?");
        assert_eq!(error(r#"{"services": [[]]}"#), "services[0]: a list stands where an object should");
        assert!(error("{\n  nothing").starts_with("this is not JSON: "));
        assert!(error("{\"services\": [{}]} and more").starts_with("this is not JSON: "));
        assert_eq!(
            error(r#"{"services": [{"name": "x", "team": [], "name": "y"}]}"#),
            "services[0]: the field `name` stands here twice"
        );
        assert_eq!(error(r#"{"services": [{}], "services": []}"#), "the field `services` stands here twice");
    }

    #[test]
    fn errors_name_types_as_json_does() {
        for (text, error) in [
            ("null", "invalid type: null, expected an object"),
            (r#"{"services": {}}"#, "services: invalid type: an object, expected a list"),
            (r#"{"services": ["x"]}"#, "services[0]: invalid type: string \"x\", expected an object"),
            (
                r#"{"services": [{"sms_message_limit": -1}]}"#,
                "services[0].sms_message_limit: invalid value: integer `-1`, expected a whole number, 0 or more",
            ),
            (
                r#"{"services": [{"templates": [{"name": "x", "type": "sms", "body": null}]}]}"#,
                "services[0].templates[0].body: invalid type: null, expected a string",
            ),
        ] {
            assert_eq!(World::from_json(text).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn what_a_service_could_not_be_made_of_is_refused_with_its_place() {
        let error = |service: &str| {
            let world = World::from_json(&format!(r#"{{"services": [{{}}, {service}]}}"#));
            world.err().map(|error| error.to_string())
        };
        let id = "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11";
        for (service, problem) in [
            (
                r#"{"templates": [{"name": "x", "type": "email", "body": "b"}]}"#,
                "services[1].templates[0]: an email template needs a subject",
            ),
            (
                r#"{"templates": [{"name": "x", "type": "letter", "subject": " ", "body": "b"}]}"#,
                "services[1].templates[0]: a letter template needs a subject",
            ),
            (
                r#"{"templates": [{"name": "", "type": "sms", "body": "b"}]}"#,
                "services[1].templates[0]: a template needs a name",
            ),
            (
                r#"{"templates": [{"name": "x", "type": "sms", "body": "b", "version": 0}]}"#,
                "services[1].templates[0]: the first version is 1",
            ),
            (
                &format!(
                    r#"{{"templates": [{{"name": "x", "type": "letter", "subject": "s", "body": "b", "letter_contact_id": "{id}"}}]}}"#
                ),
                "services[1].templates[0]: the service has no letter contact with the id in `letter_contact_id`",
            ),
            (
                &format!(
                    r#"{{"templates": [{{"name": "x", "type": "sms", "body": "b", "template_category_id": "{id}"}}]}}"#
                ),
                "services[1].templates[0]: the world has no category with the id in `template_category_id`",
            ),
            (
                r#"{"permissions": ["email", "smss"]}"#,
                "services[1].permissions[1]: there is no permission `smss`; did you mean `sms`?",
            ),
            (
                r#"{"callbacks": [{"kind": "complaint", "url": "ftp://127.0.0.1/", "bearer_token": "1234567890"}]}"#,
                "services[1].callbacks[0]: the URL has to begin with http",
            ),
            (
                r#"{"callbacks": [{"kind": "complaint", "url": "http://127.0.0.1/", "bearer_token": "12345"}]}"#,
                "services[1].callbacks[0]: a bearer token has at least ten characters, all of them visible ones of ASCII",
            ),
            (
                r#"{"callbacks": [{"kind": "complaint", "url": "http://127.0.0.1/", "bearer_token": "1234567890\r\nX: y"}]}"#,
                "services[1].callbacks[0]: a bearer token has at least ten characters, all of them visible ones of ASCII",
            ),
            (
                &format!(
                    r#"{{"sms_senders": [{{"id": "{id}", "sms_sender": "A"}}, {{"id": "{id}", "sms_sender": "B"}}]}}"#
                ),
                "services[1].sms_senders[1]: another one has the same id",
            ),
            (
                &format!(r#"{{"email_reply_to": [{{"id": "{id}"}}, {{"id": "{id}"}}]}}"#),
                "services[1].email_reply_to[1]: another one has the same id",
            ),
        ] {
            assert_eq!(error(service).as_deref(), Some(problem), "{service}");
        }
        assert_eq!(error(r#"{"permissions": ["email_auth", "something_of_their_own"]}"#), None);
    }

    #[test]
    fn secrets_do_not_show() {
        let world = World::built_in();
        let shown = format!("{world:?}");
        assert!(world.services[0].api_keys.iter().all(|key| !shown.contains(&key.secret)));
    }
}
