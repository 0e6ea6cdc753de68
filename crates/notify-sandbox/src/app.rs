//! The service without its socket: a request goes in, an answer comes out.

#[cfg(feature = "state")]
mod restore;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::agenda::Agenda;
use crate::answer::Answer;
use crate::auth::{self, Caller};
use crate::callbacks::Callbacks;
use crate::clock::Clock;
use crate::documents::{Document, Documents, Upload};
use crate::errand::Errand;
use crate::faults::{Effect, Failure, Faults};
use crate::message::{Message, Moment};
use crate::operations;
use crate::query::Query;
use crate::refusal::Refusal;
use crate::router::Resource;
use crate::service::Service;
use crate::services::Services;
use crate::state::{Change, State, StateError};
use crate::timestamp::Timestamp;

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

/// What is asked, with the parts of the request that answers depend on.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) authorization: Option<Vec<u8>>,
    pub(crate) range: Option<String>,
    /// The sandbox's address as the client knows it: scheme, host and port.
    pub(crate) base: String,
    pub(crate) body: Bytes,
}

/// A request from somebody we know.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) request: &'a Request,
    pub(crate) caller: Caller,
    pub(crate) moment: Moment,
}

impl Call<'_> {
    pub(crate) fn service(&self) -> &Service {
        &self.caller.service
    }
}

/// An answer, and who it was for.
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) caller: Option<Caller>,
}

impl Outcome {
    pub(crate) fn anonymous(answer: Answer) -> Self {
        Self { answer, caller: None }
    }
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

    /// Answers a request: first the path, then the method, then who is asking.
    pub(crate) fn answer(&self, request: &Request) -> Outcome {
        self.answer_at(request, self.moment())
    }

    /// Answers a request that came at some moment.
    pub(crate) fn answer_at(&self, request: &Request, moment: Moment) -> Outcome {
        let Some(resource) = Resource::find(&request.path) else {
            return Outcome::anonymous(Answer::no_such_path());
        };
        if !resource.allows(&request.method) {
            return Outcome::anonymous(Answer::method_not_allowed(resource.allowed()));
        }
        match &resource {
            Resource::Health => return Outcome::anonymous(operations::health()),
            Resource::TemplateVersions => return Outcome::anonymous(Answer::internal_path()),
            Resource::File(service, document) => {
                let answer =
                    operations::file::answer(&self.documents, service, document, &request.query, moment.now);
                return Outcome::anonymous(answer);
            }
            _ => {}
        }
        let caller = match self.authorise(request, moment) {
            Ok(caller) => caller,
            Err(refusal) => return Outcome::anonymous(refusal.into()),
        };
        if request.method == "OPTIONS" {
            return Outcome { answer: Answer::options(resource.allowed()), caller: Some(caller) };
        }
        let call = Call { app: self, request, caller, moment };
        let answer = operations::answer(&call, &resource).unwrap_or_else(Answer::from);
        Outcome { answer, caller: Some(call.caller) }
    }

    fn authorise(&self, request: &Request, moment: Moment) -> Result<Caller, Refusal> {
        auth::authorise(request.authorization.as_deref(), self.services().by_id(), moment.now)
    }

    /// Answers a request with a failure.
    pub(crate) fn fail(&self, request: &Request, failure: Failure) -> Outcome {
        if failure != Failure::TooManyRequests {
            return Outcome::anonymous(Answer::failure(failure));
        }
        match self.authorise(request, self.moment()) {
            Ok(caller) => {
                let rate = caller.service.limits.rate_per_minute();
                let answer = Refusal::RateLimit(caller.key().key_type, rate).into();
                Outcome { answer, caller: Some(caller) }
            }
            Err(refusal) => Outcome::anonymous(refusal.into()),
        }
    }

    /// Lets a request that gets no answer of its own take effect, or not.
    pub(crate) fn take_effect(&self, request: Request, effect: Effect) {
        match effect {
            Effect::No => {}
            Effect::Yes => drop(self.answer(&request)),
            Effect::Late(span) => {
                let moment = self.moment();
                self.agenda.add(moment.now + span, Errand::TakeEffect(Box::new(request), moment));
            }
        }
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
    pub(crate) fn see_to_receipt(&self, service: &Service, message: &Arc<Message>) {
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

#[cfg(test)]
mod tests;
