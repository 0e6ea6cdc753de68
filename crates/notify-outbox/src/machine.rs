//! The states of a message, and every transition between them. No I/O and no clock: moments are arguments.
//!
//! ```text
//!                    put
//!                     │
//!                     ▼    claim      ┌─ the service took it ────────────────► Sent
//!         ┌───────► Ready ───► In flight ─ it refused the message ───────────► Failed
//!         │           ▲           │   │                                          ▲
//!         │           └───────────┘   │                                          │
//!         │       certainly not sent  │ nobody knows, or the window is over (F3) │
//!         │                           ▼                                          │
//!         └──── absent (F4) ────── In doubt ─── listed by the service ──► Sent   │
//!                                     │  ▲                                       │
//!                                     └──┘ not clear yet (F5)                    │
//!                                     └─── a person decides (F6) ────────────────┘
//! ```
//!
//! The rules:
//!
//! - **F1** No token is minted for a message after its `leave_by`. To mint one later takes a new claim, which the store
//!   commits first.
//! - **F2** A report counts only if its row, attempt, holder and state still match. Otherwise it has no effect.
//! - **F3** A message whose window is over goes to *in doubt*, and never back to *ready*.
//! - **F4** Lookups alone resolve doubt: found, it was sent; proved absent, it is ready again.
//! - **F5** A lookup that failed, or that cannot tell, proves nothing.
//! - **F6** A message that the service never lists, or may have forgotten, stays in doubt until a person decides.

use std::time::Duration;

use crate::{Holder, Outcome};

/// The longest time for which a message is claimed, in seconds.
pub const LONGEST_WINDOW: u64 = 120;

/// How many seconds after its window a message's answer is still awaited before others look the message up. The wait
/// costs nothing, since proving absence takes longer.
pub(crate) const ANSWER_GRACE: u64 = 40;
/// How many seconds a message is claimed for lookups: long enough for several, even if each of them hangs.
pub(crate) const LOOKUP_WINDOW: u64 = 90;
/// For how many seconds after the last token lookups still count. The services keep messages for seven days by default,
/// and GOV.UK Notify can be set to three.
pub(crate) const LISTED_FOR: u64 = 3 * 24 * 60 * 60 - 60 * 60;
/// Why a person has to decide about messages that are older.
pub(crate) const FORGOTTEN: &str = "the service may have forgotten it by now";

/// A message as its store keeps it, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How many times it was claimed. The number only grows.
    pub attempt: u32,
    /// How far it has come.
    pub state: State,
}

/// How far a message has come. Moments are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// To be sent.
    Ready {
        /// Not before this second.
        not_before: u64,
    },
    /// Being sent.
    InFlight {
        /// The holder of the claim.
        holder: Holder,
        /// No token is minted for it after this second of the service's clock.
        leave_by: u64,
    },
    /// Nobody knows whether the service took it.
    InDoubt {
        /// No token was minted for it after this second of the service's clock.
        sent_by: u64,
        /// Who looks it up.
        reconciler: Reconciler,
    },
    /// The service took it.
    Sent {
        /// The service's id of the message; empty if a person decided without one.
        id: String,
    },
    /// It was not sent, and will not be.
    Failed {
        /// Why, and what to do about it, without personal data.
        reason: String,
    },
}

/// Who looks up a message in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciler {
    /// Any worker, from this second on.
    From(u64),
    /// This holder, until this second.
    Held {
        /// Who.
        holder: Holder,
        /// Until when.
        until: u64,
    },
    /// Nobody: a person decides.
    Person {
        /// Why, without personal data.
        reason: String,
    },
}

/// What a person decides about a message in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It was sent; the service's id if it is known.
    Sent {
        /// The id, if known.
        id: String,
    },
    /// It is sent again. If the service had taken it after all, it is then sent twice.
    SendAgain,
    /// It was not sent, and will not be.
    GiveUp,
}

impl Row {
    /// A message that has just been put.
    pub const fn new() -> Self {
        Self { attempt: 0, state: State::Ready { not_before: 0 } }
    }

    /// The row, claimed for sending for this many seconds, if it is ready. This is committed before any token is minted
    /// (F1).
    #[must_use]
    pub fn claimed(&self, holder: Holder, now: u64, window: Duration) -> Option<Self> {
        match self.state {
            State::Ready { not_before } if not_before <= now => {
                let leave_by = now + window.as_secs().min(LONGEST_WINDOW);
                Some(self.after_claim(State::InFlight { holder, leave_by }))
            }
            _ => None,
        }
    }

    /// The row, claimed for lookups, if it is in doubt and a lookup is due.
    #[must_use]
    pub fn claimed_for_lookup(&self, holder: Holder, now: u64) -> Option<Self> {
        match self.state {
            State::InDoubt { sent_by, reconciler: Reconciler::From(from) } if from <= now => {
                let reconciler = Reconciler::Held { holder, until: now + LOOKUP_WINDOW };
                Some(self.after_claim(State::InDoubt { sent_by, reconciler }))
            }
            _ => None,
        }
    }

    fn after_claim(&self, state: State) -> Self {
        Self { attempt: self.attempt.saturating_add(1), state }
    }

