//! A service at work: what the world says of it, indexed, and what it has sent and received.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use crate::account::inbox::Inbox;
use crate::account::limits::Limits;
use crate::account::mailbox::Mailbox;
use crate::account::message::Message;
use crate::account::template::Template;
use crate::recipient::{email, phone};
use crate::time::Timestamp;
use crate::world::{CallbackKind, KeyFacts, KeyType, MessageType, ServiceFacts, TemplateFacts};

/// How long a revoked key is still known, so that its owner learns what happened to it.
const REVOKED_KEYS_ARE_KNOWN_FOR: Duration = Duration::from_secs(7 * 86_400);

/// A service.
pub(crate) struct Service {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) trial_mode: bool,
    /// What each text message starts with on the phone; it only costs.
    pub(crate) sms_prefix: Option<String>,
    pub(crate) has_contact_link: bool,
    pub(crate) email_from: String,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) inbound_numbers: Vec<String>,
    pub(crate) precompiled: Arc<Template>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) inbox: Arc<Inbox>,
    /// What this was made from, and when.
    facts: ServiceFacts,
    since: Timestamp,
    callbacks: HashMap<CallbackKind, CallbackTarget>,
    permissions: HashSet<String>,
    /// The team and the guest list, in the form in which recipients are compared.
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
    pub(crate) bearer_token: Arc<str>,
}

/// The versions of a template.
struct Versions {
    current: Option<Arc<Template>>,
    all: BTreeMap<u32, Arc<Template>>,
}

/// A key of a service. Its secret shows nowhere but where a user asks for the whole key.
pub(crate) struct ApiKey {
    pub(crate) label: String,
    pub(crate) key_type: KeyType,
    name: String,
    secret: String,
    revoked_at: Option<Timestamp>,
}

impl ApiKey {
    fn new(facts: KeyFacts, now: Timestamp) -> Self {
        let revoked_at = facts.revoked_seconds_ago.map(|seconds| {
            Timestamp::from_unix_micros(now.unix_micros().saturating_sub(i64::from(seconds) * 1_000_000))
        });
        Self {
            label: facts.label.unwrap_or_else(|| facts.name.clone()),
            key_type: facts.key_type,
            name: facts.name,
            secret: facts.secret,
            revoked_at,
        }
    }

    pub(crate) fn secret(&self) -> &[u8] {
        self.secret.as_bytes()
    }

    /// The key as a client is given it: name, service, secret.
    pub(crate) fn whole(&self, service: Uuid) -> String {
        format!("{}-{service}-{}", self.name, self.secret)
    }

    pub(crate) const fn is_revoked(&self) -> bool {
        self.revoked_at.is_some()
    }

    /// Whether the key is in use or was until recently.
    pub(crate) fn is_known(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none_or(|revoked_at| now < revoked_at + REVOKED_KEYS_ARE_KNOWN_FOR)
    }
}

impl Debug for ApiKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("label", &self.label)
            .field("key_type", &self.key_type)
            .finish_non_exhaustive()
    }
}

