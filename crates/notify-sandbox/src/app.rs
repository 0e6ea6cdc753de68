//! Everything a sandbox holds, behind both of its APIs.

#[cfg(feature = "state")]
mod restore;

pub(crate) mod events;
pub(crate) mod job;
mod job_queue;
pub(crate) mod magic;
pub(crate) mod refused;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use uuid::Uuid;

use self::events::{Event, Events};
use self::job::Job;
use self::job_queue::JobQueue;
use self::refused::RefusedRequests;
use crate::account::dialect::AccountDialect;
use crate::account::documents::{Document, Documents};
use crate::account::message::{Message, Timing};
use crate::account::service::Service;
use crate::account::services::Services;
use crate::callbacks::Callbacks;
use crate::faults::Faults;
use crate::state::{Change, StateError, Store};
use crate::time::{Clock, Timestamp};
use crate::wire::upload::Upload;
use crate::world::{ServiceConfig, World};

/// The state of a sandbox.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) documents: Documents,
    pub(crate) faults: Faults,
    pub(crate) jobs: JobQueue<Job>,
    pub(crate) callbacks: Callbacks,
    pub(crate) events: Events,
    pub(crate) refused: RefusedRequests,
    pub(crate) store: Store,
    services: RwLock<Services>,
    step: Duration,
    /// Whether rate limits and daily limits apply.
    limited: bool,
    document_url: Option<String>,
}

/// The settings of a sandbox, fixed when it starts.
pub(crate) struct Settings {
    pub(crate) dialect: &'static dyn AccountDialect,
    pub(crate) clock: Clock,
    pub(crate) step: Duration,
    pub(crate) limited: bool,
    pub(crate) callbacks: Callbacks,
    /// What links to files begin with, if it is not the sandbox's own address.
    pub(crate) document_url: Option<String>,
}

impl App {
    /// A sandbox whose state is kept in memory alone.
    pub(crate) fn new(world: World, settings: Settings) -> Self {
        let services = Services::new(world, settings.clock.timestamp(), settings.dialect);
        Self::holding(services, Store::default(), settings)
    }

    fn holding(services: Services, store: Store, settings: Settings) -> Self {
        Self {
            store,
            clock: settings.clock,
            documents: Documents::default(),
            faults: Faults::default(),
            jobs: JobQueue::new(),
            events: Events::new(),
            refused: RefusedRequests::default(),
            callbacks: settings.callbacks,
            services: RwLock::new(services),
            step: settings.step,
            limited: settings.limited,
            document_url: settings.document_url,
        }
    }

    pub(crate) fn services(&self) -> RwLockReadGuard<'_, Services> {
        self.services.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn services_mut(&self) -> RwLockWriteGuard<'_, Services> {
        self.services.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A recipient in one spelling of many, by the rules of the services here.
    pub(crate) fn comparable(&self, recipient: &str) -> String {
        let services = self.services();
        let dialect = services.iter().next().map(|service| service.dialect);
        dialect.map_or_else(|| recipient.to_owned(), |dialect| dialect.comparable(recipient))
    }

    /// Changes the config of a service, and stores the change. Returns nothing if there is no such service.
    pub(crate) fn change_service(
        &self,
        id: Uuid,
        change: impl FnOnce(&mut ServiceConfig),
    ) -> Result<Option<Arc<Service>>, StateError> {
        let mut services = self.services_mut();
        let Some(service) = services.get(id) else { return Ok(None) };
        let changed = service.changed(change);
        self.store.record(&Change::Service(changed.config()))?;
        self.events.publish(|| Event::Services);
        Ok(Some(services.replace(changed)))
    }

    pub(crate) fn timing(&self) -> Timing {
        Timing { now: self.clock.timestamp(), step: self.step }
    }

    /// Whether rate limits and daily limits apply.
    pub(crate) const fn is_limited(&self) -> bool {
        self.limited
    }

    /// Stores a message that was accepted, and schedules its delivery receipt.
    pub(crate) fn keep(
        &self,
        service: &Service,
        mut message: Message,
        international: bool,
    ) -> Result<(), StateError> {
        if let Some(journey) = magic::journey(&message) {
            message.journey = journey;
        }
        self.store.record(&Change::Message { service: service.id, message: &message, international })?;
        let message = service.accept(message, international);
        self.schedule_receipt(service, &message);
        self.events.publish(|| Event::Message(service.id, message));
        Ok(())
    }

    /// Schedules the delivery receipt for when the message reaches its final status, if the service wants one.
    fn schedule_receipt(&self, service: &Service, message: &Arc<Message>) {
        if let Some(job) = Job::receipt(service, message) {
            self.jobs.add(message.final_status_at(self.step), job);
        }
    }

    /// Stores a file that was sent, and returns the link to it.
    pub(crate) fn store_document(
        &self,
        upload: Upload,
        base: &str,
        now: Timestamp,
    ) -> Result<String, StateError> {
        let (id, document) = (Uuid::new_v4(), Document::new(upload, now));
        let link = document.link(id, self.document_url.as_deref().unwrap_or(base));
        self.store.record(&Change::Document(id, &document))?;
        self.documents.keep(id, document, now);
        Ok(link)
    }
}
