//! What a device keeps in flash, so that a reset loses and doubles nothing.

mod checksum;
mod content;

use core::fmt;
use core::num::NonZeroUsize;

use notify_jwt::Clock;

use crate::call::Call;
use crate::id::NotificationId;
use crate::in_doubt::InDoubt;
use crate::outcome::Outcome;
use crate::reference::Reference;
use content::{Content, Entry, record};

/// The size of a record, in bytes.
pub const RECORD_LEN: usize = 128;

/// A record, as it is in flash.
pub type Record = [u8; RECORD_LEN];

/// The journal of a device that sends one message at a time: a record before the first byte of a message leaves, and one
/// when its outcome is known.
///
/// ```text
/// request ─► record ─► flash ─► bytes ─► answer ─► outcome ─► record ─► flash
///                    └───── a reset here leaves the message in doubt ─────┘
/// ```
///
/// It neither reads nor writes flash. Give it the records that are there; it gives you the next one. Where to put that is
/// up to you: each record has a number, so two slots in turn will do, or a ring of pages.
///
/// ```
/// use notify_embedded::{Call, Journal, Message, RECORD_LEN, Reference, Service, TemplateId};
/// use notify_jwt::{ApiKey, Clock, Signer};
///
/// # let key = ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137").unwrap();
/// # let signer = Signer::new(&key);
/// const BUILD_TIME: u64 = 1_795_430_454;
/// let mut flash = [[0xff; RECORD_LEN]; 2];
///
/// // After each start: what was under way, and what time it was at least?
/// let mut journal = Journal::read(&flash);
/// let clock = Clock::starting_at(journal.last_confirmed().unwrap_or(BUILD_TIME));
/// assert!(journal.in_doubt().is_none());
///
/// // Before the first byte leaves.
/// # let template = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
/// let reference = Reference::numbered("door-17", 42)?;
/// let message = Message::sms(template, "+447900900123").unique_reference(&reference);
/// let mut call = Call::new(Service::gov_uk(), message);
/// let mut buffer = [0; 1024];
/// call.request(&signer, &clock, 3, &mut buffer).unwrap();
/// if let Some(record) = journal.sending(&call, &clock).unwrap() {
///     flash[journal.slot(2)] = record;
/// }
///
/// // The watchdog bites. After the reset, the message is in doubt, and a lookup reconciles it.
/// let journal = Journal::read(&flash);
/// let in_doubt = journal.in_doubt().unwrap();
/// assert_eq!(in_doubt.reference(), Some(&reference));
/// let call = Call::resume(Service::gov_uk(), in_doubt).unwrap();
/// # Ok::<(), notify_embedded::InvalidReference>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    number: u32,
    last_confirmed: Option<u64>,
    entry: Entry,
    /// Whether the entry is from before the reset.
    is_old: bool,
    is_torn: bool,
}

/// How a message ended, as the journal keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The service took it; this is its id.
    Accepted(NotificationId),
    /// The service refused it.
    Refused,
    /// The service did not take it: send it again if you like.
    NotTaken,
    /// The program gave it up while it was in doubt. Do not send it again.
    GivenUp,
}

