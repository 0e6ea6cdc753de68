//! Looks up messages that were sent before.

use notify_jwt::{Clock, Signer, TimeSample};

use crate::answer::{Page, Sought, Status, Subject};
use crate::exchange::Exchange;
use crate::http::Age;
use crate::id::NotificationId;
use crate::outcome::{Refusal, RequestError};
use crate::reference::Reference;
use crate::request::RequestHead;
use crate::service::Service;

/// How long to wait before asking again, at first and at most, in seconds.
const SHORTEST_WAIT: u32 = 1;
const LONGEST_WAIT: u32 = 60;

/// What the message is looked up by.
#[derive(Clone, Debug)]
enum By<'q> {
    Id(NotificationId),
    Reference(&'q Reference),
}

/// Asks for one message, by its id or by its reference. Use it like a [`Call`](crate::Call). You may repeat it: it changes
/// nothing.
///
/// ```
/// use notify_embedded::{NotificationId, Query, Service};
///
/// # let (signer, clock) = { let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137").unwrap(); (notify_jwt::Signer::new(&key), notify_jwt::Clock::starting_at(1_795_430_454)) };
/// let id = NotificationId::parse("c3c56b78-5cd6-40db-a6e2-ff640bfd498d")?;
/// let mut query = Query::get(Service::gov_uk(), id);
/// let mut buffer = [0; 512];
/// let request = query.request(&signer, &clock, 7, &mut buffer).unwrap();
/// assert!(request.starts_with(b"GET /v2/notifications/c3c56b78-5cd6-40db-a6e2-ff640bfd498d HTTP/1.1\r\n"));
/// # Ok::<(), notify_embedded::InvalidId>(())
/// ```
#[derive(Debug)]
pub struct Query<'q> {
    service: Service<'q>,
    by: By<'q>,
    exchange: Exchange,
    attempts: u8,
    has_healed_clock: bool,
    is_under_way: bool,
    /// The answer to the last request, until the end of its connection was reported.
    answer: Option<Answer>,
}

/// The answer to a [`Query`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The message, and how far it has come.
    Found(Found),
    /// The service knows no such message, or no longer: it keeps messages for a week. For a reference, it is also the
    /// answer as long as the service is still taking the message.
    NotFound,
    /// There was no answer. Connect again after so many seconds, and make the request again.
    TryAgain(u32),
    /// The service refused to answer.
    Refused(Refusal),
}

/// A message as the service knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    id: NotificationId,
    status: Status,
}

impl Found {
    /// Its id.
    pub const fn id(&self) -> NotificationId {
        self.id
    }

    /// How far it has come, in the API's words: `created`, `sending`, `delivered`, `permanent-failure` and so on.
    pub fn status(&self) -> &str {
        self.status.as_str()
    }
}

impl<'q> Query<'q> {
    /// Asks for the message with this id.
    pub const fn get(service: Service<'q>, id: NotificationId) -> Self {
        Self::new(service, By::Id(id))
    }

    /// Asks for a message with this reference, the newest if there are several.
    pub const fn find(service: Service<'q>, reference: &'q Reference) -> Self {
        Self::new(service, By::Reference(reference))
    }

    const fn new(service: Service<'q>, by: By<'q>) -> Self {
        let exchange = Exchange::new();
        Self {
            service,
            by,
            exchange,
            attempts: 0,
            has_healed_clock: false,
            is_under_way: false,
            answer: None,
        }
    }

