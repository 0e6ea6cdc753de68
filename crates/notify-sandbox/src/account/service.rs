//! A running service: its indexed config, and what it has sent and received.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use crate::account::dialect::AccountDialect;
use crate::account::inbox::Inbox;
use crate::account::limits::Limits;
use crate::account::mailbox::Mailbox;
use crate::account::message::Message;
use crate::account::status::Status;
use crate::account::template::Template;
use crate::time::Timestamp;
use crate::world::{CallbackKind, KeyConfig, KeyType, MessageType, ServiceConfig, TemplateConfig};

/// How long a revoked key is remembered, so that a refusal can say that it was revoked.
const REVOKED_KEYS_ARE_KNOWN_FOR: Duration = Duration::from_secs(7 * 86_400);

/// A service.
pub(crate) struct Service {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) trial_mode: bool,
    /// The prefix of each text message on the phone. It counts towards the length and appears nowhere else.
    pub(crate) sms_prefix: Option<String>,
    pub(crate) has_contact_link: bool,
    pub(crate) email_from: String,
    pub(crate) keys: Vec<ServiceKey>,
    pub(crate) inbound_numbers: Vec<String>,
    pub(crate) precompiled: Arc<Template>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) inbox: Arc<Inbox>,
    /// How this service differs from the others.
    pub(crate) dialect: &'static dyn AccountDialect,
    /// The config that this was made from, and when that was.
    config: ServiceConfig,
    since: Timestamp,
    callbacks: HashMap<CallbackKind, CallbackTarget>,
    permissions: HashSet<String>,
    /// The team and the guest list, normalised.
    known_recipients: HashSet<String>,
    sms_senders: HashMap<Uuid, String>,
    default_sms_sender: String,
    reply_to_addresses: HashSet<Uuid>,
    templates: HashMap<Uuid, Versions>,
}

/// Where callbacks of a kind go.
#[derive(Clone)]
pub(crate) struct CallbackTarget {
    pub(crate) url: Arc<Url>,
    pub(crate) proof: CallbackProof,
    /// The statuses that are reported, where a service can choose.
    pub(crate) statuses: Option<Arc<[String]>>,
    pub(crate) include_provider_payload: bool,
}

/// How the receiver of a callback recognises the sender.
#[derive(Clone)]
pub(crate) enum CallbackProof {
    /// A bearer token.
    Token(Arc<str>),
    /// A header with a MAC.
    Signature(&'static str, Arc<str>),
}

/// The versions of a template.
struct Versions {
    current: Option<Arc<Template>>,
    all: BTreeMap<u32, Arc<Template>>,
}

/// A key of a service. Its secret shows only in [`Service::api_key`].
pub(crate) struct ServiceKey {
    pub(crate) id: Uuid,
    pub(crate) permissions: Vec<String>,
    expires_at: Option<Timestamp>,
    pub(crate) label: String,
    pub(crate) key_type: KeyType,
    name: String,
    secret: String,
    revoked_at: Option<Timestamp>,
}

impl ServiceKey {
    fn new(config: KeyConfig, now: Timestamp) -> Self {
        let revoked_at = config.revoked_seconds_ago.map(|seconds| {
            Timestamp::from_unix_micros(now.unix_micros().saturating_sub(i64::from(seconds) * 1_000_000))
        });
        let expires_at = config.expires_in_seconds.map(|seconds| {
            Timestamp::from_unix_micros(now.unix_micros().saturating_add(seconds.saturating_mul(1_000_000)))
        });
        Self {
            id: config.id.unwrap_or_else(Uuid::new_v4),
            permissions: config.permissions,
            expires_at,
            label: config.label.unwrap_or_else(|| config.name.clone()),
            key_type: config.key_type,
            name: config.name,
            secret: config.secret,
            revoked_at,
        }
    }

    pub(crate) fn secret(&self) -> &[u8] {
        self.secret.as_bytes()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) const fn is_revoked(&self) -> bool {
        self.revoked_at.is_some()
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// Whether the key is in use or was until recently.
    pub(crate) fn is_known(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none_or(|revoked_at| now < revoked_at + REVOKED_KEYS_ARE_KNOWN_FOR)
    }
}

impl Debug for ServiceKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceKey")
            .field("label", &self.label)
            .field("key_type", &self.key_type)
            .finish_non_exhaustive()
    }
}

