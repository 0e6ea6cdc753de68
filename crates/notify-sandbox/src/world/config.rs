//! The contents of a world file. Whatever it leaves out has a harmless default.

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::{CallbackKind, KeyType, MessageType};

/// One service.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct ServiceConfig {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) trial_mode: bool,
    pub(crate) rate_limit_per_minute: u32,
    pub(crate) sms_message_limit: u32,
    pub(crate) email_message_limit: u32,
    pub(crate) letter_message_limit: u32,
    pub(crate) international_sms_message_limit: u32,
    /// Whether each text starts with the service's name; that is added on the way to the phone and only costs.
    pub(crate) prefix_sms: bool,
    pub(crate) contact_link: Option<String>,
    pub(crate) email_from: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) team: Vec<MemberConfig>,
    pub(crate) guest_list: Vec<GuestConfig>,
    pub(crate) api_keys: Vec<KeyConfig>,
    pub(crate) sms_senders: Vec<SmsSenderConfig>,
    pub(crate) email_reply_to: Vec<ReplyToConfig>,
    pub(crate) letter_contacts: Vec<LetterContactConfig>,
    pub(crate) inbound_numbers: Vec<String>,
    pub(crate) callbacks: Vec<CallbackConfig>,
    pub(crate) templates: Vec<TemplateConfig>,
}

/// A live service of ordinary size, so that a world file needs to say only what is special.
impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            name: String::new(),
            active: true,
            trial_mode: false,
            rate_limit_per_minute: 3_000,
            sms_message_limit: 250_000,
            email_message_limit: 250_000,
            letter_message_limit: 20_000,
            international_sms_message_limit: 100,
            prefix_sms: false,
            contact_link: None,
            email_from: None,
            permissions: Vec::new(),
            team: Vec::new(),
            guest_list: Vec::new(),
            api_keys: Vec::new(),
            sms_senders: Vec::new(),
            email_reply_to: Vec::new(),
            letter_contacts: Vec::new(),
            inbound_numbers: Vec::new(),
            callbacks: Vec::new(),
            templates: Vec::new(),
        }
    }
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct MemberConfig {
    pub(crate) email_address: Option<String>,
    pub(crate) mobile_number: Option<String>,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct GuestConfig {
    pub(crate) recipient: String,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct KeyConfig {
    #[serde(default)]
    pub(crate) label: Option<String>,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) key_type: KeyType,
    pub(crate) secret: String,
    #[serde(default)]
    pub(crate) revoked_seconds_ago: Option<u32>,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct SmsSenderConfig {
    pub(crate) id: Uuid,
    pub(crate) sms_sender: String,
    #[serde(default)]
    pub(crate) is_default: bool,
    #[serde(default)]
    pub(crate) archived: bool,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct ReplyToConfig {
    pub(crate) id: Uuid,
    #[serde(default)]
    pub(crate) archived: bool,
}

#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct LetterContactConfig {
    pub(crate) id: Uuid,
    pub(crate) contact_block: String,
}

/// Where callbacks of a kind go.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct CallbackConfig {
    pub(crate) kind: CallbackKind,
    pub(crate) url: Url,
    pub(crate) bearer_token: String,
}

/// One version of a template. Times are served as they are written here.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct TemplateConfig {
    pub(crate) id: Uuid,
    #[serde(default = "yes")]
    pub(crate) current: bool,
    #[serde(default = "first")]
    pub(crate) version: u32,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) message_type: MessageType,
    #[serde(default)]
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
    #[serde(default)]
    pub(crate) archived: bool,
    #[serde(default)]
    pub(crate) hidden: bool,
    #[serde(default)]
    pub(crate) postage: Option<String>,
    #[serde(default = "default_created_at")]
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) updated_at: Option<String>,
    #[serde(default)]
    pub(crate) created_by: String,
    #[serde(default)]
    pub(crate) letter_contact_id: Option<Uuid>,
}

const fn yes() -> bool {
    true
}

const fn first() -> u32 {
    1
}

pub(crate) fn default_created_at() -> String {
    "2026-01-01T09:00:00.000000Z".to_owned()
}