impl Service {
    pub(crate) fn new(facts: ServiceFacts, now: Timestamp) -> Self {
        let kept = facts.clone();
        let callbacks = facts.callbacks.iter();
        let callbacks = callbacks
            .map(|one| {
                let target = CallbackTarget {
                    url: Arc::new(one.url.clone()),
                    bearer_token: one.bearer_token.as_str().into(),
                };
                (one.kind, target)
            })
            .collect();
        let limits = Arc::new(Limits::new(&facts));
        let contacts: HashMap<Uuid, String> =
            facts.letter_contacts.into_iter().map(|contact| (contact.id, contact.contact_block)).collect();
        let team =
            facts.team.into_iter().flat_map(|member| [member.email_address, member.mobile_number]).flatten();
        let guests = facts.guest_list.into_iter().map(|guest| guest.recipient);
        let senders = facts.sms_senders.iter().filter(|sender| !sender.archived);
        let default_sms_sender =
            senders.clone().find(|sender| sender.is_default).or_else(|| senders.clone().next());
        Self {
            id: facts.id,
            active: facts.active,
            trial_mode: facts.trial_mode,
            sms_prefix: facts.prefix_sms.then(|| facts.name.clone()),
            has_contact_link: facts.contact_link.is_some_and(|link| !link.is_empty()),
            email_from: facts.email_from.unwrap_or_else(|| default_email_from(&facts.name)),
            keys: facts.api_keys.into_iter().map(|key| ApiKey::new(key, now)).collect(),
            inbound_numbers: facts.inbound_numbers,
            precompiled: Arc::new(Template::precompiled(facts.id)),
            limits,
            mailbox: Arc::default(),
            inbox: Arc::default(),
            facts: kept,
            since: now,
            callbacks,
            permissions: facts.permissions.into_iter().collect(),
            known_recipients: team.chain(guests).map(|recipient| comparable(&recipient)).collect(),
            default_sms_sender: sender_as_shown(
                default_sms_sender.map_or(&facts.name, |sender| &sender.sms_sender),
            ),
            sms_senders: senders.map(|sender| (sender.id, sender_as_shown(&sender.sms_sender))).collect(),
            reply_to_addresses: facts
                .email_reply_to
                .iter()
                .filter(|one| !one.archived)
                .map(|one| one.id)
                .collect(),
            templates: index(&facts.templates, &contacts),
            name: facts.name,
        }
    }

    /// The service with other facts, but what it has sent, received and used up.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut ServiceFacts)) -> Self {
        let mut facts = self.facts.clone();
        change(&mut facts);
        Self {
            precompiled: Arc::clone(&self.precompiled),
            limits: Arc::clone(&self.limits),
            mailbox: Arc::clone(&self.mailbox),
            inbox: Arc::clone(&self.inbox),
            ..Self::new(facts, self.since)
        }
    }

    pub(crate) const fn facts(&self) -> &ServiceFacts {
        &self.facts
    }

    /// Counts a message and puts it in its place.
    pub(crate) fn take_in(&self, message: Message, international: bool) -> Arc<Message> {
        let message = Arc::new(message);
        self.limits.count(message.key_type, message.message_type(), international, message.created_at);
        self.mailbox.add(Arc::clone(&message));
        message
    }

    /// Where callbacks of a kind go, if they are wanted.
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

    /// What a text message says it is from.
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

/// Hidden templates are there for the service's own use: nobody outside can see them.
fn index(facts: &[TemplateFacts], contacts: &HashMap<Uuid, String>) -> HashMap<Uuid, Versions> {
    let mut templates: HashMap<Uuid, Versions> = HashMap::new();
    for one in facts.iter().filter(|one| !one.hidden) {
        let contact_block = one.letter_contact_id.and_then(|id| contacts.get(&id).cloned());
        let template = Arc::new(Template::new(one, contact_block));
        let versions =
            templates.entry(one.id).or_insert_with(|| Versions { current: None, all: BTreeMap::new() });
        if one.current {
            versions.current = Some(Arc::clone(&template));
        }
        versions.all.insert(one.version, template);
    }
    templates
}

/// A recipient in the form in which two of them are compared.
pub(crate) fn comparable(recipient: &str) -> String {
    if let Ok(number) = phone::parse(recipient) {
        return number.normalised();
    }
    email::parse(recipient).map_or_else(|_| recipient.to_owned(), |address| address.normalised())
}

/// A sender that is a phone number is shown in full; a word stays as it is.
fn sender_as_shown(sender: &str) -> String {
    phone::parse(sender).map_or_else(|_| sender.to_owned(), |number| number.normalised())
}

/// The address that a service's name suggests.
fn default_email_from(name: &str) -> String {
    let words: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    format!("{}@notify.example", words.join("."))
}
