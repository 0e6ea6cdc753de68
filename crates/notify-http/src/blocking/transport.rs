use bytes::Bytes;

use crate::{Limits, TransportError};

/// Carries requests for the blocking [`Client`](super::Client), in place of reqwest.
///
/// The call decides what to send and when. A transport takes one request to the service and brings one response back.
/// It never sends a request twice, follows no redirect and decompresses nothing. It must report truthfully whether a
/// request certainly did not reach the service or may have, because a message that was [not
/// sent](TransportError::NotSent) is sent again. The transport itself must enforce [`Limits::timeout`]; nothing else
/// does.
///
/// # Examples
///
/// A fake for your own tests:
///
/// ```
/// use bytes::Bytes;
/// use notify_http::blocking::{Client, Transport};
/// use notify_http::{GetNotification, Limits, Policy, TransportError};
///
/// struct Unplugged;
///
/// impl Transport for Unplugged {
///     fn send(&self, _: http::Request<Bytes>, _: Limits) -> Result<http::Response<Bytes>, TransportError> {
///         Err(TransportError::NotSent(notify_http::Cause::new("no cable")))
///     }
/// }
///
/// let key = "demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
/// let client = Client::builder(key).transport(Unplugged).policy(Policy::default().attempts(2)).build()?;
/// let request = GetNotification::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// assert!(client.send(request).unwrap_err().is_not_sent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no whole answer came back.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError>;

    /// Makes sure that no connection used so far is used again: a response turned out to belong to another request,
    /// and the next one may too. A transport that keeps no connections has nothing to do.
    fn discard_connections(&self) {}
}
