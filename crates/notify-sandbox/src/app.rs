//! What a sandbox holds, whoever asks for it.

#[cfg(feature = "state")]
mod restore;

pub(crate) mod job;
mod job_queue;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use uuid::Uuid;

use self::job::Errand;
use self::job_queue::Agenda;
use crate::account::documents::{Document, Documents};
use crate::account::message::{Message, Moment};
use crate::account::service::Service;
use crate::account::services::Services;
use crate::callbacks::Callbacks;
use crate::faults::Faults;
use crate::state::{Change, State, StateError};
use crate::time::{Clock, Timestamp};
use crate::wire::upload::Upload;

/// Everything that a sandbox knows.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) documents: Documents,
    pub(crate) faults: Faults,
    pub(crate) agenda: Agenda<Errand>,
    pub(crate) callbacks: Callbacks,
    pub(crate) state: State,
    services: RwLock<Services>,
    step: Duration,
    /// Whether rates and daily numbers are limited.
    limited: bool,
}

/// How a sandbox is, from beginning to end.
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    pub(crate) step: Duration,
    pub(crate) limited: bool,
    pub(crate) callbacks: Callbacks,
}

impl App {
    pub(crate) fn new(services: Services, state: State, settings: Settings) -> Self {
        Self {
            state,
            clock: settings.clock,
            documents: Documents::default(),
            faults: Faults::default(),
            agenda: Agenda::new(),
            callbacks: settings.callbacks,
            services: RwLock::new(services),
            step: settings.step,
            limited: settings.limited,
        }
    }

    pub(crate) fn services(&self) -> RwLockReadGuard<'_, Services> {
        self.services.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn services_mut(&self) -> RwLockWriteGuard<'_, Services> {
        self.services.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.clock.timestamp(), step: self.step }
    }

    /// Whether a service's limits count.
    pub(crate) const fn is_limited(&self) -> bool {
        self.limited
    }

    /// Keeps a message that was accepted, and sees to its receipt.
    pub(crate) fn keep(
        &self,
        service: &Service,
        message: Message,
        international: bool,
    ) -> Result<(), StateError> {
        self.state.record(&Change::Message { service: service.id, message: &message, international })?;
        let message = service.take_in(message, international);
        self.see_to_receipt(service, &message);
        Ok(())
    }

    /// Has a receipt posted when the message comes to the end of its way, if somebody wants it.
    fn see_to_receipt(&self, service: &Service, message: &Arc<Message>) {
        if let Some(errand) = Errand::receipt(service, message) {
            self.agenda.add(message.settles_at(self.step), errand);
        }
    }

    /// Keeps a file that was sent, and gives the link to it.
    pub(crate) fn keep_document(
        &self,
        upload: Upload,
        base: &str,
        now: Timestamp,
    ) -> Result<String, StateError> {
        let (id, document) = (Uuid::new_v4(), Document::new(upload, now));
        let link = document.link(id, base);
        self.state.record(&Change::Document(id, &document))?;
        self.documents.keep(id, document, now);
        Ok(link)
    }
}
