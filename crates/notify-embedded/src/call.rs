//! The machine that sends a message.
//!
//! ```text
//! Ready ──► Sending ─┬─ 2xx, about this very message ─────────────► Accepted, over
//!   ▲                ├─ refused in the service's own words ───────► Refused, over
//!   │                ├─ the clock refusal, once; the rate limit ──► TryAgain ─► Ready
//!   │                └─ anything else ────────────────────────────► Unknown ──► InDoubt, or over
//!   │
//!   └─ absent ── LookingUp ─┬─ listed ────────────────────────────► Accepted, over
//!                   ▲       └─ not clear yet ─────────────────────► Unknown ──┐
//!                InDoubt ◄────────────────────────────────────────────────────┘
//! ```

mod end;
mod reconcile;
mod sent;

use end::End;
use notify_jwt::{Clock, Signer};

use crate::answer::{Sought, Subject};
use crate::exchange::Exchange;
use crate::in_doubt::InDoubt;
use crate::message::{Identity, Message};
use crate::outcome::{Outcome, RequestError};
use crate::recipient::is_smoke_test;
use crate::request::RequestHead;
use crate::service::Service;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The next request sends the message.
    Ready,
    Sending,
    /// The next request looks the message up.
    InDoubt,
    LookingUp,
    Over(End),
}

/// One message on its way: it writes the requests, reads the answers, and knows what they mean.
///
/// It does no I/O. Connect, have it write a [request](Self::request), send that, and tell it what came back: bytes
/// ([`received`](Self::received)), the end of the connection ([`closed`](Self::closed)), or nothing
/// ([`timed_out`](Self::timed_out)). Each request has its own connection, and each answer ends in an [`Outcome`].
///
/// It never sends a message again unless the service certainly did not take it. So a program can follow it blindly:
///
/// ```
/// # use notify_embedded::*;
/// # use notify_jwt::{ApiKey, Clock, Signer};
/// # struct Socket(&'static [u8]);
/// # impl Socket {
/// #     fn connect(_: &str) -> Option<Self> { Some(Self(
/// #         b"HTTP/1.1 201 CREATED\r\nContent-Length: 99\r\n\r\n{\"id\":\"c3c56b78-5cd6-40db-a6e2-ff640bfd498d\",\
/// #           \"template\":{\"id\":\"740e58343a2946b49a6f16142fde533a\"}}  ")) }
/// #     fn write(&mut self, _: &[u8]) -> bool { true }
/// #     fn read(&mut self, piece: &mut [u8]) -> Option<usize> { let n = self.0.len().min(piece.len()); piece[..n].copy_from_slice(&self.0[..n]); self.0 = &self.0[n..]; Some(n) }
/// # }
/// # fn uptime() -> u64 { 7 }
/// # fn sleep(_: u32) {}
/// # let key = ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137").unwrap();
/// # let (signer, mut clock) = (Signer::new(&key), Clock::starting_at(1_795_430_454));
/// # let template = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
/// let service = Service::gov_uk();
/// let message = Message::sms(template, "+447900900123");
/// let mut call = Call::new(service, message);
/// let mut buffer = [0; 1024];
/// let outcome = loop {
///     let outcome = match Socket::connect(service.host()) {
///         None => call.not_connected(&clock, uptime()),
///         Some(mut socket) => {
///             let request = call.request(&signer, &clock, uptime(), &mut buffer).unwrap();
///             if socket.write(request) {
///                 let mut piece = [0; 128];
///                 loop {
///                     match socket.read(&mut piece) {
///                         None => break call.timed_out(&clock, uptime()),
///                         Some(0) => break call.closed(&mut clock, uptime()),
///                         Some(length) => {
///                             if let Some(outcome) = call.received(&piece[..length], &mut clock, uptime()) {
///                                 break outcome;
///                             }
///                         }
///                     }
///                 }
///             } else {
///                 call.closed(&mut clock, uptime())
///             }
///         }
///     };
///     match outcome {
///         Outcome::TryAgain(seconds) | Outcome::Unknown { look_up_after: Some(seconds), .. } => sleep(seconds),
///         outcome => break outcome,
///     }
/// };
/// assert!(matches!(outcome, Outcome::Accepted(_)));
/// ```
///
/// How often to try, and when to give up, is up to the program. A program that gives up after `Unknown` must not send
/// the message again.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact")]
pub struct Call<'m> {
    service: Service<'m>,
    /// The message, unless it was sent before a reset.
    message: Option<Message<'m>>,
    identity: Identity,
    /// Whether the service lists the message if it took it.
    is_listed: bool,
    phase: Phase,
    exchange: Exchange,
    /// The `iat` of the last token that was sent with the message.
    sent_iat: u64,
    /// The `iat` of the token of the request that is under way, and whether it is later than the clock shows.
    iat: u64,
    is_signed_ahead: bool,
    /// The uptime when that request left.
    left_at: u64,
    attempts: u8,
    lookups: u8,
    has_healed_clock: bool,
    /// Whether the service refused the last lookup because its token was signed ahead.
    was_refused: bool,
    /// The uptime when the first empty lookup that counts was answered.
    empty_at: Option<u64>,
    /// Whether something that may be the message was listed. Then nothing proves it absent.
    is_unclear: bool,
    /// The message may not be sent again before this uptime.
    not_before: u64,
}

impl<'m> Call<'m> {
    /// A call that sends this message.
    pub fn new(service: Service<'m>, message: Message<'m>) -> Self {
        let is_listed = !is_smoke_test(message.recipient(), &service);
        Self::of(service, Some(message), message.identity(), is_listed)
    }

