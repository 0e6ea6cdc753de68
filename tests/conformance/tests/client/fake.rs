//! A transport that answers from memory.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use notify_http::{Limits, ResponseFuture, Transport, TransportError};

type Respond = dyn Fn(usize, &Request<Bytes>) -> Result<Response<Bytes>, TransportError> + Send + Sync;

/// Answers each request with a function of its number, counted from 0, and records when it came and its limits.
#[derive(Clone)]
pub(crate) struct Fake {
    answer: Arc<Respond>,
    asked: Arc<Mutex<Vec<(Instant, Limits)>>>,
}

impl Fake {
    pub(crate) fn new(
        answer: impl Fn(usize, &Request<Bytes>) -> Result<Response<Bytes>, TransportError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Arc::new(answer), asked: Arc::default() }
    }

    pub(crate) fn asked(&self) -> Vec<(Instant, Limits)> {
        self.asked.lock().unwrap().clone()
    }

    fn next(&self, request: &Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, TransportError> {
        let mut asked = self.asked.lock().unwrap();
        asked.push((Instant::now(), limits));
        (self.answer)(asked.len() - 1, request)
    }
}

impl Transport for Fake {
    fn send(&self, request: Request<Bytes>, limits: Limits) -> ResponseFuture<'_> {
        ResponseFuture::new(std::future::ready(self.next(&request, limits)))
    }
}

impl notify_http::blocking::Transport for Fake {
    fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, TransportError> {
        self.next(&request, limits)
    }
}

pub(crate) fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

pub(crate) fn refusal(status: u16, class: &str, text: &str) -> Response<Bytes> {
    let body = serde_json::json!({"status_code": status, "errors": [{"error": class, "message": text}]});
    response(status, body.to_string())
}
