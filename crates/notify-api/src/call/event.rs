//! What a driver reports to a call, and what the call answers.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

use bytes::Bytes;

use super::Call;
use crate::{Error, RawResponse};

/// What to do next. A loop has to do each of these, so a new one is a new major version.
#[derive(Debug)]
#[must_use = "a call goes on only when its step is carried out"]
pub enum Step {
    /// Send this request, and tell the call what became of it.
    Send(http::Request<Bytes>, Call),
    /// Wait this long, then pass [`Event::Elapsed`] to the call. Do so earlier and repeatedly if the call needs to
    /// check what has changed ([`Call::longest_sleep`]).
    Wait(Duration, Call),
    /// Make sure that no connection used so far carries another request, then pass [`Event::Elapsed`] to the call. An
    /// answer belonged to another request, and so may the next one on that connection.
    Reconnect(Call),
    /// The call is over.
    Done(Result<RawResponse, Error>),
}

/// What happened, as far as a loop can know it.
#[derive(Debug)]
pub enum Event {
    /// Nothing yet: the call begins.
    Start,
    /// The wait is over.
    Elapsed,
    /// A whole response came back.
    Response(http::Response<Bytes>),
    /// The request certainly did not reach the service: there was no connection.
    NotSent(Cause),
    /// No whole response came back, but the request may have reached the service.
    Lost(Cause),
}

/// The moment of a step, by two clocks.
///
/// Waits go by the monotonic clock, so that adjusting the system's clock does not disturb them; tokens go by the other.
/// A call's time is over by whichever clock went further: the monotonic clock stands still while a machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Time since any fixed moment in the life of the process. It never goes back.
    pub monotonic: Duration,
    /// Time since 1970-01-01T00:00:00Z, as this machine believes.
    pub unix: Duration,
}

impl Now {
    /// How long ago `earlier` was, by whichever clock went further: the monotonic clock stands still while a machine
    /// sleeps, and the other may be set back.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use notify_api::Now;
    ///
    /// let earlier = Now { monotonic: Duration::from_secs(5), unix: Duration::from_secs(1_000) };
    /// let woken = Now { monotonic: Duration::from_secs(6), unix: Duration::from_secs(4_600) };
    /// assert_eq!(woken.duration_since(earlier), Duration::from_secs(3_600));
    /// ```
    #[must_use]
    pub fn duration_since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_sub(earlier.monotonic);
        monotonic.max(self.unix.saturating_sub(earlier.unix))
    }
}

/// Why a request got no answer, as the transport reports it.
pub struct Cause {
    source: Box<dyn StdError + Send + Sync>,
    is_timeout: bool,
}

impl Cause {
    /// Wraps the transport's error, which must not show the request's query, headers or body.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: source.into(), is_timeout: false }
    }

    /// The same for an attempt that ran out of time.
    pub fn timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: source.into(), is_timeout: true }
    }

    /// The transport's error itself, as it was given.
    pub(crate) fn inner(&self) -> &(dyn StdError + 'static) {
        &*self.source
    }

    /// Whether the other side refused the connection: nothing listens there, or not yet.
    pub fn is_connection_refused(&self) -> bool {
        let mut causes = std::iter::successors(Some(self.inner()), |cause| (*cause).source());
        causes.any(|cause| {
            cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused)
        })
    }

    /// Whether the attempt ran out of time.
    pub fn is_timeout(&self) -> bool {
        self.is_timeout
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cut")]
    struct Cut(#[source] io::Error);

    #[test]
    fn a_cause_speaks_for_the_error_it_wraps() {
        let cut = || Cut(io::Error::other("cable"));
        let cause = Cause::new(cut());
        assert_eq!(format!("{cause} {cause:?}"), format!("{} {:?}", cut(), cut()));
        assert_eq!(cause.source().unwrap().to_string(), "cable");
        assert!(cause.inner().is::<Cut>());
        assert!(!cause.is_timeout() && Cause::timeout(cut()).is_timeout());
        let refused = Cut(ErrorKind::ConnectionRefused.into());
        assert!(!cause.is_connection_refused() && Cause::new(refused).is_connection_refused());
    }
}
