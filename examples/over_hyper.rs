//! Your own transport: hyper instead of reqwest.

use std::error::Error;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use notify_examples::Service;
use notify_http::{Cause, Client, Limits, ListTemplates, ResponseFuture, Transport, TransportError};

/// Replaced as a whole when its connections must not be reused.
pub(crate) struct OverHyper(RwLock<Hyper<HttpConnector, Full<Bytes>>>);

impl OverHyper {
    pub(crate) fn new() -> Self {
        Self(RwLock::new(hyper()))
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let hyper = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let response = hyper.request(request.map(Full::new)).await.map_err(|error| {
            // A request without a connection certainly did not reach the service, so a message may be sent again.
            let not_sent = error.is_connect();
            let cause = Cause::new(error);
            if not_sent { TransportError::NotSent(cause) } else { TransportError::Lost(cause) }
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, limits.max_answer_bytes).collect().await;
        let body = body.map_err(|error| TransportError::Lost(Cause::new(error)))?;
        Ok(http::Response::from_parts(head, body.to_bytes()))
    }
}

fn hyper() -> Hyper<HttpConnector, Full<Bytes>> {
    // Only the client may decide to send anything twice.
    Hyper::builder(TokioExecutor::new()).retry_canceled_requests(false).build_http()
}

impl Transport for OverHyper {
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> ResponseFuture<'_> {
        // The client drops the future when the timeout has passed.
        ResponseFuture::new(self.exchange(request, limits))
    }

    fn discard_connections(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = hyper();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client =
        Client::builder(service.api_key()).base_url(service.url()).transport(OverHyper::new()).build()?;

    for template in &client.send(ListTemplates::new()).await?.templates {
        println!("{} {}", template.id, template.name);
    }
    Ok(())
}
