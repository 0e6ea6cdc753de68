//! The async client.

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use notify_api::{Answer, Call, Endpoint, Error, Event, Now, RawAnswer, Session, Step};

use crate::builder::{BuildError, ClientBuilder};
use crate::transport::Transport;

/// A client of a Notify service.
///
/// Clones share connections and everything learnt, so make one and hand out clones. `Debug` shows no secret.
///
/// Dropping the future of a send while it runs leaves unknown whether the service took the message.
#[derive(Clone)]
pub struct Client {
    session: Arc<Session>,
    transport: Transport,
    epoch: Instant,
}

impl Client {
    /// Makes a client of GOV.UK Notify from an API key.
    ///
    /// # Errors
    ///
    /// When the key is damaged; the error says which part and does not show it.
    pub fn new(api_key: &str) -> Result<Self, BuildError> {
        Self::builder(api_key).build()
    }

    /// Starts a client with a base URL, timeouts or user agent of its own.
    pub fn builder(api_key: &str) -> ClientBuilder {
        ClientBuilder::new(api_key)
    }

    pub(crate) fn from_parts(session: Arc<Session>, transport: Transport) -> Self {
        Self { session, transport, epoch: Instant::now() }
    }

    /// Carries out an operation.
    ///
    /// # Errors
    ///
    /// [`Error`] says what happened and what can be done about it. A message has not been sent, unless
    /// [`Error::may_have_been_sent`] or [`Error::is_unreadable`] holds.
    pub async fn send<E: Endpoint>(&self, endpoint: E) -> Result<Answer<E::Answer>, Error> {
        let mut step = Call::new(&self.session, &endpoint, self.now())?.next(Event::Start, self.now());
        loop {
            step = match step {
                Step::Send(request, call) => {
                    let event = self
                        .transport
                        .send(request, call.attempt_timeout(self.now()), call.answer_limit())
                        .await;
                    call.next(event, self.now())
                }
                Step::Wait(duration, call) => {
                    tokio::time::sleep(duration).await;
                    call.next(Event::Elapsed, self.now())
                }
                Step::Done(result) => return result.and_then(RawAnswer::decode::<E>),
            }
        }
    }

    /// By how many seconds the service's clock is ahead of this machine's, if a refusal has taught it.
    pub fn clock_offset_seconds(&self) -> Option<i64> {
        self.session.clock_offset_seconds(self.now())
    }

    fn now(&self) -> Now {
        Now {
            monotonic: self.epoch.elapsed(),
            unix: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("session", &self.session).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_shared_by_threads() {
        fn assert<T: Clone + Send + Sync + 'static>() {}
        assert::<Client>();
    }

    #[test]
    fn the_future_of_a_send_can_move_between_threads() {
        fn assert<T: Send>(_: T) {}
        let key = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
        assert(Client::new(key).unwrap().send(notify_api::ListTemplates::new()));
    }
}
