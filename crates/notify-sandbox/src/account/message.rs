//! A message that was accepted.

mod extras;
mod view;

pub(crate) use extras::{Extras, MessageCallback};

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::account::status::{Journey, Status};
use crate::account::template::Template;
use crate::python::json::Value;
use crate::render::content::{html, sms};
use crate::render::pdf;
use crate::time::Timestamp;
use crate::world::{KeyType, MessageType};

/// How many messages were ever made, in all sandboxes of this process.
static MADE: AtomicU64 = AtomicU64::new(0);

/// A message. Only its status changes, usually by itself as time passes.
pub(crate) struct Message {
    pub(crate) id: Uuid,
    /// Its place among the messages of all services, greater than that of any earlier message.
    pub(crate) number: u64,
    pub(crate) key_type: KeyType,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) template: Arc<Template>,
    pub(crate) body: Box<str>,
    pub(crate) subject: Option<Box<str>>,
    pub(crate) created_at: Timestamp,
    pub(crate) details: Details,
    pub(crate) journey: Journey,
    /// Kept separately, since most messages have none, and there may be a million.
    extras: Option<Box<Extras>>,
    /// The status that a test has set, and when.
    set: Mutex<Option<(Status, Timestamp)>>,
    /// The number of sheets of a letter. It is counted on first use, since the letter has to be drawn for it.
    sheets: OnceLock<u32>,
}

/// What only messages of one type have.
pub(crate) enum Details {
    Sms { phone_number: Box<str>, fragments: usize, rate_multiplier: u32 },
    Email { email_address: Box<str>, one_click_unsubscribe_url: Option<Box<str>> },
    Letter { lines: Box<[Value; 7]>, postage: Box<str>, pdf: Box<Pdf> },
}

impl Details {
    /// A text message of a service whose answers do not mention fragments. They are counted as a phone network counts
    /// them, with the service's prefix.
    pub(crate) fn sms(phone_number: impl Into<Box<str>>, body: &str, prefix: Option<&str>) -> Self {
        let fragments = sms::fragments_of(body, prefix);
        Self::Sms { phone_number: phone_number.into(), fragments, rate_multiplier: 1 }
    }
}

/// What a letter's PDF is made from.
pub(crate) enum Pdf {
    /// The address and the content, which the sandbox lays out.
    Rendered { address: Box<str>, contact_block: Box<str> },
    /// The bytes that were sent.
    Supplied(Box<[u8]>),
}

/// The status of a message at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MessageState {
    pub(crate) status: Status,
    pub(crate) sent_at: Option<Timestamp>,
    pub(crate) updated_at: Timestamp,
}

/// The current time, and how fast messages move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) now: Timestamp,
    /// How long a message stays in each status.
    pub(crate) step: Duration,
}

/// What a new message is made of.
pub(crate) struct Draft {
    pub(crate) key_type: KeyType,
    pub(crate) reference: Option<String>,
    pub(crate) template: Arc<Template>,
    pub(crate) body: String,
    pub(crate) subject: Option<String>,
    pub(crate) details: Details,
    pub(crate) journey: Journey,
    pub(crate) extras: Extras,
}

impl Message {
    pub(crate) fn new(id: Uuid, draft: Draft, created_at: Timestamp) -> Self {
        Self {
            id,
            number: MADE.fetch_add(1, Ordering::Relaxed),
            key_type: draft.key_type,
            reference: draft.reference.map(Into::into),
            template: draft.template,
            body: draft.body.into(),
            subject: draft.subject.map(Into::into),
            created_at,
            details: draft.details,
            journey: draft.journey,
            extras: (!draft.extras.is_empty()).then(|| Box::new(draft.extras)),
            set: Mutex::new(None),
            sheets: OnceLock::new(),
        }
    }

    /// What only some services know about it.
    pub(crate) fn extras(&self) -> &Extras {
        static NONE: LazyLock<Extras> = LazyLock::new(Extras::default);
        self.extras.as_deref().unwrap_or(&NONE)
    }

    pub(crate) fn message_type(&self) -> MessageType {
        match self.details {
            Details::Sms { .. } => MessageType::Sms,
            Details::Email { .. } => MessageType::Email,
            Details::Letter { .. } => MessageType::Letter,
        }
    }

    /// The recipient as the sender wrote it, without invisible white space. A letter has address lines instead.
    pub(crate) fn recipient(&self) -> Option<&str> {
        match &self.details {
            Details::Sms { phone_number, .. } => Some(phone_number),
            Details::Email { email_address, .. } => Some(email_address),
            Details::Letter { .. } => None,
        }
    }

    /// When the message reaches its final status, unless a test sets one.
    pub(crate) fn final_status_at(&self, step: Duration) -> Timestamp {
        self.created_at + step.saturating_mul(u32::try_from(self.journey.length()).unwrap_or(u32::MAX))
    }

    /// The status that a test has set. Without one, it still changes by itself.
    pub(crate) fn status_set(&self) -> Option<Status> {
        self.set().map(|(status, _)| status)
    }

    /// Sets the status, and returns the previous one. From then on it no longer changes by itself.
    pub(crate) fn set_status(&self, status: Status, now: Timestamp) -> Option<Status> {
        self.set().replace((status, now)).map(|(before, _)| before)
    }

