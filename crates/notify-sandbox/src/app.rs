//! The service without its socket: a request goes in, an answer comes out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::answer::Answer;
use crate::auth::{self, Caller};
use crate::clock::Clock;
use crate::documents::Documents;
use crate::message::Moment;
use crate::operations;
use crate::query::Query;
use crate::router::Resource;
use crate::service::Service;
use crate::world::World;

/// Everything that a sandbox knows.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) documents: Documents,
    services: HashMap<Uuid, Arc<Service>>,
    /// In the order of the world file.
    order: Vec<Uuid>,
    step: Duration,
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

impl App {
    pub(crate) fn new(world: World, clock: Clock, step: Duration) -> Self {
        let now = clock.timestamp();
        let order = world.services.iter().map(|service| service.id).collect();
        let services =
            world.services.into_iter().map(|facts| (facts.id, Arc::new(Service::new(facts, now)))).collect();
        Self { clock, documents: Documents::default(), services, order, step }
    }

    /// The services, in the order of the world file.
    pub(crate) fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.order.iter().filter_map(|id| self.services.get(id))
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.clock.timestamp(), step: self.step }
    }

    /// Answers a request: first the path, then the method, then who is asking.
    pub(crate) fn answer(&self, request: &Request) -> Outcome {
        let anonymous = |answer| Outcome { answer, caller: None };
        let Some(resource) = Resource::find(&request.path) else { return anonymous(Answer::no_such_path()) };
        if !resource.allows(&request.method) {
            return anonymous(Answer::method_not_allowed(resource.allowed()));
        }
        let moment = self.moment();
        match &resource {
            Resource::Health => return anonymous(operations::health()),
            Resource::TemplateVersions => return anonymous(Answer::internal_path()),
            Resource::File(service, document) => {
                let key = request.query.first("key").unwrap_or_default();
                return anonymous(self.documents.serve(service, document, key, moment.now));
            }
            _ => {}
        }
        let caller = match auth::authorise(request.authorization.as_deref(), &self.services, moment.now) {
            Ok(caller) => caller,
            Err(refusal) => return anonymous(refusal.into()),
        };
        if request.method == "OPTIONS" {
            return Outcome { answer: Answer::options(resource.allowed()), caller: Some(caller) };
        }
        let call = Call { app: self, request, caller, moment };
        let answer = operations::answer(&call, &resource).unwrap_or_else(Answer::from);
        Outcome { answer, caller: Some(call.caller) }
    }
}
