//! Answers requests as GOV.UK Notify does: it checks the path, then the method, then the token.

use http::Method;

use crate::account::message::Timing;
use crate::api::dialect::ApiDialect;
use crate::api::operations::{self, Call};
use crate::api::outcome::Outcome;
use crate::api::router::{Resource, Route};
use crate::app::App;
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};

/// Answers a request as of some time.
pub(super) fn answer(app: &App, dialect: &dyn ApiDialect, request: &Request, timing: Timing) -> Outcome {
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
    let caller = match dialect.authorise(&app.services(), request, timing.now) {
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
