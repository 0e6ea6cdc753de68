//! The tester's hand on a running sandbox. The [`Door`] offers the same to programs in other languages, over HTTP.

mod door;
mod new_template;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use url::Url;
use uuid::Uuid;

use crate::app::App;
use crate::callbacks::{Callback, CallbackKind, CallbackRecord, body};
use crate::clock::{Clock, Reading};
use crate::errand::Errand;
use crate::faults::Fault;
use crate::id;
use crate::inbox::ReceivedText;
use crate::message::Message;
use crate::messages::{Messages, SentMessage};
use crate::service::{ApiKey, Service};
use crate::state::{Change, StateError};
use crate::status::Status;
use crate::world::{CallbackFacts, KeyFacts, KeyType, MessageType, World, WorldError};

pub(crate) use door::Door;
pub use new_template::NewTemplate;

/// What a tester can do with a sandbox while it runs. A [`Sandbox`](crate::Sandbox) is one; clones act on the same
/// sandbox, and outlive it without harm.
#[derive(Clone)]
pub struct Control {
    app: Arc<App>,
    /// How the clock stood at the start.
    clock: Reading,
}

/// Why the sandbox would not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no service with this id.
    #[error("there is no service with this id")]
    NoSuchService,
    /// There is no message with this id.
    #[error("there is no message with this id")]
    NoSuchMessage,
    /// No service has a number that people could text to.
    #[error("no service has an inbound number")]
    NoInboundNumber,
    /// Only e-mails are complained of.
    #[error("only an e-mail can be marked as spam")]
    NotAnEmail,
    /// The URL of a callback is none, or not `http://`.
    #[error("callbacks go to http:// URLs")]
    BadCallbackUrl,
    /// What was to be added does not fit.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The state file cannot be written.
    #[error(transparent)]
    State(#[from] StateError),
}

/// A service of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A key of a service in a sandbox.
#[derive(Clone)]
#[non_exhaustive]
pub struct Key {
    /// The name of the service.
    pub service: String,
    /// The label of the key.
    pub label: String,
    /// Its type.
    pub key_type: KeyType,
    whole: String,
}

impl Key {
    fn of(service: &Service, key: &ApiKey) -> Self {
        Self {
            service: service.name.clone(),
            label: key.label.clone(),
            key_type: key.key_type,
            whole: key.whole(service.id),
        }
    }

    /// The key as a client is given it, secret included.
    pub fn whole(&self) -> &str {
        &self.whole
    }
}

/// Without the secret.
impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut key = f.debug_struct("Key");
        key.field("service", &self.service).field("label", &self.label).field("key_type", &self.key_type);
        key.finish_non_exhaustive()
    }
}

impl Debug for Control {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}

/// Time and faults.
impl Control {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let clock = app.clock.remember();
        Self { app, clock }
    }

    /// The clock that everything in the sandbox follows.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// Orders a fault, behind those that were ordered before.
    pub fn order(&self, fault: Fault) {
        self.app.faults.order(fault);
    }

    /// The faults that are not used up.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Makes the sandbox as it was at the start: services, clock, nothing sent or received, no faults, no callbacks.
    ///
    /// # Errors
    ///
    /// If the state file cannot be written.
    pub fn reset(&self) -> Result<(), ControlError> {
        let mut services = self.app.services_mut();
        self.app.state.record(&Change::Reset(services.world()))?;
        self.app.agenda.clear();
        self.app.faults.clear();
        self.app.documents.clear();
        self.app.callbacks.clear();
        self.app.clock.restore(self.clock);
        services.reset(self.app.clock.timestamp());
        Ok(())
    }
}

/// Services, keys and templates.
impl Control {
    /// The services, in the order of the world; what was added comes last.
    pub fn services(&self) -> Vec<ServiceInfo> {
        let info =
            |service: &Arc<Service>| ServiceInfo { id: service.id.to_string(), name: service.name.clone() };
        self.app.services().iter().map(info).collect()
    }

    /// A whole key of the first service, as a client is given it; the first of its type that is not revoked.
    ///
    /// # Panics
    ///
    /// If the world that the sandbox was given has no such key. The built-in world has one of each type.
    #[track_caller]
    pub fn api_key(&self, key_type: KeyType) -> String {
        let services = self.app.services();
        let service = services.iter().next().expect("a world has at least one service");
        let key = service.keys.iter().find(|key| key.key_type == key_type && !key.is_revoked());
        key.expect("the first service has a key of this type").whole(service.id)
    }