    /// Writes the request, and returns it. Call this once you are connected, since the token in the request is valid for 30
    /// seconds only. 512 bytes are enough for an id, and 640 for any reference.
    ///
    /// # Errors
    ///
    /// If the buffer is too small, or the service is not [well formed](Service::is_well_formed).
    pub fn request<'b>(
        &mut self,
        signer: &Signer,
        clock: &Clock,
        uptime: u64,
        buffer: &'b mut [u8],
    ) -> Result<&'b [u8], RequestError> {
        if !self.service.is_well_formed() {
            return Err(RequestError::MalformedService);
        }
        let head = RequestHead { service: &self.service, signer, iat: clock.now(uptime) };
        let request = match &self.by {
            By::Id(id) => head.get(*id, buffer),
            By::Reference(reference) => head.find(None, reference, buffer),
        };
        let request = request.ok_or(RequestError::BufferTooSmall)?;
        self.exchange.reset();
        self.attempts = self.attempts.saturating_add(1);
        self.is_under_way = true;
        self.answer = None;
        Ok(request)
    }

    /// Tells the query that you could not connect, or no longer wait for the answer.
    pub fn lost(&mut self) -> Answer {
        self.is_under_way = false;
        self.answer = None;
        self.later(0)
    }

    /// Hands the query a piece of the answer, of any size. Returns the answer once it is over. The query ignores what comes
    /// after that, and what comes before a request.
    ///
    /// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms
    /// the time.
    pub fn received(&mut self, piece: &[u8], clock: &mut Clock, uptime: u64) -> Option<Answer> {
        if !self.is_under_way {
            return None;
        }
        let subject = match &self.by {
            By::Id(_) => Subject::Id,
            By::Reference(reference) => Subject::Reference(reference),
        };
        let is_over = self.exchange.feed(piece, Sought { service: &self.service, subject });
        is_over.then(|| {
            let answer = self.judge(clock, uptime);
            self.answer = Some(answer.clone());
            answer
        })
    }

    /// Tells the query that the connection ended. That may be the end of the answer. If the answer is known already, this
    /// gives it once more.
    pub fn closed(&mut self, clock: &mut Clock, uptime: u64) -> Answer {
        if let Some(answer) = self.answer.take() {
            return answer;
        }
        if self.is_under_way && self.exchange.close() { self.judge(clock, uptime) } else { self.lost() }
    }

    fn later(&self, retry_after: u32) -> Answer {
        let doublings = u32::from(self.attempts.saturating_sub(1)).min(6);
        Answer::TryAgain((SHORTEST_WAIT << doublings).min(LONGEST_WAIT).max(retry_after))
    }

    /// The service accepted the token, so the clock is right. The next request starts anew.
    fn answered(&mut self, clock: &mut Clock, uptime: u64) {
        clock.confirm(uptime);
        (self.attempts, self.has_healed_clock) = (0, false);
    }

    fn judge(&mut self, clock: &mut Clock, uptime: u64) -> Answer {
        self.is_under_way = false;
        let retry_after = self.exchange.retry_after(clock.now(uptime));
        let Some(status) = self.exchange.status() else { return self.later(retry_after) };
        let Some(contents) = self.exchange.contents().filter(|_| !self.exchange.is_kept()) else {
            return self.later(retry_after);
        };
        if status == 200 {
            let answer = match &self.by {
                By::Id(asked) => contents
                    .message()
                    .filter(|(id, _)| id == asked)
                    .map(|(id, status)| Answer::Found(Found { id, status })),
                By::Reference(_) => match contents.page() {
                    Page::Found(id, status) => Some(Answer::Found(Found { id, status })),
                    Page::Empty => Some(Answer::NotFound),
                    _ => None,
                },
            };
            let Some(answer) = answer else { return self.later(retry_after) };
            self.answered(clock, uptime);
            return answer;
        }
        match contents.words(status) {
            Some(words) if words.is_clock => {
                let date = self.exchange.head.date.filter(|_| self.exchange.head.age == Age::None);
                let refusal = Refusal::new(status, Some(words));
                let is_learnt = date
                    .is_some_and(|unix_seconds| clock.adjust(TimeSample { uptime, unix_seconds }).is_ok());
                if is_learnt && !core::mem::replace(&mut self.has_healed_clock, true) {
                    return Answer::TryAgain(0);
                }
                Answer::Refused(refusal)
            }
            Some(_) if status == 404 => {
                self.answered(clock, uptime);
                Answer::NotFound
            }
            Some(words) if status < 500 && !words.is_rate_limit => {
                Answer::Refused(Refusal::new(status, Some(words)))
            }
            _ => self.later(retry_after),
        }
    }
}