    /// A call that finds out what became of a message that was in doubt when the device was reset. It looks the message up
    /// and sends nothing. If it ends in [`Outcome::TryAgain`], the service did not take the message: make a new call to send
    /// it.
    ///
    /// `None` if no lookup can reconcile it: the message has no reference of its own, or went to a recipient for smoke tests.
    pub fn resume(service: Service<'m>, in_doubt: &InDoubt) -> Option<Self> {
        let mut call = Self::of(service, None, in_doubt.identity.clone(), in_doubt.is_listed);
        call.sent_iat = in_doubt.iat;
        call.phase = Phase::InDoubt;
        call.can_be_looked_up().then_some(call)
    }

    fn of(service: Service<'m>, message: Option<Message<'m>>, identity: Identity, is_listed: bool) -> Self {
        Self {
            service,
            message,
            identity,
            is_listed,
            phase: Phase::Ready,
            exchange: Exchange::new(),
            sent_iat: 0,
            iat: 0,
            is_signed_ahead: false,
            left_at: 0,
            attempts: 0,
            lookups: 0,
            has_healed_clock: false,
            was_refused: false,
            empty_at: None,
            is_unclear: false,
            not_before: 0,
        }
    }

    /// Writes the next request, head and body, and returns it. The request sends the message, or looks it up.
    ///
    /// Call this once you are connected, since the token in the request is valid for 30 seconds only. If you keep a
    /// [`Journal`](crate::Journal), write its record before the first byte of the request leaves. A buffer of 1,024 bytes is
    /// enough for a message whose recipient, names and values together have 300 bytes.
    ///
    /// `uptime` is in whole seconds since the device started, here and below.
    ///
    /// The buffer then holds a token. Overwrite it if others can read your memory within that half minute.
    ///
    /// # Errors
    ///
    /// If the buffer is too small, the call is over, or the service is not [well formed](Service::is_well_formed). The call
    /// is then as it was before.
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
        // A program that continues without reporting the outcome of a request cannot know it.
        if self.phase == Phase::Sending {
            self.in_doubt(0, clock, uptime);
        }
        let believed = clock.now(uptime);
        let is_send = match self.phase {
            Phase::Ready => true,
            Phase::InDoubt | Phase::LookingUp => false,
            Phase::Sending | Phase::Over(_) => return Err(RequestError::Over),
        };
        let iat = if is_send { believed } else { self.lookup_iat(believed) };
        let head = RequestHead { service: &self.service, signer, iat };
        let request = match (&self.message, is_send, &self.identity.reference) {
            (Some(message), true, _) => head.send(message, buffer),
            (_, false, Some(reference)) => head.find(Some(self.identity.kind), reference, buffer),
            _ => return Err(RequestError::Over),
        };
        let request = request.ok_or(RequestError::BufferTooSmall)?;
        self.exchange.reset();
        self.iat = iat;
        self.is_signed_ahead = iat > believed;
        self.left_at = uptime;
        if is_send {
            self.sent_iat = iat;
            self.attempts = self.attempts.saturating_add(1);
            self.phase = Phase::Sending;
        } else {
            self.lookups = self.lookups.saturating_add(1);
            self.phase = Phase::LookingUp;
        }
        Ok(request)
    }

    /// What to keep across a reset while the request is under way that [`request`](Self::request) wrote: `None` if it does
    /// not send the message.
    pub fn under_way(&self) -> Option<InDoubt> {
        (self.phase == Phase::Sending).then(|| InDoubt {
            identity: self.identity.clone(),
            is_listed: self.is_listed,
            iat: self.sent_iat,
        })
    }

    /// Tells the call that you could not connect for the next request. One whose request was already written counts as
    /// [closed](Self::closed): some of it may have arrived. A call that is over says again how it ended.
    pub fn not_connected(&mut self, clock: &Clock, uptime: u64) -> Outcome {
        match self.phase {
            Phase::Ready => {
                self.attempts = self.attempts.saturating_add(1);
                Outcome::TryAgain(self.backoff())
            }
            Phase::Sending | Phase::LookingUp => self.timed_out(clock, uptime),
            Phase::InDoubt => {
                self.lookups = self.lookups.saturating_add(1);
                self.unknown(0, clock, uptime)
            }
            Phase::Over(end) => self.ended(end),
        }
    }

    /// Hands the call a piece of the answer, of any size. Returns what became of the message once the answer is over. The
    /// call ignores what comes after that, and what comes before a request.
    ///
    /// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms
    /// the time.
    pub fn received(&mut self, piece: &[u8], clock: &mut Clock, uptime: u64) -> Option<Outcome> {
        if !matches!(self.phase, Phase::Sending | Phase::LookingUp) {
            return None;
        }
        let sought = Sought { service: &self.service, subject: Subject::Message(&self.identity) };
        self.exchange.feed(piece, sought).then(|| self.judge(clock, uptime))
    }

    /// Tells the call that the connection ended, in whatever way. After the outcome, this changes nothing: a call that is
    /// over says again how it ended.
    pub fn closed(&mut self, clock: &mut Clock, uptime: u64) -> Outcome {
        match self.phase {
            Phase::Sending | Phase::LookingUp => {
                self.exchange.close();
                self.judge(clock, uptime)
            }
            _ => self.not_connected(clock, uptime),
        }
    }

    /// Tells the call that you no longer wait for the answer. Close the connection.
    pub fn timed_out(&mut self, clock: &Clock, uptime: u64) -> Outcome {
        match self.phase {
            Phase::Sending => self.in_doubt(0, clock, uptime),
            Phase::LookingUp => self.unknown(0, clock, uptime),
            _ => self.not_connected(clock, uptime),
        }
    }

    /// The answer is over.
    fn judge(&mut self, clock: &mut Clock, uptime: u64) -> Outcome {
        if self.phase == Phase::Sending { self.sent(clock, uptime) } else { self.looked_up(clock, uptime) }
    }
}
