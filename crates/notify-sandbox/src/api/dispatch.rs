//! The service without its socket: a request goes in, a response comes out.

use crate::account::message::Timing;
use crate::api::auth::Caller;
use crate::api::operations::{self, Call};
use crate::api::router::{Resource, Route};
use crate::app::App;
use crate::app::job::Job;
use crate::faults::{Effect, ErrorResponse};
use crate::wire::refusal::Refusal;
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};
use http::Method;

/// A response, and who it was for.
pub(crate) struct Outcome {
    pub(crate) response: Response,
    pub(crate) caller: Option<Caller>,
}

impl Outcome {
    pub(crate) fn anonymous(response: Response) -> Self {
        Self { response, caller: None }
    }
}

/// Answers a request, as of now.
pub(crate) fn answer(app: &App, request: &Request) -> Outcome {
    answer_at(app, request, app.timing())
}

/// Answers a request as of some time.
pub(crate) fn answer_at(app: &App, request: &Request, timing: Timing) -> Outcome {
    app.dialect.answer(app, request, timing)
}

/// Answers a request to GOV.UK Notify: checks the path first, then the method, then the token.
pub(crate) fn answer_gov_uk(app: &App, request: &Request, timing: Timing) -> Outcome {
    let resource = match Route::find(request.method().as_str(), request.uri().path()) {
        Route::Found(resource) => resource,
        Route::MethodNotAllowed(resource) => {
            return Outcome::anonymous(response::method_not_allowed(resource.allowed()));
        }
        Route::Moved(path) => return Outcome::anonymous(response::moved(&request.link(&path))),
        Route::Nowhere => return Outcome::anonymous(response::no_such_path()),
    };
    match &resource {
        Resource::Health => return Outcome::anonymous(operations::health()),
        Resource::TemplateVersions => return Outcome::anonymous(response::internal_path()),
        Resource::File(service, document) => {
            let response = operations::file::answer(
                &app.documents,
                service,
                document,
                &request.parameters(),
                timing.now,
            );
            return Outcome::anonymous(response);
        }
        _ => {}
    }
    let caller = match app.dialect.authorise(app, request, timing) {
        Ok(caller) => caller,
        Err(refusal) => return Outcome::anonymous(refusal.into()),
    };
    if request.method() == Method::OPTIONS {
        return Outcome { response: response::options(resource.allowed()), caller: Some(caller) };
    }
    let call = Call { app, request, caller, timing };
    let response = operations::answer(&call, &resource).unwrap_or_else(Response::from);
    Outcome { response, caller: Some(call.caller) }
}

/// Answers a request with an error that a fault injects.
pub(crate) fn fail(app: &App, request: &Request, failure: ErrorResponse) -> Outcome {
    if failure != ErrorResponse::TooManyRequests {
        return Outcome::anonymous(response::failure(failure));
    }
    match app.dialect.authorise(app, request, app.timing()) {
        Ok(caller) => {
            let rate = caller.service.limits.rate_per_minute();
            let refusal = Refusal::RateLimit(caller.key().key_type, rate);
            let response = response::refused(app.dialect.entry(&refusal));
            Outcome { response, caller: Some(caller) }
        }
        Err(refusal) => Outcome::anonymous(response::refused(app.dialect.entry(&refusal))),
    }
}

/// Lets a request take effect whose own response a fault has replaced, or not.
pub(crate) fn take_effect(app: &App, request: &Request, effect: Effect) {
    match effect {
        Effect::No => {}
        Effect::Yes => drop(answer(app, request)),
        Effect::Late(span) => {
            let timing = app.timing();
            app.jobs.add(timing.now + span, Job::TakeEffect(Box::new(request.clone()), timing));
        }
    }
}

#[cfg(test)]
mod tests;