impl Journal {
    /// Reads the records that are in flash, in any order. Slots that were erased and never written count as empty.
    pub fn read<'r>(slots: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut journal =
            Self { number: 0, last_confirmed: None, entry: Entry::None, is_old: true, is_torn: false };
        for slot in slots {
            // Erased, and never written.
            let [first, rest @ ..] = slot;
            if matches!(first, 0 | 0xff) && rest.iter().all(|byte| byte == first) {
                continue;
            }
            let Some(content) = Content::read(slot) else {
                journal.is_torn = true;
                continue;
            };
            journal.last_confirmed = journal.last_confirmed.max(Some(content.last_confirmed));
            if content.number > journal.number {
                journal.number = content.number;
                journal.entry = content.entry;
            }
        }
        journal
    }

    /// The message that was under way when the device was reset, if there was one.
    pub fn in_doubt(&self) -> Option<&InDoubt> {
        match &self.entry {
            Entry::InDoubt(in_doubt) => Some(in_doubt),
            _ => None,
        }
    }

    /// How the message with this reference ended, if it is the last one. Ask for it before you send a message after a reset:
    /// the reset may have come after the record, and before you noted that nothing is left to do.
    pub fn ending(&self, reference: &Reference) -> Option<Ending> {
        match &self.entry {
            Entry::Ended(Some(last), ending) if last == reference => Some(*ending),
            _ => None,
        }
    }

    /// The last time that the service confirmed, in seconds since 1970: what to start the [`Clock`] from.
    pub fn last_confirmed(&self) -> Option<u64> {
        self.last_confirmed
    }

    /// Whether a record is damaged. A record that the reset cut short is harmless: either no byte of its message had
    /// left, or the record before still says that the message is in doubt. A record that decayed later is not harmless,
    /// so a device whose flash wears out should report it.
    pub fn is_torn(&self) -> bool {
        self.is_torn
    }

    /// The number of the slot for the latest record, from 0 to `slots` - 1: the slot that was written the longest time ago.
    pub fn slot(&self, slots: usize) -> usize {
        NonZeroUsize::new(slots).map_or(0, |slots| self.number as usize % slots)
    }

    /// The record of the request that the call has just written. Write it to flash before the first byte of that request
    /// leaves. `None` if the request is a lookup, which needs no record.
    ///
    /// # Errors
    ///
    /// If another message is still in doubt, or this one since before the reset: reconcile it first, or
    /// [give it up](Self::give_up).
    pub fn sending(&mut self, call: &Call<'_>, clock: &Clock) -> Result<Option<Record>, StillInDoubt> {
        let Some(under_way) = call.under_way() else { return Ok(None) };
        if self.in_doubt().is_some_and(|in_doubt| self.is_old || in_doubt.identity != under_way.identity) {
            return Err(StillInDoubt(()));
        }
        self.entry = Entry::InDoubt(under_way);
        Ok(Some(self.next(clock)))
    }

    /// The record to write when the outcome is known. After [`Outcome::TryAgain`] it says that the message was not taken,
    /// and after [`Outcome::Unknown`] that you gave it up: nothing looks it up any more. If no message is under way, the
    /// record says what the last one said.
    pub fn finished(&mut self, outcome: &Outcome, clock: &Clock) -> Record {
        let ending = match outcome {
            Outcome::Accepted(id) => Ending::Accepted(*id),
            Outcome::Refused(_) => Ending::Refused,
            Outcome::TryAgain(_) => Ending::NotTaken,
            Outcome::Unknown { .. } => Ending::GivenUp,
        };
        self.ended(ending, clock)
    }

    /// The record to write when you give up a message that is in doubt. Nothing looks it up any more, and it must not be sent
    /// again.
    pub fn give_up(&mut self, clock: &Clock) -> Record {
        self.ended(Ending::GivenUp, clock)
    }

    /// [`finished`](Self::finished), for a program that keeps outcomes in its own form.
    pub fn ended(&mut self, ending: Ending, clock: &Clock) -> Record {
        let reference = match &self.entry {
            Entry::InDoubt(in_doubt) => in_doubt.identity.reference.clone(),
            Entry::None => None,
            // Nothing is under way. If the ending of the last message were lost here, it would be sent again after a reset.
            Entry::Ended(..) => return self.next(clock),
        };
        self.entry = Entry::Ended(reference, ending);
        self.next(clock)
    }

    fn next(&mut self, clock: &Clock) -> Record {
        self.number = self.number.saturating_add(1);
        self.is_old = false;
        let last_confirmed = clock.last_confirmed();
        self.last_confirmed = self.last_confirmed.max(Some(last_confirmed));
        record(self.number, last_confirmed, &self.entry)
    }
}

/// A message is in doubt, and its record would be lost: reconcile it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillInDoubt(());

impl fmt::Display for StillInDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message is still in doubt")
    }
}

impl core::error::Error for StillInDoubt {}
