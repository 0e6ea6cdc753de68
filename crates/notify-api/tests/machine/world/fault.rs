//! What goes wrong with a request.

use fastrand::Rng;

use super::SERVICE_LIMIT;

/// How long after a socket was closed, or its owner died, its bytes may still arrive.
const ORPHANED: f64 = 55.0;

/// What goes wrong with a request. Times are in seconds; where it says whether a message is taken, `None` is no.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    /// No connection.
    NotConnected,
    /// The connection is cut, or the attempt's time is over, `after` it began. The request was whole at the service
    /// `received` after the same moment, which may be later, and the message taken so long after that.
    Cut {
        after: f64,
        received: f64,
        taken: Option<f64>,
    },
    /// The connection is cut `after` it began. The request is whole in the last moment in which the machine of the
    /// service whose clock is furthest behind takes its token, and the message is taken in the last of its 30 seconds.
    LastMoment {
        after: f64,
    },
    /// Answered with this status in the service's words, and taken or not.
    Answers(u16, bool),
    /// Answered with this status in a gateway's words, and taken or not.
    Gateway(u16, bool),
    /// Answered with success and about another message, and taken or not.
    MixedUp(bool),
    /// A lookup is answered from a cache, with a page of this many seconds ago; the cache says so, or not.
    Kept(f64, bool),
    RateLimited,
    /// Refused, because the messages of the day are used up.
    UsedUp,
    /// Not taken, answered with this status, and with a `Retry-After` of this many seconds.
    Postponed(u16, u64),
}

impl Fault {
    /// Cut at once, after the message was taken or before.
    pub(crate) fn cut(is_taken: bool) -> Self {
        Self::Cut { after: 0.1, received: 0.05, taken: is_taken.then_some(0.0) }
    }

    pub(crate) fn any(rng: &mut Rng) -> Self {
        let is_taken = rng.bool();
        // Until the last moment, one time in four.
        let commit = if rng.u8(0..4) == 0 { SERVICE_LIMIT } else { rng.f64() * SERVICE_LIMIT };
        let taken = is_taken.then_some(commit);
        match rng.u8(0..21) {
            0..=3 => Self::None,
            4 => Self::NotConnected,
            5 | 6 => Self::cut(is_taken),
            7 => Self::Cut { after: 0.1, received: 0.1, taken },
            8 => {
                let after = rng.f64() * 35.0;
                Self::Cut { after, received: rng.f64() * after, taken }
            }
            9 => Self::Cut { after: 35.0, received: 0.1, taken },
            10 | 11 => {
                let after = rng.f64() * 35.0;
                Self::Cut { after, received: after + rng.f64() * ORPHANED, taken }
            }
            12 => Self::RateLimited,
            // One in eighty: it ends a call.
            13 if rng.u8(0..4) == 0 => Self::UsedUp,
            14 => Self::Postponed(*rng.choice(&[429, 503]).unwrap(), rng.u64(0..100)),
            15 => Self::Gateway(*rng.choice(&[303, 403, 408, 429, 502, 504]).unwrap(), is_taken),
            16 => Self::MixedUp(is_taken),
            17 | 18 => Self::LastMoment { after: rng.f64() * 35.0 },
            19 => Self::Kept(rng.f64() * 100.0, rng.bool()),
            _ => Self::Answers(*rng.choice(&[500, 502, 503, 504, 101, 600]).unwrap(), is_taken),
        }
    }
}
