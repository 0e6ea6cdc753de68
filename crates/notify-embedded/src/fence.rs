//! The fence: from when on a message that the service does not list was not taken, and never will be
//! (docs/never-twice.md#when-absence-is-proved).

use crate::exchange::Exchange;
use crate::http::Age;

/// How many seconds after the `iat` of a message's token nothing can come of it any more: 31 in which the service takes the
/// token, 30 until it gives up on a request, and 4 by which the clocks of its machines may be apart.
const DONE_AFTER: u64 = 31 + 30 + 4;
/// How many seconds a token may be signed ahead of the service's clock.
const SIGNED_AHEAD: u64 = 30;

/// The fence of one message. All moments are seconds since 1970 by the service's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    /// When a lookup that counts may leave.
    pub(crate) opens_at: u64,
}

impl Fence {
    /// The fence of a message whose last token had this `iat`.
    pub(crate) const fn new(iat: u64) -> Self {
        Self { opens_at: iat.saturating_add(DONE_AFTER) }
    }

    /// The `iat` that a lookup needs in order to count. The service accepts it only when its own clock is at most
    /// [`SIGNED_AHEAD`] before, and then the time is over, whatever any other clock says.
    pub(crate) const fn proving_iat(self) -> u64 {
        self.opens_at.saturating_add(SIGNED_AHEAD)
    }

    /// Whether an accepted lookup, signed for `iat`, was answered after the time was over.
    pub(crate) fn is_over(self, iat: u64, answer: &Exchange) -> bool {
        iat >= self.proving_iat()
            // A cache kept the answer: the service accepted another token.
            && answer.head.age == Age::None
            && answer.head.date.is_none_or(|date| date >= self.opens_at)
    }
}
