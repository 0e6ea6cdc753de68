//! The service without its socket: a request goes in, a response comes out.

use crate::account::message::Timing;
use crate::api::auth::{self, Caller};
use crate::api::operations::{self, Call};
use crate::api::router::{Resource, Route};
use crate::app::App;
use crate::app::job::Job;
use crate::faults::{Effect, ErrorResponse};
use crate::wire::refusal::Refusal;
use crate::wire::request::Request;
use crate::wire::response::Answer;

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

/// Answers a request: first the path, then the method, then who is asking.
pub(crate) fn answer(app: &App, request: &Request) -> Outcome {
    answer_at(app, request, app.timing())
}

/// Answers a request that came at some moment.
pub(crate) fn answer_at(app: &App, request: &Request, timing: Timing) -> Outcome {
    let resource = match Route::find(&request.method, &request.path) {
        Route::Found(resource) => resource,
        Route::MethodNotAllowed(resource) => {
            return Outcome::anonymous(Answer::method_not_allowed(resource.allowed()));
        }
        Route::Moved(path) => return Outcome::anonymous(Answer::moved(&request.link(&path))),
        Route::Nowhere => return Outcome::anonymous(Answer::no_such_path()),
    };
    match &resource {
        Resource::Health => return Outcome::anonymous(operations::health()),
        Resource::TemplateVersions => return Outcome::anonymous(Answer::internal_path()),
        Resource::File(service, document) => {
            let answer =
                operations::file::answer(&app.documents, service, document, &request.query, timing.now);
            return Outcome::anonymous(answer);
        }
        _ => {}
    }
    let caller = match authorise(app, request, timing) {
        Ok(caller) => caller,
        Err(refusal) => return Outcome::anonymous(refusal.into()),
    };
    if request.method == "OPTIONS" {
        return Outcome { answer: Answer::options(resource.allowed()), caller: Some(caller) };
    }
    let call = Call { app, request, caller, timing };
    let answer = operations::answer(&call, &resource).unwrap_or_else(Answer::from);
    Outcome { answer, caller: Some(call.caller) }
}

fn authorise(app: &App, request: &Request, timing: Timing) -> Result<Caller, Refusal> {
    auth::authorise(request.authorization.as_deref(), app.services().by_id(), timing.now)
}

/// Answers a request with a failure.
pub(crate) fn fail(app: &App, request: &Request, failure: ErrorResponse) -> Outcome {
    if failure != ErrorResponse::TooManyRequests {
        return Outcome::anonymous(Answer::failure(failure));
    }
    match authorise(app, request, app.timing()) {
        Ok(caller) => {
            let rate = caller.service.limits.rate_per_minute();
            let answer = Refusal::RateLimit(caller.key().key_type, rate).into();
            Outcome { answer, caller: Some(caller) }
        }
        Err(refusal) => Outcome::anonymous(refusal.into()),
    }
}

/// Lets a request take effect whose own response a fault has replaced, or not.
pub(crate) fn take_effect(app: &App, request: Request, effect: Effect) {
    match effect {
        Effect::No => {}
        Effect::Yes => drop(answer(app, &request)),
        Effect::Late(span) => {
            let timing = app.timing();
            app.jobs.add(timing.now + span, Job::TakeEffect(Box::new(request), timing));
        }
    }
}

#[cfg(test)]
mod tests;
