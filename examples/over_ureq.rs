//! Your own transport for the blocking client: ureq instead of reqwest.

use std::error::Error;
use std::io;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use notify_examples::Service;
use notify_http::blocking::{Client, Transport};
use notify_http::{Cause, Limits, ListTemplates, TransportError};
use ureq::{Agent, Timeout};

/// Replaced as a whole when its connections must not be reused.
pub(crate) struct OverUreq(RwLock<Agent>);

impl OverUreq {
    pub(crate) fn new() -> Self {
        Self(RwLock::new(agent()))
    }
}

fn agent() -> Agent {
    // A token must not follow a redirect, and a refusal is an answer.
    let config = Agent::config_builder().max_redirects(0).http_status_as_error(false);
    config.build().into()
}

impl Transport for OverUreq {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let request = http::Request::from_parts(head, &body[..]);
        let agent = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let request = agent.configure_request(request).timeout_global(Some(limits.timeout)).build();
        let (head, mut body) = agent.run(request).map_err(failed)?.into_parts();
        let body = body.with_config().limit(limits.max_answer_bytes as u64).read_to_vec();
        // Whatever happens from here on, the service has the request.
        let body = body.map_err(|error| TransportError::Lost(Cause::new(error)))?;
        Ok(http::Response::from_parts(head, body.into()))
    }

    fn discard_connections(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = agent();
    }
}

/// Separates requests that certainly did not reach the service, so that a message may be sent again, from all others.
fn failed(error: ureq::Error) -> TransportError {
    let not_sent = match &error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        _ => false,
    };
    let cause = match &error {
        ureq::Error::Timeout(_) => Cause::timeout(error),
        _ => Cause::new(error),
    };
    if not_sent { TransportError::NotSent(cause) } else { TransportError::Lost(cause) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client =
        Client::builder(service.api_key()).base_url(service.url()).transport(OverUreq::new()).build()?;

    for template in &client.send(ListTemplates::new())?.templates {
        println!("{} {}", template.id, template.name);
    }
    Ok(())
}
