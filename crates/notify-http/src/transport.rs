//! What carries a request: the seam at which a program puts another transport, or a fake one in its tests.

use std::time::Duration;

#[cfg(feature = "async")]
use bytes::Bytes;
use notify_api::{Call, Cause, Event, Now};

/// Carries requests for the async [`Client`](crate::Client), in place of reqwest.
///
/// The call decides what to send and when; a transport brings one request to the service and one response back, and
/// does nothing else:
///
/// - It sends a request once. It does not repeat one after a failure, also not when a kept-alive connection turns out
///   to be closed after a byte was written: a message would be sent twice.
/// - It follows no redirect: the token would travel to wherever the redirect points.
/// - It does not decompress, and asks for no compression: [`Limits::max_answer_bytes`] bounds what is read from the
///   network, and a small compressed body can hold a large one.
/// - It tells the truth about failures. [`TransportError::NotSent`] is for what certainly did not reach the service,
///   because no connection was made or no byte was written; messages are then sent again. All else is
///   [`TransportError::Lost`].
/// - It changes no header that is there, and shows none: the `Authorization` header is marked as sensitive. Its errors
///   name neither the query nor the body, which hold personal data.
///
/// The client drops the future when [`Limits::timeout`] is over.
///
/// # Examples
///
/// A fake for one's own tests, which answers every request in the same way:
///
/// ```
/// use bytes::Bytes;
/// use notify_http::{Client, GetNotification, Limits, ResponseFuture, Transport};
///
/// struct Unknown;
///
/// impl Transport for Unknown {
///     fn send(&self, _: http::Request<Bytes>, _: Limits) -> ResponseFuture<'_> {
///         let body = r#"{"errors":[{"error":"NoResultFound","message":"No result found"}],"status_code":404}"#;
///         let mut response = http::Response::new(Bytes::from(body));
///         *response.status_mut() = http::StatusCode::NOT_FOUND;
///         ResponseFuture::new(std::future::ready(Ok(response)))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = "demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
/// let client = Client::builder(key).transport(Unknown).build()?;
/// let request = GetNotification::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// assert!(client.send(request).await.unwrap_err().is_not_found());
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "async")]
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// The future ends in a [`TransportError`] when no whole answer came back.
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> ResponseFuture<'_>;

    /// Sees that no connection which carried a request so far carries another: an answer turned out to belong to another
    /// request, and so may the next one. A transport that keeps no connections has nothing to do.
    fn discard_connections(&self) {}
}

/// A request under way, as [`Transport::send`] gives it.
#[cfg(feature = "async")]
#[must_use = "a request leaves only when it is awaited"]
pub struct ResponseFuture<'a>(std::pin::Pin<Box<dyn Future<Output = Carried> + Send + 'a>>);

#[cfg(feature = "async")]
type Carried = Result<http::Response<Bytes>, TransportError>;

#[cfg(feature = "async")]
impl<'a> ResponseFuture<'a> {
    /// Wraps the future of a request.
    pub fn new(
        future: impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 'a,
    ) -> Self {
        Self(Box::pin(future))
    }
}

#[cfg(feature = "async")]
impl Future for ResponseFuture<'_> {
    type Output = Result<http::Response<Bytes>, TransportError>;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Carried> {
        self.0.as_mut().poll(context)
    }
}

#[cfg(feature = "async")]
impl std::fmt::Debug for ResponseFuture<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResponseFuture")
    }
}

/// What one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How many bytes the body of the answer may have; reading more is [`TransportError::Lost`].
    pub max_answer_bytes: usize,
    /// The same for an answer that is no success, which needs less; a transport need not tell them apart.
    pub max_error_bytes: usize,
}

impl Limits {
    /// What a request of this call may take that leaves now.
    pub(crate) fn of(call: &Call, now: Now) -> Self {
        Self {
            timeout: call.attempt_timeout(now),
            max_answer_bytes: call.answer_limit(),
            max_error_bytes: call.error_limit(),
        }
    }
}

/// Why no whole answer came back.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The request certainly did not reach the service: it may be sent again, also when it is a message.
    #[error("the request was not sent")]
    NotSent(#[source] Cause),
    /// The request may have reached the service.
    #[error("no whole answer came back")]
    Lost(#[source] Cause),
}

/// Drops what is under way when its time is over.
pub(crate) async fn in_time<T>(
    limits: Limits,
    underway: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let lost = |elapsed| Err(TransportError::Lost(Cause::timeout(elapsed)));
    tokio::time::timeout(limits.timeout, underway).await.unwrap_or_else(lost)
}

impl From<TransportError> for Event {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent(cause) => Self::NotSent(cause),
            TransportError::Lost(cause) => Self::Lost(cause),
        }
    }
}