    /// All keys of all services, in the order of the world, without those that are revoked.
    pub fn keys(&self) -> Vec<Key> {
        let services = self.app.services();
        let of_service = |service: &Arc<Service>| -> Vec<Key> {
            service.keys.iter().filter(|key| !key.is_revoked()).map(|key| Key::of(service, key)).collect()
        };
        services.iter().flat_map(of_service).collect()
    }

    /// Adds the services of a world to those that there are.
    ///
    /// # Errors
    ///
    /// If there is a service with the same id, or the state file cannot be written.
    pub fn add_services(&self, world: World) -> Result<(), ControlError> {
        let now = self.app.clock.timestamp();
        let mut services = self.app.services_mut();
        services.check_new(&world)?;
        for facts in &world.services {
            self.app.state.record(&Change::Service(facts))?;
        }
        services.add(world, now);
        Ok(())
    }

    /// Adds a key to a service; its secret is new.
    ///
    /// # Errors
    ///
    /// If there is no such service, or the state file cannot be written.
    pub fn add_key(&self, service: &str, name: &str, key_type: KeyType) -> Result<Key, ControlError> {
        let secret = Uuid::new_v4().to_string();
        let key =
            KeyFacts { label: None, name: name.to_owned(), key_type, secret, revoked_seconds_ago: None };
        let service = self.change(service, |facts| facts.api_keys.push(key))?;
        let key = service.keys.last().ok_or(ControlError::NoSuchService)?;
        Ok(Key::of(&service, key))
    }

    /// Adds a template to a service, or a version to one that it has. Gives its id.
    ///
    /// # Errors
    ///
    /// If there is no such service, or the state file cannot be written.
    pub fn add_template(&self, service: &str, template: NewTemplate) -> Result<String, ControlError> {
        let id = template.facts.id.to_string();
        self.change(service, |facts| {
            let mut new = template.facts;
            for version in facts.templates.iter_mut().filter(|version| version.id == new.id) {
                new.version = new.version.max(version.version + 1);
                version.current = false;
            }
            facts.templates.push(new);
        })?;
        Ok(id)
    }

    /// Has a service post callbacks of a kind to a URL, with a bearer token.
    ///
    /// # Errors
    ///
    /// If there is no such service, or the URL is not `http://`.
    pub fn set_callback(
        &self,
        service: &str,
        kind: CallbackKind,
        url: &str,
        bearer_token: &str,
    ) -> Result<(), ControlError> {
        let url =
            Url::parse(url).ok().filter(|url| url.scheme() == "http").ok_or(ControlError::BadCallbackUrl)?;
        let new = CallbackFacts { kind, url, bearer_token: bearer_token.to_owned() };
        self.change(service, |facts| {
            facts.callbacks.retain(|one| one.kind != kind);
            facts.callbacks.push(new);
        })?;
        Ok(())
    }

    /// Has a service post no callbacks of a kind any more.
    ///
    /// # Errors
    ///
    /// If there is no such service, or the state file cannot be written.
    pub fn clear_callback(&self, service: &str, kind: CallbackKind) -> Result<(), ControlError> {
        self.change(service, |facts| facts.callbacks.retain(|one| one.kind != kind))?;
        Ok(())
    }

    fn change(
        &self,
        service: &str,
        change: impl FnOnce(&mut crate::world::ServiceFacts),
    ) -> Result<Arc<Service>, ControlError> {
        let id = id::parse(service).ok_or(ControlError::NoSuchService)?;
        let mut services = self.app.services_mut();
        let changed = services.get(id).ok_or(ControlError::NoSuchService)?.changed(change);
        self.app.state.record(&Change::Service(changed.facts()))?;
        Ok(services.replace(changed))
    }
}

/// Messages and received texts.
impl Control {
    /// What all services have sent, newest first.
    pub fn messages(&self) -> Messages {
        self.select(None, usize::MAX, |_| true)
    }

    /// A message by its id.
    pub fn message(&self, id: &str) -> Option<SentMessage> {
        let (service, message) = self.find(id)?;
        Some(SentMessage::new(service, message, self.app.moment()))
    }

    /// So many of the messages that a predicate selects, newest first. Several services follow one another.
    fn select(
        &self,
        older_than: Option<Uuid>,
        count: usize,
        selects: impl Fn(&SentMessage) -> bool,
    ) -> Messages {
        let moment = self.app.moment();
        let mut found = Vec::new();
        for service in self.app.services().iter() {
            let seen =
                |message: &Arc<Message>| SentMessage::new(Arc::clone(service), Arc::clone(message), moment);
            let rest = count - found.len();
            let messages =
                service.mailbox.select(older_than, rest, moment.now, |message| selects(&seen(message)));
            found.extend(messages.iter().map(seen));
        }
        Messages::new(found)
    }

