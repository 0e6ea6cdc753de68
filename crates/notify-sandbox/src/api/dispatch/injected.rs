//! Answers requests that an injected fault affects.

use super::Api;
use crate::api::outcome::Outcome;
use crate::app::job::Job;
use crate::faults::{Effect, ErrorResponse};
use crate::wire::refusal::Refusal;
use crate::wire::request::Request;
use crate::wire::response::{self, Response};

impl Api {
    /// Answers a request with an error that a fault injects.
    pub(crate) fn fail(&self, request: &Request, error: ErrorResponse) -> Outcome {
        if error != ErrorResponse::TooManyRequests {
            return Outcome::anonymous(error_response(error));
        }
        let refuse = |refusal: &Refusal| response::refusal_of(refusal, self.dialect.entry(refusal));
        match self.dialect.authorise(&self.app.services(), request, self.app.timing().now) {
            Ok(caller) => {
                let rate = caller.service.limits.rate_per_minute();
                let response = refuse(&Refusal::RateLimit(caller.key().key_type, rate));
                Outcome { response, caller: Some(caller) }
            }
            Err(refusal) => Outcome::anonymous(refuse(&refusal)),
        }
    }

    /// Lets a request take effect, or not, after a fault has replaced its response.
    pub(crate) fn take_effect(&self, request: &Request, effect: Effect) {
        match effect {
            Effect::No => {}
            Effect::Yes => drop(self.answer(request)),
            Effect::Late(span) => {
                let timing = self.app.timing();
                self.app.jobs.add(timing.now + span, Job::TakeEffect(Box::new(request.clone()), timing));
            }
        }
    }
}

/// An error of the service, as recorded, or of a load balancer in front of it.
fn error_response(error: ErrorResponse) -> Response {
    match error {
        ErrorResponse::TooManyRequests => {
            response::error_of(429, "TooManyRequestsError", "Exceeded rate limit")
        }
        ErrorResponse::InternalError => response::error_of(500, "Exception", "Internal server error"),
        ErrorResponse::BadGateway => from_balancer(502, "Bad Gateway"),
        ErrorResponse::Unavailable => from_balancer(503, "Service Temporarily Unavailable"),
        ErrorResponse::GatewayTimeout => {
            response::error_of(504, "SoftEventletTimeout", "Timeout serving request")
        }
    }
}

fn from_balancer(status: u16, title: &str) -> Response {
    let body = format!(
        "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>\
         </center>\r\n</body>\r\n</html>\r\n"
    );
    response::new(status, response::HTML, body)
}
