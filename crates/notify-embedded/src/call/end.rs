//! How a call ended, which it says again whenever it is asked.

use super::{Call, Phase};
use crate::id::NotificationId;
use crate::outcome::{Outcome, Refusal};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Accepted(NotificationId),
    /// As the answer says, which is still there.
    Refused,
    Unknown,
}

impl Call<'_> {
    /// The outcome of a call that ended like this.
    pub(super) fn ended(&self, end: End) -> Outcome {
        match end {
            End::Accepted(id) => Outcome::Accepted(id),
            End::Refused => {
                let status = self.exchange.head.status;
                let words = self.exchange.contents().and_then(|contents| contents.words(status));
                Outcome::Refused(Refusal::new(status, words))
            }
            End::Unknown => {
                Outcome::Unknown { reference: self.identity.reference.clone(), look_up_after: None }
            }
        }
    }

    /// The call is over.
    pub(super) fn end(&mut self, end: End) -> Outcome {
        self.phase = Phase::Over(end);
        self.ended(end)
    }
}
