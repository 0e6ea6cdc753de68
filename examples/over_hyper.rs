//! A transport of one's own: hyper in place of reqwest.

use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use notify_examples::Service;
use notify_http::{Cause, Client, Limits, ListTemplates, ResponseFuture, Transport, TransportError};

struct OverHyper(Hyper<HttpConnector, Full<Bytes>>);

impl OverHyper {
    fn new() -> Self {
        // Whatever is sent twice is the client's to decide.
        Self(Hyper::builder(TokioExecutor::new()).retry_canceled_requests(false).build_http())
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let response = self.0.request(request.map(Full::new)).await.map_err(|error| {
            // What made no connection certainly did not reach the service, and a message may be sent again.
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

impl Transport for OverHyper {
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> ResponseFuture<'_> {
        // The client drops the future when the time is over.
        ResponseFuture::new(self.exchange(request, limits))
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
