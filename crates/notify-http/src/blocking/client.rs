use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use notify_api::model::{Notification, NotificationId};
use notify_api::{
    ApiResponse, Call, Cause, Endpoint, Error, Event, GetLetterPdf, GetNotification, Now, Paged, RawResponse,
    Step,
};

use super::driver::Driver;
use super::pages::{Items, Pages};
use super::runtime;
use super::transport::Transport;
use crate::builder::{Backend, BuildError, ClientBuilder, Parts};
use crate::inner::{Inner, client_methods};
use crate::trace;
use crate::transport::Limits;
use crate::wait::{Polling, WaitError};

/// A client of a Notify service that blocks until an operation is done.
///
/// Clones share connections and everything the client has learnt, so make one client and hand out clones. `Debug`
/// shows no secret.
///
/// # Examples
///
/// ```no_run
/// use notify_http::SendSms;
/// use notify_http::blocking::Client;
///
/// # fn example(template: notify_http::model::TemplateId) -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(&std::env::var("NOTIFY_API_KEY")?)?;
/// let sent = client.send(SendSms::new(template, "+447900900123"))?;
/// println!("{}", sent.id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client(Inner<Carries>);

/// What carries the requests of a client.
enum Carries {
    Reqwest(Driver),
    Own(Arc<dyn Transport>),
}

impl Client {
    client_methods!("notify_http::blocking::Client");

    /// Carries out an operation.
    ///
    /// # Errors
    ///
    /// [`Error`] says what happened and what you can do about it. The message was not sent unless
    /// [`Error::may_have_been_sent`] or [`Error::is_unreadable`] holds.
    pub fn send<E: Endpoint>(&self, endpoint: E) -> Result<ApiResponse<E::Response>, Error> {
        let now = self.0.now();
        let call = self.0.begin(&endpoint, now)?;
        drop(endpoint);
        self.carry(call, now).and_then(RawResponse::decode::<E>)
    }

    /// All items of a list, page by page: an iterator that ends when the service has no more.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn example(client: notify_http::blocking::Client) -> Result<(), notify_http::Error> {
    /// use notify_http::ListReceivedTextMessages;
    ///
    /// for text in client.iter(ListReceivedTextMessages::new()) {
    ///     println!("{}", text?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter<P: Paged>(&self, first: P) -> Items<P> {
        Items::new(self.pages(first))
    }

    /// The pages of a list: an iterator that ends at the first empty page.
    pub fn pages<P: Paged>(&self, first: P) -> Pages<P> {
        Pages::new(self.clone(), first)
    }

    /// Polls a message until its status is final, and reports each new status to `on_status`.
    ///
    /// A final status may be a failure; check [`Status::is_failure`](notify_api::model::Status::is_failure) on the
    /// result.
    ///
    /// # Errors
    ///
    /// [`WaitError::Late`] if the status is not final within this time; [`WaitError::Call`] if a request fails in a
    /// way that polling again cannot fix.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # fn example(client: notify_http::blocking::Client, id: notify_http::model::NotificationId) -> Result<(), Box<dyn std::error::Error>> {
    /// let message = client.wait_until_final(id, Duration::from_secs(300), |it| println!("{}", it.status))?;
    /// assert!(!message.status.is_failure());
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until_final(
        &self,
        id: NotificationId,
        within: Duration,
        mut on_status: impl FnMut(&Notification),
    ) -> Result<ApiResponse<Notification>, WaitError> {
        let mut latest = None;
        self.poll(GetNotification::new(id), within, |message| {
            crate::wait::is_final(message, &mut latest, &mut on_status)
        })
    }

    /// Polls for a letter's PDF until the service has made it.
    ///
    /// # Errors
    ///
    /// As [`wait_until_final`](Self::wait_until_final).
    pub fn wait_for_pdf(
        &self,
        id: NotificationId,
        within: Duration,
    ) -> Result<ApiResponse<Bytes>, WaitError> {
        self.poll(GetLetterPdf::new(id), within, |_| true)
    }

    fn poll<E: Endpoint + Copy>(
        &self,
        endpoint: E,
        within: Duration,
        mut is_enough: impl FnMut(&E::Response) -> bool,
    ) -> Result<ApiResponse<E::Response>, WaitError> {
        let mut polling = Polling::begin(within, self.0.now());
        loop {
            let asked = self.timeout(polling.patience(self.0.now())).send(endpoint);
            match polling.judge(asked, &mut is_enough, self.0.now()) {
                ControlFlow::Continue(wait) => thread::sleep(wait),
                ControlFlow::Break(result) => return result,
            }
        }
    }

    pub(super) fn begin<E: Endpoint>(&self, endpoint: &E, now: Now) -> Result<Call, Error> {
        self.0.begin(endpoint, now)
    }

    pub(super) fn now(&self) -> Now {
        self.0.now()
    }

    /// Drives the call to its end, starting at `now`.
    pub(super) fn carry(&self, call: Call, now: Now) -> Result<RawResponse, Error> {
        if let Err(inside) = runtime::refuse_inside() {
            return Err(call.not_carried(Cause::new(inside), self.0.now()));
        }
        if let Carries::Reqwest(driver) = self.0.transport()
            && let Err(after_fork) = driver.refuse_after_fork()
        {
            return Err(call.not_carried(Cause::new(after_fork), self.0.now()));
        }
        trace::enter(&trace::span(&call), || self.drive(call, now))
    }

    fn drive(&self, call: Call, mut now: Now) -> Result<RawResponse, Error> {
        let mut step = call.next(Event::Start, now);
        loop {
            step = match step {
                Step::Send(request, call) => {
                    let event = self.0.transport().send(request, Limits::of(&call, now));
                    trace::attempted(&call, &event);
                    now = self.0.now();
                    call.next(event, now)
                }
                Step::Wait(duration, mut call) => {
                    self.0.waits(&call, duration, now);
                    thread::sleep(duration.min(call.longest_sleep()));
                    call.use_session(&self.0.session());
                    now = self.0.now();
                    call.next(Event::Elapsed, now)
                }
                Step::Reconnect(call) => {
                    self.0.transport().discard_connections();
                    call.next(Event::Elapsed, now)
                }
                Step::Done(result) => {
                    trace::ended(&result);
                    return result;
                }
            }
        }
    }
}

impl Carries {
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Event {
        let sent = match self {
            Self::Reqwest(driver) => driver.send(request, limits),
            Self::Own(transport) => transport.send(request, limits),
        };
        sent.map_or_else(Event::from, Event::Response)
    }

    fn discard_connections(&self) {
        match self {
            Self::Reqwest(driver) => driver.discard_connections(),
            Self::Own(transport) => transport.discard_connections(),
        }
    }
}

impl ClientBuilder<Client> {
    /// Uses your own transport instead of reqwest.
    ///
    /// The transport then makes the connections, so a connect timeout, a proxy or certificates set here are an error.
    pub fn transport(self, transport: impl Transport + 'static) -> Self {
        self.with_transport(Arc::new(transport))
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`BuildError`] names what is wrong and what to do about it.
    pub fn build(self) -> Result<Client, BuildError> {
        let Parts { session, backend, timeout, observer } = self.into_parts()?;
        let transport = match backend {
            Backend::Own(transport) => Carries::Own(transport),
            Backend::Reqwest(transport) => {
                Carries::Reqwest(Driver::start(transport).map_err(BuildError::http)?)
            }
        };
        Ok(Client(Inner::new(session, transport, timeout, observer)))
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
}