    fn set(&self) -> MutexGuard<'_, Option<(Status, Timestamp)>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many steps of its journey the message has taken, by its age alone.
    pub(crate) fn steps(&self, timing: Timing) -> usize {
        steps(self.created_at, timing.now, timing.step)
    }

    pub(crate) fn state(&self, timing: Timing) -> MessageState {
        let set = *self.set();
        // A status that a test sets ends the journey.
        let now = set.map_or(timing.now, |(_, when)| when);
        let step = |steps: usize| {
            self.created_at + timing.step.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
        };
        let steps = steps(self.created_at, now, timing.step);
        let sent_at = self.journey.handed_over().filter(|handed_over| *handed_over <= steps).map(step);
        let (status, updated_at) =
            set.unwrap_or_else(|| (self.journey.after(steps), step(self.journey.last_change(steps))));
        MessageState { status, sent_at, updated_at }
    }

    /// When the status changes next by itself, unless the clock is set back.
    pub(crate) fn next_change(&self, timing: Timing) -> Option<Timestamp> {
        let steps = self.steps(timing);
        let status = self.journey.after(steps);
        let next = (steps..=self.journey.length()).find(|next| self.journey.after(*next) != status)?;
        let span = timing.step.saturating_mul(u32::try_from(next).unwrap_or(u32::MAX));
        self.status_set().is_none().then(|| self.created_at + span)
    }

    /// Whether the PDF of a letter is ready: one step after the letter was accepted, whatever status a test has set.
    pub(crate) fn has_pdf(&self, timing: Timing) -> bool {
        self.steps(timing) >= 1
    }

    /// A letter's PDF.
    pub(crate) fn pdf(&self) -> Option<Cow<'_, [u8]>> {
        let Details::Letter { pdf, .. } = &self.details else { return None };
        Some(match &**pdf {
            Pdf::Supplied(bytes) => Cow::Borrowed(bytes),
            Pdf::Rendered { address, contact_block } => Cow::Owned(pdf::draw(&pdf::Letter {
                contact_block,
                address,
                date: self.created_at,
                // A letter's subject is kept as HTML.
                subject: &html::unescape(self.subject.as_deref().unwrap_or_default()),
                body: &self.body,
            })),
        })
    }
}

/// How many whole steps have passed.
fn steps(created_at: Timestamp, now: Timestamp, step: Duration) -> usize {
    let elapsed = u128::try_from(now.unix_micros().saturating_sub(created_at.unix_micros())).unwrap_or(0);
    elapsed
        .checked_div(step.as_micros())
        .map_or(usize::MAX, |steps| usize::try_from(steps).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(100);

    fn text(journey: Journey) -> Message {
        let details = Details::Sms { phone_number: "07700900001".into(), fragments: 3, rate_multiplier: 1 };
        let draft = Draft {
            key_type: KeyType::Test,
            reference: None,
            template: Arc::new(Template::precompiled(Uuid::nil())),
            body: "Hello".to_owned(),
            subject: None,
            details,
            journey,
            extras: Extras::default(),
        };
        Message::new(Uuid::nil(), draft, Timestamp::from_unix_seconds(0))
    }

    fn after(millis: u64) -> Timing {
        Timing { now: Timestamp::from_unix_seconds(0) + Duration::from_millis(millis), step: STEP }
    }

    #[test]
    fn messages_move_with_the_clock_alone() {
        let message = text(Journey::DELIVERED);
        let status = |millis| message.state(after(millis)).status;
        assert_eq!(
            [status(0), status(99), status(100), status(200)],
            [Status::Created, Status::Created, Status::Sending, Status::Delivered]
        );
        let state = message.state(after(10_000));
        assert_eq!(state.sent_at, Some(after(100).now));
        assert_eq!(state.updated_at, after(200).now);
        assert_eq!(status(0), Status::Created, "a clock that was set back takes the message with it");
    }

    #[test]
    fn a_state_that_was_set_stays() {
        let message = text(Journey::DELIVERED);
        message.set_status(Status::Pending, after(150).now);
        let state = message.state(after(10_000));
        assert_eq!(
            state,
            MessageState {
                status: Status::Pending,
                sent_at: Some(after(100).now),
                updated_at: after(150).now
            }
        );
    }

    #[test]
    fn the_next_change_is_known_until_the_status_stays() {
        let message = text(Journey::DELIVERED);
        let next = |millis| message.next_change(after(millis));
        assert_eq!([next(0), next(99), next(100)], [100, 100, 200].map(|millis| Some(after(millis).now)));
        assert_eq!(next(200), None);
        message.set_status(Status::Pending, after(50).now);
        assert_eq!(next(60), None);
    }

    #[test]
    fn costs_come_with_the_provider_and_with_a_test_key_when_it_reports() {
        let message = text(Journey::DELIVERED);
        let cost =
            |millis| serde_json::to_value(message.view("", after(millis))).unwrap()["cost_in_pounds"].clone();
        assert_eq!(cost(0), serde_json::Value::Null);
        assert_eq!(cost(100), 0.0);
        // What Python makes of three times 0.024.
        assert_eq!(cost(200).to_string(), "0.07200000000000001");
        let message = text(Journey::SENT);
        let view = serde_json::to_value(message.view("", after(300))).unwrap();
        assert_eq!((&view["status"], &view["cost_in_pounds"]), (&"sent".into(), &0.0.into()));
        assert_eq!(view["cost_details"]["billable_sms_fragments"], 0);
    }
}
