//! Messages, received texts, and the callbacks that result from them.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::{Control, ControlError, IncomingText, Messages, SentMessage};
use crate::account::mailbox::Index;
use crate::account::message::Message;
use crate::account::service::Service;
use crate::account::status::Status;
use crate::app::events::Event;
use crate::app::job::Job;
use crate::callbacks::{Callback, CallbackRecord, body};
use crate::python::id;
use crate::state::Change;
use crate::world::{CallbackKind, MessageType, ReceivedText};

/// Messages and received texts.
impl Control {
    /// The messages of all services, newest first.
    pub fn messages(&self) -> Messages {
        self.select(Index::All, None, usize::MAX, |_| true)
    }

    /// A message by its id.
    pub fn message(&self, id: &str) -> Option<SentMessage> {
        let (service, message) = self.find(id)?;
        Some(SentMessage::new(service, message, self.app.timing()))
    }

    /// Up to `count` messages of all services that a predicate selects, newest first. The predicate sees only messages
    /// that an index finds.
    pub(super) fn select(
        &self,
        index: Index<'_>,
        older_than: Option<Uuid>,
        count: usize,
        selects: impl Fn(&SentMessage) -> bool,
    ) -> Messages {
        let timing = self.app.timing();
        let services = self.app.services();
        let before = older_than.map(|id| services.iter().find_map(|service| service.mailbox.number(id)));
        // An unknown id has nothing before it.
        let before = before.map(|number| number.unwrap_or(0));
        let mut found = Vec::new();
        for service in services.iter() {
            let seen =
                |message: &Arc<Message>| SentMessage::new(Arc::clone(service), Arc::clone(message), timing);
            let messages =
                service.mailbox.select(index, before, count, timing, |message| selects(&seen(message)));
            found.extend(messages.iter().map(seen));
        }
        found.sort_unstable_by_key(|message| Reverse(message.number()));
        found.truncate(count);
        Messages::new(found)
    }

    fn find(&self, id: &str) -> Option<(Arc<Service>, Arc<Message>)> {
        let (id, now) = (id::parse(id)?, self.app.clock.timestamp());
        let services = self.app.services();
        services.iter().find_map(|service| Some((Arc::clone(service), service.mailbox.get(id, now)?)))
    }

    /// Sets the status of a message, as if the service had. From then on it no longer changes by itself. Posts the
    /// callbacks that the service wants.
    ///
    /// # Errors
    ///
    /// If there is no such message, or the state file cannot be written.
    pub fn set_status(&self, message: &str, status: Status) -> Result<(), ControlError> {
        let (service, message) = self.find(message).ok_or(ControlError::NoSuchMessage)?;
        let at = self.app.clock.timestamp();
        self.app.store.record(&Change::Status { message: message.id, status, at })?;
        service.mailbox.set_status(&message, status, at);
        self.app.events.publish(|| Event::StatusSet(Arc::clone(&message)));
        let state = message.state(self.app.timing());
        if service.posts_receipt(&message, status) {
            self.post(Callback::receipt(self.app.callbacks.dialect, &service, &message, state));
        }
        if message.message_type() == MessageType::Letter && status == Status::ReturnedLetter {
            self.tell(&service, CallbackKind::ReturnedLetter, || body::returned_letter(&message, state));
        }
        Ok(())
    }

    /// Marks an e-mail as spam, as its recipient might. Posts a complaint callback if the service wants those.
    ///
    /// # Errors
    ///
    /// If there is no such message, or it is not an e-mail.
    pub fn mark_as_spam(&self, message: &str) -> Result<(), ControlError> {
        let (service, message) = self.find(message).ok_or(ControlError::NoSuchMessage)?;
        if message.message_type() != MessageType::Email {
            return Err(ControlError::NotAnEmail);
        }
        let now = self.app.clock.timestamp();
        self.tell(&service, CallbackKind::Complaint, || body::complaint(&message, now));
        Ok(())
    }

    /// Receives a text message at the first service that has an inbound number, and returns its id.
    ///
    /// # Errors
    ///
    /// If the sender is not a number, no service has an inbound number, or the state file cannot be written.
    pub fn receive_text(&self, text: IncomingText<'_>) -> Result<String, ControlError> {
        let IncomingText { from, content } = text;
        let sender = self.app.callbacks.dialect.sender_of_text(from).ok_or(ControlError::NotANumber)?;
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
            user_number: sender,
            content: content.to_owned(),
        };
        self.app.store.record(&Change::Text(&text))?;
        self.tell(service, CallbackKind::InboundSms, || self.app.callbacks.dialect.inbound_sms(&text));
        service.inbox.add(text);
        self.app.events.publish(|| Event::ReceivedText(id));
        Ok(id.to_string())
    }

    /// Posts a callback, if a service wants it.
    fn tell(&self, service: &Service, kind: CallbackKind, body: impl FnOnce() -> String) {
        self.post(Callback::of(self.app.callbacks.dialect, service, kind, body));
    }

    fn post(&self, callback: Option<Callback>) {
        if let Some(callback) = callback {
            self.app.jobs.add(self.app.clock.timestamp(), Job::Callback(Box::new(callback)));
        }
    }

    /// The last 10,000 attempts to post a callback, oldest first.
    pub fn callbacks(&self) -> Vec<CallbackRecord> {
        self.app.callbacks.list()
    }

    /// Repeats a callback as if for the first time, to the same URL.
    ///
    /// # Errors
    ///
    /// If none of the attempts that are kept has this [id](CallbackRecord::id).
    pub fn send_callback_again(&self, id: u64) -> Result<(), ControlError> {
        let callback = self.app.callbacks.again(id).ok_or(ControlError::NoSuchCallback)?;
        self.post(Some(callback));
        Ok(())
    }

    /// Waits, in any async runtime, until everything that is due by the sandbox's clock has happened: callbacks have been
    /// answered or have timed out after five seconds, and late messages have appeared.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use notify_sandbox::Sandbox;
    /// # async fn example() -> std::io::Result<()> {
    /// let sandbox = Sandbox::start()?;
    /// sandbox.clock().advance(Duration::from_secs(300));
    /// sandbox.idle().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn idle(&self) {
        let mut changes = self.app.jobs.subscribe();
        while !self.app.jobs.is_idle(self.app.clock.timestamp()) {
            // The sender lives in the app, which this future holds.
            let _ = changes.changed().await;
        }
    }

    /// Blocks the thread until everything that is due has happened: the sandbox is [idle](Self::idle).
    pub fn wait_until_idle(&self) {
        struct Unpark(std::thread::Thread);
        impl std::task::Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Arc::new(Unpark(std::thread::current())).into();
        let mut context = std::task::Context::from_waker(&waker);
        let mut idle = std::pin::pin!(self.idle());
        while idle.as_mut().poll(&mut context).is_pending() {
            std::thread::park();
        }
    }
}
