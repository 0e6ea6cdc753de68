//! What goes wrong.

use fastrand::Rng;

/// The service commits a message within this time after the request arrived, or not at all.
pub(super) const SERVICE_LIMIT: f64 = 30.0;
/// How long after a connection ended its bytes may still arrive.
const ORPHANED: f64 = 55.0;

/// What goes wrong with a request. Times are in seconds; where it says whether a message is taken, `None` is no.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    NotConnected,
    /// The connection is cut. The request was whole at the service `received` later, and the message taken so long after.
    Cut {
        received: Option<f64>,
        taken: Option<f64>,
    },
    /// The connection is cut. The request is whole in the last moment in which the machine of the service whose clock is
    /// furthest behind takes its token, and the message is taken in the last of its 30 seconds.
    LastMoment,
    /// The answer is cut in the middle, after the request had its effect.
    CutAnswer,
    /// Nothing comes back for half a minute; taken or not.
    Hangs(bool),
    /// Answered with this status in the service's words, and taken or not.
    Answers(u16, bool),
    /// Answered with this status in a gateway's words, and taken or not.
    Gateway(u16, bool),
    /// Answered with success and about another message, and taken or not.
    MixedUp(bool),
    /// A lookup is answered with what a cache kept from so many seconds ago; it says so, or its date does.
    Kept(f64, bool),
    RateLimited,
    /// Refused, because the messages of the day are used up.
    UsedUp,
    /// Not taken, answered with this status, and asked to come back after so many seconds.
    Postponed(u16, u64),
}

impl Fault {
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let is_taken = rng.bool();
        let commit = if rng.u8(0..4) == 0 { SERVICE_LIMIT } else { rng.f64() * SERVICE_LIMIT };
        let taken = is_taken.then_some(commit);
        match rng.u8(0..22) {
            0..=4 => Self::None,
            5 => Self::NotConnected,
            6 => Self::Cut { received: Some(0.0), taken: is_taken.then_some(0.0) },
            7 => Self::Cut { received: Some(0.0), taken },
            8 | 9 => Self::Cut { received: Some(rng.f64() * ORPHANED), taken },
            10 | 11 => Self::CutAnswer,
            12 => Self::RateLimited,
            13 if rng.u8(0..4) == 0 => Self::UsedUp,
            14 => Self::Gateway(*rng.choice(&[303, 403, 408, 429, 502, 504]).unwrap(), is_taken),
            15 => Self::MixedUp(is_taken),
            16 => Self::Hangs(is_taken),
            17 => Self::Kept(rng.f64() * 100.0, rng.bool()),
            18 => Self::Postponed(*rng.choice(&[429, 503]).unwrap(), rng.u64(0..100)),
            19 => Self::LastMoment,
            _ => Self::Answers(*rng.choice(&[500, 502, 503, 504, 101, 600]).unwrap(), is_taken),
        }
    }
}
