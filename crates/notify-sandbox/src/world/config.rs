//! The contents of a world file. Whatever it leaves out has a useful default.

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::{CallbackKind, KeyType, MessageType, ReceivedText};
use crate::time::Timestamp;

/// One service.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the file")]
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServiceConfig {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) active: bool,
    /// Suspended: it may look, and not send.
    pub(crate) suspended: bool,
    pub(crate) trial_mode: bool,
    pub(crate) rate_limit_per_minute: Option<u32>,
    /// A limit of each day for messages of all types together, where the service has one.
    pub(crate) message_limit: Option<u32>,
    pub(crate) sms_message_limit: Option<u32>,
    pub(crate) email_message_limit: Option<u32>,
    pub(crate) letter_message_limit: Option<u32>,
    pub(crate) international_sms_message_limit: Option<u32>,
    pub(crate) sms_annual_limit: Option<u32>,
    pub(crate) email_annual_limit: Option<u32>,
    /// Whether each text starts with the service's name; that is added on the way to the phone and only costs.
    pub(crate) prefix_sms: bool,
    pub(crate) contact_link: Option<String>,
    pub(crate) email_from: Option<String>,
    /// The part before the `@` of its address, if the domain is the service's.
    pub(crate) email_sender_local_part: Option<String>,
    /// A domain of its own behind the `@`.
    pub(crate) sending_domain: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) team: Vec<MemberConfig>,
    pub(crate) guest_list: Vec<GuestConfig>,
    pub(crate) api_keys: Vec<KeyConfig>,
    pub(crate) sms_senders: Vec<SmsSenderConfig>,
    pub(crate) email_reply_to: Vec<ReplyToConfig>,
    pub(crate) letter_contacts: Vec<LetterContactConfig>,
    pub(crate) inbound_numbers: Vec<String>,
    /// The texts that it has received before the sandbox starts, newest first.
    pub(crate) received_texts: Vec<ReceivedText>,
    pub(crate) callbacks: Vec<CallbackConfig>,
    pub(crate) templates: Vec<TemplateConfig>,
}

/// What to say of a token that is not [usable](CallbackConfig::has_usable_token).
pub(crate) const UNUSABLE_TOKEN: &str =
    "a bearer token has at least ten characters, all of them visible ones of ASCII";

/// All that a service may be allowed to do here.
pub(super) const PERMISSIONS: [&str; 10] = [
    "email",
    "inbound_sms",
    "international_letters",
    "international_sms",
    "letter",
    "push",
    "schedule_notifications",
    "sms",
    "sms_to_uk_landlines",
    "upload_document",
];

/// What services may be allowed to do besides, on their website.
pub(super) const OTHER_PERMISSIONS: [&str; 10] = [
    "broadcast",
    "economy_letter_sending",
    "edit_folder_permissions",
    "edit_folders",
    "email_auth",
    "extra_email_formatting",
    "extra_letter_formatting",
    "letters_as_pdf",
    "precompiled_letter",
    "upload_letters",
];

/// A live service of ordinary size that may send everything, so that a world file needs to say only what is special.
impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            name: "Sandbox service".to_owned(),
            active: true,
            suspended: false,
            trial_mode: false,
            rate_limit_per_minute: None,
            message_limit: None,
            sms_message_limit: None,
            email_message_limit: None,
            letter_message_limit: None,
            international_sms_message_limit: None,
            sms_annual_limit: None,
            email_annual_limit: None,
            prefix_sms: false,
            contact_link: None,
            email_from: None,
            email_sender_local_part: None,
            sending_domain: None,
            permissions: PERMISSIONS.map(str::to_owned).into(),
            team: Vec::new(),
            guest_list: Vec::new(),
            api_keys: [KeyType::Live, KeyType::Team, KeyType::Test]
                .map(|key_type| KeyConfig::new(key_type.as_str(), key_type, String::new()))
                .into(),
            sms_senders: Vec::new(),
            email_reply_to: Vec::new(),
            letter_contacts: Vec::new(),
            inbound_numbers: Vec::new(),
            received_texts: Vec::new(),
            callbacks: Vec::new(),
            templates: Vec::new(),
        }
    }
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MemberConfig {
    pub(crate) email_address: Option<String>,
    pub(crate) mobile_number: Option<String>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuestConfig {
    pub(crate) recipient: String,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyConfig {
    #[serde(default)]
    pub(crate) id: Option<Uuid>,
    #[serde(default)]
    pub(crate) label: Option<String>,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) key_type: KeyType,
    #[serde(default)]
    pub(crate) secret: String,
    #[serde(default)]
    pub(crate) revoked_seconds_ago: Option<u32>,
    /// How long the key is good after the sandbox starts, where keys expire.
    #[serde(default)]
    pub(crate) expires_in_seconds: Option<i64>,
    /// What the key may do besides sending and reading.
    #[serde(default)]
    pub(crate) permissions: Vec<String>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmsSenderConfig {
    #[serde(default)]
    pub(crate) id: Uuid,
    pub(crate) sms_sender: String,
    #[serde(default)]
    pub(crate) is_default: bool,
    #[serde(default)]
    pub(crate) archived: bool,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyToConfig {
    #[serde(default)]
    pub(crate) id: Uuid,
    #[serde(default)]
    pub(crate) archived: bool,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterContactConfig {
    #[serde(default)]
    pub(crate) id: Uuid,
    pub(crate) contact_block: String,
}

/// Where callbacks of a kind go.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallbackConfig {
    pub(crate) kind: CallbackKind,
    pub(crate) url: Url,
    pub(crate) bearer_token: String,
    /// The statuses that are reported, where a service can choose.
    #[serde(default)]
    pub(crate) statuses: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) include_provider_payload: bool,
}

/// One version of a template.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateConfig {
    #[serde(default)]
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
    /// When the first version was made. Without, the template is as old as the world.
    #[serde(default)]
    pub(crate) created_at: Option<String>,
    #[serde(default)]
    pub(crate) updated_at: Option<String>,
    #[serde(default)]
    pub(crate) created_by: Option<String>,
    #[serde(default)]
    pub(crate) letter_contact_id: Option<Uuid>,
    /// The return address itself, as answers show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) letter_contact_block: Option<String>,
    #[serde(default)]
    pub(crate) template_category_id: Option<Uuid>,
}

/// A category of templates.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateCategory {
    pub(crate) id: Uuid,
    pub(crate) name_en: String,
    #[serde(default)]
    pub(crate) hidden: bool,
    #[serde(default)]
    pub(crate) sms_process_type: String,
}

