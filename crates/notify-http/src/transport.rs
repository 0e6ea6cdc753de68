//! What carries a request: the trait to implement for your own transport, or for a fake one in tests.

use std::time::Duration;

#[cfg(feature = "async")]
use bytes::Bytes;
use notify_api::{Call, Cause, Event, Now};

/// Carries requests for the async [`Client`](crate::Client), in place of reqwest.
///
/// The call decides what to send and when. A transport takes one request to the service and brings one response back.
/// It does nothing else:
///
/// - It sends a request once. It does not retry after a failure, even if a kept-alive connection turns out to be
///   closed after a byte was written: that could send a message twice.
/// - It follows no redirect: the token would go wherever the redirect points.
/// - It does not decompress, and does not ask for compression: [`Limits::max_answer_bytes`] limits what is read from
///   the network, and a small compressed body can expand into a large one.
/// - It reports failures truthfully. [`TransportError::NotSent`] is for a request that certainly did not reach the
///   service, because no connection was made or no byte was written; a message is then sent again. Everything else is
///   [`TransportError::Lost`].
/// - It changes no header of the request, and shows none: the `Authorization` header is marked as sensitive. Its
///   errors contain neither the query nor the body, which hold personal data.
///
/// The client drops the future when [`Limits::timeout`] has passed.
///
/// # Examples
///
/// A fake for your own tests, which answers every request in the same way:
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
    /// The future resolves to a [`TransportError`] if no whole answer came back.
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> ResponseFuture<'_>;

    /// Makes sure that no connection used so far is used again: a response turned out to belong to another request,
    /// and the next one may too. A transport that keeps no connections has nothing to do.
    fn discard_connections(&self) {}
}

/// A request in flight, as [`Transport::send`] returns it.
#[cfg(feature = "async")]
#[must_use = "a request is sent only when the future is awaited"]
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

/// The limits of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long the request may take, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How large the answer's body may be, in bytes; reading more is [`TransportError::Lost`].
    pub max_answer_bytes: usize,
    /// The same for an answer that is not a success, which needs less; a transport may ignore the difference.
    pub max_error_bytes: usize,
}

impl Limits {
    /// The limits of a request that this call sends now.
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
    /// The request certainly did not reach the service. It may be sent again, even if it is a message.
    #[error("the request was not sent")]
    NotSent(#[source] Cause),
    /// The request may have reached the service.
    #[error("no whole answer came back")]
    Lost(#[source] Cause),
}

/// Drops the request when its timeout has passed.
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