impl Service {
    pub(crate) fn new(config: ServiceConfig, now: Timestamp, dialect: &'static dyn AccountDialect) -> Self {
        let kept = config.clone();
        let email_from = dialect.email_from(&config);
        let callbacks = config.callbacks.iter();
        let callbacks = callbacks
            .map(|one| {
                let target = CallbackTarget {
                    url: Arc::new(one.url.clone()),
                    proof: CallbackProof::Token(one.bearer_token.as_str().into()),
                    statuses: one.statuses.clone().map(Into::into),
                    include_provider_payload: one.include_provider_payload,
                };
                (one.kind, target)
            })
            .collect();
        let limits = Arc::new(Limits::new(&config));
        let contacts: HashMap<Uuid, String> =
            config.letter_contacts.into_iter().map(|contact| (contact.id, contact.contact_block)).collect();
        let team =
            config.team.into_iter().flat_map(|member| [member.email_address, member.mobile_number]).flatten();
        let guests = config.guest_list.into_iter().map(|guest| guest.recipient);
        let senders = config.sms_senders.iter().filter(|sender| !sender.archived);
        let default_sms_sender =
            senders.clone().find(|sender| sender.is_default).or_else(|| senders.clone().next());
        Self {
            id: config.id,
            active: config.active,
            trial_mode: config.trial_mode,
            sms_prefix: config.prefix_sms.then(|| config.name.clone()),
            has_contact_link: config.contact_link.is_some_and(|link| !link.is_empty()),
            email_from,
            keys: config.api_keys.into_iter().map(|key| ServiceKey::new(key, now)).collect(),
            inbound_numbers: config.inbound_numbers,
            precompiled: Arc::new(Template::precompiled(config.id)),
            limits,
            mailbox: Arc::default(),
            inbox: Arc::new(Inbox::holding(config.received_texts)),
            dialect,
            config: kept,
            since: now,
            callbacks,
            permissions: config.permissions.into_iter().collect(),
            known_recipients: team.chain(guests).map(|recipient| dialect.comparable(&recipient)).collect(),
            default_sms_sender: dialect
                .sender_as_shown(default_sms_sender.map_or(&config.name, |sender| &sender.sms_sender)),
            sms_senders: senders
                .map(|sender| (sender.id, dialect.sender_as_shown(&sender.sms_sender)))
                .collect(),
            reply_to_addresses: config
                .email_reply_to
                .iter()
                .filter(|one| !one.archived)
                .map(|one| one.id)
                .collect(),
            templates: index(&config.templates, &contacts, dialect),
            name: config.name,
        }
    }

    /// The service with a changed config. It keeps what it has sent and received, and how much of its limits is used.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut ServiceConfig)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Self {
            precompiled: Arc::clone(&self.precompiled),
            limits: Arc::clone(&self.limits),
            mailbox: Arc::clone(&self.mailbox),
            inbox: Arc::clone(&self.inbox),
            ..Self::new(config, self.since, self.dialect)
        }
    }

    /// The text that a client is given for a key.
    pub(crate) fn api_key(&self, key: &ServiceKey) -> String {
        self.dialect.api_key(&key.name, self.id, &key.secret)
    }

    pub(crate) const fn config(&self) -> &ServiceConfig {
        &self.config
    }

    /// Takes a message: counts it against the limits and adds it to the mailbox.
    pub(crate) fn accept(&self, message: Message, international: bool) -> Arc<Message> {
        let message = Arc::new(message);
        self.limits.count(message.key_type, message.message_type(), international, message.created_at);
        self.mailbox.add(Arc::clone(&message));
        message
    }

    /// Whether it posts a delivery receipt when a message reaches this status: never for letters, nor for a status that
    /// is not reported.
    pub(crate) fn posts_receipt(&self, message: &Message, status: Status) -> bool {
        message.message_type() != MessageType::Letter && self.dialect.gets_receipt(status)
    }

    /// Where callbacks of a kind go, if the service has any.
    pub(crate) fn callback_target(&self, kind: CallbackKind) -> Option<&CallbackTarget> {
        self.callbacks.get(&kind)
    }

    pub(crate) fn has_permission(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether a recipient, normalised, is on the team or the guest list.
    pub(crate) fn knows_recipient(&self, normalised: &str) -> bool {
        self.known_recipients.contains(normalised)
    }

    /// The current version of a template.
    pub(crate) fn template(&self, id: Uuid) -> Option<&Arc<Template>> {
        self.templates.get(&id)?.current.as_ref()
    }

    pub(crate) fn template_version(&self, id: Uuid, version: u32) -> Option<&Arc<Template>> {
        self.templates.get(&id)?.all.get(&version)
    }

    /// The templates in use, sorted by name.
    pub(crate) fn templates(&self) -> Vec<&Arc<Template>> {
        let current = self.templates.values().filter_map(|versions| versions.current.as_ref());
        let mut templates: Vec<_> = current.filter(|template| !template.archived).collect();
        templates.sort_unstable_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
        templates
    }

    /// The sender that a text message shows.
    pub(crate) fn sms_sender(&self, id: Option<Uuid>) -> Option<&str> {
        match id {
            None => Some(&self.default_sms_sender),
            Some(id) => self.sms_senders.get(&id).map(String::as_str),
        }
    }

    pub(crate) fn has_reply_to(&self, id: Uuid) -> bool {
        self.reply_to_addresses.contains(&id)
    }

    /// The permission to send messages of a type is named like the type.
    pub(crate) fn may_send(&self, message: MessageType) -> bool {
        self.has_permission(message.as_str())
    }
}

/// Hidden templates are for the service's own use: nobody outside can see them.
fn index(
    config: &[TemplateConfig],
    contacts: &HashMap<Uuid, String>,
    dialect: &dyn AccountDialect,
) -> HashMap<Uuid, Versions> {
    let mut templates: HashMap<Uuid, Versions> = HashMap::new();
    for one in config.iter().filter(|one| !one.hidden) {
        let contact_block = one.letter_contact_id.and_then(|id| contacts.get(&id));
        let contact_block = contact_block.or(one.letter_contact_block.as_ref()).cloned();
        let template = Arc::new(Template::new(one, contact_block, |source| dialect.field(source)));
        let versions =
            templates.entry(one.id).or_insert_with(|| Versions { current: None, all: BTreeMap::new() });
        if one.current {
            versions.current = Some(Arc::clone(&template));
        }
        versions.all.insert(one.version, template);
    }
    templates
}