const fn yes() -> bool {
    true
}

const fn first() -> u32 {
    1
}

impl KeyConfig {
    /// A key that is good until somebody revokes it.
    pub(crate) fn new(name: &str, key_type: KeyType, secret: String) -> Self {
        Self {
            id: None,
            label: None,
            name: name.to_owned(),
            key_type,
            secret,
            revoked_seconds_ago: None,
            expires_in_seconds: None,
            permissions: Vec::new(),
        }
    }
}

impl ServiceConfig {
    /// Who a template is by that a test adds: somebody on the team.
    pub(crate) fn author(&self) -> &str {
        let on_team = self.team.iter().find_map(|member| member.email_address.as_deref());
        on_team.unwrap_or("test@sandbox.example")
    }
}

impl TemplateConfig {
    /// Why a service would not take this as a template; none if it would.
    pub(crate) fn why_refused(&self) -> Option<&'static str> {
        match self.message_type {
            _ if self.body.trim().is_empty() => Some("a template needs a body"),
            MessageType::Sms if self.subject.is_some() => Some("an sms template has no subject"),
            _ => self.why_impossible(),
        }
    }

    /// Why no service has such a template. A service may have a template that it would no longer take, such as the hidden
    /// one for precompiled letters, which has no body.
    pub(crate) fn why_impossible(&self) -> Option<&'static str> {
        let has_subject = self.subject.as_deref().is_some_and(|subject| !subject.trim().is_empty());
        match self.message_type {
            _ if self.name.trim().is_empty() => Some("a template needs a name"),
            _ if self.version == 0 => Some("the first version is 1"),
            MessageType::Email if !has_subject => Some("an email template needs a subject"),
            MessageType::Letter if !has_subject => Some("a letter template needs a subject"),
            _ => self.impossible_times(),
        }
    }

    fn impossible_times(&self) -> Option<&'static str> {
        let time = |text: &Option<String>| text.as_deref().map(Timestamp::read);
        match (time(&self.created_at), time(&self.updated_at)) {
            (Some(None), _) => Some("`created_at` is not a time such as 2026-11-23T10:37:19Z"),
            (_, Some(None)) => Some("`updated_at` is not a time such as 2026-11-23T10:37:19Z"),
            (Some(created), Some(updated)) if updated < created => {
                Some("`updated_at` is before `created_at`")
            }
            _ => None,
        }
    }

    /// What it refers to that is not there.
    pub(crate) fn dangling(&self, service: &ServiceConfig, categories: &[Uuid]) -> Option<&'static str> {
        let is_contact = |id| service.letter_contacts.iter().any(|contact| contact.id == id);
        if self.letter_contact_id.is_some_and(|id| !is_contact(id)) {
            return Some("the service has no letter contact with the id in `letter_contact_id`");
        }
        let is_category = self.template_category_id.is_none_or(|id| categories.contains(&id));
        (!is_category).then_some("the world has no category with the id in `template_category_id`")
    }
}

impl CallbackConfig {
    pub(crate) fn new(kind: CallbackKind, url: Url, bearer_token: &str) -> Self {
        Self {
            kind,
            url,
            bearer_token: bearer_token.to_owned(),
            statuses: None,
            include_provider_payload: false,
        }
    }

    /// Whether the service would take the token: it is long enough, and arrives unchanged.
    pub(crate) fn has_usable_token(&self) -> bool {
        /// How many characters a bearer token must have at least.
        const SHORTEST: usize = 10;
        let token = &self.bearer_token;
        token.len() >= SHORTEST && token.chars().all(|c| c.is_ascii_graphic() || c == ' ')
    }
}
