//! The services of a sandbox, as a world file describes them.

mod check;
mod config;
mod json;
mod made_up;
mod reading;
mod received_text;
#[cfg(test)]
mod tests;

use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use config::{
    CallbackConfig, KeyConfig, ServiceConfig, TemplateCategory, TemplateConfig, UNUSABLE_TOKEN,
};
pub(crate) use reading::{REQUEST, SERVICE, TEMPLATE, read};
pub(crate) use received_text::{ReceivedText, is_name, is_number, with_plus};

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
    /// What a file contains is not a world, for the reason below.
    #[error("{} is not a world", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where in the file.
        source: Box<Self>,
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
            .map_err(|source| WorldError::InFile { path: path.to_owned(), source: Box::new(source) })
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

    /// A world of one service, which is added to this one.
    pub(crate) fn with_only(&self, mut service: ServiceConfig) -> Result<Self, WorldError> {
        made_up::fill_in_service(&mut service);
        let world = Self {
            services: vec![service],
            contact_information: serde_json::Map::new(),
            template_categories: self.template_categories.clone(),
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
