//! The async client.

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use notify_api::{
    ApiResponse, Call, Endpoint, Error, Event, GetLetterPdf, GetNotification, Now, Paged, RawResponse, Step,
    model::{Notification, NotificationId},
};

use crate::builder::{Backend, BuildError, ClientBuilder, Parts};
use crate::inner::{Inner, client_methods};
use crate::pages::{Items, Pages};
use crate::trace;
use crate::transport::{Limits, Transport, in_time};
use crate::wait::{Polling, WaitError};

/// A client of a Notify service.
///
/// Clones share connections and everything the client has learnt, so make one client and hand out clones. It needs a
/// tokio runtime with time and I/O enabled. `Debug` shows no secret.
///
/// If you drop the future of a send while it runs, you cannot know whether the service took the message: see the
/// [front page](crate#dropping-a-call).
///
/// # Examples
///
/// One client for all tasks, which then share one rate limiter:
///
/// ```no_run
/// use notify_http::{Client, SendSms};
/// # async fn example(template: notify_http::model::TemplateId) -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(&std::env::var("NOTIFY_API_KEY")?)?;
/// let mut tasks = tokio::task::JoinSet::new();
/// for number in ["+447900900123", "+447900900124"] {
///     let client = client.clone();
///     tasks.spawn(async move { client.send(SendSms::new(template, number)).await });
/// }
/// while let Some(sent) = tasks.join_next().await {
///     println!("{}", sent??.id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client(Inner<Backend<dyn Transport>>);

impl Client {
    client_methods!("notify_http::Client");

    /// Carries out an operation.
    ///
    /// # Errors
    ///
    /// [`Error`] says what happened and what you can do about it. The message was not sent unless
    /// [`Error::may_have_been_sent`] or [`Error::is_unreadable`] holds.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: notify_http::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use notify_http::GetTemplate;
    ///
    /// let request = GetTemplate::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
    /// match client.send(request).await {
    ///     Ok(answer) => println!("{} (trace {:?})", answer.name, answer.raw().trace_id()),
    ///     Err(error) if error.is_not_found() => println!("there is no such template"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send<E: Endpoint>(&self, endpoint: E) -> Result<ApiResponse<E::Response>, Error> {
        let now = self.0.now();
        let call = self.0.begin(&endpoint, now)?;
        drop(endpoint);
        self.carry(call, now).await.and_then(RawResponse::decode::<E>)
    }

    /// All items of a list, page by page: a [`Stream`](futures_core::Stream) that ends when the service has no more.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: notify_http::Client) -> Result<(), notify_http::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use notify_http::ListNotifications;
    /// use notify_http::model::Status;
    ///
    /// let mut failed = client.stream(ListNotifications::new().status(Status::Failed));
    /// while let Some(message) = failed.try_next().await? {
    ///     println!("{} {}", message.id, message.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<P: Paged>(&self, first: P) -> Items<P> {
        Items::new(self.pages(first))
    }

    /// The pages of a list: a [`Stream`](futures_core::Stream) that ends at the first empty page.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: notify_http::Client) -> Result<(), notify_http::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use notify_http::ListReceivedTextMessages;
    ///
    /// let mut pages = client.pages(ListReceivedTextMessages::new());
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} texts at once", page.received_text_messages.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
    /// # async fn example(client: notify_http::Client, id: notify_http::model::NotificationId) -> Result<(), Box<dyn std::error::Error>> {
    /// let message = client
    ///     .wait_until_final(id, Duration::from_secs(300), |message| println!("{}", message.status))
    ///     .await?;
    /// assert!(!message.status.is_failure());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_until_final(
        &self,
        id: NotificationId,
        within: Duration,
        mut on_status: impl FnMut(&Notification),
    ) -> Result<ApiResponse<Notification>, WaitError> {
        let mut latest = None;
        self.poll(GetNotification::new(id), within, |message| {
            crate::wait::is_final(message, &mut latest, &mut on_status)
        })
        .await
    }

    /// Polls for a letter's PDF until the service has made it.
    ///
    /// # Errors
    ///
    /// As [`wait_until_final`](Self::wait_until_final).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn example(client: notify_http::Client, id: notify_http::model::NotificationId) -> Result<(), Box<dyn std::error::Error>> {
    /// let pdf = client.wait_for_pdf(id, Duration::from_secs(60)).await?.into_inner();
    /// std::fs::write("letter.pdf", pdf)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_for_pdf(
        &self,
        id: NotificationId,
        within: Duration,
    ) -> Result<ApiResponse<Bytes>, WaitError> {
        self.poll(GetLetterPdf::new(id), within, |_| true).await
    }

    async fn poll<E: Endpoint + Copy>(
        &self,
        endpoint: E,
        within: Duration,
        mut is_enough: impl FnMut(&E::Response) -> bool,
    ) -> Result<ApiResponse<E::Response>, WaitError> {
        let mut polling = Polling::begin(within, self.0.now());
        loop {
            let asked = self.timeout(polling.patience(self.0.now())).send(endpoint).await;
            match polling.judge(asked, &mut is_enough, self.0.now()) {
                ControlFlow::Continue(wait) => tokio::time::sleep(wait).await,
                ControlFlow::Break(result) => return result,
            }
        }
    }

    pub(crate) fn begin<E: Endpoint>(&self, endpoint: &E, now: Now) -> Result<Call, Error> {
        self.0.begin(endpoint, now)
    }

    pub(crate) fn now(&self) -> Now {
        self.0.now()
    }

    /// Drives the call to its end, starting at `now`.
    pub(crate) fn carry(&self, call: Call, now: Now) -> impl Future<Output = Result<RawResponse, Error>> {
        trace::follow(trace::span(&call), self.drive(call, now))
    }

    async fn drive(&self, call: Call, mut now: Now) -> Result<RawResponse, Error> {
        let mut step = call.next(Event::Start, now);
        loop {
            step = match step {
                Step::Send(request, call) => {
                    let event = self.0.transport().send(request, Limits::of(&call, now)).await;
                    trace::attempted(&call, &event);
                    now = self.0.now();
                    call.next(event, now)
                }
                Step::Wait(duration, mut call) => {
                    self.0.waits(&call, duration, now);
                    tokio::time::sleep(duration.min(call.longest_sleep())).await;
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

impl Backend<dyn Transport> {
    async fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Event {
        // Pinned where it is made: it is large, and each move would copy it.
        let carried = pin!(async {
            match self {
                Self::Reqwest(transport) => transport.send(request, limits).await,
                Self::Own(transport) => transport.send(request, limits).await,
            }
        });
        in_time(limits, carried).await.map_or_else(Event::from, Event::Response)
    }

    fn discard_connections(&self) {
        match self {
            Self::Reqwest(transport) => transport.discard_connections(),
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
        Ok(Client(Inner::new(session, backend, timeout, observer)))
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
        let client = Client::builder(key).base_url("http://localhost").build().unwrap();
        assert(client.send(notify_api::ListTemplates::new()));
        assert(client.stream(notify_api::ListNotifications::new()));
    }
}