    fn find(&self, id: &str) -> Option<(Arc<Service>, Arc<Message>)> {
        let (id, now) = (id::parse(id)?, self.app.clock.timestamp());
        let services = self.app.services();
        services.iter().find_map(|service| Some((Arc::clone(service), service.mailbox.get(id, now)?)))
    }

    /// Sets the state of a message, as if the service had; from then on it no longer moves by itself. Whoever wants
    /// callbacks is told.
    ///
    /// # Errors
    ///
    /// If there is no such message, or the state file cannot be written.
    pub fn set_status(&self, message: &str, status: Status) -> Result<(), ControlError> {
        let (service, message) = self.find(message).ok_or(ControlError::NoSuchMessage)?;
        let at = self.app.clock.timestamp();
        self.app.state.record(&Change::Status { message: message.id, status, at })?;
        message.set_status(status, at);
        let state = message.state(self.app.moment());
        let is_letter = message.message_type() == MessageType::Letter;
        if !is_letter && status.gets_receipt() {
            self.tell(&service, CallbackKind::DeliveryStatus, || body::delivery_status(&message, state));
        }
        if is_letter && status == Status::ReturnedLetter {
            self.tell(&service, CallbackKind::ReturnedLetter, || body::returned_letter(&message, state));
        }
        Ok(())
    }

    /// Has the recipient of an e-mail mark it as spam.
    ///
    /// # Errors
    ///
    /// If there is no such message, or it is no e-mail.
    pub fn complain(&self, message: &str) -> Result<(), ControlError> {
        let (service, message) = self.find(message).ok_or(ControlError::NoSuchMessage)?;
        if message.message_type() != MessageType::Email {
            return Err(ControlError::NotAnEmail);
        }
        let now = self.app.clock.timestamp();
        self.tell(&service, CallbackKind::Complaint, || body::complaint(&message, now));
        Ok(())
    }

    /// Has a text message arrive at the first service that has an inbound number, from a number such as
    /// `447700900111`. Gives its id.
    ///
    /// # Errors
    ///
    /// If no service has an inbound number, or the state file cannot be written.
    pub fn receive_text(&self, from: &str, content: &str) -> Result<String, ControlError> {
        let services = self.app.services();
        let mut with_number =
            services.iter().filter_map(|service| Some((service, service.inbound_numbers.first()?)));
        let (service, number) = with_number.next().ok_or(ControlError::NoInboundNumber)?;
        let id = Uuid::new_v4();
        let text = ReceivedText {
            id,
            created_at: self.app.clock.timestamp(),
            service_id: service.id,
            notify_number: number.clone(),
            user_number: from.to_owned(),
            content: content.to_owned(),
        };
        self.app.state.record(&Change::Text(&text))?;
        self.tell(service, CallbackKind::InboundSms, || body::inbound_sms(&text));
        service.inbox.add(text);
        Ok(id.to_string())
    }

    /// Posts a callback, if a service wants it.
    fn tell(&self, service: &Service, kind: CallbackKind, body: impl FnOnce() -> String) {
        if service.callback(kind).is_some()
            && let Some(callback) = Callback::to(service, kind, body())
        {
            self.app.agenda.add(self.app.clock.timestamp(), Errand::Callback(Box::new(callback)));
        }
    }

    /// The callbacks that were attempted, oldest first; of very many, the last 10,000.
    pub fn callbacks(&self) -> Vec<CallbackRecord> {
        self.app.callbacks.list()
    }

    /// Waits, in any async runtime, until everything has happened that is due by the sandbox's clock: callbacks were
    /// posted and answered (or given up after their five seconds), late messages are there.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use notify_sandbox::Sandbox;
    /// # async fn example() -> std::io::Result<()> {
    /// let sandbox = Sandbox::start()?;
    /// sandbox.clock().advance(Duration::from_secs(300));
    /// sandbox.settled().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settled(&self) {
        let mut changes = self.app.agenda.follow();
        while !self.app.agenda.is_settled(self.app.clock.timestamp()) {
            // The sender lives in the app that we hold.
            let _ = changes.changed().await;
        }
    }

    /// Waits as [`settled`](Self::settled) does, and blocks the thread until then.
    pub fn settle(&self) {
        struct Unpark(std::thread::Thread);
        impl std::task::Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Arc::new(Unpark(std::thread::current())).into();
        let mut context = std::task::Context::from_waker(&waker);
        let mut settled = std::pin::pin!(self.settled());
        while settled.as_mut().poll(&mut context).is_pending() {
            std::thread::park();
        }
    }
}