    /// The row after the passing of time has changed it, if it has: its window is over (F3), the holder of its lookup
    /// is gone, or the service may have forgotten the message (F6).
    #[must_use]
    pub fn expired(&self, now: u64) -> Option<Self> {
        let state = match self.state {
            State::InFlight { leave_by, .. } if leave_by + ANSWER_GRACE < now => {
                State::InDoubt { sent_by: leave_by, reconciler: Reconciler::From(now) }
            }
            State::InDoubt { sent_by, reconciler: Reconciler::Held { until, .. } } if until < now => {
                State::InDoubt { sent_by, reconciler: Reconciler::From(now) }
            }
            State::InDoubt { sent_by, reconciler: Reconciler::From(from) }
                if from <= now && sent_by + LISTED_FOR < now =>
            {
                State::InDoubt { sent_by, reconciler: Reconciler::Person { reason: FORGOTTEN.to_owned() } }
            }
            _ => return None,
        };
        Some(Self { attempt: self.attempt, state })
    }

    /// The row after a report. `None` if the report has no effect, because its claim no longer matches the row (F2).
    #[must_use]
    pub fn reported(&self, attempt: u32, reporter: Holder, outcome: &Outcome, now: u64) -> Option<Self> {
        if attempt != self.attempt {
            return None;
        }
        let state = match &self.state {
            State::InFlight { holder, leave_by } if *holder == reporter => sent(outcome, *leave_by, now)?,
            State::InDoubt { sent_by, reconciler: Reconciler::Held { holder, .. } }
                if *holder == reporter =>
            {
                looked_up(outcome, *sent_by, now)?
            }
            _ => return None,
        };
        Some(Self { attempt, state })
    }

    /// The row after a person's decision. `None` if it is not in doubt. The result of a lookup under way is then
    /// ignored.
    #[must_use]
    pub fn decided(&self, decision: &Decision) -> Option<Self> {
        let State::InDoubt { .. } = self.state else { return None };
        let state = match decision {
            Decision::Sent { id } => State::Sent { id: id.clone() },
            Decision::SendAgain => State::Ready { not_before: 0 },
            Decision::GiveUp => State::Failed { reason: "given up by a person".to_owned() },
        };
        Some(self.after_claim(state))
    }

    /// The row after its store may have lost commits, because it was restored from a backup or a replica took over. A
    /// message that reads as ready may have been sent, so it is looked up first.
    #[must_use]
    pub fn doubted(&self, now: u64) -> Option<Self> {
        match self.state {
            // Claims that were lost may still run for the longest window, on a clock that is slightly ahead.
            State::Ready { .. } => Some(self.after_claim(State::InDoubt {
                sent_by: now + 2 * LONGEST_WINDOW,
                reconciler: Reconciler::From(now),
            })),
            _ => None,
        }
    }

    /// The row after its holder is certainly gone. In a file that only one process can open, every earlier holder is
    /// gone.
    #[must_use]
    pub fn abandoned(&self, now: u64) -> Option<Self> {
        let sent_by = match self.state {
            State::InFlight { leave_by, .. } => leave_by,
            State::InDoubt { sent_by, reconciler: Reconciler::Held { .. } } => sent_by,
            _ => return None,
        };
        let state = State::InDoubt { sent_by, reconciler: Reconciler::From(now) };
        Some(Self { attempt: self.attempt, state })
    }

    /// Whether it was sent or has failed, so that its payload is no longer needed.
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, State::Sent { .. } | State::Failed { .. })
    }
}

impl Default for Row {
    fn default() -> Self {
        Self::new()
    }
}

/// The next state of a message in flight.
fn sent(outcome: &Outcome, leave_by: u64, now: u64) -> Option<State> {
    Some(match outcome {
        Outcome::Sent { id } => State::Sent { id: id.clone() },
        Outcome::Failed { reason } => State::Failed { reason: reason.clone() },
        Outcome::NotSent { not_before } => State::Ready { not_before: *not_before },
        Outcome::InDoubt => State::InDoubt { sent_by: leave_by, reconciler: Reconciler::From(now) },
        Outcome::NeedsPerson { reason } => {
            State::InDoubt { sent_by: leave_by, reconciler: Reconciler::Person { reason: reason.clone() } }
        }
        // No lookup took place.
        Outcome::Absent | Outcome::StillInDoubt { .. } => return None,
    })
}

/// The next state of a message in doubt.
fn looked_up(outcome: &Outcome, sent_by: u64, now: u64) -> Option<State> {
    let reconciler = match outcome {
        Outcome::Sent { id } => return Some(State::Sent { id: id.clone() }),
        Outcome::Absent if sent_by + LISTED_FOR >= now => return Some(State::Ready { not_before: 0 }),
        Outcome::Absent => Reconciler::Person { reason: FORGOTTEN.to_owned() },
        Outcome::StillInDoubt { look_at } => Reconciler::From(*look_at),
        Outcome::InDoubt => Reconciler::From(now),
        Outcome::NeedsPerson { reason } => Reconciler::Person { reason: reason.clone() },
        // A lookup cannot tell that a message was not sent, or was refused.
        Outcome::NotSent { .. } | Outcome::Failed { .. } => return None,
    };
    Some(State::InDoubt { sent_by, reconciler })
}
